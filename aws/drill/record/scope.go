package record

import (
	"errors"
	"fmt"
	"time"

	"bothways/aws/pair"
)

// Outage is how a cut looks to who connects.
type Outage string

// The outages of a cut.
const (
	Refused   Outage = "refused"    // every connection is refused at once
	BlackHole Outage = "black_hole" // nothing answers, until the client's own patience ends
	Slow      Outage = "slow"       // answers come late
)

// ParseOutage reads an outage's name.
func ParseOutage(text string) (Outage, error) {
	switch o := Outage(text); o {
	case Refused, BlackHole, Slow:
		return o, nil
	}
	return "", fmt.Errorf("an outage %q: give refused, black_hole or slow", text)
}

// Targets are what a drill is held against; 0 is none.
type Targets struct {
	RPO time.Duration `json:"rpo_ns,omitzero"` // the most that may be lost, in time
	RTO time.Duration `json:"rto_ns,omitzero"` // the longest until the survivor serves
	// By says who set them, as typed.
	By string `json:"by,omitempty"`
}

// People are those of the drill, as typed.
type People struct {
	Operator string `json:"operator,omitempty"`
	Observer string `json:"observer,omitempty"`
	Decision string `json:"decision,omitempty"` // who decides to fail over
}

// Scope is what a drill was asked for: whose data, how long, held against what.
// It is the first event of its journal after the opening.
type Scope struct {
	Drill    string                   `json:"drill"` // its ID
	Kind     Kind                     `json:"kind"`
	Pair     pair.Pair                `json:"pair"`
	Accounts map[pair.SideName]string `json:"accounts"`
	Callers  map[pair.SideName]string `json:"callers"` // ARNs
	// Lost is the side that is taken to be lost; the other one survives.
	Lost   pair.SideName `json:"lost"`
	Outage Outage        `json:"outage,omitempty"`
	// Prefix is whose keys are audited before and after; "" is all.
	Prefix string `json:"prefix"`
	// Box is how long the fault lasts at most. The drill's own end of it, and that
	// of AWS where AWS makes it.
	Box time.Duration `json:"box_ns"`
	// Hold is how long after its beginning the fault is told as of; 0: as soon as
	// the survivor serves.
	Hold  time.Duration `json:"hold_ns,omitzero"`
	Every time.Duration `json:"every_ns"` // from one canary of a direction to the next
	Least int           `json:"least"`    // canaries a direction for a steady state
	// Drain is how long arrivals are waited for once the fault is undone.
	Drain     time.Duration `json:"drain_ns"`
	Conflicts int           `json:"conflicts"` // keys that are written on both sides meanwhile
	// Ways are the directions in which a drill of an alarm lets an object fail;
	// none: both. Alarms are the names of those that are to ring; none: those that
	// are found. ByHand: somebody says when it rings.
	Ways      []pair.Direction `json:"ways,omitempty"`
	Alarms    []string         `json:"alarms,omitempty"`
	ByHand    bool             `json:"by_hand,omitempty"`
	Targets   Targets          `json:"targets"`
	People    People           `json:"people"`
	Title     string           `json:"title,omitempty"`
	Scenario  string           `json:"scenario,omitempty"`
	Reference string           `json:"reference,omitempty"` // of a risk or an impact analysis
	// Objectives are what it is to show, as typed; its kind's own stand beside them.
	Objectives string `json:"objectives,omitempty"`
	// Anyway says that it was asked for although something is not healthy.
	Anyway    bool      `json:"anyway,omitempty"`
	StartedAt time.Time `json:"started_at"`
}

// EventName implements pair.Event.
func (Scope) EventName() string { return "drill" }

// Durable says that it must be on the disk before the drill goes on.
func (Scope) Durable() bool { return true }

// The bounds of what can be asked for. FIS pauses for a minute up to 12 hours
// (FIS User Guide, aws:s3:bucket-pause-replication).
const (
	LeastBox   = time.Minute
	MostBox    = 12 * time.Hour
	UsualBox   = 15 * time.Minute
	UsualLeast = 30
)

// Check says what is wrong with a scope, in words for the person who wrote it.
func (s Scope) Check() error {
	if err := s.Pair.Check(); err != nil {
		return err
	}
	if s.Kind == Readiness {
		return nil
	}
	if s.Lost != pair.A && s.Lost != pair.B {
		return fmt.Errorf("side %q is lost: give A or B", s.Lost)
	}
	if s.Box < LeastBox || s.Box > MostBox {
		return fmt.Errorf("a time box of %v: give 1m to 12h", s.Box)
	}
	if s.Box%time.Minute != 0 && s.Kind == Pause {
		return fmt.Errorf("a time box of %v: AWS FIS takes whole minutes", s.Box)
	}
	if s.Kind != Alarm && (len(s.Ways) > 0 || len(s.Alarms) > 0 || s.ByHand) {
		return fmt.Errorf("a drill of kind %s rings no alarm: that is for one of kind alarm", s.Kind)
	}
	if s.ByHand && len(s.Alarms) > 0 {
		return errors.New("an alarm is named, and somebody is to say when it rings: give one of the two")
	}
	if s.Hold < 0 || s.Hold >= s.Box {
		return fmt.Errorf("a fault held for %v: give less than the time box of %v", s.Hold, s.Box)
	}
	if s.Every < 100*time.Millisecond || s.Every > time.Minute {
		return fmt.Errorf("a canary every %v: give 100ms to 1m", s.Every)
	}
	if s.Least < 1 {
		return errors.New("a steady state of no canary: give 1 or more, 30 is usual")
	}
	if s.Drain <= 0 {
		return fmt.Errorf("a drain of %v: give a time above zero", s.Drain)
	}
	if s.Conflicts < 0 {
		return fmt.Errorf("%d conflicts: give 0 or more", s.Conflicts)
	}
	if s.Targets.RPO < 0 || s.Targets.RTO < 0 {
		return errors.New("a target below zero: give a time such as 15m, or none")
	}
	return pair.CheckPrefix(s.Prefix)
}

// Survivor is the side that goes on.
func (s Scope) Survivor() pair.SideName {
	if s.Lost == pair.A {
		return pair.B
	}
	return pair.A
}

// Endangered is the direction whose writes the survivor may lack.
func (s Scope) Endangered() pair.Direction {
	if s.Lost == pair.A {
		return pair.AtoB
	}
	return pair.BtoA
}

// Failing are the directions in which an object is made to fail.
func (s Scope) Failing() []pair.Direction {
	if len(s.Ways) == 0 {
		return pair.Directions()
	}
	return s.Ways
}
