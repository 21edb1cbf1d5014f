package drill_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bothways/aws/drill"
	"bothways/aws/drill/pause"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
)

// paused is a drill of kind pause.
func (l *lab) paused(s record.Scope) drill.Config {
	return l.config(s, pause.New(l.world, s), probe.Clients{A: l.world.A.S3, B: l.world.B.S3})
}

func (l *lab) pauseScope() record.Scope {
	s := l.scope(record.Pause)
	s.Accounts = map[pair.SideName]string{pair.A: "000000000000", pair.B: "000000000000"}
	s.Callers = map[pair.SideName]string{pair.A: "arn:aws:iam::000000000000:user/operator", pair.B: "arn:aws:iam::000000000000:user/operator"}
	return s
}

// Of a pause that AWS ended by itself the end is told, too.
func TestTheEndOfAPauseThatEndedByItselfIsTold(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		fault := pause.New(l.world, l.pauseScope())
		if err := fault.Begin(t.Context(), l.emit); err != nil {
			t.Fatal(err)
		}
		time.Sleep(l.pauseScope().Box + time.Minute) // virtual
		if err := fault.End(t.Context(), l.emit); err != nil {
			t.Fatal(err)
		}
		last := map[string]record.Experiment{}
		for _, e := range of[record.Experiment](l) {
			last[e.ID] = e
		}
		for id, e := range last {
			if e.State != "completed" || e.EndedAt.IsZero() {
				t.Errorf("experiment %s was last told as %s, ended %s", id, e.State, e.EndedAt)
			}
		}
	})
}

func TestAPauseGoesItsWholeWayAndLeavesNothing(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		l.wire.reset()
		scope := l.pauseScope()
		scope.Targets.RPO = time.Minute
		cfg := l.paused(scope)
		var shown string
		agree := cfg.Confirm
		cfg.Confirm = func(ctx context.Context, r drill.Radius) error {
			shown = strings.Join(r.Words(), "\n")
			return agree(ctx, r)
		}
		result, err := drill.Run(t.Context(), cfg, l.emit)
		if err != nil {
			t.Error(err)
		}
		const uncompared = "RPO is not compared with the target of 1 min, because a pause holds back"
		if !strings.Contains(shown, uncompared) || !strings.Contains(strings.Join(result.Unknown, "\n"), uncompared) {
			t.Errorf("it was agreed to %q, and the result says %q", shown, result.Unknown)
		}
		tags := map[record.Moment]map[pair.SideName]string{record.Before: {}, record.After: {}}
		for _, c := range of[record.Configuration](l) {
			if c.Moment != record.During {
				tags[c.Moment][c.Side] = c.Tags // the last counts
			}
		}
		if after := tags[record.After]; len(after) != 2 || after[pair.A] == "" || !maps.Equal(tags[record.Before], after) {
			t.Errorf("the tags: %v", tags)
		}
		if result.Verdict != record.Passed || result.Undo != record.Complete || len(result.Left) > 0 {
			t.Errorf("got %+v", result)
		}
		for _, c := range of[record.Change](l) {
			if c.State == record.Reported && c.Reached {
				return
			}
		}
		t.Error("its report was not reached")
	})
}

// A bucket whose tags are not what they were, or not known to be, is not undone.
func TestTagsThatAreNotShownToBeBackAreNoCompleteUndo(t *testing.T) {
	for name, one := range map[string]struct {
		status     int
		body, says string
	}{
		"unread": {http.StatusForbidden, "<Error><Code>AccessDenied</Code></Error>", "whether the buckets' tags are what they were is not known"},
		"other":  {http.StatusOK, "<Tagging><TagSet><Tag><Key>team</Key><Value>blue</Value></Tag></TagSet></Tagging>", "the tags of a bucket are not what they were"},
	} {
		t.Run(name, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				l := newLab(t, sandbox.Options{Seed: 3})
				var before atomic.Bool // the drill has not changed anything yet
				before.Store(true)
				l.wire.meddles(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
					if !before.Load() || r.Method != http.MethodGet || !r.URL.Query().Has("tagging") || !strings.HasSuffix(strings.Trim(r.URL.Path, "/"), testPair.A.Bucket) {
						return next.RoundTrip(r)
					}
					return &http.Response{StatusCode: one.status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(one.body)), Request: r}, nil
				})
				result, _ := drill.Run(t.Context(), l.paused(l.pauseScope()), func(e pair.Event) {
					l.emit(e)
					if c, is := e.(record.Change); is && c.State == record.Baseline {
						before.Store(false)
					}
				})
				if why := strings.Join(result.Why, "; "); result.Undo != record.Incomplete || !strings.Contains(why, one.says) {
					t.Errorf("undo is %s: %s", result.Undo, why)
				}
			})
		})
	}
}
