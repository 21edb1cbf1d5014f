package account_test

import (
	"testing"

	"bothways/aws/account"
)

func TestARegionThatIsNoneIsSaidToBeNone(t *testing.T) {
	for region, want := range map[string]string{
		"eu-west-1": "",
		"eu-west-9": "eu-west-9 is none of the regions that bothways knows: is eu-west-1 or eu-west-2 or eu-west-3 meant?",
		"mars-1":    "mars-1 is none of the regions that bothways knows",
		"nowhere":   "nowhere is none of the regions that bothways knows",
	} {
		if got := account.UnknownRegion(region); got != want {
			t.Errorf("%s: %q, want %q", region, got, want)
		}
	}
}
