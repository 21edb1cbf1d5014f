package probe

import (
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
)

// clean runs Cleanup on objects and returns what is left.
func clean(t *testing.T, w *world, objects ...Object) ([]LeftObject, *log) {
	t.Helper()
	var events log
	left, err := Cleanup(t.Context(), testPair(), w.clients(), objects, events.emit)
	if err != nil {
		t.Fatal(err)
	}
	return left, &events
}

func TestObjectsOfAnEarlierRunAreRemovedFromBothSides(t *testing.T) {
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

func TestAStoppedProcessCountsAsLostTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := newSleepClock(wallClock)
		start := time.Now()
		<-time.After(time.Second)
		if lostSince(clock, start) {
			t.Error("an ordinary second counts as lost")
		}
		<-time.After(10 * time.Minute) // nobody looked: the process stood still
		if !lostSince(clock, start) {
			t.Error("ten minutes without a look do not count as lost")
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
