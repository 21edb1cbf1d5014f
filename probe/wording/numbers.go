package wording

import (
	"strconv"

	"github.com/dustin/go-humanize/english"
)

var sizeUnits = []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}

// Size writes a number of bytes in binary units, with one decimal where it is
// not a whole number: "128 KiB", "1.5 MiB".
func Size(bytes int64) string {
	number, unit := scaled(bytes)
	return number + " " + sizeUnits[unit]
}

// ShortSize is Size in at most six cells: "128K", "1.5M".
func ShortSize(bytes int64) string {
	number, unit := scaled(bytes)
	return number + sizeUnits[unit][:1]
}

func scaled(bytes int64) (number string, unit int) {
	value := float64(bytes)
	for (value >= 1023.95 || value <= -1023.95) && unit < len(sizeUnits)-1 {
		value /= 1024
		unit++
	}
	number = decimals(value, 1)
	if whole := len(number) - 2; number[whole:] == ".0" {
		number = number[:whole]
	}
	return number, unit
}

// Count writes so many things: "1 probe", "2 probes".
func Count(n int, thing string) string {
	return strconv.Itoa(n) + " " + english.PluralWord(n, thing, "")
}

// Rate writes how many a second, with two digits, or without decimals.
func Rate(perSecond float64) string {
	if perSecond >= 10 {
		return decimals(perSecond, 0)
	}
	return strconv.FormatFloat(perSecond, 'g', 2, 64)
}
