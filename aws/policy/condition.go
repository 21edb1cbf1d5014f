package policy

import (
	"maps"
	"slices"
	"strings"
)

// condition is one key under one operator.
type condition struct {
	operator string // without its quantifier and IfExists
	key      string // in lower case
	wanted   []string
	ifExists bool
	all      bool // ForAllValues
	any      bool // ForAnyValue
}

func conditionsOf(block map[string]map[string]texts) []condition {
	var found []condition
	for _, operator := range slices.Sorted(maps.Keys(block)) {
		for _, key := range slices.Sorted(maps.Keys(block[operator])) {
			c := condition{operator: operator, key: strings.ToLower(key), wanted: block[operator][key]}
			c.operator, c.all = strings.CutPrefix(c.operator, "ForAllValues:")
			c.operator, c.any = strings.CutPrefix(c.operator, "ForAnyValue:")
			c.operator, c.ifExists = strings.CutSuffix(c.operator, "IfExists")
			found = append(found, c)
		}
	}
	return found
}

// holds evaluates what can be known (IAM User Guide, "Condition operators"):
// a key that is not sent makes a negated operator true and any other false.
func (c condition) holds(known map[string][]string) Answer {
	values, found := known[c.key]
	if !found {
		return Perhaps
	}
	if c.operator == "Null" {
		return yes(slices.Contains(c.wanted, "true") == (len(values) == 0))
	}
	negated := strings.Contains(c.operator, "Not")
	if len(values) == 0 {
		return yes(c.ifExists || c.all || negated && !c.any)
	}
	same := comparisons[c.operator]
	if same == nil || slices.ContainsFunc(c.wanted, func(w string) bool { return strings.Contains(w, "${") }) {
		return Perhaps
	}
	fits := func(value string) bool {
		return slices.ContainsFunc(c.wanted, func(w string) bool { return same(w, value) }) != negated
	}
	if c.all || negated && !c.any {
		return yes(!slices.ContainsFunc(values, func(v string) bool { return !fits(v) }))
	}
	return yes(slices.ContainsFunc(values, fits))
}

// comparisons compare a wanted value with one that is sent; those of times,
// numbers and addresses are left open.
var comparisons = map[string]func(wanted, sent string) bool{
	"StringEquals":              func(w, s string) bool { return w == s },
	"StringNotEquals":           func(w, s string) bool { return w == s },
	"StringEqualsIgnoreCase":    strings.EqualFold,
	"StringNotEqualsIgnoreCase": strings.EqualFold,
	"Bool":                      strings.EqualFold,
	"StringLike":                Like,
	"StringNotLike":             Like,
	"ArnEquals":                 Like,
	"ArnNotEquals":              Like,
	"ArnLike":                   Like,
	"ArnNotLike":                Like,
}

func yes(holds bool) Answer {
	if holds {
		return Yes
	}
	return No
}
