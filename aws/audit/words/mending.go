package words

import (
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"

	"bothways/aws/audit/difference"
)

// Mend is how much one remedy is for, and what it is.
type Mend struct {
	Remedy   difference.Remedy `json:"remedy"`
	Versions int64             `json:"versions"`
	Bytes    int64             `json:"bytes,omitempty"`
	// Flags are those of bothways backfill that agree to it; "" where none is
	// needed, or where a backfill does nothing about it.
	Flags string `json:"flags,omitempty"`
	// Backfill says that bothways backfill does it.
	Backfill bool `json:"backfill,omitempty"`
	// Text says what it means, in sentences.
	Text string `json:"text"`
}

// remedy is what there is to say of a remedy.
type remedy struct {
	is       difference.Remedy
	short    string // in a few words
	flags    string
	backfill bool
	// one and many go on after a number.
	one, many string
	text      string
}

// remedies has a row for each, what a backfill does first.
func remedies() []remedy {
	return []remedy{
		{
			difference.Replicate, "backfill: batch job", "", true, "by a batch job", "by a batch job",
			"bothways backfill replicates exactly these, by a job of S3 Batch Operations.",
		},
		{
			difference.ReplicateHidden, "backfill --markers", "--markers", true, "by a batch job that keeps it deleted (--markers)", "by a batch job that keeps them deleted (--markers)",
			"bothways backfill --markers replicates these versions of files that were deleted since, and places a delete marker where one of them came to be served: the files stay deleted.",
		},
		{
			difference.CopyInPlace, "backfill --copies", "--copies", true, "by a copy in place (--copies)", "by copies in place (--copies)",
			"bothways backfill --copies writes them again where they stand, as new versions with new times, which replicate: batch jobs refuse what was deleted by its version ID. The older version stays.",
		},
		{
			difference.PlaceMarker, "backfill --markers", "--markers", true, "by a delete marker (--markers)", "by delete markers (--markers)",
			"bothways backfill --markers repeats the deletion on the other side, by a delete marker of its own: what was deleted here is then hidden there, too.",
		},
		{
			difference.ChooseWinner, "choose: --winner", "--winner", true, "once you choose who wins (--winner)", "once you choose who wins (--winner)",
			"Choose which version both sides shall serve; bothways backfill copies that one in place (--winner a, b, newest or KEY=a).",
		},
		{
			difference.Repair, "doctor, then backfill", "", true, "once the pair is repaired (bothways doctor)", "once the pair is repaired (bothways doctor)",
			"First what the doctor says (bothways doctor), then bothways backfill.",
		},
		{
			difference.Widen, "widen the rule", "", false, "once the rule takes it", "once the rule takes them",
			"Nothing is broken: the rule leaves these out. Let it take them (bothways apply, where needed with another --prefix or with --kms-a and --kms-b), then bothways backfill.",
		},
		{
			difference.Restore, "restore first", "", false, "only you can: restore it from the archive", "only you can: restore them from the archive",
			"Restore them from the archive first (aws s3api restore-object), then audit again: archived versions can't be replicated.",
		},
		{
			difference.Look, "look", "", false, "only you can: look at it", "only you can: look at them",
			"Look at them: nobody can tell from here what is right. The evidence of each row says what is known, and what would help.",
		},
		{
			difference.Wait, "wait", "", false, "has to wait: audit again", "have to wait: audit again",
			"Wait, and audit again.",
		},
	}
}

func ofRemedy(r difference.Remedy) remedy {
	for _, one := range remedies() {
		if one.is == r {
			return one
		}
	}
	if r == difference.NoRemedy {
		return remedy{text: "Nothing is needed."}
	}
	return remedy{is: r, short: string(r), text: string(r)}
}

// Remedy says what puts a version right, and with what.
func Remedy(r difference.Remedy) string { return ofRemedy(r).text }

// Do is a remedy in a few words: "" where nothing is needed.
func Do(r difference.Remedy) string { return ofRemedy(r).short }

// Mends are what puts right what was found, remedy by remedy, what a backfill does
// first.
func Mends(t difference.Tally) []Mend {
	var all []Mend
	for _, one := range remedies() {
		m := Mend{Remedy: one.is, Flags: one.flags, Backfill: one.backfill, Text: one.text}
		for _, g := range t.Groups {
			if g.Remedy != one.is {
				continue
			}
			m.Versions += g.Versions
			m.Bytes += g.Bytes
		}
		if m.Versions == 0 {
			continue
		}
		all = append(all, m)
	}
	return all
}

// Mending says what puts right what was found, a count for each remedy; "" where
// there is nothing to put right.
func Mending(t difference.Tally) string {
	mends := Mends(t)
	parts := make([]string, 0, len(mends))
	for _, m := range mends {
		r := ofRemedy(m.Remedy)
		parts = append(parts, Number(m.Versions)+" "+english.PluralWord(plural(m.Versions), r.one, r.many))
	}
	if len(parts) == 0 {
		return ""
	}
	return "To put right: " + strings.Join(parts, "; ") + "."
}

// BackfillFlags are the flags of bothways backfill with which it does all of what
// was found that needs no choice of a person; ok is false where there is nothing
// that it does.
func BackfillFlags(t difference.Tally) (flags []string, ok bool) {
	for _, m := range Mends(t) {
		switch m.Remedy {
		case difference.Replicate:
			ok = true
		case difference.CopyInPlace, difference.PlaceMarker, difference.ReplicateHidden:
			if ok = true; !slices.Contains(flags, m.Flags) {
				flags = append(flags, m.Flags)
			}
		case difference.ChooseWinner, difference.Repair, difference.Widen, difference.Restore, difference.Look, difference.Wait, difference.NoRemedy:
		}
	}
	return slices.Clip(flags), ok
}
