//go:build unix

package probe_test

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
)

// crowd is what a number of probes in flight came to.
type crowd struct {
	inFlight float64    // on average
	width    [2]float64 // of the brackets in the middle, ms, by direction
	relative [2]float64 // the same as a share of the duration, on average
	samples  int
	outside  int // brackets that do not hold the truth
	cpu      float64
}

// crowded keeps about n probes in flight against a sandbox on loopback, with
// its usual delays and distances, for a while after a start that does not
// count.
func crowded(b *testing.B, n int, start, length time.Duration) crowd {
	b.Helper()
	r := newRig(b, sandbox.Options{}, "s3.amazonaws.com")
	address, err := r.sandbox.Listen(b.Context(), "")
	r.must(err)
	r.address = address
	const mean = 7900 * time.Millisecond // of a probe, both directions together
	cfg := r.runConfig()
	cfg.Sizes, cfg.Rounds, cfg.For = []int64{1024}, 0, start+length
	cfg.Every = 2 * mean / time.Duration(n)
	cfg.MaxRate = probe.HighestMaxRate
	runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
	r.must(err)
	var c crowd
	widths := [2][]float64{}
	begun := time.Now()
	counts := func(at time.Time) bool { return at.Sub(begun) > start && at.Sub(begun) < start+length }
	busy := 0.0
	var before, after syscall.Rusage
	r.must(syscall.Getrusage(syscall.RUSAGE_SELF, &before))
	err = runner.Run(b.Context(), func(event pair.Event) {
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
		if s.Outcome == probe.Replicated && !s.LeftCensored {
			width := s.BracketMS[1] - s.BracketMS[0]
			widths[s.Direction] = append(widths[s.Direction], width)
			c.relative[s.Direction] += width / s.DurationMS
		}
	})
	r.must(err)
	r.must(syscall.Getrusage(syscall.RUSAGE_SELF, &after))
	took := time.Since(begun).Seconds()
	c.inFlight = busy / (start + length).Seconds()
	c.cpu = (seconds(after.Utime) + seconds(after.Stime) - seconds(before.Utime) - seconds(before.Stime)) / took
	for d := range widths {
		slices.Sort(widths[d])
		c.width[d] = widths[d][len(widths[d])/2]
		c.relative[d] /= float64(len(widths[d]))
	}
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

// BenchmarkCrowd compares the brackets with 12 and with 2,000 probes in
// flight, over real connections to a sandbox in this process, which takes its
// share of the same processors. Run it with -benchtime 1x.
func BenchmarkCrowd(b *testing.B) {
	for b.Loop() {
		few := crowded(b, 12, 30*time.Second, 3*time.Minute)
		many := crowded(b, 2000, 30*time.Second, 30*time.Second)
		for _, c := range []crowd{few, many} {
			b.Logf("%.0f in flight: %d samples, %d outside; brackets A to B %.0f ms (%.1f %%), B to A %.0f ms (%.1f %%); %.2f processors",
				c.inFlight, c.samples, c.outside, c.width[0], 100*c.relative[0], c.width[1], 100*c.relative[1], c.cpu)
		}
		wider := (many.relative[0]/few.relative[0] + many.relative[1]/few.relative[1]) / 2
		b.ReportMetric(100*(wider-1), "%wider")
		b.ReportMetric(many.inFlight, "in-flight")
		b.ReportMetric(many.cpu, "processors")
		if many.outside > 0 || few.outside > 0 {
			b.Errorf("%d and %d brackets do not hold the truth", few.outside, many.outside)
		}
	}
}
