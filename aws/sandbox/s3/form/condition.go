package form

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// The operations of conditions.
const (
	equals    = "eq"
	begins    = "starts-with"
	sizeRange = "content-length-range"
)

// condition is one condition of a policy.
type condition struct {
	operation string
	// name is that of a field, with the $ before it as it was written, and
	// value what it is compared with.
	name, value string
	// least and most bound the size of the file in bytes; odd says that they
	// are no numbers, which fails whatever comes.
	least, most int64
	odd         bool
}

// readCondition reads {"name": "value"} or ["operation", …].
func readCondition(doc json.RawMessage) (condition, error) {
	var simple map[string]json.RawMessage
	if json.Unmarshal(doc, &simple) == nil && simple != nil {
		if len(simple) != 1 {
			return condition{}, invalid("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
		}
		for name, value := range simple {
			var text *string
			if json.Unmarshal(value, &text) != nil {
				return condition{}, invalid("Invalid Simple-Condition: value must be a string.")
			}
			if text == nil {
				return condition{}, invalid("Invalid JSON.")
			}
			return condition{operation: equals, name: "$" + name, value: *text}, nil
		}
	}
	var list []json.RawMessage
	if json.Unmarshal(doc, &list) != nil || list == nil {
		return condition{}, invalid("Invalid condition test: must be a List or Object.")
	}
	if len(list) == 0 {
		return condition{}, invalid("Invalid Condition: missing operation identifier.")
	}
	var operation string
	if json.Unmarshal(list[0], &operation) != nil {
		return condition{}, invalid("Invalid JSON.")
	}
	c := condition{operation: strings.ToLower(operation)}
	switch {
	case c.operation != equals && c.operation != begins && c.operation != sizeRange:
		return c, invalid("Invalid Condition: unknown operation '" + operation + "'.")
	case len(list) != 3:
		return c, invalid("Invalid " + operation + ": wrong number of arguments.")
	case c.operation == sizeRange:
		return c.readRange(list[1], list[2])
	}
	if json.Unmarshal(list[1], &c.name) != nil || json.Unmarshal(list[2], &c.value) != nil {
		return c, invalid("Invalid JSON.")
	}
	return c, nil
}

// readRange reads bounds, which may be whole numbers or texts of them.
func (c condition) readRange(least, most json.RawMessage) (condition, error) {
	for i, bound := range []json.RawMessage{least, most} {
		to, as := &c.least, &c.name
		if i == 1 {
			to, as = &c.most, &c.value
		}
		text := json.Unmarshal(bound, as) == nil
		if !text {
			*as = string(bound)
		}
		number, err := strconv.ParseInt(*as, 10, 64) // the nearest that there is
		whole := err == nil || errors.Is(err, strconv.ErrRange)
		if !text && !whole {
			return c, invalid("Invalid JSON.")
		}
		*to, c.odd = number, c.odd || !whole
	}
	return c, nil
}

// of is the name of the field that the condition is about, in lower case.
func (c condition) of() string {
	if c.operation == sizeRange {
		return ""
	}
	return strings.ToLower(strings.TrimPrefix(c.name, "$"))
}

// holds says whether the form meets the condition. That the file has the right
// size shows only when it has come in.
func (c condition) holds(f *Form, bucket string) bool {
	if c.operation == sizeRange {
		return !c.odd
	}
	value, given := f.Lookup(c.of())
	if c.of() == "bucket" {
		value, given = bucket, true
	}
	if !given || !strings.HasPrefix(c.name, "$") {
		return false
	}
	if c.operation == equals {
		return value == c.value
	}
	values := []string{value}
	if c.of() == "content-type" { // which may be a list
		values = strings.Split(value, ",")
	}
	for _, v := range values {
		if !strings.HasPrefix(v, c.value) {
			return false
		}
	}
	return true
}

// text writes the condition as S3 quotes it.
func (c condition) text() string {
	parts := []string{c.operation, c.name, c.value}
	for i, part := range parts {
		parts[i] = `"` + strings.ReplaceAll(part, `"`, `\"`) + `"`
	}
	return "[" + strings.Join(parts, ", ") + "]"
}
