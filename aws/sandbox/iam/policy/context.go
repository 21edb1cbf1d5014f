package policy

import "strings"

// Context holds the values of the condition keys of one request, by lower-case key: keys are compared without regard to
// case (IAM User Guide, "IAM JSON policy elements: Condition").
type Context map[string][]string

// Set gives a key its values, whatever the case of the key.
func (c Context) Set(key string, values ...string) { c[strings.ToLower(key)] = values }

// Values returns the values of a key and whether the request has it.
func (c Context) Values(key string) ([]string, bool) {
	values, ok := c[strings.ToLower(key)]
	return values, ok
}

// single returns the value of a key that a policy variable can stand for: variables work for keys with one value only.
func (c Context) single(key string) (string, bool) {
	values, ok := c.Values(key)
	if !ok || len(values) != 1 {
		return "", false
	}
	return values[0], true
}
