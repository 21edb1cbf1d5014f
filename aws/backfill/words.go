package backfill

import (
	"fmt"
	"time"

	"github.com/dustin/go-humanize"
)

// Words say how a backfill ended, what is left first.
func (r Result) Words() string {
	at := r.At.UTC().Format(time.RFC3339)
	if r.Tried == 0 {
		if r.Stood > 0 {
			return fmt.Sprintf("nothing was left to do: all %s stand on both sides", humanize.Comma(r.Stood))
		}
		return "nothing was to be put right"
	}
	if r.Left() == 0 {
		text := fmt.Sprintf("0 left, proven at %s: all %s that were to be put right are there", at, humanize.Comma(r.Tried))
		if r.Gone > 0 {
			text += fmt.Sprintf(" (%s of them are on neither side any more)", humanize.Comma(r.Gone))
		}
		return text + blindWords(r.Blind) + r.stoodWords()
	}
	text := fmt.Sprintf("%s of %s left at %s", humanize.Comma(r.Left()), humanize.Comma(r.Tried), at)
	for _, one := range []struct {
		n    int64
		what string
	}{{r.Missing, "not there"}, {r.Differ, "there with something else in them"}, {r.Unlike, "there, and the sides serve different versions of their keys"}, {r.Pending, "on their way"}, {r.Unknown, "not to be looked at"}} {
		if one.n > 0 {
			text += fmt.Sprintf("; %s %s", humanize.Comma(one.n), one.what)
		}
	}
	return text + blindWords(r.Blind) + r.stoodWords()
}

// stoodWords say how many were right before.
func (r Result) stoodWords() string {
	if r.Stood == 0 {
		return ""
	}
	return fmt.Sprintf("; %s more stood on both sides before", humanize.Comma(r.Stood))
}
