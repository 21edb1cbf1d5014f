// Package objective reckons what a drill achieved: how much was lost at the cut
// (RPO), how long it took to serve again (RTO), and what that says about the
// targets. It only computes: from the canaries and the instants of a drill, as
// its journal has them, anybody gets the same figures.
package objective

import (
	"math"

	"bothways/aws/drill/canary"
)

// Loss is what was acknowledged on the lost side and not on the other one at an
// instant. It is told as of the canaries: a writer that wrote more often may
// have lost up to one canary's interval more.
type Loss struct {
	AtMS float64 // from the canaries' start
	// The age of the oldest acknowledged canary that was not there lies in
	// [LowMS, HighMS]: the former counts those that were absent for certain, the
	// latter also those of which that is not known. 0 is none.
	LowMS, HighMS float64
	// Certain were absent for certain, Possible are those of which it is not
	// known, both in the order in which they were acknowledged.
	Certain, Possible []canary.Canary
	// Holes are those of Certain that are older than one that was there for
	// certain: replication keeps no order, so what survives is no prefix.
	Holes []canary.Canary
	// N counts the canaries that were acknowledged by then. One that S3 gave up, or
	// that this computer slept through, may well be lost, so it is among them.
	N int
}

// Bytes are those of the canaries that were, or may have been, lost.
func (l Loss) Bytes() (certain, possible int64) {
	for _, c := range l.Certain {
		certain += c.Bytes
	}
	for _, c := range l.Possible {
		possible += c.Bytes
	}
	return certain, possible
}

// LossAt reckons a direction's loss at an instant from its canaries in the order
// in which they were acknowledged.
func LossAt(all []canary.Canary, atMS float64) Loss {
	l := Loss{AtMS: atMS}
	newest := math.Inf(-1) // the latest that was there for certain
	for _, c := range all {
		if c.PostedMS > atMS {
			continue
		}
		l.N++
		switch c.At(atMS) {
		case canary.There:
			newest = max(newest, c.PostedMS)
		case canary.Absent:
			l.Certain = append(l.Certain, c)
			l.LowMS = max(l.LowMS, atMS-c.PostedMS)
			l.HighMS = max(l.HighMS, atMS-c.PostedMS)
		case canary.Unknown:
			l.Possible = append(l.Possible, c)
			l.HighMS = max(l.HighMS, atMS-c.PostedMS)
		}
	}
	for _, c := range l.Certain {
		if c.PostedMS < newest {
			l.Holes = append(l.Holes, c)
		}
	}
	return l
}

// MissBound is the upper end of the exact one-sided 95 % interval of the share
// of writes that miss a target, after n of them of which none did; about 3/n
// (Hanley and Lippman-Hand, "If Nothing Goes Wrong, Is Everything All Right?",
// 1983). It is 1 where n is 0.
func MissBound(n int) float64 {
	if n <= 0 {
		return 1
	}
	return 1 - math.Pow(0.05, 1/float64(n))
}
