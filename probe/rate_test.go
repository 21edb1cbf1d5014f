package probe

import (
	"context"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
)

func TestAStartGoesOutAtOnceAndPollsWaitBehindIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(10)
		begun := time.Now()
		enter := func(want time.Duration, waits string, enter func() error) {
			t.Helper()
			if err := enter(); err != nil {
				t.Fatal(err)
			}
			if at := time.Since(begun); at != want {
				t.Errorf("%s enters at %v, want %v", waits, at, want)
			}
		}
		start := func(late bool) context.Context {
			ready, err := l.start(t.Context(), late)
			if err != nil {
				t.Fatal(err)
			}
			return ready
		}
		started := start(false)
		enter(0, "a start", func() error { return l.enter(started) })
		enter(100*time.Millisecond, "the request after it", func() error { return l.enter(t.Context()) })
		started = start(false)
		enter(100*time.Millisecond, "another start", func() error { return l.enter(started) })
		enter(300*time.Millisecond, "a second request of the same start", func() error { return l.enter(started) })
		started = start(true)
		enter(400*time.Millisecond, "a start that is late already", func() error { return l.enter(started) })
	})
}

func TestAQueueThatAThrottledSideCausedIsNotTheRunsFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(50)
		told := 0
		l.overrun = func() { told++ }
		load := func(seconds, perSecond int) (longest time.Duration) {
			for range seconds * perSecond {
				longest = max(longest, l.slot())
				<-time.After(time.Second / time.Duration(perSecond))
			}
			return longest
		}
		l.slow(pair.A)
		if longest := load(120, 30); longest <= longQueue || told > 0 {
			t.Errorf("with less than the rate, and a SlowDown: %v in the queue, told %d times", longest, told)
		}
		if load(20, 60); told == 0 {
			t.Error("with more than the rate nothing is told")
		}
	})
}

func TestAReservedSlotIsWaitedForBeforeTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(10)
		begun := time.Now()
		for want := range 3 {
			ready, err := l.reserve(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			reserved := time.Since(begun)
			if err := l.enter(ready); err != nil {
				t.Fatal(err)
			}
			if entered := time.Since(begun); reserved != entered || entered != time.Duration(want)*100*time.Millisecond {
				t.Errorf("reserved at %v, entered at %v", reserved, entered)
			}
		}
	})
}

func TestARateThatCannotCarryTheScheduleIsRefusedWithTheRateThatCan(t *testing.T) {
	cfg := testConfig()
	cfg.Sizes, cfg.Every, cfg.Rounds, cfg.MaxRate = DefaultSizes(), time.Second, 60, 50
	err := cfg.Check()
	if err == nil || !strings.Contains(err.Error(), "at most 50 are allowed: allow ") {
		t.Errorf("error %v", err)
	}
	cfg.MaxRate = 0
	if err := cfg.Check(); err != nil {
		t.Errorf("without a rate of its own: %v", err)
	}
	if most := float64(cfg.maxRate()); most < cfg.rate() {
		t.Errorf("%v requests a second are allowed, and %v are needed", most, cfg.rate())
	}
	if cost := cfg.Estimate(); cost.PerSecond != cfg.rate() || cost.MaxRate != cfg.maxRate() || cost.PerSecond >= float64(cost.MaxRate) {
		t.Errorf("the estimate says %v and at most %d requests a second, the run has %v and %d", cost.PerSecond, cost.MaxRate, cfg.rate(), cfg.maxRate())
	}
	cfg.Sizes, cfg.Rounds = []int64{1}, 600
	whole := cfg.Estimate()
	requests := whole.PUTs + whole.HEADs + whole.LISTs + 4*600
	if mean := float64(requests) / 600; math.Abs(cfg.rate()/mean-1) > .01 {
		t.Errorf("a rate of %v, and the whole run's mean is %v", cfg.rate(), mean)
	}
	cfg.Every = time.Minute
	if most := cfg.maxRate(); most != DefaultMaxRate {
		t.Errorf("%d requests a second are allowed for a schedule that takes %v", most, cfg.rate())
	}
	cfg.Every, cfg.Rounds = time.Millisecond, 0
	if err := cfg.Check(); err == nil || !strings.Contains(err.Error(), "further apart") {
		t.Errorf("a schedule that S3 cannot take: error %v", err)
	}
}

// Where polls queue, starts keep their instants, uploads keep their lengths,
// brackets still hold the truth, and the run says so.
func TestAQueueOfRequestsIsToldAndFalsifiesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(4 * time.Second)
		cfg := testConfig()
		cfg.Sizes, cfg.Rounds = DefaultSizes(), 2
		runner, err := New(cfg, w.clients())
		if err != nil {
			t.Fatal(err)
		}
		runner.cfg.MaxRate = 8 // by a schedule that turned out to need more
		var events log
		if err := runner.Run(t.Context(), events.emit); err != nil {
			t.Fatal(err)
		}
		samples := eventsOf[Sample](&events)
		if len(samples) != 24 {
			t.Fatalf("%d samples, want 24", len(samples))
		}
		for _, s := range samples {
			mustContainTruth(t, w, s)
			if s.Late {
				t.Errorf("%s started %v ms late", s.Key, s.LateMS)
			}
			if s.UploadMS > 500 {
				t.Errorf("%s was uploaded for %v ms", s.Key, s.UploadMS)
			}
		}
		for _, l := range eventsOf[LoopEvent](&events) {
			if !l.OK {
				t.Errorf("loop check of %s: %s", l.Key, l.Detail)
			}
		}
		if left := w.left(); len(left) > 0 {
			t.Errorf("left in the buckets: %v", left)
		}
		told := 0
		for _, n := range eventsOf[NoticeEvent](&events) {
			if strings.Contains(n.Text, "more than a second") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("told %d times that requests wait, want once", told)
		}
	})
}
