package figures

import (
	"cmp"
	"math"
	"slices"

	"bothways/aws/drill/canary"
	"bothways/aws/drill/evidence/trail"
	"bothways/aws/pair"
	"bothways/probe"
)

// canaryOf is a canary with where it comes from.
type canaryOf struct {
	canary.Canary
	sample *probe.Sample // nil: the journal ends while it was in flight
}

func (c canaryOf) arrived() bool { return !c.Unusable && !math.IsInf(c.HighMS, 1) }

// gather are the canaries of each direction in the order in which they were
// acknowledged.
func (f *facts) gather() {
	for i := range f.Samples {
		s := &f.Samples[i]
		if c, written := canary.FromSample(*s, f.began); written {
			f.canaries[s.Direction] = append(f.canaries[s.Direction], canaryOf{c, s})
		} else {
			f.refused[s.Direction]++
		}
	}
	for _, p := range f.Posted {
		f.canaries[p.Direction] = append(f.canaries[p.Direction], canaryOf{canary.Canary{
			Direction: p.Direction, Key: p.Key, VersionID: p.VersionID, Bytes: p.SizeBytes, PostedMS: p.SinceStartMS, LowMS: p.SinceStartMS, HighMS: math.Inf(1),
			Why: "the journal ends while it was in flight",
		}, nil})
	}
	for _, d := range pair.Directions() {
		slices.SortFunc(f.canaries[d], func(a, b canaryOf) int {
			return cmp.Or(cmp.Compare(a.PostedMS, b.PostedMS), cmp.Compare(a.Key, b.Key))
		})
	}
}

func (f *facts) plain(d pair.Direction) []canary.Canary {
	all := make([]canary.Canary, len(f.canaries[d]))
	for i, c := range f.canaries[d] {
		all[i] = c.Canary
	}
	return all
}

func (f *facts) written(d pair.Direction) Written {
	w := Written{Direction: d, Acked: len(f.canaries[d]), Refused: f.refused[d]}
	for _, s := range f.Started {
		if s.Direction == d {
			w.Intended++
		}
	}
	for _, c := range f.canaries[d] {
		if c.Unusable {
			w.Unusable++
		}
		if c.sample == nil {
			w.Flying++
		}
		if f.fault.begin != nil && c.PostedMS >= *f.fault.begin && (f.fault.end == nil || c.PostedMS < *f.fault.end) {
			w.During++
		}
	}
	return w
}

// Row is a canary as a file of samples has it. Times are milliseconds from the
// canaries' start.
type Row struct {
	Direction pair.Direction
	Key       string
	Version   string
	Bytes     int64
	PostedMS  float64
	LowMS     float64
	HighMS    *float64 // nil: nothing showed it
	Unusable  bool
	Phase     string // baseline, after, or ""
	AtCut     string // there, missing, unknown, or "" where there is no cut or it came later
	Why       string
	Sample    *probe.Sample // nil: in flight when the journal ends
}

// Rows are all canaries of a journal, by direction and acknowledgement.
func Rows(t *trail.Trail) []Row {
	f := newFacts(t)
	var rows []Row
	converged := f.convergedMS()
	for _, d := range pair.Directions() {
		for _, c := range f.canaries[d] {
			r := Row{
				Direction: d, Key: c.Key, Version: c.VersionID, Bytes: c.Bytes, PostedMS: c.PostedMS, LowMS: c.LowMS, Unusable: c.Unusable, Why: c.Why, Sample: c.sample,
			}
			if !math.IsInf(c.HighMS, 1) {
				r.HighMS = known(c.HighMS)
			}
			switch {
			case f.fault.begin != nil && c.PostedMS < *f.fault.begin:
				r.Phase = "baseline"
			case converged != nil && c.PostedMS >= *converged:
				r.Phase = "after"
			}
			if f.cut != nil && c.PostedMS <= *f.cut {
				r.AtCut = map[canary.Missing]string{canary.There: "there", canary.Absent: "missing", canary.Unknown: "unknown"}[c.At(*f.cut)]
			}
			rows = append(rows, r)
		}
	}
	return rows
}
