package stats

import (
	"fmt"
	"math"
	"slices"

	"bothways/aws/pair"
	"bothways/probe"
)

const (
	// fewestPerDirection is the least for which the Mann-Whitney test can
	// reach 5 %: 3 and 3 can't, 4 and 4 just can.
	fewestPerDirection = 4
	// fewestForPower is the least, in each of two groups, for which it is said
	// what would have been shown. Simulated with 20 of S3's spread the number
	// said is one that 60 to 93 of 100 runs show, nine times in ten; with 8 it
	// is one that 40 to 96 do.
	fewestForPower = 20
	// comparedPoints bounds the work of a comparison.
	comparedPoints = 512
)

// CompareDirections says how many times as long B → A takes as A → B, by
// compare.
//
// What is measured starts when the answer to the upload arrives, half a round
// trip to the origin after the object is there: the farther side's direction
// seems the faster one. So the corrected times are compared, where every sample
// has one, and a difference is shown only where the interval excludes 1 on the
// same side with the correction and without it.
func (c *Collector) CompareDirections(looks Looks) Verdict {
	v := Verdict{N: [2]int{c.directions[pair.AtoB].times.n(), c.directions[pair.BtoA].times.n()}, Reason: SharesDiffer}
	why, ok := alike(c, pair.AtoB, c, pair.BtoA, directionNames(), looks.fewest())
	if v.Sentence = why; ok {
		v = c.compareDirections(looks)
	}
	v.About, v.Looks = AboutDirections, looks
	v.Sentence = looks.said(v.Sentence)
	return v
}

func directionNames() [2]string { return [2]string{pair.AtoB.Arrow(), pair.BtoA.Arrow()} }

func (c *Collector) compareDirections(looks Looks) Verdict {
	names := directionNames()
	v, counts := compare(&c.directions[pair.AtoB], &c.directions[pair.BtoA], names, looks)
	if c.correctable() {
		measured := v
		v, counts = compare(&c.corrected[pair.AtoB], &c.corrected[pair.BtoA], names, looks)
		if v.Enough && !measured.Enough {
			return measured
		}
		v.Corrected = true
		counts += ", corrected for the round trips"
		agree := measured.Shown && v.Shown && measured.Lower > 1 == (v.Lower > 1)
		switch {
		case !v.Enough || agree:
		case measured.Shown || v.Shown: // the correction decides it, not the number of samples
			counts += "; as measured, " + intervalText(looks.percent(), measured.Lower, measured.Upper)
			v.WouldShow, v.TooFewForPower = 0, false
		case measured.WouldShow == 0 || v.WouldShow == 0:
			v.WouldShow, v.TooFewForPower = 0, measured.TooFewForPower && v.TooFewForPower
		default: // both must show it
			v.WouldShow = max(measured.WouldShow, v.WouldShow)
		}
		v.Shown = agree
	}
	if v.Sentence == "" {
		counts += suspended(&c.directions[pair.AtoB], &c.directions[pair.BtoA])
		v.Sentence = directionSentence(v, looks, counts)
	}
	return v
}

// correctable says whether the correction of every sample is known.
func (c *Collector) correctable() bool { return c.unknown == [2]int{} }

// addCorrected takes a sample with its time and bracket shifted from the
// answer's arrival to the commit. A bracket that starts at 0 keeps its start:
// the replica may have been there before the answer was.
func (c *Collector) addCorrected(s probe.Sample) {
	if s.Outcome != probe.Replicated && !s.Outcome.Censored() {
		return
	}
	if s.Outcome.Censored() && !(s.DurationMS > 0) { // never watched: nothing to correct
		return
	}
	if !(s.CorrectedMS > 0) {
		c.unknown[s.Direction]++
		return
	}
	shift := s.CorrectedMS - s.DurationMS
	s.DurationMS = s.CorrectedMS
	for end, ms := range s.BracketMS {
		if ms > 0 {
			s.BracketMS[end] = ms + shift
		}
	}
	c.corrected[s.Direction].add(s)
}

