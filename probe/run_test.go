package probe

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
)

func testConfig() Config {
	return Config{
		RunID: "test-run", Pair: testPair(), Sizes: []int64{0, 128 << 10, 1 << 20},
		Rounds: 3, Every: 10 * time.Second, Limit: 5 * time.Minute, Pace: Normal, Seed: 7,
	}
}

// probeWorld runs a configuration against a world and returns its events.
func probeWorld(ctx context.Context, t *testing.T, w *world, cfg Config) (*log, error) {
	t.Helper()
	runner, err := New(cfg, w.clients())
	if err != nil {
		t.Fatal(err)
	}
	var events log
	err = runner.Run(ctx, events.emit)
	return &events, err
}

// mustContainTruth checks a replicated sample against the world's instants.
func mustContainTruth(t *testing.T, w *world, s Sample) {
	t.Helper()
	committed, visible := w.truth(s.Key)
	low := s.PostedAt.Add(time.Duration(s.BracketMS[0] * 1e6))
	high := s.PostedAt.Add(time.Duration(s.BracketMS[1]*1e6) + time.Nanosecond)
	if !s.LeftCensored && !low.Before(visible) || high.Before(visible) {
		t.Errorf("bracket %v of %s misses the true instant %v after the acknowledgement", s.BracketMS, s.Key, visible.Sub(s.PostedAt))
	}
	took := float64(visible.Sub(committed)) / 1e6
	if !s.LeftCensored && s.CommitBracketMS[0] >= took || s.CommitBracketMS[1] < took {
		t.Errorf("commit bracket %v of %s misses the true duration %v ms", s.CommitBracketMS, s.Key, took)
	}
	if s.DurationMS < s.BracketMS[0] || s.DurationMS > s.BracketMS[1] {
		t.Errorf("duration %v lies outside of its bracket %v", s.DurationMS, s.BracketMS)
	}
}

func TestEveryProbeOfBothDirectionsYieldsOneSampleThatBracketsTheTruth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(0)
		random := rand.New(rand.NewPCG(1, 1))
		w.delay = func(string) time.Duration { return time.Duration(lognormal(random, 6, .6) * 1e9) }
		events, err := probeWorld(t.Context(), t, w, testConfig())
		if err != nil {
			t.Fatal(err)
		}
		samples := eventsOf[Sample](events)
		if len(samples) != 18 {
			t.Fatalf("%d samples, want 18", len(samples))
		}
		cells := map[series]int{}
		for _, s := range samples {
			cells[series{s.Direction, s.SizeBytes}]++
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
		w.fault = func(request *http.Request) *http.Response {
			w.mu.Lock()
			defer w.mu.Unlock()
			for _, versions := range w.versions {
				for _, v := range versions {
					v.failed = true
				}
			}
			return nil
		}
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
		w.fault = func(*http.Request) *http.Response {
			w.mu.Lock()
			defer w.mu.Unlock()
			for _, versions := range w.versions {
				for _, v := range versions {
					v.uncovered = true
				}
			}
			return nil
		}
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

func TestStoppingWithTwelveProbesInFlightYieldsTheirSamplesWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(40 * time.Second)
		cfg := testConfig()
		cfg.Sizes, cfg.Rounds = DefaultSizes(), 0
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var stopped time.Time
		time.AfterFunc(10600*time.Millisecond, func() { stopped = time.Now(); cancel() })
		events, err := probeWorld(ctx, t, w, cfg)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want the context's", err)
		}
		samples := eventsOf[Sample](events)
		if started := len(eventsOf[StartedEvent](events)); len(samples) != 12 || started != 12 {
			t.Fatalf("%d samples of %d started, want 12 of 12", len(samples), started)
		}
		for i, event := range events.events {
			s, ok := event.(Sample)
			if !ok {
				continue
			}
			if s.Outcome != Interrupted {
				t.Errorf("outcome %s", s.Outcome)
			}
			if after := events.at[i].Sub(stopped); after > time.Second {
				t.Errorf("a sample came %v after the stop", after)
			}
		}
		if took := time.Since(stopped); took > cleanupTime+time.Second {
			t.Errorf("cleaning up took %v", took)
		}
		if left := w.left(); len(left) > 0 {
			t.Errorf("left in the buckets: %v", left)
		}
		if left := eventsOf[LeftEvent](events); len(left) != 1 || len(left[0].Objects) != 12 {
			t.Errorf("left: %v, want the 12 replicas that may still arrive", left)
		}
	})
}

