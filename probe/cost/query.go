package cost

import "fmt"

// What Athena takes, in US dollars (aws.amazon.com/athena/pricing): for what a
// query reads, of which each reads at least so much, in bytes.
const (
	scanPrice = 5.0 / (1 << 40)
	LeastScan = 10 << 20
)

// ScanPrice is what it takes that Athena reads so many bytes.
func ScanPrice(bytes int64) float64 { return float64(bytes) * scanPrice }

// Scan is what Athena is to read: so many queries, each of all that lies in
// some regions.
type Scan struct {
	Queries int64
	Region  string           // where Athena is asked
	Bytes   map[string]int64 // by the region that it lies in
}

// ScanEstimate is what a Scan costs at most.
type ScanEstimate struct {
	Queries  int64 `json:"queries"`
	Scanned  int64 `json:"scanned_bytes"`
	Transfer int64 `json:"transfer_bytes"` // from other regions
	// TransferDollars are in Dollars; Priced, DollarsAtMost and PricesAsOf are as
	// those of Estimate.
	Dollars         float64 `json:"dollars"`
	TransferDollars float64 `json:"transfer_dollars"`
	Priced          bool    `json:"priced"`
	DollarsAtMost   float64 `json:"dollars_at_most"`
	PricesAsOf      string  `json:"prices_as_of"`
}

// Estimate says what it costs. AWS says that a query across regions may transfer
// more than the data has (Athena User Guide, Query across regions), and not how
// much: that is not in it.
func (s Scan) Estimate() ScanEstimate {
	e := ScanEstimate{Queries: s.Queries, Priced: true, PricesAsOf: pricesAsOf}
	each := int64(0)
	for region, bytes := range s.Bytes {
		each += bytes
		if region == s.Region {
			continue
		}
		e.Transfer += s.Queries * bytes
		rate, known := transferPrice(region, s.Region)
		if !known {
			e.Priced, rate = e.Priced && bytes == 0, dearestTransfer
		}
		e.TransferDollars += float64(s.Queries*bytes) / (1 << 30) * rate
	}
	e.Scanned = s.Queries * max(each, LeastScan)
	e.Dollars = ScanPrice(e.Scanned) + e.TransferDollars
	e.DollarsAtMost = e.Dollars
	return e
}

// Dear says whether it costs more than somebody is likely to expect.
func (e ScanEstimate) Dear() bool { return e.DollarsAtMost >= AskAbove }

// AtMost words what it may cost, and what that stands on.
func (e ScanEstimate) AtMost() string {
	if e.Priced && e.DollarsAtMost < AskAbove {
		return fmt.Sprintf("%.2f USD", max(0.01, e.DollarsAtMost))
	}
	return Estimate{DollarsAtMost: e.DollarsAtMost, Priced: e.Priced}.AtMost()
}
