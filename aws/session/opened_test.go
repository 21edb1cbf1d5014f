package session_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/drill/pause"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
)

// leave begins a pause and ends as a kill would. The journal of the drill is this
// computer's only where kept.
func (w *world) leave(kept bool) record.Scope {
	w.Helper()
	world := survey.World{Pair: testPair}
	var err error
	if world.A, err = w.access.Open(w.Context(), testPair.A.Region); err != nil {
		w.Fatal(err)
	}
	if world.B, err = w.access.Open(w.Context(), testPair.B.Region); err != nil {
		w.Fatal(err)
	}
	scope := record.Scope{Drill: "20000101-000000-left", Kind: record.Pause, Pair: testPair, Box: 15 * time.Minute, Callers: map[pair.SideName]string{pair.A: "arn:aws:iam::000000000000:user/someone"}}
	if err := pause.New(world, scope).Begin(w.Context(), func(pair.Event) {}); err != nil {
		w.Fatal(err)
	}
	if kept {
		lines := `{"event":"run","schema":1,"run_id":"20000101-000000-left","command":"drill","started_at":"2000-01-01T00:00:00Z"}` + "\n" +
			`{"event":"drill","drill":"20000101-000000-left","kind":"pause","pair":` + pairJSON(w.T) + "}\n" +
			`{"event":"drill_configuration","side":"A","moment":"before","sha256":"of another"}` + "\n" +
			`{"event":"drill_state","drill":"20000101-000000-left","state":"armed","reached":true,"at":"2000-01-01T00:01:00Z"}` + "\n"
		if err := os.MkdirAll(w.runs(), 0o700); err != nil {
			w.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(w.runs(), "20000101-000000-left.ndjson"), []byte(lines), 0o600); err != nil {
			w.Fatal(err)
		}
	}
	return scope
}

// A drill that was left open is named by everything that is done with the pair,
// and its undo leaves nothing to be named.
func TestADrillLeftOpenIsNamedUntilItIsUndone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.setUp(s)
		if open := s.Opened(t.Context(), w.access, testPair); len(open) > 0 {
			t.Errorf("before any drill: %+v", open)
		}
		w.leave(false)
		open := s.Opened(t.Context(), w.access, testPair)
		if len(open) != 1 || !open[0].Pauses || open[0].Until.IsZero() || !strings.Contains(open[0].Words(), "user/someone") {
			t.Fatalf("got %+v", open)
		}
		plans := w.survey(s)
		if len(plans.SetUp.Blocked()) != 1 {
			t.Errorf("a set-up has the findings %+v", plans.SetUp.Findings)
		}
		if steps := plans.CleanUp().Steps; strings.Contains(string(steps[0].Kind), "drill") {
			t.Errorf("a clean-up would end a drill that pauses: %s", steps[0].ID)
		}
		found, err := s.Examine(t.Context(), w.access, testPair, doctor.ExamineOptions{}, (&face{}).emit)
		if err != nil || found.Healthy() || found.Troubles[0].Cause != doctor.CauseDrill {
			t.Errorf("the doctor says %+v, %v", found.Troubles, err)
		}
		undo, err := s.UndoDrill(t.Context(), w.access, testPair)
		if err != nil {
			t.Fatal(err)
		}
		var seen face
		if err := undo.Run(t.Context(), seen.emit); err != nil {
			t.Fatal(err)
		}
		if calls := seen.named(record.Call{}.EventName()); len(calls) < 2*5*2 {
			t.Errorf("%d calls are told, want those of 5 changes a side, before and after", len(calls))
		}
		if open := s.Opened(t.Context(), w.access, testPair); len(open) > 0 {
			t.Errorf("after its undo: %+v", open)
		}
		if again, err := s.UndoDrill(t.Context(), w.access, testPair); err != nil || len(again.Plan().Steps) > 0 {
			t.Errorf("undone again: %+v, %v", again, err)
		}
	})
}

