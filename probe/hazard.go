package probe

import (
	"math"
	"slices"
	"time"
)

// Where polls are worth most. An object that is not there yet appears in the
// next instant with a probability that is the hazard of the delay's law; the
// fewest polls for a given error go out at a density proportional to the
// square root of that hazard. The law is learned from the last results: a
// kernel density in logarithmic time, with a share of a broad law for what was
// never seen yet.
const (
	broadShare = 0.08 // of the broad law
	broadWidth = 1.5  // its standard deviation, in logarithmic time
	leastWidth = 0.06 // of a kernel, where results hardly differ
	// evenness lies between 0.5, which makes the mean error least in seconds,
	// and 1, which makes it least as a share of the delay.
	evenness = 0.83

	curvePoints = 100
	curveBelow  = 4.0 // how far the curve reaches, in logarithmic time
	curveAbove  = 6.0
)

// curve says how polls spread over the time since the upload: it rises from 0
// by the share of all expected polls that have gone out.
type curve struct {
	start, step float64 // in logarithmic time, seconds
	sent        [curvePoints + 1]float64
}

// learn fits the curve to results, of which there are at least two.
func learn(results []time.Duration) *curve {
	logs := make([]float64, len(results))
	for i, result := range results {
		logs[i] = math.Log(max(result, time.Millisecond).Seconds())
	}
	slices.Sort(logs)
	n := len(logs)
	middle, width := (logs[(n-1)/2]+logs[n/2])/2, kernelWidth(logs)
	c := &curve{start: middle - curveBelow, step: (curveBelow + curveAbove) / curvePoints}
	expected, density, surviving := 0.0, 0.0, 0.0
	for i := range c.sent {
		u := c.start + c.step*float64(i)
		f, s := mixture(u, logs, width, middle)
		now := math.Sqrt(f/s) * math.Exp((1-evenness)*(u-middle))
		if i > 0 {
			c.sent[i] = c.sent[i-1] + c.step*(density+now)/2
			expected += c.step * (density*surviving + now*s) / 2
		}
		density, surviving = now, s
	}
	for i := range c.sent {
		c.sent[i] /= expected
	}
	return c
}

// kernelWidth is Silverman's rule of thumb, robust against a second peak.
func kernelWidth(sorted []float64) float64 {
	n := float64(len(sorted))
	mean, squares := 0.0, 0.0
	for _, x := range sorted {
		mean += x / n
	}
	for _, x := range sorted {
		squares += (x - mean) * (x - mean)
	}
	spread := math.Sqrt(squares / (n - 1))
	quartiles := (sorted[len(sorted)*3/4] - sorted[len(sorted)/4]) / 1.34
	return max(min(spread, quartiles)*math.Pow(n, -0.2), leastWidth)
}

// mixture is the learned law's density and survival at u.
func mixture(u float64, logs []float64, width, middle float64) (density, survival float64) {
	normal := func(center, width, share float64) {
		z := (u - center) / width
		if z > 7 { // past it: nothing left that a float64 could show
			return
		}
		if z < -7 { // long before it
			survival += share
			return
		}
		density += share * math.Exp(-z*z/2) / (width * math.Sqrt(2*math.Pi))
		survival += share * math.Erfc(z/math.Sqrt2) / 2
	}
	normal(middle, broadWidth, broadShare)
	for _, center := range logs {
		normal(center, width, (1-broadShare)/float64(len(logs)))
	}
	return density, survival
}

// after is the instant of the next poll after one at sent, when polls are
// expected in all. It returns 0 beyond what the curve knows.
func (c *curve) after(sent time.Duration, polls float64) time.Duration {
	goal := c.at(math.Log(max(sent, time.Millisecond).Seconds())) + 1/polls
	i, _ := slices.BinarySearch(c.sent[:], goal)
	if i == 0 || i > curvePoints {
		return 0
	}
	part := (goal - c.sent[i-1]) / (c.sent[i] - c.sent[i-1])
	u := c.start + c.step*(float64(i-1)+part)
	return time.Duration(math.Exp(u) * float64(time.Second))
}

// at reads the curve.
func (c *curve) at(u float64) float64 {
	place := (u - c.start) / c.step
	switch {
	case place <= 0:
		return 0
	case place >= curvePoints:
		return c.sent[curvePoints]
	}
	i := int(place)
	return c.sent[i] + (place-float64(i))*(c.sent[i+1]-c.sent[i])
}
