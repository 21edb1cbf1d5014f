package rooms

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/console/host"
	"bothways/ui/figure"
)

// late is one more sample than the scenes have.
func late() probe.Sample {
	return probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, Key: "came-late", DurationMS: 31000, Outcome: probe.Replicated, PostedAt: noon}
}

func TestATerminalThatIsTooSmallSaysWhatIsNeededAndKeepsMeasuring(t *testing.T) {
	play(t, 59, 16, func(s *stage) {
		s.cfg.Width = 60
		s.measuring(3)
		s.resize(59, 16).shows("60 x 16")
		s.tell(late())
		s.resize(80, 24).shows("lost 0  n 17 +2")
	})
}

func TestAResizeStormLeavesTheScreenWhole(t *testing.T) {
	t.Parallel()
	playScene(t, "probe", 200, 60, func(s *stage) {
		want := s.text()
		for i := range 500 {
			width, height := []int{20, 0, 200, 61, 80}[i%5], []int{5, 0, 60, 17}[i%4]
			s.resize(width, height).fits(width, height)
		}
		if got := s.resize(200, 60).text(); got != want {
			t.Fatalf("after the storm:\n%s\nbefore:\n%s", got, want)
		}
	})
}

func TestASCIIMarksAreTheSameInTheChartAndBesideIt(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.cfg.ASCII = true
		s.measuring(7)
		for _, mark := range []string{"o", "x"} {
			head, chart, _ := strings.Cut(s.text(), "by size")
			if !strings.Contains(head, " "+mark+" ") || !strings.Contains(chart, mark+"|") {
				t.Errorf("%q is not both at the head and in the chart:\n%s", mark, s.text())
			}
		}
	})
}

func TestAFrameIsBuiltOnlyWhenSomethingChanged(t *testing.T) {
	playScene(t, "probe", 200, 60, func(s *stage) {
		first := s.View().Content
		s.Pair.A.Bucket = "changed behind the model's back"
		s.send(tea.MouseMotionMsg{X: 3, Y: 3})
		s.send(tea.FocusMsg{})
		if s.View().Content != first {
			t.Error("a message without meaning rebuilt the frame")
		}
		s.press("f")
		if s.View().Content == first {
			t.Error("a key did not rebuild the frame")
		}
	})
}

func TestALongNoticeIsWrappedAndNeverTakesTheFrame(t *testing.T) {
	playScene(t, "probe", 60, 16, func(s *stage) {
		s.Say(strings.Repeat("long words ", 40))
		s.fits(60, 16)
		if n := strings.Count(s.shows("q quit").text(), "long words"); n < 10 {
			t.Errorf("%d of its words are shown:\n%s", n, s.text())
		}
	})
}

func TestAStallIsSaidWhenItBeginsAndWhenItEnds(t *testing.T) {
	playScene(t, "probe", 100, 30, func(s *stage) {
		s.tell(probe.StallEvent{Direction: pair.BtoA, Stalled: true, QuietMS: 62_400, InFlight: 3, At: noon}).shows("✗ B → A: nothing has arrived for 1 min 2 s, 2 probes wait")
		s.tell(probe.StallEvent{Direction: pair.BtoA, QuietMS: 90_000, At: noon}).shows("B → A: something arrived again, after 1 min 30 s").hides("nothing has arrived")
	})
}

func TestFreezingStaysNamedWhileFrozen(t *testing.T) {
	playScene(t, "probe", 80, 24, func(s *stage) {
		s.press("f").shows("Frozen; measuring goes on.", "f unfreeze")
	})
}

func TestFreezingKeepsTheScreenWhileSamplesComeIn(t *testing.T) {
	playScene(t, "probe", 100, 30, func(s *stage) {
		before := s.press("f").text()
		if s.tell(late()); s.text() != before {
			t.Error("the frozen screen changed")
		}
		s.press("f").shows("n 41 +2")
	})
}

func TestWhatIsFrozenIsLookedAtInEveryView(t *testing.T) {
	playScene(t, "probe", 100, 30, func(s *stage) {
		s.press("f")
		s.tell(late())
		for _, view := range views[1:] {
			s.press("v").shows(view+" (view", "n 40 +2", "Frozen")
		}
		s.press("t").shows("median (95 %)", "   40  ").hides("   41  ")
		s.press("t", "v", "v", "+").hides("cannot").press("f").shows("over time (view", "n 41 +2")
	})
}

