package stats

import (
	"math"
	"time"

	"bothways/probe"
	"bothways/probe/wording"
)

// fewestForMean is the least number of arrivals for which a mean is quoted, as
// few as a median takes.
const fewestForMean = 6

// Mean is the mean replication time with its 95 % interval, in the states of a
// Quantile: it is never Beyond, as each time is cut where nothing was watched
// longer.
type Mean struct {
	Quantile
	// Cut is the longest time that anything was watched, where some gave up,
	// were interrupted or are in flight: the mean is then of times of which
	// each counts up to Cut and no further. 0: it is of whole times.
	Cut time.Duration
	// Brackets is how far the mean may lie off, either way, because only a
	// bracket is known of each arrival: half a bracket's length on average. It is
	// not in the interval, as middles lie off either way alike.
	Brackets time.Duration
}

// mean estimates the mean of the middles: the area under the Kaplan-Meier curve
// up to the longest time watched (Irwin, "The standard error of an estimate of
// expectation of life", 1949; Kaplan and Meier 1958), without censored values
// the plain mean. inflation is how many times as large the variance of a mean is
// as for independent values; 1 for those.
//
// The interval is Student's on the logarithm of the mean, its upper end moved
// out to that of Hall's transformation, which takes the skewness out of the
// statistic ("On the Removal of Skewness by Transformation", 1992); variance and
// skewness are those of the curve's influence values. Simulated, it covers with
// .94 to .95 for lognormal delays (spread .6) from n = 6 to 300, with .91 to .95
// for a spread of 1, and with .94 and more where 20 to 60 % are censored. It falls short where the
// samples don't tell what the mean hangs on: .88 for n = 6 of two regimes, of
// which the slow one is often missed, and where 3 % take fifteen times as long
// .80 for n = 6, .70 for n = 24, .86 for n = 72 and .96 for n = 300.
//
// What the first poll found or a held answer showed has no middle: the lower end
// takes it for its bracket's lower end and the upper end for the upper one. Where
// more than a tenth have none, or brackets are typically as long as the delays,
// both ends come from the brackets' ends, and the mean is at most that of the
// upper ones.
func (g *group) mean(inflation float64) Mean {
	arrived := g.times.events.n
	m := Mean{}
	if g.times.censored.n > 0 {
		m.Cut = probe.Duration(g.times.longest())
	}
	if arrived < fewestForMean {
		if m.Cut == 0 {
			m.Missing = fewestForMean - arrived
		}
		return m
	}
	if m.Bursts = float64(arrived)/inflation < fewestBursts; m.Bursts {
		return m
	}
	m.State, m.Brackets = Known, probe.Duration(g.middles.halves/float64(arrived))
	of := g.middles.moments
	if m.Cut > 0 {
		of = g.times.momentsToLongest()
	}
	lower, upper := of.interval(inflation)
	value := of.mean
	switch {
	case g.wide() || g.middles.without > mostAtFirst*float64(arrived):
		earliest, latest := g.at(g.earliest).momentsToLongest(), g.at(g.latest).momentsToLongest()
		m.State, m.AtFirst, value = AtMost, true, latest.mean
		lower, _ = earliest.interval(inflation)
		_, upper = latest.interval(inflation)
	case g.middles.without > 0:
		share := 1 / float64(g.times.n())
		if m.Cut > 0 { // none of them weighs more than the curve's last step among them
			share = g.times.stepAt(g.middles.longest)
		}
		lower, upper = lower-share*g.middles.below, upper+share*g.middles.above
	}
	m.Value, m.Lower, m.Upper = probe.Duration(value), probe.Duration(max(0, lower)), probe.Duration(upper)
	if m.Cut > 0 && m.State == Known {
		m.Upper = min(m.Upper, m.Cut)
	}
	return m
}

// Words are the mean as it is quoted.
func (m Mean) Words() wording.Mean { return wording.Mean{Quantile: m.Quantile.Words(), Cut: m.Cut} }

// QuotedMean is the mean from a summary's members, as it is quoted.
func QuotedMean(e SummaryEvent) wording.Mean {
	m := wording.Mean{}
	if e.MeanCutMS != nil {
		m.Cut = probe.Duration(*e.MeanCutMS)
	}
	m.Quantile = Quoted(e.MeanMS, nil, e.MeanAtMostMS, e.MeanIntervalMS, e.Lacking().Mean)
	return m
}

// tell writes the mean's members of an event, in milliseconds.
func (m Mean) tell(e *SummaryEvent) {
	e.MeanIntervalMS = m.Interval()
	e.MeanMS, _, e.MeanAtMostMS = m.Members()
	if m.State == NotEnough {
		return
	}
	if m.Cut > 0 {
		e.MeanCutMS = inMS(m.Cut)
	}
	e.MeanBracketMS = inMS(m.Brackets)
}

// middles are sums over the arrivals of a group.
type middles struct {
	moments
	halves float64 // of the brackets' lengths, but for those that have no middle
	// without counts those that have none: the first poll found them, or their
	// answers were held. below and above are how far what stands for them lies
	// from their brackets' ends, longest is the longest of what does.
	without, below, above, longest float64
}

