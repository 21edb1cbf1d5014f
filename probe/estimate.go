package probe

import (
	"math"
	"time"

	"bothways/aws/pair"
)

// Cost is what a run will ask of S3, estimated before it starts.
type Cost struct {
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
func (Cost) EventName() string { return "estimate" }

// Estimate says what a run will cost: requests, bytes each way, and dollars.
// Deletes are free. S3 bills the transfer at the price of the side it leaves
// and the replica's PUT at the price of the side it reaches (S3 User Guide,
// "Replicating objects", and aws.amazon.com/s3/pricing).
func Estimate(cfg Config) Cost {
	cost := counted(cfg)
	cost.PerSecond, cost.MaxRate = cfg.rate(), cfg.maxRate()
	return cost
}

// counted is the estimate but for the rates, which follow from it.
func counted(cfg Config) Cost {
	rounds := max(cfg.Rounds, 1)
	if cfg.For > 0 && cfg.Every > 0 {
		rounds = int((cfg.For + cfg.Every - 1) / cfg.Every)
	}
	cost := Cost{Rounds: rounds, Unending: cfg.Rounds == 0 && cfg.For == 0, Priced: true, PricesAsOf: pricesAsOf}
	var requests, bytes int64 // of one direction
	for _, size := range cfg.Sizes {
		requests += uploadRequests(size)
		bytes += size
	}
	samples := int64(len(cfg.Sizes)) * int64(rounds) // of one direction
	requests *= int64(rounds)
	if bytes > math.MaxInt64/int64(rounds) {
		bytes = math.MaxInt64
	} else {
		bytes *= int64(rounds)
	}
	polls := headsASample(cfg.Pace)
	heads := samples*(polls+polls/4+aroundHEADs) + min(samples, warmResults)*coldHEADs
	cost.PUTs, cost.HEADs, cost.LISTs = 2*requests, 2*heads, 4*samples
	cost.BytesAtoB, cost.BytesBtoA = bytes, bytes

	for _, d := range pair.Directions() {
		here, there := cfg.Pair.From(d).Region, cfg.Pair.To(d).Region
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
	if cost.Unending && cfg.Every > 0 {
		cost.DollarsAtMost *= max(1, float64(24*time.Hour)/float64(cfg.Every))
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

// headsASample is what the benchmark Polling counts for lognormal delays.
func headsASample(pace Pace) int64 {
	switch pace {
	case Courteous:
		return 8
	case Fine:
		return 24
	default:
		return 15
	}
}

// uploadRequests counts what one upload of the size needs.
func uploadRequests(size int64) int64 {
	if size <= singlePutMax {
		return 1
	}
	step := partSize(size)
	return (size+step-1)/step + 2
}
