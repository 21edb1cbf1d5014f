package command

import (
	"strings"

	"github.com/spf13/cobra"

	"bothways/aws/audit/athena"
	"bothways/aws/pair"
	"bothways/ui/command/usage"
)

// athenaFlags are how Athena is asked.
type athenaFlags struct {
	workgroup, output, database, tables, side string
	yes                                       bool
}

// athenaNames are the names of those flags.
var athenaNames = []string{"athena", "athena-output", "athena-database", "athena-tables", "athena-side", "yes"}

func (f *athenaFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.workgroup, "athena", "", "with --inventory: have this workgroup of Amazon Athena compare the lists in place of this computer; what it costs at most is said first")
	c.Flags().StringVar(&f.output, "athena-output", "", "where Athena puts its answers, as s3://BUCKET/PREFIX/ (default: as the workgroup says)")
	c.Flags().StringVar(&f.database, "athena-database", "", "the database for the tables that are made and dropped again (default: Athena's own, default)")
	c.Flags().StringVar(&f.tables, "athena-tables", "", "tables over the two inventories that are there, side A's first, as DATABASE.TABLE,DATABASE.TABLE, with the partition dt (default: tables are made and dropped again)")
	c.Flags().StringVar(&f.side, "athena-side", "a", "in whose region, and with whose credentials, Athena is asked: a or b")
	usage.Completes(c, "athena-side", []string{"a", "b"})
	c.Flags().BoolVar(&f.yes, "yes", false, "have Athena asked whatever it costs")
}

// asking reads the flags; nil: Athena is not asked.
func (f *athenaFlags) asking(inventory, resumes bool) (*athena.Asking, error) {
	if f.workgroup == "" {
		for flag, value := range map[string]string{"--athena-output": f.output, "--athena-database": f.database, "--athena-tables": f.tables} {
			if value != "" {
				return nil, usage.Wrong("%s is for --athena: name a workgroup of Athena, too", flag)
			}
		}
		return nil, nil
	}
	if !inventory && !resumes {
		return nil, usage.Wrong("--athena compares lists of S3 Inventory: say --inventory, too")
	}
	asking := &athena.Asking{Workgroup: f.workgroup, Output: f.output, Database: f.database}
	switch strings.ToLower(f.side) {
	case "a":
		asking.Side = pair.A
	case "b":
		asking.Side = pair.B
	default:
		return nil, usage.Wrong("--athena-side %q: give a or b", f.side)
	}
	if f.tables != "" {
		names := strings.Split(f.tables, ",")
		if len(names) != 2 {
			return nil, usage.Wrong("--athena-tables %q: give two tables with a comma between them, side A's first", f.tables)
		}
		asking.A, asking.B = strings.TrimSpace(names[0]), strings.TrimSpace(names[1])
	}
	if err := asking.Check(); err != nil {
		return nil, usage.Wrong("--athena: %w", err)
	}
	return asking, nil
}
