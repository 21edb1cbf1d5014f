package figures

import (
	"math"

	"bothways/aws/drill/canary"
	"bothways/aws/drill/objective"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

func (f *facts) faulted() Fault {
	out := Fault{BeginsMS: f.fault.begin, EndsMS: f.fault.end, Isolations: []Isolation{}}
	if f.fault.begin == nil {
		return out
	}
	if f.fault.end != nil {
		out.LengthMS = known(*f.fault.end - *f.fault.begin)
	}
	if f.scope.Kind != record.Pause {
		return out // replication itself goes on
	}
	for _, d := range pair.Directions() {
		out.Isolations = append(out.Isolations, f.isolation(d))
	}
	return out
}

// isolation reckons a direction's from its canaries, as of the moment at which
// the drill looked at it, else as of the fault's end or the last that is known.
func (f *facts) isolation(d pair.Direction) Isolation {
	is := Isolation{Direction: d}
	asOf := f.fault.end
	for i := range f.Isolations {
		if r := f.Isolations[i]; r.Direction == d {
			is.Recorded, is.Seen = &r, r.Seen
			if r.SinceStartMS > 0 {
				asOf = &r.SinceStartMS
			}
		}
	}
	if asOf == nil {
		asOf = known(f.lastMS())
	}
	is.AsOfMS = asOf
	row := make([]canary.Canary, 0, len(f.canaries[d]))
	for _, c := range f.canaries[d] {
		switch {
		case c.Unusable || c.PostedMS > *asOf:
		case c.At(*asOf) == canary.There:
			is.LastArrived, row = known(c.PostedMS), row[:0]
		case c.At(*asOf) == canary.Absent && c.PostedMS >= *f.fault.begin:
			row = append(row, c.Canary)
		}
	}
	is.Held = len(row)
	if len(row) == 0 {
		return is
	}
	is.FirstHeld = known(row[0].PostedMS)
	low, high := math.Inf(1), math.Inf(1)
	for _, c := range row {
		low, high = min(low, c.LowMS), min(high, c.HighMS)
	}
	is.EndsLowMS = known(low)
	if !math.IsInf(high, 1) {
		is.EndsHighMS = known(high)
	}
	return is
}

// curvePoints is how many points a curve has.
const curvePoints = 240

// backlog is how each direction stood from its first canary to the last instant.
func (f *facts) backlog() []Curve {
	curves := []Curve{}
	last := f.lastMS()
	for _, d := range pair.Directions() {
		all := f.plain(d)
		if len(all) == 0 {
			continue
		}
		curve := Curve{Direction: d}
		for i := range curvePoints {
			at := last * float64(i+1) / curvePoints
			l := objective.LossAt(all, at)
			curve.Points = append(curve.Points, Point{MS: at, Certain: len(l.Certain), Possible: len(l.Possible), LowMS: l.LowMS, HighMS: l.HighMS})
		}
		curves = append(curves, curve)
	}
	return curves
}

// convergedMS is when the drill saw that both sides hold the same; nil: never.
func (f *facts) convergedMS() *float64 {
	for _, c := range f.Changes {
		if c.State == record.Converged && c.Reached {
			return some(c.SinceStartMS)
		}
	}
	return nil
}

func (f *facts) convergence() Convergence {
	out := Convergence{}
	if f.fault.end == nil {
		return out
	}
	from := *f.fault.end
	low, high := from, from
	for _, d := range pair.Directions() {
		for _, c := range f.canaries[d] {
			if c.Unusable || c.PostedMS > from {
				continue
			}
			low, high = max(low, c.LowMS), max(high, c.HighMS)
			if math.IsInf(c.HighMS, 1) {
				out.LeftOver++
			}
		}
	}
	out.ByCanaries.LowMS = known(low - from)
	if !math.IsInf(high, 1) {
		out.ByCanaries.HighMS = known(high - from)
	}
	f.audited(&out, from)
	return out
}

// audited fills in what the audits after the fault show.
func (f *facts) audited(out *Convergence, from float64) {
	clean := []record.Compared{} // the last ones
	unclean := from
	for _, c := range f.Comparisons {
		switch {
		case c.Moment != record.After:
		case c.Clean && c.Whole:
			clean = append(clean, c)
		default:
			clean = nil
			if !c.Clean && c.BeganMS > 0 {
				unclean = max(unclean, c.BeganMS)
			}
		}
	}
	out.Twice = len(clean) >= 2
	out.ByAudit.LowMS = known(unclean - from)
	if len(clean) > 0 && clean[0].SinceStartMS > 0 {
		out.ByAudit.HighMS = known(max(clean[0].SinceStartMS, from) - from)
	}
	if at := f.convergedMS(); out.ByAudit.HighMS == nil && out.Twice && at != nil {
		out.ByAudit.HighMS = known(max(*at, from) - from) // the audits don't say when they were; by then they were over
	}
	if n := len(clean); n >= 2 && clean[n-1].BeganMS > 0 && clean[n-2].SinceStartMS > 0 {
		out.ApartMS = known(clean[n-1].BeganMS - clean[n-2].SinceStartMS)
	}
}
