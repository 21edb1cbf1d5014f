package probe_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
	"bothways/probe/polling"
)

// trouble is everything at once that may go wrong on the way to S3 and with
// this computer's clocks: a share of HEADs that are told to slow down, fail,
// hang or lose their connection; names that cannot be looked up; a network
// that is down for three minutes; a computer that sleeps for ten minutes, so
// that its wall clock and the servers' dates run away from the monotonic one;
// and a wall clock that somebody sets an hour forward and back.
type trouble struct {
	mu    sync.Mutex
	draw  *rand.Rand
	begun time.Time

	slow, broken, reset, hang, unnamed float64 // shares of HEADs
	downAt, sleepAt, setAt             time.Duration
	setBy                              time.Duration
}

const (
	downFor = 3 * time.Minute
	slept   = 10 * time.Minute
)

// newTrouble draws a mix: each kind is in it or not.
func newTrouble(seed uint64, length time.Duration) *trouble {
	draw := rand.New(rand.NewPCG(seed, 77))
	t := &trouble{draw: draw, downAt: -1, sleepAt: -1, setAt: -1}
	share := func(most float64) float64 { return most * float64(draw.IntN(2)) * draw.Float64() }
	t.slow = .3 * float64(draw.IntN(2))
	t.broken, t.reset, t.hang, t.unnamed = share(.1), share(.1), share(.05), share(.1)
	at := func() time.Duration {
		if draw.IntN(2) == 0 {
			return -1
		}
		return time.Minute + time.Duration(draw.Float64()*float64(length))
	}
	t.downAt, t.sleepAt, t.setAt = at(), at(), at()
	t.setBy = time.Hour
	if draw.IntN(2) == 0 {
		t.setBy = -time.Hour
	}
	return t
}

func (t *trouble) begin() { t.mu.Lock(); defer t.mu.Unlock(); t.begun = time.Now() }

func (t *trouble) since() time.Duration { return time.Since(t.begun) }

// asleep is how much of the time the monotonic clock has missed by now.
func (t *trouble) asleep() time.Duration {
	if t.sleepAt >= 0 && t.since() > t.sleepAt {
		return slept
	}
	return 0
}

// wall is what the wall clock shows.
func (t *trouble) wall() time.Time {
	now := time.Now().Round(0).Add(t.asleep())
	if t.setAt >= 0 && t.since() > t.setAt {
		now = now.Add(t.setBy)
	}
	return now
}

// way is a transport through the trouble.
type way struct {
	*trouble
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (w way) RoundTrip(request *http.Request) (*http.Response, error) {
	if w.downAt >= 0 && w.since() > w.downAt && w.since() < w.downAt+downFor {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ENETUNREACH}
	}
	w.mu.Lock()
	lot := w.draw.Float64()
	w.mu.Unlock()
	hit := func(share float64) bool { lot -= share; return lot < 0 }
	answer := func(status int) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody, Request: request}, nil
	}
	switch {
	case request.Method != http.MethodHead:
	case hit(w.slow):
		return answer(http.StatusServiceUnavailable)
	case hit(w.broken):
		return answer(http.StatusInternalServerError)
	case hit(w.unnamed):
		return nil, &net.DNSError{Err: "no such host", Name: request.URL.Host, IsNotFound: true}
	case hit(w.hang):
		<-request.Context().Done()
		return nil, request.Context().Err()
	case hit(w.reset): // after it was served
		if response, err := w.next.RoundTrip(request); err == nil {
			_ = response.Body.Close()
		}
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	}
	response, err := w.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if date, dateErr := http.ParseTime(response.Header.Get("Date")); dateErr == nil {
		response.Header.Set("Date", date.Add(w.asleep()).Format(http.TimeFormat))
	}
	return response, nil
}

// tallied is what a run in trouble came to.
type tallied struct {
	samples, replicated, suspended, failed, other int
	misses, unknowns, throttled, completed        int
}

func (a *tallied) add(b tallied) {
	a.samples += b.samples
	a.replicated += b.replicated
	a.suspended += b.suspended
	a.failed += b.failed
	a.other += b.other
	a.misses += b.misses
	a.unknowns += b.unknowns
	a.throttled += b.throttled
	a.completed += b.completed
}

func (a *tallied) String() string {
	return fmt.Sprintf("%d probes: %d replicated and in their brackets, %d suspended, %d failed uploads, %d others; %d completed and in theirs; %d polls unknown, %d of them throttled; %d misses",
		a.samples, a.replicated, a.suspended, a.failed, a.other, a.completed, a.unknowns, a.throttled, a.misses)
}