func (m *middles) add(middle, low, high float64, atMost bool) {
	m.moments.add(middle)
	if !atMost {
		m.halves += (high - low) / 2
		return
	}
	m.without++
	m.below, m.above, m.longest = m.below+middle-low, m.above+high-middle, max(m.longest, middle)
}

// moments of what a mean is of. arrived counts the arrivals in it, which tell
// its spread; n is what second and third are sums over, of the deviations'
// squares and cubes.
type moments struct {
	n, arrived          float64
	mean, second, third float64
}

// add takes a value by Welford's and Terriberry's updates.
func (m *moments) add(x float64) {
	m.n++
	m.arrived++
	d := x - m.mean
	part := d / m.n
	square := d * part * (m.n - 1)
	m.mean += part
	m.third += square*part*(m.n-2) - 3*part*m.second
	m.second += square
}

// interval is the mean's 95 % interval, see group.mean. Correlated values count
// as fewer.
func (m moments) interval(inflation float64) (lower, upper float64) {
	if !(m.second > 0) || !(m.mean > 0) {
		return m.mean, m.mean
	}
	arrived := max(3, m.arrived/inflation)
	spread := m.second / m.n
	off := math.Sqrt(inflation * spread / m.n * m.arrived / (m.arrived - 1))
	width := student(z975, int(arrived)-1)
	lower, upper = m.mean*math.Exp(-width*off/m.mean), m.mean*math.Exp(width*off/m.mean)
	skewness := m.third / m.n / math.Pow(spread, 1.5) * math.Sqrt(m.arrived*(m.arrived-1)) / (m.arrived - 2)
	if skewness > 0 {
		by := skewness / math.Sqrt(arrived)
		upper = max(upper, m.mean-off*3/by*(math.Cbrt(1-by*(width+by/6))-1))
	}
	return lower, upper
}

// momentsToLongest are those of the area under the Kaplan-Meier curve up to the
// longest time watched. The deviations are the values' influences on it: how the
// area changes where a value weighs more. Without censored values they are the
// deviations from the plain mean, and in any case the sum of their squares, over
// n², is Greenwood's variance of the area but for terms of a higher order.
func (l *lifetimes) momentsToLongest() moments {
	m := moments{n: float64(l.n()), arrived: float64(l.events.n)}
	l.walk(func(s kaplanMeier) { m.mean += s.survival * (s.at - s.before) })
	area, moved := 0.0, 0.0
	l.walk(func(s kaplanMeier) {
		area += s.survival * (s.at - s.before)
		influence := moved
		if s.arrived {
			rest := m.n * (m.mean - area)
			influence -= rest / s.risk
			if s.risk > 1 {
				moved += rest / (s.risk * (s.risk - 1))
			}
		}
		m.second += influence * influence
		m.third += influence * influence * influence
	})
	return m
}

// stepAt is by how much the Kaplan-Meier curve falls at the last arrival up to
// a time: the most that an arrival up to there weighs in the mean.
func (l *lifetimes) stepAt(most float64) float64 {
	step := 0.0
	l.walk(func(s kaplanMeier) {
		if s.arrived && s.at <= most {
			step = s.survival / s.risk
		}
	})
	return step
}

// kaplanMeier is the curve at one of its values.
type kaplanMeier struct {
	before, at float64 // the value before and this one
	survival   float64 // between the two
	risk       float64 // how many were watched up to this one
	arrived    bool
}

// walk visits all values in ascending order. Arrivals come before censored
// values that tie with them.
func (l *lifetimes) walk(visit func(kaplanMeier)) {
	s := kaplanMeier{survival: 1, risk: float64(l.n())}
	censored := l.censored.cursor()
	step := func(at float64, arrived bool) {
		s.at, s.arrived = at, arrived
		visit(s)
		if arrived {
			s.survival *= (s.risk - 1) / s.risk
		}
		s.before, s.risk = at, s.risk-1
	}
	for i := range l.events.pieces() {
		for _, at := range l.events.piece(i) {
			for gone, ok := censored.below(at); ok; gone, ok = censored.below(at) {
				step(gone, false)
			}
			step(at, true)
		}
	}
	for gone, ok := censored.below(math.Inf(1)); ok; gone, ok = censored.below(math.Inf(1)) {
		step(gone, false)
	}
}

// cursor reads ordered values one by one.
type cursor struct {
	*ordered
	next int // piece
	rest []float64
}

func (o *ordered) cursor() *cursor { return &cursor{ordered: o} }

// below is the next value, if it is smaller than limit.
func (c *cursor) below(limit float64) (value float64, ok bool) {
	for len(c.rest) == 0 && c.next < c.pieces() {
		c.rest = c.piece(c.next)
		c.next++
	}
	if len(c.rest) == 0 || !(c.rest[0] < limit) {
		return 0, false
	}
	value, c.rest = c.rest[0], c.rest[1:]
	return value, true
}
