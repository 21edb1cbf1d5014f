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

// moment is one time of a series.
type moment struct {
	start float64 // ms, on any one clock
	ms    float64 // negative: longer than so much
	size  int64
	round int
}

func (m moment) censored() bool { return m.ms < 0 }

func (m moment) time() float64 { return max(m.ms, -m.ms) }

// startOf is when a probe started, in whole milliseconds on one clock for all samples of
// a run; where only its round is known, as if rounds were a minute apart.
func startOf(s probe.Sample) (ms float64, known bool) {
	switch {
	case s.SinceStartMS > 0:
		return math.Round(s.SinceStartMS - s.UploadMS), true
	case !s.PlannedAt.IsZero():
		return float64(s.PlannedAt.UnixMilli()), true
	case !s.PostedAt.IsZero():
		return math.Round(float64(s.PostedAt.UnixMilli()) - s.UploadMS), true
	default:
		return float64(s.Round) * 60e3, s.Round > 0
	}
}

// mostKept bounds what is kept of a direction, mostMoments the work of a frame:
// the latest so many tell how alike all are.
const (
	mostKept    = 1 << 16
	mostMoments = 1 << 12
)

func (all *series) add(s probe.Sample) {
	start, known := startOf(s)
	m := moment{start: start, size: s.SizeBytes, ms: s.DurationMS, round: s.Round}
	switch {
	case !known: // nobody knows its place
		return
	case s.Outcome.Censored() && s.DurationMS > 0:
		m.ms = -m.ms
	case s.Outcome != probe.Replicated || !(s.DurationMS >= 0):
		return
	}
	if len(*all) == mostKept {
		*all = slices.Delete(*all, 0, mostKept/2)
	}
	*all = append(*all, m)
}

// anySize takes all sizes.
const anySize = -1

// started are the latest moments of one size, or of anySize, in the order of
// their starts; of what started together the smaller objects come first.
func (all series) started(bytes int64) series {
	own := make(series, 0, min(len(all), mostMoments))
	for i := len(all) - 1; i >= 0 && len(own) < mostMoments; i-- {
		if bytes < 0 || all[i].size == bytes {
			own = append(own, all[i])
		}
	}
	slices.Reverse(own)
	slices.SortStableFunc(own, func(a, b moment) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.size, b.size))
	})
	return own
}

