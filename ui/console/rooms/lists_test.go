package rooms

import (
	"fmt"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// manyBuckets are those of a region: bucket-00 to bucket-59, and one called needle.
func manyBuckets() []string {
	var names []string
	for i := range 60 {
		names = append(names, fmt.Sprintf("bucket-%02d", i))
	}
	return append(names, "the-needle")
}

func TestBucketsAreFiltered(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
		play(t, size[0], size[1], func(s *stage) {
			s.buckets(manyBuckets()...)
			s.described(map[string]account.Description{"the-needle": {Holder: account.Ours, Versioning: "Enabled"}})
			s.open().press("enter").at(host.SideA).shows("bucket-00").press("/").typed("need").shows("/ need", "▸ the-needle", "versioned").hides("bucket-0")
			s.fits(size[0], size[1])
			s.press("enter").at(host.SideB)
			if s.Pair.A.Bucket != "the-needle" {
				t.Errorf("%s was taken", s.Pair.A.Bucket)
			}
		})
	}
	play(t, 80, 24, func(s *stage) {
		s.buckets(manyBuckets()...)
		s.open().press("enter", "/").typed("need").press("esc").shows("▸ the-needle", "bucket-5").hides("/ need").at(host.SideA)
		s.press("/").typed("bucket-1").press("down", "j").shows("/ bucket-1", "▸ bucket-12") // an arrow gives the letters back
		s.press("esc", "esc").shows("take this region")
	})
}

func TestListsGoByPagesAndToTheirEnds(t *testing.T) {
	t.Parallel()
	for name, list := range map[string]struct {
		open        func(s *stage)
		first, last string
	}{
		"buckets": {func(s *stage) { s.buckets(manyBuckets()...); s.open().press("enter") }, "new: ", "the-needle"},
		"regions": {func(s *stage) { s.open().press("enter", "esc") }, "us-east-1", "eusc-de-east-1"},
		"plan":    {func(s *stage) { s.atPlan() }, "i note", "» canary"},
		"runs":    {func(s *stage) { s.atRuns() }, "  20261122-115900-cccc", "  20261120-070000-dddd"},
	} {
		play(t, 80, 24, func(s *stage) {
			list.open(s)
			chosen := func() string {
				for line := range strings.Lines(s.text()) {
					if strings.Contains(line, "▸") {
						return line
					}
				}
				return ""
			}
			s.press("home")
			if at := chosen(); !strings.Contains(at, list.first) {
				t.Errorf("%s: home leads to %q", name, at)
			}
			first := chosen()
			s.press("pgdown")
			if chosen() == first {
				t.Errorf("%s: pgdn leads nowhere", name)
			}
			if s.press("pgup"); strings.TrimSpace(chosen()) == "" || !strings.Contains(chosen(), list.first) {
				t.Errorf("%s: pgup leads to %q", name, chosen())
			}
			if s.press("end"); !strings.Contains(chosen(), list.last) {
				t.Errorf("%s: end leads to %q", name, chosen())
			}
		})
	}
}

func TestRunsAreFilteredAndMarkedMeanwhile(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.atRuns().press("space", "/").typed("aaaa").shows("/ aaaa", "20261122-113000-aaaa").hides("bbbb", "cccc")
		s.press("down", "space").shows("* 20261122-113000-aaaa") // what was typed holds
		s.press("esc").shows("* 20261122-115900-cccc", "* 20261122-113000-aaaa", "bbbb").at(host.Runs)
		s.press("/").typed("nothing like it").shows("nothing matches").press("esc").shows("bbbb")
		s.press("esc").at(host.Where)
	})
}

func TestARegionOfSideAIsMarkedOnSideB(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
		play(t, size[0], size[1], func(s *stage) {
			s.open().press("enter", "enter").at(host.SideB).press("esc", "/").typed("ireland")
			if line := s.line(" eu-west-1     "); !strings.Contains(line, "! same region as A") || !strings.Contains(line, "Europe") {
				t.Errorf("at %v the region reads %q", size, line)
			}
			s.press("esc", "up", "up").press(times(12, "down")...) // and at the edge of the list
			for range 40 {
				if line := s.line(" eu-west-1     "); line != "" && !strings.Contains(line, "! same region as A") {
					t.Fatalf("at %v the region reads %q", size, line)
				}
				s.press("up")
			}
		})
	}
	play(t, 80, 24, func(s *stage) { s.open().press("enter", "esc").hides("same region") })
}

// Two lists stand on the screen of a side: which of them has the keys is told by the
// shape of the mark, in ASCII, too.
func TestOneMarkAloneSaysWhatKeysMove(t *testing.T) {
	for ascii, mark := range map[bool]string{false: "▸", true: " > "} {
		play(t, 80, 24, func(s *stage) {
			s.cfg.ASCII = ascii
			s.buckets("photos")
			s.open().press("enter").at(host.SideA)
			for _, keys := range [][]string{nil, {"esc"}, {"enter"}} {
				if n := strings.Count(s.press(keys...).text(), mark); n != 1 {
					t.Errorf("%d marks %q:\n%s", n, mark, s.text())
				}
			}
		})
	}
}

// Letters beside arrows move the same thing, and capitals scroll what stands beside
// it: on every screen.
func TestTheKeysMeanTheSameOnEveryScreen(t *testing.T) {
	inEachScene(t, func(s *stage) {
		if s.Typing() != nil || s.Asking() {
			return
		}
		for letter, arrow := range map[string]string{"j": "down", "k": "up"} {
			byLetter, a := widget.BindingOf(s.Bindings(), letter)
			byArrow, b := widget.BindingOf(s.Bindings(), arrow)
			if a != b || byLetter.Does() != byArrow.Does() {
				s.t.Errorf("%s %q, %s %q", letter, byLetter.Does(), arrow, byArrow.Does())
			}
		}
		for _, capital := range []string{"J", "K"} {
			if b, bound := widget.BindingOf(s.Bindings(), capital); bound && !strings.Contains(b.Does(), "scroll") {
				s.t.Errorf("%s %q", capital, b.Does())
			}
		}
	}, [2]int{100, 30})
}

func TestAComputerWithoutProfilesIsToldHowToUseOnesOwnAccount(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
		play(t, size[0], size[1], func(s *stage) {
			if line := s.open().line("Your own account"); !strings.Contains(line, "aws configure sso") || !strings.Contains(line, "start") {
				t.Errorf("at %v it reads %q:\n%s", size, line, s.text())
			}
		})
		play(t, size[0], size[1], func(s *stage) {
			s.profiles(account.Profile{Name: "dev"}).open().hides("Your own account")
		})
	}
}
