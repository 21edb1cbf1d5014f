// Package configured brings the file of settings to the commands: what it says is
// checked against all flags, fills those that nobody typed, and is told with its
// reason by bothways config.
package configured

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"bothways/ui/command/usage"
	"bothways/ui/config"
)

// Console is the block of defaults of the command without a name.
const Console = "console"

// demo draws with the console's colours, and has no block of its own for them.
const demo = "demo"

// Variable names the file in place of the usual one.
const Variable = "BOTHWAYS_CONFIG"

// Settings are those of a file, or none.
type Settings struct {
	config.File
	Found bool
	Why   string // why it is this file
	// Taken are the defaults that fill flags of the command that runs.
	Taken  []Taken
	getenv func(string) string
}

// Taken is a default that fills a flag.
type Taken struct {
	Flag string
	config.Setting
}

// Path is where the file is, or would be; "": no folder is known.
func Path(named string, getenv func(string) string) string {
	path, _ := place(named, getenv)
	return path
}

// place is Path, with why it is there.
func place(named string, getenv func(string) string) (path, why string) {
	switch {
	case named != "":
		return named, "--config"
	case getenv(Variable) != "":
		return getenv(Variable), Variable
	}
	return config.Place(getenv), usually
}

const usually = "the usual place"

// Load reads the file that is named, else that of the environment, else the usual
// one, which need not be there.
func Load(named string, getenv func(string) string) (*Settings, error) {
	s := &Settings{getenv: getenv}
	s.Path, s.Why = place(named, getenv)
	if s.Path == "" {
		return s, nil
	}
	file, err := config.Read(s.Path)
	if s.Why == usually && errors.Is(err, config.ErrNone) {
		return s, nil
	}
	if err != nil {
		return s, usage.Wrong("%w", err)
	}
	s.File, s.Found = file, true
	return s, nil
}

// Fill gives the flags of a command that nobody typed the defaults of the file. They
// count as not typed, as those of the program do.
func (s *Settings) Fill(c *cobra.Command) error {
	for _, of := range s.of(c) {
		f := c.Flags().Lookup(of.Flag)
		if f == nil || f.Changed || s.over(of.Flag) != "" || yielding(c.Flags(), of.Flag) {
			continue
		}
		if err := set(f, of.Setting); err != nil {
			return usage.Wrong("%w", config.Problem(s.Path, of.Line, "%w", err))
		}
		f.Annotations = maps.Clone(f.Annotations)
		if f.Annotations == nil {
			f.Annotations = map[string][]string{}
		}
		f.Annotations[mark] = nil
		s.Taken = append(s.Taken, of)
	}
	return nil
}

// Filled is Fill, and says whether anything was.
func (s *Settings) Filled(c *cobra.Command) (some bool, err error) {
	before := len(s.Taken)
	err = s.Fill(c)
	return len(s.Taken) > before, err
}

// mark is the annotation of a flag that the file fills.
const mark = "bothways_configured"

// Given says whether a flag was typed, or the file has a default of it.
func Given(flags *pflag.FlagSet) func(name string) bool {
	return func(name string) bool {
		f := flags.Lookup(name)
		if f == nil {
			return false
		}
		_, filled := f.Annotations[mark]
		return f.Changed || filled
	}
}

// of are the defaults for a command, one a flag: its own before those of all.
func (s *Settings) of(c *cobra.Command) (all []Taken) {
	for _, block := range s.blocks() {
		if block.Command != config.All && block.Command != name(c) {
			continue
		}
		for _, setting := range block.Settings {
			taken := Taken{setting.Name, setting}
			if at := slices.IndexFunc(all, func(t Taken) bool { return t.Flag == setting.Name }); at >= 0 {
				all[at] = taken
			} else {
				all = append(all, taken)
			}
		}
	}
	if named := func(t Taken) bool { return t.Flag == "theme" }; name(c) == demo && s.Theme != nil && !slices.ContainsFunc(all, named) {
		all = append(all, Taken{"theme", *s.Theme})
	}
	return all
}

// blocks are the defaults of the file, those of all commands first. The theme is a
// default of the console's.
func (s *Settings) blocks() []config.Block {
	all := slices.Clone(s.Defaults)
	if s.Theme != nil {
		all = append(all, config.Block{Command: Console, Line: s.Theme.Line, Settings: []config.Setting{*s.Theme}})
	}
	slices.SortStableFunc(all, func(a, b config.Block) int {
		order := func(b config.Block) int {
			if b.Command == config.All {
				return 0
			}
			return 1
		}
		return cmp.Compare(order(a), order(b))
	})
	return all
}

// InForce says which file is, and what of it, or "".
func (s *Settings) InForce() string {
	if s == nil || !s.Found {
		return ""
	}
	var parts []string
	if s.Theme != nil {
		parts = append(parts, "theme "+s.Theme.Values[0])
	}
	defaults := 0
	for _, block := range s.Defaults {
		defaults += len(block.Settings)
	}
	if defaults > 0 {
		parts = append(parts, english.Plural(defaults, "default", ""))
	}
	if len(parts) == 0 {
		parts = append(parts, "nothing")
	}
	return s.Path + " says " + english.WordSeries(parts, "and") + "; bothways config shows it, and what comes before it"
}

// over is the variable that comes before a default, or "".
func (s *Settings) over(flag string) string {
	for _, variable := range overruling(flag) {
		if s.getenv(variable) != "" {
			return variable
		}
	}
	return ""
}

// yielding says whether what was typed leaves a default no place.
func yielding(flags *pflag.FlagSet, flag string) bool {
	if needed := needs()[flag]; needed != "" && !flags.Changed(needed) {
		return true
	}
	return slices.ContainsFunc(yields()[flag], flags.Changed)
}
