package choose

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/ui/console"
	"bothways/ui/console/host"
)

func TestALateAnswerNeverOverridesWhatWasChosenByHand(t *testing.T) {
	var s *sideScreen
	a := console.New(t.Context(), console.Config{Engines: &host.Engines{}}, func(h host.Host) map[host.Place]host.Screen {
		all := Screens(h)
		s = all[host.SideB].(*sideScreen)
		return all
	})
	s.proposed = "the-partner"
	s.takeRegion()
	chosen := a.Pair.B.Region
	s.propose(account.Description{Holder: account.Ours, Region: "us-west-2"})
	if a.Pair.B.Region != chosen {
		t.Errorf("the region went from %s to %s by itself", chosen, a.Pair.B.Region)
	}
	s.buckets.Selected = 2
	a.Update(host.Result(func() tea.Cmd {
		return s.bucketsRead(a.Access.Label(), s.readFrom, []string{"one", "the-partner", "three"}, nil)
	}))
	if s.buckets.Selected != 2 {
		t.Errorf("the selection moved to %d by itself", s.buckets.Selected)
	}
}
