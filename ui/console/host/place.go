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
	Audit    Place = "audit"
	Backfill Place = "backfill"
	Drill    Place = "drill"
	// UndoDrill takes back what drills left open.
	UndoDrill Place = "undo a drill"
	Runs      Place = "earlier runs"
	Past      Place = "an earlier run"
	// PastAudit is the audit that Choice.Opened names.
	PastAudit Place = "an earlier audit"
)

// Subject is what a place speaks of, as far as the frame's header names it.
type Subject int

// The subjects.
const (
	Access  Subject = iota // who asks, while the sides are open
	Sides                  // the sides that were chosen, and who asks
	Others                 // what was done earlier, whoever asked: the header names none of them
	Earlier                // one run of those: the header says nothing of this session
)

// Station is what the frame shows of a place.
type Station struct {
	Place   Place
	title   string
	subject Subject
	rail    bool // a step of the way from the first choice to the results
}

// Stations are all places. Those of the rail are numbered as they stand here.
func Stations() []Station {
	return []Station{
		{Where, "Where", Access, true},
		{SideA, "Side A", Access, true},
		{SideB, "Side B", Sides, true},
		{Options, "Options", Sides, true},
		{Plan, "Plan", Sides, true},
		{Apply, "Apply", Sides, true},
		{Probe, "Probe", Sides, true},
		{Results, "Results", Sides, true},
		{TearDown, "Tear down", Sides, false},
		{Doctor, "Doctor", Sides, false},
		{Audit, "Audit", Sides, false},
		{Backfill, "Backfill", Sides, false},
		{Drill, "Drill", Sides, false},
		{UndoDrill, "Undo drill", Sides, false},
		{Runs, "Earlier runs", Others, false},
		{Past, "Results", Earlier, false},
		{PastAudit, "Audit", Earlier, false},
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
func (p Place) Title() string { return p.station().title }

// Subject is what the place speaks of.
func (p Place) Subject() Subject { return p.station().subject }

func (p Place) station() Station {
	for _, s := range Stations() {
		if s.Place == p {
			return s
		}
	}
	return Station{}
}

// Number is the place's on the rail, from 1, or 0 beside it.
func (p Place) Number() int { return slices.Index(Rail(), p) + 1 }
