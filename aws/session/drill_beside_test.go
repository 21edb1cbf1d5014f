package session_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/drill"
	"bothways/aws/drill/opened"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/session"
)

// killedCut is the journal of a cut that was killed once it was armed: AWS has no
// mark of it.
func (w *world) killedCut() {
	w.Helper()
	lines := `{"event":"run","schema":1,"run_id":"20000101-000000-left","command":"drill","started_at":"2000-01-01T00:00:00Z"}` + "\n" +
		`{"event":"drill","drill":"20000101-000000-left","kind":"cut","pair":` + pairJSON(w.T) + "}\n" +
		`{"event":"drill_state","drill":"20000101-000000-left","state":"armed","reached":true,"at":"2000-01-01T00:01:00Z"}` + "\n"
	if err := errors.Join(os.MkdirAll(w.runs(), 0o700), os.WriteFile(filepath.Join(w.runs(), "20000101-000000-left.ndjson"), []byte(lines), 0o600)); err != nil {
		w.Fatal(err)
	}
}

// While a drill of a pair is open, no other one begins, of whatever kind: nothing is
// written, no lock is kept, and the undo goes on at once.
func TestNoDrillBeginsWhileAnotherOneIsOpen(t *testing.T) {
	for what, leave := range map[string]func(*world){
		"by its marks alone":                  func(w *world) { w.leave(false) },
		"with its journal":                    func(w *world) { w.leave(true) },
		"a pause that is over, but left more": func(w *world) { w.leave(false); time.Sleep(time.Hour) }, // virtual
		"a cut, by its journal":               (*world).killedCut,
		"a cut that died while others looked": func(w *world) {
			var once atomic.Bool
			w.before = func(r *http.Request) {
				if r.Method == http.MethodGet && strings.Contains(r.URL.RawQuery, "tagging") && !once.Swap(true) {
					w.killedCut()
				}
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s := w.process()
				w.setUp(s)
				leave(w)
				runs := len(w.journals())
				ends := w.before
				for _, kind := range record.Kinds() {
					var writes atomic.Int32
					w.before = func(r *http.Request) {
						if ends != nil {
							ends(r)
						}
						if r.Method == http.MethodPut || r.Method == http.MethodDelete {
							writes.Add(1)
						}
					}
					scope := record.Scope{
						Kind: kind, Pair: testPair, Lost: pair.A, Outage: record.Refused, Box: record.UsualBox, Every: time.Second, Least: record.UsualLeast, Drain: time.Hour, Anyway: true,
					}
					var seen face
					began := time.Now()
					_, err := s.Drill(t.Context(), w.access, session.DrillOptions{Scope: scope, Confirm: func(context.Context, drill.Radius) error {
						t.Errorf("%s: it is asked for an agreement", kind)
						return drill.ErrUnconfirmed
					}}, seen.emit)
					stands, open := errors.AsType[*opened.StandsError](err)
					if !open || stands.Open.Drill != "20000101-000000-left" || !strings.Contains(err.Error(), "bothways drill undo") {
						t.Fatalf("%s: got %v", kind, err)
					}
					if took := time.Since(began); writes.Load() > 0 || took > 10*time.Second {
						t.Errorf("%s: %d writes, it took %s", kind, writes.Load(), took)
					}
					if told := seen.named(opened.Open{}.EventName()); len(told) != 1 || len(seen.named(record.Scope{}.EventName())) > 0 {
						t.Errorf("%s: told of %d open drills, then of more", kind, len(told))
					}
				}
				w.before = nil
				if more := len(w.journals()) - runs; more > 1 { // the one that dies meanwhile
					t.Errorf("%d journals were begun", more)
				}
				undo, err := s.UndoDrill(t.Context(), w.access, testPair)
				if err != nil {
					t.Fatal(err)
				}
				_ = undo.Run(t.Context(), (&face{}).emit) // the journal's configuration is of another
				if open := s.Opened(t.Context(), w.access, testPair); len(open) > 0 {
					t.Errorf("after the undo: %+v", open)
				}
			})
		})
	}
}