// compare says how many times as long y takes as x: the Hodges-Lehmann
// estimate on log durations, with the 95 % interval that belongs to the
// Mann-Whitney test (counted out up to 25 samples each, the normal
// approximation above). Where nothing can be said the verdict's sentence says
// why; otherwise it is left to the caller. counts words how many samples stand
// behind it, of groups of these names.
//
// Up to 512 samples each every pair of durations is compared, by bisection
// over the sorted values in O(n) a step. Above, each is thinned to 512 evenly
// spaced quantiles of its Kaplan-Meier estimate, while the interval's width
// still comes from the full n; that keeps the cost of a frame flat and moves
// the ends by far less than their distance.
//
// Of a probe that has no time it is only known that it takes longer than it was
// watched. So its pairs are taken for whatever widens the interval: for the lower
// end y is as long as the longest time watched and x without a bound, for the
// upper end the other way round. It counts in the interval's width where it was
// watched longer than everything that arrived, so that its place is known; those
// broken off before say less, and what is in flight may still land anywhere. A
// probe that arrived
// counts with its bracket's middle, which lies off either way alike and by far
// less than delays differ. Where middles stand for nothing the interval's ends
// come from the brackets' ends instead, taken for whatever widens it.
//
// The samples are compared as two groups, not in pairs of a block, although the
// two directions take turns in each. What the blocks have in common, a drift or
// the sizes, spreads both groups alike and moves neither against the other, so
// that it widens the interval and never shows a difference that is not there;
// pairs would lose every probe whose partner failed.
func compare(gx, gy *group, names [2]string, looks Looks) (v Verdict, counts string) {
	x, y := &gx.times, &gy.times
	nx, ny := x.effective(), y.effective()
	counts = "n = " + counted(names, x.n(), y.n())
	v.N = [2]int{x.n(), y.n()}
	fewest := looks.fewest()
	if nx < fewest || ny < fewest {
		if nx != x.n() || ny != y.n() { // one that was broken off early says too little
			counts = counted(names, nx, ny) + " count, of " + counts
		}
		v.Reason = TooFew
		v.Sentence = fmt.Sprintf("Too few samples for a comparison (%s; from %d each).", counts, fewest)
		return v, counts
	}
	if ax, ay := x.events.n, y.events.n; ax != x.n() || ay != y.n() {
		counts += ", of which " + counted(names, ax, ay) + " arrived"
	}
	if held := gx.counts.Held + gy.counts.Held; held > 0 {
		counts += fmt.Sprintf(", %d taken for arrivals when a held answer came", held)
	}
	longest := max(x.longestEvent(), y.longestEvent())
	placedX, placedY := gx.placed(longest), gy.placed(longest)
	width := looks.widthAt(harmonic(placedX, placedY))
	rankOfAll := mannWhitneyRank(placedX, placedY, width)
	if rankOfAll == 0 || placedX < fewest || placedY < fewest {
		return tooFewArrivals(v.N, counts), counts
	}
	d := differences{x: points(x, nx), y: points(y, ny)}
	total := float64(len(d.x)) * float64(len(d.y))
	// The rank of the interval's lower end among the differences, as a share, so
	// that it also fits the thinned ones.
	share := float64(rankOfAll) / (float64(placedX) * float64(placedY))
	rank := max(1, math.Floor(share*total+0.5))
	v.Enough = true
	v.Ratio = d.middle()
	vague := gx.vague() || gy.vague()
	low, high := d, d
	lowY, highX := y, x
	if vague {
		lowY, highX = gy.at(*gy.lows()), gx.at(*gx.lows())
		low = differences{x: points(gx.at(gx.latest), nx), y: points(lowY, ny)}
		high = differences{x: points(highX, nx), y: points(gy.at(gy.latest), ny)}
		if bounded(low.middle()) == 0 || math.IsInf(bounded(high.middle()), 1) {
			v.Ratio = math.NaN()
		}
	}
	lower := func() float64 { return bounded(math.Exp(low.ranked(rank, 1))) }
	upper := func() float64 { return bounded(math.Exp(high.ranked(total+1-rank, 0))) }
	if math.IsInf(lower(), 1) || upper() == 0 {
		// Not even the interval's near end rests on arrivals that were seen:
		// probes broken off early would pass for slow ones.
		return tooFewArrivals(v.N, counts), counts
	}
	low.y, high.x = watchedTo(low.y, lowY.longest()), watchedTo(high.x, highX.longest())
	v.Lower, v.Upper = lower(), upper()
	v.Shown = v.Lower > 1 || v.Upper < 1
	if !v.estimated() || !v.boundedInterval() {
		v.Reason = unbounded(gx, gy, vague)
	}
	v.power(placedX, placedY, width)
	return v, counts
}

// unbounded is what most of the times are of which only one end is known, or
// neither. vague: that counts those that the first poll found.
func unbounded(gx, gy *group, vague bool) Reason {
	early, inFlight, gaveUp, interrupted := 0, 0, 0, 0
	for _, g := range []*group{gx, gy} {
		if vague {
			early += g.earlyHits()
		}
		inFlight += g.inFlight()
		gaveUp += g.counts.GaveUp
		interrupted += g.endedCensored().n - g.counts.GaveUp
	}
	switch max(early, inFlight, gaveUp, interrupted) {
	case early:
		return TooManyAtFirst
	case inFlight:
		return TooManyInFlight
	case gaveUp:
		return TooManyGaveUp
	default:
		return TooManyInterrupted
	}
}

// counted words two numbers of samples.
func counted(names [2]string, n, m int) string {
	if n == m {
		return fmt.Sprintf("%d each", n)
	}
	return fmt.Sprintf("%d %s and %d %s", n, names[0], m, names[1])
}

