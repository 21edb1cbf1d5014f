package configured

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"bothways/ui/command/usage"
	"bothways/ui/config"
)

// mostWrong is how many mistakes are told at once.
const mostWrong = 10

// Check holds the whole file to the flags of all commands. It sets them, so the
// commands are others than those that run.
func (s *Settings) Check(root *cobra.Command) error {
	var wrong []error
	problem := func(line int, err error) {
		if err != nil {
			wrong = append(wrong, config.Problem(s.Path, line, "%w", err))
		}
	}
	for _, block := range s.Defaults {
		commands, err := commandsOf(root, block.Command)
		problem(block.Line, err)
		for _, setting := range block.Settings {
			if len(commands) > 0 {
				problem(setting.Line, checked(commands, block.Command, setting))
			}
		}
	}
	if s.Theme != nil {
		problem(s.Theme.Line, set(root.Flags().Lookup(s.Theme.Name), *s.Theme))
	}
	if more := len(wrong) - mostWrong; more > 0 {
		wrong = append(wrong[:mostWrong], fmt.Errorf("%s: and %d more", s.Path, more))
	}
	if len(wrong) > 0 {
		return usage.Wrong("%w", errors.Join(wrong...))
	}
	return nil
}

// commandsOf are the commands that a block is for.
func commandsOf(root *cobra.Command, block string) ([]*cobra.Command, error) {
	all := everyCommand(root)
	if block == config.All {
		return all, nil
	}
	for _, c := range all {
		if name(c) == block {
			return []*cobra.Command{c}, nil
		}
	}
	names := append(commandNames(root), config.All)
	return nil, fmt.Errorf("defaults: there is no command %q: give %s%s", block, usage.OneOf(names), config.Near(block, names))
}

// everyCommand are the commands that take defaults.
func everyCommand(root *cobra.Command) (all []*cobra.Command) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		if c.Runnable() && !c.Hidden && len(settable(c)) > 0 {
			all = append(all, c)
		}
		for _, child := range c.Commands() {
			walk(child)
		}
	}
	walk(root)
	return all
}

// name is how a command is called in the file.
func name(c *cobra.Command) string {
	if !c.HasParent() {
		return Console
	}
	return strings.TrimPrefix(c.CommandPath(), c.Root().Name()+" ")
}

// settable are the flags of a command that the file may have a default of.
func settable(c *cobra.Command) (names []string) {
	known := rows()
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if r, is := known[f.Name]; is && r.refused == "" && !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

// checked says what is wrong with a default of commands that have the flag.
func checked(commands []*cobra.Command, block string, setting config.Setting) error {
	row, known := rows()[setting.Name]
	having := slices.DeleteFunc(slices.Clone(commands), func(c *cobra.Command) bool { return c.Flags().Lookup(setting.Name) == nil })
	switch {
	case known && row.refused != "":
		return fmt.Errorf("%s has no default here: %s", setting.Name, row.refused)
	case block == config.All && (len(having) == 0 || !known):
		names := []string{}
		for _, c := range commands {
			names = append(names, settable(c)...)
		}
		return fmt.Errorf("no command has a flag --%s%s", setting.Name, config.Near(setting.Name, names))
	case len(having) == 0 || !known:
		names := settable(commands[0])
		return fmt.Errorf("%s has no flag --%s: a default can be that of %s%s", block, setting.Name, usage.OneOf(names), config.Near(setting.Name, names))
	}
	kind := having[0].Flags().Lookup(setting.Name).Value.Type()
	for _, c := range having {
		f := c.Flags().Lookup(setting.Name)
		if f.Value.Type() != kind {
			return fmt.Errorf("%s is another flag of %s than of %s: write it below the command that is meant", setting.Name, name(c), name(having[0]))
		}
		if err := set(f, setting); err != nil {
			if block == config.All {
				return fmt.Errorf("%w (of %s)", err, name(c))
			}
			return err
		}
	}
	return nil
}

// set gives a flag a default.
func set(f *pflag.Flag, setting config.Setting) error {
	row, values := rows()[f.Name], slices.Clone(setting.Values)
	several, repeated := f.Value.(pflag.SliceValue)
	switch {
	case repeated:
	case row.list:
		values = []string{strings.Join(values, ",")}
	case len(values) > 1:
		return fmt.Errorf("%s takes one value, and here are %d", setting.Name, len(values))
	}
	for i, text := range values {
		if names := usage.Choices(f); len(names) > 0 {
			at := slices.IndexFunc(names, func(name string) bool { return strings.EqualFold(name, text) })
			if at < 0 {
				return fmt.Errorf("%s: %q is none of %s%s", setting.Name, text, usage.OneOf(names), config.Near(text, names))
			}
			values[i] = names[at]
		}
		if row.check != nil {
			if err := row.check(text); err != nil {
				return fmt.Errorf("%s: %w", setting.Name, err)
			}
		}
	}
	if repeated {
		return several.Replace(values)
	}
	if err := f.Value.Set(values[0]); err != nil {
		if wants := usage.Wants(f); wants != "" {
			return fmt.Errorf("%s: %q: %s", setting.Name, values[0], wants)
		}
		return fmt.Errorf("%s: %w", setting.Name, err)
	}
	return nil
}
