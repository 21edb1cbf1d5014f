package rooms

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/ui/console/host"
)

// Whatever there is to say, the chart has two thirds of the rows between the frame's
// rules, at every size from 80x24 up and in every view.
func TestTheChartHasTwoThirdsOfTheBody(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(s *stage){
		"probe":            func(*stage) {},
		"probe-alarmed":    func(*stage) {},
		"probe-cursor":     func(*stage) {},
		"results-troubled": func(s *stage) { s.press("t") },
		"past":             func(s *stage) { s.press("t") },
	} {
		playScene(t, name, 80, 24, func(s *stage) {
			open(s)
			for range views {
				for height := 24; height <= 60; height++ {
					for width := 80; width <= 200; width += 24 {
						s.resize(width, height)
						chart, body := chartRowsOf(s.text())
						if 3*chart < 2*body {
							t.Errorf("%s at %dx%d: the chart has %d rows of %d:\n%s", name, width, height, chart, body, s.text())
						}
					}
				}
				s.press("v")
			}
		})
	}
}

// chartRowsOf counts the rows of a frame's chart, with its title and its axes, and
// those of the body, which a notice is no part of.
func chartRowsOf(frame string) (chart, body int) {
	var rules []int
	lines := strings.Split(frame, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "────") {
			rules = append(rules, i)
		}
	}
	first, last := -1, -1
	for i := rules[0] + 1; i < rules[len(rules)-1]; i++ {
		if line := lines[i]; strings.ContainsAny(line, "│┤└") || strings.Contains(line, "(view ") {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return last - first + 2, rules[len(rules)-1] - rules[0] - 1 // the labels below the axis
}

func TestWhatIsLostIsTheHeadlineAtOnceAndInTheResults(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
		playScene(t, "probe-alarmed", size[0], size[1], func(s *stage) {
			want := "✗ A → B: 26 of 66 did not arrive within 15 min"
			first := func() string { return strings.Split(s.text(), "\n")[bodyTopOf(size[1])] }
			if !strings.Contains(first(), want) {
				t.Errorf("at %v the screen begins with %q", size, first())
			}
			if s.end(nil).press("enter").at(host.Results); !strings.Contains(first(), want) {
				t.Errorf("at %v the results begin with %q", size, first())
			}
			if s.press("t"); !strings.Contains(first(), want) {
				t.Errorf("at %v their chart begins with %q", size, first())
			}
		})
	}
}

// bodyTopOf is the first line of a screen on a terminal of a height.
func bodyTopOf(height int) int {
	if height >= 30 {
		return bodyTop + 1
	}
	return bodyTop
}

func TestTheBellRingsOnceForEachAlarmAndAtTheEnd(t *testing.T) {
	playScene(t, "probe", 100, 30, func(s *stage) {
		rung := func(n int, what string) {
			t.Helper()
			if s.bells != n {
				t.Errorf("after %s it rang %d times, want %d", what, s.bells, n)
			}
		}
		gaveUp := func(key string) probe.Sample {
			return probe.Sample{Direction: pair.AtoB, SizeBytes: 1 << 20, Key: key, DurationMS: 15000, Outcome: probe.GaveUp, PostedAt: noon}
		}
		s.tell(late())
		rung(0, "an arrival")
		s.tell(gaveUp("one"))
		rung(1, "a loss")
		s.tell(gaveUp("two"))
		rung(1, "one more")
		stall := probe.StallEvent{Direction: pair.BtoA, Stalled: true, QuietMS: 62_000, InFlight: 3, At: noon}
		s.tell(stall)
		rung(2, "a stall")
		s.tell(probe.StallEvent{Direction: pair.BtoA, QuietMS: 90_000, At: noon})
		s.tell(stall)
		rung(3, "another stall")
		s.tell(probe.NoticeEvent{Level: probe.Warning, Side: pair.B, Access: probe.AccessLost, Text: "expired"})
		rung(4, "credentials that expired")
		s.end(nil)
		rung(5, "the end")
	})
}