func tooFewArrivals(n [2]int, counts string) Verdict {
	return Verdict{N: n, Reason: TooFewArrivals, Sentence: fmt.Sprintf("Too few arrivals were seen for a comparison (%s).", counts)}
}

// placed counts the values whose place among all is known: those that arrived,
// and those that ended without having arrived no earlier than the longest one.
func (g *group) placed(longest float64) int {
	ended := g.endedCensored()
	return g.times.events.n + ended.n - ended.below(longest)
}

// suspended counts in words what is left out because this computer slept.
func suspended(groups ...*group) string {
	n := 0
	for _, g := range groups {
		n += g.counts.Suspended
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %d suspended left out", n)
}

// estimated says whether the ratio may be quoted.
func (v Verdict) estimated() bool { return v.Ratio > 0 && !math.IsInf(v.Ratio, 0) }

// bounded takes a ratio that only comes from a bracket that starts at 0 for
// what it means: that there is no bound.
func bounded(ratio float64) float64 {
	const most = 1e5
	switch {
	case ratio > most:
		return math.Inf(1)
	case ratio < 1/most:
		return 0
	}
	return ratio
}

func directionSentence(v Verdict, looks Looks, counts string) string {
	slow, fast, ratio, lower, upper := pair.BtoA.Arrow(), pair.AtoB.Arrow(), v.Ratio, v.Lower, v.Upper
	if v.Shown && v.Upper < 1 {
		slow, fast, ratio, lower, upper = fast, slow, 1/v.Ratio, 1/v.Upper, 1/v.Lower
	}
	interval := intervalText(looks.percent(), lower, upper)
	switch {
	case v.Shown && v.estimated():
		return fmt.Sprintf("%s takes %s times as long as %s (%s, %s).", slow, ratioText(ratio), fast, interval, counts)
	case v.Shown:
		return fmt.Sprintf("%s takes longer than %s, by how much is not known: %s (%s times as long, %s).", slow, fast, v.Reason.unknown(), interval, counts)
	case v.estimated():
		return fmt.Sprintf("No difference between the directions shown: %s takes an estimated %s times as long as %s (%s, %s).", slow, ratioText(ratio), fast, interval, counts)
	default:
		return fmt.Sprintf("No comparison of the directions: %s to say how many times as long %s takes as %s (%s, %s).", v.Reason.unknown(), slow, fast, interval, counts)
	}
}

// points returns the logarithms of n evenly spaced quantiles, thinned to
// comparedPoints, ascending. Without censored values they are the values
// themselves; the share that gave up is +Inf.
func points(l *lifetimes, n int) []float64 {
	n = min(n, comparedPoints)
	logs := make([]float64, n)
	curve := l.curve()
	for i := range logs {
		value, ok := curve.quantile((float64(i)+0.5)/float64(n), false)
		logs[i] = math.Inf(1)
		if ok {
			logs[i] = math.Log(max(value, shortest))
		}
	}
	return logs
}

const shortest = 1e-3 // ms: keeps the logarithm of a zero finite

// watchedTo are ascending logarithms with the longest time watched in place of
// +Inf.
func watchedTo(logs []float64, longest float64) []float64 {
	logs = slices.Clone(logs)
	for i := firstInf(logs); i < len(logs); i++ {
		logs[i] = math.Log(max(longest, shortest))
	}
	return logs
}

// differences are all y-x of two ascending lists.
type differences struct{ x, y []float64 }

// middle is the ratio in the middle of all: the Hodges-Lehmann estimate.
func (d differences) middle() float64 {
	total := float64(len(d.x)) * float64(len(d.y))
	return math.Exp((d.ranked(math.Ceil(total/2), 0.5) + d.ranked(math.Floor(total/2)+1, 0.5)) / 2)
}

// ranked returns the k-th smallest difference, from 1, to within 1e-10.
// censored is the share of the pairs of two +Inf that is taken for smaller
// than everything. The result is infinite where k falls among infinite
// differences.
func (d differences) ranked(k, censored float64) float64 {
	const widest = 64.0 // e^64: more than any two durations differ
	if d.upTo(-widest, censored) >= k {
		return math.Inf(-1)
	}
	if d.upTo(widest, censored) < k {
		return math.Inf(1)
	}
	low, high := -widest, widest
	for high-low > 1e-10 {
		middle := low + (high-low)/2
		if d.upTo(middle, censored) >= k {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// upTo counts the differences that are at most limit.
func (d differences) upTo(limit, censored float64) float64 {
	count, below := 0.0, 0
	for _, x := range d.x {
		if math.IsInf(x, 1) {
			finite := firstInf(d.y)
			count += float64(finite) + censored*float64(len(d.y)-finite)
			continue
		}
		for below < len(d.y) && d.y[below]-x <= limit {
			below++
		}
		count += float64(below)
	}
	return count
}

func firstInf(sorted []float64) int {
	i := len(sorted)
	for i > 0 && math.IsInf(sorted[i-1], 1) {
		i--
	}
	return i
}
