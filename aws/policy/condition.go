package policy

import (
	"maps"
	"slices"
	"strings"
)

// condition is one key under one operator.
type condition struct {
	operator  string // without its quantifier and IfExists
	key       string // in lower case
	written   string // the same as the policy has it
	wanted    []string
	ifExists  bool
	all       bool // ForAllValues
	any       bool // ForAnyValue
	variables bool // the policy's version has them
}

func conditionsOf(block map[string]map[string]texts, variables bool) []condition {
	var found []condition
	for _, operator := range slices.Sorted(maps.Keys(block)) {
		for _, key := range slices.Sorted(maps.Keys(block[operator])) {
			c := condition{operator: operator, key: strings.ToLower(key), written: key, wanted: block[operator][key], variables: variables}
			c.operator, c.all = strings.CutPrefix(c.operator, "ForAllValues:")
			c.operator, c.any = strings.CutPrefix(c.operator, "ForAnyValue:")
			c.operator, c.ifExists = strings.CutSuffix(c.operator, "IfExists")
			found = append(found, c)
		}
	}
	return found
}

// holds evaluates what can be known, and names the keys that leave it open.
func (c condition) holds(r Request) (Answer, []string) {
	possible, known := r.lookUp(c.key)
	if !known || comparisons[c.operator] == nil && c.operator != "Null" {
		return Perhaps, []string{c.key}
	}
	first, unknown := c.holdsFor(possible[0], r)
	for _, values := range possible[1:] {
		if other, more := c.holdsFor(values, r); other != first {
			return Perhaps, append(append(unknown, more...), c.key)
		}
	}
	return first, unknown
}

// holdsFor evaluates the condition for values of its key (IAM User Guide,
// "Condition operators"): a key that is not sent makes a negated operator true
// and any other false.
func (c condition) holdsFor(values []string, r Request) (Answer, []string) {
	if c.operator == "Null" {
		return yes(slices.ContainsFunc(c.wanted, func(w string) bool {
			return strings.EqualFold(w, "true") && len(values) == 0 || strings.EqualFold(w, "false") && len(values) > 0
		})), nil
	}
	negated := strings.Contains(c.operator, "Not")
	if len(values) == 0 {
		return yes(c.ifExists || c.all || negated && !c.any), nil
	}
	every := c.all || negated && !c.any
	result, unknown := yes(every), []string(nil)
	for _, value := range values {
		fits, open := c.matches(value, r)
		if negated {
			fits = Yes - fits
		}
		if unknown = append(unknown, open...); every {
			result = min(result, fits)
		} else {
			result = max(result, fits)
		}
	}
	if result != Perhaps {
		return result, nil
	}
	return result, unknown
}

// matches says whether one of the wanted values matches one that is sent.
func (c condition) matches(value string, r Request) (best Answer, unknown []string) {
	same := comparisons[c.operator]
	for _, wanted := range c.wanted {
		filled, there, open := r.fill(wanted, c.variables)
		switch {
		case there == Perhaps:
			unknown = append(unknown, open)
		case there == Yes && r.Begins[c.key] != "":
			if there = c.begins(filled, value); there == Perhaps {
				unknown = append(unknown, c.key)
			}
		case there == Yes:
			there = yes(same(filled, value))
		}
		best = max(best, there)
	}
	return best, unknown
}

// begins is matches for a value of which only the beginning is known.
func (c condition) begins(wanted pattern, value string) Answer {
	switch strings.Replace(c.operator, "Not", "", 1) {
	case "StringLike":
		return wanted.begins(value)
	case "StringEquals":
		if !strings.HasPrefix(wanted.literal(), value) {
			return No
		}
	}
	return Perhaps
}

func yes(holds bool) Answer {
	if holds {
		return Yes
	}
	return No
}
