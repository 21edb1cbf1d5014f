package console

import (
	"testing"

	"bothways/aws/account"
)

func TestTheHeaderNamesTheLawOfDelaysWhereThereIsRoom(t *testing.T) {
	for _, row := range []struct {
		access account.Access
		width  int
		want   string
	}{
		{account.Access{}, 200, "simulated distances"},
		{account.Access{Delays: "bursty:on=20s,off=100s,factor=2"}, 120, "simulated distances, delays: bursty"},
		{account.Access{Delays: "independent"}, 120, "simulated distances, delays: independent"},
		{account.Access{Delays: "ticks:every=2s"}, 119, "simulated distances"},
		{account.Access{Delays: "ar1:phi=0.8", TimeScale: 40}, 200, "simulated distances, delays: ar1, 40 times as fast"},
		{account.Access{TimeScale: 40}, 60, "simulated distances, 40 times as fast"},
	} {
		if got := simulated(row.access, row.width); got != row.want {
			t.Errorf("%+v in %d columns: %q, want %q", row.access, row.width, got, row.want)
		}
	}
}
