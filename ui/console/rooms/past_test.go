package rooms

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/console/host"
)

// earlier is the text of the journal of an earlier run.
func earlier(t testing.TB, id string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "earlier", id+journal.Extension))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// hasRun puts a journal into the folder of the earlier runs.
func (s *stage) hasRun(name, text string) {
	s.t.Helper()
	if strings.HasPrefix(s.cfg.RunsDir, "testdata") {
		s.cfg.RunsDir = s.t.TempDir()
	}
	if err := os.WriteFile(filepath.Join(s.cfg.RunsDir, name+journal.Extension), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

const (
	longRun  = "20261122-113000-aaaa"
	shortRun = "20261121-090000-bbbb"
)

func TestTheListOfRealJournalsIsHarmlessWhateverTheirNames(t *testing.T) {
	play(t, 100, 40, func(s *stage) {
		s.hasRun("20261122-100000-\x1b]0;x\x07\x1b[2J\u202e", "{broken\x1b[2J\n")
		s.hasRun("20261121-\x9b31m", "\x1b[2J")
		s.hasRun("20261123-\x1b[2J\u202e", strings.Replace(earlier(t, shortRun), "Sandbox: simulated distances", `note \u001b[2J\u202e`, 1))
		s.atRuns()
		for range 3 {
			s.harmless("the list")
			s.press("down")
		}
		s.press("up", "up", "up", "enter").at(host.Past).harmless("the run")
	})
}

func TestARunWhoseIDIsAPathIsSavedInTheFolderAskedFor(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		dir := s.savesIn()
		s.hasRun(shortRun, strings.ReplaceAll(earlier(t, shortRun), "20261121-0", "../../20261121-0"))
		s.atRuns().press("enter").at(host.Past).press("s")
		if _, err := os.Stat(filepath.Join(dir, "bothways-"+shortRun+".html")); err != nil {
			t.Errorf("%v:\n%s", err, s.text())
		}
	})
}

func TestARunWithADamagedJournalNamesItsLinesInTheList(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		lines := strings.Split(earlier(t, shortRun), "\n")
		lines[6] = "{damaged"
		s.hasRun(shortRun, strings.Join(lines, "\n"))
		s.atRuns().shows("! damaged", "line 7 of the journal")
	})
}

func TestARunThatGoesOnIsListedSo(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.cfg.RunsDir = s.t.TempDir()
		j, err := journal.Create(s.cfg.RunsDir, journal.Opening{RunID: "20261122-115900-cccc", Command: "probe", StartedAt: noon})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = j.Close() }()
		for _, e := range []pair.Event{probe.RunEvent{RunID: "20261122-115900-cccc", Pair: demoPair(), Sizes: []int64{1}, Rounds: 9, StartedAt: noon}, late()} {
			if err := j.Record(e); err != nil {
				t.Fatal(err)
			}
		}
		s.atRuns().shows("20261122-115900-cccc", "n 1 ", "still running")
	})
}

func TestABrokenRunIsNeitherOpenedNorComparedAndSaysWhy(t *testing.T) {
	playScene(t, "runs-broken", 100, 30, func(s *stage) {
		for _, key := range []string{"enter", "space"} {
			s.press(key).at(host.Runs).shows("the run can't be read: its first line is not that of a journal").hides("reading the run", " * ")
		}
		s.press("c").shows("mark two runs with space first")
		s.press("up", "space", "up", "space", "up", "space").shows("two runs are marked already")
		if n := strings.Count(s.text(), " * "); n != 2 {
			t.Errorf("%d are marked:\n%s", n, s.text())
		}
	})
}

func TestARunThatIsReadTooLateIsDropped(t *testing.T) {
	playScene(t, "runs", 100, 30, func(s *stage) {
		_, opening := s.press("down").Update(keyNamed("enter"))
		s.shows("reading the run").press("esc").run(opening)
		s.at(host.Runs).hides("reading the run")
		_, opening = s.Update(keyNamed("enter"))
		s.run(s.GoTo(host.Where))
		s.run(opening)
		s.at(host.Where)
	})
}

func TestAnEarlierRunLeavesTheConsolesOwnMeasurementAlone(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.measuring(7).press("enter").at(host.Results).press("r").at(host.Runs).press("down", "enter").at(host.Past)
		s.press("t", "v", "v", "a", "x", "enter").at(host.Past)
		if unkept, _ := s.Unkept(); unkept != 80 || s.stopped() || len(s.works) != 1 {
			t.Errorf("%d unkept, stopped %v, measured %d times", unkept, s.stopped(), len(s.works))
		}
		s.press("esc").at(host.Runs).press("esc").at(host.Results)
		s.press("enter").at(host.Probe).shows("by size (view 1 of 3)", "round 7 of 12, next start")
	})
}

