// Package figures reckons everything that the report of a drill says from what its
// journal says. It only computes: the same journal gives the same figures.
package figures

import (
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/cost"
)

// Schema is the version of the report's form.
const Schema = 1

// Report is report.json. Times in milliseconds count from the canaries' start, on
// one monotonic clock, unless they are named as lengths; null is not known.
type Report struct {
	Schema      int                `json:"schema" doc:"the version of this form"`
	Drill       Identification     `json:"drill"`
	Scope       Scope              `json:"scope"`
	People      People             `json:"people"`
	Plan        Plan               `json:"plan"`
	Execution   Execution          `json:"execution"`
	Results     Results            `json:"results"`
	Restoration Restoration        `json:"restoration"`
	Findings    []Finding          `json:"findings"`
	Cost        Cost               `json:"cost"`
	Verdict     Verdict            `json:"verdict"`
	Journal     Journal            `json:"journal"`
	Signing     map[string]*string `json:"sign_off" doc:"roles to sign for, null until somebody does: operator, observer, decision_maker, risk_owner"`
}

// Identification is which drill it was.
type Identification struct {
	ID        string    `json:"id" doc:"of the drill; everything that it made in AWS carries it"`
	RunID     string    `json:"run_id" doc:"of its journal"`
	Title     string    `json:"title" doc:"as typed"`
	Kind      string    `json:"kind" doc:"readiness, cut, pause or alarm"`
	TestType  string    `json:"test_type" doc:"what that is as a test, in words"`
	Scenario  string    `json:"scenario" doc:"as typed, else in words what the kind rehearses"`
	Reference string    `json:"reference" doc:"of the risk or the business impact analysis, as typed"`
	Tool      string    `json:"tool" doc:"bothways, with the version that ran the drill"`
	WrittenBy string    `json:"written_by" doc:"the version of bothways that wrote this report"`
	Access    string    `json:"access" doc:"how AWS was reached, in words"`
	Simulated bool      `json:"simulated" doc:"true: in the sandbox, so that the times are simulated"`
	Notes     []string  `json:"notes" doc:"what a reader of the numbers must know"`
	Started   time.Time `json:"started_at" doc:"by this computer's clock"`
	Ended     time.Time `json:"ended_at" doc:"the last time that the journal has, by this computer's clock"`
	LengthMS  *float64  `json:"length_ms" doc:"from the canaries' start to the last event that counts from there, monotonic"`
}

// Scope is what was drilled.
type Scope struct {
	Sides        []Side           `json:"sides"`
	Pair         any              `json:"pair" doc:"both sides and the options of their replication, as in every journal of bothways"`
	Prefix       string           `json:"prefix" doc:"whose keys were audited; empty is all"`
	Lost         string           `json:"lost_side" doc:"the side taken to be lost"`
	Survivor     string           `json:"surviving_side"`
	Outage       string           `json:"outage" doc:"how a cut looks to who connects"`
	BoxMS        float64          `json:"time_box_ms" doc:"how long the fault lasts at most"`
	EveryMS      float64          `json:"canary_every_ms" doc:"from one canary of a direction to the next"`
	Least        int              `json:"canaries_least" doc:"arrivals a direction that a steady state takes"`
	DrainMS      float64          `json:"drain_ms" doc:"how long arrivals are waited for once the fault is undone"`
	Failing      []pair.Direction `json:"failing_directions" doc:"alarm: in which an object was made to fail"`
	Alarms       []string         `json:"alarms" doc:"alarm: those that were named; empty: those that were found"`
	ByHand       bool             `json:"alarm_by_hand" doc:"somebody was to say when it rang"`
	Conflicts    int              `json:"conflicts" doc:"keys that were to be written on both sides"`
	ThirdParties []string         `json:"third_parties" doc:"whose services were exercised"`
	Anyway       bool             `json:"anyway" doc:"true: asked for although something was not healthy"`
	Masked       bool             `json:"accounts_masked" doc:"true: account IDs were taken out of this folder"`
}

// Side is one of the two buckets.
type Side struct {
	Side    pair.SideName `json:"side" doc:"A or B"`
	Region  string        `json:"region"`
	Bucket  string        `json:"bucket"`
	Account string        `json:"account"`
	Caller  string        `json:"caller" doc:"ARN of who ran the drill there"`
}

