// Package doctor says why a pair does not replicate, or not all of it: it reads
// what is there, looks at what became of objects and, where that was agreed to,
// tries each direction with a canary.
package doctor

import (
	"cmp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// Diagnosis is why a pair does not replicate, or not all of it, as far as can
// be told from outside.
type Diagnosis struct {
	Survey *survey.Survey
	// Troubles are sorted: what stops everything first, then by how certain
	// it is, then in the order in which causes are usually met.
	Troubles []Trouble
	// Health is where each direction stands.
	Health map[pair.Direction]HealthEvent
}

// Leaves says that canaries could not be removed. They are named with their
// direction.
func (d Diagnosis) Leaves() bool {
	return d.Health[pair.AtoB].Left != "" || d.Health[pair.BtoA].Left != ""
}

// Healthy says that both directions replicate, or look as if they did, and
// that nothing is wrong with what they replicate.
func (d Diagnosis) Healthy() bool {
	for _, t := range d.Troubles {
		if t.Severity != survey.Note {
			return false
		}
	}
	for _, h := range d.Health {
		if !h.State.OK() {
			return false
		}
	}
	return true
}

// Standing is the pair with the options that its standing rules have: see
// wanted.Standing.
func (d Diagnosis) Standing(base pair.Pair) (as pair.Pair, known, alike bool) {
	return wanted.Standing(d.Survey, base)
}

// Cause is the kind of thing that is wrong.
type Cause string

// The causes, in the order in which they are looked for.
const (
	CauseRegion       Cause = "region"
	CauseBucket       Cause = "bucket"
	CauseRole         Cause = "role"
	CauseTrust        Cause = "trust"
	CausePolicy       Cause = "policy"
	CauseBucketPolicy Cause = "bucket policy"
	CauseKMS          Cause = "kms"
	CauseVersioning   Cause = "versioning"
	CauseRule         Cause = "rule"
	CauseObjectLock   Cause = "object lock"
	CauseOwnership    Cause = "ownership"
	CauseStorageClass Cause = "storage class"
	CauseObjects      Cause = "objects"
	CauseLifecycle    Cause = "lifecycle"
	CauseOperator     Cause = "operator"
	CauseDrill        Cause = "drill" // a drill of the pair is open
)

var causes = []Cause{
	CauseRegion, CauseBucket, CauseRole, CauseTrust, CausePolicy, CauseBucketPolicy, CauseKMS, CauseVersioning, CauseRule,
	CauseObjectLock, CauseOwnership, CauseStorageClass, CauseObjects, CauseLifecycle, CauseOperator, CauseDrill,
}

// Certainty says how sure a trouble is.
type Certainty string

// The certainties. What IAM simulates is likely: there are policies that it
// does not see.
const (
	Certain     Certainty = "certain"
	Likely      Certainty = "likely"
	Conceivable Certainty = "perhaps"
)

// Trouble is one thing that is wrong, or worth knowing, with the missing piece
// and the side that it is missing on.
type Trouble struct {
	// Severity is Blocker where nothing arrives, Warning where something does
	// not, Note where it is merely worth knowing.
	Severity  survey.Severity `json:"severity"`
	Direction *pair.Direction `json:"direction,omitempty"`
	Side      pair.SideName   `json:"side,omitempty"` // where the piece is
	Cause     Cause           `json:"cause"`
	Certainty Certainty       `json:"certainty"`
	// Missing names the piece: an action, a statement's Sid, a setting; "" has
	// none.
	Missing string `json:"missing,omitempty"`
	Title   string `json:"title"`   // what is there
	Meaning string `json:"meaning"` // what it means
	Todo    string `json:"todo"`    // what to do
	// CLI is a line for the AWS CLI that does it, where there is one.
	CLI string `json:"cli,omitempty"`
	// Apply says that bothways apply does it.
	Apply bool `json:"apply,omitempty"`

	// mend is the change of the rule that puts it right, until it is a line.
	mend func(*types.ReplicationRule)
}

// EventName implements pair.Event.
func (Trouble) EventName() string { return "trouble" }

// Words are the trouble in one paragraph.
func (t Trouble) Words() string {
	text := t.Title + ". " + t.Meaning
	if t.Todo != "" {
		text += " " + t.Todo
	}
	return text
}

func sortTroubles(all []Trouble) {
	certainties := []Certainty{Certain, Likely, Conceivable}
	slices.SortStableFunc(all, func(x, y Trouble) int {
		return cmp.Or(
			survey.Rank(x.Severity)-survey.Rank(y.Severity),
			slices.Index(certainties, x.Certainty)-slices.Index(certainties, y.Certainty),
			slices.Index(causes, x.Cause)-slices.Index(causes, y.Cause),
		)
	})
}

// State is where a direction stands.
type State string

// The states of a direction.
const (
	Proven    State = "proven"    // a canary arrived
	Plausible State = "plausible" // nothing is in the way, as far as can be told without trying
	Doubtful  State = "doubtful"  // something that can't be told for certain may be in the way
	Broken    State = "broken"    // it does not replicate
)

// OK says whether the direction replicates or looks as if it did.
func (s State) OK() bool { return s == Proven || s == Plausible }

// HealthEvent says where a direction stands.
type HealthEvent struct {
	Direction pair.Direction `json:"direction"`
	State     State          `json:"state"`
	Detail    string         `json:"detail"`
	// Untried says why no canary was written, where one was asked for, or is "".
	Untried string `json:"untried,omitempty"`
	// ReplicaMS is how long the canary took to be read, in milliseconds.
	ReplicaMS int64 `json:"replica_ms,omitempty"`
	// Left says which canaries could not be removed, in words, or is "".
	Left string `json:"left,omitempty"`
	// Checks are what the state rests on, read at an instant of this computer's
	// clock.
	Checks []Check   `json:"checks,omitempty"`
	ReadAt time.Time `json:"read_at,omitzero"`
}

// EventName implements pair.Event.
func (HealthEvent) EventName() string { return "health" }

// ExaminingEvent is news while a pair is being examined.
type ExaminingEvent struct {
	Direction *pair.Direction `json:"direction,omitempty"`
	Detail    string          `json:"detail"`
}

// EventName implements pair.Event.
func (ExaminingEvent) EventName() string { return "examining" }

// DiagnosisEvent closes an examination.
type DiagnosisEvent struct {
	Healthy  bool `json:"healthy"`
	Troubles int  `json:"troubles"` // blockers and warnings
	// Directions counts those that do not replicate, or may not.
	Directions int `json:"directions,omitempty"`
}

// EventName implements pair.Event.
func (DiagnosisEvent) EventName() string { return "diagnosis" }
