package system

import "runtime/debug"

// sparing is how much larger than what is in use the heap may grow before it is
// collected, in percent; Go's own is 100.
const sparing = 30

// SpareMemory has garbage collected sooner than usual until the returned function
// is called: for work through which far more passes than it keeps, at a few more
// percent of a processor's time.
func SpareMemory() (restore func()) {
	before := debug.SetGCPercent(sparing)
	if before >= 0 && before < sparing {
		debug.SetGCPercent(before)
	}
	return func() { debug.SetGCPercent(before) }
}
