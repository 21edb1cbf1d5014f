package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"bothways/aws/account"
	"bothways/aws/audit/inventory"
	"bothways/aws/audit/inventory/configure"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/ui/command/usage"
	"bothways/ui/plain"
)

// inventoryFlags are those that only inventory has.
type inventoryFlags struct {
	bucketA, bucketB, format string
	undo, yes                bool
}

func (a *app) inventoryCommand() *cobra.Command {
	var f inventoryFlags
	c := &cobra.Command{
		Use:   "inventory --a REGION/BUCKET --b REGION/BUCKET --yes",
		Short: "Have S3 deliver a list of each side every day, for bothways audit --inventory",
		Long: "Plans a configuration of S3 Inventory on each side that has none that serves an audit: all versions, daily, with what an audit needs. " +
			"Its lists go to a bucket that is made in the side's region, or to one of yours, whose policy gets one statement more. " +
			"The first list comes within 48 hours; then bothways audit --inventory compares both. S3 takes 0.0025 USD for a million versions listed, every day.\n\n" +
			"--undo takes away exactly what this made, and so does bothways destroy. Lists that were delivered stay, and are named.",
		Example: inventoryExample,
		Args:    usage.NoArguments,
		RunE:    func(c *cobra.Command, _ []string) error { return a.inventory(c.Context(), f) },
	}
	a.pairFlags(c, everyPair)
	c.Flags().StringVar(&f.bucketA, "list-bucket-a", "", "a bucket of yours in side A's region for its lists (default: one is made)")
	c.Flags().StringVar(&f.bucketB, "list-bucket-b", "", "the same in side B's region")
	c.Flags().StringVar(&f.format, "format", "parquet", "of the lists: parquet, which Athena reads less of, or csv")
	usage.Completes(c, "format", []string{"parquet", "csv"})
	c.Flags().BoolVar(&f.undo, "undo", false, "take away what this command made; lists that were delivered stay")
	c.Flags().BoolVar(&f.yes, "yes", false, "run the plan without asking")
	return c
}

const inventoryExample = `bothways inventory --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --yes

# up to two days later
bothways audit --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --inventory`

// asked reads the flags.
func (f inventoryFlags) asked(p pair.Pair) (configure.Asked, error) {
	asked := configure.Asked{Buckets: map[pair.SideName]string{pair.A: f.bucketA, pair.B: f.bucketB}, Prefix: p.Options.Prefix}
	for flag, name := range map[string]string{"--list-bucket-a": f.bucketA, "--list-bucket-b": f.bucketB} {
		if name == "" {
			continue
		}
		if err := pair.CheckBucketName(name); err != nil {
			return asked, usage.Wrong("%s: %w", flag, err)
		}
	}
	if f.bucketA != "" && f.bucketA == f.bucketB {
		return asked, usage.Wrong("--list-bucket-a and --list-bucket-b %q: give two buckets, one for each side's lists", f.bucketA)
	}
	switch strings.ToLower(f.format) {
	case "parquet":
		asked.Format = inventory.Parquet
	case "csv":
		asked.Format = inventory.CSV
	default:
		return asked, usage.Wrong("--format %q: give parquet or csv", f.format)
	}
	return asked, nil
}

func (a *app) inventory(ctx context.Context, f inventoryFlags) error {
	p, err := a.pair()
	if err != nil {
		return err
	}
	asked, err := f.asked(p)
	if err != nil {
		return err
	}
	access, closer, err := a.reach(ctx)
	if err != nil {
		return err
	}
	defer closer()
	if f.undo {
		undo, err := a.session.UndoInventory(ctx, access, p, asked.Buckets)
		if err != nil {
			return err
		}
		return a.undoInventory(ctx, access, undo, f)
	}
	planned, err := a.session.Inventory(ctx, access, p, asked)
	if err != nil {
		return err
	}
	if err := a.runInventory(ctx, access, planned, f.yes); err != nil {
		return err
	}
	a.hint("When a list of each side has come, within 48 hours of now or of when these inventories were made: " + a.line("audit", p) + " --inventory")
	return nil
}

// undoInventory says what is not known, and claims no more than was looked at.
func (a *app) undoInventory(ctx context.Context, access account.Access, undo plan.Plan, f inventoryFlags) error {
	if len(undo.Steps) > 0 {
		if err := a.runInventory(ctx, access, undo, f.yes); err != nil {
			return err
		}
		for _, finding := range undo.Findings {
			a.hint(plain.Finding(finding))
		}
		return nil
	}
	if len(undo.Findings) > 0 {
		out := a.newOutput()
		out.lines.Findings(undo)
		if err := out.finish(ctx, nil); err != nil {
			return err
		}
		a.hint("Nothing was found to take away, but for what is named above.")
		return nil
	}
	left := "Nothing is left that bothways inventory made for this pair."
	if f.bucketA == "" || f.bucketB == "" {
		left += " A bucket of yours that was given for lists is known by the inventory alone: if that was removed by other means, give the bucket again (--list-bucket-a, --list-bucket-b)."
	}
	a.hint(left)
	return nil
}

func (a *app) runInventory(ctx context.Context, access account.Access, planned plan.Plan, yes bool) error {
	out := a.newOutput()
	blocked := len(planned.Blocked()) > 0
	if !yes || blocked || len(planned.Steps) == 0 {
		out.lines.Plan(planned)
		if err := out.finish(ctx, nil); err != nil {
			return err
		}
	}
	switch {
	case blocked:
		return usage.End(usage.Failed, nil)
	case len(planned.Steps) == 0:
		return nil
	case !yes:
		return usage.Wrong("nothing was changed: say --yes to run this plan")
	}
	running, stop := out.watched(ctx)
	defer stop()
	return out.finish(ctx, a.session.ApplyInventory(running, access, planned, out.emit))
}
