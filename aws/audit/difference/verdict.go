package difference

// Verdict is what is the matter with a version, or that nothing is.
type Verdict string

// The verdicts, from what needs somebody to what needs nobody.
const (
	// Impossible is a version whose sizes, or whose kinds, differ: replication
	// does not make such.
	Impossible Verdict = "impossible"
	// Conflict is a key of which the two sides serve different content. Which
	// write wins is not documented by AWS.
	Conflict Verdict = "conflict"
	// Different is a version whose bytes differ, as checksums show.
	Different Verdict = "different"
	// Failed is what S3 gave up: it stays until it is replicated by a batch job.
	Failed Verdict = "failed"
	// Overdue is PENDING for longer than the pair's own times allow.
	Overdue Verdict = "overdue"
	// NeverEligible is what no rule ever took: it stays where it is until a
	// batch job replicates it.
	NeverEligible Verdict = "never eligible"
	// Gone was on both sides and was removed from one.
	Gone Verdict = "gone"
	// MarkerStayed is a delete marker that did not travel.
	MarkerStayed Verdict = "marker stayed"
	// Unprovable is a version of one size on both sides of which nothing that
	// was read can tell whether its bytes are the same.
	Unprovable Verdict = "not provable"
	// Unknown is what could not be told, with the reason as its evidence.
	Unknown Verdict = "unknown"
	// InFlight is too young to be missed.
	InFlight Verdict = "in flight"
	// OtherwiseEncrypted is the same bytes with another encryption.
	OtherwiseEncrypted Verdict = "same, otherwise encrypted"
	// SameContent is the same bytes otherwise than by one version with one ETag:
	// null versions of other times, parts of other sizes, or two versions that
	// hold the same and are each served by one side.
	SameContent Verdict = "same content"
	// Superseded is an older version that one side has lost and whose content both
	// hold in a newer one, as after a copy in place, or an older delete marker of one
	// side where both serve the same since.
	Superseded Verdict = "superseded"
	// Same is what the sides agree in.
	Same Verdict = "same"
	// Passed is what was different at the first look and no longer at the second.
	Passed Verdict = "settled by itself" //nolint:gosec // no password
	// Young is newer than the audit's cut-off: counted, not judged.
	Young Verdict = "newer than the audit"
)

// Verdicts are all of them, in the order in which they are shown.
func Verdicts() []Verdict {
	return []Verdict{
		Impossible, Conflict, Different, Failed, Overdue, NeverEligible, Gone, MarkerStayed, Unprovable, Unknown,
		InFlight, OtherwiseEncrypted, SameContent, Superseded, Same, Passed, Young,
	}
}

// Severity is how much a verdict matters.
type Severity int

// The severities.
const (
	Fine    Severity = iota // nothing is wrong
	Waiting                 // it should come right by itself
	Open                    // not known to be right
	Wrong                   // the sides do not hold the same, or do not serve the same
)

// Severity of a verdict.
func (v Verdict) Severity() Severity {
	switch v {
	case Same, SameContent, Superseded, OtherwiseEncrypted, Passed:
		return Fine
	case InFlight, Young:
		return Waiting
	case Unprovable, Unknown:
		return Open
	case Impossible, Conflict, Different, Failed, Overdue, NeverEligible, Gone, MarkerStayed:
	}
	return Wrong // as one that is not known may be
}

// Cause is why a version is as its verdict says.
type Cause string

// The causes. Each has its evidence beside it.
const (
	NoCause         Cause = ""
	BeforeRule      Cause = "written before the rule"
	WhileDisabled   Cause = "written while the rule was disabled or gone"
	OutsideFilter   Cause = "outside the rule's filter"
	KMSNotOptedIn   Cause = "encrypted with KMS, which the rule does not take"
	Archived        Cause = "archived"
	IsReplica       Cause = "a replica, which is not replicated again"
	NoRule          Cause = "no rule covers it now"
	ByLifecycle     Cause = "removed by a lifecycle rule"
	ByVersionID     Cause = "deleted by its version ID"
	MarkersOff      Cause = "the rule does not replicate delete markers"
	MarkerOfExpiry  Cause = "a delete marker of a lifecycle rule"
	MissingRight    Cause = "a right is missing"
	BrokenRule      Cause = "the rule or its role is broken"
	Late            Cause = "later than this pair's own times"
	BothWrote       Cause = "both sides wrote the key"
	Rewritten       Cause = "written again as a newer version"
	OtherEncryption Cause = "encrypted otherwise"
	Undetermined    Cause = "not known"
)

// Remedy is what puts a version right.
type Remedy string

// The remedies. What bothways backfill does comes first.
const (
	// Replicate it by a batch job with a manifest of exactly such versions.
	Replicate Remedy = "replicate"
	// ReplicateHidden replicates it, too, and then hides it by a delete marker where
	// it came to be served: its own side has deleted the file.
	ReplicateHidden Remedy = "replicate, and keep it deleted"
	// CopyInPlace writes the bytes again, as a new version, where they stand, so
	// that it replicates: batch jobs refuse what was deleted by its version ID.
	CopyInPlace Remedy = "copy in place"
	// PlaceMarker hides on the other side, by a delete marker of its own, what the
	// marker of one side hides.
	PlaceMarker Remedy = "place a delete marker"
	// ChooseWinner names the version that both sides shall serve, and copies it
	// in place.
	ChooseWinner Remedy = "choose the winner"
	// Repair the pair first, as the doctor says, then replicate.
	Repair Remedy = "repair, then replicate"
	// Widen what the rule takes first, then replicate: nothing is broken, and the rule
	// leaves such versions out.
	Widen Remedy = "let the rule take it, then replicate"
	// Restore it from the archive first.
	Restore Remedy = "restore from the archive"
	// Wait for it.
	Wait Remedy = "wait"
	// Look at it: nobody can tell from here what is right.
	Look Remedy = "look at it"
	// NoRemedy is needed.
	NoRemedy Remedy = ""
)
