package console

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/ui/console/widget"
)

func TestEscInAFieldBringsBackWhatStoodThere(t *testing.T) {
	a := stage(t, atSideA, 80, 24)
	before := a.sides[0].newName.String()
	keys(a, "enter", "e", "A", "B", "enter")
	if !a.sides[0].editing || a.front != atSideA {
		t.Fatal("enter left the field with a name that S3 refuses")
	}
	keys(a, "esc")
	if got := a.sides[0].newName.String(); got != before || a.sides[0].editing {
		t.Errorf("after esc the name is %q", got)
	}

	a = stage(t, atProbe, 80, 24)
	was := a.probe.setup.texts[setupSizes].String()
	keys(a, "space", "ctrl+u", "x", "enter")
	if frame := text(a); !a.probe.setup.editing || !strings.Contains(frame, "✗ sizes") {
		t.Fatalf("enter left the field with sizes that are none:\n%s", frame)
	}
	keys(a, "esc")
	if got := a.probe.setup.texts[setupSizes].String(); got != was || a.probe.setup.editing {
		t.Errorf("after esc the sizes are %q", got)
	}

	a = stage(t, atOptions, 80, 24)
	keys(a, "space")
	a.options.field = widget.NewField(strings.Repeat("x", 600))
	a.dirty = true
	keys(a, "enter")
	if frame := text(a); !a.options.editing || !strings.Contains(frame, "at most 512") {
		t.Errorf("a prefix that is too long:\n%s", frame)
	}
}

func TestTheFooterOffersOnlyWhatWorksInAField(t *testing.T) {
	for _, name := range []string{"side-editing", "teardown-naming"} {
		a := sceneNamed(t, name)
		lines := strings.Split(text(a), "\n")
		if footer := lines[len(lines)-1]; strings.Contains(footer, "? help") || strings.Contains(footer, "q quit") || !strings.Contains(footer, "ctrl+c quit") {
			t.Errorf("%s: %s", name, footer)
		}
	}
}

func TestEitherBucketsNameConfirmsTheRemovalOfBoth(t *testing.T) {
	for _, name := range []string{demoPair().A.Bucket, demoPair().B.Bucket} {
		a := sceneNamed(t, "teardown-naming")
		for _, bucket := range []string{demoPair().A.Bucket, demoPair().B.Bucket} {
			if !strings.Contains(text(a), bucket) {
				t.Errorf("the screen does not name %s", bucket)
			}
		}
		a.remove.confirm = widget.NewField(name)
		keys(a, "enter")
		if !a.remove.steps.running() {
			t.Errorf("%s did not confirm", name)
		}
	}
}

func TestARemovalClaimsNoMoreThanItRemoved(t *testing.T) {
	a := sceneNamed(t, "teardown")
	a.remove.plan.Findings = []survey.Finding{{Severity: survey.Note, Side: pair.A, Title: "bucket photos stays"}}
	if got := a.remove.closing(); strings.Contains(got, "Everything") || !strings.Contains(got, "bucket photos stays") {
		t.Error(got)
	}
	a.remove.plan.Findings = nil
	if got := a.remove.closing(); !strings.HasPrefix(got, "Everything that bothways made") {
		t.Error(got)
	}
}

func TestEveryZoomChangesTheChartOrSaysThatItCannot(t *testing.T) {
	for _, age := range []time.Duration{5 * time.Second, 70 * time.Second, 20 * time.Minute, 30 * time.Hour} {
		var c charts
		last := age
		for c.zoomIn(age) {
			if c.window >= last {
				t.Fatalf("at %v: from %v to %v", age, last, c.window)
			}
			last = c.window
		}
		for c.zoomOut(age) {
			if c.window != 0 && c.window <= last {
				t.Fatalf("at %v: from %v to %v", age, last, c.window)
			}
			last = c.window
		}
		if c.window != 0 {
			t.Errorf("at %v all the way out shows %v", age, c.window)
		}
	}
	a := sceneNamed(t, "probe-time")
	for range 10 {
		keys(a, "+")
	}
	if frame := text(a); !strings.Contains(frame, "cannot zoom further in") {
		t.Errorf("after ten times +:\n%s", frame)
	}
}

func TestFreezingStaysNamedWhileFrozen(t *testing.T) {
	a := sceneNamed(t, "probe")
	a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	keys(a, "f")
	if frame := text(a); !strings.Contains(frame, "Frozen; measuring goes on.") || !strings.Contains(frame, "f unfreeze") {
		t.Errorf("frozen:\n%s", frame)
	}
}

