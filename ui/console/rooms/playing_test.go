//go:build !race

package rooms

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/ui/console"
)

// playing is a configuration of a demo, from the first screen on.
func playing(t *testing.T, length time.Duration) console.Config {
	t.Helper()
	cfg := hurried(t)
	cfg.Pair, cfg.Access, cfg.Profiles, cfg.Demo = nil, nil, nil, &console.Demo{Length: length}
	return cfg
}

// A demo with a length plays from the first screen to the results by itself, in that
// time, and says all along what it is.
func TestADemoPlaysARunByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		x := open(t, playing(t, 2*time.Minute), 80, 24)
		defer time.Sleep(time.Minute) // notices end, too
		defer x.leave()
		x.Wait("DEMO", "All is simulated", "▸ Sandbox")
		for _, place := range []string{"2/8 Side A", "3/8 Side B", "4/8 Options", "5/8 Plan", "6/8 Apply", "7/8 Probe", "8/8 Results"} {
			x.Wait(place, "DEMO", "SANDBOX  simulated distances")
		}
		x.Wait("Every median comes with its interval", "loop check  ✓")
		x.Wait("That was the demo")
		if took := time.Since(begun); took < 2*time.Minute || took > 2*time.Minute+10*time.Second {
			t.Errorf("it takes %v", took)
		}
		if strings.Contains(x.Shown(), "DEMO") {
			t.Errorf("it goes on:\n%s", x.Shown())
		}
		x.Press("x")
		x.Wait("Remove", "y / N")
	})
}

// Without one it waits for the speaker at each screen, for whom space and Enter go
// on; any other key ends it, and does what it does.
func TestASpeakerGoesOnOrTakesOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := open(t, playing(t, 0), 120, 40)
		defer time.Sleep(time.Minute) // notices end, too
		defer x.leave()
		x.Wait("DEMO", "▸ 1 Where", "DEMO: space goes on", "Any other")
		time.Sleep(time.Hour)
		x.Wait("▸ 1 Where", "DEMO: space goes on")
		for i, at := range []string{"Side A is a bucket", "It may be there already", "Side B lies far away", "Both sides are origin", "What replicates is said", "The plan, before anything"} {
			x.Press([]string{" ", enter}[i%2])
			x.Wait(at, "DEMO: space goes on")
		}
		x.Press(" ")
		x.Wait("What does not depend")
		x.Press("   ") // too early: they press nothing
		x.Wait("go on to the measurement", "DEMO: space goes on")
		x.Press(" ")
		x.Wait("What to measure", "DEMO: space goes on")
		x.Press(" ")
		x.Wait("round 2 of 12", "Each mark is a file")
		x.Press("t")
		x.Wait("median (95 %)", "The demo has ended: the keys are yours.")
		x.Press(" ")
		x.Wait("space go on") // which pauses, as it does without a demo
		if strings.Contains(x.Shown(), "DEMO") {
			t.Errorf("it goes on:\n%s", x.Shown())
		}
	})
}
