package words

import (
	"strings"

	"github.com/dustin/go-humanize/english"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// Places are what people call the sides: "Ireland".
type Places map[pair.SideName]string

// Plainly says what is wrong in words of somebody who does not know S3's terms,
// a sentence each, the worst first; nothing where nothing is wrong.
func Plainly(t difference.Tally, places Places) []string {
	s := Sum(t)
	var said []string
	if n := s.Conflicts.Keys + s.Rivals; n > 0 {
		said = append(said, files(n)+english.PluralWord(plural(n), " reads", " read")+" differently in "+places[pair.A]+" and in "+places[pair.B]+".")
	}
	if n := s.Differing.Keys; n > 0 {
		said = append(said, files(n)+english.PluralWord(plural(n), " is", " are")+" damaged on one side: what should be the same differs.")
	}
	for _, there := range []pair.SideName{pair.B, pair.A} {
		if text := missing(s.Missing[there], s.Rivals, places[there.Other()]); text != "" {
			said = append(said, text)
		}
	}
	for _, there := range []pair.SideName{pair.B, pair.A} {
		if n := s.Deletions[there].Keys; n > 0 {
			said = append(said, files(n)+" that "+english.PluralWord(plural(n), "was", "were")+" deleted in "+places[there.Other()]+english.PluralWord(plural(n), " is", " are")+" still in "+places[there]+".")
		}
	}
	return said
}

// missing words what one place alone has; "" where that is nothing. The rivals among
// it are told apart, as neither place has the newer one of those.
func missing(p Part, rivals int64, here string) string {
	newer, older := p.Current-p.Alone-rivals, p.Keys-p.Current
	var parts []string
	if p.Alone > 0 {
		parts = append(parts, files(p.Alone)+is(p.Alone)+"only in "+here)
	}
	if newer > 0 {
		parts = append(parts, files(newer)+is(newer)+"newer in "+here)
	}
	if older > 0 {
		parts = append(parts, "older versions of "+files(older)+" are only in "+here)
	}
	if len(parts) == 0 {
		return ""
	}
	text := strings.Join(parts, ", ") + "."
	return strings.ToUpper(text[:1]) + text[1:]
}

func files(n int64) string { return amount(n, "file") }
