package replication_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// slowWrite lets writes of A's rules take half a second, and while the first is on its way
// answers the reads of them for which none returns true as if there were none.
func (l *lab) slowWrite(none func(read int32) bool) {
	next := l.wire.next
	var writing atomic.Bool
	var reads, writes atomic.Int32
	l.wire.next = roundTripper(func(r *http.Request) (*http.Response, error) {
		if !r.URL.Query().Has("replication") || !strings.Contains(r.URL.Path, l.world.Pair.A.Bucket) {
			return next.RoundTrip(r)
		}
		if r.Method != http.MethodGet {
			writing.Store(writes.Add(1) == 1)
			<-time.After(500 * time.Millisecond)
			defer writing.Store(false)
			return next.RoundTrip(r)
		}
		if writing.Load() && none(reads.Add(1)) {
			return &http.Response{
				StatusCode: http.StatusNotFound, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/xml"}}, Request: r,
				Body: io.NopCloser(strings.NewReader(`<?xml version="1.0"?><Error><Code>ReplicationConfigurationNotFoundError</Code><Message>The replication configuration was not found</Message></Error>`)),
			}, nil
		}
		return next.RoundTrip(r)
	})
}

// An older state that is read once more, between reads of the newer one, is nobody's write.
func TestAnOlderStateThatIsReadOnceMoreIsNobodysWrite(t *testing.T) {
	for name, takesDown := range map[string]bool{"as ours is added": false, "as ours is taken out": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newWorld(t, "the hardest")
				proposed := l.setUp(t)
				if takesDown {
					applyAny(t, proposed)
					proposed = l.tearDown(t, false)
				}
				l.slowWrite(func(read int32) bool { return read == 2 })
				if err := plan.Apply(t.Context(), proposed, func(pair.Event) {}); err != nil {
					t.Errorf("it says %v", err)
				}
			})
		})
	}
}

// Where all reads beside a write show that the rules of others are gone, and they stand
// now, no line is printed that takes them away.
func TestNoPrintedLineTakesAwayTheRulesOfOthersThatStand(t *testing.T) {
	const late = "written-in-between"
	taken := func(t *testing.T, l *lab) {
		now := l.configuration(t, pair.A)
		rule := types.ReplicationRule{
			ID: aws.String(late), Status: types.ReplicationRuleStatusEnabled, Priority: aws.Int32(901),
			Filter:                  &types.ReplicationRuleFilter{Prefix: aws.String("late/")},
			DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled},
			Destination:             &types.Destination{Bucket: aws.String("arn:aws:s3:::their-copies-a")},
		}
		l.putRules(t, pair.A, *now.Role, []types.ReplicationRule{rule})
	}
	for name, c := range map[string]struct {
		takesDown, none bool
		lines           bool // one is printed
	}{
		"none, as ours is added":                    {none: true},
		"none, as ours is taken out":                {none: true, takesDown: true},
		"another one instead, as ours is added":     {lines: true},
		"another one instead, as ours is taken out": {lines: true, takesDown: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newWorld(t, "the hardest")
				proposed, id := l.setUp(t), "rule-a-to-b"
				if c.takesDown {
					applyAny(t, proposed)
					proposed, id = l.tearDown(t, false), step.Removal(id)
				}
				theirs := ""
				for _, r := range l.configuration(t, pair.A).Rules {
					if aws.ToString(r.ID) != l.world.Pair.RuleID(pair.AtoB) {
						theirs = aws.ToString(r.ID)
					}
				}
				if theirs == "" {
					t.Fatal("nobody else has a rule")
				}
				if c.none {
					l.slowWrite(func(int32) bool { return true })
				} else {
					var changed atomic.Bool
					l.wire.before = func(_ int, r *http.Request) {
						if r.Method != http.MethodGet && r.URL.Query().Has("replication") && strings.Contains(r.URL.Path, l.world.Pair.A.Bucket) && changed.CompareAndSwap(false, true) {
							taken(t, l)
						}
					}
				}
				err := plan.Apply(t.Context(), proposed, func(pair.Event) {})
				if err == nil || !strings.Contains(err.Error(), id+":") {
					t.Fatalf("it says %v", err)
				}
				text := err.Error()
				if !strings.Contains(text, "had no rule "+theirs) && !strings.Contains(text, ", rule "+theirs) {
					t.Errorf("it does not say that %s stands: %s", theirs, text)
				}
				if strings.Contains(text, "delete-bucket-replication") {
					t.Errorf("a line takes all away: %s", text)
				}
				_, line, printed := strings.Cut(text, "put-bucket-replication")
				if printed != c.lines || printed && (!strings.Contains(line, theirs) || !strings.Contains(line, late)) {
					t.Errorf("the line is %q", line)
				}
			})
		})
	}
}
