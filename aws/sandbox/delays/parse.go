package delays

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
)

// Parse reads a law: its name, then its parameters where they are other than
// usual, as in bursty:on=30s,off=120s,factor=4. Errors name what is wrong and
// what there is to choose from.
func Parse(text string) (Law, error) {
	name, rest, given := strings.Cut(text, ":")
	at := slices.IndexFunc(kinds, func(k kind) bool { return k.name == name })
	if at < 0 {
		return Law{}, fmt.Errorf("there is no law %q: it is %s", name, series(kinds, func(k kind) string { return k.name }, "or"))
	}
	law := usual(at)
	if !given {
		return law, nil
	}
	of := kinds[at].parameters
	if len(of) == 0 {
		return Law{}, fmt.Errorf("%s takes no parameter, but got %q", name, rest)
	}
	var seen [most]bool
	for assignment := range strings.SplitSeq(rest, ",") {
		word, value, _ := strings.Cut(assignment, "=")
		i := slices.IndexFunc(of, func(p parameter) bool { return p.name == word })
		switch {
		case i < 0:
			return Law{}, fmt.Errorf("%s takes %s, not %q: write it as %s", name, series(of, func(p parameter) string { return p.name }, "and"), assignment, usual(at))
		case seen[i]:
			return Law{}, fmt.Errorf("%s has %s twice", name, word)
		}
		seen[i] = true
		read, err := of[i].read(value)
		if err != nil {
			return Law{}, fmt.Errorf("%s of %s is %q: %w", word, name, value, err)
		}
		law.values[i] = read
	}
	return law, nil
}

// series words what a table holds.
func series[T any](of []T, name func(T) string, conjunction string) string {
	names := make([]string, len(of))
	for i, one := range of {
		names[i] = name(one)
	}
	return english.WordSeries(names, conjunction)
}

// read reads a value and holds it to its bounds.
func (p parameter) read(text string) (float64, error) {
	var value float64
	var err error
	if p.unit == span {
		var d time.Duration
		d, err = time.ParseDuration(text)
		value = d.Seconds()
	} else {
		value, err = strconv.ParseFloat(text, 64)
	}
	if err != nil || math.IsNaN(value) || value < p.low || value > p.high {
		of := "a number"
		if p.unit == span {
			of = "a time"
		}
		return 0, fmt.Errorf("give %s from %s to %s, such as %s", of, p.unit.write(p.low), p.unit.write(p.high), p.unit.write(p.usual))
	}
	return value, nil
}
