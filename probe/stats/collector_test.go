package stats

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

func TestEveryOutcomeIsCountedAndNoneIsDropped(t *testing.T) {
	c := NewCollector()
	for _, o := range []probe.Outcome{probe.Replicated, probe.Replicated, probe.GaveUp, probe.Failed, probe.Interrupted, probe.Suspended} {
		c.Add(probe.Sample{Direction: pair.BtoA, SizeBytes: 1024, DurationMS: 5000, HEADs: 12, Unknowns: 1, Outcome: o, LeftCensored: o == probe.Replicated})
	}
	want := Counts{Probes: 6, N: 4, Replicated: 2, GaveUp: 1, Failed: 1, Interrupted: 1, Suspended: 1, LeftCensored: 2, HEADs: 72, Unknowns: 6}
	for name, s := range map[string]Summary{"direction": c.Direction(pair.BtoA), "cell": c.Cell(pair.BtoA, 1024)} {
		if s.Counts != want {
			t.Errorf("%s: %+v, want %+v", name, s.Counts, want)
		}
		if s.HEADsPerSample() != 12 || s.Last.Outcome != probe.Suspended {
			t.Errorf("%s: %v HEADs a sample, last %v", name, s.HEADsPerSample(), s.Last)
		}
	}
	if s := c.Direction(pair.AtoB); s.Counts != (Counts{}) || s.Median.State != NotEnough {
		t.Errorf("the other direction has %+v", s)
	}
}

func TestSummaryOfTwelveSamples(t *testing.T) {
	c := NewCollector()
	for i := range 12 {
		c.Add(replicated(pair.AtoB, 131072, float64(1000*(i+1))))
	}
	s := c.Cell(pair.AtoB, 131072)
	want := Quantile{State: Known, Value: 6500 * time.Millisecond, Lower: 2910 * time.Millisecond, Upper: 10300 * time.Millisecond}
	if s.Median != want {
		t.Errorf("median %+v, want %+v", s.Median, want)
	}
	if s.P90.Missing != 17 || s.P95.Missing != 47 || s.P99.Missing != 287 {
		t.Errorf("missing for p90, p95 and p99: %d, %d and %d", s.P90.Missing, s.P95.Missing, s.P99.Missing)
	}
	if s.P90.State != NotEnough || s.P95.State != NotEnough {
		t.Errorf("p90 %+v and p95 %+v of twelve samples", s.P90, s.P95)
	}
	if s.Max.State != Known || s.Max.Value != 12*time.Second {
		t.Errorf("max %+v", s.Max)
	}
}

