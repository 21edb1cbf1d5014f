package console

import "slices"

// place is where the console can be: a station of the rail, or beside it. It is
// a name and nothing else; where it stands is in the table of the places.
type place string

const (
	atWhere    place = "where"
	atSideA    place = "side A"
	atSideB    place = "side B"
	atOptions  place = "options"
	atPlan     place = "plan"
	atApply    place = "apply"
	atProbe    place = "probe"
	atResults  place = "results"
	atTeardown place = "tear down"
	atDoctor   place = "doctor"
	atRuns     place = "earlier runs"
	atPast     place = "an earlier run"
)

// station is what the frame shows of a place.
type station struct {
	place place
	title string
	rail  bool // a step of the way from the first choice to the results
}

// stations are all places. Those of the rail are numbered as they stand here.
func stations() []station {
	return []station{
		{atWhere, "Where", true},
		{atSideA, "Side A", true},
		{atSideB, "Side B", true},
		{atOptions, "Options", true},
		{atPlan, "Plan", true},
		{atApply, "Apply", true},
		{atProbe, "Probe", true},
		{atResults, "Results", true},
		{atTeardown, "Tear down", false},
		{atDoctor, "Doctor", false},
		{atRuns, "Earlier runs", false},
		{atPast, "Results", false},
	}
}

// rail are the places on the rail, in their order.
func rail() []place {
	var all []place
	for _, s := range stations() {
		if s.rail {
			all = append(all, s.place)
		}
	}
	return all
}

// title is how the frame calls the place.
func (p place) title() string {
	for _, s := range stations() {
		if s.place == p {
			return s.title
		}
	}
	return ""
}

// number is the place's on the rail, from 1, or 0 beside it.
func (p place) number() int { return slices.Index(rail(), p) + 1 }
