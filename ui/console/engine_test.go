package console

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/ui/console/widget"
)

func TestABurstOfEventsComesAsOneBatchAFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStream(samplesGap)
		s.emit(probe.Sample{Key: "first"})
		if b := s.next(); len(b.events) != 1 {
			t.Fatalf("%d events", len(b.events))
		}
		began := time.Now()
		for range 1000 {
			s.emit(probe.Sample{})
		}
		b := s.next()
		if len(b.events) != 1000 || time.Since(began) != samplesGap {
			t.Errorf("%d events after %v, want all in one batch after %v", len(b.events), time.Since(began), samplesGap)
		}
	})
}

func TestTheEndOfARunWaitsForNoFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStream(time.Hour)
		s.emit(probe.Sample{})
		s.next()
		began := time.Now()
		go func() {
			s.emit(probe.Sample{})
			s.end(nil, context.Canceled)
		}()
		if b := s.next(); !b.ended || len(b.events) != 1 || time.Since(began) != 0 {
			t.Errorf("ended %v with %d events after %v", b.ended, len(b.events), time.Since(began))
		}
	})
}

func TestARunWithoutAJournalWarnsOnceAndGoesOn(t *testing.T) {
	a := stage(t, atOptions, 80, 24) // elsewhere, where the run's end says nothing
	for i := range 2 {
		a.notice = ""
		run, _ := a.start("measuring", 0, func(_ context.Context, emit pair.Emit) error {
			emit(session.Recording{RunID: "r1", Err: errors.New("read-only file system")})
			emit(probe.StartedEvent{Key: "r1"})
			return nil
		}, a.probe.take)
		cfg, err := a.probe.setup.config(a.pair)
		if err != nil {
			t.Fatal(err)
		}
		a.probe.run, a.probe.m, a.probe.choosing = run, newMeasurement(cfg, noon), false
		<-run.over
		a.Update(run.listen())
		if warned := strings.Contains(text(a), "no journal"); warned != (i == 0) {
			t.Errorf("run %d: warned %v:\n%s", i, warned, text(a))
		}
		if !a.probe.m.uncleaned["r1"] {
			t.Errorf("run %d did not go on", i)
		}
	}
}

func TestSavingIntoAFolderThatCannotBeWrittenOffersAnother(t *testing.T) {
	a := sceneNamed(t, "results")
	a.results.forget()
	keys(a, "w", "end", "ctrl+u")
	for _, r := range filepath.Join(t.TempDir(), "missing") {
		keys(a, string(r))
	}
	_, cmd := a.Update(keyNamed("enter"))
	deliver(a, cmd)
	if frame := text(a); strings.Contains(frame, "Save in which folder?") || !strings.Contains(frame, "✗ not saved") || !strings.Contains(frame, "w saves elsewhere") || !strings.Contains(frame, "no such file") || len(a.results.saved) != 0 {
		t.Fatalf("after the failure:\n%s", frame)
	}
	keys(a, "w", "esc", "w")
	if frame := text(a); strings.Contains(frame, "not saved") || strings.Contains(a.results.folder.String(), "missing") {
		t.Fatalf("w after esc does not start anew:\n%s", frame)
	}
	dir := t.TempDir()
	a.results.folder = widget.NewField(dir)
	deliver(a, a.results.save())
	if len(a.results.saved) != 4 || !strings.Contains(text(a), "✓ saved") {
		t.Errorf("after another folder: %v\n%s", a.results.saved, text(a))
	}
	left, err := filepath.Glob(filepath.Join(dir, ".bothways-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("temporary files were left: %v %v", left, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "bothways-new.md"))
	if err != nil || !strings.Contains(string(text), "simulated distances") || !strings.Contains(string(text), "128 KiB") {
		t.Errorf("the Markdown report (%v):\n%s", err, text)
	}
}

func TestFilesSavedDuringARunAreWrittenAnewAtItsEnd(t *testing.T) {
	a := sceneNamed(t, "probe")
	dir := t.TempDir()
	a.results.folder = widget.NewField(dir)
	deliver(a, a.results.save())
	if frame := text(a); !strings.Contains(frame, "saved bothways-new.json, .csv, .md, .html in") {
		t.Errorf("after saving:\n%s", frame)
	}
	a.probe.feed(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, Key: "came-late", DurationMS: 31000, Outcome: probe.Replicated, PostedAt: noon})
	a.goTo(atResults)
	a.dirty = true
	if frame := text(a); !strings.Contains(frame, "at 80 of 81 samples, s saves again") || !strings.Contains(frame, "enter shows it") {
		t.Errorf("while it goes on:\n%s", frame)
	}
	if farewell := strings.Join(a.farewell().Lines, "\n"); !strings.Contains(farewell, "(at 80 of 81 samples)") {
		t.Errorf("the farewell:\n%s", farewell)
	}
	_, cmd := a.Update(batch{run: a.probe.run, ended: true})
	deliver(a, cmd)
	csv, err := os.ReadFile(filepath.Join(dir, "bothways-new.csv"))
	if err != nil || !strings.Contains(string(csv), "came-late") || a.results.savedAt != 81 {
		t.Errorf("%v; saved at %d", err, a.results.savedAt)
	}
	if frame := text(a); !strings.Contains(frame, "✓ saved") {
		t.Errorf("after the end:\n%s", frame)
	}
}

func TestAnEndpointThatIsNotAWSsIsSaidEverywhere(t *testing.T) {
	const endpoint = "http://127.0.0.1:4566"
	a := sceneNamed(t, "results")
	a.access, a.identity.Endpoint, a.dirty = account.Access{}, endpoint, true
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}} {
		a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		checkFrame(t, a, size[0], size[1])
		if head, _, _ := strings.Cut(text(a), "\n"); !strings.Contains(head, "127.0.0.1:4566, not AWS") || !strings.Contains(head, "Results") {
			t.Errorf("the header at %v: %s", size, head)
		}
	}
	dir := t.TempDir()
	a.results.folder = widget.NewField(dir)
	deliver(a, a.results.save())
	if text, err := os.ReadFile(filepath.Join(dir, "bothways-new.md")); err != nil || !strings.Contains(string(text), "Measured against http://127.0.0.1:4566, not against AWS") {
		t.Errorf("the report (%v):\n%s", err, text)
	}
}

// deliver runs a command by hand and gives its result to the model.
func deliver(a tea.Model, cmd tea.Cmd) { a.Update(cmd()) }
