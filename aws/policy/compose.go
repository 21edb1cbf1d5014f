package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
)

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
