package configured

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"bothways/ui/command/usage"
	"bothways/ui/plain"
)

// Host is what the command needs of the program.
type Host struct {
	Stdout *os.File
	// Named is the file that --config names, or "".
	Named  *string
	Getenv func(string) string
	// Root makes all commands anew, to try what a file says on.
	Root func() *cobra.Command
}

// Command is bothways config.
func Command(host Host) *cobra.Command {
	var json bool
	c := &cobra.Command{
		Use:   "config [COMMAND [FLAGS…]]",
		Short: "Show what is in force and why: what the file of settings says, and what comes before it",
		Long: "Shows the file of settings, what it says, and what comes before that: a flag that is typed, then the environment, then the file, then what is built in. " +
			"With the name of a command, and maybe some of its flags, it shows every flag of that command as it would run, console being the one without a name.\n\n" +
			"The file is --config FILE, else $" + Variable + ", else $XDG_CONFIG_HOME/bothways/config.yaml or ~/.config/bothways/config.yaml (on Windows %AppData%\\bothways\\config.yaml), which need not be there. " +
			"Exit code 2: the file is wrong, and every command says where.",
		Example: showExample,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := Load(*host.Named, host.Getenv)
			if err != nil {
				return err
			}
			if err := s.Check(host.Root()); err != nil {
				return err
			}
			out := plain.Text(host.Stdout)
			if json {
				out = plain.JSON(host.Stdout)
			}
			return s.show(out, host.Root(), args)
		},
	}
	c.Flags().SetInterspersed(false)
	c.Flags().BoolVar(&json, "json", false, "write one JSON object a line on stdout, nothing else there")
	c.AddCommand(&cobra.Command{
		Use: "example", Short: "Print a file with every default and what it means, to begin with", Args: usage.NoArguments,
		Example: exampleExample,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := io.WriteString(c.OutOrStdout(), Example(host.Root()))
			return err
		},
	}, &cobra.Command{
		Use: "path", Short: "Print where the file is, or would be", Args: usage.NoArguments,
		Example: "bothways config path",
		RunE: func(c *cobra.Command, _ []string) error {
			path := Path(*host.Named, host.Getenv)
			if path == "" {
				return fmt.Errorf("no folder is known for the file: name one with --config or $%s", Variable)
			}
			_, err := fmt.Fprintln(c.OutOrStdout(), path)
			return err
		},
	})
	return c
}

const (
	showExample = `bothways config

# every flag of the probe as it would run, and why
bothways config probe --preset demo`
	exampleExample = `mkdir -p ~/.config/bothways
bothways config example > ~/.config/bothways/config.yaml`
)

// Bring reads the settings for a command that is about to run, checks them and
// fills its flags. Commands that are about none of it run whatever the usual file says.
func Bring(c *cobra.Command, host Host) (*Settings, error) {
	top := c
	for top.HasParent() && top.Parent().HasParent() {
		top = top.Parent()
	}
	if c.HasParent() && (c.Hidden || len(settable(c)) == 0) || top.Name() == "completion" || strings.HasPrefix(top.Name(), "__") {
		if *host.Named == "" {
			return nil, nil
		}
	}
	s, err := Load(*host.Named, host.Getenv)
	if err != nil || !s.Found {
		return s, err
	}
	if err := s.Check(host.Root()); err != nil {
		return s, err
	}
	return s, s.Fill(c)
}
