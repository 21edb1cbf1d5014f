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

	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/session"
)

func TestAnIntentIsInTheJournalBeforeItIsShownAndBeforeItsCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		plan := w.survey(s).SetUp
		var f face
		f.on = func(e pair.Event) {
			line, err := pair.EncodeEvent(e)
			if err != nil {
				t.Error(err)
			}
			if _, step := e.(step.Event); step && !strings.Contains(w.journal(&f), string(line)) {
				t.Errorf("shown before it was recorded: %s", line)
			}
		}
		w.before = func(r *http.Request) {
			if r.Method == http.MethodPut && !strings.Contains(w.journal(&f), `"status":"running"`) {
				t.Errorf("%s %s goes out before its intent is recorded", r.Method, r.URL)
			}
		}
		if err := s.Apply(t.Context(), w.access, plan, f.emit); err != nil {
			t.Fatal(err)
		}
		text := w.journal(&f)
		for _, want := range []string{`"event":"run"`, `"command":"apply"`, "Measured against http://sandbox.invalid, not against AWS", `"event":"apply"`, `"purpose":"set up"`, testPair.A.Bucket, testPair.B.Bucket} {
			if !strings.Contains(text, want) {
				t.Errorf("the journal lacks %s:\n%s", want, text)
			}
		}
		if first := f.all[0]; first.EventName() != "recording" || len(f.named("apply")) > 0 {
			t.Errorf("shown first is %v, and the plan %d times", first, len(f.named("apply")))
		}
		if err := s.Apply(t.Context(), w.access, w.survey(s).TearDown(true), f.emit); err != nil {
			t.Fatal(err)
		}
		text = w.journal(&f)
		for _, want := range []string{`"command":"destroy"`, `"purpose":"tear down"`, testPair.A.Bucket, testPair.B.Bucket} {
			if !strings.Contains(text, want) {
				t.Errorf("the journal of the tear-down lacks %s:\n%s", want, text)
			}
		}
	})
}

func TestALockThatIsHeldLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		one, other := w.process(), w.process()
		plan := w.survey(one).SetUp
		atWork, goOn := make(chan struct{}), make(chan struct{})
		var held atomic.Bool
		w.before = func(r *http.Request) {
			if r.Method == http.MethodPut && held.CompareAndSwap(false, true) {
				close(atWork)
				<-goOn
			}
		}
		ended := make(chan error)
		go func() { ended <- one.Apply(t.Context(), w.access, plan, (&face{}).emit) }()
		<-atWork
		var second face
		err := other.Apply(t.Context(), w.access, plan, second.emit)
		if _, refused := errors.AsType[*journal.HeldError](err); !refused {
			t.Errorf("the second ends with %v", err)
		}
		w.nothing(&second, 1)
		err = w.probing(other, nil).Run(t.Context(), second.emit)
		if _, changing := errors.AsType[*session.ChangingError](err); !changing {
			t.Errorf("a probe meanwhile ends with %v", err)
		}
		w.nothing(&second, 1)
		if plans := w.survey(other); undisturbed(plans.SetUp) || undisturbed(plans.TearDown(false)) || undisturbed(plans.Undo(plan, nil)) {
			t.Error("a plan meanwhile does not say that somebody is at work")
		}
		close(goOn)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if err := other.Apply(t.Context(), w.access, w.survey(other).SetUp, (&face{}).emit); err != nil {
			t.Errorf("after its end: %v", err)
		}
	})
}

func TestAPlanWithABlockerLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		plan := w.survey(w.process()).SetUp
		plan.Block("something stands in the way", "Take it away.")
		var f face
		if err := w.process().Apply(t.Context(), w.access, plan, f.emit); err == nil || !strings.Contains(err.Error(), "something stands in the way") {
			t.Errorf("it ends with %v", err)
		}
		w.nothing(&f, 0)
		if _, err := os.Stat(filepath.Join(w.home, "locks")); err == nil {
			t.Error("it took the lock")
		}
	})
}

