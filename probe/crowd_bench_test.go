//go:build unix

package probe_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
)

// crowd is what a number of probes in flight came to.
type crowd struct {
	inFlight float64   // on average
	width    [2]spread // of the brackets, ms, by direction
	relative [2]spread // the same as a share of the duration
	heads    float64   // a sample
	samples  int
	outside  int // brackets that do not hold the truth
	cpu      float64
	resident float64 // the most memory of this process so far, MB
}

// spread is what values have in common: their mean with its standard error.
type spread struct{ n, sum, squares float64 }

func (s *spread) add(x float64) { s.n, s.sum, s.squares = s.n+1, s.sum+x, s.squares+x*x }

func (s *spread) mean() float64 { return s.sum / s.n }

// uncertainty is the standard error as a share of the mean.
func (s *spread) uncertainty() float64 {
	variance := s.squares/s.n - s.mean()*s.mean()
	return math.Sqrt(variance/s.n) / s.mean()
}

// usualMean is the mean delay of the sandbox, of both directions together.
const usualMean = 7900 * time.Millisecond

// crowded keeps about n probes in flight against a sandbox with its usual
// distances and a mean delay, for a while after a start that does not count.
func crowded(b testing.TB, r *rig, mean time.Duration, n int, start, length time.Duration) crowd {
	b.Helper()
	cfg := r.runConfig()
	cfg.Sizes, cfg.Rounds, cfg.For = []int64{1024}, 0, start+length+start
	cfg.Every = (2 * mean / time.Duration(n)).Round(time.Millisecond)
	cfg.MaxRate = probe.HighestMaxRate
	runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
	r.must(err)
	var c crowd
	begun := time.Now()
	counts := func(at time.Time) bool { return at.Sub(begun) > start && at.Sub(begun) < start+length }
	busy := 0.0
	var before, after syscall.Rusage
	r.must(syscall.Getrusage(syscall.RUSAGE_SELF, &before))
	// Where two thousand are more than the computer has time for, their starts fall
	// behind for ever.
	ctx, cancel := context.WithTimeoutCause(b.Context(), cfg.For+10*mean+2*time.Minute, errors.New("this computer is too busy: the probes did not end in time"))
	defer cancel()
	err = runner.Run(ctx, func(event pair.Event) {
		s, ok := event.(probe.Sample)
		if !ok {
			return
		}
		busy += s.DurationMS / 1000
		if !counts(s.PostedAt) {
			return
		}
		c.samples++
		c.outside += r.outside(s)
		c.heads += float64(s.HEADs)
		if s.Outcome == probe.Replicated && !s.LeftCensored {
			width := s.BracketMS[1] - s.BracketMS[0]
			c.width[s.Direction].add(width)
			c.relative[s.Direction].add(width / s.DurationMS)
		}
	})
	r.must(err)
	r.must(syscall.Getrusage(syscall.RUSAGE_SELF, &after))
	c.resident = float64(after.Maxrss) / 1e3 // of KiB, on Linux
	took := time.Since(begun).Seconds()
	c.inFlight = busy / cfg.For.Seconds()
	c.cpu = (seconds(after.Utime) + seconds(after.Stime) - seconds(before.Utime) - seconds(before.Stime)) / took
	c.heads /= float64(c.samples)
	return c
}

func seconds(t syscall.Timeval) float64 { return float64(t.Sec) + float64(t.Usec)/1e6 }

// outside is 1 where a sample does not hold the truth.
func (r *rig) outside(s probe.Sample) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	delivery, delivered := r.deliveries[s.Key]
	delete(r.deliveries, s.Key)
	visible := ms(delivery.VisibleAt.Sub(s.PostedAt))
	if s.Outcome != probe.Replicated || !delivered || !s.LeftCensored && s.BracketMS[0] >= visible || s.BracketMS[1] < visible {
		return 1
	}
	return 0
}

