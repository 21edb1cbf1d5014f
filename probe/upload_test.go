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

// A part that is refused ends the upload. Those that were not sent must not
// take their turns in the run's rate: 61 of them would hold the next request
// back for a minute.
func TestTheRestOfABrokenUploadIsNeitherSentNorWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		sent := 0
		w.fault = func(request *http.Request) *http.Response {
			if request.URL.Query().Has("partNumber") {
				sent++
				return refusal(403, "AccessDenied")
			}
			return nil
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes, cfg.Every, cfg.MaxRate = 1, []int64{512 << 20}, 10*time.Minute, 1
		events, _ := probeWorld(t.Context(), t, w, cfg)
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != Failed || !strings.Contains(s.Detail, "AccessDenied") {
				t.Errorf("outcome %s: %s", s.Outcome, s.Detail)
			}
		}
		uploads := eventsOf[StartedEvent](events)
		if sent > len(uploads)*partConcurrency {
			t.Errorf("%d parts were sent in %d uploads, want no more than go up at once", sent, len(uploads))
		}
		if took := time.Since(uploads[len(uploads)-1].At); took > 15*time.Second {
			t.Errorf("the last upload's end took %v: what was not sent was waited for", took)
		}
		if left := eventsOf[LeftEvent](events); len(left) > 0 {
			t.Errorf("left: %v", left)
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

func TestAnUploadThatCannotBeAbortedIsLeftAsAnUploadAndNotAsVersions(t *testing.T) {
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
		w.fault = func(request *http.Request) *http.Response {
			if request.Method == http.MethodDelete && request.URL.Query().Has("uploadId") {
				return refusal(403, "AccessDenied")
			}
			return nil
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{17 << 20}
		events, _ := probeWorld(ctx, t, w, cfg)
		all := eventsOf[LeftEvent](events)
		if len(all) != 1 || len(all[0].Objects) == 0 || len(all[0].Objects) != len(eventsOf[StartedEvent](events)) {
			t.Fatalf("left: %+v, want an upload of each probe", all)
		}
		for _, o := range all[0].Objects {
			if o.UploadID == "" || o.VersionID != "" || !strings.Contains(o.Why, "abort") {
				t.Errorf("left: %+v", o)
			}
		}
	})
}

func TestWhatACompletionMayHaveMadeIsLeftAsAVersionToo(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	r := newRun(ctx, Config{Pair: testPair()}, newWorld(0).clients(), func(pair.Event) {}, cancel)
	entry := record{Object: Object{Direction: pair.AtoB, Key: "k"}, uploadID: "u"}
	if got := LeftText(r.leftOf(entry, "why", true)); got != "1 unfinished upload" {
		t.Errorf("before its completion: %s", got)
	}
	entry.completing = true
	if got := LeftText(r.leftOf(entry, "why", true)); got != "2 versions and 1 unfinished upload" {
		t.Errorf("with the answer to its completion lost: %s", got)
	}
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

// hanging never answers a request that match picks.
type hanging struct {
	next  http.RoundTripper
	match func(*http.Request) bool
}

func (h hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	if h.match(r) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return h.next.RoundTrip(r)
}

func TestAnUploadThatHangsIsGivenUpAtTheLimit(t *testing.T) {
	for name, c := range map[string]struct {
		size  int64
		begin bool
	}{"at once": {1 << 10, false}, "in parts": {17 << 20, false}, "the beginning of one in parts": {17 << 20, true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(time.Second)
				cfg := testConfig()
				cfg.Rounds, cfg.Sizes, cfg.Limit = 1, []int64{c.size}, 5*time.Second
				stuck := hanging{w, func(q *http.Request) bool {
					return q.URL.Query().Has("uploads") && c.begin || q.Method == http.MethodPut
				}}
				began := time.Now()
				var ended time.Time
				runner, err := New(cfg, w.clientsOver(stuck))
				if err != nil {
					t.Fatal(err)
				}
				samples := 0
				_ = runner.Run(t.Context(), func(e pair.Event) {
					if s, is := e.(Sample); is {
						samples++
						ended = time.Now()
						if s.Outcome != Failed {
							t.Errorf("outcome %s: %s", s.Outcome, s.Detail)
						}
					}
				})
				if took := ended.Sub(began); samples == 0 || took > 20*time.Second {
					t.Errorf("%d uploads were given up after %s", samples, took)
				}
			})
		})
	}
}
