package policy

import (
	"slices"
	"strings"
)

// pattern is a text of a policy with its variables filled in: * stands for any
// text and ? for any one character, where they stand in the policy itself.
type pattern []rune

const (
	anyText rune = -1
	anyOne  rune = -2
)

func patternOf(text string) pattern {
	p := make(pattern, 0, len(text))
	for _, r := range text {
		switch r {
		case '*':
			r = anyText
		case '?':
			r = anyOne
		}
		p = append(p, r)
	}
	return p
}

// literal takes wildcards for the characters that they are.
func (p pattern) literal() string {
	text := slices.Clone(p)
	for i, r := range text {
		switch r {
		case anyText:
			text[i] = '*'
		case anyOne:
			text[i] = '?'
		}
	}
	return string(text)
}

// reach is where in the pattern a text may have led to: every place after
// which the rest of the pattern still has to match.
func (p pattern) reach(text string) []int {
	at := p.past([]int{0})
	for _, r := range text {
		var next []int
		for _, i := range at {
			switch {
			case i == len(p):
			case p[i] == anyText:
				next = append(next, i)
			case p[i] == anyOne, p[i] == r:
				next = append(next, i+1)
			}
		}
		slices.Sort(next)
		if at = p.past(slices.Compact(next)); len(at) == 0 {
			return nil
		}
	}
	return at
}

// past adds the places behind a *, which may stand for nothing.
func (p pattern) past(at []int) []int {
	for i := 0; i < len(at); i++ {
		if at[i] < len(p) && p[at[i]] == anyText && !slices.Contains(at, at[i]+1) {
			at = append(at, at[i]+1)
		}
	}
	return at
}

func (p pattern) matches(text string) bool { return slices.Contains(p.reach(text), len(p)) }

// begins says whether the pattern matches a text of which only the beginning
// is known.
func (p pattern) begins(text string) Answer {
	at := p.reach(text)
	switch {
	case len(at) == 0:
		return No
	case len(p) > 0 && p[len(p)-1] == anyText && slices.Contains(at, len(p)-1):
		return Yes
	}
	return Perhaps
}

// matchesARN compares each of the six parts of an ARN by itself (IAM User
// Guide, "Amazon Resource Name (ARN) condition operators").
func (p pattern) matchesARN(arn string) bool {
	parts, rest := strings.SplitN(arn, ":", 6), p
	for i, part := range parts {
		end := len(rest)
		if i < 5 {
			if end = slices.Index(rest, ':'); end < 0 {
				return i == len(parts)-1 && len(parts) < 6 && rest.matches(part)
			}
		}
		if !rest[:end].matches(part) {
			return false
		}
		rest = rest[min(end+1, len(rest)):]
	}
	return len(parts) == 6
}

// Like matches a pattern in which * stands for any text and ? for any one
// character.
func Like(wanted, text string) bool { return patternOf(wanted).matches(text) }

// fill puts the values of the request into a text's variables (IAM User Guide,
// "IAM policy elements: Variables and tags"). Where one has no value, and no
// default, the text matches nothing: No. Where it is not known, unknown names
// it.
func (r Request) fill(text string, variables bool) (filled pattern, there Answer, unknown string) {
	if !variables || !strings.Contains(text, "${") {
		return patternOf(text), Yes, ""
	}
	there = Yes
	for text != "" {
		before, rest, found := strings.Cut(text, "${")
		inner, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return append(filled, patternOf(text)...), there, unknown
		}
		filled, text = append(filled, patternOf(before)...), after
		if inner == "*" || inner == "?" || inner == "$" {
			filled = append(filled, rune(inner[0]))
			continue
		}
		name, otherwise, defaults := strings.Cut(inner, ",")
		name = strings.ToLower(strings.TrimSpace(name))
		values, known := r.lookUp(name)
		switch {
		case !known || len(values) > 1 || r.Begins[name] != "":
			there, unknown = min(there, Perhaps), name
		case len(values[0]) == 1:
			filled = append(filled, []rune(values[0][0])...)
		case defaults:
			filled = append(filled, []rune(strings.Trim(strings.TrimSpace(otherwise), "'"))...)
		default:
			return nil, No, ""
		}
	}
	return filled, there, unknown
}

// lookUp returns the values that a key may have, of which no value is not
// being sent. A key of a family such as aws:PrincipalTag/ may be known by it.
func (r Request) lookUp(key string) (values [][]string, known bool) {
	if several, found := r.Either[key]; found {
		return several, true
	}
	if one, found := r.Context[key]; found {
		return [][]string{one}, true
	}
	if begins, found := r.Begins[key]; found {
		return [][]string{{begins}}, true
	}
	family, _, found := strings.Cut(key, "/")
	if !found {
		return nil, false
	}
	one, found := r.Context[family+"/"]
	return [][]string{one}, found
}
