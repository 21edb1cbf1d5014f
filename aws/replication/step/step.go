// Package step is one change of a pair, and the carrying out of many: what a
// reviewer reads of a change, the action that is bound to it when it is planned,
// and the patience with what settles by itself. Each action has a file of its
// own.
package step

import (
	"cmp"
	"context"
	"strings"
	"time"

	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// Status is where a step stands.
type Status string

// The statuses of a step, in the words of the JSON lines.
const (
	Pending   Status = "pending"
	Running   Status = "running"
	Done      Status = "done"
	Already   Status = "already" // it was so before; nothing was changed
	Failed    Status = "failed"
	Skipped   Status = "skipped" // a step that it needs did not succeed, or the user skipped it
	Cancelled Status = "cancelled"
)

// Final says whether the status can no longer change in this run.
func (s Status) Final() bool { return s != Pending && s != Running }

// OK says whether what the step wanted holds.
func (s Status) OK() bool { return s == Done || s == Already }

// Change says what a step does to what is there, for the plan's first column.
type Change string

// The kinds of change.
const (
	Create  Change = "create"
	Modify  Change = "modify"
	Remove  Change = "remove"
	Prove   Change = "prove"   // writes and removes an object of its own, leaves nothing
	Wait    Change = "wait"    // lets time pass; can be skipped, see Plan.Skip
	Nothing Change = "nothing" // already as wanted; runs only to look again
)

// Step is one change, reviewed before it runs. Its exported part is data for
// the reviewer; what runs is the action that the same planner put beside it.
type Step struct {
	ID        string          // such as "rule-a-to-b"; stable, part of the JSON contract
	Kind      Kind            // what it works on
	Side      pair.SideName   // the side it changes, or "" when it belongs to a direction
	Direction *pair.Direction // the direction it belongs to, or nil
	Change    Change
	Title     string   // its kind in one or two words, for people
	What      string   // the change in words: "never set -> Enabled"
	Why       string   // one sentence: why replication wants it
	Call      string   // the API operation, such as "PutBucketReplication"
	Target    string   // what it is called on: "eu-west-1 my-bucket" or "iam role …"
	Request   string   // exactly what will be sent, as indented JSON
	CLI       string   // the same as one line for the AWS CLI
	Undo      string   // how it is undone, in words; says so where it can't be
	Needs     []string // IDs of the steps that must have succeeded
	// Undoes are the IDs of the set-up steps whose work a tear-down step
	// removes. The undo of a run leaves out a step that names none, or one
	// whose work that run did not do, unless the step sweeps.
	Undoes []string
	// Sweeps says that a tear-down step removes only objects that carry this
	// pair's mark, whichever run wrote them: every undo has it.
	Sweeps bool
	// Others names what of others the step writes to, in words, or is "":
	// such a step is in a plan only where that was agreed to.
	Others string
	// Base is what stood there when the plan was made, where the step
	// replaces it as a whole: a step stops if it reads otherwise, and the
	// journal keeps it. "" is nothing, or nothing that is replaced.
	Base string

	action action
}

// Event reports a step's change of status, or news while it runs.
type Event struct {
	ID        string          `json:"id"`
	Kind      Kind            `json:"kind,omitempty"`
	Side      pair.SideName   `json:"side,omitempty"`
	Direction *pair.Direction `json:"direction,omitempty"`
	Status    Status          `json:"status"`
	// Detail says in words what happened, or what is being waited for. After
	// a failure it holds the service's own words and what to do next.
	Detail string `json:"detail"`
	// Begins marks the event before the step's first call that changes
	// something.
	Begins bool `json:"begins,omitempty"`
	// Paused says that the step waits for new credentials, as Detail says, and
	// Profile which profile's, where it is one.
	Paused  bool   `json:"paused,omitempty"`
	Profile string `json:"profile,omitempty"`
	// Attempt counts from 1; above 1 the step is being tried again.
	Attempt int `json:"attempt,omitempty"`
	// ElapsedMS counts from the step's start, in milliseconds.
	ElapsedMS int64     `json:"elapsed_ms"`
	At        time.Time `json:"at"`
	// Base is what the step is about to replace, where it begins.
	Base string `json:"base,omitempty"`
}

// EventName implements pair.Event.
func (Event) EventName() string { return "step" }

// Durable says that a step's news must be on the disk before the run goes on.
func (Event) Durable() bool { return true }

// Kind is what a step works on. Programs go by it; Title is for people. Its
// values are part of the JSON contract and begin the IDs of steps.
type Kind string

// The kinds of steps.
const (
	KindBucket     Kind = "bucket"
	KindVersioning Kind = "versioning"
	KindSettle     Kind = "settle"
	KindRole       Kind = "role"
	KindRolePolicy Kind = "role-policy" // ours, on a role of others
	KindPolicy     Kind = "policy"      // our statements in a bucket's policy
	KindRule       Kind = "rule"
	KindCanary     Kind = "canary"
	KindObjects    Kind = "objects" // canaries and probes that carry our mark
)

// OnSide is the ID of the set-up step of a kind on a side, such as "bucket-a".
func (k Kind) OnSide(name pair.SideName) string { return string(k) + "-" + name.Slug() }

// On is the ID of the set-up step of a kind in a direction, such as
// "rule-a-to-b".
func (k Kind) On(d pair.Direction) string { return string(k) + "-" + d.Slug() }

// Late is the ID of the step of a kind that looks again after all others of it.
func (k Kind) Late() string { return string(k) + "-late" }

// Removal is the ID of the tear-down step that removes what a set-up step makes.
func Removal(id string) string { return "remove-" + id }

// action is what a step does when it runs, with everything it needs bound to
// it when the plan was made: what was reviewed is what runs.
type action interface {
	shown() shown
	// look reads whether what the step wants already holds, and says in words
	// what it found.
	look(ctx context.Context) (holds bool, detail string, err error)
	// do makes it so and verifies it. It is idempotent. report tells what is
	// being waited for while it runs. With an error, detail is what is to be
	// said beside it, or "".
	do(ctx context.Context, report func(detail string)) (detail string, err error)
}

// Deed is an action of a plan that is made elsewhere.
type Deed struct {
	Call, CLI string // the API operations that it calls, and the same for the AWS CLI
	Inputs    []any  // exactly what it sends
	// Look reads whether what the step wants holds already; nil: it never does.
	Look func(ctx context.Context) (holds bool, detail string, err error)
	// Do makes it so and verifies it; see action.
	Do func(ctx context.Context, report func(detail string)) (detail string, err error)
}

func (d Deed) shown() shown { return shown{d.Call, d.CLI, d.Inputs} }

func (d Deed) look(ctx context.Context) (holds bool, detail string, err error) {
	if d.Look == nil {
		return false, "", nil
	}
	return d.Look(ctx)
}

func (d Deed) do(ctx context.Context, report func(string)) (string, error) { return d.Do(ctx, report) }

// shown is what a reviewer sees of an action: the API operations that it calls,
// the same as one line for the AWS CLI, and exactly what it sends.
type shown struct {
	call, cli string
	inputs    []any
}

// New is a step that carries out an action: what the action calls and sends is
// put beside what the planner says of it.
func New(does action, s Step) Step {
	act := does.shown()
	requests := make([]string, len(act.inputs))
	for i, input := range act.inputs {
		requests[i] = wanted.ExactJSON(input)
	}
	s.Call, s.CLI, s.action = act.call, act.cli, does
	s.Request = cmp.Or(strings.Join(requests, "\n"), "nothing is sent")
	return s
}
