package session_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/session"
	"bothways/probe"
	"bothways/probe/polling"
)

// What a run may cost is agreed to in one place, whoever asks: of AWS, and of
// any store that may lead there, but not of the sandbox in this process.
func TestADearMeasurementIsRefusedUntilItIsAgreedTo(t *testing.T) {
	const tebibyte = 1 << 40
	for name, c := range map[string]struct {
		size                  int64
		rounds                int
		sandbox, agreed, dear bool
	}{
		"cheap":                {128 << 10, 12, false, false, false},
		"5 TiB":                {5 * tebibyte, 1, false, false, true},
		"5 TiB, agreed to":     {5 * tebibyte, 1, false, true, false},
		"5 TiB in the sandbox": {5 * tebibyte, 1, true, false, false},
		"many small ones":      {128 << 10, 1_000_000, false, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				access := w.access
				access.Sandbox = c.sandbox
				_, err := w.process().Probe(t.Context(), access, session.Measurement{AnyPrice: c.agreed, Config: probe.Config{
					RunID: "check", Pair: testPair, Sizes: []int64{c.size}, Rounds: c.rounds, Every: 10 * time.Second, Limit: time.Minute, Pace: polling.Normal,
				}})
				dear, refused := errors.AsType[*session.DearError](err)
				if refused != c.dear || err != nil && !refused {
					t.Fatalf("it says %v", err)
				}
				if refused && (dear.Estimate.DollarsAtMost < 10 || !strings.Contains(dear.Error(), "USD")) {
					t.Errorf("it says %v of %+v", err, dear.Estimate)
				}
			})
		})
	}
}
