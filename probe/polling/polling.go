// Package polling decides when to start probes and when to ask for a replica:
// as rarely as a given error allows, from what earlier results say about the
// delays. It is pure: instants and jitter come from the caller, and nothing in
// it waits.
package polling

import (
	"math/rand/v2"
	"time"

	"bothways/aws/pair"
)

// The constants of the polling schedule. They were chosen by simulation; the
// benchmark Polling measures them again. Before a run each side is asked apart
// from it, at the gaps of probe/preflight.go.
const (
	WarmResults = 5 // results from which a series is known well enough

	windowResults = 30                     // results that are looked back on
	coldFirstGap  = 300 * time.Millisecond // between the early poll and the next one
	coldShare     = 0.15                   // of the elapsed time, where nothing is known
	jitterShare   = 0.1                    // of a gap, either way, so that probes don't beat together

	minGap = 10 * time.Millisecond // where the round trip is shorter than that; before jitter
	maxGap = time.Minute           // or coldShare of the elapsed time, if that is longer

	// originShare of the polls of a replica go to its origin before the
	// replica was seen: COMPLETED is the second end point, and FAILED and a
	// missing status end a probe that would wait in vain.
	originShare  = 0.25
	originFirst  = 250 * time.Millisecond
	originCold   = 500 * time.Millisecond // the least gap while nothing is known, or half the time
	originMost   = 30 * time.Second
	completeMost = 5 * time.Second // once the replica was seen

	leastMedian = 10 * time.Millisecond // that a round trip is held against
)

// Outlook is what earlier results say about the next one.
type Outlook struct {
	Warm   bool // there are enough results to say anything
	whole  bool // of as many results as are ever looked back on
	median time.Duration
	curve  *curve
}

// Polls decides when to ask next. All times count from the upload's
// acknowledgement.
type Polls struct {
	Spacing float64       // of the polls, in the normal pace's gaps
	RTT     time.Duration // smallest round trip to the side that is polled
}

// First is the instant of the first poll. As long as nothing is known it goes
// out at once, which keeps an object that is there at once from being reported
// as "at most" a much later poll. A known series has its first poll where the
// learned law puts it: most results come much later, and its share of a broad
// law keeps an early poll in the plan.
func (p Polls) First(known Outlook, jitter float64) time.Duration {
	if !known.Warm {
		return p.RTT
	}
	planned := known.curve.after(0, p.closer(known))
	return min(max(planned+scale(planned, jitterShare*jitter), p.RTT), maxGap)
}

// Next is the instant of the poll after the one that was sent at sent and
// missed, the polls-th of its probe. Jitter lies in [-1, 1). A side
// that asked for fewer requests a moment ago is slow.
func (p Polls) Next(sent time.Duration, polls int, known Outlook, jitter float64, slow bool) time.Duration {
	gap := p.unlearned(sent)
	switch {
	case known.Warm:
		gap = known.curve.after(sent, p.closer(known)) - sent
	case polls <= 1:
		gap = coldFirstGap
	}
	gap = slowedIf(slow, min(max(gap, p.RTT, minGap), max(maxGap, scale(sent, coldShare))))
	return sent + gap + scale(gap, jitterShare*jitter)
}

// Origin decides when to ask a replica's origin for the object's status, beside
// the polls of the replica.
type Origin struct{ polls Polls }

// Origin is the schedule of an origin with that pace and a smallest round trip
// to it.
func (p Pace) Origin(rtt time.Duration) Origin {
	return Origin{Polls{Spacing: p.Figures().Spacing / originShare, RTT: rtt}}
}

// First is the instant of the first look.
func (o Origin) First(known Outlook, jitter float64) time.Duration {
	if !known.Warm {
		return originFirst
	}
	return o.polls.First(known, jitter)
}

// Next is the instant after a look at sent while the replica was not seen, as
// that of Polls.
func (o Origin) Next(sent time.Duration, looks int, known Outlook, jitter float64, slow bool) time.Duration {
	next := sent + slowedIf(slow, max(originCold, sent/2))
	if known.Warm {
		next = o.polls.Next(sent, looks, known, jitter, slow)
	}
	return min(next, sent+slowedIf(slow, originMost))
}

