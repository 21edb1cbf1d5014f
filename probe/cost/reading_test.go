package cost

import (
	"math"
	"testing"
)

func TestAMillionVersionsASideCostAPennyToList(t *testing.T) {
	p := testWork().Pair
	p.A.Region, p.B.Region = "us-east-1", "eu-central-1"
	got := OfReading(p, 2000, 1000)
	if want := 1000*.005/1000 + 1000*.0054/1000 + 1000*.00043/1000; math.Abs(got.Dollars-want) > 1e-9 || got.PricesAsOf == "" {
		t.Errorf("%+v, want %v", got, want)
	}
}
