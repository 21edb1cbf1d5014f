package cost

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"bothways/aws/pair"
)

// Usage is what a run asked of S3 and what it cost, counted as it went.
// It is a run's last event, also of one that was interrupted.
type Usage struct {
	// Requests counts requests by operation, the SDK's retries and those that
	// were never answered included.
	Requests map[string]int64 `json:"requests"`
	// BytesAtoB and BytesBtoA were uploaded at the direction's origin; S3
	// carries those that replicate to the other side.
	BytesAtoB int64 `json:"bytes_a_to_b"`
	BytesBtoA int64 `json:"bytes_b_to_a"`
	// ReplicatedAtoB and ReplicatedBtoA are the bytes that were seen to
	// arrive, which S3 bills as transfer between regions.
	ReplicatedAtoB int64 `json:"replicated_a_to_b"`
	ReplicatedBtoA int64 `json:"replicated_b_to_a"`
	// Dollars, Priced and PricesAsOf are as those of the estimate.
	Dollars    float64 `json:"dollars"`
	Priced     bool    `json:"priced"`
	PricesAsOf string  `json:"prices_as_of"`
	// ElapsedMS is from the run's start to its last request: over so long the
	// requests went out.
	ElapsedMS float64 `json:"elapsed_ms,omitzero"`
}

// Total is the number of all requests.
func (u Usage) Total() int64 {
	total := int64(0)
	for _, n := range u.Requests {
		total += n
	}
	return total
}

// PerSecond is how many requests went out a second on average; 0 where that is
// not known, as in older journals.
func (u Usage) PerSecond() float64 {
	if !(u.ElapsedMS > 0) {
		return 0
	}
	return float64(u.Total()) / u.ElapsedMS * 1000
}

// EventName implements pair.Event.
func (Usage) EventName() string { return "usage" }

// free are operations that S3 does not bill.
var free = map[string]bool{"DeleteObject": true, "DeleteObjects": true, "AbortMultipartUpload": true}

// reads are operations that S3 bills as GET; all others that are not free it
// bills as PUT, lists among them.
var reads = map[string]bool{
	"HeadObject": true, "GetBucketReplication": true, "GetBucketVersioning": true, "GetObjectLockConfiguration": true,
}

// Tally counts what a run asks of S3.
type Tally struct {
	mu         sync.Mutex
	requests   map[pair.SideName]map[string]int64 // by operation
	uploaded   map[pair.SideName]int64            // bytes
	replicated [2]int64                           // bytes, by direction
	replicas   [2]int64                           // PUTs that S3 made for them
}

// NewTally has counted nothing yet.
func NewTally() *Tally {
	return &Tally{
		requests: map[pair.SideName]map[string]int64{pair.A: {}, pair.B: {}},
		uploaded: map[pair.SideName]int64{},
	}
}

// Request counts one that goes out, with so many bytes of content.
func (t *Tally) Request(side pair.SideName, operation string, bytes int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests[side][operation]++
	if operation == "PutObject" || operation == "UploadPart" {
		t.uploaded[side] += max(bytes, 0)
	}
}

// Arrived counts an object that was seen on the other side.
func (t *Tally) Arrived(d pair.Direction, size int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.replicated[d] += size
	t.replicas[d]++ // S3 bills one for each replica (S3 pricing, replication)
}

// Usage is the count so far, priced like the estimate.
func (t *Tally) Usage(p pair.Pair) Usage {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := Usage{
		Requests:  map[string]int64{},
		BytesAtoB: t.uploaded[pair.A], BytesBtoA: t.uploaded[pair.B],
		ReplicatedAtoB: t.replicated[pair.AtoB], ReplicatedBtoA: t.replicated[pair.BtoA],
		Priced: true, PricesAsOf: pricesAsOf,
	}
	for name, counts := range t.requests {
		here := priceOf(p.Side(name).Region)
		for operation, n := range counts {
			u.Requests[operation] += n
			switch {
			case free[operation]:
			case reads[operation]:
				u.Dollars += float64(n) * here.get / 1000
			default:
				u.Dollars += float64(n) * here.put / 1000
			}
		}
	}
	for _, d := range pair.Directions() {
		transfer, known := transferPrice(p.From(d).Region, p.To(d).Region)
		if !known {
			u.Priced, transfer = false, 0
		}
		u.Dollars += float64(t.replicated[d])/(1<<30)*transfer + float64(t.replicas[d])*priceOf(p.To(d).Region).put/1000
	}
	return u
}

// pricesAsOf is when the public price lists behind this file were read. AWS
// changes prices; the estimate names the date beside the sum.
const pricesAsOf = "2022 to 2026"

// price is what a region asks for, in US dollars (aws.amazon.com/s3/pricing).
type price struct {
	put float64 // for 1,000 PUT, COPY, POST or LIST requests
	get float64 // for 1,000 GET or HEAD requests
}

// Where a region's own request price is not known, the dearest known one
// stands in: the estimate is then on the safe side.
const (
	dearestPut = 0.007
	dearestGet = 0.00056
	// dearestTransfer stands in only where it is asked how much a run may cost
	// at most: the price of transfer differs too much.
	dearestTransfer = 0.147
)

var putPrices = map[string]float64{
	"us-east-1": 0.005, "ap-northeast-3": 0.0047, "ap-southeast-2": 0.0055, "eu-central-1": 0.0054, "sa-east-1": 0.007,
}

var getPrices = map[string]float64{"us-east-1": 0.0004, "eu-central-1": 0.00043, "sa-east-1": 0.00056}

var transferPrices = map[string]float64{
	"ap-southeast-1": 0.09, "ap-northeast-1": 0.09, "ap-northeast-3": 0.09, "ap-east-1": 0.09,
	"ap-southeast-2": 0.098, "ap-northeast-2": 0.08, "ap-south-1": 0.086,
	"me-south-1": 0.1105, "sa-east-1": 0.138, "af-south-1": 0.147,
}

// nearTransfer are the pairs of regions, from and to, that have another price
// than the rest of what leaves the first.
var nearTransfer = map[[2]string]float64{
	{"us-east-1", "us-east-2"}:      0.01,
	{"us-east-1", "ap-southeast-7"}: 0.08,
}

func priceOf(region string) price {
	return price{put: cmp.Or(putPrices[region], dearestPut), get: cmp.Or(getPrices[region], dearestGet)}
}

// transferPrice is for 1 GiB sent from a region to another one, if it is known.
func transferPrice(from, to string) (dollars float64, known bool) {
	if dollars, known = nearTransfer[[2]string{from, to}]; known {
		return dollars, true
	}
	if dollars, known = transferPrices[from]; known {
		return dollars, true
	}
	// Those in Europe, the United States and Canada share one price for sending
	// to another region.
	return 0.02, slices.ContainsFunc([]string{"eu-", "us-east-", "us-west-", "ca-"}, func(start string) bool { return strings.HasPrefix(from, start) })
}
