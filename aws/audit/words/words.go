// Package words says in sentences what an audit found: one way for every face
// and report. Labels are short, meanings are for somebody who does not know S3's
// terms.
package words

import (
	"bothways/aws/audit/difference"
)

// Symbol stands before a verdict, so that no meaning is carried by colour alone.
func Symbol(v difference.Verdict) string {
	switch v.Severity() {
	case difference.Fine:
		return "✓"
	case difference.Waiting:
		return "…"
	case difference.Open:
		return "?"
	case difference.Wrong:
	}
	return "✗"
}

// told is what there is to say of a verdict.
type told struct {
	verdict        difference.Verdict
	label, meaning string
}

// verdicts has a row for each. The test beside it says what a new one lacks.
func verdicts() []told {
	return []told{
		{difference.Impossible, "sizes or kinds differ", "One version is not the same size, or not the same kind of thing, on both sides. Replication does not make such; something else wrote it."},
		{difference.Conflict, "each side serves another version", "Both sides have the same versions of a file, and a reader gets another one in each place. AWS does not document which of two writes wins."},
		{difference.Different, "bytes differ", "The same version holds other bytes on each side, as their checksums show."},
		{difference.Failed, "missing: replication failed", "S3 tried to copy it and gave up. It does not try again by itself."},
		{difference.Overdue, "missing: overdue", "S3 still means to copy it, and takes longer than this pair's own times."},
		{difference.NeverEligible, "missing: never replicated", "No rule ever took it, so S3 never tried to copy it."},
		{difference.Gone, "missing: was there, is gone", "Both sides had it, and one has lost it. Deletions of single versions, and those of lifecycle rules, are not replicated."},
		{difference.MarkerStayed, "deletion that did not travel", "It was deleted on one side, and the other has no such deletion: as a rule it still serves the file."},
		{difference.Unprovable, "same or not: can't be proven", "Both sides have a version of one size, and nothing that can be read tells whether its bytes are the same."},
		{difference.Unknown, "can't be told", "What is the matter could not be found out; the evidence says why."},
		{difference.InFlight, "on its way", "It is so young that S3 may still be copying it."},
		{difference.OtherwiseEncrypted, "same, encrypted otherwise", "The bytes are the same, their encryption is not."},
		{difference.SameContent, "same content", "The content is the same, its time or its version is not."},
		{difference.Superseded, "older, and not missed", "One side alone has this older version or deletion. Both sides hold its content in a newer version, or serve the same since, so that no reader misses it."},
		{difference.Same, "the same", "Both sides have it, with the same size and the same ETag."},
		{difference.Passed, "settled by itself", "It differed at the first look and no longer at the second."},
		{difference.Young, "newer than the audit", "It was written after the audit's cut-off, so it is counted and not judged."},
	}
}

func of(v difference.Verdict) told {
	for _, t := range verdicts() {
		if t.verdict == v {
			return t
		}
	}
	return told{v, string(v), "This version of bothways does not know it."}
}

// Label is a verdict in few words.
func Label(v difference.Verdict) string { return of(v).label }

// Meaning says what a verdict means, to somebody who does not know S3's terms.
func Meaning(v difference.Verdict) string { return of(v).meaning }

// Cause words a cause: "" where there is none to name.
func Cause(c difference.Cause) string {
	if c == difference.Undetermined {
		return "why is not known"
	}
	return string(c)
}
