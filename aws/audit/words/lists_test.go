package words_test

import (
	"strings"
	"testing"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
)

func TestWhatListsSayHoldsAsOfTheirTime(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	lists := func(found *difference.Unlisted) *difference.Lists {
		return &difference.Lists{A: at.Add(time.Hour), B: at, Unlisted: found}
	}
	same := tallied(3)
	same.Keys = 3
	for want, got := range map[string]string{
		"Both sides hold the same: 3 versions, as of the lists' time, 2026-03-01T12:00:00Z.":                                              words.Headline(same, true, lists(nil)),
		"Both lists are empty, as of 2026-03-01T13:00:00Z (A) and 2026-03-01T12:00:00Z (B): nothing was compared":                         words.Headline(tallied(0), true, lists(nil)),
		"nothing can be said about what was written since. A page of each bucket's listing has nothing, either.":                          words.Headline(tallied(0), true, lists(&difference.Unlisted{})),
		"The buckets hold versions that neither list has: A more than 1,000, B none. Wait for newer lists, or audit without --inventory.": words.Headline(tallied(0), true, lists(&difference.Unlisted{A: 1000, MoreA: true})),
		"Nothing was compared yet.": words.Headline(tallied(0), false, lists(nil)),
	} {
		if !strings.Contains(got, want) || strings.Contains(got, "Both sides are empty") {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
