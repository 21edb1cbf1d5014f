package polling

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// runLength is the number of samples of a simulated series; those from the
// sixth on are scored.
const runLength = 40

func roundTrips() []float64 { return []float64{.03, .2} }

// asker is a schedule of polls under test.
type asker interface {
	// first is the instant of the first poll of a probe.
	first(jitter float64) time.Duration
	// next is the instant of the poll after the one at sent, the polls-th.
	next(sent time.Duration, polls int, jitter float64) time.Duration
	// learn takes the probe's result.
	learn(result Bracket)
}

// learning is the schedule that the probe uses.
func learning(pace Pace) func(rtt time.Duration) asker {
	return func(rtt time.Duration) asker {
		return &learner{plan: Polls{Spacing: pace.Figures().Spacing, RTT: rtt}}
	}
}

type learner struct {
	plan   Polls
	series window
}

func (l *learner) first(jitter float64) time.Duration {
	return l.plan.First(l.series.outlook(), jitter)
}

func (l *learner) next(sent time.Duration, polls int, jitter float64) time.Duration {
	return l.plan.Next(sent, polls, l.series.outlook(), jitter, false)
}

func (l *learner) learn(result Bracket) { l.series.add(result) }

// unlearning is a schedule by the elapsed time alone, without jitter.
type unlearning struct {
	start time.Duration
	gap   func(sent time.Duration, polls int) time.Duration
}

func (u unlearning) first(float64) time.Duration { return u.start }

func (u unlearning) next(sent time.Duration, polls int, _ float64) time.Duration {
	return sent + u.gap(sent, polls)
}

func (u unlearning) learn(Bracket) {}

func fixed(gap time.Duration) func(time.Duration) asker {
	return func(time.Duration) asker {
		return unlearning{gap, func(time.Duration, int) time.Duration { return gap }}
	}
}

// backToBack asks again as soon as the answer is there.
func backToBack(rtt time.Duration) asker {
	return unlearning{rtt, func(time.Duration, int) time.Duration { return 0 }}
}

// exponential doubles its gaps from least to most; asked at 0 first where
// atOnce is set, as the SDK's ObjectExists waiter does (5 s to 120 s, S3 API
// reference of the Go SDK).
func exponential(least, most time.Duration, atOnce bool) func(time.Duration) asker {
	return func(time.Duration) asker {
		start, asked := least, 0
		if atOnce {
			start, asked = 0, 1
		}
		return unlearning{start, func(_ time.Duration, polls int) time.Duration {
			return min(most, least<<min(polls-asked, 20))
		}}
	}
}

// score is how well a schedule did over many samples.
type score struct {
	samples, heads, covered int
	relative                []float64 // errors of the midpoint as shares of the truth
	absolute                float64   // sum of the errors, seconds
	most                    int       // HEADs of one sample
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

// plentyHEADs are enough to score a schedule by: one that asks all the time for
// minutes would take the simulation longer than all others together.
const plentyHEADs = 2_000_000

// simulated scores runs of a law, from one seed; fewer where they take plenty
// of polls.
func simulated(l delays, rtt float64, schedule func(time.Duration) asker, runs int) *score {
	r := rand.New(rand.NewPCG(1, 2))
	total := &score{}
	for range runs {
		simulate(r, l, rtt, schedule(seconds(rtt)), total)
		if total.heads > plentyHEADs {
			break
		}
	}
	return total
}

// simulate polls one series over a link with an uneven and jittered round
// trip.
func simulate(r *rand.Rand, l delays, rtt float64, schedule asker, total *score) {
	for sample := 1; sample <= runLength; sample++ {
		truth := l.draw(r, sample)
		sent, lastMiss, hitAt, heads := schedule.first(2*r.Float64()-1), time.Duration(0), time.Duration(0), 0
		for hitAt == 0 {
			heads++
			there := rtt * (.35 + .2*r.Float64())
			answered := sent + seconds(there+rtt*(.45+.3*r.Float64()))
			if sent.Seconds()+there >= truth {
				hitAt = answered
				break
			}
			lastMiss = sent
			sent = max(schedule.next(sent, heads, 2*r.Float64()-1), answered)
		}
		result := Bracket{lastMiss, hitAt}
		schedule.learn(result)
		if sample <= WarmResults {
			continue
		}
		total.samples++
		total.heads += heads
		total.most = max(total.most, heads)
		off := math.Abs(result.middle().Seconds() - truth)
		total.absolute += off
		total.relative = append(total.relative, off/truth)
		if lastMiss.Seconds() < truth && truth <= hitAt.Seconds() {
			total.covered++
		}
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
