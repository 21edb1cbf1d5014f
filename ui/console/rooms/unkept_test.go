package rooms

import (
	"context"
	"errors"
	"os"
	"testing"

	"bothways/aws/session"
	"bothways/probe"
	"bothways/ui/console/host"
)

// broken is a journal that can't be written any further.
func broken() session.Recording {
	return session.Recording{RunID: "20261122-120000-abcd", Path: demoJournal, Err: errors.New("no space left on device")}
}

func TestQuittingAsksOnceBeforeItLosesSamples(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		play(t, 60, 16, func(s *stage) {
			s.measuring(12).end(nil).press("enter").at(host.Results)
			if s.quits(key) {
				t.Fatalf("%s quits at once", key)
			}
			s.shows("samples are kept nowhere.  s saves, q quits without")
			if s.press("y").hides("saved", "saving"); s.Asking() || s.quit {
				t.Error("y, which could mean either, did something")
			}
			if s.quits(key) || !s.quits(key) {
				t.Errorf("a second %s does not quit", key)
			}
		})
	}
}

func TestSamplesThatWereSavedFromTheQuestionAreNotAskedForAgain(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.cfg.SaveDir = s.t.TempDir()
		s.measuring(12).end(nil).press("enter", "q", "s")
		if files, err := os.ReadDir(s.cfg.SaveDir); err != nil || len(files) != 4 || s.Asking() {
			t.Fatalf("s saved %v (%v):\n%s", files, err, s.text())
		}
		if !s.quits("q") {
			t.Error("q does not quit")
		}
	})
}

func TestSamplesInAWholeJournalAreNotAskedFor(t *testing.T) {
	playScene(t, "results", 100, 30, func(s *stage) {
		if !s.quits("q") {
			t.Error("q does not quit")
		}
	})
	play(t, 100, 30, func(s *stage) {
		s.recording().measuring(12).tell(broken()).end(nil).press("enter").at(host.Results)
		if s.quits("q") {
			t.Error("q loses samples of a journal that broke off")
		}
	})
}

func TestQuittingWhileMeasuringAsksOnceForBoth(t *testing.T) {
	playScene(t, "probe", 100, 30, func(s *stage) {
		s.press("q").shows("80 samples are kept nowhere, 4 probes are in flight.  s saves, q quits without")
		if s.press("q").shows("Stopping what runs"); !s.stopped() {
			t.Fatal("the second q did not stop the run")
		}
		if s.end(context.Canceled); !s.quit {
			t.Error("the console does not end with its last run")
		}
	})
}

func TestANewMeasurementAsksBeforeItDropsSamples(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.measuring(12).end(nil).press("enter").at(host.Results)
		if s.press("a", "enter").shows("s saves, y starts without"); len(s.works) != 1 {
			t.Fatal("enter started at once")
		}
		if s.press("esc"); len(s.works) != 1 || s.Asking() {
			t.Fatal("esc did not leave things as they are")
		}
		if s.press("enter", "y"); len(s.works) != 2 {
			t.Error("y did not start")
		}
	})
}

func TestARunWithoutAJournalWarnsOnceAndGoesOn(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.atSetup().press("enter")
		lacks := session.Recording{RunID: "r1", Err: errors.New("read-only file system")}
		s.tell(lacks, probe.StartedEvent{Key: "r1", SizeBytes: 1 << 20, At: noon}).shows("no journal", "uploading").end(nil)
		s.press("a", "enter")
		s.tell(lacks, probe.StartedEvent{Key: "r1", SizeBytes: 1 << 20, At: noon}).hides("no journal").shows("uploading")
	})
}
