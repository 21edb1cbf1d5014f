package policy

import (
	"bytes"
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// Same compares two policies by what they say. The lists in a statement are
// sets, which S3 returns in an order of its own, and a list of one as the one;
// only the order of the statements is kept. "" is no policy, and the same as
// no other.
func Same(a, b string) bool {
	if a == "" || b == "" {
		return a == b
	}
	var x, y map[string]any
	if json.Unmarshal([]byte(Decode(a)), &x) != nil || json.Unmarshal([]byte(Decode(b)), &y) != nil {
		return a == b
	}
	return reflect.DeepEqual(plain(x), plain(y))
}

// plain is a policy in one spelling of all that mean the same.
func plain(members map[string]any) map[string]any {
	spelled := map[string]any{}
	for name, value := range members {
		statements, several := value.([]any)
		if name != "Statement" || !several {
			spelled[name] = asSets(value)
			continue
		}
		for i := range statements {
			statements[i] = asSets(statements[i])
		}
		spelled[name] = statements
		if len(statements) == 1 {
			spelled[name] = statements[0]
		}
	}
	return spelled
}

// asSets sorts every list in a value, and takes the one out of a list of one.
func asSets(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = asSets(v[i])
		}
		if len(v) == 1 {
			return v[0]
		}
		slices.SortFunc(v, func(x, y any) int { return bytes.Compare(encode(x), encode(y)) })
	case map[string]any:
		for name := range v {
			v[name] = asSets(v[name])
		}
	}
	return value
}

// Decode is a policy as it was written: IAM returns policies URL-encoded, and
// S3 does not.
func Decode(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		return text
	}
	if decoded, err := url.QueryUnescape(text); err == nil {
		return decoded
	}
	return text
}
