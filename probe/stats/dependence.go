package stats

import (
	"cmp"
	"math"
	"slices"

	"bothways/probe"
)

// Delays that follow each other are alike: replication is slow in bursts. Then
// n of them say less than n independent ones, and every interval that counts
// them as such is too narrow. What n are worth is n over the inflation of the
// variance of a mean: the long-run variance over the plain one.

// series are the times of a group, in the order in which they came.
type series []moment

// moment is one time of a series, in 24 bytes.
type moment struct {
	start float64 // ms, on any one clock
	size  int64
	ms    float32 // negative: longer than so much
	round int32
}

func (m moment) censored() bool { return m.ms < 0 }

func (m moment) time() float32 { return max(m.ms, -m.ms) }

// startOf is when a probe started, in milliseconds on one clock for all samples of
// a run; where nothing is known of it, its round.
func startOf(s probe.Sample) float64 {
	switch {
	case s.SinceStartMS > 0:
		return s.SinceStartMS - s.UploadMS
	case !s.PlannedAt.IsZero():
		return float64(s.PlannedAt.UnixMicro()) / 1000
	case !s.PostedAt.IsZero():
		return float64(s.PostedAt.UnixMicro())/1000 - s.UploadMS
	default:
		return float64(s.Round)
	}
}

func (all *series) add(s probe.Sample) {
	m := moment{start: startOf(s), size: s.SizeBytes, ms: float32(s.DurationMS), round: int32(s.Round)}
	switch {
	case m.start == 0: // nobody knows its place
		return
	case s.Outcome.Censored() && s.DurationMS > 0:
		m.ms = -m.ms
	case s.Outcome != probe.Replicated || !(s.DurationMS >= 0):
		return
	}
	*all = append(*all, m)
}

// anySize takes all sizes.
const anySize = -1

// mostMoments bounds the work of a frame: the latest so many tell how alike all are.
const mostMoments = 4096

// started are the latest moments of one size, or of anySize, in the order of
// their starts.
func (all series) started(bytes int64) series {
	own := make(series, 0, min(len(all), mostMoments))
	for i := len(all) - 1; i >= 0 && len(own) < mostMoments; i-- {
		if bytes < 0 || all[i].size == bytes {
			own = append(own, all[i])
		}
	}
	slices.Reverse(own)
	slices.SortStableFunc(own, func(a, b moment) int { return cmp.Compare(a.start, b.start) })
	return own
}

// scores are what Wilcoxon's statistic counts each moment for, between -1 and 1:
// what is left of its group's Kaplan-Meier curve before and after it (Prentice,
// "Linear rank tests with right censored data", 1978). Without censored values
// they are the ranks.
func (all series) scores() []float64 {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(all[a].time(), all[b].time())
	})
	scores := make([]float64, len(all))
	left := 1.0
	for i := 0; i < len(order); {
		first, events := i, 0
		for ; i < len(order) && all[order[i]].time() == all[order[first]].time(); i++ {
			if !all[order[i]].censored() {
				events++
			}
		}
		before := left
		left *= 1 - float64(events)/float64(len(order)-first)
		for _, at := range order[first:i] {
			scores[at] = 1 - left - before
			if all[at].censored() {
				scores[at] = 1 - left
			}
		}
	}
	return scores
}

// inflation is that of the middle of the times.
func (all series) inflation() dependence {
	if len(all) < fewestForQuantiles {
		return dependence{factor: 1}
	}
	factor, seen := Once.caution().inflation(all.scores())
	return dependence{factor, seen}
}

// quantile is the group's, with the dependence of what lies below it, where that
// of the middle was seen.
func (all series) quantile(g *group, p float64, middle dependence) Quantile {
	if !middle.seen {
		return g.quantile(p, 1)
	}
	factor := middle.factor
	if value, known := g.times.quantile(p, true); p != .5 && known {
		below := make([]float64, len(all))
		for i, m := range all {
			if m.time() <= float32(value) && !m.censored() {
				below[i] = 1
			}
		}
		factor, _ = Once.caution().inflation(below)
	}
	return g.quantile(p, factor)
}

// The numbers of the estimate were set by simulation: see BenchmarkHonest.
const (
	fewestForDependence = 12  // moments in a series
	seen                = 1.5 // standard errors from which a correlation counts as seen
	// fewestForQuantiles are more, so that chance does not take their medians from
	// one in fifteen of the sizes with a dozen samples.
	fewestForQuantiles = 24
	seenInBlocks       = 3 // standard errors from which the variance of means counts as seen
	mostCorrelated     = 0.98
	fewestBlocks       = 8
)

// caution is how many standard errors are added to a correlation that was seen.
type caution float64

// caution is more for who looks often, with more chances to look before bursts show.
func (l Looks) caution() caution {
	if l == Once {
		return 0
	}
	return 0.5
}

