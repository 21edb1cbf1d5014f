package policy

import (
	"slices"
	"strings"
)

// quantifier says how a key with many values is compared.
type quantifier int

const (
	oneValue quantifier = iota
	forAnyValue
	forAllValues
)

// condition is one key under one operator.
type condition struct {
	key        string
	operator   operator
	null       bool
	ifExists   bool
	quantifier quantifier
	wanted     []template
}

// parseOperator reads "ForAnyValue:StringLikeIfExists" and the like. It reports false for a name that AWS does not know.
func parseOperator(name string) (condition, bool) {
	var c condition
	if rest, ok := strings.CutPrefix(name, "ForAnyValue:"); ok {
		c.quantifier, name = forAnyValue, rest
	} else if rest, ok := strings.CutPrefix(name, "ForAllValues:"); ok {
		c.quantifier, name = forAllValues, rest
	}
	if name == "Null" {
		c.null = true
		return c, true
	}
	name, c.ifExists = strings.CutSuffix(name, "IfExists")
	operator, known := operators[name]
	c.operator = operator
	return c, known
}

// holds evaluates one condition. Several values in the policy are alternatives; for a negated operator none of them may
// match (IAM User Guide, "Conditions with multiple context keys or values").
func (c *condition) holds(ctx Context) bool {
	values, present := ctx.Values(c.key)
	if c.null {
		return c.holdsNull(present, ctx)
	}
	if !present || len(values) == 0 {
		switch {
		case c.ifExists, c.quantifier == forAllValues:
			return true
		case c.quantifier == forAnyValue:
			return false
		}
		return c.operator.negated
	}
	accepted := func(value string) bool {
		matched := slices.ContainsFunc(c.wanted, func(t template) bool { return c.operator.compare(value, &t, ctx) })
		return matched != c.operator.negated
	}
	if c.quantifier == forAllValues || c.quantifier == oneValue && c.operator.negated {
		return !slices.ContainsFunc(values, func(value string) bool { return !accepted(value) })
	}
	return slices.ContainsFunc(values, accepted)
}

// holdsNull is true for "true" when the key is absent and for "false" when it is present.
func (c *condition) holdsNull(present bool, ctx Context) bool {
	return slices.ContainsFunc(c.wanted, func(t template) bool {
		text, ok := t.literal(ctx)
		return ok && (strings.EqualFold(text, "true") && !present || strings.EqualFold(text, "false") && present)
	})
}
