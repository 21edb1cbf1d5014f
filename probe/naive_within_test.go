// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"bothways/probe"
	"bothways/probe/report"
	"bothways/probe/stats"
)

// naiveShare is the share at which so many of n or more, or so many or fewer,
// have a chance of 2.5 %, found by trying: an end of Clopper and Pearson's
// interval.
func naiveShare(k, n int, orMore bool) float64 {
	chance := func(p float64) (sum float64) {
		ways := 1.0
		for i := 0; i <= n; i++ {
			if orMore && i >= k || !orMore && i <= k {
				sum += ways * math.Pow(p, float64(i)) * math.Pow(1-p, float64(n-i))
			}
			ways *= float64(n-i) / float64(i+1)
		}
		return sum
	}
	low, high := 0.0, 1.0
	for range 100 {
		if p := (low + high) / 2; chance(p) < .025 == orMore {
			low = p
		} else {
			high = p
		}
	}
	return low
}

// naiveBeta is the point below which a beta distribution of these parameters has
// the share p, by adding its density up.
func naiveBeta(p, a, b float64) float64 {
	const steps = 1 << 20
	density := func(i int) float64 {
		x := (float64(i) + .5) / steps
		return math.Exp((a-1)*math.Log(x) + (b-1)*math.Log1p(-x))
	}
	all, sum := 0.0, 0.0
	for i := range steps {
		all += density(i)
	}
	for i := range steps {
		if sum += density(i); sum >= p*all {
			return float64(i+1) / steps
		}
	}
	return 1
}

// checkWithin counts again what arrived within the target, and looks for it in
// the reports for people.
func checkWithin(t *testing.T, events []stats.WithinEvent, rows []row, begun []probe.StartedEvent, reports map[report.Format]string) {
	t.Helper()
	if len(events) != 8 {
		t.Errorf("%d targets, want those of 2 directions and 3 sizes in each", len(events))
	}
	for _, e := range events {
		of := pick(rows, func(r row) bool {
			return r.direction == e.Direction.String() && (e.SizeBytes == nil || r.size == *e.SizeBytes)
		})
		met, missed, unknown := 0, 0, 0
		for _, r := range of {
			switch {
			case r.outcome == "replicated" && r.high <= e.TargetMS:
				met++
			case r.outcome == "replicated" && r.low >= e.TargetMS, r.watchedOnly() && r.ms >= e.TargetMS, r.outcome == "failed" && r.written:
				missed++
			case r.outcome == "replicated", r.watchedOnly():
				unknown++
			}
		}
		for _, s := range begun { // nobody knows
			if s.Direction == e.Direction && (e.SizeBytes == nil || s.SizeBytes == *e.SizeBytes) {
				unknown++
			}
		}
		n := met + missed + unknown
		if e.TargetMS != 9000 || e.Met != met || e.Missed != missed || e.Unknown != unknown || e.N != n {
			t.Errorf("%+v, recomputed %d met, %d missed, %d unknown", e, met, missed, unknown)
			continue
		}
		lower, upper := 0.0, 1.0
		if met > 0 {
			lower = naiveShare(met, n, true)
		}
		if met+unknown < n {
			upper = naiveShare(met+unknown, n, false)
		}
		var arrived []float64
		for _, r := range naiveOrder(of) {
			arrived = append(arrived, 0)
			if r.outcome == "replicated" && r.ms <= e.TargetMS {
				arrived[len(arrived)-1] = 1
			}
		}
		how := naiveAlike(arrived)
		if around := naiveAround(of, pick(rows, func(r row) bool {
			return r.direction != e.Direction.String() && (e.SizeBytes == nil || r.size == *e.SizeBytes)
		})); around.seen {
			how = alike{taken: math.Max(around.taken, map[bool]float64{true: how.taken, false: 1}[how.seen]), seen: true}
		}
		if how.seen && float64(n)/how.taken < math.Min(4, float64(n)) {
			lower, upper = 0, 1
		} else if how.seen && how.taken > 1 { // as of fewer, which need not be whole ones
			if met > 0 {
				lower = naiveBeta(.025, float64(met)/how.taken, float64(n-met)/how.taken+1)
			}
			if most := met + unknown; most < n {
				upper = naiveBeta(.975, float64(most)/how.taken+1, float64(n-most)/how.taken)
			}
		}
		if e.ShareInterval == nil || math.Abs(e.ShareInterval[0]-lower) > 2e-5 || math.Abs(e.ShareInterval[1]-upper) > 2e-5 {
			t.Errorf("%d to %d of %d: interval %v, recomputed %v to %v", met, met+unknown, n, e.ShareInterval, lower, upper)
		}
		if e.SizeBytes != nil {
			continue
		}
		for _, format := range []report.Format{report.Markdown, report.HTML} {
			if !strings.Contains(reports[format], strings.Replace(e.Direction.String(), "to", " → ", 1)+": "+strconv.Itoa(met)+" of "+strconv.Itoa(n)+" within 9.0 s") {
				t.Errorf("%s: nothing says that %d of %d met the target", format, met, n)
			}
		}
	}
}
