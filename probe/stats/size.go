package stats

import (
	"fmt"
	"math"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/wording"
)

// fewestPerSize is how many samples, of both directions together, each of at
// least two sizes must have before a link to the size is judged.
const fewestPerSize = 5

const (
	// mostCensored is the share of the samples that may have given up, been
	// interrupted or be in flight: of those a straight line takes the limits for
	// arrivals, or misses them, and comes out too flat.
	mostCensored = 0.01
	// mostAtFirst is the share that the first poll may have found: a straight
	// line takes the middles of their brackets for arrivals.
	mostAtFirst = 0.10
	// mostHeld is the share of held answers, which are left out: as likely as
	// not they are the slow part.
	mostHeld = 0.01
)

// regression accumulates a straight line's sums by Welford's updates, which
// stay accurate over millions of values.
type regression struct {
	n                int
	meanX, meanY     float64
	sumXX, sumXY, yy float64
}

func (r *regression) add(x, y float64) {
	r.n++
	dx, dy := x-r.meanX, y-r.meanY
	r.meanX += dx / float64(r.n)
	r.meanY += dy / float64(r.n)
	r.sumXX += dx * (x - r.meanX)
	r.sumXY += dx * (y - r.meanY)
	r.yy += dy * (y - r.meanY)
}

// addToFit takes replicated samples, and those that gave up at the time that
// they exceed. Empty objects stay out: zero has no logarithm.
func (c *Collector) addToFit(s probe.Sample) {
	if s.SizeBytes > 0 && s.Outcome == probe.Interrupted && s.DurationMS > 0 {
		c.brokenOff[s.Direction]++
	}
	if s.SizeBytes <= 0 || s.Outcome != probe.Replicated && s.Outcome != probe.GaveUp {
		return
	}
	if !(s.DurationMS > 0) {
		return
	}
	if s.Outcome == probe.Replicated && s.Held {
		c.held[s.Direction]++
		return
	}
	if s.Outcome == probe.GaveUp {
		c.atLimit[s.Direction]++
	} else if low, _ := bracketOf(s, s.DurationMS); low == 0 {
		c.atFirst[s.Direction]++
	}
	c.fitted[cellKey{s.Direction, s.SizeBytes}]++
	c.fit[s.Direction].add(math.Log2(float64(s.SizeBytes)), math.Log(s.DurationMS))
}

// CompareSizes says by which factor a doubling of the size lengthens the
// replication: the least-squares slope of log duration on log size with an
// own level for each direction, and its 95 % interval from Student's
// distribution. It needs 5 samples at each of two sizes. Where none is shown it
// says how large a link may still be over the sizes that it rests on, never that there is none.
// Where more than 1 % of the samples gave up, were interrupted or are in flight,
// more than 1 % of the answers were held, more than 10 % were there at the first
// poll, or the brackets are typically as long as the delays, it says nothing: what
// is not there is the slow part, and a middle that may be anything makes no line.
func (c *Collector) CompareSizes(looks Looks) Verdict {
	v := c.compareSizes(looks, pair.Directions()...)
	v.Sentence = looks.said(v.Sentence)
	return v
}

// SizesApart says that the samples are of runs that did not measure the same sizes:
// a difference between these would pass for one between those.
func (c *Collector) SizesApart() { c.sizesApart = true }

// CompareSizesIn is CompareSizes for one direction.
func (c *Collector) CompareSizesIn(d pair.Direction, looks Looks) Verdict {
	if d != pair.AtoB && d != pair.BtoA {
		return Verdict{About: AboutSizes, Looks: looks, Sentence: "No such direction."}
	}
	v := c.compareSizes(looks, d)
	v.Direction = &d
	v.Sentence = looks.said(inDirection(d, v.Sentence))
	return v
}

