package choose

import (
	"testing"
	"time"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/console"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"

	tea "charm.land/bubbletea/v2"
)

func TestALateAnswerNeverOverridesWhatWasChosenByHand(t *testing.T) {
	a := stage(t, host.SideB, 80, 24)
	s := a.sides[1]
	s.proposed = "the-partner"
	s.takeRegion()
	chosen := a.Pair.B.Region
	s.propose(account.Description{Holder: account.Ours, Region: "us-west-2"})
	if a.Pair.B.Region != chosen {
		t.Errorf("the region went from %s to %s by itself", chosen, a.Pair.B.Region)
	}
	s.buckets.Selected = 2
	a.Update(host.Result(func() tea.Cmd {
		return a.sides[1].bucketsRead(a.Access.Label(), s.readFrom, []string{"one", "the-partner", "three"}, nil)
	}))
	if s.buckets.Selected != 2 {
		t.Errorf("the selection moved to %d by itself", s.buckets.Selected)
	}
}

func TestSideBStartsWithThePartnerThatSideAReplicatesTo(t *testing.T) {
	a := stage(t, host.SideA, 80, 24)
	a.Cfg.Pair = nil
	a.Pair.A.Bucket = "photos-dublin"
	a.sides[0].notes["photos-dublin"] = bucketNote{found: account.Description{Holder: account.Ours, Rules: 1, Destinations: []string{"photos-oregon"}}}
	a.GoTo(host.SideB)
	a.Update(host.Result(func() tea.Cmd {
		return a.sides[1].bucketSeen(a.Access.Label(), "photos-oregon", account.Description{Holder: account.Ours, Region: "us-west-2"}, nil)
	}))
	a.Update(host.Result(func() tea.Cmd {
		return a.sides[1].bucketsRead(a.Access.Label(), "us-west-2", []string{"logs", "photos-oregon"}, nil)
	}))
	if got := a.sides[1].selectedBucket(); a.Pair.B.Region != "us-west-2" || got != "photos-oregon" {
		t.Errorf("%s in %s is proposed", got, a.Pair.B.Region)
	}
}

func TestWhatTheCommandLineChoseIsNotAskedAgain(t *testing.T) {
	p, access := consoletest.DemoPair(), consoletest.SandboxAccess()
	a := onStage(console.New(t.Context(), console.Config{Pair: &p, Access: &access, Engines: consoletest.Inert(), Now: func() time.Time { return consoletest.Noon }}, every))
	a.Init()
	a.Update(host.Result(func() tea.Cmd {
		return a.where.identified(a.where.opening, access, account.Identity{Account: "0"}, nil)
	}))
	if a.At() != host.Options {
		t.Fatalf("it starts at %s", a.At().Title())
	}
	consoletest.Keys(a.App, "esc")
	if a.At() != host.SideB {
		t.Errorf("esc leads to %s", a.At().Title())
	}
	half := pair.Pair{A: p.A, Options: p.Options}
	b := onStage(console.New(t.Context(), console.Config{Pair: &half, Access: &access, Engines: consoletest.Inert(), Now: func() time.Time { return consoletest.Noon }}, every))
	b.Init()
	if b.At() != host.Where || b.where.opening != 0 {
		t.Error("with one side open it does not ask")
	}
}
