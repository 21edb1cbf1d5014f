package replication_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// rewriteReads lets answers to reads of one kind pass through a function.
func (l *lab) rewriteReads(query string, rewrite func(body []byte, r *http.Request) []byte) {
	next := l.wire.next
	var one sync.Mutex // reads go side by side
	l.wire.next = roundTripper(func(r *http.Request) (*http.Response, error) {
		response, err := next.RoundTrip(r)
		if err != nil || r.Method != http.MethodGet || !r.URL.Query().Has(query) || response.StatusCode != http.StatusOK {
			return response, err
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			return nil, err
		}
		one.Lock()
		body = rewrite(body, r)
		one.Unlock()
		response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		response.Header.Del("Content-Length")
		return response, nil
	})
}

func TestTheTagsOfAFilterAreTheSameInAnyOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testPair
		p.Options.DeleteMarkers = false
		p.Options.FilterTags = "a=1&b=2"
		l := newLab(t, p)
		swapped := false
		l.rewriteReads("replication", func(body []byte, _ *http.Request) []byte {
			one, two := "<Key>a</Key><Value>1</Value>", "<Key>b</Key><Value>2</Value>"
			swapped = swapped || strings.Contains(string(body), one)
			return []byte(strings.NewReplacer(one, two, two, one).Replace(string(body)))
		})
		if err := plan.Apply(context.Background(), l.setUp(t), (&log{}).emit); err != nil {
			t.Fatal(err)
		}
		for _, st := range l.setUp(t).Steps {
			if st.Change != step.Nothing {
				t.Errorf("%s is left to do: %s", st.ID, st.What)
			}
		}
		if !swapped {
			t.Error("no tags were swapped")
		}
	})
}

// Soon after several changes, a read may answer with any of the states that
// there were.
func TestAReadOfAnOlderStateIsNoOtherWriterUnlessItLasts(t *testing.T) {
	for _, c := range []struct {
		lasts time.Duration
		fails bool
	}{{10 * time.Second, false}, {time.Hour, true}} {
		t.Run(c.lasts.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				applyAny(t, l.setUp(t))
				l.world.Pair.Options.Metrics = true
				proposed := l.setUp(t)
				var written time.Time
				var lock sync.Mutex
				l.wire.after = func(_ int, r *http.Request) {
					lock.Lock()
					defer lock.Unlock()
					if r.URL.Query().Has("replication") && strings.Contains(r.URL.Path, l.world.Pair.A.Bucket) {
						written = time.Now()
					}
				}
				l.rewriteReads("replication", func(body []byte, r *http.Request) []byte {
					lock.Lock()
					defer lock.Unlock()
					if !strings.Contains(r.URL.Path, l.world.Pair.A.Bucket) || written.IsZero() || time.Since(written) > c.lasts {
						return body
					}
					return bytes.ReplaceAll(body, []byte("<Priority>1<"), []byte("<Priority>9<"))
				})
				err := plan.Apply(t.Context(), proposed, (&log{}).emit)
				if failed := err != nil; failed != c.fails || failed && !strings.Contains(err.Error(), "reads otherwise than it was written") {
					t.Errorf("apply: %v", err)
				}
			})
		})
	}
}
