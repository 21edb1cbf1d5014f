package console

import (
	"context"
	"errors"
	"testing"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/probe"
)

func TestAPairThatAnotherProcessChangesIsNotMeasured(t *testing.T) {
	taken, reached := errors.New("destroy is at work"), errors.New("reached AWS")
	for private, want := range map[bool]error{false: taken, true: reached} {
		do := realEngines()
		do.probe = func(context.Context, account.Access, probe.Config) (prober, error) { return nil, reached }
		a := newApp(t.Context(), Config{engines: &do, Changing: func(pair.Pair) error { return taken }})
		a.access, a.open, a.at, a.pair = account.Access{Sandbox: private}, true, atProbe, demoPair()
		s := a.screens[atProbe].(*probeScreen)
		s.start()
		for s.run != nil {
			deliver(a, s.run.listen)
		}
		if !errors.Is(s.m.err, want) {
			t.Errorf("in a private sandbox %t: it ends with %v, want %v", private, s.m.err, want)
		}
	}
}
