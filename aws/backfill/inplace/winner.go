// Package inplace puts right what Batch Replication refuses: it writes a version
// again where it stands, as a new version that replicates, and places delete
// markers that did not travel. Everything here changes what a bucket serves or
// keeps, so it is done only where it was agreed to.
package inplace

import (
	"fmt"
	"strings"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// Winner says which side's content a key gets where both sides serve different
// ones. The zero Winner chooses none.
type Winner struct {
	// Side wins everywhere, or "".
	Side pair.SideName
	// Newest lets the later write win; of two in the same second none does.
	Newest bool
	// Keys are chosen one by one, before the rule.
	Keys map[string]pair.SideName
}

// ParseWinner reads what a person types: a, b, newest, or KEY=a and KEY=b,
// each as a value of its own.
func ParseWinner(values []string) (Winner, error) {
	var w Winner
	for _, text := range values {
		at := strings.LastIndex(text, "=")
		switch name := strings.ToLower(text[at+1:]); {
		case at >= 0 && (name == "a" || name == "b"):
			if w.Keys == nil {
				w.Keys = map[string]pair.SideName{}
			}
			key, side := text[:at], pair.SideName(strings.ToUpper(name))
			if was, twice := w.Keys[key]; twice && was != side {
				return w, fmt.Errorf("the key %q is given to both sides", key)
			}
			w.Keys[key] = side
			continue
		case at >= 0:
			return w, fmt.Errorf("%q gives a key to %q: a and b are the sides", text, text[at+1:])
		case name == "a", name == "b":
			w.Side = pair.SideName(strings.ToUpper(name))
		case name == "newest":
			w.Newest = true
		default:
			return w, fmt.Errorf("%q says no winner: give a, b, newest or KEY=a", text)
		}
		if w.Side != "" && w.Newest {
			return w, fmt.Errorf("%q is a second rule for winners: give one", text)
		}
	}
	return w, nil
}

// Chooses says whether it chooses anything.
func (w Winner) Chooses() bool { return w.Side != "" || w.Newest || len(w.Keys) > 0 }

// String writes the rule in words.
func (w Winner) String() string {
	var parts []string
	switch {
	case w.Newest:
		parts = append(parts, "the later write")
	case w.Side != "":
		parts = append(parts, "side "+string(w.Side))
	}
	if n := len(w.Keys); n > 0 {
		parts = append(parts, fmt.Sprintf("%d by their keys", n))
	}
	return strings.Join(parts, ", and ")
}

// Of chooses the winner of a difference, or says why none is.
func (w Winner) Of(d difference.Difference) (side pair.SideName, why string) {
	if side, chosen := w.Keys[d.Key]; chosen {
		return side, ""
	}
	a, b := d.Serves(pair.A), d.Serves(pair.B)
	switch {
	case w.Side != "":
		return w.Side, ""
	case !w.Newest:
		return "", "no winner was chosen: --winner a, b, newest or KEY=a chooses one"
	case a == nil || b == nil:
		return "", "one side serves nothing, so that none is the later write: choose by the key"
	case a.Modified.After(b.Modified):
		return pair.A, ""
	case b.Modified.After(a.Modified):
		return pair.B, ""
	}
	return "", "both sides wrote in the same second: choose by the key"
}
