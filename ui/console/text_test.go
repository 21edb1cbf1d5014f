package console

import (
	"strings"
	"testing"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/probe/report"
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

// TestHostileTextIsDrawnHarmlessOnEveryScreen puts hostile text wherever text
// from outside can come in.
func TestHostileTextIsDrawnHarmlessOnEveryScreen(t *testing.T) {
	for _, scene := range scenes {
		a := scene.build(t, 100, 40)
		poison(a)
		content := a.View().Content
		for _, bad := range []string{"\x1b[2J", "\x1b]", "\x07", "\r", "\x9b", "\u202e", "\u200f", "ש"} {
			if strings.Contains(content, bad) {
				t.Errorf("%s draws %q", scene.name, bad)
			}
		}
		checkFrame(t, a, 100, 40)
	}
}

func poison(a *staged) {
	a.access.Sandbox, a.access.Profile = false, hostile
	a.identity = account.Identity{Account: hostile, ARN: hostile}
	a.pair.A.Bucket, a.pair.B.Region, a.pair.Options.Prefix = hostile, hostile, hostile
	a.where.failure, a.where.note = hostile, hostile
	a.where.rows = append(a.where.rows, whereRow{name: hostile, region: hostile, about: hostile})
	for _, s := range a.sides {
		s.existing = []string{hostile, "b"}
		s.notes["b"] = bucketNote{found: account.Description{Rules: 1, Destinations: []string{hostile}}}
		s.notes[hostile] = bucketNote{failure: hostile}
		s.failure, s.refusal, s.newName = hostile, hostile, widget.NewField(hostile)
	}
	a.plan.failure = ""
	for _, found := range []*session.Plans{a.plan.found, a.remove.found} {
		if found == nil {
			continue
		}
		found.SetUp.Steps = append([]step.Step{}, found.SetUp.Steps...)
		for i := range found.SetUp.Steps {
			s := &found.SetUp.Steps[i]
			s.Title, s.What, s.Why, s.Call, s.Target, s.Request, s.CLI, s.Undo = hostile, hostile, hostile, hostile, hostile, hostile, hostile, hostile
		}
		found.SetUp.Findings = append(found.SetUp.Findings, survey.Finding{Severity: survey.Warning, Title: hostile, Meaning: hostile})
	}
	a.remove.failure = hostile
	if a.apply.steps != nil {
		for i, st := range a.apply.steps.plan.Steps {
			a.apply.steps.states[st.ID] = stepState{status: step.Failed, detail: hostile}
			a.apply.steps.plan.Steps[i].CLI = hostile
		}
	}
	if m := a.probe.m; m != nil {
		m.loopsBad = append(m.loopsBad, probe.LoopEvent{Detail: hostile})
		m.err = &CrashError{Where: "x", Value: hostile}
		m.record.Left = append(m.record.Left, probe.LeftObject{Key: hostile})
	}
	a.probe.path, a.results.failed = hostile, hostile
	a.past.failure = hostile
	for i := range a.past.entries {
		e := &a.past.entries[i]
		e.RunID, e.Path, e.Access, e.Notes, e.A, e.B, e.Verdict, e.Error = hostile, hostile, hostile, []string{hostile}, hostile, hostile, hostile, hostile
	}
	if a.past.comparison != nil {
		a.past.comparison = append(a.past.comparison, hostile, "  "+hostile+"   "+hostile+"   "+hostile+"   "+hostile+"   "+hostile)
	}
	if results, ok := a.screens[a.front].(*resultsScreen); ok && results.past != nil {
		p := results.past
		p.path, p.origin = hostile, report.Origin{Version: hostile, Access: hostile, Notes: []string{hostile}}
		p.m.cfg.RunID, p.m.cfg.Pair.A.Region = hostile, hostile
		p.m.record.Headers[0].RunID, p.m.record.Headers[0].Pair.B.Bucket = hostile, hostile
		p.m.record.Notices = append(p.m.record.Notices, probe.NoticeEvent{Level: probe.Warning, Text: hostile})
	}
	a.say(hostile)
	a.dirty = true
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

func TestFarewellHoldsNoEscapeSequence(t *testing.T) {
	a := stage(t, atProbe, 80, 24)
	measured(a, 7)
	poison(a)
	a.probe.m.cfg.Pair = pair.Pair{A: pair.Side{Region: hostile}}
	for _, line := range a.farewell().Lines {
		if strings.ContainsAny(line, "\x1b\n\r\x07") {
			t.Errorf("farewell: %q", line)
		}
	}
}

func TestABlockOfLinesIsShownWholeOrNotAtAll(t *testing.T) {
	blocks := [][]string{{"a"}, {"b", "b"}, {"c"}}
	for room, want := range map[int]int{-3: 0, 0: 0, 1: 1, 2: 1, 3: 3, 4: 4, 9: 4} {
		if got := whole(blocks, room); len(got) != want {
			t.Errorf("in %d lines: %q", room, got)
		}
	}
}