// A plan says what it passes over in the folder of runs, and goes on without it.
func TestAPlanNamesWhatIsNoFileAmongTheRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		if err := os.MkdirAll(filepath.Join(w.runs(), "20261122-101500-abcd.ndjson"), 0o700); err != nil {
			t.Fatal(err)
		}
		plan := w.survey(w.process()).SetUp
		said := ""
		for _, f := range plan.Findings {
			said += f.Title + "\n"
		}
		if !strings.Contains(said, "20261122-101500-abcd.ndjson is a folder") || len(plan.Blocked()) > 0 {
			t.Errorf("it says %q", said)
		}
		var f face
		if err := w.process().Apply(t.Context(), w.access, plan, f.emit); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(filepath.Join(w.home, "locks")); err != nil || len(left) > 0 {
			t.Errorf("of its locks stay %v, %v", left, err)
		}
	})
}

func TestWithoutAFolderARunGoesOnAndSaysSoOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.home = filepath.Join(w.home, "file")
		if err := os.WriteFile(w.home, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		for _, s := range []*session.Session{w.process(), session.New("test", "")} {
			var f face
			if err := s.Apply(t.Context(), w.access, w.survey(s).SetUp, f.emit); err != nil {
				t.Fatal(err)
			}
			told, notes := f.named("recording"), f.named("lock")
			if len(told) != 1 || f.recording().Err == nil || f.recording().Path != "" {
				t.Errorf("of the journal it says %v", told)
			}
			if len(notes) != 1 || !strings.Contains(notes[0].(session.LockNote).String(), "nothing keeps a second bothways") {
				t.Errorf("of the lock it says %v", notes)
			}
		}
	})
}

func TestAnInterruptedRunLetsGoAndIsRecalledByNobodyAsUnfinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var f face
		f.on = func(e pair.Event) {
			if st, is := e.(step.Event); is && st.Status == step.Done {
				cancel()
			}
		}
		plan := w.survey(s).SetUp
		if err := s.Apply(ctx, w.access, plan, f.emit); !errors.Is(err, context.Canceled) {
			t.Errorf("it ends with %v", err)
		}
		if text := w.journal(&f); !strings.Contains(text, `"status":"cancelled"`) {
			t.Errorf("the journal:\n%s", text)
		}
		for _, finding := range w.survey(s).SetUp.Findings {
			if strings.Contains(finding.Title, "without an outcome") {
				t.Errorf("the next plan says %s", finding.Title)
			}
		}
		w.setUp(w.process()) // nobody holds the lock
	})
}

func TestAPanicOfAnEngineReachesTheCallerAndLetsGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		plan := w.survey(s).SetUp
		w.before = func(r *http.Request) {
			if r.Method == http.MethodPut {
				panic("planted")
			}
		}
		var f face
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = s.Apply(t.Context(), w.access, plan, f.emit) // it panics
		}()
		if journal.Writing(f.recording().Path) {
			t.Error("the journal is still open")
		}
		w.before = nil
		w.setUp(w.process())
	})
}

func TestAPrivateSandboxHasNoLockAndNoPast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.access.Sandbox = true
		s := w.process()
		w.setUp(s)
		if _, err := os.Stat(filepath.Join(w.home, "locks")); err == nil {
			t.Error("there is a lock")
		}
		others, err := journal.Acquire(filepath.Join(w.home, "locks"), testPair.ID()+"-000000000000", "destroy")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = others.Release() }()
		if plan := w.survey(s).SetUp; !undisturbed(plan) {
			t.Errorf("others are in the way: %v", plan.Findings)
		}
		if err := w.probing(s, nil).Run(t.Context(), (&face{}).emit); err != nil {
			t.Errorf("a probe in it ends with %v", err)
		}
		if all := w.journals(); len(all) != 2 || !strings.Contains(all[0], "simulated distances") {
			t.Errorf("the journals:\n%s", all)
		}
	})
}