// span is the time from the first start to the last, in milliseconds.
func (all series) span() float64 {
	if len(all) == 0 {
		return 0
	}
	return all[len(all)-1].start - all[0].start
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

// upTo is 1 for each time that arrived in so many milliseconds, else 0.
func (all series) upTo(ms float64) []float64 {
	are := make([]float64, len(all))
	for i, m := range all {
		if m.time() <= ms && !m.censored() {
			are[i] = 1
		}
	}
	return are
}

// quantile is the group's, as wide as what lies below it is alike.
func (all series) quantile(g *group, p float64, middle dependence) Quantile {
	alike := middle
	if value, known := g.times.quantile(p, true); p != .5 && known {
		alike = dependenceOf(all.upTo(value))
	}
	return g.quantile(p, alike)
}

// dependence is how alike neighbours are, as factors of the variance of a mean: of as many
// independent values it is 1.
type dependence struct {
	factor float64 // the estimate, for words; below 1 where rounds are slow in both directions
	// cautious is the estimate with what it may be off, for intervals.
	cautious float64
	// seen: they are more alike than chance makes independent values.
	seen bool
	// estimated: there was an order to estimate it from.
	estimated bool
}

// independent is where nothing is known of any order.
func independent() dependence { return dependence{factor: 1, cautious: 1} }

// ifSeen is the cautious factor where dependence was seen, else 1: for what needs
// no more caution than that.
func (a dependence) ifSeen() float64 {
	if !a.seen {
		return 1
	}
	return max(1, a.cautious)
}

// worth is how many independent values tell as much as n do.
func (a dependence) worth(n int) int { return worth(n, a.factor) }

// worth is n over the factor of the variance, and at most n.
func worth(n int, factor float64) int {
	const slack = 1e-9 // of the rounding
	return int(float64(n)/max(1, factor) + slack)
}

// The numbers of the estimate were set by simulation: see BenchmarkHonest.
const (
	fewestForDependence = 4   // values in a series
	seenAbove           = 1.5 // standard errors from which a correlation counts as seen
	seenInBlocks        = 3   // standard errors from which the variance of means counts as seen
	mostCorrelated      = 0.98
	mostInBlocks        = 0.8
	fewestBlocks        = 12
)

// caution is how many standard errors are added to a correlation of neighbours
// in series of n: more of few, of which chance hides more.
func caution(n float64) float64 { return max(0.5, 12/n-0.5) }

// dependence estimates by how much the variance of a mean of these series, of one
// kind, is larger than of as many independent values.
//
// From one value to the next it is (1+phi)/(1-phi), as of an autoregression, with
// phi's bias corrected (Marriott and Pope, "Bias in the estimation of
// autocorrelations", 1954). Bursts under noise last longer than that tells: so,
// where dependence was seen, the same is asked of the means of 2, 4, 8 …
// neighbours, and the largest answer counts.
func dependenceOf(all ...[]float64) dependence {
	n, longest := 0, 0
	for _, s := range all {
		n, longest = n+len(s), max(longest, len(s))
	}
	base := variance(all...)
	if longest < fewestForDependence || !(base > 0) {
		return independent()
	}
	result := dependence{estimated: true, seen: correlation(all...)*unbiased(float64(n)/float64(len(all))) > seenAbove/math.Sqrt(float64(n))}
	factor, cautious := 1.0, 1.0
	for size := 1; size == 1 || longest/size >= fewestBlocks; size *= 2 {
		blocks := inBlocks(size, all...)
		count := 0
		for _, b := range blocks {
			count += len(b)
		}
		each := float64(count) / float64(len(all))
		between := float64(size) * variance(blocks...) / base
		if size > 1 && between > 1+seenInBlocks*math.Sqrt(2/float64(count)) {
			result.seen = true
		}
		phi := correlation(blocks...)
		if size > 1 { // so few means would soon take a drift for a burst without an end
			phi = min(mostInBlocks, phi)
		}
		plain := between * widened(max(0, phi))
		factor, cautious = max(factor, plain), max(cautious, plain)
		if size == 1 {
			// The estimate of so few varies itself: the power is that of Student's
			// wider tails.
			high := max(0, phi+caution(each)/math.Sqrt(float64(count)))
			result.cautious = math.Pow(widened(high), 1+4/each)
			cautious = max(cautious, result.cautious)
		}
	}
	if !result.seen {
		factor, cautious = 1, result.cautious
	}
	result.factor, result.cautious = factor, cautious
	return result
}

// widened is the factor of an autoregression.
func widened(phi float64) float64 {
	phi = min(mostCorrelated, phi)
	return (1 + phi) / (1 - phi)
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
	r := (products/squares + 1/each) / unbiased(each)
	return min(mostCorrelated, max(-mostCorrelated, r))
}

// unbiased is by what a correlation of n neighbours is too small.
func unbiased(n float64) float64 { return max(.5, 1-4/n) }

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
		round int
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

// together is the dependence behind a difference of two series. Where both were
// seen to be slow at the same times, as what slows both makes them, that of what
// is left within the rounds counts.
func together(x, y series) dependence {
	ux, uy := x.scores(), y.scores()
	apart := dependenceOf(ux, uy)
	if !apart.seen {
		return apart
	}
	d := inRounds(x, y, ux, uy)
	shared := sharedOf(ux, uy, d)
	if len(d) < fewestInRounds || !shared.seen {
		return apart
	}
	within := dependenceOf(d)
	apart.factor = min(apart.factor, max(leastShared, within.factor*shared.left))
	apart.cautious = min(apart.cautious, max(leastShared, within.cautious*shared.left))
	return apart
}

// sharing is what two series have in common.
type sharing struct {
	left float64 // of the variance of their difference, over that of independent ones
	seen bool
}

// sharedOf looks for it round by round, and in the means of 2, 4, 8 … of them, where
// what changes slowly shows.
func sharedOf(x, y, differences []float64) sharing {
	result := sharing{left: variance(differences) / (variance(x) + variance(y))}
	n := min(len(x), len(y), len(differences))
	x, y, differences = x[len(x)-n:], y[len(y)-n:], differences[len(differences)-n:]
	for size := 1; n/size >= fewestBlocks; size *= 2 {
		means := inBlocks(size, x, y, differences)
		alike := 1 - variance(means[2])/(variance(means[0])+variance(means[1]))
		phi := correlation(means[0], means[1])
		independentOnes := float64(n/size) * (1 - phi*phi) / (1 + phi*phi) // Bartlett
		result.seen = result.seen || alike*math.Sqrt(independentOnes) > sharedFrom
	}
	return result
}

const (
	fewestInRounds = 12  // rounds that tell what both directions share
	sharedFrom     = 2.0 // standard errors from which they count as slow at the same times
	// leastShared is how much narrower, of its square, an interval gets at most by what both have in common.
	leastShared = 0.5
)
