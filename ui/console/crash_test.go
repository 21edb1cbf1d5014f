package console

import (
	"context"
	"errors"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/session"
)

// crashing is a console in which something panics.
func crashing(t *testing.T, arrange func(cfg *Config, do *engines)) *terminal {
	t.Helper()
	p := demoPair()
	do := *inert()
	do.identify = func(context.Context, account.Access, string) (account.Identity, error) {
		return account.Identity{Account: "000000000000"}, nil
	}
	do.survey = func(context.Context, account.Access, pair.Pair, pair.Consent) (session.Plans, error) {
		return *demoSurvey(p), nil
	}
	cfg := Config{
		Pair: &p, engines: &do,
		OpenSandbox: func(context.Context) (account.Access, error) { return sandboxAccess(), nil },
	}
	arrange(&cfg, &do)
	return open(t, cfg, 80, 24)
}

func (x *terminal) expectCrash(where string) {
	x.t.Helper()
	x.end()
	crash, ok := errors.AsType[*CrashError](x.err)
	if !ok || crash.Value != "planted" || !strings.Contains(crash.Where, where) {
		x.t.Fatalf("the console ended with %v", x.err)
	}
	if !strings.Contains(crash.Stack, "crash_test.go") {
		x.t.Errorf("the stack does not lead to the panic:\n%s", crash.Stack)
	}
	if x.screen.IsAltScreen() {
		x.t.Error("the terminal was left in the alternate screen")
	}
}

func TestAPanicInAnEngineRestoresTheTerminal(t *testing.T) {
	x := crashing(t, func(_ *Config, do *engines) {
		do.apply = func(context.Context, account.Access, plan.Plan, pair.Emit) error { panic("planted") }
	})
	x.wait("▸ Sandbox")
	x.Press(enter)
	x.wait("Bucket in eu-west-1")
	x.Press(enter)
	x.wait("Bucket in ap-southeast-1")
	x.Press(enter)
	x.wait("What replicates")
	x.Press(enter)
	x.wait("Apply these 10 changes?")
	x.Press("y")
	x.expectCrash("applying the plan")
}

func TestAPanicInACommandRestoresTheTerminal(t *testing.T) {
	x := crashing(t, func(_ *Config, do *engines) {
		do.identify = func(context.Context, account.Access, string) (account.Identity, error) { panic("planted") }
	})
	x.wait("▸ Sandbox")
	x.Press(enter)
	x.expectCrash("opening")
}

func TestAPanicInUpdateRestoresTheTerminal(t *testing.T) {
	x := crashing(t, func(_ *Config, do *engines) {
		do.survey = func(context.Context, account.Access, pair.Pair, pair.Consent) (session.Plans, error) {
			return session.Plans{}, unreadableError{}
		}
	})
	x.wait("▸ Sandbox")
	x.Press(enter)
	x.wait("Bucket in eu-west-1")
	x.Press(enter)
	x.wait("Bucket in ap-southeast-1")
	x.Press(enter)
	x.wait("What replicates")
	x.Press(enter)
	x.expectCrash("handling a message")
}

// unreadableError is an error whose words can't be had.
type unreadableError struct{}

func (unreadableError) Error() string { panic("planted") }

func TestAPanicInViewEndsTheConsoleWithTheCrash(t *testing.T) {
	a := sceneNamed(t, "probe")
	ended := false
	a.abort = func() { ended = true }
	a.screens[atProbe] = panicsWhenDrawn{a.probe}
	a.dirty = true
	a.View()
	if a.crash == nil || !ended {
		t.Error("View's panic was lost")
	}
}

type panicsWhenDrawn struct{ *probeScreen }

func (panicsWhenDrawn) Draw(int, int) []string { panic("planted") }

func TestAnEndingContextRestoresTheTerminal(t *testing.T) {
	x := crashing(t, func(*Config, *engines) {})
	x.wait("▸ Sandbox")
	x.cancel()
	x.end()
	if !errors.Is(x.err, context.Canceled) || x.screen.IsAltScreen() {
		t.Errorf("ended with %v, alternate screen %v", x.err, x.screen.IsAltScreen())
	}
}

func TestAProbeThatCannotStartSaysWhy(t *testing.T) {
	x := crashing(t, func(_ *Config, do *engines) {
		do.survey = func(context.Context, account.Access, pair.Pair, pair.Consent) (session.Plans, error) {
			found := demoSurvey(demoPair())
			for i := range found.SetUp.Steps {
				found.SetUp.Steps[i].Change = step.Nothing
			}
			return *found, nil
		}
		do.probe = func(context.Context, account.Access, session.Measurement) (prober, error) {
			return nil, errors.New("side B cannot be listed")
		}
	})
	x.wait("▸ Sandbox")
	x.Press(enter)
	x.wait("Bucket in eu-west-1")
	x.Press(enter)
	x.wait("Bucket in ap-southeast-1")
	x.Press(enter)
	x.wait("What replicates")
	x.Press(enter)
	x.wait("Nothing to change")
	x.Press(enter)
	x.wait("What to measure")
	x.Press(enter)
	x.wait("✗ The measurement did not start.", "side B cannot be listed")
	x.Press("q")
	x.end()
	if x.err != nil {
		t.Error(x.err)
	}
}
