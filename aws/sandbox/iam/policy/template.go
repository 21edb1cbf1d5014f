package policy

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Wildcards inside an expanded pattern; no character has a negative code.
const (
	anyRun rune = -1 // "*"
	anyOne rune = -2 // "?"
)

// template is a policy string cut into characters, wildcards and variables.
type template struct {
	parts []part
	// fixed is the expansion of a template without variables, worked out once.
	fixed []rune
}

// part is either some characters and wildcards, or one variable.
type part struct {
	runes      []rune
	variable   string
	fallback   string
	isVariable bool
	hasDefault bool
}

// parseTemplate reads a policy string. Variables exist since policy version 2012-10-17; before, "${" is plain text.
func parseTemplate(source string, variables bool) template {
	var t template
	var plain []rune
	rest := source
	for rest != "" {
		if variables && strings.HasPrefix(rest, "${") {
			if end := strings.IndexByte(rest, '}'); end > 0 {
				inner := rest[2:end]
				rest = rest[end+1:]
				// ${*}, ${?} and ${$} are the characters themselves.
				if inner == "*" || inner == "?" || inner == "$" {
					plain = append(plain, rune(inner[0]))
					continue
				}
				if len(plain) > 0 {
					t.parts = append(t.parts, part{runes: plain})
					plain = nil
				}
				t.parts = append(t.parts, parseVariable(inner))
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
		switch r {
		case '*':
			r = anyRun
		case '?':
			r = anyOne
		}
		plain = append(plain, r)
	}
	if t.parts == nil {
		t.fixed = plain
		return t
	}
	if len(plain) > 0 {
		t.parts = append(t.parts, part{runes: plain})
	}
	return t
}

// parseVariable reads "aws:username" or "aws:username, 'default'".
func parseVariable(inner string) part {
	name, fallback, hasDefault := strings.Cut(inner, ",")
	return part{
		isVariable: true,
		variable:   strings.TrimSpace(name),
		fallback:   strings.Trim(strings.TrimSpace(fallback), "'"),
		hasDefault: hasDefault,
	}
}

// expand fills in the variables. It reports false if the request has no value for one of them: then the pattern cannot
// match (IAM User Guide, "Policy variables").
func (t *template) expand(ctx Context) ([]rune, bool) {
	if t.parts == nil {
		return t.fixed, true
	}
	var out []rune
	for i := range t.parts {
		p := &t.parts[i]
		if !p.isVariable {
			out = append(out, p.runes...)
			continue
		}
		value, ok := ctx.single(p.variable)
		if !ok {
			if !p.hasDefault {
				return nil, false
			}
			value = p.fallback
		}
		out = append(out, []rune(value)...)
	}
	return out, true
}

// literal fills in the variables and takes wildcards as the characters they are.
func (t *template) literal(ctx Context) (string, bool) {
	runes, ok := t.expand(ctx)
	if !ok {
		return "", false
	}
	if slices.Contains(runes, anyRun) || slices.Contains(runes, anyOne) {
		runes = slices.Clone(runes)
		for i, r := range runes {
			switch r {
			case anyRun:
				runes[i] = '*'
			case anyOne:
				runes[i] = '?'
			}
		}
	}
	return string(runes), true
}

// match compares a whole text with the pattern: "*" stands for any run of characters, "?" for one.
func (t *template) match(text string, ctx Context) bool {
	pattern, ok := t.expand(ctx)
	return ok && glob(pattern, []rune(text))
}

// Covers says whether a pattern with "*" and "?" covers a whole text.
func Covers(pattern, text string) bool {
	runes := []rune(pattern)
	for i, r := range runes {
		switch r {
		case '*':
			runes[i] = anyRun
		case '?':
			runes[i] = anyOne
		}
	}
	return glob(runes, []rune(text))
}

// glob matches in time proportional to the product of both lengths at worst, by going back to the last "*" only.
func glob(pattern, text []rune) bool {
	p, t := 0, 0
	star, resume := -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == anyRun:
			star, resume = p, t
			p++
		case p < len(pattern) && (pattern[p] == anyOne || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == anyRun {
		p++
	}
	return p == len(pattern)
}

// patterns is a list of which one has to match.
type patterns []template

func (p patterns) match(text string, ctx Context) bool {
	for i := range p {
		if p[i].match(text, ctx) {
			return true
		}
	}
	return false
}

// foldAction brings an action to the one case in which actions are compared.
func foldAction(action string) string { return strings.ToLower(action) }
