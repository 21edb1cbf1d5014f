package session_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/probe/polling"
	"bothways/probe/stats"
	"bothways/probe/watch"
)

func TestAProbeIsRecordedAndSummedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.setUp(s)
		p := w.probing(s, func(asked *session.Measurement) { asked.Config.Target = asked.Config.Limit })
		if p.Measured() != nil {
			t.Error("something was measured before it began")
		}
		var f face
		if err := p.Run(t.Context(), f.emit); err != nil {
			t.Fatal(err)
		}
		if samples, summaries := f.named("sample"), f.named("summary"); len(samples) != 8 || len(summaries) != 6 || len(f.named("estimate")) != 1 {
			t.Errorf("%d samples, %d summaries, %d estimates", len(samples), len(summaries), len(f.named("estimate")))
		}
		if targets := f.named("target"); len(targets) != 6 || !strings.Contains(w.journal(&f), `"target_ms":`) {
			t.Errorf("%d targets in\n%s", len(targets), w.journal(&f))
		}
		if n := p.Measured().Direction(pair.AtoB).N; n != 4 {
			t.Errorf("A to B has %d samples, want each once", n)
		}
		text := w.journal(&f)
		for _, want := range []string{`"command":"probe"`, `"event":"estimate"`, `"run_id":"` + f.recording().RunID + `"`, `"event":"summary"`} {
			if !strings.Contains(text, want) {
				t.Errorf("the journal lacks %s:\n%s", want, text)
			}
		}
	})
}

func TestAPairThatIsMeasuredIsNotChanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		one, other := w.process(), w.process()
		w.setUp(one)
		removal := w.survey(other).TearDown(false)
		measuring := make(chan struct{})
		var once sync.Once
		f := face{on: func(e pair.Event) {
			if _, posted := e.(probe.PostedEvent); posted {
				once.Do(func() { close(measuring) })
			}
		}}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ended := make(chan error)
		go func() {
			ended <- w.probing(one, func(m *session.Measurement) { m.Config.Rounds = 0 }).Run(ctx, f.emit)
		}()
		<-measuring
		var second face
		err := other.Apply(t.Context(), w.access, removal, second.emit)
		if _, probing := errors.AsType[*session.ProbingError](err); !probing {
			t.Errorf("a removal meanwhile ends with %v", err)
		}
		w.nothing(&second, 2)
		plans := w.survey(other)
		if undisturbed(plans.TearDown(false)) || !undisturbed(plans.SetUp) { // which changes nothing
			t.Error("a plan meanwhile says of the probe something else than it should")
		}
		if !undisturbed(w.survey(one).TearDown(false)) {
			t.Error("its own probe is in its way")
		}
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the probe ends with %v", err)
		}
		if err := other.Apply(t.Context(), w.access, removal, (&face{}).emit); err != nil {
			t.Errorf("after its end: %v", err)
		}
	})
}

// From the moment that a probe has looked whether somebody changes the pair,
// nobody can begin to.
func TestAPairIsNotChangedBeforeItsProbeHasBegunToMeasure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		one, other := w.process(), w.process()
		w.setUp(one)
		removal := w.survey(other).TearDown(false)
		run := w.probing(one, nil)
		atWork, goOn := make(chan struct{}), make(chan struct{})
		var held atomic.Bool
		w.before = func(*http.Request) {
			if held.CompareAndSwap(false, true) { // the probe's first request, before it measures
				close(atWork)
				<-goOn
			}
		}
		ended := make(chan error)
		go func() { ended <- run.Run(t.Context(), (&face{}).emit) }()
		<-atWork
		err := other.Apply(t.Context(), w.access, removal, (&face{}).emit)
		if _, probing := errors.AsType[*session.ProbingError](err); !probing {
			t.Errorf("a removal meanwhile ends with %v", err)
		}
		close(goOn)
		if err := <-ended; err != nil {
			t.Errorf("the probe ends with %v", err)
		}
		if err := other.Apply(t.Context(), w.access, removal, (&face{}).emit); err != nil {
			t.Errorf("after its end: %v", err)
		}
	})
}

func TestAProbeThatIsRefusedHasNoSummary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.setUp(s)
		if err := s.Apply(t.Context(), w.access, w.survey(s).TearDown(false), (&face{}).emit); err != nil {
			t.Fatal(err)
		}
		var f face
		p := w.probing(s, nil)
		if err := p.Run(t.Context(), f.emit); !errors.Is(err, probe.ErrNotSetUp) {
			t.Errorf("it ends with %v", err)
		}
		if p.Measured() != nil || len(f.named("summary")) > 0 || strings.Contains(w.journal(&f), `"event":"summary"`) {
			t.Errorf("it is summed up: %v", f.all)
		}
	})
}

func TestAnInterruptedProbeIsSummedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.setUp(s)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var f face
		f.on = func(e pair.Event) {
			if _, sample := e.(probe.Sample); sample {
				cancel()
			}
		}
		p := w.probing(s, func(m *session.Measurement) { m.Config.Rounds = 0 })
		if err := p.Run(ctx, f.emit); !errors.Is(err, context.Canceled) {
			t.Errorf("it ends with %v", err)
		}
		if text := w.journal(&f); !strings.Contains(text, `"event":"summary"`) || !strings.Contains(text, `"event":"cleaned"`) {
			t.Errorf("the journal:\n%s", text)
		}
	})
}

func TestAPrivateSandboxIsSetUpFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.access.Sandbox = true
		var f face
		if err := w.probing(w.process(), func(m *session.Measurement) { m.SetUp = true }).Run(t.Context(), f.emit); err != nil {
			t.Fatal(err)
		}
		if steps, samples := f.named("step"), f.named("sample"); len(steps) == 0 || len(samples) != 8 {
			t.Errorf("%d step events, %d samples", len(steps), len(samples))
		}
		if all := w.journals(); len(all) != 1 || !strings.Contains(all[0], `"event":"step"`) {
			t.Errorf("%d journals", len(all))
		}
	})
}

func TestALongRunSaysHowItStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.setUp(s)
		var f face
		p := w.probing(s, func(m *session.Measurement) {
			m.Config.Rounds, m.Config.For, m.Progress = 0, time.Minute, 10*time.Second
		})
		if err := p.Run(t.Context(), f.emit); err != nil {
			t.Fatal(err)
		}
		if told := f.named("progress"); len(told) < 10 || !strings.Contains(w.journal(&f), `"event":"progress"`) {
			t.Errorf("it is said %d times how it stands", len(told))
		}
	})
}

func TestWhatCannotBeMeasuredIsRefusedBeforeAnythingIsDone(t *testing.T) {
	w := &world{T: t, home: t.TempDir()}
	same := testPair
	same.B = same.A
	asked := session.Measurement{Config: probe.Config{
		RunID: "check", Pair: same, Sizes: []int64{1024}, Rounds: 1, Every: time.Second, Limit: time.Minute, Pace: polling.Normal,
	}}
	_, err := w.process().Probe(t.Context(), w.access, asked)
	if _, invalid := errors.AsType[*session.InvalidError](err); !invalid {
		t.Errorf("it ends with %v", err)
	}
	// In two stores they are two buckets.
	w.access.Endpoint, w.access.Other = "http://one.invalid", &account.Access{Endpoint: "http://two.invalid"}
	if _, err := w.process().Probe(t.Context(), w.access, asked); err != nil {
		t.Errorf("between two stores: %v", err)
	}
	w.nothing(&face{}, 0)
}

func TestOnlyAnExaminationThatWritesKeepsAJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.setUp(s)
		for canaries, journals := range map[bool]int{false: 0, true: 1} {
			before := len(w.journals())
			var f face
			found, err := s.Examine(t.Context(), w.access, testPair, doctor.ExamineOptions{Canaries: canaries}, f.emit)
			if err != nil || !found.Healthy() || len(f.named("health")) != 2 {
				t.Errorf("with canaries %t: %v, %v", canaries, err, f.all)
			}
			if n := len(w.journals()) - before; n != journals {
				t.Errorf("with canaries %t it leaves %d journals", canaries, n)
			}
		}
	})
}

func TestARunOfRoundsSaysMeanwhileHowItStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.setUp(s)
		for rounds, want := range map[int]int{1: 0, 3: 2, 12: 5, 25: 4} {
			var f face
			p := w.probing(s, func(m *session.Measurement) { m.Config.Rounds, m.Progress = rounds, time.Minute })
			if err := p.Run(t.Context(), f.emit); err != nil {
				t.Fatal(err)
			}
			said := f.named("standing")
			if len(said) != want {
				t.Errorf("%d rounds: it says %d times how it stands, want %d", rounds, len(said), want)
			}
			for _, e := range said {
				standing := e.(watch.StandingEvent)
				if standing.Verdict.Interval != "anytime" || standing.Of != rounds || standing.Rounds >= rounds || standing.Verdict.About != stats.AboutDirections {
					t.Errorf("%+v", standing)
				}
			}
		}
		var f face
		if err := w.probing(s, func(m *session.Measurement) { m.Config.Rounds, m.Progress = 6, 0 }).Run(t.Context(), f.emit); err != nil || len(f.named("standing")) > 0 {
			t.Errorf("it says how it stands although nobody wants that: %v", err)
		}
	})
}
