package wording

import (
	"strconv"

	"github.com/dustin/go-humanize/english"
)

// Count writes so many things: "1 probe", "2 probes".
func Count(n int, thing string) string {
	return strconv.Itoa(n) + " " + english.PluralWord(n, thing, "")
}
