package cloudwatch

import (
	"strconv"
	"time"
)

// A value is a string, int, float64, bool, time.Time, list, object or, in what was
// read, a map; every protocol carries the same ones.
type (
	list   []any
	object []field // in the order in which it is written
	field  struct {
		name  string
		value any
	}
	fields map[string]any // as it was read
)

func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		n, err := strconv.ParseFloat(v, 64)
		return n, err == nil
	}
	return 0, false
}

// instant reads a time: the protocols have seconds since 1970 or RFC 3339.
func instant(v any) (time.Time, bool) {
	switch v := v.(type) {
	case time.Time:
		return v, true
	case float64:
		return time.UnixMilli(int64(v * 1000)), true
	case string:
		t, err := time.Parse(time.RFC3339, v)
		return t, err == nil
	}
	return time.Time{}, false
}

func (f fields) fields(name string) fields {
	inner, _ := f[name].(fields)
	return inner
}

func (f fields) list(name string) list {
	inner, _ := f[name].(list)
	return inner
}
