package probe

import (
	"errors"
	"fmt"
	"math"
)

// Check says why a sample is none that a run makes, as a journal that was
// damaged or written by hand may hold it.
func (s Sample) Check() error {
	if s.SizeBytes < 0 || s.Throttled < 0 || wrongTime(s.UploadMS, s.SinceStartMS, s.CorrectedMS, s.CommitBracketMS[0], s.CommitBracketMS[1]) {
		return errors.New("a number in it can't be")
	}
	if s.CommitBracketMS[0] > s.CommitBracketMS[1] {
		return fmt.Errorf("its bracket from the commit ends at %v ms, before it begins at %v", s.CommitBracketMS[1], s.CommitBracketMS[0])
	}
	return Completion{DurationMS: s.DurationMS, BracketMS: s.BracketMS, HEADs: s.HEADs, Unknowns: s.Unknowns, Outcome: s.Outcome}.Check()
}

// Check says why an end point is none that a run makes.
func (c Completion) Check() error {
	switch c.Outcome {
	case Replicated, GaveUp, Failed, Interrupted, Suspended:
	default:
		return fmt.Errorf("no probe ends as %q", c.Outcome)
	}
	if c.HEADs < 0 || c.Unknowns < 0 || wrongTime(c.DurationMS, c.BracketMS[0], c.BracketMS[1]) {
		return errors.New("a number in it can't be")
	}
	return c.checkBracket()
}

// checkBracket says why a time is none that its bracket may hold. Without a bracket,
// 0 to 0, nothing is known to be wrong.
func (c Completion) checkBracket() error {
	const rounding = 1 // ms, more than any journal loses of a digit
	low, high := c.BracketMS[0], c.BracketMS[1]
	switch {
	case low > high:
		return fmt.Errorf("its bracket ends at %v ms, before it begins at %v", high, low)
	case high > 0 && (c.DurationMS < low-rounding || c.DurationMS > high+rounding):
		return fmt.Errorf("its time of %v ms lies outside of its bracket, %v to %v", c.DurationMS, low, high)
	}
	return nil
}

// longestMS is more than any run lasts, in milliseconds: a century.
const longestMS = 100 * 366 * 24 * 3600 * 1000

func wrongTime(values ...float64) bool {
	for _, ms := range values {
		if math.IsNaN(ms) || ms < 0 || ms > longestMS {
			return true
		}
	}
	return false
}