func TestSideBStartsWithThePartnerThatSideAReplicatesTo(t *testing.T) {
	a := stage(t, atSideA, 80, 24)
	a.cfg.Pair = nil
	a.pair.A.Bucket = "photos-dublin"
	a.sides[0].notes["photos-dublin"] = bucketNote{found: account.Description{Holder: account.Ours, Rules: 1, Destinations: []string{"photos-oregon"}}}
	a.goTo(atSideB)
	a.Update(bucketSeen{by: a.sides[1], label: a.access.Label(), bucket: "photos-oregon", found: account.Description{Holder: account.Ours, Region: "us-west-2"}})
	a.Update(bucketsRead{by: a.sides[1], label: a.access.Label(), region: "us-west-2", names: []string{"logs", "photos-oregon"}})
	if got := a.sides[1].selectedBucket(); a.pair.B.Region != "us-west-2" || got != "photos-oregon" {
		t.Errorf("%s in %s is proposed", got, a.pair.B.Region)
	}
}

func TestWhatTheCommandLineChoseIsNotAskedAgain(t *testing.T) {
	p, access := demoPair(), sandboxAccess()
	a := onStage(newApp(t.Context(), Config{Pair: &p, Access: &access, engines: inert(), Now: func() time.Time { return noon }}))
	a.Init()
	a.Update(identified{by: a.where, gen: a.where.opening, access: access, identity: account.Identity{Account: "0"}})
	if a.front != atOptions {
		t.Fatalf("it starts at %s", a.front.title())
	}
	keys(a, "esc")
	if a.front != atSideB {
		t.Errorf("esc leads to %s", a.front.title())
	}
	half := pair.Pair{A: p.A, Options: p.Options}
	b := onStage(newApp(t.Context(), Config{Pair: &half, Access: &access, engines: inert(), Now: func() time.Time { return noon }}))
	b.Init()
	if b.front != atWhere || b.where.opening != 0 {
		t.Error("with one side open it does not ask")
	}
}

func TestAStepThatChangesNothingShowsNoRequest(t *testing.T) {
	a := sceneNamed(t, "plan")
	st := &a.plan.found.SetUp.Steps[a.plan.list.Selected-1]
	st.Change, a.dirty = step.Nothing, true
	frame := text(a)
	for _, words := range []string{"aws iam", "exactly this", "c copy CLI", st.Call} {
		if strings.Contains(frame, words) {
			t.Errorf("the screen has %q:\n%s", words, frame)
		}
	}
}

func TestBothDirectionsLinesShowTheSameItemsWhole(t *testing.T) {
	a := sceneNamed(t, "probe")
	for range 40 { // A to B has a p90, B to A less
		a.probe.feed(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, DurationMS: 61234, Outcome: probe.Replicated, PostedAt: noon})
	}
	for width := 30; width <= 120; width++ {
		lines := summaryLines(a.probe.m.compared(), nil, width)
		for _, item := range []string{"n ", "median ", "p90 ", "max ", "gave up "} {
			has := strings.Contains(lines[0], item)
			if has != strings.Contains(lines[1], item) {
				t.Errorf("%d: %q stands in one line only:\n%s\n%s", width, item, lines[0], lines[1])
			}
			if !has && item != "p90 " {
				t.Errorf("%d: %q gave way: %s", width, item, lines[0])
			}
		}
		if strings.Contains(lines[0]+lines[1], "…") {
			t.Errorf("%d: a number is cut:\n%s\n%s", width, lines[0], lines[1])
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

func TestALateAnswerNeverOverridesWhatWasChosenByHand(t *testing.T) {
	a := stage(t, atSideB, 80, 24)
	s := a.sides[1]
	s.proposed = "the-partner"
	s.takeRegion()
	chosen := a.pair.B.Region
	s.propose(account.Description{Holder: account.Ours, Region: "us-west-2"})
	if a.pair.B.Region != chosen {
		t.Errorf("the region went from %s to %s by itself", chosen, a.pair.B.Region)
	}
	s.buckets.Selected = 2
	a.Update(bucketsRead{by: a.sides[1], label: a.access.Label(), region: s.readFrom, names: []string{"one", "the-partner", "three"}})
	if s.buckets.Selected != 2 {
		t.Errorf("the selection moved to %d by itself", s.buckets.Selected)
	}
}

func TestAMedianThatTheFirstPollsFoundIsAtMost(t *testing.T) {
	found := stats.Quantile{State: stats.AtMost, AtFirst: true, Value: 500 * time.Millisecond, Upper: 2 * time.Second}
	for interval, want := range map[bool]string{true: "at most 0.50 s (up to 2.0 s)", false: "at most 0.50 s"} {
		if got := quantileText(found, interval); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if cells, width := figureColumns()[0].texts([]figureRow{{"", stats.Summary{Counts: stats.Counts{N: 9}, Median: found}}}, 23); cells[0] != "at most 0.50 s" || width > 22 {
		t.Errorf("in a narrow column: %q, %d wide", cells[0], width)
	}
	near := stats.Quantile{State: stats.Known, Value: 4 * time.Second, Upper: 6 * time.Second}
	if got := quantileText(near, true); got != "4.0 s (up to 6.0 s)" {
		t.Errorf("%q", got)
	}
}
