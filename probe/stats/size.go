package stats

import (
	"fmt"
	"math"

	"bothways/probe"
)

// fewestPerSize is how many samples, of both directions together, each of at
// least two sizes must have before a link to the size is judged.
const fewestPerSize = 5

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
		c.atLimit++
	}
	c.fitted[s.SizeBytes]++
	c.fit[s.Direction].add(math.Log2(float64(max(s.SizeBytes, 1))), math.Log(s.DurationMS))
}

// CompareSizes says by which factor a doubling of the size lengthens the
// replication: the least-squares slope of log duration on log size with an
// own level for each direction, and its 95 % interval from Student's
// distribution. It needs 5 samples at each of two sizes.
func (c *Collector) CompareSizes() Verdict {
	v := Verdict{About: AboutSizes}
	n, wellFilled := 0, 0
	for _, count := range c.fitted {
		n += count
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
	for _, r := range c.fit {
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
	v.Sentence = c.sizeSentence(v)
	return v
}

func (c *Collector) sizeSentence(v Verdict) string {
	note := ""
	if c.atLimit > 0 {
		note = fmt.Sprintf("; %d that gave up count as their limit", c.atLimit)
	}
	interval := fmt.Sprintf("95 %%: %s to %s", factorText(v.Lower), factorText(v.Upper))
	if v.Shown {
		return fmt.Sprintf("Each doubling of the size takes %s times as long (%s%s).", factorText(v.Ratio), interval, note)
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
