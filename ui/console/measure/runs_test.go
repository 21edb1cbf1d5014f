package measure

import (
	"testing"

	"bothways/ui/console/host"
	"bothways/ui/runs"
)

func TestAListThatIsReadTooLateIsDropped(t *testing.T) {
	a := stage(t, host.Runs, 100, 30)
	entry := runs.Entry{RunID: "one", Path: "one", Samples: 1, State: runs.Complete}
	a.past.listed(a.past.listing, []runs.Entry{entry}, nil)
	a.GoTo(host.Where)
	if a.past.listed(a.past.listing-1, nil, nil); a.At() != host.Where || len(a.past.entries) != 1 {
		t.Error("what was left changed the screen")
	}
}
