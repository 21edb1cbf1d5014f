package stats

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// ended holds n samples of each direction with the outcomes that outcome gives
// them; those that did not arrive were watched for so long.
func ended(n [2]int, watched float64, outcome func(d pair.Direction, i int) probe.Outcome) *Collector {
	c := NewCollector()
	for _, d := range pair.Directions() {
		for i := range n[d] {
			s := replicated(d, 1024, 4000*math.Exp(.6*math.Sin(float64(3*i)+float64(d))))
			if s.Outcome = outcome(d, i); s.Outcome != probe.Replicated {
				s.DurationMS, s.BracketMS = watched, [2]float64{watched, watched}
			}
			c.Add(s)
		}
	}
	return c
}

func TestTooFewToSayWhatWouldHaveBeenShownIsSaidOnlyWhereMoreWouldTell(t *testing.T) {
	gaveUp := ended([2]int{8, 8}, 60000, func(pair.Direction, int) probe.Outcome { return probe.GaveUp })
	none := ended([2]int{8, 8}, 60000, func(d pair.Direction, i int) probe.Outcome {
		if d == pair.AtoB && i < 4 {
			return probe.Replicated
		}
		return probe.GaveUp
	})
	found := NewCollector()
	for i := range 8 {
		for _, d := range pair.Directions() {
			found.Add(atFirst(d, 1024, 500+float64(i)))
		}
	}
	for name, v := range map[string]Verdict{
		"all gave up": gaveUp.CompareDirections(Once), "all were there": found.CompareDirections(Once), "none arrived one way": none.CompareDirections(Once),
		"all gave up, of runs": CompareRuns(gaveUp, gaveUp, pair.AtoB, Once),
	} {
		if e := v.Event(); !v.Enough || e.Line() != e.Sentence || e.TooFewForPower {
			t.Errorf("%s: %s", name, e.Line())
		}
	}
}

func TestWhatWouldHaveBeenShownCountsInEachGroupWhatHasAPlace(t *testing.T) {
	all := func(pair.Direction, int) probe.Outcome { return probe.Replicated }
	fifth := func(_ pair.Direction, i int) probe.Outcome {
		if i%5 == 0 {
			return probe.Replicated
		}
		return probe.Interrupted
	}
	most := func(_ pair.Direction, i int) probe.Outcome {
		if i%10 == 0 {
			return probe.GaveUp
		}
		return probe.Replicated
	}
	for name, c := range map[string]struct {
		of   *Collector
		want string
	}{
		"8 of 40 arrived":           {ended([2]int{40, 40}, 100, fifth), " Too few arrived to say what difference would have been shown."},
		"one group is small":        {ended([2]int{12, 72}, 0, all), " n is too small to say what difference would have been shown."},
		"gave up after all arrived": {ended([2]int{20, 20}, 60000, most), " Four of five such comparisons would have shown it if one took "},
	} {
		v := c.of.CompareDirections(Once)
		few := !strings.HasPrefix(c.want, " Four")
		if rest := strings.TrimPrefix(v.Line(), v.Sentence); !v.boundedInterval() || !strings.HasPrefix(rest, c.want) || v.TooFewForPower != few || (v.WouldShow == 0) != few {
			t.Errorf("%s: %s", name, v.Line())
		}
		if line, err := json.Marshal(v.Event()); err != nil || strings.Contains(string(line), `"too_few_for_power":true`) != few {
			t.Errorf("%s: %s", name, line)
		}
	}
}

func TestWhatTheCorrectionAloneWouldShowIsNotSaidToBeShown(t *testing.T) {
	c := NewCollector()
	for i := range 40 { // corrected the times are spread less than as measured
		spread := math.Exp(.6 * math.Sin(float64(3*i)))
		c.Add(seenFrom(pair.AtoB, 1000*spread, 500))
		c.Add(seenFrom(pair.BtoA, 1000*spread, 500))
	}
	v, measured := c.CompareDirections(Once), *c
	measured.unknown = [2]int{1, 1}
	raw := measured.CompareDirections(Once)
	if !v.Corrected || raw.Corrected || v.Shown || !(v.WouldShow >= raw.WouldShow) || !(v.WouldShow > math.Exp(1e-9)) || v.Upper >= raw.Upper {
		t.Errorf("%+v, as measured %+v", v, raw)
	}
}

func TestAVerdictWithoutABoundSaysWhy(t *testing.T) {
	outcomes := func(o probe.Outcome) *Collector {
		return ended([2]int{12, 12}, 60000, func(d pair.Direction, i int) probe.Outcome {
			if d == pair.BtoA && i > 3 {
				return o
			}
			return probe.Replicated
		})
	}
	found := NewCollector()
	for i := range 12 {
		found.Add(atFirst(pair.AtoB, 1024, 500+float64(i)))
		found.Add(replicated(pair.BtoA, 1024, 5000+float64(i)))
	}
	var away []InFlight
	for range 30 {
		away = append(away, InFlight{pair.AtoB, 1024, time.Hour}, InFlight{pair.BtoA, 1024, time.Hour})
	}
	for want, v := range map[Reason]Verdict{
		TooManyGaveUp: outcomes(probe.GaveUp).CompareDirections(Once), TooManyInterrupted: outcomes(probe.Interrupted).CompareDirections(Anytime),
		TooManyAtFirst: found.CompareDirections(Once), TooManyInFlight: ended([2]int{12, 12}, 0, func(pair.Direction, int) probe.Outcome { return probe.Replicated }).Underway(away).CompareDirections(SoFar),
		"": apart(20).CompareDirections(Once),
	} {
		e := v.Event()
		if v.Reason != want || !v.Enough || (e.Ratio == nil || e.Lower == nil || *e.Lower == 0 || e.Upper == nil) == (want == "") || !v.estimated() && !strings.Contains(v.Sentence, want.unknown()) {
			t.Errorf("want %q: %+v", want, v)
		}
	}
}
