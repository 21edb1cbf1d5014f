package help

import (
	"fmt"
	"io"
	"runtime/debug"

	mango "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"

	"bothways/ui/command/usage"
)

// Man is the command that prints the manual page, for who packs the program.
func Man() *cobra.Command {
	return &cobra.Command{
		Use: "man", Short: "Print the manual page", Hidden: true, Args: usage.NoArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			page, err := mango.NewManPage(1, c.Root())
			if err != nil {
				return fmt.Errorf("write the manual page: %w", err)
			}
			_, err = io.WriteString(c.OutOrStdout(), page.Build(roff.NewDocument()))
			return err
		},
	}
}

// Version is the command that prints which bothways this is.
func Version(release string) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version, with the commit it was built from", Args: usage.NoArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			info, _ := debug.ReadBuildInfo()
			_, err := fmt.Fprint(c.OutOrStdout(), Build(release, info))
			return err
		},
	}
}

// Build words a release and what the Go tool recorded of its build; nil: nothing.
func Build(release string, info *debug.BuildInfo) string {
	text := "bothways " + release + "\n"
	if info == nil {
		return text
	}
	said := map[string]string{}
	for _, s := range info.Settings {
		said[s.Key] = s.Value
	}
	if commit := said["vcs.revision"]; commit != "" {
		if said["vcs.modified"] == "true" {
			commit += ", with changes"
		}
		text += "commit   " + commit + "\n"
	}
	if at := said["vcs.time"]; at != "" {
		text += "of       " + at + "\n"
	}
	return text + fmt.Sprintf("built    by %s for %s/%s\n", info.GoVersion, said["GOOS"], said["GOARCH"])
}
