package fis

import (
	"maps"
	"slices"
	"time"
)

// Status is where an experiment or an action stands (AWS FIS API Reference,
// ExperimentState and ExperimentActionState).
type Status string

// The statuses. Skipped is of actions alone.
const (
	Pending    Status = "pending"
	Initiating Status = "initiating"
	Running    Status = "running"
	Completed  Status = "completed"
	Stopping   Status = "stopping"
	Stopped    Status = "stopped"
	Failed     Status = "failed"
	Cancelled  Status = "cancelled"
	Skipped    Status = "skipped"
)

// Ended says whether nothing follows.
func (s Status) Ended() bool {
	switch s {
	case Completed, Stopped, Failed, Cancelled, Skipped:
		return true
	case Pending, Initiating, Running, Stopping:
	}
	return false
}

// Error codes of experiments that failed. Codes may change, and clients should
// not act on them (AWS FIS User Guide, Troubleshooting).
const (
	authorizationFailure = "AuthorizationFailure"
	configurationFailure = "ConfigurationFailure"
	invalidTarget        = "InvalidTarget"
	quotaExceeded        = "QuotaExceededFailure"
)

// Failure is why an experiment failed. How AWS words the location is
// undocumented: "context for the section of the experiment template that
// failed".
type Failure struct {
	Account  string `json:"accountId"`
	Code     string `json:"code"`
	Location string `json:"location"`

	reason string
}

// State is a status with its reason.
type State struct {
	Status Status   `json:"status"`
	Reason string   `json:"reason,omitempty"`
	Error  *Failure `json:"error,omitempty"`
}

// Run is how far an action is.
type Run struct {
	State
	Begun, Ended time.Time
	Until        time.Time // when it ends by itself, by the clock of this computer
}

// Resolved is a bucket that a target was found to be.
type Resolved struct{ Target, Bucket string }

// Experiment is one as it is kept.
type Experiment struct {
	ID, Account, Region string
	// Token is the client's, and Document what else was in its request.
	Token, Document string
	Template        string // its id
	Plan            Plan
	Tags            map[string]string
	State           State
	Created, Ended  time.Time
	Runs            map[string]Run // by the name of the action
	Resolved        []Resolved
}

// experiment is one with what runs of it. Its fields are used with the lock of
// the API held.
type experiment struct {
	Experiment
	timer  *time.Timer
	alarms *time.Timer
	timers map[string]*time.Timer // of actions
	lifts  map[string][]func()    // of the pauses of actions
}

// ARN is that of the experiment.
func (e *Experiment) ARN() string { return arn(e.Region, e.Account, "experiment/"+e.ID) }

func (e *experiment) stopTimers() {
	for _, timer := range append(slices.Collect(maps.Values(e.timers)), e.timer, e.alarms) {
		if timer != nil {
			timer.Stop()
		}
	}
}

// experimentSummary is what lists have of an experiment.
type experimentSummary struct {
	ID       string            `json:"id"`
	ARN      string            `json:"arn"`
	Template string            `json:"experimentTemplateId"`
	State    State             `json:"state"`
	Created  instant           `json:"creationTime"`
	Tags     map[string]string `json:"tags"`
	Options  Options           `json:"experimentOptions"`
}

// wholeExperiment is what the other answers have of it.
type wholeExperiment struct {
	experimentSummary
	RoleARN        string                `json:"roleArn"`
	Targets        map[string]Target     `json:"targets,omitempty"`
	Actions        map[string]actionView `json:"actions"`
	StopConditions []StopCondition       `json:"stopConditions"`
	Started        *instant              `json:"startTime,omitempty"`
	Ended          *instant              `json:"endTime,omitempty"`
}

type actionView struct {
	Action
	State   State    `json:"state"`
	Started *instant `json:"startTime,omitempty"`
	Ended   *instant `json:"endTime,omitempty"`
}

func (e *experiment) summary() experimentSummary {
	tags := e.Tags
	if tags == nil {
		tags = map[string]string{}
	}
	return experimentSummary{e.ID, e.ARN(), e.Template, e.State, instant(e.Created), tags, e.Plan.Options}
}

func (e *experiment) answer() any {
	whole := wholeExperiment{
		experimentSummary: e.summary(), RoleARN: e.Plan.RoleARN, Targets: e.Plan.Targets, Actions: map[string]actionView{},
		StopConditions: e.Plan.StopConditions, Started: maybe(e.Created), Ended: maybe(e.Ended),
	}
	for name, action := range e.Plan.Actions {
		run := e.Runs[name]
		whole.Actions[name] = actionView{action, run.State, maybe(run.Begun), maybe(run.Ended)}
	}
	return map[string]any{"experiment": whole}
}
