package figures

import (
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/stats"
)

// Results are the figures.
type Results struct {
	Baseline    []stats.SummaryEvent `json:"baseline" doc:"per direction and size, of the canaries acknowledged before the fault began; those under way then count as longer than they were watched until then"`
	After       []stats.SummaryEvent `json:"after" doc:"the same of those acknowledged once both sides held the same again"`
	FailBack    []FailBack           `json:"fail_back"`
	Within      []Within             `json:"within_target"`
	Fault       Fault                `json:"fault"`
	RPO         RPO                  `json:"rpo"`
	RTO         RTO                  `json:"rto"`
	Backlog     []Curve              `json:"backlog"`
	Convergence Convergence          `json:"convergence"`
	Integrity   []record.Compared    `json:"integrity" doc:"every audit of the scope, with its verdict, counts and what it names"`
	Backfill    Backfill             `json:"backfill"`
	Conflicts   []record.Conflict    `json:"conflicts" doc:"per key, what each side wrote and what each serves afterwards"`
	Same        ConflictCount        `json:"conflicts_count"`
	Alarms      []Alarm              `json:"alarms"`
	Loops       LoopCount            `json:"loop_checks"`
	Recorded    *record.Achieved     `json:"recorded" doc:"the main figures as the drill reckoned them at its own end; null: not in the journal"`
}

// FailBack compares after with before.
type FailBack struct {
	stats.VerdictEvent
	Slower bool `json:"slower" doc:"the whole interval of the ratio lies above 1.25"`
}

// Within says how many of the baseline's canaries were within the RPO's target.
type Within struct {
	Direction pair.Direction `json:"direction"`
	TargetMS  float64        `json:"target_ms"`
	N         int            `json:"n"`
	Within    int            `json:"within" doc:"for certain"`
	Over      int            `json:"over" doc:"for certain"`
	Unknown   int            `json:"unknown"`
	// MissBound is null where one was, or may have been, over.
	MissBound *float64 `json:"miss_bound" doc:"upper end of the one-sided 95 % interval of the share over the target, about 3/n; null where any was or may have been over"`
}

// Fault is when replication, or the way to a side, was away.
type Fault struct {
	BeginsMS   *float64    `json:"begins_ms" doc:"asked for, by this process"`
	EndsMS     *float64    `json:"ends_ms" doc:"seen to be undone"`
	LengthMS   *float64    `json:"length_ms" doc:"a length"`
	Isolations []Isolation `json:"isolations"`
}

// Isolation is what the canaries show of the fault.
type Isolation struct {
	Direction   pair.Direction    `json:"direction"`
	AsOfMS      *float64          `json:"as_of_ms" doc:"when it was looked at"`
	LastArrived *float64          `json:"last_arrived_ms" doc:"acknowledgement of the last canary that had arrived by then"`
	FirstHeld   *float64          `json:"first_held_ms" doc:"acknowledgement of the first of the unbroken row that had not: isolation of new writes begins between the two"`
	Held        int               `json:"held" doc:"canaries in that row"`
	EndsLowMS   *float64          `json:"ends_low_ms" doc:"the first canary of that row to arrive did so after this"`
	EndsHighMS  *float64          `json:"ends_high_ms" doc:"and by this"`
	Seen        bool              `json:"seen" doc:"as the drill saw it: 20 in a row, each older than three times the baseline's p99"`
	Recorded    *record.Isolation `json:"recorded" doc:"as the journal has it"`
}

// RPO stands three ways beside each other.
type RPO struct {
	CutMS      *float64          `json:"cut_ms" doc:"the instant as of which the loss is told"`
	ByCanaries []Loss            `json:"by_canaries"`
	CloudWatch []record.Metric   `json:"by_cloudwatch" doc:"what CloudWatch said, with why where it said nothing"`
	ByAudit    []Counted         `json:"by_audit"`
	Held       string            `json:"against_target" doc:"no_target, met, missed or cannot_be_told; of the lost side's writes, in a cut"`
	Reasons    map[string]string `json:"missing" doc:"why one of the three is not there"`
}

// Loss is a direction's loss by its canaries.
type Loss struct {
	Direction  pair.Direction `json:"direction"`
	Endangered bool           `json:"lost_sides_writes" doc:"true: the direction whose writes the survivor may lack"`
	LowMS      float64        `json:"low_ms" doc:"a length: the oldest that was missing for certain was so old at the cut; 0 is none"`
	HighMS     float64        `json:"high_ms" doc:"the same with those of which it is not known"`
	N          int            `json:"n" doc:"canaries acknowledged by the cut that can be used"`
	Certain    int            `json:"certain"`
	Possible   int            `json:"possible"`
	BytesLow   int64          `json:"bytes_certain"`
	BytesHigh  int64          `json:"bytes_possible"`
	Holes      int            `json:"holes" doc:"missing although a later one was there"`
	Oldest     string         `json:"oldest_key" doc:"empty: none"`
	Keys       []LostKey      `json:"keys"`
}

