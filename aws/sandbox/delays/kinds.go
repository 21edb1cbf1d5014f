package delays

import (
	"time"
)

// unit is what a parameter's value is in.
type unit int

const (
	number unit = iota // as it is
	span               // seconds, written as 30s or 5m
)

// parameter is one of a law's numbers.
type parameter struct {
	name    string
	unit    unit
	usual   float64 // where it is not given
	low     float64 // the least that it may be
	high    float64 // the most
	meaning string
}

// most is how many parameters a law has at most.
const most = 3

// shortest and longest bound the parameters that are times, in seconds.
const (
	shortest = 0.001
	longest  = float64(30 * 24 * time.Hour / time.Second)
)

// kind is one of the laws that there are.
type kind struct {
	name, meaning string
	parameters    []parameter
	begin         func(s *Source, values [most]float64) process
}

// kinds are the laws, the plainest first; Law's zero value is of the first.
var kinds = []kind{
	{"independent", "no delay says anything of another", nil, independent},
	{"ar1", "each delay takes after the one before it in its direction", []parameter{
		{"phi", number, 0.8, 0, 0.999, "how much: the correlation of the logarithms of neighbours"},
	}, takingAfter},
	{"bursty", "now and then a direction takes factor times as long", []parameter{
		{"on", span, 30, shortest, longest, "how long a burst lasts"},
		{"off", span, 120, shortest, longest, "the time between two, on average"},
		{"factor", number, 4, 1, 1000, "how many times as long"},
	}, inBursts},
	{"ticks", "replicas arrive in batches, each direction at its own ticks", []parameter{
		{"every", span, 2, shortest, longest, "the time between two batches"},
	}, atTicks},
	{"diurnal", "delays rise and fall as over a day", []parameter{
		{"period", span, 24 * 3600, shortest, longest, "the length of the day"},
		{"swing", number, 2, 1, 1000, "how many times as long at its worst, and as short at its best"},
	}, byTheHour},
	{"drift", "delays grow factor times as long, then shrink as slowly, and so on", []parameter{
		{"over", span, 3600, shortest, longest, "how long that takes, one way"},
		{"factor", number, 2, 1, 1000, "how many times as long"},
	}, drifting},
}

// Choice is a law that can be chosen, for whoever offers them.
type Choice struct {
	Name       string
	Text       string // with the usual parameters, as Parse reads it
	Meaning    string
	Parameters []string // each with its meaning
}

// Choices are the laws with their usual parameters, the plainest first.
func Choices() []Choice {
	all := make([]Choice, len(kinds))
	for i, kind := range kinds {
		all[i] = Choice{Name: kind.name, Text: usual(i).String(), Meaning: kind.meaning}
		for _, p := range kind.parameters {
			all[i].Parameters = append(all[i].Parameters, p.name+": "+p.meaning)
		}
	}
	return all
}

// usual is a law with its usual parameters.
func usual(of int) Law {
	law := Law{kind: of}
	for i, p := range kinds[of].parameters {
		law.values[i] = p.usual
	}
	return law
}