// inflation is by how much the variance of a mean of these series, of one kind, is
// larger than of as many independent values: at least 1. seen says whether they
// are more alike from one to the next than chance makes independent values.
//
// From one value to the next it is (1+phi)/(1-phi), as of an autoregression, with
// phi's bias corrected (Marriott and Pope, "Bias in the estimation of
// autocorrelations", 1954). Bursts under noise last longer than that tells: so,
// where dependence was seen, the same is asked of the means of 2, 4, 8 …
// neighbours, and the largest answer counts.
func (a caution) inflation(all ...[]float64) (factor float64, found bool) {
	n, longest := 0, 0
	for _, s := range all {
		n, longest = n+len(s), max(longest, len(s))
	}
	if longest < fewestForDependence {
		return 1, false
	}
	base := variance(all...)
	if !(base > 0) {
		return 1, false
	}
	found = correlation(all...) > seen/math.Sqrt(float64(n))
	largest := 1.0
	for size := 1; longest/size >= fewestBlocks; size *= 2 {
		blocks := inBlocks(size, all...)
		count := 0
		for _, b := range blocks {
			count += len(b)
		}
		between := float64(size) * variance(blocks...) / base
		if size > 1 && between > 1+seenInBlocks*math.Sqrt(2/float64(count)) {
			found = true
		}
		phi := correlation(blocks...)
		phi = min(mostCorrelated, max(0, phi+float64(a)*math.Sqrt((1-phi*phi)/float64(count))))
		largest = max(largest, between*(1+phi)/(1-phi))
	}
	if !found {
		return 1, false
	}
	return largest, true
}

// variance is about each series' own mean.
func variance(all ...[]float64) float64 {
	sum, free := 0.0, 0
	for _, s := range all {
		m := mean(s)
		for _, v := range s {
			sum += (v - m) * (v - m)
		}
		if len(s) > 0 {
			free += len(s) - 1
		}
	}
	return sum / float64(max(1, free))
}

// correlation is that of neighbours, its bias corrected.
func correlation(all ...[]float64) float64 {
	products, squares, n, count := 0.0, 0.0, 0, 0
	for _, s := range all {
		m := mean(s)
		for i, v := range s {
			squares += (v - m) * (v - m)
			if i > 0 {
				products += (v - m) * (s[i-1] - m)
			}
		}
		if len(s) > 0 {
			n, count = n+len(s), count+1
		}
	}
	if !(squares > 0) {
		return 0
	}
	each := float64(n) / float64(count)
	r := (products/squares + 1/each) / max(.5, 1-4/each)
	return min(mostCorrelated, max(-mostCorrelated, r))
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(max(1, len(values)))
}

// inBlocks are the means of size neighbours each; what is left over at the start
// stays out.
func inBlocks(size int, all ...[]float64) [][]float64 {
	if size == 1 {
		return all
	}
	blocks := make([][]float64, len(all))
	for k, s := range all {
		blocks[k] = make([]float64, 0, len(s)/size)
		for at := len(s) % size; at < len(s); at += size {
			blocks[k] = append(blocks[k], mean(s[at:at+size]))
		}
	}
	return blocks
}

// inRounds are the differences of the scores of two series that ran in rounds: of
// what was planned together.
func inRounds(x, y series, ux, uy []float64) []float64 {
	type place struct {
		round int32
		size  int64
	}
	there, twice := make(map[place]float64, len(x)), false
	for i, m := range x {
		key := place{m.round, m.size}
		_, known := there[key]
		twice = twice || known
		there[key] = ux[i]
	}
	var differences []float64
	if twice { // no rounds are known: they took turns
		for i := range min(len(ux), len(uy)) {
			differences = append(differences, uy[i]-ux[i])
		}
		return differences
	}
	for i, m := range y {
		if u, known := there[place{m.round, m.size}]; known {
			differences = append(differences, uy[i]-u)
		}
	}
	return differences
}

// sharedAbove is from how many standard errors on the two directions count as
// slow at the same times.
const sharedAbove = 2.5

// together is the inflation for a difference of two series. Where both were
// seen to be slow at the same times, as what slows both makes them, that of what
// is left within the rounds counts.
func (a caution) together(x, y series) dependence {
	ux, uy := x.scores(), y.scores()
	factor, seen := a.inflation(ux, uy)
	if !seen {
		return dependence{factor, false}
	}
	d := inRounds(x, y, ux, uy)
	if len(d) < fewestForDependence {
		return dependence{factor, true}
	}
	apartFrom := variance(ux) + variance(uy)
	shared := 1 - variance(d)/apartFrom // the correlation of the two
	phi := correlation(ux, uy)
	worth := float64(len(d)) * (1 - phi*phi) / (1 + phi*phi) // Bartlett
	if shared*math.Sqrt(worth) < sharedAbove {
		return dependence{factor, true}
	}
	within, _ := a.inflation(d)
	return dependence{min(factor, max(leastShared, within*(1-shared))), true}
}

// leastShared is how much narrower at most an interval gets by what both have in common.
const leastShared = 0.5
