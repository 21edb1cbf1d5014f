package audit_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/audit"
)

// stride is from one of the requests at which an audit is killed to the next: to
// bring rows to a disk takes its time.
const stride = 4

// killer ends a process at one of its requests: nothing of it reaches the disk
// after that.
type killer struct {
	mu   sync.Mutex
	at   int // the request; 0: none
	seen int
	dead chan struct{}
	end  context.CancelFunc
}

func (k *killer) before(*http.Request) (int, string) {
	time.Sleep(40 * time.Millisecond)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.seen++; k.seen == k.at {
		close(k.dead)
		k.end()
	}
	return 0, ""
}

// arm has the next process end at one of its requests.
func (k *killer) arm(t *testing.T, at int) context.Context {
	ctx, end := context.WithCancel(t.Context())
	k.mu.Lock()
	defer k.mu.Unlock()
	k.at, k.seen, k.dead, k.end = at, 0, make(chan struct{}), end
	return ctx
}

// killed says whether the process came to that request.
func (k *killer) killed() bool {
	select {
	case <-k.dead:
		return true
	default:
		return false
	}
}

// tear leaves behind what a process leaves that dies while it writes.
func tear(t *testing.T, path string) {
	t.Helper()
	for _, name := range []string{path, audit.RowsOf(path)} {
		file, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
		if os.IsNotExist(err) {
			continue
		}
		if err == nil {
			_, err = file.WriteString(`{"event":"audit_checkpoint","from":"`)
		}
		if err == nil {
			err = file.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnAuditThatIsKilledAtAnyRequestGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelves()
		s.most = 20
		truth := plant(rand.New(rand.NewPCG(3, 3)), s, 300)
		k := &killer{}
		s.before = k.before
		for at := 1; ; at += stride {
			path := filepath.Join(t.TempDir(), "run.ndjson")
			ctx := k.arm(t, at)
			err := process(ctx, t, audit.Config{World: s.world()}, path, k.dead)
			if err == nil && !k.killed() {
				t.Logf("%d requests", k.seen)
				truth.check(t, path)
				return
			}
			tear(t, path)
			if err := process(k.arm(t, 0), t, audit.Config{World: s.world()}, path, k.dead); err != nil {
				t.Fatalf("killed at request %d: %v", at, err)
			}
			truth.check(t, path)
			if t.Failed() {
				t.Fatalf("killed at request %d", at)
			}
		}
	})
}

func TestAnAuditThatIsKilledAgainAndAgainComesToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelves()
		s.most = 20
		r := rand.New(rand.NewPCG(4, 4))
		truth := plant(r, s, 1_000)
		k := &killer{}
		s.before = k.before
		path := filepath.Join(t.TempDir(), "run.ndjson")
		for kills := 0; ; kills++ {
			if kills == 300 {
				t.Fatal("it does not come to its end")
			}
			if err := process(k.arm(t, 60+r.IntN(200)), t, audit.Config{World: s.world(), Workers: 1 + r.IntN(16), Grace: 50 * time.Millisecond}, path, k.dead); err == nil && !k.killed() {
				t.Logf("killed %d times", kills)
				break
			}
			tear(t, path)
		}
		truth.check(t, path)
	})
}
