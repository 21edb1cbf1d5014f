package probe

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// law is a distribution of replication delays, in seconds, with the bound
// (integral of sqrt(density x survival))² that no schedule's
// HEADs x 4 x mean error can fall below.
type law struct {
	name  string
	draw  func(*rand.Rand) float64
	bound float64
}

func lognormal(r *rand.Rand, median, sigma float64) float64 {
	return median * math.Exp(sigma*r.NormFloat64())
}

var laws = []law{
	{"lognormal_4s", func(r *rand.Rand) float64 { return lognormal(r, 4, .6) }, 3.89},
	{"lognormal_9.3s", func(r *rand.Rand) float64 { return lognormal(r, 9.3, .6) }, 9.03},
	{"lognormal_40s", func(r *rand.Rand) float64 { return lognormal(r, 40, .6) }, 38.9},
	{"lognormal_1.5s", func(r *rand.Rand) float64 { return lognormal(r, 1.5, .4) }, 0},
	{"bimodal", func(r *rand.Rand) float64 {
		if r.Float64() < .3 {
			return lognormal(r, 16, .3)
		}
		return lognormal(r, 3, .3)
	}, 4.88},
	{"heavy_tail", func(r *rand.Rand) float64 {
		if r.Float64() < .03 {
			return lognormal(r, 60, .6)
		}
		return lognormal(r, 4, .6)
	}, 5.19},
}

// score is how well a schedule did over many samples.
type score struct {
	samples, heads, covered int
	relative                []float64 // errors of the midpoint as shares of the truth
	absolute                float64   // sum of the errors, seconds
}

func (s *score) headsASample() float64 { return float64(s.heads) / float64(s.samples) }

func (s *score) meanError() float64 {
	sum := 0.0
	for _, e := range s.relative {
		sum += e
	}
	return sum / float64(len(s.relative))
}

func (s *score) errorAt(quantile float64) float64 {
	slices.Sort(s.relative)
	return s.relative[int(quantile*float64(len(s.relative)))]
}

func (s *score) coverage() float64 { return float64(s.covered) / float64(s.samples) }

func (s *score) efficiency(bound float64) float64 {
	return bound / (s.headsASample() * 4 * s.absolute / float64(s.samples))
}

// simulate polls one series of 40 delays with the schedule that the probe
// uses, over a link with an uneven and jittered round trip, and scores the
// samples from the sixth on.
func simulate(r *rand.Rand, l law, rtt float64, pace Pace, total *score) {
	seconds := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	plan := polling{polls: pace.polls(), rtt: seconds(rtt)}
	var history window
	for sample := 1; sample <= 40; sample++ {
		truth := l.draw(r)
		sent, lastMiss, hitAt, heads := plan.first(), time.Duration(0), time.Duration(0), 0
		for hitAt == 0 {
			heads++
			there := rtt * (.35 + .2*r.Float64())
			answered := sent + seconds(there+rtt*(.45+.3*r.Float64()))
			if sent.Seconds()+there >= truth {
				hitAt = answered
				break
			}
			lastMiss = sent
			sent = max(plan.next(sent, heads, history.outlook(), 2*r.Float64()-1, false), answered)
		}
		middle := (lastMiss + hitAt) / 2
		history.add(middle)
		if sample <= warmResults {
			continue
		}
		total.samples++
		total.heads += heads
		off := math.Abs(middle.Seconds() - truth)
		total.absolute += off
		total.relative = append(total.relative, off/truth)
		if lastMiss.Seconds() < truth && truth <= hitAt.Seconds() {
			total.covered++
		}
	}
}

// The limits are the project's targets for polling: HEADs a sample, mean and
// 95th percentile of the relative error, every bracket containing the truth,
// and efficiency against the bound.
func TestPollingHoldsItsTargetsAtEveryScaleOfDelay(t *testing.T) {
	for _, l := range laws {
		for _, rtt := range []float64{.03, .2} {
			t.Run(fmt.Sprintf("%s_rtt_%v", l.name, rtt), func(t *testing.T) {
				random := rand.New(rand.NewPCG(1, 2))
				var got score
				for range 150 {
					simulate(random, l, rtt, Normal, &got)
				}
				mostHEADs, mostMean, mostP95, leastEfficiency := 15.0, .03, .08, .70
				switch l.name {
				case "bimodal":
					mostHEADs, leastEfficiency = 19, .50
				case "heavy_tail":
					mostHEADs, leastEfficiency = 16, .65
				case "lognormal_1.5s": // bound by the round trip
					mostMean, mostP95, leastEfficiency = .05, .11, 0
				}
				if heads := got.headsASample(); heads > mostHEADs {
					t.Errorf("%.1f HEADs a sample, want at most %v", heads, mostHEADs)
				}
				if mean := got.meanError(); mean > mostMean {
					t.Errorf("mean error %.2f %%, want at most %v %%", 100*mean, 100*mostMean)
				}
				if p95 := got.errorAt(.95); p95 > mostP95 {
					t.Errorf("95th percentile of the error %.2f %%, want at most %v %%", 100*p95, 100*mostP95)
				}
				if got.covered != got.samples {
					t.Errorf("%d of %d brackets contain the truth, want all", got.covered, got.samples)
				}
				if eff := got.efficiency(l.bound); eff < leastEfficiency {
					t.Errorf("efficiency %.2f, want at least %v", eff, leastEfficiency)
				}
			})
		}
	}
}

func BenchmarkPolling(b *testing.B) {
	for _, l := range laws {
		for _, rtt := range []float64{.03, .2} {
			for _, pace := range []Pace{Courteous, Normal, Fine} {
				b.Run(fmt.Sprintf("%s/rtt=%v/%s", l.name, rtt, pace), func(b *testing.B) {
					random := rand.New(rand.NewPCG(3, 4))
					var got score
					for b.Loop() {
						simulate(random, l, rtt, pace, &got)
					}
					b.ReportMetric(got.headsASample(), "HEADs/sample")
					b.ReportMetric(100*got.meanError(), "%mean-error")
					b.ReportMetric(100*got.errorAt(.95), "%p95-error")
					b.ReportMetric(100*got.coverage(), "%covered")
					if l.bound > 0 {
						b.ReportMetric(got.efficiency(l.bound), "eff")
					}
				})
			}
		}
	}
}