// People are as typed.
type People struct {
	Operator  string `json:"operator"`
	Observer  string `json:"observer"`
	Decision  string `json:"decision_maker"`
	TargetsBy string `json:"targets_set_by"`
	Typed     string `json:"agreed_by_typing" doc:"what was typed to arm the drill"`
	AgreedAt  string `json:"agreed_at" doc:"RFC 3339, empty where the journal has no agreement"`
}

// Plan is what was to happen.
type Plan struct {
	Objectives    []string `json:"objectives"`
	Hypotheses    []string `json:"hypotheses"`
	Assumptions   []string `json:"assumptions"`
	Preconditions []string `json:"preconditions"`
	Expected      []string `json:"expected_outcomes"`
	StopRules     []string `json:"stop_rules"`
	Shown         []string `json:"blast_radius" doc:"what was shown before it was agreed to, line by line"`
	RPOTargetMS   *float64 `json:"rpo_target_ms" doc:"null: none was set"`
	RTOTargetMS   *float64 `json:"rto_target_ms" doc:"null: none was set"`
}

// Execution is what was done.
type Execution struct {
	States      []StateTimes          `json:"states"`
	Instants    []record.Instant      `json:"instants" doc:"the moments that numbers count from, as the journal has them"`
	Calls       []Call                `json:"calls" doc:"every request that may change something, canaries left out"`
	Steps       []Step                `json:"steps" doc:"changes of the pair, their last status"`
	Experiments []record.Experiment   `json:"experiments" doc:"of AWS FIS, each as it was last read"`
	Statuses    []record.ObjectStatus `json:"object_statuses" doc:"what HEAD said of canaries before, during and after the fault"`
	Canaries    []Written             `json:"canaries"`
	Deviations  []Said                `json:"deviations" doc:"what went otherwise than planned: as written down, and as the journal shows it"`
	Remarks     []Said                `json:"remarks" doc:"what somebody typed while it went on"`
	Sleeps      int                   `json:"sleeps" doc:"times at which this computer slept, or its clock was set while nothing was looked at"`
}

// StateTimes is one state of the drill's kind.
type StateTimes struct {
	State     record.State `json:"state"`
	EnteredAt *time.Time   `json:"entered_at" doc:"by this computer's clock; null: never"`
	ReachedAt *time.Time   `json:"reached_at" doc:"the same; null: never"`
	EnteredMS *float64     `json:"entered_ms" doc:"null before the canaries' start"`
	ReachedMS *float64     `json:"reached_ms"`
	Why       string       `json:"why" doc:"what was seen"`
}

// Call is a request with its answer.
type Call struct {
	Service   string        `json:"service"`
	Operation string        `json:"operation"`
	Side      pair.SideName `json:"side"`
	Target    string        `json:"target"`
	SentAt    *time.Time    `json:"sent_at"`
	Answered  *time.Time    `json:"answered_at" doc:"null: no answer is in the journal"`
	RequestID string        `json:"request_id"`
	Outcome   string        `json:"outcome" doc:"ok, the error's words, or unknown"`
}

// Step is the last status of a change.
type Step struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Detail string `json:"detail"`
}

// Written counts a direction's canaries.
type Written struct {
	Direction pair.Direction `json:"direction"`
	Intended  int            `json:"intended" doc:"begun"`
	Acked     int            `json:"acknowledged"`
	Refused   int            `json:"refused" doc:"their upload failed"`
	Unusable  int            `json:"unusable" doc:"this computer slept meanwhile, or S3 said that it failed to replicate them"`
	During    int            `json:"acknowledged_during_fault"`
	Flying    int            `json:"in_flight_at_end" doc:"the journal ends without their sample"`
}

// Said is a line of text.
type Said struct {
	Text string     `json:"text"`
	By   string     `json:"by" doc:"as typed; empty is bothways"`
	At   *time.Time `json:"at"`
}

