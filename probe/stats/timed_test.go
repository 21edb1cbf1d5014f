package stats

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
)

func timedOfAll(samples []probe.Sample) []timed {
	all := make([]timed, len(samples))
	for i, s := range samples {
		all[i] = timedOf(s, dawn)
	}
	return all
}

// However long a run is, a change is found where it is and every sample counts.
func TestALongRunIsCutWhereItsLevelChanges(t *testing.T) {
	const n = 5*mostTimed + 123
	r := rand.New(rand.NewPCG(4, 4))
	samples := every10s(levelled(r, n, .5, 4000, 6000), 1)
	if stretches := Stretches(samples, dawn, pair.AtoB); stretches != nil {
		t.Errorf("nothing was measured from A to B, and there are %d stretches", len(stretches))
	}
	stretches := Stretches(samples, dawn, pair.BtoA)
	if len(stretches) != 2 {
		t.Fatalf("%d stretches", len(stretches))
	}
	first, last := samples[0].SinceStart(dawn), samples[n-1].SinceStart(dawn)
	if stretches[0].N+stretches[1].N != n || stretches[0].From != first || stretches[1].To != last {
		t.Errorf("of %d from %v to %v there are %+v", n, first, last, stretches)
	}
	half := samples[n/2].SinceStart(dawn)
	if off := (stretches[1].From - half).Abs(); off > 30*time.Minute {
		t.Errorf("the change at %v is put at %v", half, stretches[1].From)
	}
	far := NewShelved(shelfOf(t))
	l := NewLevels(dawn)
	for _, s := range samples {
		l.Add(s)
	}
	if kept := len(l.directions[pair.BtoA].kept); kept > mostTimed || kept < mostTimed/2 {
		t.Errorf("%d moments are kept", kept)
	}
	if got := l.Stretches(slices.Values(samples), far)[pair.BtoA]; !slices.Equal(got, stretches) {
		t.Errorf("of values in a file they are %+v, want %+v", got, stretches)
	}
}
