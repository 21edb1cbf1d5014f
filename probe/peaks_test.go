package probe

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

func TestALawIsADensity(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for n := 3; n <= windowResults; n++ {
		results := make([]bracket, n)
		for i := range results {
			d := seconds(3 * math.Exp(r.NormFloat64()))
			results[i] = bracket{d - d/50, d + d/50}
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
	var results []bracket
	for i := range 24 {
		d := time.Duration(950+10*i) * time.Millisecond
		if i%3 == 0 {
			d *= 10
		}
		results = append(results, bracket{d - d/50, d + d/50})
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
