package stats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

// mixed holds 40 small objects and so many large ones that take five times as
// long, the others of 40 having failed.
func mixed(r *rand.Rand, d pair.Direction, large int, c *Collector) *Collector {
	for i := range 40 {
		c.Add(replicated(d, 1<<17, 4000*math.Exp(0.3*r.NormFloat64())))
		s := replicated(d, 1<<30, 20000*math.Exp(0.3*r.NormFloat64()))
		if i >= large {
			s.Outcome = probe.Failed
		}
		c.Add(s)
	}
	return c
}

func TestOtherSharesOfTheSizesAreNotADifference(t *testing.T) {
	r := rand.New(rand.NewPCG(57, 58))
	before, after := mixed(r, pair.AtoB, 40, NewCollector()), mixed(r, pair.AtoB, 10, NewCollector())
	v := CompareRuns(before, after, pair.AtoB)
	if v.Shown || v.Enough || v.Sentence != "A → B: no comparison over all sizes: the share of one size differs by 30 % (n = 80 and 50), and sizes may differ." {
		t.Errorf("%+v", v)
	}
	if v := CompareRunsBySize(before, after, pair.AtoB, 1<<17); !v.Enough {
		t.Errorf("size by size: %+v", v)
	}
	both := mixed(r, pair.BtoA, 10, before)
	if v := both.CompareDirections(); v.Shown || v.Enough || !strings.HasPrefix(v.Sentence, "No comparison over all sizes") {
		t.Errorf("%+v", v)
	}
	near := mixed(r, pair.AtoB, 36, NewCollector())
	if v := CompareRuns(mixed(r, pair.AtoB, 40, NewCollector()), near, pair.AtoB); !v.Enough {
		t.Errorf("nearly the same shares: %+v", v)
	}
}
