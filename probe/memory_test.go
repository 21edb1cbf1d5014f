package probe

import (
	"io"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
)

// sink takes uploads without keeping them and watches the heap meanwhile.
type sink struct {
	world *world
	mu    sync.Mutex
	sizes map[string]int64 // by key
	most  uint64           // bytes of live heap
}

// RoundTrip implements http.RoundTripper.
func (s *sink) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Query().Get("partNumber") == "" {
		return s.world.RoundTrip(request)
	}
	n, err := io.Copy(io.Discard, request.Body)
	if err != nil {
		return nil, err
	}
	var heap runtime.MemStats
	runtime.ReadMemStats(&heap)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sizes[request.URL.Path] += n
	s.most = max(s.most, heap.HeapAlloc)
	response := reply(200, map[string]string{"ETag": `"part"`}, "")
	response.Request = request
	return response, nil
}

// Four parts of 8 MiB in either direction would be 64 MiB if they were held.
func TestUploadingInPartsHoldsNoPartInMemory(t *testing.T) {
	// In virtual time a busy computer does not cut an upload off.
	synctest.Test(t, func(t *testing.T) {
		const size = 96 << 20
		w := newWorld(0)
		w.rtt = map[string]time.Duration{}
		through := &sink{world: w, sizes: map[string]int64{}}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes, cfg.Limit, cfg.Every = 1, []int64{size}, time.Millisecond, time.Millisecond
		runner, err := New(cfg, w.clientsOver(through))
		if err != nil {
			t.Fatal(err)
		}
		var before runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		if err := runner.Run(t.Context(), func(pair.Event) {}); err != nil {
			t.Fatal(err)
		}
		for path, n := range through.sizes {
			if n != size {
				t.Errorf("%s got %d bytes, want %d", path, n, size)
			}
		}
		if len(through.sizes) != 2 {
			t.Errorf("%d objects were uploaded, want 2", len(through.sizes))
		}
		if grown := int64(through.most) - int64(before.HeapAlloc); grown > 24<<20 {
			t.Errorf("the heap grew by %d MiB", grown>>20)
		}
	})
}
