package polling

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// The sums over all cuts of five results against each cut written out.
func TestEveryWayOfCuttingResultsIntoPeaksCounts(t *testing.T) {
	blurs := []blur{{0.1, .01}, {0.2, .01}, {0.9, .02}, {2.2, .01}, {2.3, .3}}
	n := len(blurs)
	p := newPeaks(blurs, .9)
	for _, variance := range usualVariances() {
		p.suppose(variance)
		total := p.sumForward()
		p.sumBehind()
		all := 0.0
		with := map[[2]int]float64{} // by run
		for cuts := range 1 << (n - 1) {
			weight, from := 0.0, 0
			var runs [][2]int
			for to := 1; to <= n; to++ {
				if to == n || cuts>>(to-1)&1 == 1 {
					weight += p.at(from, to)
					runs = append(runs, [2]int{from, to})
					from = to
				}
			}
			all += math.Exp(weight)
			for _, run := range runs {
				with[run] += math.Exp(weight)
			}
		}
		if math.Abs(total-math.Log(all)) > 1e-9 {
			t.Errorf("variance %v: the cuts weigh %v together, want %v", variance, total, math.Log(all))
		}
		for run, weight := range with {
			got := math.Exp(p.forward[run[0]] + p.at(run[0], run[1]) + p.behind[run[1]] - total)
			if want := weight / all; math.Abs(got-want) > 1e-9 {
				t.Errorf("variance %v: the results %v are a peak with %v, want %v", variance, run, got, want)
			}
		}
	}
}

// A run's weight is the integral of its results' likelihood over every middle
// and variance that the prior allows.
func TestAPeaksWeightIsItsIntegral(t *testing.T) {
	const variance = .1
	blurs := []blur{{-.3, 0}, {.1, 0}, {.4, 0}}
	p := newPeaks(blurs, 0)
	p.suppose(variance)
	// Inverse gamma in the variance, normal in the middle.
	a, b := widthWeight, widthWeight*variance
	gamma, _ := math.Lgamma(a)
	integral, step := 0.0, .01
	for logVariance := -9.0; logVariance < 6; logVariance += step {
		v := math.Exp(logVariance)
		prior := math.Exp(a*math.Log(b)-gamma-(a+1)*logVariance-b/v) * v // v: of the change to logarithms
		for middle := -12.0; middle < 12; middle += step {
			like := math.Sqrt(placeWeight/(2*math.Pi*v)) * math.Exp(-placeWeight*middle*middle/(2*v))
			for _, one := range blurs {
				like *= math.Exp(-(one.at-middle)*(one.at-middle)/(2*v)) / math.Sqrt(2*math.Pi*v)
			}
			integral += prior * like * step * step
		}
	}
	want := math.Log(integral) + math.Log(math.Pi)*float64(len(blurs))/2 + math.Log(peakOdds*singleOdds*2) // the root of pi is left out for each result; (3-1)! = 2
	if got := p.at(0, 3); math.Abs(got-want) > .01 {
		t.Errorf("three results in one peak weigh %.4f, want %.4f", got, want)
	}
}

// What one peak foretells is Student's law: its density against the formula, and
// all of it against the share that was added.
func TestAPeakForetellsByStudentsLaw(t *testing.T) {
	blurs := []blur{{-.3, 0}, {.1, 0}, {.4, .2}}
	const middle, share = 2.0, .6
	for i := range blurs {
		blurs[i].at += middle
	}
	p := newPeaks(blurs, middle)
	p.suppose(.1)
	l := &law{start: middle - 5.5}
	l.addPeak(p.run(0, 3), middle, share)
	// A normal-inverse-gamma law after three results, by its usual formulas.
	place, n := placeWeight, 3.0
	mean := (-.3 + .1 + .4) / n
	a := widthWeight + n/2
	b := widthWeight*.1 + (sqDiff(-.3, mean)+sqDiff(.1, mean)+sqDiff(.4, mean)+.2*.2+place*n*mean*mean/(place+n))/2
	centre, freedom := n*mean/(place+n), 2*a
	scale := math.Sqrt(b * (place + n + 1) / (a * (place + n)))
	above, _ := math.Lgamma((freedom + 1) / 2)
	below, _ := math.Lgamma(freedom / 2)
	sum := 0.0
	for k, got := range l.density {
		sum += got * lawStep
		z := (l.at(k) - middle - centre) / scale
		want := share * math.Exp(above-below) / (math.Sqrt(freedom*math.Pi) * scale) * math.Pow(1+z*z/freedom, -(freedom+1)/2)
		if math.Abs(got-want) > 1e-6 {
			t.Fatalf("at %.2f the density is %v, want %v", l.at(k), got, want)
		}
	}
	if math.Abs(sum-share) > 1e-3 {
		t.Errorf("the density sums up to %v, want %v", sum, share)
	}
}

