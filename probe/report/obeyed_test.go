package report

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
)

// What a terminal, a pager or an editor would obey is in no report, whatever
// its format, and JSON still means what was recorded.
func TestNoReportHasCharactersThatAreObeyed(t *testing.T) {
	const attack = "a\x7f\u009b31m\u202e\u2066\u200f\u2028\U000E0001\x1b[2Jb"
	h := header()
	h.Pair.A.Bucket, h.Pair.B.Region, h.RunID, h.Pair.Options.Prefix = attack, attack, attack, attack
	run := &Run{
		Headers: []probe.RunEvent{h},
		Samples: []probe.Sample{{Key: attack, VersionID: attack, Outcome: probe.Failed, Detail: attack}},
		Loops:   []probe.LoopEvent{{Key: attack, Direction: pair.AtoB, Origin: attack, Detail: attack}},
		Notices: []probe.NoticeEvent{{Text: attack}},
		Left:    []probe.LeftObject{{Key: attack}},
		Usage:   &cost.Usage{Requests: map[string]int64{attack: 1}},
	}
	options := charted(attack, attack)
	options.Version, options.Access = attack, attack
	for _, kind := range Kinds() {
		text := written(t, run, kind.Format, options)
		calm(t, kind.Title, text)
		if kind.Format == JSON {
			var again document
			if err := json.Unmarshal([]byte(text), &again); err != nil {
				t.Fatal(err)
			}
			if again.Samples[0].Detail != attack || again.Origin.Version != attack {
				t.Errorf("the JSON says %q of %q", again.Samples[0].Detail, again.Origin.Version)
			}
		}
	}
	comparison := Compare(Compared{Run: run, Origin: options.Origin}, Compared{Run: run, Origin: options.Origin})
	for _, format := range []Format{Text, Markdown, JSON} {
		var out strings.Builder
		if err := comparison.Write(&out, format); err != nil {
			t.Fatal(err)
		}
		calm(t, "the comparison as "+string(format), out.String())
	}
}

// calm wants nothing but what is printed, and ends of lines.
func calm(t *testing.T, what, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && r != '\r' && !unicode.IsPrint(r) {
			t.Errorf("%s has %U", what, r)
			return
		}
	}
}
