package cost

import "bothways/aws/pair"

// Reading is what it costs to have looked at both sides, at list prices and
// without the traffic between this computer and AWS.
type Reading struct {
	Dollars    float64 `json:"dollars"`
	PricesAsOf string  `json:"prices_as_of"`
}

// OfReading prices pages of listings, half of them of each side, and HEADs, all of
// them at the dearer side's price. S3 bills a listing as a PUT and a HEAD as a GET
// (aws.amazon.com/s3/pricing).
func OfReading(p pair.Pair, lists, heads int64) Reading {
	a, b := priceOf(p.A.Region), priceOf(p.B.Region)
	return Reading{Dollars: float64(lists)/2*(a.put+b.put)/1000 + float64(heads)*max(a.get, b.get)/1000, PricesAsOf: pricesAsOf}
}
