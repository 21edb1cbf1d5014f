package stats

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// lateBy is a sample of so many seconds, whose upload took one, and which began
// so many seconds late.
func lateBy(d pair.Direction, seconds, late float64) probe.Sample {
	s := replicated(d, 1024, 1000*seconds)
	s.UploadMS, s.LateMS, s.Late = 1000, 1000*late, late > probe.LateAfter.Seconds()
	return s
}

func TestLateStartsAreCountedFromTheirPlannedInstantsBesideTheOthers(t *testing.T) {
	c := NewCollector()
	for i := range 13 {
		late := 0.0
		if i >= 6 {
			late = 10
		}
		c.Add(lateBy(pair.AtoB, float64(i+1), late))
		c.Add(lateBy(pair.BtoA, float64(i+1), 0.1))
	}
	ab, ba := c.Direction(pair.AtoB), c.Direction(pair.BtoA)
	if ab.Late != 7 || ab.Median.Value != 7*time.Second || ab.FromPlan == nil {
		t.Fatalf("%+v", ab)
	}
	// From their plans: 2 to 7 s, and 18 to 24 s; the seventh of them is 18 s.
	if m := ab.FromPlan.Median; m.State != Known || m.Value != 18*time.Second || m.Lower != 3910*time.Millisecond || ab.FromPlan.P95.State != NotEnough {
		t.Errorf("%+v", ab.FromPlan)
	}
	if ba.Late != 0 || ba.FromPlan != nil {
		t.Errorf("none of the other direction was late: %+v", ba)
	}
	if cell := c.Cell(pair.AtoB, 1024); cell.Late != 7 || cell.FromPlan != nil {
		t.Errorf("a size: %+v", cell)
	}
	line, err := json.Marshal(ab.Event())
	if err != nil || !strings.HasSuffix(string(line), `"late":7,"from_planned":{"median_ms":18000,"median_interval_ms":[3910,22330],"p95_ms":null,"p95_interval_ms":null}}`) {
		t.Errorf("%s %v", line, err)
	}
	if line, err := json.Marshal(ba.Event()); err != nil || strings.Contains(string(line), "late") || strings.Contains(string(line), "planned") {
		t.Errorf("%s %v", line, err)
	}
}

func TestFromTheirPlansProbesThatGaveUpOrWereFoundAtOnceStayBounds(t *testing.T) {
	c := NewCollector()
	for i := range 12 {
		s := lateBy(pair.AtoB, 30, 5)
		switch {
		case i < 7:
			s.Outcome, s.BracketMS = probe.GaveUp, [2]float64{30000, 30000}
		case i == 11:
			s.Outcome, s.DurationMS = probe.Interrupted, 0 // never looked for
		}
		c.Add(s)
	}
	if m := c.Direction(pair.AtoB).FromPlan.Median; m.State != Beyond || m.Value != 36*time.Second {
		t.Errorf("%+v", m)
	}
	c = NewCollector()
	for range 12 {
		s := atFirst(pair.AtoB, 1024, 500)
		s.UploadMS, s.LateMS, s.Late = 1000, 2000, true
		c.Add(s)
	}
	if m := c.Direction(pair.AtoB).FromPlan.Median; m.State != AtMost || m.Value != 3500*time.Millisecond {
		t.Errorf("%+v", m)
	}
}
