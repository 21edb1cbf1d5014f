package probe_test

import (
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
)

func TestTheLastMissOfAProbeInFlightIsNeverPastItsArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sandbox.Options{}, "s3.amazonaws.com")
		cfg := r.runConfig()
		runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
		r.must(err)
		if at := runner.LastMiss("before the run"); !at.IsZero() {
			t.Errorf("before the run: %v", at)
		}
		posted, known := map[string]time.Time{}, map[string]time.Duration{}
		told := 0
		r.must(runner.Run(t.Context(), func(e pair.Event) {
			for key, at := range posted {
				if missed := runner.LastMiss(key); !missed.IsZero() {
					known[key] = missed.Sub(at)
				}
			}
			switch e := e.(type) {
			case probe.PostedEvent:
				posted[e.Key] = e.PostedAt
				if at := runner.LastMiss(e.Key); !at.IsZero() {
					t.Errorf("%s was not polled yet, and last missed at %v", e.Key, at)
				}
			case probe.Sample:
				longer := float64(known[e.Key]) / float64(time.Millisecond)
				if longer > 0 {
					told++
				}
				if longer > e.BracketMS[0]+1e-6 {
					t.Errorf("%s was said to take longer than %v ms, its bracket is %v", e.Key, longer, e.BracketMS)
				}
				if at := runner.LastMiss(e.Key); !at.IsZero() {
					t.Errorf("%s has its sample, and last missed at %v", e.Key, at)
				}
				delete(posted, e.Key)
			}
		}))
		if planned := cfg.Planned(); told < planned/2 {
			t.Errorf("of %d of %d probes something was known before their samples came", told, planned)
		}
	})
}