// With its journal, an undo holds the configurations against what they were.
func TestAnUndoSaysWhatIsNotAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.setUp(s)
		w.leave(true)
		time.Sleep(time.Hour) // virtual; the pause ends by itself
		open := s.Opened(t.Context(), w.access, testPair)
		if len(open) != 1 || open[0].Pauses || open[0].Journal == "" || len(open[0].Stands) == 0 {
			t.Fatalf("got %+v", open)
		}
		undo, err := s.UndoDrill(t.Context(), w.access, testPair)
		if err != nil {
			t.Fatal(err)
		}
		if err := undo.Run(t.Context(), (&face{}).emit); err == nil || !strings.Contains(err.Error(), "side A") || strings.Contains(err.Error(), "side B") {
			t.Errorf("got %v", err)
		}
		if open := s.Opened(t.Context(), w.access, testPair); len(open) > 0 {
			t.Errorf("after its undo: %+v", open)
		}
	})
}

// A removal of the pair removes what a drill left, too.
func TestDestroyAndCleanTakeADrillsLeftoversAway(t *testing.T) {
	for _, name := range []string{"destroy", "clean"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s := w.process()
				w.setUp(s)
				w.leave(true)
				time.Sleep(time.Hour) // virtual; the pause ends by itself
				proposed := w.survey(s).CleanUp()
				if name == "destroy" {
					proposed = w.survey(s).TearDown(true)
				}
				if err := s.Apply(t.Context(), w.access, proposed, (&face{}).emit); err != nil {
					t.Fatal(err)
				}
				if open := s.Opened(t.Context(), w.access, testPair); len(open) > 0 {
					t.Errorf("%+v is open", open)
				}
			})
		})
	}
}

// Nobody waits for what can't be read.
func TestOpenDrillsHoldNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.setUp(s)
		w.leave(true)
		slow := time.Minute
		w.before = func(*http.Request) { time.Sleep(slow) } // virtual
		began := time.Now()
		open := s.Opened(t.Context(), w.access, testPair)
		if took := time.Since(began); took > 3*time.Second || len(open) != 1 || open[0].Kind != record.Pause {
			t.Errorf("after %s: %+v", took, open)
		}
		time.Sleep(time.Hour)
	})
}

func pairJSON(t *testing.T) string {
	t.Helper()
	text, err := json.Marshal(testPair)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Of a cut that was killed AWS has nothing but canaries. With its journal lost the
// undo names them by their run, and takes them away.
func TestAnUndoNamesAndRemovesTheCanariesOfADrillThatNothingTellsOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.setUp(s)
		client, err := w.access.Open(t.Context(), testPair.A.Region)
		if err != nil {
			t.Fatal(err)
		}
		key := testPair.ProbeKey("20000101-000000-left", "00ff", 1, "ABCDEFGH")
		if _, err := client.S3.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: &testPair.A.Bucket, Key: &key, Body: strings.NewReader("c"), Metadata: map[string]string{pair.MetadataKey: testPair.ID()},
		}); err != nil {
			t.Fatal(err)
		}
		undo, err := s.UndoDrill(t.Context(), w.access, testPair)
		if err != nil {
			t.Fatal(err)
		}
		if found := undo.Plan().Findings; len(undo.Opens()) > 0 || len(found) != 1 || !strings.Contains(found[0].Title, "1 version lies under") || !strings.Contains(found[0].Title, "20000101-000000-left") {
			t.Errorf("open: %v; findings: %v", undo.Opens(), found)
		}
		if err := undo.Run(t.Context(), (&face{}).emit); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour) // virtual
		if left, err := s.LeftOver(t.Context(), w.access, testPair); err != nil || len(left) > 0 {
			t.Errorf("%v is left, %v", left, err)
		}
		if again, err := s.UndoDrill(t.Context(), w.access, testPair); err != nil || len(again.Plan().Steps)+len(again.Plan().Findings) > 0 {
			t.Errorf("undone again: %+v, %v", again.Plan(), err)
		}
	})
}
