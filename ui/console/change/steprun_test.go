package change

import (
	"testing"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestTheDestroyCommandIsQuotedForAShell(t *testing.T) {
	p := consoletest.DemoPair()
	p.Options.Prefix = "holiday photos/it's $HOME"
	got := destroyCommand(p, "my profile; ls", "my profile; ls", true)
	want := "bothways destroy --a " + p.A.String() + " --b " + p.B.String() +
		` --prefix 'holiday photos/it'\''s $HOME' --profile 'my profile; ls' --buckets --yes`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAPausedRunOffersTheSignInThatItWaitsFor(t *testing.T) {
	for profile, offered := range map[string]bool{"here": true, "there": true, "keys": false} {
		a := stage(t, host.Apply, 80, 24)
		for _, name := range []string{"here", "there"} {
			a.Profiles[name] = account.Profile{Name: name, SignsIn: true}
		}
		s := applying(a)
		s.run.Access = account.Access{Profile: "here", Other: &account.Access{Profile: "there"}}
		s.take(host.Batch{Events: []pair.Event{step.Event{
			ID: "rule-b-to-a", Status: step.Running, Paused: true, Profile: profile, Detail: "Sign in again.", At: consoletest.Noon,
		}}})
		if access, ok := s.signInWith(); ok != offered || ok && access.Profile != profile {
			t.Errorf("waiting for %s it offers %q, %t", profile, access.Profile, ok)
		}
	}
}
