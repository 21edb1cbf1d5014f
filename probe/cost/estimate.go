// Package cost says what a run asks of S3, in requests, bytes and dollars:
// before it starts, and as it was counted.
package cost

import (
	"math"
	"time"

	"bothways/aws/pair"
	"bothways/probe/body"
	"bothways/probe/polling"
)

// Estimate is what a run will ask of S3, estimated before it starts.
type Estimate struct {
	Rounds    int   `json:"rounds"` // the estimate is for these; 1 when the run has no end
	Unending  bool  `json:"unending,omitempty"`
	PUTs      int64 `json:"puts"`  // uploads, a multipart upload's requests counted singly
	HEADs     int64 `json:"heads"` // about
	LISTs     int64 `json:"lists"`
	BytesAtoB int64 `json:"bytes_a_to_b"`
	BytesBtoA int64 `json:"bytes_b_to_a"`
	// Dollars is the sum in US dollars at list prices, without the storage of
	// a few seconds and without traffic between this computer and AWS.
	Dollars float64 `json:"dollars"`
	// Priced is false where a region's price for sending to another region is
	// not known; Dollars then lacks that part.
	Priced bool `json:"priced"`
	// DollarsAtMost is Dollars with unknown transfer at the dearest price that
	// is known, and of a run without an end for a day: whether it wants consent.
	DollarsAtMost float64 `json:"dollars_at_most"`
	PricesAsOf    string  `json:"prices_as_of"`
	// PerSecond is how many requests a second the rounds take on average, those
	// that are free included; MaxRate is the most that go out at any moment.
	PerSecond float64 `json:"requests_a_second"`
	MaxRate   int     `json:"max_rate"`
}

// EventName implements pair.Event.
func (Estimate) EventName() string { return "estimate" }

// Work is what a run is to do, as far as it costs anything.
type Work struct {
	Pair     pair.Pair
	Schedule polling.Schedule
	Pace     polling.Pace
	Keep     bool // the probe objects stay
}

// Estimate says what a run will cost: requests, bytes each way, and dollars.
// Deletes are free. S3 bills the transfer at the price of the side it leaves
// and the replica's PUT at the price of the side it reaches (S3 User Guide,
// "Replicating objects", and aws.amazon.com/s3/pricing). MaxRate is left to
// the caller, who knows it.
func (w Work) Estimate() Estimate {
	cost := w.counted()
	cost.PerSecond = w.PerSecond()
	return cost
}

// deletes are the requests that remove a probe: one on each side.
const deletes = 2

// PerSecond is how many requests a second the work makes on average once its
// series are known, those that are free included.
func (w Work) PerSecond() float64 {
	if w.Schedule.Every <= 0 {
		return 0
	}
	one := w
	one.Schedule.Rounds, one.Schedule.For = 1, 0
	round, sizes := one.counted(), int64(len(w.Schedule.Sizes))
	requests := round.PUTs + round.HEADs + round.LISTs - 2*coldHEADs*min(sizes, polling.WarmResults)
	if !w.Keep {
		requests += deletes * 2 * sizes
	}
	return float64(requests) / w.Schedule.Every.Seconds()
}

// counted is the estimate but for the rates, which follow from it.
func (w Work) counted() Estimate {
	plan := w.Schedule
	rounds := max(plan.Rounds, 1)
	if plan.For > 0 && plan.Every > 0 {
		rounds = int((plan.For + plan.Every - 1) / plan.Every)
	}
	cost := Estimate{Rounds: rounds, Unending: plan.Rounds == 0 && plan.For == 0, Priced: true, PricesAsOf: pricesAsOf}
	var requests, bytes int64 // of one direction
	for _, size := range plan.Sizes {
		requests += body.Requests(size)
		bytes += size
	}
	samples := int64(len(plan.Sizes)) * int64(rounds) // of one direction
	requests *= int64(rounds)
	if bytes > math.MaxInt64/int64(rounds) {
		bytes = math.MaxInt64
	} else {
		bytes *= int64(rounds)
	}
	polls := int64(w.Pace.Figures().MostHEADs)
	heads := samples*(polls+polls/4+aroundHEADs) + min(samples, polling.WarmResults)*coldHEADs
	cost.PUTs, cost.HEADs, cost.LISTs = 2*requests, 2*heads, 4*samples
	cost.BytesAtoB, cost.BytesBtoA = bytes, bytes

	for _, d := range pair.Directions() {
		here, there := w.Pair.From(d).Region, w.Pair.To(d).Region
		from, to := priceOf(here), priceOf(there)
		cost.Dollars += float64(requests)*from.put/1000 +
			float64(samples)*to.put/1000 + // one PUT for each replica, whatever its size
			float64(samples)*(from.put+to.put)/1000 + // one LIST on each side
			float64(heads)*to.get/1000
		transfer, known := transferPrice(here, there)
		if !known {
			cost.Priced, transfer = false, 0
			cost.DollarsAtMost += float64(bytes) / (1 << 30) * dearestTransfer
		}
		cost.Dollars += float64(bytes) / (1 << 30) * transfer
	}
	cost.DollarsAtMost += cost.Dollars
	if cost.Unending && plan.Every > 0 {
		cost.DollarsAtMost *= max(1, float64(24*time.Hour)/float64(plan.Every))
	}
	return cost
}

const (
	// aroundHEADs ask the origin until it shows COMPLETED, over a quarter of
	// the replica's polls, and both sides for the loop check.
	aroundHEADs = 4
	// coldHEADs are how many more a sample takes while nothing is known yet.
	coldHEADs = 10
)