func TestSummaryEventIsNullWhereThereIsNotEnough(t *testing.T) {
	c := NewCollector()
	for i := range 12 {
		c.Add(replicated(pair.AtoB, 131072, float64(1000*(i+1))))
	}
	line, err := pair.EncodeEvent(c.Cell(pair.AtoB, 131072).Event())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"event":"summary","direction":"AtoB","size_bytes":131072,"n":12,"median_ms":6500,"median_interval_ms":[2910,10300],"mean_ms":6500,"mean_interval_ms":[4569.31127,9246.470093],"mean_bracket_ms":195,` +
		`"p90_ms":null,"p90_interval_ms":null,"p95_ms":null,"p95_interval_ms":null,"p99_ms":null,"p99_interval_ms":null,"max_ms":12000,"missing":{"p90":17,"p95":47,"p99":287},"probes":12,"replicated":12,"gave_up":0,"failed":0,"interrupted":0,` +
		`"suspended":0,"left_censored":0,"unknowns":0,"heads":168,"heads_per_sample":14}`
	if string(line) != want {
		t.Errorf("\n got %s\nwant %s", line, want)
	}
}

func TestSummaryEventHasTheTailsIntervalsFromTheSamplesThatTheyTake(t *testing.T) {
	c := NewCollector()
	for i := range 59 {
		c.Add(replicated(pair.AtoB, 131072, float64(1000*(i+1))))
	}
	e := c.Direction(pair.AtoB).Event()
	// Of 59 the binomial tables have the ranks 48 and 58 for p90. For p95 the
	// largest leaves 4.8 % above, and rank 50 the rest of the 5 % below. The
	// brackets reach 3 % below the middles and 3 % above.
	for name, is := range map[string]struct {
		got          *IntervalMS
		lower, upper float64
	}{"p90": {e.P90IntervalMS, 48000 * .97, 58000 * 1.03}, "p95": {e.P95IntervalMS, 50000 * .97, 59000 * 1.03}} {
		if is.got == nil || is.got[1] == nil || math.Abs(*is.got[0]-is.lower) > 1e-3 || math.Abs(*is.got[1]-is.upper) > 1e-3 {
			t.Errorf("%s: %+v, want %v to %v", name, is.got, is.lower, is.upper)
		}
	}
	if e.P99IntervalMS != nil {
		t.Errorf("p99 of 59: %+v", e.P99IntervalMS)
	}
}

func TestSummaryEventSaysWhatTheGiveUpsExceed(t *testing.T) {
	c := NewCollector()
	for i := range 12 {
		s := replicated(pair.AtoB, 131072, float64(1000*(i+1)))
		if i >= 5 {
			s.Outcome, s.DurationMS = probe.GaveUp, 900000
		}
		c.Add(s)
	}
	e := c.Direction(pair.AtoB).Event()
	if e.SizeBytes != nil || e.MedianMS != nil || e.MedianOverMS == nil || *e.MedianOverMS != 900000 {
		t.Errorf("%+v", e)
	}
	if e.MedianIntervalMS == nil || *e.MedianIntervalMS[0] != 2910 || e.MedianIntervalMS[1] != nil {
		t.Errorf("interval %+v, want from 2910, open", e.MedianIntervalMS)
	}
}

func TestEventsAreOneLineOfJSONEachWhateverTheSamples(t *testing.T) {
	for name, fill := range map[string]func(*Collector){
		"nothing": func(*Collector) {},
		"strange": func(c *Collector) {
			for i := range 30 {
				for _, d := range pair.Directions() {
					c.Add(replicated(d, int64(i%2)*math.MaxInt64, []float64{0, -1, math.MaxFloat64, math.NaN(), math.Inf(1)}[i%5]))
				}
			}
			c.Add(probe.Sample{Direction: 7, Outcome: probe.Replicated})
		},
		"only give-ups": func(c *Collector) {
			for i := range 30 {
				for _, d := range pair.Directions() {
					s := replicated(d, int64(1+i%2), 900000)
					s.Outcome = probe.GaveUp
					c.Add(s)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := NewCollector()
			fill(c)
			for _, e := range c.Events(Once) {
				line, err := pair.EncodeEvent(e)
				if err != nil || !json.Valid(line) {
					t.Errorf("%s: %v", line, err)
				}
			}
		})
	}
}

func TestOrderOfSamplesDoesNotChangeTheSummary(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	samples := simulated(r, 400)
	first := NewCollector()
	for _, s := range samples {
		first.Add(s)
	}
	r.Shuffle(len(samples), func(i, j int) { samples[i], samples[j] = samples[j], samples[i] })
	second := NewCollector()
	for _, s := range samples {
		second.Add(s)
	}
	for _, size := range first.Sizes() {
		for _, d := range pair.Directions() {
			a, b := first.Cell(d, size), second.Cell(d, size)
			a.Last, b.Last = Last{}, Last{}
			if a != b {
				t.Errorf("%v %d: %+v and %+v", d, size, a, b)
			}
		}
	}
	if a, b := first.CompareDirections(Once), second.CompareDirections(Once); a != b {
		t.Errorf("%+v and %+v", a, b)
	}
}

func TestQuantilesAreOrdered(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	for range 50 {
		c := NewCollector()
		for _, s := range simulated(r, 60+r.IntN(400)) {
			c.Add(s)
		}
		for _, d := range pair.Directions() {
			s := c.Direction(d)
			for _, q := range []Quantile{s.Median, s.P90, s.P95} {
				if q.State == Known && (q.Lower > q.Value || q.Value > q.Upper) {
					t.Errorf("%+v is outside its interval", q)
				}
			}
			if s.Median.Value > s.P90.Value || s.P90.Value > s.P95.Value || s.P95.Value > s.Max.Value {
				t.Errorf("not ordered: %v %v %v %v", s.Median, s.P90, s.P95, s.Max)
			}
		}
	}
}

// simulated returns samples over six sizes and two directions, a few of them
// censored.
func simulated(r *rand.Rand, n int) []probe.Sample {
	samples := make([]probe.Sample, n)
	for i := range samples {
		d := pair.Direction(i % 2)
		s := replicated(d, 131072<<(i/2%6), []float64{4000, 9300}[d]*math.Exp(0.6*r.NormFloat64()))
		switch {
		case s.DurationMS > 30000:
			s.Outcome, s.DurationMS = probe.GaveUp, 30000
		case r.IntN(200) == 0:
			s.Outcome, s.DurationMS = probe.Interrupted, s.DurationMS*r.Float64()
		}
		samples[i] = s
	}
	return samples
}

// BenchmarkFrame is one sample added and everything read that the console
// shows in a frame.
func BenchmarkFrame(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			r := rand.New(rand.NewPCG(21, 22))
			c := NewCollector()
			for i, s := range simulated(r, n) {
				if s.Outcome == probe.Interrupted && i < n-12 {
					s.Outcome = probe.Replicated // a run is interrupted once, at its end
				}
				c.Add(s)
			}
			next := simulated(r, 1000)
			for i := range next {
				if next[i].Outcome == probe.Interrupted {
					next[i].Outcome = probe.Replicated
				}
			}
			b.ReportAllocs()
			b.ResetTimer()
			for i := 0; b.Loop(); i++ {
				c.Add(next[i%len(next)])
				for _, d := range pair.Directions() {
					_ = c.Direction(d)
				}
				_ = c.Cells()
				_ = c.CompareDirections(Once)
				_ = c.CompareSizes(Once)
			}
		})
	}
}
