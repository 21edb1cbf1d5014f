package objective

import "bothways/aws/drill/record"

// Recovered is the time from the fault to the first write that was read back on
// the survivor.
type Recovered struct {
	// It lies in (LowMS, HighMS], in milliseconds.
	LowMS, HighMS float64
	Steps         []Taken
	// Whole: the last step was reached. Otherwise HighMS is not known, and LowMS
	// is how long it had taken when the drill went on.
	Whole bool
}

// Taken is what one step of the fail-over took.
type Taken struct {
	Step          record.Step
	LowMS, HighMS float64
	How           string
}

// Recovery sums up the steps of a fail-over, in their order.
func Recovery(beganMS float64, steps []record.Recovery) Recovered {
	var r Recovered
	for _, s := range steps {
		// A step's beginning is what ended the one before, in the same process: it
		// is known to the moment.
		r.Steps = append(r.Steps, Taken{s.Step, max(s.ToLowMS-s.FromMS, 0), s.ToMS - s.FromMS, s.How})
		r.LowMS, r.HighMS = max(s.ToLowMS-beganMS, 0), s.ToMS-beganMS
		r.Whole = s.Step == record.Verify
	}
	return r
}
