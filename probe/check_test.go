package probe

import (
	"strings"
	"testing"

	"bothways/aws/pair"
)

func TestAConfigurationThatCannotRunIsRefusedWithTheReason(t *testing.T) {
	for reason, spoil := range map[string]func(*Config){
		"no sizes":         func(c *Config) { c.Sizes = nil },
		"negative":         func(c *Config) { c.Sizes = []int64{-1} },
		"named twice":      func(c *Config) { c.Sizes = []int64{1, 2, 1} },
		"48.8 TiB":         func(c *Config) { c.Sizes = []int64{maxSize + 1} },
		"-1 rounds":        func(c *Config) { c.Rounds = -1 },
		"a round every 0s": func(c *Config) { c.Every = 0 },
		"a limit of 0s":    func(c *Config) { c.Limit = 0 },
		`pace "frantic"`:   func(c *Config) { c.Pace = "frantic" },
		"run ID":           func(c *Config) { c.RunID = "a/b" },
		"cannot replicate": func(c *Config) { c.Pair.B.Bucket = c.Pair.A.Bucket },
	} {
		cfg := testConfig()
		spoil(&cfg)
		if _, err := New(cfg, newWorld(0).clients()); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("error %v, want one with %q", err, reason)
		}
	}
	if _, err := New(testConfig(), Clients{}); err == nil {
		t.Error("a run without clients is accepted")
	}
}

func TestTheEstimateOfTheSeedsSizesStaysUnderACent(t *testing.T) {
	cfg := testConfig()
	cfg.Sizes, cfg.Rounds = DefaultSizes(), 5
	got := Estimate(cfg)
	if got.PUTs != 60 || got.BytesAtoB != 41287680 || got.BytesBtoA != 41287680 || !got.Priced {
		t.Errorf("estimate %+v", got)
	}
	if got.Dollars <= 0.004 || got.Dollars >= 0.01 {
		t.Errorf("%v dollars, want a little under a cent", got.Dollars)
	}
}

func TestTheEstimateOfAGibibyteEachWayIsTheTransferPrice(t *testing.T) {
	cfg := testConfig()
	cfg.Sizes, cfg.Rounds = []int64{1 << 30}, 1
	got := Estimate(cfg)
	if got.PUTs != 2*130 { // 128 parts, begin and complete
		t.Errorf("%d PUTs", got.PUTs)
	}
	if got.Dollars < 0.11 || got.Dollars > 0.12 { // 0.02 out of Ireland, 0.09 out of Singapore
		t.Errorf("%v dollars", got.Dollars)
	}
}

func TestTheEstimateSaysWhereAPriceIsNotKnown(t *testing.T) {
	cfg := testConfig()
	cfg.Pair.B = pair.Side{Region: "mx-central-1", Bucket: bucketB}
	if got := Estimate(cfg); got.Priced || got.PricesAsOf == "" {
		t.Errorf("estimate %+v", got)
	}
}

func TestTheEstimateDoesNotOverflow(t *testing.T) {
	cfg := testConfig()
	cfg.Sizes, cfg.Rounds = []int64{maxSize}, 1_000_000_000
	if got := Estimate(cfg); got.BytesAtoB <= 0 || got.Dollars <= 0 {
		t.Errorf("estimate %+v", got)
	}
}

func TestTheGateCountsUnknownTransferAsTheDearestAndADayOfARunWithoutAnEnd(t *testing.T) {
	for _, c := range []struct {
		from, to     string
		rounds       int
		priced       bool
		least, below float64
		atMost       float64 // not below this
	}{
		{"me-central-1", "il-central-1", 1, false, 0, .1, 2 * 5 * dearestTransfer},
		{"eu-west-1", "us-east-1", 0, true, .2, .21, 24 * 6 * 60 * .2 * .99},
		{"us-east-1", "us-east-2", 1, true, .15, .17, .15},           // 5 GiB at .01, and back at .02
		{"us-east-1", "ap-southeast-7", 1, false, .4, .42, .4 + .73}, // there at .08; back is not known
	} {
		cfg := testConfig()
		cfg.Pair.A.Region, cfg.Pair.B.Region = c.from, c.to
		cfg.Sizes, cfg.Rounds = []int64{5 << 30}, c.rounds
		got := Estimate(cfg)
		if got.Priced != c.priced || got.Dollars < c.least || got.Dollars > c.below || got.DollarsAtMost < c.atMost {
			t.Errorf("%s to %s: %+v", c.from, c.to, got)
		}
	}
}

func TestAReplicaCostsOnePUTWhateverItsSize(t *testing.T) {
	counted := newTally()
	counted.arrived(pair.AtoB, 0)
	counted.arrived(pair.AtoB, 1<<40)
	if counted.replicas[pair.AtoB] != 2 {
		t.Errorf("%d PUTs of two replicas", counted.replicas[pair.AtoB])
	}
}
