package plain

import (
	"fmt"
	"strings"
	"time"

	"bothways/aws/audit/estimate"
	told "bothways/aws/audit/words"
	"bothways/probe/wording"
)

// estimatedWays tells what the ways to audit a pair take.
func (w *Writer) estimatedWays(e estimate.Result) {
	for _, side := range []struct {
		name string
		size estimate.Size
	}{{"A", e.A}, {"B", e.B}} {
		w.Line("%s has %s %s versions and delete markers: %s.", side.name, side.size.Bound, told.Number(side.size.Versions), side.size.How)
	}
	switch {
	case e.PerSecond > 0:
		w.Line("Listings come at %s versions a second, both sides together: %s.", told.Number(int64(e.PerSecond)), e.RateHow)
	case e.Took > 0:
		w.Line("Both sides are empty: %s.", e.RateHow)
	default:
		w.Line("How fast listings come could not be measured.")
	}
	w.Line("Inventories: %s.", strings.TrimSuffix(e.ListsHow, "."))
	w.Line("")
	w.Line("%-43s %-10s %-14s %11s %10s %10s %9s", "way", "time", "after up to", "requests", "transfer", "disk here", "USD")
	for _, way := range e.Ways {
		w.Line("%-43s %-10s %-14s %11s %10s %10s %9s", way.Way, orUnknown(way.Time), afterLists(way.Wait), told.Number(way.Requests), wording.Size(way.Bytes), wording.Size(way.Disk), dollars(way.Dollars))
	}
	w.Line("")
	w.Line("Recommended: %s: %s.", e.Recommended, e.Reason)
	w.Line("Prices are AWS's for us-east-1 as of %s, with transfer to a computer outside AWS; other regions are up to twice as dear. Times from inside a region, of a join and of Athena are not measured here.", e.PricesAsOf)
	w.Line("Nothing was compared. %s for listings were sent for this.", wording.Count(int(e.Pages), "request"))
}

func orUnknown(d time.Duration) string {
	if d <= 0 {
		return "unknown"
	}
	return wording.Duration(max(d.Round(time.Millisecond), time.Millisecond))
}

func afterLists(d time.Duration) string {
	if d <= 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f h for lists", d.Hours())
}

func dollars(d float64) string {
	if d > 0 && d < 0.01 {
		return "< 0.01"
	}
	return fmt.Sprintf("%.2f", d)
}
