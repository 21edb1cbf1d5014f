package wording

import "strconv"

// Rate writes how many a second, with two digits, or without decimals.
func Rate(perSecond float64) string {
	if perSecond >= 10 {
		return decimals(perSecond, 0)
	}
	return strconv.FormatFloat(perSecond, 'g', 2, 64)
}