// Restoration is the proof that everything is as it was.
type Restoration struct {
	Configurations []Configuration `json:"configurations"`
	Equal          bool            `json:"equal" doc:"of both sides the replication configuration before and after are there and have the same hash"`
	Roles          []Role          `json:"roles" doc:"what the roles may do on which a drill of an alarm put a policy, that one left out"`
	RolesEqual     *bool           `json:"roles_equal" doc:"of each of them what was read before and after is there and the same; null where none was touched"`
	TagsEqual      *bool           `json:"tags_equal" doc:"the same of the buckets' tags, as they are once the undo took the drill's own away; null where they were not read both times"`
	Left           []string        `json:"left_behind" doc:"what the drill made and that is still there, as it found itself"`
	Objects        []string        `json:"objects_left" doc:"versions that the canaries could not clean up, or could not be sure of"`
	Undo           string          `json:"undo" doc:"complete or incomplete; empty where the journal has no end"`
	Lines          []string        `json:"undo_lines" doc:"undo the drill with the AWS CLI alone"`
}

// Configuration is one that was read.
type Configuration struct {
	Side   pair.SideName `json:"side"`
	Moment record.Moment `json:"moment" doc:"before, during or after the fault"`
	SHA256 string        `json:"sha256" doc:"of the document as it was read, before anything was masked"`
	Hashed string        `json:"hash" doc:"right, wrong or masked: whether that is the hash of the document in this folder"`
	At     time.Time     `json:"at"`
	File   string        `json:"file" doc:"where it lies in this folder; empty where a later one of the same moment does"`
}

// Role is what a role may do, at a moment.
type Role struct {
	Side     pair.SideName `json:"side"`
	Role     string        `json:"role"`
	Moment   record.Moment `json:"moment" doc:"before or after the fault"`
	SHA256   string        `json:"sha256" doc:"of the document as it was read, before anything was masked"`
	Hashed   string        `json:"hash" doc:"right, wrong or masked: whether that is the hash of the document in this folder's journal"`
	Document string        `json:"document" doc:"canonical JSON"`
	At       time.Time     `json:"at"`
}

// Finding has what is to be filled in by hand.
type Finding struct {
	Number   int    `json:"number"`
	Severity string `json:"severity" doc:"blocks, warns or notes"`
	State    string `json:"state" doc:"when it was found"`
	Side     string `json:"side"`
	Title    string `json:"title"`
	Text     string `json:"text"`
	Todo     string `json:"todo"`
	Owner    string `json:"owner" doc:"to fill in"`
	Due      string `json:"due_date" doc:"to fill in"`
	Retest   string `json:"retest" doc:"to fill in"`
}

// Cost is estimated before and counted after.
type Cost struct {
	Estimated *record.Cost `json:"estimated" doc:"as it was shown before the drill armed itself; null: not in the journal"`
	Counted   *record.Cost `json:"counted" doc:"once it was over; null: not in the journal"`
	Canaries  *cost.Usage  `json:"canaries" doc:"requests, bytes and dollars of the canaries alone, counted as they went"`
}

// Verdict is how it ended.
type Verdict struct {
	Recorded   string   `json:"recorded" doc:"passed, failed, stopped or error, as the drill said itself; empty: the journal ends before"`
	Reckoned   string   `json:"reckoned" doc:"the same from this report's figures"`
	Why        []string `json:"why" doc:"as recorded, worst first"`
	WhyNow     []string `json:"why_reckoned"`
	Unisolated bool     `json:"isolation_not_reached"`
	Converged  bool     `json:"converged"`
	Restored   bool     `json:"restored"`
	Unknown    []string `json:"not_known" doc:"targets that were given and not compared, each with why, and what else was asked and is not known; as recorded"`
	Silent     []string `json:"silent_alarms" doc:"that did not ring, or of which that is not known"`
	Slower     []string `json:"slower"`
}

// Journal says what the report stands on.
type Journal struct {
	Lines    int            `json:"lines" doc:"of the journal"`
	Original string         `json:"original_sha256" doc:"of the journal as it lay on the computer that ran the drill"`
	Torn     bool           `json:"torn_last_line" doc:"it ends in the middle of a line, as after a crash"`
	Damaged  []int          `json:"damaged_lines" doc:"their numbers: what they said is missing here"`
	Others   map[string]int `json:"other_events" doc:"events that this version does not read, by name"`
	Missing  []string       `json:"missing" doc:"what a whole drill of this kind has in its journal and this one has not"`
}
