package cost

import (
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe/body"
	"bothways/probe/polling"
)

func testWork() Work {
	return Work{
		Pair: pair.Pair{
			A: pair.Side{Region: "eu-west-1", Bucket: "bothways-test-a"},
			B: pair.Side{Region: "ap-southeast-1", Bucket: "bothways-test-b"},
		},
		Schedule: polling.Schedule{Sizes: []int64{0, 128 << 10, 1 << 20}, Rounds: 3, Every: 10 * time.Second},
		Pace:     polling.Normal,
	}
}

func TestTheEstimateOfTheSeedsSizesStaysUnderACent(t *testing.T) {
	work := testWork()
	work.Schedule.Sizes, work.Schedule.Rounds = []int64{128 << 10, 256 << 10, 512 << 10, 1 << 20, 2 << 20, 4 << 20}, 5
	got := work.Estimate()
	if got.PUTs != 60 || got.BytesAtoB != 41287680 || got.BytesBtoA != 41287680 || !got.Priced {
		t.Errorf("estimate %+v", got)
	}
	if got.Dollars <= 0.004 || got.Dollars >= 0.01 {
		t.Errorf("%v dollars, want a little under a cent", got.Dollars)
	}
}

func TestTheEstimateOfAGibibyteEachWayIsTheTransferPrice(t *testing.T) {
	work := testWork()
	work.Schedule.Sizes, work.Schedule.Rounds = []int64{1 << 30}, 1
	got := work.Estimate()
	if got.PUTs != 2*130 { // 128 parts, begin and complete
		t.Errorf("%d PUTs", got.PUTs)
	}
	if got.Dollars < 0.11 || got.Dollars > 0.12 { // 0.02 out of Ireland, 0.09 out of Singapore
		t.Errorf("%v dollars", got.Dollars)
	}
}

func TestTheEstimateSaysWhereAPriceIsNotKnown(t *testing.T) {
	work := testWork()
	work.Pair.B = pair.Side{Region: "mx-central-1", Bucket: work.Pair.B.Bucket}
	if got := work.Estimate(); got.Priced || got.PricesAsOf == "" {
		t.Errorf("estimate %+v", got)
	}
}

func TestTheEstimateDoesNotOverflow(t *testing.T) {
	work := testWork()
	work.Schedule.Sizes, work.Schedule.Rounds = []int64{body.MaxSize}, 1_000_000_000
	if got := work.Estimate(); got.BytesAtoB <= 0 || got.Dollars <= 0 {
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
		work := testWork()
		work.Pair.A.Region, work.Pair.B.Region = c.from, c.to
		work.Schedule.Sizes, work.Schedule.Rounds = []int64{5 << 30}, c.rounds
		got := work.Estimate()
		if got.Priced != c.priced || got.Dollars < c.least || got.Dollars > c.below || got.DollarsAtMost < c.atMost {
			t.Errorf("%s to %s: %+v", c.from, c.to, got)
		}
	}
}

func TestAReplicaCostsOnePUTWhateverItsSize(t *testing.T) {
	counted := NewTally()
	counted.Arrived(pair.AtoB, 0)
	counted.Arrived(pair.AtoB, 1<<40)
	if counted.replicas[pair.AtoB] != 2 {
		t.Errorf("%d PUTs of two replicas", counted.replicas[pair.AtoB])
	}
}
