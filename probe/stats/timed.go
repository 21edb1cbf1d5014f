package stats

import (
	"cmp"
	"iter"
	"slices"
	"sort"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

// mostTimed bounds the memory and the work that looking for changes takes: of a
// direction with more samples every second is looked at, or every fourth and so
// on, as evenly as they came.
const mostTimed = 1 << 14

// Levels takes the samples of a run one by one, for their Stretches.
type Levels struct {
	began      time.Time
	directions [2]sieve
}

// timed is what a change of level is looked for in.
type timed struct {
	at      time.Duration // since the run's start
	size    int64
	ms      float64
	outcome probe.Outcome
}

// counts says whether it has a place among the ranks.
func (m timed) counts() bool { return m.outcome == probe.Replicated || m.outcome == probe.GaveUp }

func timedOf(s probe.Sample, began time.Time) timed {
	return timed{at: s.SinceStart(began), size: s.SizeBytes, ms: s.DurationMS, outcome: s.Outcome}
}

// sieve keeps every so many-th of the moments that come.
type sieve struct {
	kept        []timed
	every, seen int
}

func (t *sieve) add(m timed) {
	t.every = max(1, t.every)
	if t.seen%t.every == 0 {
		t.kept = append(t.kept, m)
	}
	t.seen++
	if len(t.kept) <= mostTimed {
		return
	}
	for i := range (len(t.kept) + 1) / 2 {
		t.kept[i] = t.kept[2*i]
	}
	t.kept = t.kept[:(len(t.kept)+1)/2]
	t.every *= 2
}

// NewLevels is for a run that began then, by the wall clock.
func NewLevels(began time.Time) *Levels { return &Levels{began: began} }

// Add takes the next sample.
func (l *Levels) Add(s probe.Sample) {
	if s.Direction == pair.AtoB || s.Direction == pair.BtoA {
		l.directions[s.Direction].add(timedOf(s, l.began))
	}
}

// Stretches are those of both directions, as the function of that name says. What
// they hold is counted among all samples, which are the same again, and kept where
// the collector keeps its values.
func (l *Levels) Stretches(samples iter.Seq[probe.Sample], c *Collector) (all [2][]Stretch) {
	var groups [2][]*group
	var follow [2][]series
	for _, d := range pair.Directions() {
		all[d] = l.directions[d].stretches(d)
		follow[d] = make([]series, len(all[d]))
		for range all[d] {
			groups[d] = append(groups[d], c.newGroup())
		}
	}
	if len(all[pair.AtoB])+len(all[pair.BtoA]) == 0 {
		return all
	}
	for s := range samples {
		if s.Direction != pair.AtoB && s.Direction != pair.BtoA || len(all[s.Direction]) == 0 {
			continue
		}
		stretches, m := all[s.Direction], timedOf(s, l.began)
		i := max(0, sort.Search(len(stretches), func(k int) bool { return stretches[k].From > m.at })-1)
		groups[s.Direction][i].add(s) // what was interrupted counts in the estimates
		follow[s.Direction][i].add(s)
		if m.counts() { // the first and the last may have been sifted out
			if i == 0 {
				stretches[i].From = min(stretches[i].From, m.at)
			}
			if i == len(stretches)-1 {
				stretches[i].To = max(stretches[i].To, m.at)
			}
		}
	}
	for d, of := range groups {
		for i, g := range of {
			all[d][i].N, all[d][i].Median = g.times.n(), g.quantile(0.5, dependenceOf(follow[d][i].started(anySize).scores()))
		}
	}
	return all
}

// stretches are the moments' without what they hold.
func (t *sieve) stretches(d pair.Direction) []Stretch {
	counted := slices.DeleteFunc(slices.Clone(t.kept), func(m timed) bool { return !m.counts() })
	if len(counted) < 2*fewestInStretch {
		return nil
	}
	slices.SortStableFunc(counted, func(a, b timed) int { return cmp.Compare(a.at, b.at) })
	starts := append([]int{0}, levels.changes(ranksOf(counted))...)
	stretches := make([]Stretch, len(starts))
	for i, start := range starts {
		end := len(counted)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		stretches[i] = Stretch{Direction: d, From: counted[start].at, To: counted[end-1].at}
	}
	return stretches
}
