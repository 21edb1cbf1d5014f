package plain

import (
	"fmt"

	"bothways/probe"
	"bothways/ui/chart"
)

// cost words what a probe run will ask for, before it starts.
func cost(c probe.Cost) string {
	price := fmt.Sprintf("about %.2g USD at AWS's list prices of %s", c.Dollars, c.PricesAsOf)
	if c.Dollars < 0.001 {
		price = "less than 0.001 USD at AWS's list prices of " + c.PricesAsOf
	}
	if !c.Priced {
		price = "its price is unknown here for one of the regions"
	}
	each := ""
	if c.Rounds == 1 {
		each = " a round"
	}
	return fmt.Sprintf("Estimate%s: %d PUTs, about %d HEADs, %s A → B, %s B → A; on AWS %s.",
		each, c.PUTs, c.HEADs, chart.Size(c.BytesAtoB), chart.Size(c.BytesBtoA), price)
}
