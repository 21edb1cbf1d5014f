package record

import "bothways/aws/pair"

// Achieved are a drill's main figures, as they were reckoned at its end. Whoever
// has the journal can reckon them again.
type Achieved struct {
	Drill string `json:"drill"`
	// Loss is told of the directions whose writes may have been lost.
	Loss     []LossOf  `json:"loss"`
	Recovery *Interval `json:"recovery"` // null: nothing was failed over
}

// Interval holds the true value, in milliseconds.
type Interval struct {
	LowMS  float64 `json:"low_ms"`
	HighMS float64 `json:"high_ms"`
}

// LossOf is how old the oldest acknowledged canary was that the other side lacked
// at the cut, and how many it lacked, for certain and perhaps.
type LossOf struct {
	Direction pair.Direction `json:"direction"`
	Interval
	N        int `json:"n"`
	Certain  int `json:"certain"`
	Possible int `json:"possible"`
	Holes    int `json:"holes"`
}

// EventName implements pair.Event.
func (Achieved) EventName() string { return "drill_achieved" }

// Durable says that it must be on the disk before the drill goes on.
func (Achieved) Durable() bool { return true }
