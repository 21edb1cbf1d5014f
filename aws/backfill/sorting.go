package backfill

import (
	"fmt"
	"strings"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/backfill/inplace"
	"bothways/aws/backfill/manifest"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// Reason is why a difference is not put right.
type Reason string

// The reasons.
const (
	// NotAgreed is what is only done where it was agreed to.
	NotAgreed Reason = "not agreed to"
	// NoWinner is a conflict of which nobody said who wins.
	NoWinner Reason = "no winner chosen"
	// NotCurrent is an older version that Batch refuses: writing it again would
	// change what is served.
	NotCurrent Reason = "an older version"
	// Archived has to be restored first.
	Archived Reason = "archived"
	// Unhealthy would fail again until the pair is repaired.
	Unhealthy Reason = "the pair has to be repaired first"
	// Untaken is what no rule to the other side takes, so that its task would fail.
	Untaken Reason = "not taken by the rule"
	// Waiting comes by itself, or does not: nothing is to be done yet.
	Waiting Reason = "on its way"
	// Unclear is what somebody has to look at.
	Unclear Reason = "to be looked at"
	// Replaced is what is something else on the other side by now.
	Replaced Reason = "something else came in its place"
	// Unlike is on both sides, which serve different versions of its key all the same.
	Unlike Reason = "the sides serve different versions"
	// Unproven was begun by an earlier run that this one only finishes.
	Unproven Reason = "left to the next run"
)

// Consent is what somebody agrees to before a backfill does it.
type Consent string

// The consents.
const (
	ToCopies  Consent = "copies"  // Asked.Copies
	ToMarkers Consent = "markers" // Asked.Markers
	ToWinner  Consent = "winner"  // Asked.Winner
)

// work is one thing to do for a difference: one of the four, or a version that is
// replicated together with the marker that keeps its file deleted.
type work struct {
	replicate *pair.Direction
	copy      *copying
	mark      *marking
	left      *left
}

type copying struct {
	side pair.SideName
	inplace.Judged
	far string // the version that the other side served, "" for none
}

type marking struct {
	side pair.SideName // that the marker is placed on
	key  string
	was  string // the version that it served, "" for none
	// since is when the other side deleted the file: what that side serves from
	// before then is no reason against the marker.
	since time.Time
}

type left struct {
	reason Reason
	words  string
	todo   string
	line   string // for the AWS CLI, which does that; "" where none does
	// consent is what is missing to it; "": no consent would do.
	consent Consent
}

// advice is what is to be done, with the line that does it.
func (l left) advice() string {
	if l.line == "" {
		return l.todo
	}
	return l.todo + ": " + l.line
}

// sorter says what is to be done for a difference. It is the same at each pass
// over the rows.
type sorter struct {
	asked   Asked
	world   survey.World
	healthy map[pair.Direction]string // why a direction is not, or ""
	kms     map[pair.Direction]bool   // a rule takes what is encrypted with KMS
	covers  func(key string, d pair.Direction) bool
	finish  map[pair.Direction]bool // an earlier run's job is only finished
}

func not(reason Reason, words, todo string) work {
	return work{left: &left{reason: reason, words: words, todo: todo}}
}

// without is what would be done with a consent.
func without(consent Consent, reason Reason, words, todo string) work {
	return work{left: &left{reason: reason, words: words, todo: todo, consent: consent}}
}

// of sorts one difference. ok is false for what needs nothing.
func (s sorter) of(d difference.Difference) (w work, ok bool) {
	switch d.Remedy {
	case difference.PlaceMarker:
		return s.marker(d), true
	case difference.Replicate, difference.ReplicateHidden:
		return s.replicate(d), true
	case difference.Repair, difference.Widen:
		if why := s.healthy[way(d)]; why != "" {
			return not(Unhealthy, why, "bothways doctor shows all of it, with the lines that mend it; then backfill again"), true
		}
		if d.Remedy == difference.Widen {
			return s.widened(d), true
		}
		if d.Verdict == difference.MarkerStayed { // a mended rule says first why it stayed
			return not(Unclear, strings.Join(d.Evidence, " "), "audit again: the pair was repaired since"), true
		}
		return s.replicate(d), true
	case difference.CopyInPlace:
		return s.inPlace(d), true
	case difference.ChooseWinner:
		return s.winner(d), true
	case difference.Restore:
		w := not(Archived, "it is archived, and Batch Replication takes nothing that is", "restore it, which takes hours, then audit again")
		w.left.line = s.restoreLine(d)
		return w, true
	case difference.Wait:
		return not(Waiting, "it may still be on its way", "audit again later"), true
	case difference.Look:
		return not(Unclear, strings.Join(d.Evidence, " "), "look at it: the audit's evidence says what is known"), true
	case difference.NoRemedy:
	}
	if severity := d.Verdict.Severity(); severity == difference.Wrong || severity == difference.Open {
		return not(Unclear, strings.Join(d.Evidence, " "), "look at it: nothing is known that puts it right"), true
	}
	return work{}, false
}

// way is the direction in which a difference has to travel.
func way(d difference.Difference) pair.Direction {
	if d.Direction != nil {
		return *d.Direction
	}
	if d.Only() == pair.B {
		return pair.BtoA
	}
	return pair.AtoB
}

// widened replicates what the rules left out when the audit looked, if they take it
// by now: a task for what they don't would fail, and be paid for.
func (s sorter) widened(d difference.Difference) work {
	switch {
	case d.Cause == difference.KMSNotOptedIn && !s.kms[way(d)]:
		return not(Untaken, "it is encrypted with KMS, and no rule to the other side takes that", "let the rule take it (bothways apply with --kms-a and --kms-b), then backfill again")
	case !s.covers(d.Key, way(d)):
		return not(Untaken, "no enabled rule to the other side covers its key", "let the rule take it (bothways apply with another --prefix), then backfill again")
	}
	return s.replicate(d)
}

func (s sorter) replicate(d difference.Difference) work {
	to := way(d)
	if s.finish[to] {
		return not(Unproven, "an earlier run's job goes first", "run this again when it has ended")
	}
	if d.At(to.From()) == nil {
		return not(Unclear, "the side that it should come from does not have it", "look at it")
	}
	if !d.Hidden() {
		return work{replicate: &to}
	}
	if !s.asked.Markers {
		return without(ToMarkers, NotAgreed, fmt.Sprintf("side %s has deleted the file since, and side %s does not have that deletion: brought there alone this version could be read again", to.From(), to.To()),
			"--markers replicates it and keeps the file deleted, by a delete marker where it comes to be served")
	}
	return work{replicate: &to, mark: &marking{to.To(), d.Key, served(d, to.To()), d.Serves(to.From()).Modified}}
}

func (s sorter) inPlace(d difference.Difference) work {
	side := d.Only()
	entry := d.At(side)
	switch {
	case entry == nil:
		return not(Unclear, "the audit does not say which version it is", "audit again")
	case entry.Marker:
		return s.marker(d)
	case !entry.Latest:
		return not(NotCurrent, "it was deleted on side "+string(side.Other())+" by its version ID, and is an older version on side "+string(side)+
			": writing it again would make it what is served", "leave it, or delete it on side "+string(side)+" too")
	case newer(d, side.Other(), *entry):
		return not(NotCurrent, "side "+string(side.Other())+" serves something newer for its key, which a copy would hide on both sides", "put the newer one right first, then audit again")
	case !s.asked.Copies:
		return without(ToCopies, NotAgreed, "it was deleted on side "+string(side.Other())+" by its version ID, which Batch Replication does not put back",
			"--copies writes it again on side "+string(side)+", as a new version with a new time, which replicates")
	}
	return work{copy: &copying{side, judged(d.Key, *entry), served(d, side.Other())}}
}

// newer says whether a side serves something, or a delete marker, that is newer
// than what the other one has.
func newer(d difference.Difference, side pair.SideName, than difference.Entry) bool {
	e := d.Serves(side)
	return e != nil && e.Modified.After(than.Modified)
}

func judged(key string, e difference.Entry) inplace.Judged {
	return inplace.Judged{Key: key, VersionID: e.VersionID, ETag: e.ETag, Size: e.Size, Modified: e.Modified}
}

func (s sorter) winner(d difference.Difference) work {
	side, why := s.asked.Winner.Of(d)
	if side == "" {
		return without(ToWinner, NoWinner, why, "--winner a, b, newest or KEY=a says which side's content the key gets")
	}
	entry := d.Serves(side)
	if entry != nil && !entry.Marker {
		return work{copy: &copying{side, judged(d.Key, *entry), served(d, side.Other())}}
	}
	if !s.asked.Markers {
		return without(ToMarkers, NotAgreed, "side "+string(side)+" wins and serves nothing: the other side's content would have to be hidden by a delete marker", "--markers places it")
	}
	return work{mark: &marking{side: side.Other(), key: d.Key, was: served(d, side.Other())}}
}

func served(d difference.Difference, side pair.SideName) string {
	if e := d.Serves(side); e != nil && !e.Marker {
		return e.VersionID
	}
	return ""
}

func (s sorter) marker(d difference.Difference) work {
	side := d.Only()
	entry := d.At(side)
	switch {
	case entry == nil || !entry.Latest:
		return not(NotCurrent, "it is an older delete marker, which hides nothing any more", "leave it")
	case newer(d, side.Other(), *entry):
		return not(NotCurrent, "side "+string(side.Other())+" serves something newer than this delete marker, which does not hide it", "put the newer one right first, then audit again")
	case !s.asked.Markers:
		return without(ToMarkers, NotAgreed, "a delete marker on side "+string(side)+" did not travel: side "+string(side.Other())+" still serves the key",
			"--markers hides it there too, by a delete marker of its own")
	}
	return work{mark: &marking{side: side.Other(), key: d.Key, was: served(d, side.Other())}}
}

// line is the manifest's line of what replicates in a direction.
func line(p pair.Pair, d difference.Difference, to pair.Direction) manifest.Line {
	return manifest.Line{Bucket: p.From(to).Bucket, Key: d.Key, VersionID: d.At(to.From()).VersionID}
}
