package replication

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"bothways/aws/pair"
)

// bucketPolicy is a bucket policy taken apart, so that the statements of
// others go back byte for byte.
type bucketPolicy struct {
	Version   json.RawMessage
	ID        json.RawMessage `json:"Id"`
	Statement []json.RawMessage
}

// parseBucketPolicy takes a policy apart. "" is no policy. Anything besides
// the three members that a policy can have (IAM User Guide, "Grammar of the
// IAM JSON policy language") is an error: it would be lost.
func parseBucketPolicy(text string) (bucketPolicy, error) {
	var parts bucketPolicy
	if text == "" {
		return parts, nil
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		return parts, fmt.Errorf("the bucket policy is not the JSON of one: %w", err)
	}
	for name, value := range members {
		switch name {
		case "Version":
			parts.Version = value
		case "Id":
			parts.ID = value
		case "Statement":
			if json.Unmarshal(value, &parts.Statement) != nil { // a lone statement need not be in a list
				parts.Statement = []json.RawMessage{value}
			}
		default:
			return parts, fmt.Errorf("the bucket policy has a member %q, which bothways does not know", name)
		}
	}
	return parts, nil
}

// text puts the policy together again, every statement as it was; "" where
// none is left.
func (p bucketPolicy) text() string {
	if len(p.Statement) == 0 {
		return ""
	}
	var out strings.Builder
	out.WriteString("{")
	if p.Version != nil {
		out.WriteString(`"Version":` + string(p.Version) + ",")
	}
	if p.ID != nil {
		out.WriteString(`"Id":` + string(p.ID) + ",")
	}
	out.WriteString(`"Statement":[`)
	out.Write(bytes.Join(rawStatements(p.Statement), []byte(",")))
	out.WriteString("]}")
	return out.String()
}

func rawStatements(all []json.RawMessage) [][]byte {
	raw := make([][]byte, len(all))
	for i, statement := range all {
		raw[i] = statement
	}
	return raw
}

// sid is a statement's own name, or "".
func sid(statement json.RawMessage) string {
	var named struct{ Sid string }
	_ = json.Unmarshal(statement, &named) // what is not an object has no name
	return named.Sid
}

// ownStatement says whether a statement carries this pair's mark.
func (s *Survey) ownStatement(statement json.RawMessage) bool {
	return strings.HasPrefix(sid(statement), s.World.Pair.StatementID(""))
}

// statements splits a side's bucket policy into this pair's statements and
// all others.
func (s *Survey) statements(name pair.SideName) (own, others []json.RawMessage, err error) {
	parts, err := parseBucketPolicy(s.Sides[name].Policy)
	for _, statement := range parts.Statement {
		if s.ownStatement(statement) {
			own = append(own, statement)
		} else {
			others = append(others, statement)
		}
	}
	return own, others, err
}

// wantedPolicy is a side's bucket policy as it will read: ours in their place
// or at the end, those of others as they are. It is what stands where
// replication needs no statement, or where what stands can't be understood,
// which blocks the plan.
func (s *Survey) wantedPolicy(name pair.SideName) string {
	standing := s.Sides[name].Policy
	wanted := s.incomingStatements(name)
	parts, err := parseBucketPolicy(standing)
	if err != nil || len(wanted) == 0 {
		return standing
	}
	left := map[string]json.RawMessage{}
	for _, statement := range wanted {
		left[statement.Sid] = encodeStatement(statement)
	}
	var all []json.RawMessage
	for _, statement := range parts.Statement {
		if !s.ownStatement(statement) {
			all = append(all, statement)
			continue
		}
		if replacement, known := left[sid(statement)]; known {
			all = append(all, replacement)
			delete(left, sid(statement))
		}
	}
	for _, statement := range wanted {
		if text, missing := left[statement.Sid]; missing {
			all = append(all, text)
		}
	}
	parts.Statement = all
	if standing == "" {
		parts.Version = json.RawMessage(`"2012-10-17"`)
	}
	return parts.text()
}

// policyWithoutOwn is a side's bucket policy without our statements, "" where
// nothing else is in it.
func (s *Survey) policyWithoutOwn(name pair.SideName) (string, error) {
	parts, err := parseBucketPolicy(s.Sides[name].Policy)
	if err != nil {
		return "", err
	}
	_, parts.Statement, err = s.statements(name)
	return parts.text(), err
}

// samePolicy compares two policies by what they say. The lists in a statement
// are sets, which S3 returns in an order of its own, and a list of one as the
// one; only the order of the statements is kept.
func samePolicy(a, b string) bool {
	if a == "" || b == "" {
		return a == b
	}
	var x, y map[string]any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		return a == b
	}
	return reflect.DeepEqual(plainPolicy(x), plainPolicy(y))
}

// plainPolicy is a policy in one spelling of all that mean the same.
func plainPolicy(members map[string]any) map[string]any {
	plain := map[string]any{}
	for name, value := range members {
		statements, several := value.([]any)
		if name != "Statement" || !several {
			plain[name] = asSets(value)
			continue
		}
		for i := range statements {
			statements[i] = asSets(statements[i])
		}
		plain[name] = statements
		if len(statements) == 1 {
			plain[name] = statements[0]
		}
	}
	return plain
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

// sids names a few statements by their Sid.
func sids(statements []json.RawMessage) string {
	var names []string
	for _, statement := range statements {
		if name := sid(statement); name != "" && len(names) < mostNamed {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
