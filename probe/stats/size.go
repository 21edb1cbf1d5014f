package stats

import (
	"fmt"
	"math"
	"strings"

	"bothways/aws/pair"
	"bothways/probe"
)

// fewestPerSize is how many samples, of both directions together, each of at
// least two sizes must have before a link to the size is judged.
const fewestPerSize = 5

// absencePerSize is how many samples each size must have before the absence of
// a link is more than a lack of evidence: a factor of 2 over five doublings is
// then seen in 99 of 100 runs.
const absencePerSize = 20

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
// they exceed: leaving them out would hide that large files don't arrive.
func (c *Collector) addToFit(s probe.Sample) {
	if s.Outcome != probe.Replicated && s.Outcome != probe.GaveUp {
		return
	}
	if !(s.DurationMS > 0) {
		return
	}
	if s.Outcome == probe.GaveUp {
		c.atLimit[s.Direction]++
	}
	c.fitted[cellKey{s.Direction, s.SizeBytes}]++
	c.fit[s.Direction].add(math.Log2(float64(max(s.SizeBytes, 1))), math.Log(s.DurationMS))
}

// CompareSizes says by which factor a doubling of the size lengthens the
// replication: the least-squares slope of log duration on log size with an
// own level for each direction, and its 95 % interval from Student's
// distribution. It needs 5 samples at each of two sizes. That there is no link
// is said from 20 samples of each size on.
func (c *Collector) CompareSizes() Verdict {
	fitted := map[int64]int{}
	for key, count := range c.fitted {
		fitted[key.size] += count
	}
	return compareSizes(c.fit[:], fitted, c.atLimit[0]+c.atLimit[1])
}

// CompareSizesIn is CompareSizes for one direction.
func (c *Collector) CompareSizesIn(d pair.Direction) Verdict {
	if d != pair.AtoB && d != pair.BtoA {
		return Verdict{About: AboutSizes, Sentence: "No such direction."}
	}
	fitted := map[int64]int{}
	for key, count := range c.fitted {
		if key.direction == d {
			fitted[key.size] = count
		}
	}
	v := compareSizes(c.fit[d:d+1], fitted, c.atLimit[d])
	v.Direction = &d
	v.Sentence = d.Arrow() + ": " + strings.ToLower(v.Sentence[:1]) + v.Sentence[1:]
	return v
}

// compareSizes takes the sums of the directions, how many samples of each size
// are in them, and how many of those gave up.
func compareSizes(fit []regression, fitted map[int64]int, atLimit int) Verdict {
	v := Verdict{About: AboutSizes}
	n, wellFilled, fewest := 0, 0, math.MaxInt
	for _, count := range fitted {
		n += count
		fewest = min(fewest, count)
		if count >= fewestPerSize {
			wellFilled++
		}
	}
	if wellFilled < 2 {
		v.Sentence = fmt.Sprintf("Too few samples for a link to file size (n = %d; from %d at each of two sizes).", n, fewestPerSize)
		return v
	}
	var xx, xy, yy float64
	free := n - 1
	for _, r := range fit {
		if r.n > 0 {
			free--
		}
		xx, xy, yy = xx+r.sumXX, xy+r.sumXY, yy+r.yy
	}
	if !(xx > 0) { // each direction saw one size only
		v.Sentence = fmt.Sprintf("Too few samples for a link to file size (n = %d; each direction has one size only).", n)
		return v
	}
	slope := xy / xx
	residual := max(0, yy-slope*xy)
	width := student975(free) * math.Sqrt(residual/float64(free)/xx)
	v.Enough = true
	v.Ratio, v.Lower, v.Upper = math.Exp(slope), math.Exp(slope-width), math.Exp(slope+width)
	v.Shown = v.Lower > 1 || v.Upper < 1
	v.Sentence = sizeSentence(v, atLimit, fewest)
	return v
}

func sizeSentence(v Verdict, atLimit, fewest int) string {
	note := ""
	if atLimit > 0 {
		note = fmt.Sprintf("; %d that gave up count as their limit", atLimit)
	}
	interval := fmt.Sprintf("95 %%: %s to %s", factorText(v.Lower), factorText(v.Upper))
	if v.Shown {
		return fmt.Sprintf("Each doubling of the size takes %s times as long (%s%s).", factorText(v.Ratio), interval, note)
	}
	if fewest >= absencePerSize {
		return fmt.Sprintf("Not linked to file size, as far as %d or more samples of each size show (×%s per doubling, %s%s).", absencePerSize, factorText(v.Ratio), interval, note)
	}
	return fmt.Sprintf("No link to file size shown so far (×%s per doubling, %s%s).", factorText(v.Ratio), interval, note)
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

// student975 is the 97.5 % point of Student's distribution, by the
// Cornish-Fisher expansion in 1/df: within 0.001 from 7 degrees of freedom.
func student975(df int) float64 {
	z, v := z975, float64(df)
	z3 := z * z * z
	z5 := z3 * z * z
	z7 := z5 * z * z
	return z + (z3+z)/(4*v) + (5*z5+16*z3+3*z)/(96*v*v) + (3*z7+19*z5+17*z3-15*z)/(384*v*v*v)
}
