package words

import (
	"fmt"
	"strings"
	"time"

	"bothways/aws/audit/difference"
)

// asOf is the headline of an audit that compared lists: none of it holds of what
// was written since.
func asOf(t difference.Tally, lists *difference.Lists) string {
	both := when(lists.A) + " (A) and " + when(lists.B) + " (B)"
	switch {
	case t.Keys == 0 && lists.Prefix != "":
		return fmt.Sprintf("Neither list has a key that begins with %q, as of ", lists.Prefix) + both + ": nothing was compared, and nothing can be said about what was written since. " + unlisted(lists.Unlisted)
	case t.Keys == 0:
		return "Both lists are empty, as of " + both + ": nothing was compared, and nothing can be said about what was written since. " + unlisted(lists.Unlisted)
	case Sum(t).All == 0:
		return "No version of the lists of " + both + " was to be compared, and nothing can be said about what was written since."
	}
	return strings.TrimSuffix(headline(t, true), ".") + ", as of the lists' time, " + when(lists.Older()) + "."
}

// unlisted says what the buckets hold that neither list has.
func unlisted(found *difference.Unlisted) string {
	switch {
	case found == nil:
		return "What the buckets hold now was not looked at."
	case !found.Any():
		return "A page of each bucket's listing has nothing, either."
	}
	side := func(name string, n int64, more bool) string {
		if n == 0 && !more {
			return name + " none"
		}
		if more {
			return name + " more than " + Number(n)
		}
		return name + " " + Number(n)
	}
	return "The buckets hold versions that neither list has: " + side("A", found.A, found.MoreA) + ", " + side("B", found.B, found.MoreB) + ". Wait for newer lists, or audit without --inventory."
}

func when(at time.Time) string { return at.UTC().Format(time.RFC3339) }
