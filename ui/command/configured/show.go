package configured

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"bothways/aws/pair"
	"bothways/ui/command/usage"
	"bothways/ui/config"
	"bothways/ui/plain"
)

// From is what says a value.
type From string

// What says values, the first that does.
const (
	Typed       From = "flag"
	Environment From = "environment"
	InFile      From = "file"
	BuiltIn     From = "built-in"
)

// FileEvent is the file that is read, or would be.
type FileEvent struct {
	Path  string `json:"path"`
	Found bool   `json:"found"`
	Why   string `json:"why"` // it is this one
}

// EventName implements [pair.Event].
func (FileEvent) EventName() string { return "config_file" }

// SettingEvent is a value that is in force, or one of the file that is not.
type SettingEvent struct {
	Setting string `json:"setting"`
	Command string `json:"command,omitempty"` // whose flag it is; "all": of every one that has it
	Value   string `json:"value"`
	From    From   `json:"from"`
	Line    int    `json:"line,omitempty"` // of the file
	// Variable says it, where it is from the environment. It comes before a value of
	// the file, too.
	Variable string `json:"variable,omitempty"`
	// Instead is what comes before this value, which is not in force then.
	Instead string `json:"instead,omitempty"`
}

// EventName implements [pair.Event].
func (SettingEvent) EventName() string { return "config_setting" }

var (
	_ pair.Event = FileEvent{}
	_ pair.Event = SettingEvent{}
)

// show tells what is in force, of one command with its flags or of all.
func (s *Settings) show(out *plain.Writer, root *cobra.Command, args []string) error {
	out.Event(FileEvent{s.Path, s.Found, s.Why})
	switch {
	case s.Path == "":
		out.Line("no file: no folder is known for one")
	case !s.Found:
		out.Line("no file: there is none at %s (%s); bothways config example prints one to begin with", s.Path, s.Why)
	default:
		out.Line("file %s (%s)", s.Path, s.Why)
	}
	told := s.inFile
	if len(args) > 0 {
		told = s.ofCommand
	}
	all, err := told(root, args)
	if err != nil {
		return err
	}
	widest := [2]int{}
	for _, e := range all {
		widest = [2]int{max(widest[0], len(e.flag())), max(widest[1], len([]rune(e.Value)))}
	}
	for _, e := range all {
		out.Event(e)
		out.Line("  %-*s  %-*s  %s", widest[0], e.flag(), min(widest[1], 40), e.Value, e.why())
	}
	return out.Err()
}

// flag is what is set, as it is typed.
func (e SettingEvent) flag() string {
	switch {
	case e.From == Environment && e.Setting == e.Variable:
		return e.Setting
	case e.Command == Console && e.Setting == "theme":
		return "theme"
	case e.Command == "":
		return e.Setting
	}
	return e.Command + " --" + e.Setting
}

func (e SettingEvent) why() string {
	why := ""
	switch e.From {
	case Typed:
		why = "typed"
	case Environment:
		why = "environment"
		if e.Variable != e.Setting {
			why += ", " + e.Variable
		}
	case InFile:
		why = fmt.Sprintf("line %d", e.Line)
	case BuiltIn:
		why = "built in"
	}
	if e.Instead != "" {
		why += ", not in force: " + e.Instead
	}
	return why
}

// inFile are all that the file says, and the variables that bothways knows.
func (s *Settings) inFile(*cobra.Command, []string) ([]SettingEvent, error) {
	theme := SettingEvent{Setting: "theme", Command: Console, Value: "auto", From: BuiltIn}
	var all []SettingEvent
	for _, block := range s.blocks() {
		for _, setting := range block.Settings {
			e := SettingEvent{Setting: setting.Name, Command: block.Command, Value: strings.Join(setting.Values, ", "), From: InFile, Line: setting.Line}
			if over := s.over(setting.Name); over != "" {
				e.Variable, e.Instead = over, "$"+over+" comes before it"
			}
			if setting.Name == theme.Setting && block.Command == Console {
				theme = e
				continue
			}
			all = append(all, e)
		}
	}
	all = append([]SettingEvent{theme}, all...)
	for _, variable := range []string{"BOTHWAYS_HOME", Variable, "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL", "NO_COLOR"} {
		if value := s.getenv(variable); value != "" {
			all = append(all, SettingEvent{Setting: variable, Value: public(variable, value), From: Environment, Variable: variable})
		}
	}
	return all, nil
}

// ofCommand are the flags of a command as it would run with some of them typed.
func (s *Settings) ofCommand(root *cobra.Command, args []string) ([]SettingEvent, error) {
	c, rest := root, args[1:]
	if args[0] != Console {
		found, left, err := root.Find(args)
		if err != nil || found == root || len(settable(found)) == 0 {
			names := commandNames(root)
			return nil, usage.Wrong("there is no command %q with flags of its own: give %s%s", args[0], usage.OneOf(names), config.Near(args[0], names))
		}
		c, rest = found, left
	}
	if err := c.ParseFlags(rest); err != nil {
		return nil, usage.FlagError(c, err)
	}
	if err := s.Fill(c); err != nil {
		return nil, err
	}
	in := s.of(c)
	var all []SettingEvent
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		known := rows()[f.Name]
		if f.Hidden || !f.Changed && known.refused != "" && known.refused != atTop {
			return
		}
		e := SettingEvent{Setting: f.Name, Command: name(c), Value: f.Value.String(), From: BuiltIn}
		at := slices.IndexFunc(in, func(t Taken) bool { return t.Flag == f.Name })
		switch over := s.over(f.Name); {
		case f.Changed:
			e.From = Typed
		case over != "":
			e.From, e.Variable, e.Value = Environment, over, public(over, s.getenv(over))
		case Given(c.Flags())(f.Name):
			e.From, e.Line = InFile, in[at].Line
		case at >= 0:
			e.Value, e.From, e.Line = strings.Join(in[at].Values, ", "), InFile, in[at].Line
			e.Instead = "what is typed leaves it no place"
			if needed := needs()[f.Name]; needed != "" {
				e.Instead = "it waits for --" + needed
			}
		}
		all = append(all, e)
	})
	return all, nil
}

// commandNames are the commands that take defaults.
func commandNames(root *cobra.Command) []string {
	commands := everyCommand(root)
	names := make([]string, len(commands))
	for i, c := range commands {
		names[i] = name(c)
	}
	return names
}

// public is a variable's value as it may be shown.
func public(variable, value string) string {
	if variable == "AWS_ACCESS_KEY_ID" || variable == "AWS_ENDPOINT_URL" && strings.Contains(value, "@") {
		return "(set)"
	}
	return value
}
