package record

import "time"

// Verdict is how a drill ended.
type Verdict string

// The verdicts.
const (
	Passed  Verdict = "passed"
	Failed  Verdict = "failed"  // a target was missed, or a hypothesis did not hold
	Stopped Verdict = "stopped" // by somebody, a signal or the time box, before its end
	Errored Verdict = "error"   // something that the drill needed did not work
)

// Undo says whether everything that the drill changed is as it was.
type Undo string

// The ends of an undo.
const (
	Complete   Undo = "complete"
	Incomplete Undo = "incomplete"
)

// Result is the last word of a drill.
type Result struct {
	Drill   string  `json:"drill"`
	Verdict Verdict `json:"verdict"`
	Undo    Undo    `json:"undo"`
	// Why are the reasons of the verdict, worst first, in words.
	Why []string `json:"why"`
	// Stopped and Error are what turned it aside, in words, as objective.Reached
	// has them; "" where nothing did.
	Stopped string `json:"stopped,omitempty"`
	Error   string `json:"error,omitempty"`
	// Unknown are targets that were given and not compared, each with why, and what
	// else was asked and is not known: a verdict says nothing of them.
	Unknown []string `json:"not_known,omitempty"`
	// Left names what the drill made and that is still there.
	Left []string  `json:"left,omitempty"`
	At   time.Time `json:"at"`
}

// EventName implements pair.Event.
func (Result) EventName() string { return "drill_result" }

// Durable says that it must be on the disk before the drill goes on.
func (Result) Durable() bool { return true }
