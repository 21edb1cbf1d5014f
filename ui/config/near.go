package config

import (
	"strings"

	"github.com/agext/levenshtein"
)

// Near asks whether one of some names was meant, where one is near: "; is theme
// meant?", else "".
func Near(name string, names []string) string {
	best, nearest := "", 3 // edits; so many make another word
	for _, other := range names {
		if d := levenshtein.Distance(strings.ToLower(name), other, nil); d < nearest && d < len(other) {
			best, nearest = other, d
		}
	}
	if best == "" {
		return ""
	}
	return "; is " + best + " meant?"
}
