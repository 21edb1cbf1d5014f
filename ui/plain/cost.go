package plain

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"bothways/probe/cost"
	"bothways/probe/wording"
)

// estimated words what a probe run will ask for, before it starts.
func estimated(c cost.Estimate) string {
	price := fmt.Sprintf("about %.2g USD at AWS's list prices of %s", c.Dollars, c.PricesAsOf)
	if c.Dollars < 0.001 {
		price = "less than 0.001 USD at AWS's list prices of " + c.PricesAsOf
	}
	if !c.Priced {
		price = "its price is unknown here for one of the regions"
	}
	each := ""
	if c.Unending {
		each = " a round"
	}
	return fmt.Sprintf("Estimate%s: %d PUTs, about %d HEADs, %s A → B, %s B → A; about %s requests a second on average, at most %d at any moment; on AWS %s.",
		each, c.PUTs, c.HEADs, wording.Size(c.BytesAtoB), wording.Size(c.BytesBtoA), wording.Rate(c.PerSecond), c.MaxRate, price)
}

// counted words what a run asked for and what it cost, counted as it went.
func counted(u cost.Usage) string {
	kinds := make([]string, 0, len(u.Requests))
	for _, operation := range slices.Sorted(maps.Keys(u.Requests)) {
		kinds = append(kinds, fmt.Sprintf("%s %d", operation, u.Requests[operation]))
	}
	price := fmt.Sprintf("%.2g USD at AWS's list prices of %s", u.Dollars, u.PricesAsOf)
	if !u.Priced {
		price = "its price is unknown here for one of the regions"
	}
	rate := ""
	if mean := u.PerSecond(); mean > 0 {
		rate = fmt.Sprintf(", %s a second on average", wording.Rate(mean))
	}
	return fmt.Sprintf("Counted: %d requests%s (%s), uploaded %s on A and %s on B; on AWS %s.",
		u.Total(), rate, strings.Join(kinds, ", "), wording.Size(u.BytesAtoB), wording.Size(u.BytesBtoA), price)
}
