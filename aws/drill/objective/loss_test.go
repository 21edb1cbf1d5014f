package objective_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"bothways/aws/drill/canary"
	"bothways/aws/drill/objective"
)

// A canary a second of which each arrives at a random moment that polls bracket:
// whatever the moments, the interval of the loss holds the truth, at any instant.
func TestTheIntervalOfTheLossHoldsTheTruth(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for drill := range 2_000 {
		var all []canary.Canary
		arrives := map[string]float64{}
		law := math.Exp(random.NormFloat64()*2) * 1000 // of this drill
		for n := range 60 {
			posted := float64(n)*1000 + random.Float64()*900
			c := canary.Canary{Key: fmt.Sprint(n), Bytes: 10, PostedMS: posted, LowMS: posted, HighMS: math.Inf(1)}
			arrives[c.Key] = posted + law*math.Exp(random.NormFloat64())
			for poll := posted + random.Float64()*50; poll < 90_000; poll += 20 + random.Float64()*(poll-posted+100) {
				if answered := poll + random.Float64()*80; poll >= arrives[c.Key] || answered >= arrives[c.Key] && random.IntN(2) == 0 {
					c.HighMS = answered
					break
				}
				c.LowMS = poll
			}
			all = append(all, c)
		}
		at := random.Float64() * 80_000
		truth, lost := 0.0, 0
		for _, c := range all {
			if c.PostedMS <= at && arrives[c.Key] > at {
				truth, lost = max(truth, at-c.PostedMS), lost+1
			}
		}
		l := objective.LossAt(all, at)
		if truth < l.LowMS || truth > l.HighMS {
			t.Fatalf("drill %d: %v is lost, and the interval is [%v, %v]", drill, truth, l.LowMS, l.HighMS)
		}
		if lost < len(l.Certain) || lost > len(l.Certain)+len(l.Possible) {
			t.Fatalf("drill %d: %d are lost, and %d to %d are said to be", drill, lost, len(l.Certain), len(l.Certain)+len(l.Possible))
		}
	}
}

func TestHolesAreLostCanariesThatAreOlderThanOneThatIsThere(t *testing.T) {
	inf := math.Inf(1)
	l := objective.LossAt([]canary.Canary{
		{Key: "there", PostedMS: 0, LowMS: 100, HighMS: 200},
		{Key: "hole", PostedMS: 1000, LowMS: 9000, HighMS: inf},
		{Key: "later", PostedMS: 2000, LowMS: 2100, HighMS: 2500},
		{Key: "tail", PostedMS: 3000, LowMS: 9000, HighMS: inf},
		{Key: "unknown", PostedMS: 4000, LowMS: 4100, HighMS: inf},
		{Key: "after", PostedMS: 6000, LowMS: 9000, HighMS: inf},
	}, 5000)
	if len(l.Holes) != 1 || l.Holes[0].Key != "hole" || len(l.Certain) != 2 || len(l.Possible) != 1 || l.N != 5 {
		t.Errorf("got %+v", l)
	}
	if l.LowMS != 4000 || l.HighMS != 4000 {
		t.Errorf("the oldest that is lost was written 4 s before: [%v, %v]", l.LowMS, l.HighMS)
	}
}

func TestTheBoundAfterNoMissIsAboutThreeInN(t *testing.T) {
	if got := objective.MissBound(299); math.Abs(got-0.00997) > 1e-5 {
		t.Errorf("after 299: %v", got)
	}
	if objective.MissBound(0) != 1 {
		t.Error("nothing is known after none")
	}
}
