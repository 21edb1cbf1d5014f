package host

import "slices"

// Place is where the console can be: a station of the rail, or beside it. It is
// a name and nothing else; where it stands is in the table of the places.
type Place string

// The places. Their order here means nothing.
const (
	Where    Place = "where"
	SideA    Place = "side A"
	SideB    Place = "side B"
	Options  Place = "options"
	Plan     Place = "plan"
	Apply    Place = "apply"
	Probe    Place = "probe"
	Results  Place = "results"
	TearDown Place = "tear down"
	Doctor   Place = "doctor"
	Runs     Place = "earlier runs"
	Past     Place = "an earlier run"
)

// Station is what the frame shows of a place.
type Station struct {
	Place Place
	title string
	rail  bool // a step of the way from the first choice to the results
}

// Stations are all places. Those of the rail are numbered as they stand here.
func Stations() []Station {
	return []Station{
		{Where, "Where", true},
		{SideA, "Side A", true},
		{SideB, "Side B", true},
		{Options, "Options", true},
		{Plan, "Plan", true},
		{Apply, "Apply", true},
		{Probe, "Probe", true},
		{Results, "Results", true},
		{TearDown, "Tear down", false},
		{Doctor, "Doctor", false},
		{Runs, "Earlier runs", false},
		{Past, "Results", false},
	}
}

// Rail are the places on the rail, in their order.
func Rail() []Place {
	var all []Place
	for _, s := range Stations() {
		if s.rail {
			all = append(all, s.Place)
		}
	}
	return all
}

// Title is how the frame calls the place.
func (p Place) Title() string {
	for _, s := range Stations() {
		if s.Place == p {
			return s.title
		}
	}
	return ""
}

// Number is the place's on the rail, from 1, or 0 beside it.
func (p Place) Number() int { return slices.Index(Rail(), p) + 1 }
