package stats

import (
	"math"

	"bothways/probe"
)

// Looks says how often somebody may have looked at a comparison before it was
// taken for the result, which decides how wide its interval must be.
type Looks int

// The ways to look.
const (
	// Once: at the end of a run that ended where it was planned to.
	Once Looks = iota
	// Anytime: after a run without a planned end, or one that was stopped
	// before it, perhaps because of what it showed.
	Anytime
	// SoFar: while the run goes on, as often as one likes.
	SoFar
)

// AtEnd is how the results of a run that is over are looked at: once, where
// every probe that was planned has its sample and none was broken off.
func (c *Collector) AtEnd(cfg probe.Config) Looks {
	samples, broken := 0, 0
	for d := range c.directions {
		samples += c.directions[d].counts.Probes
		broken += c.directions[d].counts.Interrupted
	}
	if planned := cfg.Planned(); planned > 0 && samples >= planned && broken == 0 {
		return Once
	}
	return Anytime
}

// mixture says where the boundary is narrowest: at about 9 times as many samples
// a direction. Simulated with 3 to 30 and a spread as of S3's delays, this one
// shows a ratio of 1.5 within 72 samples a direction as often as any (86 %), and
// one of 2.36 after 13 in the middle, which 20 would after 17.
const mixture = 6

// widthAt is the half width of a 95 % interval in standard errors, where n
// samples in each direction stand behind it: 1.96 for one look. For any number
// of looks it is the two-sided normal mixture boundary (Robbins, "Statistical
// Methods Related to the Law of the Iterated Logarithm", 1970; Howard, Ramdas,
// McAuliffe and Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence
// sequences", 2021): the chance that a true value ever lies outside is 5 %,
// however often and whenever one looks.
func (l Looks) widthAt(n float64) float64 {
	if l == Once {
		return z975
	}
	return math.Sqrt((1 + mixture/n) * (math.Log1p(n/mixture) + 2*math.Log(1/(1-confidence))))
}

// harmonic is the number of samples in each of two groups that tells a shift
// between them as well as n and m do.
func harmonic(n, m int) float64 { return 2 * float64(n) * float64(m) / float64(n+m) }

// apart is how many standard errors wide, either way, the interval for a difference of
// two groups of n and m is, and the least that it may be.
//
// At one look the caution in a dependence widens intervals that need not be
// wider; what it takes too much is given back, so that of independent values
// one in twenty is off. With fewer than 6 each that would be taken from the
// smallest samples' exact test, which also counts where no order is known.
func (l Looks) apart(n, m int, alike dependence) (width, least float64) {
	each := harmonic(n, m)
	normal := l.widthAt(each)
	width = normal * math.Sqrt(alike.cautious)
	if l == Once && alike.estimated {
		width *= 1 - 0.5/math.Sqrt(each) - (caution(each)-0.5)/14
	}
	if !alike.estimated || each < 6 {
		rank := mannWhitneyRank(n, m, normal)
		least = (float64(n)*float64(m) - 2*float64(rank) + 1) / uncensoredError(n, m)
	}
	return width, least
}

// fewestWhileLooking is how many in each group it takes to see that delays come in
// bursts, before anything is shown to who looks early.
const fewestWhileLooking = 12

// fewest is the least number in each of two groups that can show a difference.
func (l Looks) fewest() int {
	n := fewestPerDirection
	if l != Once {
		n = fewestWhileLooking
	}
	for mannWhitneyRank(n, n, l.widthAt(float64(n))) == 0 {
		n++
	}
	return n
}

// percent is the interval's level in words.
func (l Looks) percent() string {
	if l == Once {
		return "95 %"
	}
	return "95 % at every look"
}

// kind is the interval's kind in JSON.
func (l Looks) kind() string {
	if l == Once {
		return "one_look"
	}
	return "anytime"
}
