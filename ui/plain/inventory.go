package plain

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"

	"bothways/aws/audit/inventory"
)

// listsLine says how old the lists are that are compared, and what follows.
func listsLine(e inventory.Lists) string { return strings.Join(e.Notes(time.Now()), " ") }

// statusesLine says how many versions each side's list has of each replication
// status.
func statusesLine(e inventory.Statuses) string {
	side := func(name string, counts map[string]int64) string {
		if counts == nil {
			return name + ": the list has no replication statuses"
		}
		var all []string
		for _, status := range slices.Sorted(maps.Keys(counts)) {
			named := status
			if named == "" {
				named = "none"
			}
			all = append(all, fmt.Sprintf("%s %s", named, humanize.Comma(counts[status])))
		}
		return name + ": " + strings.Join(all, ", ")
	}
	return "replication statuses when the lists were made: " + side("A", e.A) + "; " + side("B", e.B)
}
