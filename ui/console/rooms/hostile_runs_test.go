package rooms

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/ui/console/host"
)

// poisonMeasurements puts hostile text into what is told of a measurement, and
// into the journals of earlier runs.
func (s *stage) poisonMeasurements() {
	measure := s.do.Probe
	s.do.Probe = func(ctx context.Context, access account.Access, asked session.Measurement) (host.Prober, error) {
		p, err := measure(ctx, access, asked)
		return poisonedProber{p}, badly(err)
	}
	s.cfg.RunsDir, s.cfg.SaveDir = hostileRuns(s.t, s.cfg.RunsDir), hostile
}

// poisonedProber tells hostile things beside what it measures.
type poisonedProber struct{ host.Prober }

func (p poisonedProber) Run(ctx context.Context, emit pair.Emit) error {
	err := p.Prober.Run(ctx, func(e pair.Event) {
		emit(e)
		if run, begins := e.(probe.RunEvent); begins {
			emit(session.Recording{RunID: run.RunID, Path: hostile})
			emit(probe.LoopEvent{Detail: hostile})
			emit(probe.LeftEvent{Objects: []probe.LeftObject{{Side: pair.B, Bucket: hostile, Key: hostile, VersionID: hostile}}})
			emit(probe.NoticeEvent{Level: probe.Warning, Text: hostile})
		}
	})
	if err == nil {
		return errors.New(hostile)
	}
	return badly(err)
}

// hostileRuns are the journals of a folder with hostile names and texts.
func hostileRuns(t testing.TB, dir string) string {
	t.Helper()
	poisoned := t.TempDir()
	files, err := filepath.Glob(filepath.Join(dir, "*"+journal.Extension))
	if err != nil {
		t.Fatal(err)
	}
	quoted, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	evil := strings.Trim(string(quoted), `"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		id, _, _ := strings.Cut(filepath.Base(file), journal.Extension)
		bad := strings.NewReplacer("Sandbox: simulated distances", evil, "eu-west-1", evil, id, evil, `"1.2"`, `"`+evil+`"`).Replace(string(text))
		name := id + strings.NewReplacer("\x00", "", "/", "").Replace(hostile) + journal.Extension
		if err := os.WriteFile(filepath.Join(poisoned, name), []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return poisoned
}

func TestFarewellHoldsNoEscapeSequence(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.hostile = true
		s.surveyed(without)
		s.withProfile("dev").press("enter").at(host.Probe)
		evil := demoPair()
		evil.A = pair.Side{Region: hostile, Bucket: hostile}
		s.press("enter").measuring(7).tell(probe.RunEvent{RunID: hostile, Pair: evil, StartedAt: noon}).end(nil)
		if n := strings.Count(s.bye(), "evil"); n < 3 {
			t.Fatalf("hardly anything hostile is in it: %s", s.bye())
		}
		for _, line := range s.Farewell().Lines {
			if strings.ContainsAny(line, "\x1b\n\r\x07") {
				t.Errorf("farewell: %q", line)
			}
		}
	})
}
