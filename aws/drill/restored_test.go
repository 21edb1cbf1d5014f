package drill_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/drill"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	sandboxfis "bothways/aws/sandbox/fis"
	"bothways/aws/sandbox/replicate"
	"bothways/probe"
)

// What the drill wrote beside its canaries goes also where its replica comes while
// it is being removed.
func TestAReplicaThatComesLateIsRemovedToo(t *testing.T) {
	inTime(t, func(t *testing.T) {
		const late = 80 * time.Second
		l := newLab(t, sandbox.Options{Seed: 5, Delay: func(_, _ string, size int64, _ *rand.Rand) time.Duration {
			if size < 100 { // not a canary
				return late
			}
			return time.Second
		}})
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		key := ""
		var once sync.Once
		l.wire.meddles(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			if r.Method == http.MethodDelete && key != "" && strings.HasSuffix(r.URL.Path, key) {
				once.Do(func() { time.Sleep(late) }) // virtual: the replica comes now
			}
			return next.RoundTrip(r)
		})
		result, _ := drill.Run(ctx, l.cut(l.scope(record.Cut)), func(e pair.Event) {
			l.emit(e)
			if s, is := e.(record.Recovery); is && s.Step == record.Verify {
				key = s.Key
				stop()
			}
		})
		l.wire.meddles(nil)
		if key == "" || result.Verdict != record.Stopped {
			t.Errorf("got %+v, of key %q", result, key)
		}
		time.Sleep(time.Hour) // virtual
		for _, side := range pair.Sides() {
			bucket := testPair.Side(side).Bucket
			out, err := l.world.Clients(side).S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &bucket, Prefix: &key})
			if err != nil || len(out.Versions) > 0 {
				t.Errorf("%d versions of it lie in %s, %v; said to be left: %q", len(out.Versions), bucket, err, result.Left)
			}
		}
	})
}

// A panic anywhere puts everything back first, and goes on: also one of whoever
// hears of the drill, and of the canaries' own goroutines.
func TestAPanicPutsEverythingBackFirst(t *testing.T) {
	for name, begin := range map[string]func(l *lab, cfg *drill.Config) pair.Emit{
		"of who decides": func(l *lab, cfg *drill.Config) pair.Emit {
			cfg.Decide = func(context.Context) (string, error) { panic("of this test") }
			return l.emit
		},
		"of who hears of it": func(l *lab, _ *drill.Config) pair.Emit {
			return func(e pair.Event) {
				l.emit(e)
				if c, is := e.(record.Change); is && c.State == record.FailedOver {
					panic("of this test")
				}
			}
		},
		"of who hears of canaries": func(l *lab, _ *drill.Config) pair.Emit {
			isolating := false
			return func(e pair.Event) {
				l.emit(e)
				c, is := e.(record.Change)
				isolating = isolating || is && c.State == record.Isolated
				if _, is := e.(probe.PostedEvent); is && isolating {
					panic("of this test")
				}
			}
		},
		"of who hears how it stands": func(l *lab, _ *drill.Config) pair.Emit {
			isolating := false
			return func(e pair.Event) {
				l.emit(e)
				c, is := e.(record.Change)
				isolating = isolating || is && c.State == record.Isolated
				if _, is := e.(record.Backlog); is && isolating {
					panic("of this test")
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				l := newLab(t, sandbox.Options{Seed: 3})
				theirs := l.decoy()
				cfg := l.paused(l.pauseScope())
				emit := begin(l, &cfg)
				fault := func() (fault any) {
					defer func() { fault = recover() }()
					_, _ = drill.Run(t.Context(), cfg, emit)
					return nil
				}()
				if fault == nil || !strings.Contains(words(fault), "of this test") {
					t.Errorf("the panic does not go on: %v", fault)
				}
				if now := l.theirs(theirs); now != theirs.before {
					t.Errorf("after it stands\n%s\nwant\n%s", now, theirs.before)
				}
				results := of[record.Result](l)
				if len(results) != 1 || results[0].Verdict != record.Errored || !strings.Contains(results[0].Error, "of this test") {
					t.Fatalf("it says %+v", results)
				}
				if len(results[0].Left) == 0 {
					l.nothingLies()
				}
			})
		})
	}
}

func words(fault any) string {
	switch f := fault.(type) {
	case string:
		return f
	case interface{ String() string }:
		return f.String()
	}
	return ""
}

// S3 does not say when all of it shows a configuration that changed a moment ago:
// what still shows the pause is looked at again before anybody is blamed.
func TestAConfigurationThatReadsStaleIsLookedAtAgain(t *testing.T) {
	for name, stale := range map[string]time.Duration{"for some seconds": 25 * time.Second, "for good": time.Hour} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				l := newLab(t, sandbox.Options{Seed: 3, Pauses: sandboxfis.Pauses{Shows: replicate.Shows{DisabledRules: true}}})
				var mu sync.Mutex
				old := map[string][]byte{} // by path, as it read during the pause
				var ended time.Time
				l.wire.meddles(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
					response, err := next.RoundTrip(r)
					mu.Lock() // never over a wait: virtual time would stand still
					defer mu.Unlock()
					if r.Method == http.MethodDelete && strings.HasPrefix(r.URL.Path, "/experiments/") {
						ended = time.Now()
					}
					if err != nil || r.Method != http.MethodGet || !r.URL.Query().Has("replication") {
						return response, err
					}
					body, err := io.ReadAll(response.Body)
					if err != nil {
						return nil, err
					}
					if begun(body) && ended.IsZero() {
						old[r.URL.Path] = body
					}
					if was, is := old[r.URL.Path]; is && !ended.IsZero() && time.Since(ended) < stale {
						body = was
					}
					response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
					response.Header.Del("Content-Length")
					return response, nil
				})
				result, _ := drill.Run(t.Context(), l.paused(l.pauseScope()), l.emit)
				if len(old) != 2 || ended.IsZero() {
					t.Fatal("the pause was not to be seen")
				}
				if want := map[bool]record.Undo{true: record.Complete, false: record.Incomplete}[stale < time.Minute]; result.Undo != want {
					t.Errorf("undo is %s, want %s: %+v", result.Undo, want, result)
				}
			})
		})
	}
}

// Nobody agreed, and something stays: both are said, and not that it is removed.
func TestWhatIsLeftIsNotSaidToBeRemoved(t *testing.T) {
	for _, stays := range []bool{false, true} {
		inTime(t, func(t *testing.T) {
			l := newLab(t, sandbox.Options{Seed: 5})
			cfg := l.cut(l.scope(record.Cut))
			cfg.Confirm = func(context.Context, drill.Radius) error {
				if stays {
					l.wire.meddles(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
						if r.Method == http.MethodDelete {
							return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("<Error><Code>AccessDenied</Code></Error>")), Request: r}, nil
						}
						return next.RoundTrip(r)
					})
				}
				return drill.ErrUnconfirmed
			}
			result, err := drill.Run(t.Context(), cfg, l.emit)
			removed := strings.Contains(result.Stopped, "are removed")
			if !errors.Is(err, drill.ErrUnconfirmed) || removed == stays || stays != (len(result.Left) > 0) || strings.Contains(err.Error(), "are removed") {
				t.Errorf("with something that stays (%t) it says %q, %d left, %v", stays, result.Stopped, len(result.Left), err)
			}
		})
	}
}

// begun says whether a configuration's rules are shown as disabled.
func begun(configuration []byte) bool {
	return strings.Contains(strings.ReplaceAll(string(configuration), "<DeleteMarkerReplication><Status>Disabled</Status>", ""), "<Status>Disabled</Status>")
}