func TestAProbeDuringWhichTheComputerSleptIsMarkedSuspended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(6 * time.Second)
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 2, []int64{1024}
		runner, err := New(cfg, w.clients())
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		runner.wall = func() time.Time {
			if time.Since(begun) > 7*time.Second { // of ten in the first round
				return wallClock().Add(10 * time.Minute)
			}
			return wallClock()
		}
		var events log
		if err := runner.Run(t.Context(), events.emit); err != nil {
			t.Fatal(err)
		}
		outcomes := map[int]map[Outcome]int{1: {}, 2: {}}
		for _, s := range eventsOf[Sample](&events) {
			outcomes[s.Round][s.Outcome]++
		}
		if outcomes[1][Suspended] == 0 || outcomes[2][Suspended] != 0 {
			t.Errorf("outcomes by round %v, want suspended ones in the first alone", outcomes)
		}
		if left := w.left(); len(left) > 0 {
			t.Errorf("left in the buckets: %v", left)
		}
	})
}

func TestAnAnswerWithoutTheReplicaStatusIsNoHitAndIsFlagged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		w.fault = func(*http.Request) *http.Response {
			w.mu.Lock()
			defer w.mu.Unlock()
			for _, versions := range w.versions {
				for _, v := range versions {
					v.replicaStatus = "COMPLETED"
				}
			}
			return nil
		}
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

func TestProbingIsRefusedWhereVersionsAnswer403(t *testing.T) {
	for _, before := range []bool{true, false} { // an earlier run left an object, or the run's first one shows it
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(3 * time.Second)
			if before {
				w.commit(bucketB, testPair().ProbePrefix()+"old", testPair().ID(), 1, `"e"`)
			}
			w.fault = func(request *http.Request) *http.Response {
				id := request.URL.Query().Get("versionId")
				if request.Method == http.MethodHead && id != "" && strings.HasPrefix(request.URL.Path, "/"+bucketB) && w.holds(bucketB, id) {
					return reply(403, nil, "")
				}
				return nil
			}
			begun := time.Now()
			events, err := probeWorld(t.Context(), t, w, testConfig())
			if err == nil || !strings.Contains(err.Error(), "s3:GetObjectVersion on "+bucketB) {
				t.Errorf("error %v", err)
			}
			if posted := w.requests["PUT "+bucketA]; before && posted > 0 {
				t.Errorf("%d objects were written", posted)
			}
			if took := time.Since(begun); took > 30*time.Second {
				t.Errorf("refused after %v", took)
			}
			if before && len(eventsOf[Sample](events)) > 0 {
				t.Error("there are samples")
			}
		})
	}
}

func TestProbingIsRefusedWhereAbsentObjectsAnswer403(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		w.fault = func(request *http.Request) *http.Response {
			if strings.Contains(request.URL.Path, bucketB) {
				return reply(403, nil, "")
			}
			return nil
		}
		events, err := probeWorld(t.Context(), t, w, testConfig())
		if err == nil || !strings.Contains(err.Error(), "s3:ListBucket") || !strings.Contains(err.Error(), "side B") {
			t.Errorf("error %v, want the side and the missing right", err)
		}
		if opened := eventsOf[RunEvent](events); len(opened) > 0 {
			t.Error("a run that was refused is reported as begun")
		}
		if w.requests["PUT "+bucketA] > 0 {
			t.Error("something was written")
		}
	})
}

func TestProbingWithoutUsableCredentialsIsRefusedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		clients := w.clients()
		clients.B = s3.New(clients.B.Options(), func(o *s3.Options) {
			o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{}, errors.New("the session has ended")
			})
		})
		runner, err := New(testConfig(), clients)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		var events log
		if err := runner.Run(t.Context(), events.emit); err == nil || !strings.Contains(err.Error(), "the session has ended") {
			t.Errorf("error %v", err)
		}
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("refused after %v", took)
		}
	})
}

func TestASideThatIsDownForAMomentIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		begun := time.Now()
		w.fault = func(*http.Request) *http.Response {
			if time.Since(begun) < 10*time.Second {
				return reply(503, nil, "")
			}
			return nil
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{1024}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil || len(eventsOf[Sample](events)) != 2 {
			t.Errorf("error %v, %d samples", err, len(eventsOf[Sample](events)))
		}
	})
}