func (c *Collector) compareSizes(looks Looks, directions ...pair.Direction) Verdict {
	in := fitted{sizesSeen: c.sizesSeen(directions...)}
	for _, d := range directions {
		in.lines[d] = c.fit[d]
		in.atLimit += c.atLimit[d]
		in.atFirst += c.atFirst[d]
		in.held += c.held[d]
		in.wide = in.wide || c.directions[d].wide()
		in.brokenOff += c.brokenOff[d]
		in.inFlight += c.inFlight[d]
	}
	v := Verdict{Reason: SharesDiffer, Sentence: "No link to file size is looked for: not all of the runs measured the same sizes, and runs differ by themselves."}
	if !c.sizesApart {
		v = in.compare(looks)
	}
	v.About, v.Looks, v.N = AboutSizes, looks, [2]int{in.lines[0].n, in.lines[1].n}
	return v
}

// fitted is what a link to the size is judged by: the sums of the directions,
// how many in them gave up or were there at the first poll, how many are
// missing because their answers were held or they were broken off or are in
// flight, and whether the brackets of either direction are wide.
type fitted struct {
	lines [2]regression
	sizesSeen
	atLimit, atFirst    int
	held                int
	brokenOff, inFlight int
	wide                bool
}

// sizesSeen is what is in a fit, and what of what was seen is not.
type sizesSeen struct {
	n, sizes, wellFilled int
	smallest, largest    int64 // of the well filled ones
	empty                bool  // objects of 0 B were seen
	interrupted          int
	suspended            int
}

func (c *Collector) sizesSeen(directions ...pair.Direction) sizesSeen {
	var seen sizesSeen
	for _, size := range c.sizes {
		there, count := false, 0
		for _, d := range directions {
			if g := c.cells[cellKey{d, size}]; g != nil {
				there = true
				count += c.fitted[cellKey{d, size}]
				if size > 0 {
					seen.interrupted += g.counts.Interrupted
					seen.suspended += g.counts.Suspended
				}
			}
		}
		if !there {
			continue
		}
		if size <= 0 {
			seen.empty = true
			continue
		}
		seen.sizes++
		seen.n += count
		if count >= fewestPerSize {
			if seen.wellFilled == 0 {
				seen.smallest = size
			}
			seen.wellFilled++
			seen.largest = size
		}
	}
	return seen
}

func (in fitted) compare(looks Looks) (v Verdict) {
	if all := in.n + in.held; float64(in.held) > mostHeld*float64(all) {
		v.Reason = TooManyHeld
		v.Sentence = fmt.Sprintf("Too many answers were held to say whether file size matters (%d of n = %d%s).", in.held, all, in.leftOut())
		return v
	}
	if in.wellFilled < 2 {
		v.Reason = TooFew
		v.Sentence = fmt.Sprintf("Too few samples for a link to file size (n = %d; from %d at each of two sizes%s).", in.n, fewestPerSize, in.leftOut())
		return v
	}
	if why, what, count, of := in.censored(); why != "" {
		v.Reason = why
		if why == TooManyInFlight { // it will land: that is no refusal
			v.Sentence = fmt.Sprintf("Whether file size matters waits for what is in flight (%d of %s%s).", count, of, in.leftOut())
			return v
		}
		if why == TooManyInterrupted {
			in.interrupted -= in.brokenOff // said already
		}
		v.Sentence = fmt.Sprintf("Too many %s to say whether file size matters (%d of %s%s).", what, count, of, in.leftOut())
		return v
	}
	if float64(in.atFirst) > mostAtFirst*float64(in.n) {
		v.Reason = TooManyAtFirst
		v.Sentence = fmt.Sprintf("Too many were there at the first poll to say whether file size matters (%d of n = %d%s).", in.atFirst, in.n, in.leftOut())
		return v
	}
	if in.wide {
		v.Reason = TooWide
		v.Sentence = fmt.Sprintf("The brackets are too wide to say whether file size matters (typically as long as the times; n = %d%s).", in.n, in.leftOut())
		return v
	}
	var xx, xy, yy float64
	free := in.n - 1
	for _, r := range in.lines {
		if r.n > 0 {
			free--
		}
		xx, xy, yy = xx+r.sumXX, xy+r.sumXY, yy+r.yy
	}
	if !(xx > 0) { // each direction saw one size only
		v.Reason = TooFew
		v.Sentence = fmt.Sprintf("Too few samples for a link to file size (n = %d; each direction has one size only).", in.n)
		return v
	}
	slope := xy / xx
	residual := max(0, yy-slope*xy)
	// As if half of the samples, the smaller ones, were held against the others.
	width := student(looks.widthAt(float64(in.n)/2), free) * math.Sqrt(residual/float64(free)/xx)
	v.Enough = true
	v.Ratio, v.Lower, v.Upper = math.Exp(slope), math.Exp(slope-width), math.Exp(slope+width)
	v.Shown = v.Lower > 1 || v.Upper < 1
	v.Sentence = in.sentence(v, looks)
	return v
}

