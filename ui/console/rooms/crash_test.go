package rooms

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
	"bothways/ui/console"
	"bothways/ui/console/host"
)

// crashing is a console in which something panics.
func crashing(t *testing.T, arrange func(cfg *console.Config, do *host.Engines)) *terminal {
	t.Helper()
	p := demoPair()
	gone := errors.New("no engine in this test")
	do := host.Engines{
		Identify: func(context.Context, account.Access, string) (account.Identity, error) { return operator(), nil },
		Buckets:  func(context.Context, account.Access, string) ([]string, error) { return nil, gone },
		Describe: func(context.Context, account.Access, pair.Side) (account.Description, error) {
			return account.Description{}, gone
		},
		Survey: func(context.Context, account.Access, pair.Pair, pair.Consent) (session.Plans, error) {
			return demoSurvey(p), nil
		},
		LeftOver: func(context.Context, account.Access, pair.Pair) (map[pair.SideName]int, error) { return nil, gone },
	}
	cfg := console.Config{
		Pair: &p, Engines: &do,
		OpenSandbox: func(context.Context) (account.Access, error) { return sandboxAccess(), nil },
	}
	arrange(&cfg, &do)
	return open(t, cfg, 80, 24)
}

func expectCrash(x *terminal, where string) {
	x.T.Helper()
	x.End()
	crash, ok := errors.AsType[*host.CrashError](x.Err)
	if !ok || crash.Value != "planted" || !strings.Contains(crash.Where, where) {
		x.T.Fatalf("the console ended with %v", x.Err)
	}
	if !strings.Contains(crash.Stack, "crash_test.go") {
		x.T.Errorf("the stack does not lead to the panic:\n%s", crash.Stack)
	}
	if x.Screen.IsAltScreen() {
		x.T.Error("the terminal was left in the alternate screen")
	}
}

func TestAPanicInAnEngineRestoresTheTerminal(t *testing.T) {
	x := crashing(t, func(_ *console.Config, do *host.Engines) {
		do.Apply = func(context.Context, account.Access, plan.Plan, pair.Emit) error { panic("planted") }
	})
	x.Wait("▸ Sandbox")
	x.Press(enter)
	x.Wait("Bucket in eu-west-1")
	x.Press(enter)
	x.Wait("Bucket in ap-southeast-1")
	x.Press(enter)
	x.Wait("What replicates")
	x.Press(enter)
	x.Wait("Apply these 10 changes")
	x.Press("y")
	expectCrash(x, "applying the plan")
}

func TestAPanicInACommandRestoresTheTerminal(t *testing.T) {
	x := crashing(t, func(_ *console.Config, do *host.Engines) {
		do.Identify = func(context.Context, account.Access, string) (account.Identity, error) { panic("planted") }
	})
	x.Wait("▸ Sandbox")
	x.Press(enter)
	expectCrash(x, "opening")
}

func TestAPanicInUpdateRestoresTheTerminal(t *testing.T) {
	x := crashing(t, func(_ *console.Config, do *host.Engines) {
		do.Survey = func(context.Context, account.Access, pair.Pair, pair.Consent) (session.Plans, error) {
			return session.Plans{}, unreadableError{}
		}
	})
	x.Wait("▸ Sandbox")
	x.Press(enter)
	x.Wait("Bucket in eu-west-1")
	x.Press(enter)
	x.Wait("Bucket in ap-southeast-1")
	x.Press(enter)
	x.Wait("What replicates")
	x.Press(enter)
	expectCrash(x, "handling a message")
}

// unreadableError is an error whose words can't be had.
type unreadableError struct{}

func (unreadableError) Error() string { panic("planted") }

func TestAnEndingContextRestoresTheTerminal(t *testing.T) {
	x := crashing(t, func(*console.Config, *host.Engines) {})
	x.Wait("▸ Sandbox")
	x.Cancel()
	x.End()
	if !errors.Is(x.Err, context.Canceled) || x.Screen.IsAltScreen() {
		t.Errorf("ended with %v, alternate screen %v", x.Err, x.Screen.IsAltScreen())
	}
}

func TestAProbeThatCannotStartSaysWhy(t *testing.T) {
	x := crashing(t, func(_ *console.Config, do *host.Engines) {
		do.Survey = func(context.Context, account.Access, pair.Pair, pair.Consent) (session.Plans, error) {
			found := demoSurvey(demoPair())
			for i := range found.SetUp.Steps {
				found.SetUp.Steps[i].Change = step.Nothing
			}
			return found, nil
		}
		do.Probe = func(context.Context, account.Access, session.Measurement) (host.Prober, error) {
			return nil, errors.New("side B cannot be listed")
		}
	})
	x.Wait("▸ Sandbox")
	x.Press(enter)
	x.Wait("Bucket in eu-west-1")
	x.Press(enter)
	x.Wait("Bucket in ap-southeast-1")
	x.Press(enter)
	x.Wait("What replicates")
	x.Press(enter)
	x.Wait("Nothing to change")
	x.Press(enter)
	x.Wait("What to measure")
	x.Press(enter)
	x.Wait("✗ The measurement did not start.", "side B cannot be listed")
	x.Press("q")
	x.End()
	if x.Err != nil {
		t.Error(x.Err)
	}
}
