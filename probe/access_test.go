package probe

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
)

func TestNoProbeStartsWhileCredentialsAreExpiredAndNoneIsLostToThat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(3 * time.Second)
		begun := time.Now()
		from, to := begun.Add(12*time.Second), begun.Add(55*time.Second)
		expired := func() bool { return time.Now().After(from) && time.Now().Before(to) }
		w.fault = func(request *http.Request) *http.Response {
			switch {
			case !expired():
				return nil
			case request.Method == http.MethodHead:
				return reply(400, nil, "")
			}
			return refusal(400, "ExpiredToken")
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 6, []int64{1024}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		samples := eventsOf[Sample](events)
		if len(samples) != 12 {
			t.Errorf("%d samples, want 12", len(samples))
		}
		for _, s := range samples {
			if s.Outcome != Replicated {
				t.Errorf("outcome %s: %s", s.Outcome, s.Detail)
				continue
			}
			mustContainTruth(t, w, s)
		}
		during := 0
		for _, e := range eventsOf[StartedEvent](events) {
			if e.At.After(from) && e.At.Before(to) {
				during++
			}
		}
		if during > 2 {
			t.Errorf("%d probes start without valid credentials, want none once that is known", during)
		}
		if left := w.left(); len(left) > 0 {
			t.Errorf("left in the buckets: %v", left)
		}
	})
}

func TestAThrottledSideHalvesTheRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(10)
		paced := func() time.Duration {
			begun := time.Now()
			for range 11 {
				if err := l.wait(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			return time.Since(begun)
		}
		if took := paced(); took != time.Second {
			t.Errorf("ten more requests take %v at ten a second", took)
		}
		<-time.After(time.Minute)
		l.slow(pair.A)
		if took := paced(); took != 2*time.Second {
			t.Errorf("ten more requests take %v after a SlowDown", took)
		}
		<-time.After(time.Minute)
		if took := paced(); took != time.Second {
			t.Errorf("ten more requests take %v after a quiet minute", took)
		}
	})
}
