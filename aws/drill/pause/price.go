package pause

import "strings"

// PricesAsOf is when the price of an action's minute was read
// (aws.amazon.com/fis/pricing).
const PricesAsOf = "November 2026"

// MinutePrice is what a minute of an action of AWS FIS costs in a Region, in US
// dollars.
func MinutePrice(region string) float64 {
	if strings.HasPrefix(region, "us-gov-") {
		return 0.12
	}
	return 0.10
}