// Completing is the instant after a look at sent once the replica was seen: it
// is asked at once, then each time after another share of the time.
func (o Origin) Completing(sent time.Duration, slow bool) time.Duration {
	return sent + slowedIf(slow, min(o.polls.unlearned(sent), completeMost))
}

// closer is the spacing for a known series. Where the plan asks for gaps shorter
// than a round trip, polls fall out of it; the others move closer together by
// about as much.
func (p Polls) closer(known Outlook) float64 {
	const most = 0.04
	return p.Spacing * (1 - min(most, p.RTT.Seconds()/max(known.median.Seconds(), leastMedian.Seconds())))
}

// unlearned is the gap after a poll at sent that learns nothing from earlier
// results: a share of the elapsed time.
func (p Polls) unlearned(sent time.Duration) time.Duration {
	return max(scale(sent, coldShare), p.RTT, minGap)
}

// slowedIf is the gap before the next poll of a side.
func slowedIf(slow bool, gap time.Duration) time.Duration {
	if slow {
		return 2 * gap
	}
	return gap
}

func scale(d time.Duration, factor float64) time.Duration {
	return time.Duration(float64(d) * factor)
}

// Pace says how densely to poll once a series is known.
type Pace string

// The paces.
const (
	Courteous Pace = "courteous"
	Normal    Pace = "normal"
	Fine      Pace = "fine"
)

// Paces are all of them, from the fewest polls to the most.
func Paces() []Pace { return []Pace{Courteous, Normal, Fine} }

// Figures are what a pace comes to. HEADs and errors are those of the benchmark
// Polling for lognormal delays: a narrow law takes fewer HEADs and a wide one
// more.
type Figures struct {
	LeastHEADs, MostHEADs int     // a sample
	Error                 float64 // mean, of a bracket's middle, as a share of the delay
	Spacing               float64 // of the polls, in the normal pace's gaps
}

// Figures are zero for an unknown pace.
func (p Pace) Figures() Figures {
	return map[Pace]Figures{
		Courteous: {LeastHEADs: 7, MostHEADs: 8, Error: .06, Spacing: 2.2},
		Normal:    {LeastHEADs: 14, MostHEADs: 15, Error: .026, Spacing: 1},
		Fine:      {LeastHEADs: 24, MostHEADs: 24, Error: .016, Spacing: 0.6},
	}[p]
}

// Cell is one probe of a round.
type Cell struct {
	Series
	Round  int           // from 1
	Offset time.Duration // of the planned start, from the run's start
}

// Schedule plans the starts of a run, fixed from the beginning: a slow answer
// never holds the next start back, so a stall cannot hide itself.
type Schedule struct {
	Sizes  []int64       // bytes, each once
	Rounds int           // 0: no end, or that of For
	For    time.Duration // no probe starts later than this after the first; 0: no such end
	Every  time.Duration // from the start of one round to the start of the next
	Seed   uint64        // of the order within rounds
}

// Planned counts the probes that start within the rounds or the time that is
// asked for, spread evenly over each round; 0: until somebody stops them.
func (s Schedule) Planned() int {
	round := 2 * len(s.Sizes)
	if s.For <= 0 || s.Every <= 0 {
		return round * s.Rounds
	}
	n := round * int(s.For/s.Every)
	for i := 0; i < round && s.Every*time.Duration(i)/time.Duration(round) < s.For%s.Every; i++ {
		n++
	}
	return n
}

// Round returns the cells of round n, from 1, in the order of their starts,
// spread evenly over the round. The sizes come in random order, and the two
// directions of a size follow each other in random order: a drift during the
// run touches all of them alike.
func (s Schedule) Round(n int) []Cell {
	random := rand.New(rand.NewPCG(s.Seed, uint64(n)))
	cells := make([]Cell, 0, 2*len(s.Sizes))
	for _, i := range random.Perm(len(s.Sizes)) {
		first := pair.Direction(random.IntN(2))
		for _, direction := range []pair.Direction{first, first.Reverse()} {
			cells = append(cells, Cell{Series: Series{direction, s.Sizes[i]}, Round: n})
		}
	}
	start := time.Duration(n-1) * s.Every
	for i := range cells {
		cells[i].Offset = start + s.Every*time.Duration(i)/time.Duration(len(cells))
	}
	return cells
}
