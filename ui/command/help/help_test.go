package help_test

import (
	"runtime/debug"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"bothways/ui/command/help"
)

func command() *cobra.Command {
	root := &cobra.Command{Use: "bothways", Short: "short", RunE: func(*cobra.Command, []string) error { return nil }}
	c := &cobra.Command{
		Use: "probe --a REGION/BUCKET", Short: "Measure how long replication takes; in both directions. Exit code 1 if not",
		Long: "A long sentence about --metrics-file that has to be broken somewhere between two of its words and nowhere else.\n\n  first: a line of a list that is longer than the width of the terminal it is shown on",
		Example: `# a comment that is longer than the few columns which there are here today
bothways probe --a eu-west-1/photos-dublin --b us-east-1/photos-oregon --yes`,
		RunE: func(*cobra.Command, []string) error { return nil },
	}
	c.Flags().String("a", "", "side A, with more words than fit into a single line of so few columns as there are")
	c.Flags().Duration("every", 0, "the time between two of them")
	c.Flags().Bool("metrics", false, "switch them on")
	c.Flags().Bool("json", false, "as JSON")
	root.AddCommand(c)
	return c
}

func TestNoLineIsLongerThanTheTerminalAndNoWordIsBroken(t *testing.T) {
	for _, columns := range []int{40, 60, 80, 100} {
		text := ansi.Strip(help.Text(command(), columns))
		for line := range strings.Lines(text) {
			if line = strings.TrimRight(line, "\n"); ansi.StringWidth(line) > columns && strings.Contains(strings.TrimSpace(line), " ") && !strings.HasPrefix(line, "      ") {
				t.Errorf("%d columns: %q", columns, line)
			}
		}
		plain := strings.Join(strings.Fields(strings.ReplaceAll(text, "\\", "")), " ")
		for _, words := range []string{"A long sentence about --metrics-file that has to", "--a eu-west-1/photos-dublin --b us-east-1/photos-oregon --yes"} {
			if !strings.Contains(plain, words) {
				t.Errorf("%d columns: no %q in\n%s", columns, words, text)
			}
		}
	}
}

func TestFlagsStandUnderWhatTheyAreAbout(t *testing.T) {
	text := ansi.Strip(help.Text(command(), 80))
	at := -1
	for _, words := range []string{"The pair:", "--a REGION/BUCKET   side", "Flags:", "--every DURATION   the time between two of them\n", "What is replicated", "--metrics   switch", "Output:", "--json"} {
		next := strings.Index(text, words)
		if next <= at {
			t.Errorf("%q is at %d, behind %d, in\n%s", words, next, at, text)
		}
		at = next
	}
}

func TestACommandIsListedByItsFirstSentence(t *testing.T) {
	text := ansi.Strip(help.Text(command().Parent(), 80))
	if !strings.Contains(text, "  probe  Measure how long replication takes\n") {
		t.Error(text)
	}
}

func TestTheVersionNamesTheCommit(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26", Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123abc"}, {Key: "vcs.modified", Value: "true"}, {Key: "GOOS", Value: "linux"}, {Key: "GOARCH", Value: "arm64"}}}
	if text := help.Build("1.2.3", info); text != "bothways 1.2.3\ncommit   0123abc, with changes\nbuilt    by go1.26 for linux/arm64\n" {
		t.Errorf("%q", text)
	}
	if text := help.Build("1.2.3", nil); text != "bothways 1.2.3\n" {
		t.Errorf("%q", text)
	}
}
