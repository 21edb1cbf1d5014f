package probe

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
)

// clean is the cleaning at the end of a run that wrote these objects; it
// returns what is left.
func clean(t *testing.T, w *world, objects ...Object) ([]LeftObject, *log) {
	t.Helper()
	var events log
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	r := newRun(ctx, Config{Pair: testPair(), Foreign: true}, w.clients(), events.emit, cancel)
	for _, object := range objects {
		r.ledger.change(object.Key, func(entry *record) { entry.Object = object })
	}
	left := r.clean(ctx)
	r.workers.Wait()
	if err := context.Cause(ctx); err != nil {
		t.Fatal(err)
	}
	return left, &events
}

func TestObjectsAreRemovedFromBothSides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		v := w.commit(bucketB, "k", testPair().ID(), 1, `"e"`)
		<-time.After(time.Minute)
		left, events := clean(t, w, Object{Direction: pair.BtoA, Key: "k", VersionID: v.id})
		if len(left) > 0 || len(w.left()) > 0 {
			t.Errorf("left: %v, in the buckets: %v", left, w.left())
		}
		if cleaned := eventsOf[CleanedEvent](events); len(cleaned) != 1 || !cleaned[0].OK {
			t.Errorf("cleaned: %+v", cleaned)
		}
	})
}

func TestAReplicaThatArrivesLateIsRemovedToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(5 * time.Second)
		v := w.commit(bucketA, "k", testPair().ID(), 1, `"e"`)
		w.deliversLate = true
		left, _ := clean(t, w, Object{Direction: pair.AtoB, Key: "k", VersionID: v.id})
		if len(left) > 0 || len(w.left()) > 0 {
			t.Errorf("left: %v, in the buckets: %v", left, w.left())
		}
	})
}

func TestAReplicaThatArrivesLateIsRemovedWhereTheOriginShowsNoStatus(t *testing.T) {
	for _, proxies := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(5 * time.Second)
			w.silent, w.deliversLate, w.proxies, w.direct = true, true, proxies, true
			v := w.commit(bucketA, "k", testPair().ID(), 1, `"e"`)
			left, _ := clean(t, w, Object{Direction: pair.AtoB, Key: "k", VersionID: v.id})
			<-time.After(time.Minute)
			if len(left) > 0 || len(w.left()) > 0 {
				t.Errorf("left: %v, in the buckets: %v", left, w.left())
			}
		})
	}
}

func TestAnInterruptedRunInAPrivateSandboxWaitsForNoReplicaAndLeavesNothing(t *testing.T) {
	for private, most := range map[bool]time.Duration{true: 3 * time.Second, false: 2 * cleanupTime} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(time.Hour)
			w.deliversLate = true
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			cfg := testConfig()
			cfg.Private = private
			begun := time.Now()
			events, _ := probeWorld(ctx, t, w, cfg)
			if took := time.Since(begun) - 5*time.Second; took > most || !private && took < cleanupTime {
				t.Errorf("private %t: it ends %v after the interruption", private, took)
			}
			if left := len(eventsOf[LeftEvent](events)) > 0; left == private {
				t.Errorf("private %t: something is left: %t", private, left)
			}
			said := 0
			for _, n := range eventsOf[NoticeEvent](events) {
				if strings.Contains(n.Text, "ends with the private sandbox") {
					said++
				}
			}
			if (said == 1) != private {
				t.Errorf("private %t: it is said %d times what becomes of the rest", private, said)
			}
			for _, c := range eventsOf[CleanedEvent](events) {
				if !c.OK && c.Detail == "" {
					t.Errorf("private %t: %+v", private, c)
				}
			}
		})
	}
}

func TestAnObjectOfUnknownVersionIsRemovedOnlyIfItCarriesThePairsMark(t *testing.T) {
	for mark, removed := range map[string]bool{testPair().ID(): true, "other": false, "": false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(time.Second)
			w.commit(bucketA, "k", mark, 1, `"e"`)
			<-time.After(time.Minute)
			left, _ := clean(t, w, Object{Direction: pair.AtoB, Key: "k"})
			if gone := len(w.left()) == 0; gone != removed || (len(left) == 0) != removed {
				t.Errorf("mark %q: removed %v, reported as left %v", mark, gone, left)
			}
		})
	}
}

func TestAVersionThatIsOneOfSeveralIsNotGuessed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		w.commit(bucketA, "k", testPair().ID(), 1, `"e"`)
		w.commit(bucketA, "k", testPair().ID(), 1, `"e"`)
		<-time.After(time.Minute)
		if left, _ := clean(t, w, Object{Direction: pair.AtoB, Key: "k"}); len(left) == 0 || len(w.left()) != 4 {
			t.Errorf("left: %v, in the buckets: %v", left, w.left())
		}
	})
}

func TestOnlyTimeThatTheClockMissedCountsAsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ahead := time.Duration(0)
		clock := newSleepClock(func() time.Time { return wallClock().Add(ahead) })
		start := time.Now()
		<-time.After(time.Second)
		if lostSince(clock, start) {
			t.Error("an ordinary second counts as lost")
		}
		<-time.After(10 * time.Minute) // nobody looked: the process stood still
		if lostSince(clock, start) {
			t.Error("ten minutes without a look count as lost, and both clocks saw them pass")
		}
		<-time.After(10 * time.Minute)
		ahead = time.Minute // the computer slept, too
		if !lostSince(clock, start) {
			t.Error("a minute that the clock missed does not count as lost")
		}
		if lostSince(clock, time.Now().Add(time.Nanosecond)) {
			t.Error("time that was lost before counts against a later probe")
		}
	})
}

// lostSince asks about a measurement that began at an instant, with no dates of
// a server to tell more.
func lostSince(c *sleepClock, begun time.Time) bool {
	lost, _ := c.lostBetween(period{begun: begun})
	return lost
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
