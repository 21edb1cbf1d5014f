package polling

// Pace says how densely to poll once a series is known.
type Pace string

// The paces.
const (
	Courteous Pace = "courteous"
	Normal    Pace = "normal"
	Fine      Pace = "fine"
)

// Paces are all of them, from the fewest polls to the most.
func Paces() []Pace { return []Pace{Courteous, Normal, Fine} }

// Figures are what a pace comes to. HEADs and errors are those of the benchmark
// Polling for lognormal delays: a narrow law takes fewer HEADs and a wide one
// more.
type Figures struct {
	LeastHEADs, MostHEADs int     // a sample
	Error                 float64 // mean, of a bracket's middle, as a share of the delay
	Spacing               float64 // of the polls, in the normal pace's gaps
}

// Figures are zero for an unknown pace.
func (p Pace) Figures() Figures {
	switch p {
	case Courteous:
		return Figures{LeastHEADs: 7, MostHEADs: 8, Error: .06, Spacing: 2.2}
	case Normal:
		return Figures{LeastHEADs: 14, MostHEADs: 15, Error: .026, Spacing: 1}
	case Fine:
		return Figures{LeastHEADs: 24, MostHEADs: 24, Error: .016, Spacing: 0.6}
	}
	return Figures{}
}