// inTrouble probes a sandbox of its own through a mix of trouble and checks
// every bracket, of both end points, against the sandbox's own instants.
func inTrouble(t *testing.T, seed uint64, rounds int) tallied {
	sizes := []int64{0, 1, 4096, 128 << 10}
	length := time.Duration(rounds) * 10 * time.Second
	on := newTrouble(seed, length)
	r := newRig(t, sandbox.Options{Seed: seed + 1}, "s3.amazonaws.com")
	on.begin()
	r.between = func(next http.RoundTripper) http.RoundTripper { return way{on, next} }
	cfg := r.runConfig()
	cfg.RunID, cfg.Sizes, cfg.Rounds, cfg.Seed = fmt.Sprintf("trouble-%d", seed), sizes, rounds, seed
	cfg.Pace = []polling.Pace{polling.Courteous, polling.Normal, polling.Fine}[seed%3]
	runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
	r.must(err)
	runner.SetWall(on.wall)
	var got tallied
	posted := map[string]time.Time{}
	err = runner.Run(t.Context(), func(event pair.Event) {
		switch e := event.(type) {
		case probe.Sample:
			posted[e.Key] = e.PostedAt
			got.add(r.judge(t, e))
		case probe.CompletedEvent:
			got.add(r.judgeCompleted(t, e, posted[e.Key]))
			delete(posted, e.Key)
		}
	})
	r.must(err)
	if want := rounds * len(sizes) * 2; got.samples != want {
		t.Errorf("seed %d: %d samples of %d probes", seed, got.samples, want)
	}
	return got
}

// judge checks a sample against the truth.
func (r *rig) judge(t *testing.T, s probe.Sample) tallied {
	got := tallied{samples: 1, unknowns: s.Unknowns, throttled: s.Throttled}
	switch s.Outcome {
	case probe.Replicated:
		got.replicated++
	case probe.Suspended:
		got.suspended++
		return got
	case probe.Failed:
		got.failed++
		return got
	default:
		got.other++
	}
	r.mu.Lock()
	delivery, delivered := r.deliveries[s.Key]
	r.mu.Unlock()
	if !delivered {
		if s.Outcome == probe.Replicated {
			got.misses++
			t.Errorf("%s was never delivered", s.Key)
		}
		return got
	}
	low, high := s.BracketMS[0], s.BracketMS[1]
	if s.Outcome.Censored() {
		high = 1e12
	}
	visible := ms(delivery.VisibleAt.Sub(s.PostedAt))
	took := ms(delivery.VisibleAt.Sub(delivery.CommittedAt))
	outside := !s.LeftCensored && low >= visible || high < visible
	outsideCommit := s.Outcome == probe.Replicated && (!s.LeftCensored && s.CommitBracketMS[0] >= took || s.CommitBracketMS[1] < took)
	if outside || outsideCommit {
		got.misses++
		t.Errorf("%s %s: %v or %v misses the truth, %v and %v ms", s.Key, s.Outcome, s.BracketMS, s.CommitBracketMS, visible, took)
	}
	return got
}

// An origin in the sandbox learns between these later that its replica is there.
const (
	learnsFirst = 150 * time.Millisecond
	learnsLast  = 500 * time.Millisecond
)

// judgeCompleted checks the second end point, as far as the sandbox tells when
// it was: the bracket must not lie before or after the time in which the
// origin learns of the replica.
func (r *rig) judgeCompleted(t *testing.T, e probe.CompletedEvent, posted time.Time) tallied {
	r.mu.Lock()
	delivery := r.deliveries[e.Key]
	delete(r.deliveries, e.Key)
	r.mu.Unlock()
	if e.Outcome != probe.Replicated || delivery.VisibleAt.IsZero() {
		return tallied{}
	}
	visible := delivery.VisibleAt.Sub(posted)
	if !e.LeftCensored && e.BracketMS[0] >= ms(visible+learnsLast) || e.BracketMS[1] < ms(visible+learnsFirst) {
		t.Errorf("%s: COMPLETED in %v misses the truth, %v and a little", e.Key, e.BracketMS, visible)
		return tallied{misses: 1}
	}
	return tallied{completed: 1}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func TestEveryBracketContainsTheTruthInAnyMixOfTrouble(t *testing.T) {
	all := inMixes(t, 8, 25)
	t.Log(&all)
	if all.replicated < all.samples/2 || all.suspended == 0 || all.throttled == 0 || all.unknowns == all.throttled {
		t.Errorf("the mixes do not show what they should: %s", &all)
	}
}

// inMixes probes in so many mixes of trouble, some side by side.
func inMixes(t *testing.T, mixes uint64, rounds int) (all tallied) {
	var mu sync.Mutex
	t.Run("mixes", func(t *testing.T) {
		for seed := range mixes {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					got := inTrouble(t, seed, rounds)
					mu.Lock()
					defer mu.Unlock()
					all.add(got)
				})
			})
		}
	})
	return all
}

// BenchmarkCoverage probes 100,000 times through the real SDK and the sandbox,
// in virtual time and in trouble. It fails on a single bracket that does not
// hold the truth. Run it with -benchtime 1x: it takes minutes.
func BenchmarkCoverage(b *testing.B) {
	const probes, rounds = 100_000, 125
	const runs = probes / (rounds * 8)
	for b.Loop() {
		var all tallied
		held := testing.RunTests(func(_, _ string) (bool, error) { return true, nil }, []testing.InternalTest{{
			Name: b.Name(), F: func(t *testing.T) { all = inMixes(t, runs, rounds) }, // bubbles are for tests
		}})
		b.Log(&all)
		b.ReportMetric(float64(all.samples), "probes")
		b.ReportMetric(float64(all.misses), "misses")
		b.ReportMetric(100*float64(all.replicated)/float64(all.samples), "%replicated")
		if !held || all.misses > 0 || all.samples < probes {
			b.Fatalf("%d of %d brackets miss the truth", all.misses, all.samples)
		}
	}
}
