package stats

import (
	"fmt"
	"math"
	"strings"

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

// tooShortWords stand behind what an interval is wide for.
const tooShortWords = ", the run is too short for bursts as long as these"

func directionNames() [2]string { return [2]string{pair.AtoB.Arrow(), pair.BtoA.Arrow()} }

func (c *Collector) compareDirections(looks Looks) Verdict {
	names := directionNames()
	in := c.order(anySize)
	alike := in.together()
	v, counts := compare(&c.directions[pair.AtoB], &c.directions[pair.BtoA], names, looks, alike)
	widened := in.leaveOpen(&v, v.Ratio, looks)
	if early, is := c.tooEarly(looks); is && v.Enough {
		early.N = v.N
		return early
	}
	if c.correctable() {
		measured := v
		v, counts = compare(&c.corrected[pair.AtoB], &c.corrected[pair.BtoA], names, looks, alike)
		if v.Enough && !measured.Enough {
			return measured
		}
		v.Corrected = true
		widened = in.leaveOpen(&v, measured.Ratio, looks) || widened
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
		if widened && !strings.Contains(counts, tooShortWords) {
			counts += tooShortWords
		}
		counts += suspended(&c.directions[pair.AtoB], &c.directions[pair.BtoA])
		v.Sentence = directionSentence(v, looks, counts)
	}
	return v
}

// shortestLooked is from when on something is shown to who may look often, in
// milliseconds between the first start and the last: a burst of half a minute or more in
// one direction would pass for a difference before.
const shortestLooked = 90e3

func (c *Collector) tooEarly(looks Looks) (v Verdict, early bool) {
	span, known := c.spans()
	if looks == Once || span >= shortestLooked || !known {
		return v, false
	}
	words := "Too early for a comparison"
	if looks == Anytime {
		words = "Too short a run for a comparison, as it did not end as planned"
	}
	return Verdict{Reason: TooEarly, Sentence: fmt.Sprintf("%s (%.0f s; from %.0f s on, as delays come in bursts).", words, span/1000, shortestLooked/1000)}, true
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
	c.corrected[s.Direction].brackets.off = true // it is only compared
	c.corrected[s.Direction].add(s)
}

// compare says how many times as long y takes as x: by scaled, on what is known
// of each time, with an interval as wide as looks and the dependence of the
// samples want it. Where nothing can be said the verdict's sentence says why;
// otherwise it is left to the caller. counts words how many samples stand behind
// it, of groups of these names.
//
// Up to 512 samples each every time is compared. Above, each group is thinned to
// evenly spaced ranks, while the interval's width still comes from the full n;
// that keeps the cost of a frame flat and moves the ends by far less than their
// distance.
//
// A probe that arrived counts with its bracket's middle, which lies off either way
// alike and by far less than delays differ. Where middles stand for nothing the
// interval's ends come from the brackets' ends instead, taken for whatever widens
// it.
func compare(gx, gy *group, names [2]string, looks Looks, alike dependence) (v Verdict, counts string) {
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
	knownX, knownY := gx.known(y), gy.known(x)
	if knownX < fewest || knownY < fewest {
		return tooFewArrivals(v.N, counts), counts
	}
	if alike.seen && alike.factor > 1 {
		v.Worth = [2]int{max(1, alike.worth(x.n())), max(1, alike.worth(y.n()))}
		counts += ", worth " + counted(names, v.Worth[0], v.Worth[1]) + " as delays come in bursts"
	}
	tooShort := min(alike.worth(knownX), alike.worth(knownY)) < fewestPerDirection
	if tooShort {
		counts += tooShortWords
	}
	width, least := looks.apart(knownX, knownY, alike)
	s := scaled{x: x.logs(), y: y.logs(), width: width, least: least}
	if x.censored.n+y.censored.n == 0 {
		s.exact = max(width, least) * uncensoredError(knownX, knownY)
	}
	v.Enough = true
	v.Ratio = s.ratio()
	mostX, mostY := x.mostArrived(), y.mostArrived()
	if !mostX || !mostY {
		v.Ratio = math.NaN()
	}
	vague := gx.vague() || gy.vague()
	low, high := s, s
	if vague {
		low.x, low.y = gx.at(gx.latest).logs(), gy.at(*gy.lows()).logs()
		high.x, high.y = gx.at(*gx.lows()).logs(), gy.at(gy.latest).logs()
		if noBelow(low.ratio()) == 0 || math.IsInf(noAbove(high.ratio()), 1) {
			v.Ratio = math.NaN()
		}
	}
	v.Lower, v.Upper = low.lower(), high.upper()
	// Of a group of which most stayed away nobody saw how far it goes.
	if !mostY && v.Upper > 1 {
		v.Upper = math.Inf(1)
	}
	if !mostX && v.Lower < 1 {
		v.Lower = 0
	}
	v.Shown = v.Lower > 1 || v.Upper < 1
	if !v.estimated() || !v.boundedInterval() {
		v.Reason = unbounded(gx, gy, vague)
		if tooShort && v.estimated() {
			v.Reason = TooShort
		}
	}
	v.power(gx.placed(longest), gy.placed(longest), width)
	return v, counts
}

// uncensoredError is the statistic's standard error.
func uncensoredError(n, m int) float64 {
	return math.Sqrt(float64(n) * float64(m) * float64(n+m+1) / 3)
}

// known counts the times of which is known on which side of the middle they lie:
// those that arrived, those that ended without it no earlier than the group's
// middle, and where none arrived those that are in flight for longer than the
// other group's middle. Where too few arrived to tell the middle, only those count
// that gave up later than the other's, or ended later than all that arrived.
func (g *group) known(other *lifetimes) int {
	own, ended := &g.times, g.endedCensored()
	if median, ok := own.quantile(.5, true); ok {
		return own.events.n + ended.n - ended.below(median)
	}
	late := ended
	if own.events.n == 0 {
		late = &own.censored
	}
	longest := max(own.longestEvent(), other.longestEvent())
	count := ended.n - ended.below(longest)
	if other.events.n > 0 {
		after := late.n - late.below(other.events.at(other.events.n/2))
		if own.events.n > 0 {
			after = min(after, g.counts.GaveUp)
		}
		count = max(count, after)
	}
	return own.events.n + count
}

// mostArrived says whether enough arrived to tell by how much they differ from
// others, and not only that they do.
func (l *lifetimes) mostArrived() bool { return 2*l.events.n >= l.effective() }

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

// farthest is how far from 1 a ratio is quoted.
const farthest = 1e5

// noBelow and noAbove take an end that only comes from a bracket that starts at 0
// for what it means: that there is no bound. What is known to lie farther out is
// known to lie as far as is quoted.
func noBelow(ratio float64) float64 {
	if ratio < 1/farthest {
		return 0
	}
	return min(ratio, farthest)
}

func noAbove(ratio float64) float64 {
	if ratio > farthest {
		return math.Inf(1)
	}
	return max(ratio, 1/farthest)
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
	case v.estimated() && (v.Lower > 1 || v.Upper < 1): // another interval than the one that decides
		return fmt.Sprintf("Not sure whether the directions differ: %s takes an estimated %s times as long as %s (%s, %s).", slow, ratioText(ratio), fast, interval, counts)
	case v.estimated():
		return fmt.Sprintf("No difference between the directions shown: %s takes an estimated %s times as long as %s (%s, %s).", slow, ratioText(ratio), fast, interval, counts)
	default:
		return fmt.Sprintf("No comparison of the directions: %s to say how many times as long %s takes as %s (%s, %s).", v.Reason.unknown(), slow, fast, interval, counts)
	}
}

const shortest = 1e-3 // ms: keeps the logarithm of a zero finite
