package rooms

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/ui/console/host"
)

// sized is a run that is over, of which every probe arrived.
func (s *stage) sized() *stage {
	s.t.Helper()
	s.measuring(12)
	for i, size := range s.last().cfg.Sizes {
		for _, d := range pair.Directions() {
			if key := fmt.Sprintf("k11-%d-%d", i, d); i > 3 {
				s.tell(probe.Sample{
					Direction: d, SizeBytes: size, Key: key, PostedAt: s.last().prober.posted[key],
					DurationMS: 5000, BracketMS: [2]float64{4900, 5100}, Outcome: probe.Replicated,
				})
			}
		}
	}
	return s.end(nil)
}

// read is all that scrolls by, with one blank for each gap.
func (s *stage) read(lines int) string {
	s.t.Helper()
	var read strings.Builder
	for range lines {
		read.WriteString(s.words() + " ")
		s.press("j")
	}
	return read.String()
}

func TestEveryColumnOfTheTableIsReachedByTheKeysThatTheFooterNames(t *testing.T) {
	t.Parallel()
	all := []string{"median", "max", "mean", "p90", "p95", "p99"}
	for _, name := range []string{"probe-table", "results", "past"} {
		for width := 60; width <= 200; width += 5 {
			playScene(t, name, width, 40, func(s *stage) {
				seen := map[string]bool{}
				for range all {
					frame, footer := s.text(), s.footer()
					head := frame[strings.Index(frame, "   size "):]
					head, _, _ = strings.Cut(head, "\n")
					for _, column := range all {
						shown := strings.Contains(head, " "+column+" ")
						seen[column] = seen[column] || shown
						if shown && column != "max" && !strings.Contains(head, column+" (95 %)") {
							t.Errorf("%s, %d wide: %s has no interval: %s", name, width, column, head)
						}
						if !shown && !strings.Contains(footer, "←→ columns") {
							t.Errorf("%s, %d wide: nothing leads to %s: %s", name, width, column, footer)
						}
						if strings.Contains(footer, "←→ columns m") || strings.Contains(footer, "←→ columns p") {
							if said := slices.Contains(strings.Fields(footer), column); said == shown {
								t.Errorf("%s, %d wide: %s shown: %v, named in the footer: %v:\n%s\n%s", name, width, column, shown, said, head, footer)
							}
						}
					}
					s.press("right")
				}
				if slices.ContainsFunc(all, func(column string) bool { return !seen[column] }) {
					t.Errorf("%s, %d wide: seen %v", name, width, seen)
				}
				s.press(times(len(all), "left")...).shows("median (95 %)")
			})
		}
	}
}

func TestTheLastLineBelowATableCanBeScrolledTo(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"probe-table", "results", "past"} {
		playScene(t, name, 80, 24, func(s *stage) {
			for range 200 {
				s.press("j").text()
			}
			m := regexp.MustCompile(`lines \d+ to (\d+) of (\d+)`).FindStringSubmatch(s.text())
			if m == nil || m[1] != m[2] {
				t.Errorf("%s ends at %v:\n%s", name, m, s.text())
			}
		})
	}
}

func TestTheSizeVerdictOfEachDirectionStandsBehindAKeyAndBelowTheTable(t *testing.T) {
	t.Parallel()
	var want []string
	play(t, 200, 60, func(s *stage) {
		for line := range strings.Lines(s.sized().press("enter").at(host.Results).text()) {
			if said, found := strings.CutPrefix(line, " ● A → B: "); found {
				want = append(want, "A → B: "+strings.TrimSpace(said))
			}
			if said, found := strings.CutPrefix(line, " ◆ B → A: "); found {
				want = append(want, "B → A: "+strings.TrimSpace(said))
			}
		}
	})
	if len(want) != 2 || !strings.Contains(want[0], "per doubling") || !strings.Contains(want[1], "per doubling") {
		t.Fatalf("the results say %q", want)
	}
	play(t, 120, 40, func(s *stage) {
		s.sized()
		for _, sentence := range want {
			if strings.Contains(s.words(), sentence) {
				t.Errorf("%q takes the room of the chart:\n%s", sentence, s.text())
			}
		}
		s.press("i")
		for _, sentence := range want {
			if !strings.Contains(s.words(), sentence) {
				t.Errorf("behind the key %q is missing:\n%s", sentence, s.text())
			}
		}
	})
	play(t, 80, 24, func(s *stage) {
		s.sized()
		if strings.Contains(s.words(), want[0]) {
			t.Errorf("it takes the room of the chart:\n%s", s.text())
		}
		s.press("t")
		live := s.read(60)
		s.press("enter").at(host.Results)
		after := s.read(60)
		for _, sentence := range want {
			if !strings.Contains(live, sentence) || !strings.Contains(after, sentence) {
				t.Errorf("below the table of the probe or of the results %q is missing", sentence)
			}
		}
	})
}

func TestEveryWarningOfARunIsListedInItsResults(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}} {
		playScene(t, "results-troubled", size[0], size[1], func(s *stage) {
			words := s.read(90)
			for _, want := range []string{
				"S3 asked for fewer", "Stalls B → A", "Not confirmed", "credentials have expired", "Left behind", "Direction bias", "lifecycle rule",
				"1 different", "141 of 141 stayed", "COMPLETED", "Round trip to side B",
			} {
				if !strings.Contains(words, want) {
					t.Errorf("at %v %q is nowhere", size, want)
				}
			}
		})
	}
}

// What this run agrees to changes neither the pair nor what was measured of it.
func TestAgreeingToAMergeKeepsTheMeasurement(t *testing.T) {
	play(t, 120, 40, func(s *stage) {
		s.measuring(35).end(nil).press("enter").at(host.Results)
		before := s.text()
		s.Engines().Survey = func(_ context.Context, _ account.Access, p pair.Pair, agreed pair.Consent) (session.Plans, error) {
			found := demoSurvey(p)
			if without(&found); agreed == 0 {
				found.SetUp.Findings = []survey.Finding{{Severity: survey.Blocker, Title: "rules of others", Consent: pair.Merge}}
			}
			return found, nil
		}
		s.press("esc", "esc").at(host.Plan).press("r").shows("a agree")
		if s.press("a"); s.Agreed() != pair.Merge {
			t.Fatalf("agreed to %q:\n%s", s.Agreed(), s.text())
		}
		if s.press("enter").at(host.Probe).press("enter").at(host.Results); s.text() != before {
			t.Errorf("the measurement changed:\n%s", s.text())
		}
	})
}

func TestAMeasuredPairIsListedAsItWasMeasured(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.surveyed(without)
		s.withProfile("dev").press("enter", "enter").measuring(7)
		was := s.Pair
		s.Access.Profile, s.Pair.A.Bucket = "prod", "another"
		s.says([]string{destroys(was, "--profile dev"), "may be left under"}, "--profile prod", "another")
	})
}

func TestAJournalThatFailsMidRunIsCalledIncomplete(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.recording().measuring(12).tell(broken()).end(nil).press("enter").at(host.Results)
		if !strings.Contains(s.words(), "is incomplete, writing it failed") {
			t.Errorf("the results:\n%s", s.text())
		}
		s.says([]string{"Raw samples: " + demoJournal + " is incomplete, writing it failed"})
	})
}
