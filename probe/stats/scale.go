package stats

import "math"

// scaled compares two groups of times, some right-censored, as a change of scale:
// by which factor x's times must be stretched for Gehan's test (of singly-censored
// samples, Biometrika 52, 1965) to see no difference from y's. Its root is the estimate and what it does not reject
// the interval (Wei and Gail, "Nonparametric Estimation for a Scale-Change with
// Censored Observations", 1983). Without censored values the two are Hodges and
// Lehmann's estimate and the interval of the Mann-Whitney test. A value that is
// censored is only held against those that ended before: neither is it taken for
// infinite, nor for an arrival, so that the estimate has no bias from give-ups.
type scaled struct {
	x, y  logTimes
	exact float64 // the statistic's critical value; 0 where some are censored
	width float64 // half width of the interval, in standard errors of independent values
	least float64 // what it is at least, of so few
}

// logTimes are ascending logarithms of times. Each event and each censored value
// stands for so many.
type logTimes struct {
	events, censored   []float64
	perEvent, perOther float64
}

// logs are the group's times thinned to comparedPoints.
func (l *lifetimes) logs() logTimes {
	t := logTimes{perEvent: 1, perOther: 1}
	nEvents, nOthers := l.events.n, l.censored.n
	if n := l.n(); n > comparedPoints {
		share := float64(comparedPoints) / float64(n)
		nEvents = min(nEvents, int(math.Ceil(share*float64(nEvents))))
		nOthers = min(nOthers, int(math.Ceil(share*float64(nOthers))))
	}
	t.events, t.perEvent = thinned(&l.events, nEvents)
	t.censored, t.perOther = thinned(&l.censored, nOthers)
	return t
}

// thinned are the logarithms of n of the values, evenly spaced, and how many each
// stands for.
func thinned(o *ordered, n int) (logs []float64, each float64) {
	if n == 0 {
		return nil, 1
	}
	each = float64(o.n) / float64(n)
	logs = make([]float64, n)
	for i := range logs {
		logs[i] = math.Log(max(o.at(int((float64(i)+.5)*each)), shortest))
	}
	return logs, each
}

// atRisk counts the values from which none of the first of each are gone.
func (t logTimes) atRisk(events, censored int) float64 {
	return t.perEvent*float64(len(t.events)-events) + t.perOther*float64(len(t.censored)-censored)
}

// gehan is the statistic with x's logarithms moved by shift, positive where y
// takes longer, its variance under no difference, and how many events it rests on.
// The variance is the conditional one at each event, which holds where the two
// groups were watched for different times (Breslow, on unequal patterns of
// censorship, Biometrika 57, 1970).
func (s *scaled) gehan(shift float64) (u, variance, events float64) {
	x, y := s.x, s.y
	var ex, cx, ey, cy int
	for ex < len(x.events) || ey < len(y.events) {
		at := math.Inf(1)
		if ex < len(x.events) {
			at = x.events[ex] + shift
		}
		if ey < len(y.events) {
			at = min(at, y.events[ey])
		}
		for cx < len(x.censored) && x.censored[cx]+shift < at {
			cx++
		}
		for cy < len(y.censored) && y.censored[cy] < at {
			cy++
		}
		riskX, riskY := x.atRisk(ex, cx), y.atRisk(ey, cy)
		if riskX <= 0 || riskY <= 0 {
			break // what is left has nobody to be held against
		}
		var dx, dy float64
		for ex < len(x.events) && x.events[ex]+shift <= at {
			dx += x.perEvent
			ex++
		}
		for ey < len(y.events) && y.events[ey] <= at {
			dy += y.perEvent
			ey++
		}
		d, risk := dx+dy, riskX+riskY
		u += dx*riskY - dy*riskX
		if risk > d {
			variance += riskX * riskY * d * (risk - d) / max(risk-1, risk-d)
		}
		events += d
	}
	return u, variance, events
}

// longer says whether y, rather than x stretched by shift, is shown to take
// longer (sign 1) or less (-1).
func (s *scaled) longer(shift, sign float64) bool {
	u, variance, events := s.gehan(shift)
	if u *= sign; u <= 0 {
		return false
	}
	if s.exact > 0 {
		return u > s.exact
	}
	if events < leastEvents {
		return false
	}
	return u > max(s.least, studentNear(s.width, events-1))*math.Sqrt(variance)
}

// lower and upper are the ends of the ratio's interval; 0 and +Inf are no bounds.
func (s *scaled) lower() float64 {
	return noBelow(math.Exp(lastWhere(func(shift float64) bool { return s.longer(shift, 1) })))
}

func (s *scaled) upper() float64 {
	return noAbove(math.Exp(lastWhere(func(shift float64) bool { return !s.longer(shift, -1) })))
}

// ratio is the estimate: infinite, 0 or NaN where it is not known.
func (s *scaled) ratio() float64 {
	low := lastWhere(func(shift float64) bool { u, _, _ := s.gehan(shift); return u > 0 })
	high := lastWhere(func(shift float64) bool { u, _, _ := s.gehan(shift); return u >= 0 })
	return math.Exp((low + high) / 2)
}

// lastWhere is the shift up to which is holds, to within 1e-10: infinite where it
// holds nowhere, or everywhere.
func lastWhere(is func(shift float64) bool) float64 {
	const widest = 64.0 // e^64: more than any two durations differ
	low, high := -widest, widest
	if !is(low) {
		return math.Inf(-1)
	}
	if is(high) {
		return math.Inf(1)
	}
	for high-low > 1e-10 {
		if middle := low + (high-low)/2; is(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// leastEvents is the number of arrivals below which nothing is shown.
const leastEvents = 4

// studentNear is student for degrees of freedom that are no whole number, by its
// expansion.
func studentNear(z, free float64) float64 {
	free = max(1, free)
	z3 := z * z * z
	z5 := z3 * z * z
	return z + (z3+z)/(4*free) + (5*z5+16*z3+3*z)/(96*free*free)
}
