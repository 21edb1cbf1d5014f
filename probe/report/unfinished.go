package report

import (
	"slices"

	"bothways/probe"
)

// flights find the unfinished probes of a run by their keys, of which thousands
// may be in flight at each of many events.
type flights struct {
	nth   map[string]int // of those with a key: how many began before it
	order []int          // the same of each of Unfinished, which rises
	began int
}

// addUnfinished adds a probe that began.
func (run *Run) addUnfinished(e probe.StartedEvent) {
	f := &run.flights
	if f.nth == nil {
		f.nth = map[string]int{}
	}
	if e.Key != "" {
		f.nth[e.Key] = f.began
	}
	f.order = append(f.order, f.began)
	f.began++
	run.Unfinished = append(run.Unfinished, e)
}

// isUnfinished says whether a probe began and has no sample.
func (run *Run) isUnfinished(key string) bool {
	_, known := run.flights.nth[key]
	return known
}

// finish takes a probe out of Unfinished, if it is there.
func (run *Run) finish(key string) {
	f := &run.flights
	nth, known := f.nth[key]
	if !known {
		return
	}
	delete(f.nth, key)
	if at, found := slices.BinarySearch(f.order, nth); found {
		f.order, run.Unfinished = without(f.order, at), without(run.Unfinished, at)
	}
}

// without takes one out of a list and moves what is on its shorter side: probes
// end about in the order in which they began, so that is mostly its beginning.
func without[T any](list []T, at int) []T {
	if at >= len(list)/2 {
		return slices.Delete(list, at, at+1)
	}
	copy(list[1:at+1], list[:at])
	clear(list[:1])
	return list[1:]
}
