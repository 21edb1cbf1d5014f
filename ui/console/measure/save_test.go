package measure

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

func TestSavingAnewLeavesAHalfTypedFolderAlone(t *testing.T) {
	a := sceneNamed(t, "probe")
	dir, other := t.TempDir(), t.TempDir()
	a.results.folder = widget.NewField(dir)
	consoletest.Deliver(a, a.results.save())
	feedLate(a)
	a.GoTo(host.Results)
	consoletest.Keys(a.App, "w", "end", "ctrl+u")
	for _, r := range other {
		consoletest.Keys(a.App, string(r))
	}
	_, cmd := a.Update(host.Batch{Run: a.probe.run, Ended: true})
	consoletest.Deliver(a, cmd)
	if got := a.results.folder.String(); got != other || !a.results.asking || a.results.savedIn != dir || a.results.savedAt != 81 {
		t.Errorf("the field holds %q, open %v; saved at %d in %s", got, a.results.asking, a.results.savedAt, a.results.savedIn)
	}
	if csv, err := os.ReadFile(filepath.Join(dir, "bothways-new.csv")); err != nil || !strings.Contains(string(csv), "came-late") {
		t.Errorf("the files were not written anew: %v", err)
	}
	if files, err := os.ReadDir(other); err != nil || len(files) != 0 {
		t.Errorf("%d files went to a folder that nobody confirmed (%v)", len(files), err)
	}
}

func TestASaveThatFailsLaterOpensNoField(t *testing.T) {
	a := sceneNamed(t, "results")
	a.results.folder = widget.NewField(filepath.Join(t.TempDir(), "missing"))
	cmd := a.results.save()
	consoletest.Keys(a.App, "esc", "enter") // to the chart and back
	consoletest.Deliver(a, cmd)
	if a.At() != host.Results || a.results.asking || a.results.failed == "" {
		t.Errorf("at %s, asking %v, failure %q", a.At().Title(), a.results.asking, a.results.failed)
	}
}

// feedLate is one more sample than the scene has.
func feedLate(a *staged) {
	a.probe.feed(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, Key: "came-late", DurationMS: 31000, Outcome: probe.Replicated, PostedAt: consoletest.Noon})
}

func TestASaveDuringARunIsSafeFromWhatComesMeanwhile(t *testing.T) {
	a := sceneNamed(t, "probe")
	dir := t.TempDir()
	a.results.folder = widget.NewField(dir)
	cmd := a.results.save()
	written := make(chan tea.Msg, 1)
	go func() { written <- cmd() }()
	last := a.probe.m.record.Samples[79]
	a.probe.feed(probe.BiasEvent{AtoBMS: 90, BtoAMS: 15, DifferenceMS: -75})
	a.probe.feed(probe.NoticeEvent{Level: probe.Warning, Text: "credentials expired"})
	a.probe.feed(probe.CompletedEvent{Key: last.Key, Completion: probe.Completion{DurationMS: 77_777, Outcome: probe.Replicated}})
	feedLate(a)
	a.Update(<-written)
	if csv := saved(t, dir, "csv"); strings.Contains(csv, "came-late") || strings.Contains(csv, "77777") {
		t.Errorf("the save holds what came after it")
	}
	_, cmd = a.Update(host.Batch{Run: a.probe.run, Ended: true})
	consoletest.Deliver(a, cmd)
	for extension, wants := range map[string][]string{
		"csv":  {"came-late", "77777"},
		"json": {"77777", `"bias"`, "credentials expired"},
		"md":   {"Until the origin reads COMPLETED", "Direction bias", "credentials expired"},
		"html": {"<svg", "credentials expired", "COMPLETED"},
	} {
		text := saved(t, dir, extension)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", extension, want)
			}
		}
	}
}

func TestCOMPLETEDAfterASaveIsSavedAtTheEnd(t *testing.T) {
	a := sceneNamed(t, "probe")
	dir := t.TempDir()
	a.results.folder = widget.NewField(dir)
	consoletest.Deliver(a, a.results.save())
	a.probe.feed(probe.CompletedEvent{Key: a.probe.m.record.Samples[0].Key, Completion: probe.Completion{DurationMS: 77_777, Outcome: probe.Replicated}})
	_, cmd := a.Update(host.Batch{Run: a.probe.run, Ended: true})
	consoletest.Deliver(a, cmd)
	if !strings.Contains(saved(t, dir, "csv"), "77777") {
		t.Error("the files lack it")
	}
	if a.results.saveAnew() != nil {
		t.Error("the same is written again and again")
	}
}

// saved is the text of a report that was saved.
func saved(t *testing.T, dir, extension string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "bothways-new."+extension))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
