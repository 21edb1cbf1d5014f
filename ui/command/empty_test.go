package command

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"bothways/ui/command/usage"
)

// everyCommand calls do with each command of a program of its own, and how to run
// it with arguments: what comes of it is wrong usage, nil, or that it began.
func everyCommand(t *testing.T, do func(c *cobra.Command, run func(args ...string) error)) {
	t.Helper()
	began := errors.New("it began")
	for _, c := range withRooms((&app{}).root()) {
		do(c, func(args ...string) error {
			root := (&app{}).root()
			root.SilenceErrors, root.SilenceUsage = true, true
			for _, each := range withRooms(root) {
				each.RunE = func(*cobra.Command, []string) error { return began }
			}
			path := strings.Fields(c.CommandPath())[1:] // without the program's name
			args = append(path, args...)
			root.SetArgs(args)
			return root.ExecuteContext(context.Background())
		})
	}
}

// A variable that is not set makes a flag with an empty value in a script. No
// command takes that as if the flag were not there.
func TestNoFlagIsTakenAsNotGivenWhenItsValueIsEmpty(t *testing.T) {
	flags := 0
	everyCommand(t, func(c *cobra.Command, run func(...string) error) {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name == "help" || f.Name == "version" {
				return
			}
			flags++
			args := []string{"--" + f.Name + "="}
			switch c.Name() {
			case "compare":
				args = append(args, "before", "after")
			case "verify":
				args = append(args, "folder")
			}
			err := run(args...)
			if err == nil || usage.CodeOf(err) != usage.Mistaken || !strings.Contains(err.Error(), "--"+f.Name) {
				// A tag is read together with the others of its flag.
				if _, repeated := f.Value.(pflag.SliceValue); !repeated {
					t.Errorf("%s --%s= gives %v, want it refused by name", c.CommandPath(), f.Name, err)
				}
			}
		})
	})
	if flags < 100 {
		t.Errorf("only %d flags were found", flags)
	}
	if _, err := tagsOf([]string{""}); err == nil {
		t.Error("a flag that can be repeated takes an empty value")
	}
}

func TestAnEmptyArgumentIsNotTheNewestRun(t *testing.T) {
	everyCommand(t, func(c *cobra.Command, run func(...string) error) {
		for _, args := range [][]string{{""}, {"", ""}} {
			if err := run(args...); err == nil || usage.CodeOf(err) != usage.Mistaken {
				t.Errorf("%s %q gives %v, want it refused", c.CommandPath(), args, err)
			}
		}
	})
}
