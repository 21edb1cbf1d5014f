package measure

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/console/host"
)

// measuring is a measurement that goes on, as if an engine took it.
func measuring(t *testing.T) *staged {
	t.Helper()
	a := stage(t, host.Probe, 100, 30)
	fed(a, 80)
	s := a.probe
	s.run = &host.Run{Stream: host.NewStream(0), Doing: "measuring", Cancel: func() {}, Take: s.take, Busy: s.flying, Stop: s.stop}
	return a
}

// feedLate is one more sample.
func feedLate(a *staged) {
	a.probe.feed(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, Key: "came-late", DurationMS: 31000, Outcome: probe.Replicated, PostedAt: noon})
}

func TestASaveDuringARunIsSafeFromWhatComesMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the notice of a save ends after a while
		a := measuring(t)
		dir := a.Settings().SaveDir
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
		deliver(a, cmd)
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
	})
}

func TestCOMPLETEDAfterASaveIsSavedAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the notice of a save ends after a while
		a := measuring(t)
		dir := a.Settings().SaveDir
		a.Update(a.results.save()())
		a.probe.feed(probe.CompletedEvent{Key: a.probe.m.record.Samples[0].Key, Completion: probe.Completion{DurationMS: 77_777, Outcome: probe.Replicated}})
		_, cmd := a.Update(host.Batch{Run: a.probe.run, Ended: true})
		deliver(a, cmd)
		if !strings.Contains(saved(t, dir, "csv"), "77777") {
			t.Error("the files lack it")
		}
		if a.results.saveAnew() != nil {
			t.Error("the same is written again and again")
		}
	})
}

// deliver carries out a command, or several, and delivers what comes of it.
func deliver(a *staged, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, one := range msg {
			deliver(a, one)
		}
	default:
		a.Update(msg)
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

// What a killed run was writing goes with the next save into its folder; what
// another one is writing now, and what is somebody else's, stays.
func TestASaveSweepsWhatKilledRunsLeft(t *testing.T) {
	a := measuring(t)
	dir := a.Settings().SaveDir
	for name, age := range map[string]time.Duration{".bothways-123": 2 * time.Hour, ".bothways-456": time.Minute, ".bothways-notes": 2 * time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if then := time.Now().Add(-age); os.Chtimes(path, then, then) != nil {
			t.Fatal("its age can't be set")
		}
	}
	a.Update(a.results.save()())
	left, err := filepath.Glob(filepath.Join(dir, ".bothways-*"))
	if want := []string{filepath.Join(dir, ".bothways-456"), filepath.Join(dir, ".bothways-notes")}; err != nil || !slices.Equal(left, want) {
		t.Errorf("left are %q, %v", left, err)
	}
}
