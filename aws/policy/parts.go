package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// Parts are a bucket policy taken apart, so that the statements of others go
// back byte for byte.
type Parts struct {
	Version, ID json.RawMessage
	Statements  []json.RawMessage
}

// TakeApart takes a bucket policy apart. "" is a new one, to which statements
// can be added. Anything besides the three members that a policy can have (IAM
// User Guide, "Grammar of the IAM JSON policy language") is an error: it would
// be lost.
func TakeApart(text string) (Parts, error) {
	if text == "" {
		return Parts{Version: json.RawMessage(`"` + version + `"`)}, nil
	}
	var parts Parts
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
			if json.Unmarshal(value, &parts.Statements) != nil { // a lone statement need not be in a list
				parts.Statements = []json.RawMessage{value}
			}
		default:
			return parts, fmt.Errorf("the bucket policy has a member %q, which bothways does not know", name)
		}
	}
	return parts, nil
}

// Text puts the policy together again, every statement as it was; "" where
// none is left.
func (p Parts) Text() string {
	if len(p.Statements) == 0 {
		return ""
	}
	var out bytes.Buffer
	out.WriteString("{")
	if p.Version != nil {
		out.WriteString(`"Version":` + string(p.Version) + ",")
	}
	if p.ID != nil {
		out.WriteString(`"Id":` + string(p.ID) + ",")
	}
	out.WriteString(`"Statement":[`)
	for i, statement := range p.Statements {
		if i > 0 {
			out.WriteString(",")
		}
		out.Write(statement)
	}
	out.WriteString("]}")
	return out.String()
}

// Split tells the statements whose Sid begins with a mark from all others.
func (p Parts) Split(mark string) (own, others []json.RawMessage) {
	for _, statement := range p.Statements {
		if strings.HasPrefix(Sid(statement), mark) {
			own = append(own, statement)
		} else {
			others = append(others, statement)
		}
	}
	return own, others
}

// With is the policy with the wanted statements: in the place of the one that
// has their Sid, or at the end. Others that bear the mark go.
func (p Parts) With(wanted []Draft, mark string) Parts {
	missing := map[string]json.RawMessage{}
	for _, statement := range wanted {
		missing[statement.Sid] = statement.JSON()
	}
	var all []json.RawMessage
	for _, statement := range p.Statements {
		name := Sid(statement)
		if !strings.HasPrefix(name, mark) {
			all = append(all, statement)
		} else if replacement, known := missing[name]; known {
			all = append(all, replacement)
			delete(missing, name)
		}
	}
	for _, statement := range wanted {
		if text, left := missing[statement.Sid]; left {
			all = append(all, text)
		}
	}
	p.Statements = all
	return p
}

// Sid is a statement's own name, or "".
func Sid(statement json.RawMessage) string {
	var named struct{ Sid string }
	_ = json.Unmarshal(statement, &named) // what is not an object has no name
	return named.Sid
}

// principalID is how S3 shows a role or user that was deleted (IAM User Guide,
// "IAM identifiers", unique IDs). It refuses such a policy when it is written.
var principalID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(AROA|AIDA)[A-Z0-9]{10,}$`) })

// Deleted are the principals of a statement that no longer exist, by the IDs
// that S3 shows for them.
func Deleted(statement json.RawMessage) []string {
	var parsed struct{ Principal, NotPrincipal principals }
	if json.Unmarshal(statement, &parsed) != nil {
		return nil
	}
	var deleted []string
	for _, kinds := range []principals{parsed.Principal, parsed.NotPrincipal} {
		for _, name := range kinds["AWS"] {
			if principalID().MatchString(name) {
				deleted = append(deleted, name)
			}
		}
	}
	return deleted
}

// version is that of the policy language (IAM User Guide, "IAM JSON policy
// elements: Version"). Without it variables would be plain text.
const version = "2012-10-17"

// Draft is a statement to write. Action and Resource are a text or a list of
// texts, as are the values of Condition, by operator and key.
type Draft struct {
	Sid       string                    `json:",omitempty"`
	Effect    string                    `json:",omitempty"`
	Principal map[string]string         `json:",omitempty"`
	Action    any                       `json:",omitempty"`
	Resource  any                       `json:",omitempty"`
	Condition map[string]map[string]any `json:",omitempty"`
}

// JSON is the statement as it stands in a policy.
func (d Draft) JSON() json.RawMessage { return encode(d) }

// Compose writes a policy of statements.
func Compose(statements ...Draft) string {
	return string(encode(struct {
		Version   string
		Statement []Draft
	}{version, statements}))
}

// encode writes JSON as it is read, without escapes for HTML.
func encode(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(fmt.Sprintf("encode a policy: %v", err)) // only strings, slices and maps: cannot happen
	}
	return bytes.TrimSpace(out.Bytes())
}
