package cost_test

import (
	"testing"

	"bothways/probe/cost"
)

func TestLessThanACentIsNotNothing(t *testing.T) {
	for dollars, text := range map[float64]string{0: "0.00 USD", 0.0004: "less than 0.01 USD", 0.0049: "less than 0.01 USD", 0.005: "0.01 USD", 3.7: "3.70 USD"} {
		if got := cost.Sum(dollars); got != text {
			t.Errorf("%v is %q, want %q", dollars, got, text)
		}
	}
}
