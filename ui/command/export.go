package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"bothways/aws/account"
	"bothways/aws/export"
	"bothways/aws/session"
	"bothways/ui/command/usage"
)

func (a *app) exportCommand() *cobra.Command {
	var format, folder string
	c := &cobra.Command{
		Use:     "export --a REGION/BUCKET --b REGION/BUCKET --format FORMAT",
		Short:   "Write the pair for Terraform, CloudFormation or the AWS CLI, or the IAM policy to run it with; reads only",
		Example: exportExample,
		Args:    usage.NoArguments,
		RunE: func(c *cobra.Command, args []string) error {
			wanted, err := export.ParseFormat(format)
			if err != nil {
				return usage.Wrong("--format: %w", err)
			}
			return a.surveyed(func(_ context.Context, found session.Plans, _ account.Access) error {
				files, err := export.Files(wanted, found.SetUp)
				if err != nil {
					return err
				}
				return a.writeFiles(files, folder)
			})(c, args)
		},
	}
	a.pairFlags(c, setUps)
	for _, common := range []string{"json", "plain"} { // files have one form only
		c.Flags().Lookup(common).Hidden = true
	}
	c.Flags().StringVar(&format, "format", "", usage.OneOf(export.Formats()))
	usage.Completes(c, "format", export.Formats())
	c.Flags().StringVar(&folder, "out", "", "write the files into this folder instead of to stdout; a file that is there is not overwritten")
	return c
}

// writeFiles writes an export to stdout, or into a folder.
func (a *app) writeFiles(files []export.File, folder string) error {
	if folder == "" {
		for i, file := range files {
			text := file.Content
			if i > 0 && filepath.Ext(file.Name) == ".yaml" {
				text = "---\n" + text // a stream of YAML documents; one of JSON needs no mark
			}
			if _, err := a.process.Stdout.WriteString(text); err != nil {
				return fmt.Errorf("write to stdout: %w", err)
			}
		}
		return nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // what is exported is no secret
		return fmt.Errorf("make the folder %s: %w", folder, err)
	}
	for _, file := range files {
		path := filepath.Join(folder, file.Name)
		out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // the same
		if err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
		_, err = out.WriteString(file.Content)
		if closing := out.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
		a.hint("wrote " + path)
	}
	return nil
}

const exportExample = `bothways export --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --format terraform --out pair

# the policy for whoever is to run bothways
bothways export --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --format policy`
