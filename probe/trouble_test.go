package probe

import (
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
)

func TestThrottledPollsWidenTheBracketAndStillCoverTheTruth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(6 * time.Second)
		random := rand.New(rand.NewPCG(5, 5))
		w.fault = func(request *http.Request) *http.Response {
			w.mu.Lock()
			defer w.mu.Unlock()
			if request.Method == http.MethodHead && random.Float64() < .3 {
				return reply(503, nil, "")
			}
			return nil
		}
		cfg := testConfig()
		cfg.Rounds = 10
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		unknowns := 0
		for _, s := range eventsOf[Sample](events) {
			unknowns += s.Unknowns
			if s.Outcome != Replicated {
				t.Errorf("outcome %s: %s", s.Outcome, s.Detail)
			}
			mustContainTruth(t, w, s)
		}
		if unknowns == 0 {
			t.Error("no poll was counted as unknown")
		}
		if left := w.left(); len(left) > 0 {
			t.Errorf("left in the buckets: %v", left)
		}
	})
}

func TestASideThatAsksForFewerRequestsIsPolledHalfAsOftenAndTheOtherOneAsBefore(t *testing.T) {
	polls := func(throttledAt time.Duration) map[string]int {
		counted := map[string]int{}
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(200 * time.Second)
			begun := time.Now()
			w.fault = func(request *http.Request) *http.Response {
				w.mu.Lock()
				defer w.mu.Unlock()
				at := time.Since(begun)
				bucket, _, _ := strings.Cut(strings.TrimPrefix(request.URL.Path, "/"), "/")
				if request.Method != http.MethodHead || at < 20*time.Second || at > 120*time.Second {
					return nil
				}
				counted[bucket]++
				if bucket == bucketB && throttledAt > 0 && at > throttledAt && counted[bucket]%3 == 0 {
					return reply(503, nil, "")
				}
				return nil
			}
			cfg := testConfig()
			cfg.Rounds, cfg.Every, cfg.Sizes = 20, 5*time.Second, []int64{1024}
			events, err := probeWorld(t.Context(), t, w, cfg)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range eventsOf[Sample](events) {
				mustContainTruth(t, w, s)
			}
		})
		return counted
	}
	usual, slowed := polls(0), polls(time.Second)
	// The origin's polls of the direction from B count on the same side.
	if share := float64(slowed[bucketB]) / float64(usual[bucketB]); share < .35 || share > .65 {
		t.Errorf("side B gets %d polls instead of %d", slowed[bucketB], usual[bucketB])
	}
	if share := float64(slowed[bucketA]) / float64(usual[bucketA]); share < .9 || share > 1.1 {
		t.Errorf("side A, which asked for nothing, gets %d polls instead of %d", slowed[bucketA], usual[bucketA])
	}
}

func TestAHangingPollTimesOutAsUnknownAndPollingGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(12 * time.Second)
		begun := time.Now()
		w.stall = func(request *http.Request) bool {
			at := time.Since(begun)
			return request.Method == http.MethodHead && at > 3*time.Second && at < 8*time.Second
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{1024}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != Replicated || s.Direction == pair.AtoB && s.Unknowns == 0 {
				t.Errorf("outcome %s with %d unknown polls", s.Outcome, s.Unknowns)
			}
			mustContainTruth(t, w, s)
		}
	})
}

func TestExpiredCredentialsGiveOneNoticeAndProbingGoesOnAfterTheyAreRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(30 * time.Second)
		begun := time.Now()
		w.fault = func(request *http.Request) *http.Response {
			if at := time.Since(begun); at < 8*time.Second || at > 20*time.Second {
				return nil
			}
			if request.Method == http.MethodHead {
				return reply(400, nil, "")
			}
			return refusal(400, "ExpiredToken")
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{1024}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		said := map[Level]int{}
		for _, notice := range eventsOf[NoticeEvent](events) {
			said[notice.Level]++
			if notice.Level == Warning && !strings.Contains(notice.Text, "ExpiredToken") {
				t.Errorf("the notice %q does not name the expired token", notice.Text)
			}
		}
		if said[Warning] != 2 || said[Info] != 2 {
			t.Errorf("notices %v, want one of the loss and one of the return for each side", said)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != Replicated || s.Unknowns == 0 {
				t.Errorf("outcome %s with %d unknown polls", s.Outcome, s.Unknowns)
			}
			mustContainTruth(t, w, s)
		}
	})
}

// nameless is a network without names for a while.
type nameless struct {
	next     http.RoundTripper
	from, to time.Time
}

func (n nameless) RoundTrip(request *http.Request) (*http.Response, error) {
	if now := time.Now(); request.Method == http.MethodHead && now.After(n.from) && now.Before(n.to) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: request.URL.Host, IsNotFound: true}}
	}
	return n.next.RoundTrip(request)
}

func TestALostNetworkIsSaidOnceASideNotForEveryObject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(8 * time.Second)
		begun := time.Now()
		clients := w.clientsOver(nameless{w, begun.Add(30 * time.Second), begun.Add(3 * time.Minute)})
		cfg := testConfig()
		cfg.Sizes, cfg.Rounds = []int64{1024, 4096}, 24
		runner, err := New(cfg, clients)
		if err != nil {
			t.Fatal(err)
		}
		var events log
		if err := runner.Run(t.Context(), events.emit); err != nil {
			t.Fatal(err)
		}
		if notices := eventsOf[NoticeEvent](&events); len(notices) == 0 || len(notices) > 4 {
			t.Errorf("%d notices: %v", len(notices), notices)
		}
	})
}