// LostKey is a canary that was, or may have been, missing at the cut.
type LostKey struct {
	Key      string  `json:"key"`
	Version  string  `json:"version_id"`
	PostedMS float64 `json:"posted_ms"`
	Certain  bool    `json:"certain"`
	Hole     bool    `json:"hole"`
}

// Counted is what an audit counted.
type Counted struct {
	Direction pair.Direction `json:"direction"`
	Versions  int64          `json:"versions" doc:"that the other side lacked"`
	Bytes     int64          `json:"bytes"`
	BeganMS   *float64       `json:"began_ms"`
	EndedMS   *float64       `json:"ended_ms" doc:"it counts as of a time between the two"`
	Whole     bool           `json:"whole" doc:"everything in the scope was compared"`
}

// RTO is the time to the first write that was read back on the survivor.
type RTO struct {
	LowMS  *float64 `json:"low_ms" doc:"a length, from the fault"`
	HighMS *float64 `json:"high_ms" doc:"null: the last phase was not reached"`
	Phases []Phase  `json:"phases"`
	Whole  bool     `json:"whole" doc:"true: a write was read back"`
	Held   string   `json:"against_target" doc:"no_target, met, missed or cannot_be_told"`
}

// Phase is a step of the fail-over.
type Phase struct {
	Step   record.Step `json:"phase" doc:"detect, decide, switch or verify"`
	LowMS  float64     `json:"low_ms" doc:"a length"`
	HighMS float64     `json:"high_ms" doc:"a length"`
	How    string      `json:"how" doc:"in words"`
	Key    string      `json:"key"`
}

// Curve is a direction's backlog over time.
type Curve struct {
	Direction pair.Direction `json:"direction"`
	Points    []Point        `json:"points"`
}

// Point is how a direction stood at an instant.
type Point struct {
	MS       float64 `json:"ms"`
	Certain  int     `json:"missing_certain"`
	Possible int     `json:"missing_possible" doc:"of which it is not known"`
	LowMS    float64 `json:"oldest_low_ms" doc:"a length: age of the oldest that was missing for certain"`
	HighMS   float64 `json:"oldest_high_ms" doc:"the same with those of which it is not known"`
}

// Convergence is how long it took until both sides held the same again.
type Convergence struct {
	ByCanaries Interval `json:"by_canaries" doc:"from the fault's end to the arrival of the last canary acknowledged before it"`
	ByAudit    Interval `json:"by_audit" doc:"from the fault's end: not yet at the start of the last audit that found a difference, and by the end of the first of those that found none"`
	Twice      bool     `json:"clean_twice" doc:"the last two audits were whole and found no difference"`
	ApartMS    *float64 `json:"apart_ms" doc:"between those two"`
	LeftOver   int      `json:"canaries_not_arrived"`
}

// Interval is a length of which both ends may be unknown.
type Interval struct {
	LowMS  *float64 `json:"low_ms" doc:"a length"`
	HighMS *float64 `json:"high_ms" doc:"a length"`
}

// Backfill is what had to be copied by hand.
type Backfill struct {
	Method string `json:"method"`
	Count  int    `json:"count"`
}

// ConflictCount sums the conflicts up.
type ConflictCount struct {
	Keys    int `json:"keys"`
	Same    int `json:"same" doc:"both sides serve the same afterwards"`
	Differ  int `json:"differ"`
	Unknown int `json:"unknown"`
}

// Alarm is an alarm that rang or did not.
type Alarm struct {
	Name    string   `json:"name"`
	Side    string   `json:"side"`
	How     string   `json:"how"`
	Rang    bool     `json:"rang"`
	LowMS   *float64 `json:"low_ms" doc:"a length, from the acknowledgement of the upload of the object that failed; of one that did not ring, how long it was listened to for certain"`
	HighMS  *float64 `json:"high_ms"`
	Updated string   `json:"state_updated_at" doc:"RFC 3339, by AWS's clock; empty where AWS was not asked"`
	Reason  string   `json:"state_reason" doc:"in AWS's words, or who said that it rang"`
	Unknown string   `json:"unknown" doc:"why it is not known whether it rings; empty: it is"`
	At      string   `json:"at" doc:"RFC 3339"`
}

// LoopCount sums up the checks that replicas do not come back.
type LoopCount struct {
	Held    int `json:"held"`
	Broken  int `json:"broken"`
	Unknown int `json:"unknown"`
}
