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

// hits holds early samples that the first poll found after half a second, then
// late ones that took 2 s and more, at 1 KiB and A → B.
func hits(early, late int) *Collector {
	c := NewCollector()
	for i := range early {
		c.Add(atFirst(pair.AtoB, 1024, 500+float64(i)))
	}
	for i := range late {
		c.Add(replicated(pair.AtoB, 1024, 2000+float64(i)))
	}
	return c
}

func TestAQuantileAmongFirstHitsIsAtMostWhatTheFirstPollsSay(t *testing.T) {
	s := hits(40, 30).Direction(pair.AtoB)
	// Ranks 27 to 44: the lower end is a bracket's start at 0, the upper one that
	// of the fourth that was measured.
	want := Quantile{State: AtMost, AtFirst: true, Value: 534500 * time.Microsecond, Lower: 0, Upper: 2063090 * time.Microsecond}
	if s.Median != want {
		t.Errorf("%+v, want %+v", s.Median, want)
	}
	if s.P90.State != Known || s.P90.AtFirst || s.Max.State != Known {
		t.Errorf("those above are measured: p90 %+v, max %+v", s.P90, s.Max)
	}
	if s := hits(30, 40).Direction(pair.AtoB); s.Median.State != Known || s.Median.Value < 2*time.Second {
		t.Errorf("most were measured: %+v", s.Median)
	}
	if s := hits(3, 2).Direction(pair.AtoB); s.Median.State != NotEnough || !s.Median.AtFirst || s.Median.Value != 502*time.Millisecond {
		t.Errorf("too few: %+v", s.Median)
	}
	if s := hits(12, 0).Direction(pair.AtoB); s.Max.State != AtMost || s.Max.Value != 511*time.Millisecond {
		t.Errorf("the longest was found by its first poll: %+v", s.Max)
	}
}

func TestAFirstHitWithALaterPollThanAllOthersIsNotTheLongestMeasured(t *testing.T) {
	c := hits(0, 6)
	c.Add(atFirst(pair.AtoB, 1024, 60000)) // nobody could look for a minute
	if longest := c.Direction(pair.AtoB).Max; longest.State != AtMost || longest.Value != time.Minute {
		t.Errorf("%+v", longest)
	}
	c = hits(0, 6)
	c.Add(atFirst(pair.AtoB, 1024, 3000)) // its middle is less than what the others took
	if longest := c.Direction(pair.AtoB).Max; longest.State != AtMost || longest.Value != 3*time.Second {
		t.Errorf("one that may have taken longest: %+v", longest)
	}
	c = hits(0, 6)
	c.Add(atFirst(pair.AtoB, 1024, 2004))
	if longest := c.Direction(pair.AtoB).Max; longest.State != Known || longest.Value != 2005*time.Millisecond {
		t.Errorf("one that took less than the longest: %+v", longest)
	}
}

func TestFirstHitsAmongGiveUpsStayAtMost(t *testing.T) {
	c := hits(12, 0)
	for range 4 {
		late := replicated(pair.AtoB, 1024, 100)
		late.Outcome, late.BracketMS = probe.GaveUp, [2]float64{100, 100}
		c.Add(late)
	}
	if m := c.Direction(pair.AtoB).Median; m.State != AtMost || m.Value < 500*time.Millisecond || m.Lower != 0 {
		t.Errorf("%+v", m)
	}
}

func TestASummarysEventSaysAtMost(t *testing.T) {
	line, err := json.Marshal(hits(12, 0).Direction(pair.AtoB).Event())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"median_ms":null`, `"median_interval_ms":[0,509]`, `"median_at_most_ms":505.5`, `"max_ms":null,"max_at_most_ms":511`, `"p90_ms":null,"p90_interval_ms":null,"p95_ms":null`} {
		if !strings.Contains(string(line), want) {
			t.Errorf("no %s in %s", want, line)
		}
	}
}

func TestManyFirstHitsAreComparedByTheEndsOfTheirBrackets(t *testing.T) {
	build := func(early int) *Collector {
		c := NewCollector()
		for i := range 20 {
			s := replicated(pair.AtoB, 1024, 1000+10*float64(i))
			if i < early {
				s = atFirst(pair.AtoB, 1024, 1000+10*float64(i)) // its middle lies at half of that
			}
			c.Add(s)
			c.Add(replicated(pair.BtoA, 1024, 1000+10*float64(i)))
		}
		return c
	}
	few, many := build(2).CompareDirections(Once), build(3).CompareDirections(Once)
	if math.IsInf(few.Upper, 1) || few.Ratio < 1 {
		t.Errorf("a tenth: %+v", few)
	}
	// The brackets of the others reach 3 % to either side of their middles.
	if many.Lower > .95*few.Lower || many.Upper < 1.05*few.Upper {
		t.Errorf("more than a tenth do not bring in the ends: %+v, and %+v of a tenth", many, few)
	}
	v := build(20).CompareDirections(Once)
	if v.Shown || !math.IsNaN(v.Ratio) || !math.IsInf(v.Upper, 1) || v.Sentence !=
		"No comparison of the directions: too many were there at the first poll to say how many times as long B → A takes as A → B (95 %: at least 0.94, n = 20 each)." {
		t.Errorf("all: %+v", v)
	}
	slow := NewCollector()
	for i := range 12 {
		slow.Add(atFirst(pair.AtoB, 1024, 500+float64(i)))
		slow.Add(replicated(pair.BtoA, 1024, 5000+float64(i)))
	}
	if v := slow.CompareDirections(Once); !v.Shown || v.Event().Ratio != nil || v.Sentence !=
		"B → A takes longer than A → B, by how much is not known: too many were there at the first poll (95 %: at least 9.5 times as long, n = 12 each)." {
		t.Errorf("%+v", v)
	}
	if v := CompareRuns(slow, slow, pair.AtoB, Once); v.Sentence != "A → B: no comparison, too many were there at the first poll to say how many times as long it takes after as before (95 %: not bounded, n = 12 each)." {
		t.Errorf("%+v", v)
	}
}
