package measure

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

func TestARunWithoutAJournalWarnsOnceAndGoesOn(t *testing.T) {
	a := stage(t, host.Options, 80, 24) // elsewhere, where the run's end says nothing
	for i := range 2 {
		a.Say("")
		run, _ := a.Start("measuring", 0, func(_ context.Context, emit pair.Emit) error {
			emit(session.Recording{RunID: "r1", Err: errors.New("read-only file system")})
			emit(probe.StartedEvent{Key: "r1"})
			return nil
		}, a.probe.take)
		cfg, err := a.probe.setup.config(a.Pair)
		if err != nil {
			t.Fatal(err)
		}
		a.probe.run, a.probe.m, a.probe.choosing = run, newMeasurement(cfg, consoletest.Noon), false
		<-run.Over
		a.Update(run.Listen())
		if warned := strings.Contains(consoletest.Text(a.App), "no journal"); warned != (i == 0) {
			t.Errorf("run %d: warned %v:\n%s", i, warned, consoletest.Text(a.App))
		}
		if !a.probe.m.uncleaned["r1"] {
			t.Errorf("run %d did not go on", i)
		}
	}
}

func TestSavingIntoAFolderThatCannotBeWrittenOffersAnother(t *testing.T) {
	a := sceneNamed(t, "results")
	a.results.forget()
	consoletest.Keys(a.App, "w", "end", "ctrl+u")
	for _, r := range filepath.Join(t.TempDir(), "missing") {
		consoletest.Keys(a.App, string(r))
	}
	_, cmd := a.Update(consoletest.KeyNamed("enter"))
	consoletest.Deliver(a, cmd)
	if frame := consoletest.Text(a.App); strings.Contains(frame, "Save in which folder?") || !strings.Contains(frame, "✗ not saved") || !strings.Contains(frame, "w saves elsewhere") || !strings.Contains(frame, "no such file") || len(a.results.saved) != 0 {
		t.Fatalf("after the failure:\n%s", frame)
	}
	consoletest.Keys(a.App, "w", "esc", "w")
	if frame := consoletest.Text(a.App); strings.Contains(frame, "not saved") || strings.Contains(a.results.folder.String(), "missing") {
		t.Fatalf("w after esc does not start anew:\n%s", frame)
	}
	dir := t.TempDir()
	a.results.folder = widget.NewField(dir)
	consoletest.Deliver(a, a.results.save())
	if len(a.results.saved) != 4 || !strings.Contains(consoletest.Text(a.App), "✓ saved") {
		t.Errorf("after another folder: %v\n%s", a.results.saved, consoletest.Text(a.App))
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
	consoletest.Deliver(a, a.results.save())
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "saved bothways-new.json, .csv, .md, .html in") {
		t.Errorf("after saving:\n%s", frame)
	}
	a.probe.feed(probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, Key: "came-late", DurationMS: 31000, Outcome: probe.Replicated, PostedAt: consoletest.Noon})
	a.GoTo(host.Results)
	consoletest.Redraw(a.App)
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "at 80 of 81 samples, s saves again") || !strings.Contains(frame, "enter shows it") {
		t.Errorf("while it goes on:\n%s", frame)
	}
	if farewell := strings.Join(a.Farewell().Lines, "\n"); !strings.Contains(farewell, "(at 80 of 81 samples)") {
		t.Errorf("the farewell:\n%s", farewell)
	}
	_, cmd := a.Update(host.Batch{Run: a.probe.run, Ended: true})
	consoletest.Deliver(a, cmd)
	csv, err := os.ReadFile(filepath.Join(dir, "bothways-new.csv"))
	if err != nil || !strings.Contains(string(csv), "came-late") || a.results.savedAt != 81 {
		t.Errorf("%v; saved at %d", err, a.results.savedAt)
	}
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "✓ saved") {
		t.Errorf("after the end:\n%s", frame)
	}
}

func TestAnEndpointThatIsNotAWSsIsSaidEverywhere(t *testing.T) {
	const endpoint = "http://127.0.0.1:4566"
	a := sceneNamed(t, "results")
	a.Access, a.Identity.Endpoint = account.Access{}, endpoint
	consoletest.Redraw(a.App)
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}} {
		a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		consoletest.CheckFrame(t, a.App, size[0], size[1])
		if head, _, _ := strings.Cut(consoletest.Text(a.App), "\n"); !strings.Contains(head, "127.0.0.1:4566, not AWS") || !strings.Contains(head, "Results") {
			t.Errorf("the header at %v: %s", size, head)
		}
	}
	dir := t.TempDir()
	a.results.folder = widget.NewField(dir)
	consoletest.Deliver(a, a.results.save())
	if text, err := os.ReadFile(filepath.Join(dir, "bothways-new.md")); err != nil || !strings.Contains(string(text), "Measured against http://127.0.0.1:4566, not against AWS") {
		t.Errorf("the report (%v):\n%s", err, text)
	}
}
