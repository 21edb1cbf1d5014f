package command

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/pflag"

	"bothways/ui/command/help"
)

// What a flag takes, an example, and words that nobody has to scroll sideways for.
func TestEveryCommandsHelpFitsAndSaysWhatIsTaken(t *testing.T) {
	root := (&app{}).root()
	for _, c := range withRooms(root) {
		if c.Hidden {
			continue
		}
		text := ansi.Strip(help.Text(c, 80))
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\n")
			if ansi.StringWidth(line) > 80 && !strings.HasPrefix(strings.TrimSpace(line), "{") && !strings.HasPrefix(strings.TrimSpace(line), `"`) { // JSON stays whole
				t.Errorf("%s: %q", c.CommandPath(), line)
			}
		}
		if c.Runnable() && c.HasParent() && c.Example == "" && !slices.Contains([]string{"version", "completion"}, c.Name()) {
			t.Errorf("%s has no example", c.CommandPath())
		}
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden && strings.Contains(text, "--"+f.Name+" string") {
				t.Errorf("%s: nothing stands for the value of --%s", c.CommandPath(), f.Name)
			}
		})
	}
}
