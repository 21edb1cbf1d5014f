package stats

import (
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

func TestProbesThatWereNeverWatchedDoNotSwellN(t *testing.T) {
	c := NewCollector()
	for i := range 12 {
		for _, d := range pair.Directions() {
			c.Add(replicated(d, 1, 4000+100*float64(i)))
		}
	}
	before := c.Direction(pair.AtoB).Median
	for range 60 {
		for _, d := range pair.Directions() {
			c.Add(probe.Sample{Direction: d, SizeBytes: 1, Outcome: probe.Interrupted})
		}
	}
	s := c.Direction(pair.AtoB)
	if s.N != 12 || s.Probes != 72 || s.Interrupted != 60 || s.Median != before {
		t.Errorf("%+v, the median was %+v", s, before)
	}
	if v := c.CompareDirections(Once); !strings.HasSuffix(v.Sentence, ", n = 12 each).") {
		t.Error(v.Sentence)
	}
}
