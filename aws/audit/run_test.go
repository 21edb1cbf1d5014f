package audit_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// log keeps what an audit emits.
type log struct {
	mu  sync.Mutex
	all []pair.Event
	on  func(pair.Event)
}

func (l *log) emit(e pair.Event) {
	l.mu.Lock()
	l.all = append(l.all, e)
	l.mu.Unlock()
	if l.on != nil {
		l.on(e)
	}
}

// differences are those that were found, as text, sorted.
func (l *log) differences() []string {
	var all []string
	for _, e := range l.all {
		if d, ok := e.(difference.Difference); ok {
			all = append(all, describe(d.Candidate))
		}
	}
	slices.Sort(all)
	return all
}

func describe(c difference.Candidate) string {
	return fmt.Sprintf("%s %s %q %s", c.Kind, c.Entry().VersionID, c.Key, c.Only())
}

func old(n int) time.Time {
	return time.Now().Add(-time.Hour - time.Duration(n)*time.Second).Truncate(time.Second)
}

func version(key, id, content string, latest bool) kept {
	return kept{key, difference.Entry{VersionID: id, Latest: latest, Modified: old(0), ETag: content, Size: int64(len(content))}}
}

func TestDifferencesAreFoundAndTheRestIsTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelves()
		s.most = 3
		for i := range 20 {
			key := fmt.Sprintf("k%02d", i)
			s.put(pair.A, version(key, "v1", "x", true))
			s.put(pair.B, version(key, "v1", "x", true))
		}
		s.put(pair.A, version("k05a", "only", "x", true))
		s.put(pair.B, version("k07", "old", "x", false))
		var l log
		result, err := audit.Run(t.Context(), audit.Config{World: s.world(), Rows: filepath.Join(t.TempDir(), "rows")}, l.emit)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{`one side old "k07" B`, `one side only "k05a" A`}
		if got := l.differences(); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
		if same := result.Tally.Verdicts[difference.Same].Versions; same != 20 || !result.Complete {
			t.Errorf("%+v", result)
		}
	})
}

func TestASideThatIsAwayForTooLongEndsTheAuditAndItGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelves()
		s.put(pair.A, version("a", "v", "x", true))
		lists := 0
		world := s.world()
		s.before = before(&lists, 2)
		var l log
		_, err := audit.Run(t.Context(), audit.Config{World: world}, l.emit)
		if _, away := errors.AsType[*audit.OutageError](err); !away {
			t.Fatalf("got %v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := audit.Run(ctx, audit.Config{World: world}, l.emit); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}
