package command

import (
	"flag"
	"io"
	"os"
	"regexp"
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

var update = flag.Bool("update", false, "write the page on commands and flags anew")

// The page on commands says what the commands say. go test ./ui/command -run
// ThePageOnCommands -update writes it anew.
func TestThePageOnCommandsIsWhatTheyAre(t *testing.T) {
	const page = "../../docs/reference.md"
	want := help.Reference((&app{}).root())
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(have) != want {
		t.Error("docs/reference.md is not what the commands say: write it anew with -update")
	}
}

// Whatever a command or a flag is found by, all places name the same ones: its help,
// the manual page, the page on commands, and what a shell completes.
func TestHelpManualPageReferenceAndCompletionNameTheSame(t *testing.T) {
	root := (&app{}).root()
	manual := printed(t, "man")
	reference := help.Reference(root)
	for _, c := range withRooms(root) {
		if c.Hidden || c.Name() == "help" {
			continue
		}
		text := ansi.Strip(help.Text(c, 80))
		if !strings.Contains(reference, "\n## "+c.CommandPath()+"\n") && !strings.Contains(reference, "\n## bothways help "+c.Name()+"\n") {
			t.Errorf("the page on commands lacks %s", c.CommandPath())
		}
		if c.HasParent() && c.Runnable() && !strings.Contains(manual, c.Name()) {
			t.Errorf("the manual page lacks %s", c.CommandPath())
		}
		path := strings.Fields(c.CommandPath())[1:]
		offered := printed(t, append(append([]string{"__complete"}, path...), "--")...)
		c.NonInheritedFlags().VisitAll(func(f *pflag.Flag) {
			if f.Hidden || f.Name == "help" || !c.Runnable() {
				return
			}
			name := regexp.MustCompile(`--` + regexp.QuoteMeta(f.Name) + `\b`)
			for place, says := range map[string]string{"its help": text, "the page on commands": reference, "completion": offered} {
				if !name.MatchString(says) {
					t.Errorf("%s of %s lacks --%s", place, c.CommandPath(), f.Name)
				}
			}
			if manualName := strings.ReplaceAll(f.Name, "-", `\-`); !strings.Contains(manual, manualName) && !strings.Contains(manual, f.Name) {
				t.Errorf("the manual page lacks --%s of %s", f.Name, c.CommandPath())
			}
		})
	}
}

// printed is what a command that needs nothing but itself prints.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	root := (&app{process: Process{Environ: []string{"HOME=" + t.TempDir()}}}).root()
	var out strings.Builder
	root.SetOut(&out)
	root.SetErr(io.Discard)
	root.SetArgs(args)
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("%s: %v", args, err)
	}
	return out.String()
}
