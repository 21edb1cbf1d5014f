package cost

import (
	"fmt"

	"bothways/aws/pair"
)

// What S3 Batch Operations takes, in US dollars (aws.amazon.com/s3/pricing): for
// a job, and for an object of it.
const (
	jobPrice  = 0.25
	taskPrice = 1.00 / 1e6
)

// Batch is what a backfill is to do, as far as it costs anything.
type Batch struct {
	Pair pair.Pair
	// Jobs, Tasks and Bytes are those of the jobs, by their direction.
	Jobs  map[pair.Direction]int
	Tasks map[pair.Direction]int64
	Bytes map[pair.Direction]int64
	// Copies and CopyBytes are those that are written again where they stand, by
	// the direction in which they then replicate.
	Copies    map[pair.Direction]int64
	CopyBytes map[pair.Direction]int64
	// Looked are the HEADs that were sent already, to see what still needs it.
	Looked map[pair.SideName]int64
}

// BatchEstimate is what a backfill costs, without the storage of what it adds.
type BatchEstimate struct {
	Jobs  int   `json:"jobs"`
	Tasks int64 `json:"tasks"`
	Bytes int64 `json:"bytes"` // that go from region to region
	// Heads are the HEADs that look at the versions, before and after; those before
	// were sent already.
	Heads int64 `json:"heads"`
	// Dollars, Priced, DollarsAtMost and PricesAsOf are as those of Estimate.
	Dollars       float64 `json:"dollars"`
	Priced        bool    `json:"priced"`
	DollarsAtMost float64 `json:"dollars_at_most"`
	PricesAsOf    string  `json:"prices_as_of"`
}

// EventName implements pair.Event.
func (BatchEstimate) EventName() string { return "backfill_estimate" }

// headsOfLook is how often a version is asked for to see that it is there: once on
// each side.
const headsOfLook = 2

// Estimate says what a backfill will cost: the jobs and their tasks, the transfer,
// a PUT for each replica and each copy, and the HEADs that look at them before and again.
func (b Batch) Estimate() BatchEstimate {
	cost := BatchEstimate{Priced: true, PricesAsOf: pricesAsOf}
	for _, d := range pair.Directions() {
		from, to := b.Pair.From(d).Region, b.Pair.To(d).Region
		tasks, copies := b.Tasks[d], b.Copies[d]
		bytes := b.Bytes[d] + b.CopyBytes[d]
		cost.Jobs += b.Jobs[d]
		cost.Tasks += tasks
		cost.Bytes += bytes
		cost.Dollars += float64(b.Jobs[d])*jobPrice + float64(tasks)*taskPrice +
			float64(tasks+copies)*priceOf(to).put/1000 + float64(copies)*priceOf(from).put/1000 +
			float64(tasks+copies)*(priceOf(from).get+priceOf(to).get)/1000
		cost.Heads += headsOfLook*(tasks+copies) + b.Looked[d.From()]
		cost.Dollars += float64(b.Looked[d.From()]) * priceOf(from).get / 1000
		transfer, known := transferPrice(from, to)
		if !known && bytes > 0 {
			cost.Priced = false
			cost.DollarsAtMost += float64(bytes) / (1 << 30) * dearestTransfer
		}
		if known {
			cost.Dollars += float64(bytes) / (1 << 30) * transfer
		}
	}
	cost.DollarsAtMost += cost.Dollars
	return cost
}

// Dear says whether it costs more than somebody is likely to expect.
func (e BatchEstimate) Dear() bool { return e.DollarsAtMost >= AskAbove }

// AtMost words what it may cost, and what that stands on.
func (e BatchEstimate) AtMost() string {
	switch {
	case !e.Priced || e.DollarsAtMost >= AskAbove:
	case e.DollarsAtMost > 0:
		return fmt.Sprintf("%.2f USD", max(0.01, e.DollarsAtMost)) // a little is not nothing
	default:
		return "0.00 USD"
	}
	return Estimate{DollarsAtMost: e.DollarsAtMost, Priced: e.Priced}.AtMost()
}
