package probe

import (
	"context"
	"net/http"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// A thousand probes that wait for their turns to upload hold no goroutine each, and
// end with the run.
func TestWhatWaitsForItsTurnToUploadHasNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		w.stall = func(request *http.Request) bool { return request.Method == http.MethodPut }
		ctx, cancel := context.WithCancel(t.Context())
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes, cfg.Every, cfg.MaxRate = 600, []int64{1}, 10*time.Millisecond, HighestMaxRate
		most := 0
		go func() {
			time.Sleep(8 * time.Second) // virtual
			most = runtime.NumGoroutine()
			cancel()
		}()
		events, _ := probeWorld(ctx, t, w, cfg)
		begun := len(eventsOf[StartedEvent](events))
		if begun != maxSmallUploads || most > 6*maxSmallUploads {
			t.Errorf("%d of 1,200 probes began, with %d goroutines", begun, most)
		}
	})
}
