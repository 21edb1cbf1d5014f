package console

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

func TestSavingAnewLeavesAHalfTypedFolderAlone(t *testing.T) {
	a := sceneNamed(t, "probe")
	dir, other := t.TempDir(), t.TempDir()
	a.results.folder = newField(dir)
	deliver(a, a.results.save())
	feedLate(a)
	a.goTo(atResults)
	keys(a, "w", "end", "ctrl+u")
	for _, r := range other {
		keys(a, string(r))
	}
	_, cmd := a.Update(batch{run: a.probe.run, ended: true})
	deliver(a, cmd)
	if got := a.results.folder.String(); got != other || !a.results.asking || a.results.savedIn != dir || a.results.savedAt != 81 {
		t.Errorf("the field holds %q, open %v; saved at %d in %s", got, a.results.asking, a.results.savedAt, a.results.savedIn)
	}
	if csv, err := os.ReadFile(filepath.Join(dir, "bothways-new.csv")); err != nil || !strings.Contains(string(csv), "late") {
		t.Errorf("the files were not written anew: %v", err)
	}
	if files, err := os.ReadDir(other); err != nil || len(files) != 0 {
		t.Errorf("%d files went to a folder that nobody confirmed (%v)", len(files), err)
	}
}

func TestASaveThatFailsLaterOpensNoField(t *testing.T) {
	a := sceneNamed(t, "results")
	a.results.folder = newField(filepath.Join(t.TempDir(), "missing"))
	cmd := a.results.save()
	keys(a, "esc", "enter") // to the chart and back
	deliver(a, cmd)
	if a.at != atResults || a.results.asking || a.results.failed == "" {
		t.Errorf("at %s, asking %v, failure %q", placeNames[a.at], a.results.asking, a.results.failed)
	}
}

// feedLate is one more sample than the scene has.
func feedLate(a *app) {
	a.probe.feed(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, Key: "late", DurationMS: 31000, Outcome: probe.Replicated, PostedAt: noon})
}