func TestPausingHoldsStartsBackAndShiftsThePlannedInstants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 2, []int64{1024}
		runner, err := New(cfg, w.clients())
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		time.AfterFunc(7*time.Second, func() { runner.SetPaused(true) })
		time.AfterFunc(67*time.Second, func() { runner.SetPaused(false) })
		var events log
		if err := runner.Run(t.Context(), events.emit); err != nil {
			t.Fatal(err)
		}
		var starts []time.Duration
		for _, s := range eventsOf[StartedEvent](&events) {
			starts = append(starts, s.At.Sub(begun).Round(time.Second))
			if late := s.At.Sub(s.PlannedAt); late > time.Millisecond {
				t.Errorf("a start after a pause counts as %v late", late)
			}
		}
		// 3 warm-up HEADs take 0.54 s; rounds start every 10 s, two probes each.
		want := []time.Duration{1 * time.Second, 6 * time.Second, 71 * time.Second, 76 * time.Second}
		if !slices.Equal(starts, want) {
			t.Errorf("starts %v, want %v", starts, want)
		}
	})
}

func TestALostAnswerToAnUploadIsFoundAgainAndCleanedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		w.fault = func(request *http.Request) *http.Response {
			if request.Method != http.MethodPut {
				return nil
			}
			bucket, key, _ := strings.Cut(strings.TrimPrefix(request.URL.Path, "/"), "/")
			w.serve(request, bucket, key, nil)
			return refusal(500, "InternalError")
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{0}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if puts := w.requests["PUT "+bucketA]; puts != 1 {
			t.Errorf("%d uploads, want 1: a retry could write a second version", puts)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != Failed || !strings.Contains(s.Detail, "InternalError") {
				t.Errorf("outcome %s (%s)", s.Outcome, s.Detail)
			}
		}
		if left := w.left(); len(left) > 0 {
			t.Errorf("left in the buckets: %v", left)
		}
	})
}

func TestALargeObjectGoesUpInPartsAndIsTimedFromItsCompletion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(20 * time.Second)
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{17<<20 + 5}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != Replicated {
				t.Errorf("outcome %s: %s", s.Outcome, s.Detail)
			}
			mustContainTruth(t, w, s)
		}
		if puts := w.requests["PUT "+bucketA]; puts != 3 {
			t.Errorf("%d parts, want 3", puts)
		}
		if left := w.left(); len(left) > 0 || len(w.bodies) > 0 {
			t.Errorf("left in the buckets: %v, %d parts", left, len(w.bodies))
		}
	})
}

func TestStoppingALargeUploadAbortsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		w.stall = func(request *http.Request) bool {
			if request.URL.Query().Get("partNumber") == "3" {
				cancel()
				return true
			}
			return false
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{17 << 20}
		events, _ := probeWorld(ctx, t, w, cfg)
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != Interrupted {
				t.Errorf("outcome %s: %s", s.Outcome, s.Detail)
			}
		}
		if len(w.bodies) > 0 {
			t.Errorf("%d parts are left", len(w.bodies))
		}
		if left := eventsOf[LeftEvent](events); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	})
}

func TestAMultipartUploadWhoseBeginningWasNeverAnsweredIsAborted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		w.fault = func(request *http.Request) *http.Response {
			if request.Method != http.MethodPost || !request.URL.Query().Has("uploads") {
				return nil
			}
			bucket, key, _ := strings.Cut(strings.TrimPrefix(request.URL.Path, "/"), "/")
			w.serve(request, bucket, key, nil)
			return refusal(501, "LostAnswer")
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{17 << 20}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != Failed {
				t.Errorf("outcome %s: %s", s.Outcome, s.Detail)
			}
		}
		if len(w.bodies) > 0 {
			t.Errorf("%d uploads are left open", len(w.bodies))
		}
	})
}

func TestCleaningUpTouchesNothingThatTheProbeDidNotWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(5 * time.Second)
		begun := false
		w.fault = func(request *http.Request) *http.Response {
			w.mu.Lock()
			defer w.mu.Unlock()
			if key, ok := strings.CutPrefix(request.URL.Path, "/"+bucketA+"/"); ok && request.Method == http.MethodPut && !begun {
				begun = true
				w.commit(bucketA, key, "", 3, `"foreign"`)         // another version of the probe's key
				w.commit(bucketB, key+"-near", "", 3, `"foreign"`) // a neighbour
			}
			return nil
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{1024}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if left := w.left(); len(left) != 4 { // both foreign objects and their replicas
			t.Errorf("left in the buckets: %v, want the four foreign versions", left)
		}
		broken := 0
		for _, l := range eventsOf[LoopEvent](events) {
			if !l.OK {
				broken++
			}
		}
		if broken != 1 {
			t.Errorf("%d loop checks failed, want the one of the key with a second version", broken)
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