func TestTheTitleAndTheTerminalsProgressSayThatSomethingIsAmiss(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.cfg.Environ = []string{"WT_SESSION=1"}
		s.measuring(7)
		if v := s.View(); v.WindowTitle != "bothways: Probe, 55 %" || v.ProgressBar == nil || v.ProgressBar.State != tea.ProgressBarDefault || v.ProgressBar.Value != 55 {
			t.Errorf("title %q, progress %+v", v.WindowTitle, v.ProgressBar)
		}
		s.tell(alarming()...)
		if v := s.View(); v.WindowTitle != "bothways: Probe, ✗ A → B lost" || v.ProgressBar == nil || v.ProgressBar.State != tea.ProgressBarError {
			t.Errorf("title %q, progress %+v", v.WindowTitle, v.ProgressBar)
		}
		if v := s.end(nil).View(); v.ProgressBar != nil {
			t.Errorf("after the end: progress %+v", v.ProgressBar)
		}
	})
}

func TestExpiredCredentialsAreAnAlarmUntilTheyAreRenewed(t *testing.T) {
	playScene(t, "probe", 100, 30, func(s *stage) {
		const said = "✗ Side B does not take these credentials any more"
		lost := probe.NoticeEvent{Level: probe.Warning, Side: pair.B, Access: probe.AccessLost, Text: "side B: expired"}
		s.tell(lost).shows(said)
		s.tell(probe.NoticeEvent{Level: probe.Info, Side: pair.B, Access: probe.AccessRegained, Text: "Side B takes the credentials again"}).hides(said).shows("i Side B takes")
		s.run(s.GoTo(host.Runs))
		s.tell(lost).shows("! side B: expired")
	})
}

func TestSizesThatWerePlannedHaveTheirColumnsFromTheStart(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.atSetup().press("enter")
		cfg := s.last().cfg
		s.tell(measured(cfg, 1)[:3]...)
		for _, size := range []string{"128 KiB", "256 KiB", "512 KiB", "1 MiB", "2 MiB", "4 MiB"} {
			s.shows(size)
		}
		axis := s.line("└")
		if s.tell(measured(cfg, 1)[3:]...); s.line("└") != axis {
			t.Errorf("the columns moved:\n%s%s", axis, s.line("└"))
		}
		if !strings.Contains(axis, "┬") {
			t.Error(fmt.Sprint("no column: ", axis))
		}
	})
}

func TestThePickedSampleIsShownWhole(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {120, 40}, {200, 60}} {
		playScene(t, "probe", size[0], size[1], func(s *stage) {
			s.press("c").shows("◉", "80 of 80", "bracket", "14 polls", "key k", "version", "aws s3api head-object", "replica")
			first := s.line("80 of 80")
			s.press("left").shows("79 of 80", "←→ ").press("right").shows("80 of 80")
			if s.press("up"); s.line("80 of 80") == first {
				t.Errorf("up picks none that took longer:\n%s", s.text())
			}
			s.press("c").shows("copied")
			if s.press("esc").hides("◉", "head-object"); s.Asking() {
				t.Error("esc asks something")
			}
		})
	}
}

func TestASizeIsToldFromTheOthersOverTime(t *testing.T) {
	playScene(t, "probe-time", 100, 30, func(s *stage) {
		s.hides("∘").press("z").shows("over time, 128 KiB (view", "∘")
		if n := strings.Count(s.text(), "●"); n > 10 {
			t.Errorf("%d marks are not faint:\n%s", n, s.text())
		}
		s.press("v").shows("histogram, 128 KiB (view").press("z", "z", "z", "z", "z", "z").shows("histogram (view")
	})
}

func TestTheRunIsWalkedThroughOverTime(t *testing.T) {
	playScene(t, "probe-time", 100, 30, func(s *stage) {
		s.shows(" 0 s ").press("+", "+", "+").hides("  0 s ")
		last := s.text()
		if s.press("left").text() == last {
			t.Error("left shows nothing earlier")
		}
		if s.press("home").shows(" 0 s "); s.press("end").text() != last {
			t.Errorf("end does not lead back:\n%s\nwas:\n%s", s.text(), last)
		}
	})
}

func TestATargetIsDrawnAndTheShareWithinItStandsBesideIt(t *testing.T) {
	playScene(t, "probe-target", 120, 40, func(s *stage) {
		s.shows("target 10 s", "within 10 s ", "╌")
		for range views {
			if s.press("v"); !strings.ContainsAny(s.text(), "╌╎") {
				t.Errorf("no target:\n%s", s.text())
			}
		}
	})
}

func TestGiveUpsStandInTheHistogramAtTheirFullCount(t *testing.T) {
	playScene(t, "probe-lost-histogram", 120, 40, func(s *stage) {
		if n := strings.Count(s.text(), "▲"); n < 20 {
			t.Errorf("26 that gave up are %d marks:\n%s", n, s.text())
		}
	})
}