// String is a crowd in words.
func (c *crowd) String() string {
	return fmt.Sprintf("%.0f in flight: %d samples, %d outside; mean bracket A to B %.0f ms (%.1f %%), B to A %.0f ms (%.1f %%); %.1f HEADs a sample; %.2f processors, %.0f MB resident at most",
		c.inFlight, c.samples, c.outside, c.width[0].mean(), 100*c.relative[0].mean(), c.width[1].mean(), 100*c.relative[1].mean(), c.heads, c.cpu, c.resident)
}

// wider is by how much more than with the others the brackets are wide, in
// milliseconds and as shares of the durations, whichever is more, and the
// standard error of that.
func (c *crowd) wider(than *crowd) (by, uncertain float64) {
	by = math.Inf(-1)
	for _, measure := range [][2]*[2]spread{{&c.width, &than.width}, {&c.relative, &than.relative}} {
		sum, squares := 0.0, 0.0
		for d := range measure[0] {
			many, few := &measure[0][d], &measure[1][d]
			ratio := many.mean() / few.mean()
			sum += ratio
			squares += ratio * ratio * (sq(many.uncertainty()) + sq(few.uncertainty()))
		}
		if mean := sum/2 - 1; mean > by {
			by, uncertain = mean, math.Sqrt(squares)/2
		}
	}
	return by, uncertain
}

func sq(x float64) float64 { return x * x }

// mostWider is how much wider 2,000 probes in flight may make the brackets.
const mostWider = 0.10

// mostResident is the most memory with 2,000 probes in flight, MB.
const mostResident = 150

// BenchmarkCrowd compares the brackets with 12 and with 2,000 probes in flight,
// and says how much memory that takes, over real connections to a sandbox in a
// process of its own. Its delays are twice the usual ones, so that the two
// get by with two processors; it says something on a computer that does nothing
// else. Run it with -benchtime 1x.
func BenchmarkCrowd(b *testing.B) {
	for b.Loop() {
		r := apart(b)
		many := crowded(b, r, slowly*usualMean, 2000, 40*time.Second, 20*time.Second)
		few := crowded(b, r, slowly*usualMean, 12, 40*time.Second, 2*time.Minute)
		compared(b, few, many)
		if b.ReportMetric(many.resident, "MB"); many.resident > mostResident {
			b.Errorf("%.0f MB resident, want at most %d", many.resident, mostResident)
		}
	}
}

// BenchmarkCrowdInVirtualTime does the same on a computer of any load: the
// brackets show what the schedule, the rate and the uploads' turns make of
// 2,000 probes, and the processors how much work they and the sandbox are for
// each second that passes, without the connections between them.
func BenchmarkCrowdInVirtualTime(b *testing.B) {
	for b.Loop() {
		var few, many crowd
		testing.RunTests(func(_, _ string) (bool, error) { return true, nil }, []testing.InternalTest{{
			Name: b.Name(), F: func(t *testing.T) { // bubbles are for tests
				synctest.Test(t, func(t *testing.T) {
					few = crowded(t, newRig(t, sandbox.Options{}, "s3.amazonaws.com"), usualMean, 12, 30*time.Second, 30*time.Minute)
				})
				synctest.Test(t, func(t *testing.T) {
					many = crowded(t, newRig(t, sandbox.Options{}, "s3.amazonaws.com"), usualMean, 2000, 30*time.Second, 15*time.Second)
				})
			},
		}})
		compared(b, few, many)
	}
}

func compared(b *testing.B, few, many crowd) {
	b.Helper()
	b.Log(&few)
	b.Log(&many)
	by, uncertain := many.wider(&few)
	b.ReportMetric(100*by, "%wider")
	b.ReportMetric(100*uncertain, "±%")
	b.ReportMetric(many.inFlight, "in-flight")
	b.ReportMetric(many.cpu, "processors")
	if by > mostWider {
		b.Errorf("brackets are %.0f %% wider (± %.0f %%), want at most %.0f %%", 100*by, 100*uncertain, 100*mostWider)
	}
	if many.outside > 0 || few.outside > 0 {
		b.Errorf("%d and %d brackets do not hold the truth", few.outside, many.outside)
	}
}
