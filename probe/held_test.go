// What races in a run shows in the other tests; these play long ones.
//go:build !race

package probe_test

import (
	"context"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
	"bothways/probe/stats"
)

// holding is a way to a store that keeps a HEAD waiting from when the transfer
// of an object begins until it is whole.
type holding struct {
	*rig
	next  http.RoundTripper
	mu    *sync.Mutex
	begun map[string]written // by key
}

// written is where an object was, and when.
type written struct {
	bucket string
	at     time.Time
}

const transferBegins = 150 * time.Millisecond // after the object was written

// RoundTrip implements http.RoundTripper.
func (h holding) RoundTrip(request *http.Request) (*http.Response, error) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(request.URL.Path, "/"), "/")
	if request.Method == http.MethodPut {
		response, err := h.next.RoundTrip(request)
		h.mu.Lock()
		h.begun[key] = written{bucket, time.Now()}
		h.mu.Unlock()
		return response, err
	}
	h.mu.Lock()
	origin, known := h.begun[key]
	h.mu.Unlock()
	if request.Method == http.MethodHead && known && bucket != origin.bucket && time.Since(origin.at) >= transferBegins {
		for !h.delivered(key) {
			select {
			case <-request.Context().Done():
				return nil, request.Context().Err()
			case <-time.After(time.Millisecond):
			}
		}
		request = request.Clone(context.Background()) // without its trace, which would have it sent now
	}
	return h.next.RoundTrip(request)
}

func (r *rig) delivered(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, there := r.deliveries[key]
	return there
}

// heldRun probes a store that holds answers, B → A in twice the time of A → B.
// It returns the samples, what somebody would read who asks all the time, and
// the notices.
func heldRun(t *testing.T, scale float64, rounds int) (samples, tight []probe.Sample, notices []string) {
	t.Helper()
	r := newRig(t, sandbox.Options{
		RTT: func(string) time.Duration { return 2 * time.Millisecond },
		Delay: func(from, _ string, size int64, draw *rand.Rand) time.Duration {
			ms := scale * 1500 * math.Pow(float64(size)/float64(1<<17), .2) * math.Exp(.4*draw.NormFloat64())
			if from != "eu-west-1" {
				ms *= 2
			}
			return time.Duration(ms*1e6) + transferBegins
		},
	}, "s3.amazonaws.com")
	begun, lock := map[string]written{}, &sync.Mutex{}
	r.between = func(next http.RoundTripper) http.RoundTripper { return holding{r, next, lock, begun} }
	cfg := r.runConfig()
	cfg.Sizes, cfg.Rounds = []int64{128 << 10, 512 << 10, 1 << 20}, rounds
	runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
	r.must(err)
	r.must(runner.Run(t.Context(), func(event pair.Event) {
		switch e := event.(type) {
		case probe.Sample:
			r.bracketsTruth(e)
			samples = append(samples, e)
			r.mu.Lock()
			at := ms(r.deliveries[e.Key].VisibleAt.Sub(e.PostedAt))
			r.mu.Unlock()
			e.Held, e.LeftCensored, e.DurationMS, e.BracketMS = false, false, at+1, [2]float64{at - 2, at + 4}
			e.CorrectedMS = e.DurationMS + 1
			tight = append(tight, e)
		case probe.NoticeEvent:
			notices = append(notices, e.Text)
		}
	}))
	return samples, tight, notices
}

func collected(samples []probe.Sample) *stats.Collector {
	c := stats.NewCollector()
	for _, s := range samples {
		c.Add(s)
	}
	return c
}

// T20: what is quoted of a store that holds answers lies within 10 % of what
// somebody reads who asks all the time, and the verdicts agree.
func TestAStoreThatHoldsAnswersIsQuotedAsByATightPoller(t *testing.T) {
	for name, scale := range map[string]float64{"shorter than a HEAD may take": 1, "longer than a HEAD may take": 6} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				samples, tight, notices := heldRun(t, scale, 24)
				got, want := collected(samples), collected(tight)
				held := 0
				for i, s := range samples {
					if s.Held {
						held++
					}
					if quoted := s.BracketMS[1]; s.AtMost() && math.Abs(quoted/tight[i].DurationMS-1) > .1 {
						t.Errorf("quoted as at most %v ms, in truth %v", quoted, tight[i].DurationMS)
					}
				}
				if held < len(samples)/2 {
					t.Errorf("%d held answers of %d", held, len(samples))
				}
				for _, d := range pair.Directions() {
					g, w := got.Direction(d), want.Direction(d)
					for what, q := range map[string][2]stats.Quantile{"median": {g.Median, w.Median}, "p90": {g.P90, w.P90}, "p95": {g.P95, w.P95}, "maximum": {g.Max, w.Max}} {
						if q[0].State == stats.NotEnough && q[1].State == stats.NotEnough { // by chance the delays look like bursts
							continue
						}
						if q[0].State == stats.NotEnough || math.Abs(float64(q[0].Value)/float64(q[1].Value)-1) > .1 {
							t.Errorf("%s: %s %v, somebody who asks all the time reads %v", d, what, q[0].Value, q[1].Value)
						}
					}
				}
				g, w := got.CompareDirections(stats.Once), want.CompareDirections(stats.Once)
				if g.Shown != w.Shown || !w.Shown || math.Abs(g.Ratio/w.Ratio-1) > .1 || g.Lower > w.Ratio || g.Upper < w.Ratio {
					t.Errorf("%s\nby somebody who asks all the time: %s", g.Sentence, w.Sentence)
				}
				if g := got.CompareSizes(stats.Once); g.Enough || g.Reason != stats.TooManyHeld {
					t.Errorf("a line through held answers: %s", g.Sentence)
				}
				said := 0
				for _, text := range notices {
					if strings.Contains(text, "answered only after") {
						said++
					}
				}
				if said != 2 {
					t.Errorf("it was said %d times that a side holds answers, want once of either: %q", said, notices)
				}
			})
		})
	}
}

// Answers that are merely slow now and then, or all of them, are not held.
func TestAnAnswerThatTakesAsLongAsOthersIsNotHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sandbox.Options{RTT: func(string) time.Duration { return 600 * time.Millisecond }}, "s3.amazonaws.com")
		got, err := r.run(t.Context(), r.runConfig())
		r.must(err)
		for _, s := range got.samples {
			if r.bracketsTruth(s); s.Held {
				t.Errorf("held: %+v", s)
			}
		}
	})
}
