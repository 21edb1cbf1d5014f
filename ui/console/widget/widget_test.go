package widget_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"bothways/ui/console/widget"
)

// hostile is what a bucket's name, a tag or an error body may hold.
const hostile = "x\x1b[2J\x1b]0;owned\x07\x1b]52;c;cm0gLXJm\x07\r\n\t\x00\x9b31m\u202e\u200fשלום\u0600 e\u0301"

func TestCleanLetsNothingThroughThatATerminalWouldExecute(t *testing.T) {
	for _, in := range []string{hostile, strings.Repeat(hostile, 1000), strings.Repeat("a", 1<<20), "\xff\xfe\x80"} {
		out := widget.Clean(in)
		for _, r := range out {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || widget.TurnsDirection(r) {
				t.Errorf("clean(%.20q…) lets %q through", in, r)
			}
		}
		if len(out) > widget.LongestText+len("…")+widget.LongestText {
			t.Errorf("clean keeps %d bytes", len(out))
		}
	}
	if got := widget.CleanLines("a\nb\x1b[1m"); got != "a\nb" {
		t.Errorf("cleanLines: %q", got)
	}
}

func FuzzClean(f *testing.F) {
	f.Add(hostile)
	f.Add("eu-west-1 → ap-southeast-1")
	f.Fuzz(func(t *testing.T, in string) {
		for _, r := range widget.Clean(in) {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Errorf("clean(%q) lets %q through", in, r)
			}
		}
	})
}

func TestWrapKeepsADirectionAndAFigureOnOneLine(t *testing.T) {
	in := "B → A takes 2.1 times as long as A → B (95 % at every look, n = 39 each)."
	for width := 12; width < 80; width++ {
		lines := widget.Wrap(in, width)
		if got := strings.Join(lines, " "); got != in {
			t.Fatalf("at %d: %q", width, lines)
		}
		for _, line := range lines {
			first, last, _ := strings.Cut(line, " ")
			if i := strings.LastIndex(last, " "); i >= 0 {
				last = last[i+1:]
			}
			if strings.ContainsAny(first+last, "→=") || strings.HasPrefix(first, "%") {
				t.Errorf("at %d: %q", width, lines)
			}
			if ansi.StringWidth(line) > width {
				t.Errorf("at %d: %q is too wide", width, line)
			}
		}
	}
}

func TestWrapKeepsEveryWordAndNeverBreaksAtAHyphen(t *testing.T) {
	in := "aws s3api put-bucket-replication --region eu-west-1 --bucket bothways-demo-7k2m-eu-west-1"
	lines := widget.Wrap(in, 40)
	if got := strings.Join(lines, " "); got != in {
		t.Errorf("wrapped: %q", lines)
	}
	for _, width := range []int{1, 2, 7} {
		for _, line := range widget.Wrap("a→→→→→→→→→→→→→→b cc "+in, width) {
			if ansi.StringWidth(line) > width {
				t.Errorf("at %d: %q", width, line)
			}
		}
	}
}

func TestSixteenColoursKeepTheMeaningsApart(t *testing.T) {
	// These are told by their place or their weight, whatever their colour.
	placed := []string{"Product", "Badge", "Title", "Strong", "Muted", "Rule", "Key", "Does", "Off", "Selected", "Cursor"}
	for _, dark := range []bool{true, false} {
		theme := widget.NewTheme(dark, colorprofile.ANSI)
		seen := map[string]string{}
		styles := map[string]lipgloss.Style{"A to B": theme.Direction[0], "B to A": theme.Direction[1]}
		for i, all := 0, reflect.ValueOf(theme); i < all.NumField(); i++ {
			if style, one := all.Field(i).Interface().(lipgloss.Style); one && !slices.Contains(placed, all.Type().Field(i).Name) {
				styles[all.Type().Field(i).Name] = style
			}
		}
		for name, style := range styles {
			drawn := style.Render("x")
			if other, taken := seen[drawn]; taken {
				t.Errorf("dark %v: %s looks like %s", dark, name, other)
			}
			seen[drawn] = name
			if strings.Contains(drawn, "38;") {
				t.Errorf("dark %v: %s is not one of the sixteen: %q", dark, name, drawn)
			}
		}
	}
}

func TestArrowsAreTheSameInASCIIAndMoveNothing(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"A → B    70  3.9 s", "A -> B   70  3.9 s"},
		{"eu ⇄ ap  x", "eu <-> ap x"},
		{"A → B\nB → A   9", "A -> B\nB -> A  9"},
	} {
		if got := widget.ASCIIOf(c.in); got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
}

func TestAShortHelpLineTakesFewerWordsBeforeAKeyGivesWay(t *testing.T) {
	theme := widget.NewTheme(true, colorprofile.TrueColor)
	bindings := []widget.Binding{
		widget.Bind("a", "apply", nil, "a"), widget.Bind("c", "columns p90 p95 p99", nil, "c").OrBriefly("columns"), widget.Bind("x", "tear down", nil, "x"), widget.Bind("?", "help", nil, "?"),
	}
	for width, want := range map[int]string{
		60: " a apply   c columns p90 p95 p99   x tear down   ? help",
		53: " a apply  c columns p90 p95 p99  x tear down  ? help",
		43: " a apply  c columns  x tear down  ? help",
		39: " a apply  c columns p90 p95 p99  ? help",
		30: " a apply  c columns  ? help",
		20: " a apply  ? help",
		9:  " ? help",
	} {
		if got := ansi.Strip(widget.HelpLine(theme, bindings, width)); got != want {
			t.Errorf("%d wide: %q, want %q", width, got, want)
		}
	}
}
