package words

import (
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// Headline is the verdict on an audit in one sentence, what is lost first. An
// audit that did not come to its end says so, and one of lists as of when they
// were made; nil: the buckets were listed.
func Headline(t difference.Tally, complete bool, lists *difference.Lists) string {
	if complete && lists != nil {
		return asOf(t, lists)
	}
	return headline(t, complete)
}

func headline(t difference.Tally, complete bool) string {
	s := Sum(t)
	parts, open := findings(s), ""
	if s.Open.Versions > 0 {
		open = Number(s.Open.Versions) + " could not be told"
	}
	all := amount(s.All, "version")
	switch {
	case s.All == 0 && !complete:
		return "Nothing was compared yet."
	case s.All == 0:
		return "Both sides are empty."
	case len(parts) > 0:
		if open != "" {
			parts = append(parts, open)
		}
		return begin(complete, "of "+all+", "+strings.Join(parts, "; ")+".")
	case open != "":
		return begin(complete, "nothing is known to be wrong, but of "+all+", "+open+".")
	case s.Waiting.Versions > 0:
		return begin(complete, "nothing is wrong in "+all+"; "+Number(s.Waiting.Versions)+is(s.Waiting.Versions)+"on the way or too young to judge.")
	}
	return begin(complete, "both sides hold the same: "+all+".")
}

// begin begins a sentence, which holds so far where there is more to come.
func begin(complete bool, text string) string {
	if !complete {
		return "So far: " + text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// findings are what is wrong, a part of a sentence each.
func findings(s Summary) []string {
	var parts []string
	if n := s.Conflicts.Versions; n > 0 {
		parts = append(parts, "in "+amount(n, "key")+" each side serves another version")
	}
	if n := s.Differing.Versions; n > 0 {
		parts = append(parts, Number(n)+english.PluralWord(plural(n), " differs", " differ")+" between the sides")
	}
	for _, side := range []pair.SideName{pair.B, pair.A} {
		if p := s.Missing[side]; p.Versions > 0 {
			parts = append(parts, Number(p.Versions)+is(p.Versions)+"missing on "+string(side))
		}
	}
	for _, side := range []pair.SideName{pair.B, pair.A} {
		if p := s.Deletions[side]; p.Versions > 0 {
			parts = append(parts, amount(p.Versions, "deletion")+" did not travel to "+string(side))
		}
	}
	return parts
}

// Number is a count as people write it.
func Number(n int64) string { return humanize.Comma(n) }

func amount(n int64, thing string) string {
	return Number(n) + " " + english.PluralWord(plural(n), thing, "")
}

// plural is what decides between one and many: a count may be larger than an int.
func plural(n int64) int { return int(min(n, 2)) }

func is(n int64) string { return english.PluralWord(plural(n), " is ", " are ") }