// censored says what keeps more than mostCensored of the samples from having a
// time, in words too, and of how many. why is empty where nothing does.
func (in fitted) censored() (why Reason, what string, count int, of string) {
	tooMany := func(count, n int) bool { return float64(count) > mostCensored*float64(n) }
	ended, all := in.n+in.brokenOff, in.n+in.brokenOff+in.inFlight
	switch {
	case tooMany(in.atLimit, in.n):
		return TooManyGaveUp, "gave up", in.atLimit, fmt.Sprintf("n = %d", in.n)
	case tooMany(in.atLimit+in.brokenOff, ended) && in.atLimit > 0:
		return TooManyInterrupted, "gave up or were interrupted", in.atLimit + in.brokenOff, fmt.Sprint(ended)
	case tooMany(in.atLimit+in.brokenOff, ended):
		return TooManyInterrupted, "were interrupted", in.brokenOff, fmt.Sprint(ended)
	case tooMany(in.atLimit+in.brokenOff+in.inFlight, all) && in.inFlight > 0:
		return TooManyInFlight, "are in flight", in.inFlight, fmt.Sprint(all)
	}
	return "", "", 0, ""
}

func (in fitted) sentence(v Verdict, looks Looks) string {
	interval := fmt.Sprintf("%s: %s to %s, n = %d", looks.percent(), factorText(v.Lower), factorText(v.Upper), in.n)
	if in.atLimit > 0 {
		interval += fmt.Sprintf(", %d that gave up taken for arrivals when last missed", in.atLimit)
	}
	if in.held > 0 {
		interval += fmt.Sprintf("; %s left out", wording.Count(in.held, "held answer"))
	}
	interval += in.leftOut()
	if v.Shown {
		return fmt.Sprintf("An object of twice the size takes %s times as long (%s).", factorText(v.Ratio), interval)
	}
	doublings := math.Log2(float64(in.largest) / float64(in.smallest))
	most := math.Pow(max(v.Upper, 1/v.Lower), doublings)
	bound := fmt.Sprintf("at most ×%s from %s to %s", factorText(most), wording.Size(in.smallest), wording.Size(in.largest))
	if looks == Once {
		bound += " (95 %)" // otherwise the level takes more words, and follows
	}
	return fmt.Sprintf("No link to file size shown; %s, either way (×%s per doubling, %s).", bound, factorText(v.Ratio), interval)
}

// leftOut names what was seen and is not in the fit, or stands there with too
// few to speak for its size.
func (seen sizesSeen) leftOut() string {
	text := ""
	if seen.empty {
		text += "; 0 B left out"
	}
	if seen.interrupted > 0 {
		text += fmt.Sprintf("; %d interrupted left out", seen.interrupted)
	}
	if seen.suspended > 0 {
		text += fmt.Sprintf("; %d suspended left out", seen.suspended)
	}
	if sparse := seen.sizes - seen.wellFilled; sparse > 0 && seen.wellFilled >= 2 {
		text += fmt.Sprintf("; %d of %d sizes with fewer than %d samples", sparse, seen.sizes, fewestPerSize)
	}
	return text
}

// factorText writes a factor per doubling: two decimals near 1, where the
// interest lies.
func factorText(f float64) string {
	if f < 2 {
		if text := fmt.Sprintf("%.2f", f); text != "1.00" && text != "0.00" || f == 1 {
			return text
		}
	}
	return ratioText(f)
}