func TestAnEarlierRunShowsTheSameFiguresAsWhenItWasMeasured(t *testing.T) {
	figures := func(s *stage) (lines []string) {
		for line := range strings.Lines(s.text()) {
			if strings.Contains(line, "● A → B") || strings.Contains(line, "◆ B → A") || strings.Contains(line, "loop check") || strings.Contains(line, "Polls") {
				lines = append(lines, line)
			}
		}
		return lines
	}
	var events []pair.Event
	var live, again []string
	play(t, 200, 60, func(s *stage) {
		s.atSetup().press("enter")
		cfg := s.last().cfg
		cfg.Rounds = 7
		events = measured(cfg, 7)
		live = figures(s.tell(events...).end(nil).press("enter").at(host.Results))
	})
	play(t, 200, 60, func(s *stage) {
		s.cfg.RunsDir = s.t.TempDir()
		j, err := journal.Create(s.cfg.RunsDir, journal.Opening{RunID: "new", Command: "probe", StartedAt: noon})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if err := j.Record(e); err != nil {
				t.Fatal(err)
			}
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		again = figures(s.atRuns().press("enter").at(host.Past))
	})
	if len(live) < 18 || strings.Join(live, "") != strings.Join(again, "") {
		t.Errorf("live:\n%s\nagain:\n%s", strings.Join(live, ""), strings.Join(again, ""))
	}
}

func TestTheListShowsEachRunAsSoonAsItIsReadTheNewestFirst(t *testing.T) {
	play(t, 120, 40, func(s *stage) {
		text := earlier(t, longRun)
		for _, id := range []string{"20261120-100000-aaaa", "20261121-100000-bbbb", "20261122-100000-cccc"} {
			s.hasRun(id, text)
		}
		s.open().press("enter", "esc", "esc").at(host.Where)
		list := func() {
			_, listing := s.Update(keyNamed("r"))
			s.begin(listing)
		}
		list()
		read := 0
		for s.round() {
			if !strings.Contains(s.text(), "20261120-100000-aaaa") {
				continue // the list is not there yet
			}
			unread := strings.Count(s.text(), "not read yet")
			if unread != 3-read || strings.Count(s.text(), "eu-west-1 ⇄ ap-southeast-1  ") != 3 {
				t.Errorf("after %d: %d are not read yet:\n%s", read, unread, s.text())
			}
			if read < 3 {
				s.shows("reading the journals: " + string(rune('1'+read)) + " of 3")
			}
			if newest := s.line("20261122-100000-cccc"); strings.Contains(newest, "n 42") != (read > 0) {
				t.Errorf("after %d of the newest stands %s", read, newest)
			}
			read++
		}
		if s.hides("reading"); read != 4 {
			t.Errorf("the list was shown %d times", read)
		}

		s.press("esc").at(host.Where)
		list()
		for s.round() {
			s.hides("not read yet") // what was read and has not changed is not read again
		}
		s.press("esc").at(host.Where)
		s.hasRun("20261123-100000-dddd", earlier(t, shortRun))
		list()
		for s.line("20261123-100000-dddd") == "" {
			s.round()
		}
		if n := strings.Count(s.text(), "not read yet"); n != 1 || !strings.Contains(s.line("20261123-100000-dddd"), "not read yet") {
			t.Fatalf("the new run alone is to be read:\n%s", s.text())
		}
		if s.press("esc").at(host.Where); s.Moving() {
			t.Error("it goes on reading elsewhere")
		}
	})
}

func TestAShortListLeavesRoomForAllThatIsKnownOfARun(t *testing.T) {
	dir, err := os.MkdirTemp("", "runs") // with a short name, to be shown whole
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	play(t, 60, 16, func(s *stage) {
		s.cfg.RunsDir = dir
		s.hasRun(shortRun, earlier(t, shortRun))
		s.atRuns().shows("journal").hides("\n   …")
	})
	playScene(t, "runs", 100, 30, func(s *stage) { s.shows("journal") })
}

func TestAComparisonNamesItsFiguresAndTheirUnitAtEveryWidth(t *testing.T) {
	for _, width := range []int{60, 80, 100, 120, 200} {
		playScene(t, "runs-compared", width, 60, func(s *stage) {
			s.shows("before: median s (95 %)", "after: median s (95 %)", "after : before (95 %)")
			if n := strings.Count(s.text(), "×1.72 (1.07 to 2.96)"); n != 1 {
				t.Errorf("%d wide: the ratio stands %d times:\n%s", width, n, s.text())
			}
		})
	}
}
