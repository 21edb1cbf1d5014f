package probe

import (
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/probe/polling"
)

func TestEveryProbeOfBothDirectionsYieldsOneSampleThatBracketsTheTruth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(0)
		random := rand.New(rand.NewPCG(1, 1))
		w.delay = func(string) time.Duration { return time.Duration(6e9 * math.Exp(.6*random.NormFloat64())) }
		events, err := probeWorld(t.Context(), t, w, testConfig())
		if err != nil {
			t.Fatal(err)
		}
		samples := eventsOf[Sample](events)
		if len(samples) != 18 {
			t.Fatalf("%d samples, want 18", len(samples))
		}
		cells := map[polling.Series]int{}
		for _, s := range samples {
			cells[polling.Series{Direction: s.Direction, Size: s.SizeBytes}]++
			if s.Outcome != Replicated {
				t.Errorf("outcome %s: %s", s.Outcome, s.Detail)
			}
			mustContainTruth(t, w, s)
			if s.LateMS > 1 {
				t.Errorf("started %v ms late", s.LateMS)
			}
		}
		for cell, n := range cells {
			if n != 3 {
				t.Errorf("%d samples of %v, want 3", n, cell)
			}
		}
		for _, l := range eventsOf[LoopEvent](events) {
			if !l.OK || l.Origin != "COMPLETED" || l.Replica != "REPLICA" || l.OriginVersions != 1 || l.ReplicaVersions != 1 {
				t.Errorf("loop check: %+v", l)
			}
		}
		if n := len(eventsOf[LoopEvent](events)); n != 18 {
			t.Errorf("%d loop checks, want 18", n)
		}
		if left := w.left(); len(left) > 0 {
			t.Errorf("left in the buckets: %v", left)
		}
		if _, ok := events.events[0].(RunEvent); !ok {
			t.Errorf("the first event is %T, want the run's", events.events[0])
		}
		for _, rtt := range eventsOf[RTTEvent](events) {
			want := map[pair.SideName]float64{pair.A: 20, pair.B: 180}[rtt.Side]
			if rtt.MinMS != want {
				t.Errorf("round trip to side %s %v ms, want %v", rtt.Side, rtt.MinMS, want)
			}
		}
		if w.busiest > 1 {
			t.Errorf("%d HEADs of one object were in flight at once", w.busiest)
		}
	})
}

func TestAReplicaThatNeverArrivesIsGivenUpAtTheLimitAndKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(-1)
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes, cfg.Limit = 1, []int64{1024}, 11*time.Minute
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != GaveUp || !strings.Contains(s.Detail, "PENDING") {
				t.Errorf("outcome %s (%s), want gave_up with the origin's status", s.Outcome, s.Detail)
			}
			if limit := 660_000.0; s.BracketMS[0] < limit || s.BracketMS[0] > limit+10_000 || s.DurationMS != s.BracketMS[0] {
				t.Errorf("right-censored at %v, want the limit of %v ms", s.BracketMS, limit)
			}
		}
		left := eventsOf[LeftEvent](events)
		if len(left) != 1 || len(left[0].Objects) != 2 {
			t.Errorf("left: %+v, want both replicas that may still arrive", left)
		}
		if keys := w.left(); len(keys) > 0 {
			t.Errorf("left in the buckets: %v", keys)
		}
	})
}

func TestAFailedStatusAtTheOriginEndsTheProbeAtOnceWithLikelyCauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(-1)
		w.mark = func(v *version) { v.failed = true }
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{1024}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != Failed || !strings.Contains(s.Detail, "s3:ReplicateObject") || !strings.Contains(s.Detail, "cannot be assumed") {
				t.Errorf("outcome %s (%s), want failed with causes", s.Outcome, s.Detail)
			}
		}
	})
}

func TestAnObjectThatNoRuleCoversIsNamedAsSuch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(-1)
		w.mark = func(v *version) { v.uncovered = true }
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes, cfg.Limit = 1, []int64{1024}, time.Minute
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != GaveUp || !strings.Contains(s.Detail, "did not cover") {
				t.Errorf("outcome %s (%s)", s.Outcome, s.Detail)
			}
		}
		if n := len(eventsOf[NoticeEvent](events)); n != 2 {
			t.Errorf("%d notices, want one for each side", n)
		}
	})
}

func TestAnAnswerWithoutTheReplicaStatusIsNoHitAndIsFlagged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		w.mark = func(v *version) { v.replicaStatus = "COMPLETED" }
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes, cfg.Limit = 1, []int64{1024}, 30*time.Second
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != GaveUp || s.Unknowns == 0 || !strings.Contains(s.Detail, "REPLICA") {
				t.Errorf("outcome %s, %d unknown: %s", s.Outcome, s.Unknowns, s.Detail)
			}
		}
		if n := len(eventsOf[NoticeEvent](events)); n != 2 {
			t.Errorf("%d notices, want one for each side", n)
		}
	})
}

// A panic below must reach whoever called Run, who may hold a terminal, and
// only after everything was wound up.
func TestAPanicOfAProbeReachesTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		cfg := testConfig()
		runner, err := New(cfg, w.clients())
		if err != nil {
			t.Fatal(err)
		}
		w.fault = func(request *http.Request) *http.Response {
			if request.Method == http.MethodPut {
				panic("planted")
			}
			return nil
		}
		defer func() {
			if crash := recover(); crash == nil || !strings.Contains(crash.(string), "planted") {
				t.Errorf("the caller sees %v", crash)
			}
		}()
		_ = runner.Run(t.Context(), func(pair.Event) {})
	})
}
