package backfill_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"bothways/aws/backfill"
	"bothways/aws/pair"
)

// The rows of an audit that was put right need nothing: it is looked at again, not
// paid for again, whatever is left of the earlier backfill's journal.
func TestWhatStandsByNowIsNotPlannedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := small(t)
		asked := l.smallAsked()
		if result, _ := l.fill(asked); result.Left() > 0 || result.Stood != 0 {
			t.Fatalf("the first: %+v", result)
		}
		l.wire.reset()
		p := l.prepare(asked)
		if !p.Nothing() || !p.Looked.All() || p.Looked.Versions != 3 || p.Alone() != 0 || p.Price.Jobs != 0 {
			t.Errorf("the second has %d steps, looked: %+v, price %+v", len(p.Steps), p.Looked, p.Price)
		}
		if p.Looked.Heads != 6 || p.Price.Heads != 6 || p.Price.Dollars <= 0 {
			t.Errorf("%d HEADs were sent, the price has %d and %f USD; want both sides of each", p.Looked.Heads, p.Price.Heads, p.Price.Dollars)
		}
		if words := p.Looked.Words(); !strings.HasPrefix(words, "nothing is left to do: all 3 stand on both sides") {
			t.Errorf("it says %q", words)
		}
		if changes := l.wire.reset(); len(changes) > 0 {
			t.Errorf("planning changed something: %v", changes)
		}

		// What went again since is all that is planned.
		l.erase(pair.B, "before", l.serves(pair.B, "before"))
		p = l.prepare(asked)
		if way := p.Ways[pair.AtoB]; way.Versions != 1 || len(p.Ways) != 1 || p.Looked.Stand != 2 || p.Copies[pair.A] != 0 {
			t.Errorf("planned %+v and %v copies, looked: %+v", p.Ways, p.Copies, p.Looked)
		}
	})
}

// A job that an earlier run asked for what was left of an audit is followed, and
// nothing of that audit is said to wait for another run.
func TestAJobForTheRestOfAnAuditIsFollowedByItsAudit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.many(pair.A, "before", 4)
		l.setUp()
		l.settle()
		asked := l.asked()
		first := l.asked()
		first.Rows = seq(l.differences()[:2])
		if result, _ := l.fill(first); result.Left() > 0 {
			t.Fatalf("the first: %+v", result)
		}
		l.world.RunID = "20261130-110000-cut"
		l.killedAtJob(l.prepare(asked))
		l.settle() // so that the job has ended, and nothing of its list is left
		l.world.RunID = "20261130-120000-again"
		p := l.prepare(asked)
		if p.Alone() != 0 || !p.Ways[pair.AtoB].Finishes {
			t.Errorf("left alone %v, ways %+v", p.Untried, p.Ways)
		}
		if result, _ := l.fill(asked); result.Left() > 0 || result.Alone() > 0 || result.Tried != 2 {
			t.Errorf("got %+v", result)
		}
		l.nothingOfOurs()
	})
}

// answered changes what a side's HEADs say of a key.
func (l *lab) answered(side pair.SideName, key string, change func(http.Header)) {
	l.wire.mu.Lock()
	defer l.wire.mu.Unlock()
	l.wire.answer = func(r *http.Request) *http.Response {
		if r.Method != http.MethodHead || !strings.HasSuffix(r.URL.Path, "/"+key) || !strings.Contains(r.URL.Host+r.URL.Path, l.world.Pair.Side(side).Bucket) {
			return nil
		}
		response, err := l.wire.next.RoundTrip(r)
		if err != nil || response.StatusCode != http.StatusOK {
			return response
		}
		change(response.Header)
		return response
	}
}

// That something is there proves nothing: the proof compares as the audit does, for
// what jobs replicated and for copies in place, and names what differs.
func TestTheProofComparesContent(t *testing.T) {
	without := func(h http.Header) {
		for name := range h {
			if strings.HasPrefix(strings.ToLower(name), "x-amz-checksum") {
				h.Del(name)
			}
		}
	}
	for name, c := range map[string]struct {
		change        func(http.Header)
		differ, blind int64
		says          string
	}{
		"size": {func(h http.Header) { h.Set("Content-Length", "9") }, 1, 0, "sizes"},
		"ETag": {func(h http.Header) { without(h); h.Set("Etag", `"00000000000000000000000000000000"`) }, 1, 0, "MD5"},
		"another KMS": {func(h http.Header) {
			h.Set("Etag", `"00000000000000000000000000000000"`)
			h.Set("X-Amz-Server-Side-Encryption", "aws:kms")
		}, 0, 0, ""},
		"incomparable": {func(h http.Header) {
			without(h)
			h.Set("Etag", `"00"`)
			h.Set("X-Amz-Server-Side-Encryption", "aws:kms")
		}, 0, 1, ""},
	} {
		for _, key := range []string{"before", "hard"} {
			t.Run(name+" of "+key, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l := small(t)
					p := l.prepare(l.smallAsked())
					l.answered(pair.B, key, c.change)
					var seen events
					result, err := backfill.Apply(t.Context(), p, seen.emit)
					if err != nil || result.Differ != c.differ || result.Blind != c.blind || result.Left() != c.differ || result.Tried != 3 {
						t.Errorf("got %+v, %v", result, err)
					}
					named := of[backfill.Left](&seen)
					if int64(len(named)) != c.differ || c.differ > 0 && (named[0].Key != key || !strings.Contains(named[0].Words, c.says)) {
						t.Errorf("named: %+v", named)
					}
				})
			})
		}
	}
}

// What came in a version's place since the audit is not planned over.
func TestWhatCameInItsPlaceIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.put(pair.A, "k", "of A")
		l.setUp()
		l.settle()
		asked := l.asked()
		if result, _ := l.fill(asked); result.Left() > 0 {
			t.Fatal(result)
		}
		l.answered(pair.B, "k", func(h http.Header) { h.Set("Content-Length", "7") })
		p := l.prepare(asked)
		if !p.Nothing() || p.Untried[backfill.Replaced] != 1 {
			t.Errorf("%d steps, left alone %v, looked %+v", len(p.Steps), p.Untried, p.Looked)
		}
	})
}

// A marker in the place of a version, or the other way round, is no proof either.
func TestAMarkerIsNoProofOfAVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.put(pair.A, "k", "x")
		l.setUp()
		l.settle()
		p := l.prepare(l.asked())
		l.wire.mu.Lock()
		l.wire.answer = func(r *http.Request) *http.Response {
			if r.Method != http.MethodHead || !strings.HasSuffix(r.URL.Path, "/k") || !strings.Contains(r.URL.Host+r.URL.Path, testPair.B.Bucket) {
				return nil
			}
			return &http.Response{StatusCode: http.StatusMethodNotAllowed, Header: http.Header{"X-Amz-Delete-Marker": {"true"}}, Body: http.NoBody, Request: r}
		}
		l.wire.mu.Unlock()
		result, err := backfill.Apply(t.Context(), p, (&events{}).emit)
		if err != nil || result.Differ != 1 {
			t.Errorf("%+v, %v", result, err)
		}
	})
}
