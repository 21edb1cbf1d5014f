// Package estimate says beforehand what the ways to audit a pair take: time,
// requests, bytes and dollars. It computes alone; how large the sides are, and
// how fast pages come, its caller has read.
package estimate

import (
	"fmt"
	"time"
)

// Size is how many versions and markers a side has.
type Size struct {
	Versions int64 `json:"versions"`
	Bound    Bound `json:"bound"`
	// How it was got, in words, with how far it may be off.
	How string `json:"how"`
}

// Bound is what a size says of the true one.
type Bound string

// The bounds.
const (
	Exactly Bound = "exactly" // when it was counted
	About   Bound = "about"
	AtLeast Bound = "at least"
	AtMost  Bound = "at most"
)

// Measured is how a few pages of listings came, from where the audit would run.
type Measured struct {
	// PerSecond are versions a second, both sides together, with as many requests
	// at a time as an audit sends; 0: nothing was measured.
	PerSecond float64
	// InsideAWS says that this computer is in a region of AWS.
	InsideAWS bool
}

// Way is a way to audit.
type Way string

// The ways.
const (
	FromHere Way = "listings, from here"
	InRegion Way = "listings, from inside a region of the pair"
	Join     Way = "inventories, joined here"
	Athena   Way = "inventories, compared by Athena"
)

// Estimate is what a way takes.
type Estimate struct {
	Way Way `json:"way"`
	// Time is how long it takes; 0: it can't be told.
	Time time.Duration `json:"time_ns"`
	// Wait is how long the lists are waited for at most where there are none.
	Wait     time.Duration `json:"wait_ns,omitempty"`
	Requests int64         `json:"requests"`
	Bytes    int64         `json:"bytes"` // that come to the computer that audits
	Disk     int64         `json:"disk_bytes,omitempty"`
	Dollars  float64       `json:"dollars"`
}

// What the figures stand on: prices as they were read in 2026 (the lists of S3
// and Athena for us-east-1; others are up to twice as dear), and sizes as they
// were measured with answers of S3's form.
const (
	PricesAsOf = "2026"

	listDollars      = 0.005 / 1000 // a request
	egressDollars    = 0.09 / 1e9   // a byte to a computer outside AWS
	regionDollars    = 0.02 / 1e9   // a byte to another region, from most of them
	inventoryDollars = 0.0025 / 1e6 // a version
	athenaDollars    = 5.0 / (1 << 40)
	athenaLeast      = 10 << 20

	perPage     = 1000
	bytesListed = 500 // of a version in a page
	bytesPacked = 40  // of a version in a list
	bytesJoined = 130 // of a version on the disk
	perFile     = 1_000_000

	// inRegionPerSecond is what aws-samples/s3-fast-list, one source, measured a
	// side with a hundred requests at a time.
	inRegionPerSecond = 980_000
	// joinPerSecond is what one processor reads and joins of lists. It is judged.
	joinPerSecond = 250_000
	// athenaPerSecond is judged: Athena documents no rate.
	athenaPerSecond, athenaStart = 5_000_000, 30 * time.Second
	inventoryWait                = 48 * time.Hour
	athenaSlice                  = 250_000_000
)

// Of estimates all ways. have says that both sides have lists already.
func Of(a, b Size, m Measured, have bool) []Estimate {
	n := a.Versions + b.Versions
	pages := max(1, (a.Versions+perPage-1)/perPage) + max(1, (b.Versions+perPage-1)/perPage) // an empty side answers, too
	listed, packed := n*bytesListed, n*bytesPacked
	egress := egressDollars
	if m.InsideAWS {
		egress = 0
	}
	here := Estimate{Way: FromHere, Requests: pages, Bytes: listed, Dollars: float64(pages)*listDollars + float64(listed)*egress}
	if m.PerSecond > 0 {
		here.Time = seconds(float64(n) / m.PerSecond)
	}
	// Both sides are listed at once, and one of them crosses regions.
	inside := Estimate{
		Way: InRegion, Requests: pages, Bytes: listed, Time: seconds(float64(max(a.Versions, b.Versions)) / inRegionPerSecond),
		Dollars: float64(pages)*listDollars + float64(max(a.Versions, b.Versions)*bytesListed)*regionDollars,
	}
	files := 2 + n/perFile
	made := float64(n) * inventoryDollars
	join := Estimate{
		Way: Join, Requests: files, Bytes: packed, Disk: n * bytesJoined, Time: seconds(float64(n) / joinPerSecond),
		Dollars: made + float64(packed)*egress,
	}
	slices := int64(1)
	for slices*athenaSlice < n {
		slices *= 2
	}
	athena := Estimate{
		// Each slice is asked for its differences and for its counts, and reads all:
		// side B's list from another region.
		Way: Athena, Requests: 2 * slices, Time: athenaStart + seconds(float64(2*slices*n)/athenaPerSecond),
		Dollars: made + float64(2*slices*max(packed, athenaLeast))*athenaDollars + float64(2*slices*b.Versions*bytesPacked)*regionDollars,
	}
	if !have {
		join.Wait, athena.Wait = inventoryWait, inventoryWait
	}
	return []Estimate{here, inside, join, athena}
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

// What somebody accepts without being asked. It is judged.
const (
	soon  = 15 * time.Minute
	cheap = 1.0
)

// Recommend is the way that is recommended, with its reason.
func Recommend(all []Estimate) (way Way, reason string) {
	of := map[Way]Estimate{}
	for _, e := range all {
		of[e.Way] = e
	}
	here, inside, join, athena := of[FromHere], of[InRegion], of[Join], of[Athena]
	switch {
	case here.Time > 0 && here.Time <= soon && here.Dollars <= cheap:
		return FromHere, fmt.Sprintf("it is over in %s for %.2f USD, and judges what is there now", here.Time.Round(time.Second), here.Dollars)
	case inside.Time <= time.Hour && inside.Dollars <= 20:
		return InRegion, fmt.Sprintf("from CloudShell or an instance it takes %s and %.2f USD, and judges what is there now", inside.Time.Round(time.Second), inside.Dollars)
	case join.Disk <= 100<<30:
		return Join, fmt.Sprintf("listing asks %d times and costs %.2f USD; lists are up to two days old, and cost %.2f USD", inside.Requests, inside.Dollars, join.Dollars)
	case inside.Dollars <= athena.Dollars:
		return InRegion, fmt.Sprintf("a join here takes %d GiB of disk, and Athena reads the lists %d times for %.2f USD; from an instance it takes %s and %.2f USD",
			join.Disk>>30, athena.Requests, athena.Dollars, inside.Time.Round(time.Second), inside.Dollars)
	}
	return Athena, fmt.Sprintf("a join here takes %d GiB of disk; Athena takes none", join.Disk>>30)
}