func TestThePauseReachesTheEngine(t *testing.T) {
	playScene(t, "probe", 100, 30, func(s *stage) {
		if s.press("space").shows("no new probe is started"); !s.last().prober.paused {
			t.Error("space did not pause it")
		}
		if s.press("space"); s.last().prober.paused {
			t.Error("space did not let it go on")
		}
	})
}

func TestStoppingAMeasurementIsAskedFirst(t *testing.T) {
	playScene(t, "probe", 100, 30, func(s *stage) {
		if s.press("esc").shows("Stop measuring? The 80 samples so far are kept.  y / N"); s.stopped() {
			t.Fatal("esc stopped it")
		}
		if s.press("esc"); s.stopped() || s.Asking() {
			t.Fatal("esc is not a yes")
		}
		if s.press("esc", "y").shows("round 7 of 12, stopping"); !s.stopped() {
			t.Fatal("y did not stop it")
		}
		s.end(context.Canceled).shows("round 7 of 12, stopped").hides("next start")
	})
}

func TestAQuestionGoesWhenItsRunEndsByItself(t *testing.T) {
	playScene(t, "probe", 100, 30, func(s *stage) {
		s.press("esc").shows("Stop measuring?")
		if s.end(nil).hides("Stop measuring?"); s.Asking() {
			t.Error("it is still asked whether to stop")
		}
	})
}

func TestQuittingAsksOnceWhileProbesAreInFlight(t *testing.T) {
	playScene(t, "quit", 100, 30, func(s *stage) {
		if s.press("esc").at(host.Probe); s.Asking() || s.stopped() {
			t.Fatal("esc did not go on")
		}
		if s.press("q", "y").shows("Stopping what runs"); !s.stopped() {
			t.Fatal("y did not stop the run")
		}
		if s.end(context.Canceled); !s.quit {
			t.Error("the console does not end with its last run")
		}
	})
}

func TestTheQuestionWhetherToQuitIsAskedOnATooSmallScreen(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.recording().measuring(7).resize(50, 15).press("q")
		if !strings.Contains(s.words(), "stop and quit? y / N") {
			t.Errorf("the question is not shown:\n%s", s.text())
		}
	})
}

func TestARunThatEndsWithAnErrorShowsItWhole(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.atSetup().press("enter")
		s.end(errors.New("side B: listing is denied, so an absent object cannot be told from a hidden one: grant s3:ListBucket"))
		if s.shows("The measurement did not start"); !strings.Contains(s.words(), "grant s3:ListBucket") {
			t.Errorf("the screen:\n%s", s.text())
		}
	})
}

// The views of the charts, in their order.
var views = []string{"by size", "over time", "histogram"}

func TestTheViewsGoRoundAsTheFooterAndTheTitleSay(t *testing.T) {
	for name, height := range map[string]int{"probe": 24, "results": 28} { // the title's line has room
		playScene(t, name, 80, height, func(s *stage) {
			if name == "results" {
				s.press("t")
			}
			for range 2 {
				for i, view := range views {
					s.shows(view + " (view " + string(rune('1'+i)) + " of 3): " + figure.Title)
					if next := views[(i+1)%len(views)]; !strings.Contains(s.footer(), "v "+next) {
						t.Errorf("%s: after %q the footer does not name %q: %s", name, view, next, s.footer())
					}
					s.press("v")
				}
			}
		})
	}
}

func TestAViewThatHasNoRoomIsNotOffered(t *testing.T) {
	playScene(t, "probe", 60, 16, func(s *stage) {
		s.Say(strings.Repeat("words ", 40))
		s.hides("v over time").shows("● A → B ━")
		s.press("v").shows("so few rows have room for bars")
		s.resize(80, 24).shows("by size (view 1 of 3)")
		s.press("v").shows("over time (view 2 of 3)")
	})
}

func TestAChartThatCannotZoomFurtherSaysSo(t *testing.T) {
	playScene(t, "probe-time", 100, 30, func(s *stage) {
		s.press(times(10, "+")...).shows("cannot zoom further in")
	})
}

func TestWhatEveryLookMeansIsSaidWhileItMatters(t *testing.T) {
	playScene(t, "probe", 120, 40, func(s *stage) {
		s.hides("every look").press("i").shows("95 % at every look: holds however often you look").press("i").hides("every look")
	})
	play(t, 120, 40, func(s *stage) {
		s.sized().shows("round 12 of 12, done").press("i").hides("95 % at every look: holds") // it ended as planned
	})
}