func sqDiff(x, y float64) float64 { return (x - y) * (x - y) }

// The whole law is what its runs foretell, each by the results that it holds.
func TestALawHoldsEachPeakByItsShareOfTheResults(t *testing.T) {
	var results []Bracket
	for i := range 30 {
		d := time.Duration(1000+i) * time.Millisecond
		if i >= 6 {
			d *= 50
		}
		results = append(results, Bracket{d - d/100, d + d/100})
	}
	l, near := lawOf(results), 0.0
	for k, f := range l.density {
		if l.at(k) < math.Log(7) {
			near += f * lawStep
		}
	}
	if math.Abs(near-.2) > .03 {
		t.Errorf("%.3f of the law lies at the first peak, want a fifth", near)
	}
}

func TestANearPeakIsPolledHoweverFarTheMedianIs(t *testing.T) {
	var w window
	for i := range 30 {
		d := time.Duration(500+5*i) * time.Millisecond
		if i%2 == 0 || i%5 == 0 {
			d *= 1000
		}
		w.add(Bracket{d - d/50, d + d/50})
	}
	plan := Polls{Spacing: 1, RTT: 30 * time.Millisecond}
	polls, near := 0, 0
	for at := plan.First(w.outlook(), 0); at < 2*time.Second; at = plan.Next(at, polls, w.outlook(), 0, false) {
		polls++
		if at > 400*time.Millisecond && at < 900*time.Millisecond {
			near++
		}
	}
	if near < 3 {
		t.Errorf("%d polls between 0.4 and 0.9 s, where 40 %% of the results lie: want 3", near)
	}
}

func TestALawIsADensity(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for n := 3; n <= windowResults; n++ {
		results := make([]Bracket, n)
		for i := range results {
			d := seconds(3 * math.Exp(r.NormFloat64()))
			results[i] = Bracket{d - d/50, d + d/50}
		}
		l, sum := lawOf(results), 0.0
		for k, f := range l.density {
			sum += f * lawStep
			if f <= 0 || math.IsNaN(f) || k > 0 && l.survival[k] > l.survival[k-1] {
				t.Fatalf("%d results: density %v, survival %v at %.2f", n, f, l.survival[k], l.at(k))
			}
		}
		if math.Abs(sum-1) > .01 {
			t.Errorf("%d results: the density sums up to %v", n, sum)
		}
	}
}

func TestPeaksApartLeaveTheGapBetweenThem(t *testing.T) {
	var results []Bracket
	for i := range 24 {
		d := time.Duration(950+10*i) * time.Millisecond
		if i%3 == 0 {
			d *= 10
		}
		results = append(results, Bracket{d - d/50, d + d/50})
	}
	l := lawOf(results)
	between, peak := 0.0, 0.0
	for k := range l.density {
		switch at := math.Exp(l.at(k)); {
		case at > 2 && at < 5:
			between += l.density[k] * lawStep
		case at > 8 && at < 14:
			peak += l.density[k] * lawStep
		}
	}
	if between > .05 || math.Abs(peak-1./3) > .06 {
		t.Errorf("%.3f of the law lies between the peaks and %.3f in the later one: want hardly any, and a third", between, peak)
	}
}
