package host

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"bothways/probe"
)

// quarter is a gap between batches.
const quarter = time.Second / 4

func TestABurstOfEventsComesAsOneBatchAFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewStream(quarter)
		s.Emit(probe.Sample{Key: "first"})
		if b := s.next(); len(b.Events) != 1 {
			t.Fatalf("%d events", len(b.Events))
		}
		began := time.Now()
		for range 1000 {
			s.Emit(probe.Sample{})
		}
		b := s.next()
		if len(b.Events) != 1000 || time.Since(began) != quarter {
			t.Errorf("%d events after %v, want all in one batch after %v", len(b.Events), time.Since(began), quarter)
		}
	})
}

func TestTheEndOfARunWaitsForNoFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewStream(time.Hour)
		s.Emit(probe.Sample{})
		s.next()
		began := time.Now()
		go func() {
			s.Emit(probe.Sample{})
			s.End(nil, context.Canceled)
		}()
		if b := s.next(); !b.Ended || len(b.Events) != 1 || time.Since(began) != 0 {
			t.Errorf("ended %v with %d events after %v", b.Ended, len(b.Events), time.Since(began))
		}
	})
}
