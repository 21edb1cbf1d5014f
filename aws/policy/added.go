package policy

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Added is a bucket policy with the statements that another has besides, or
// otherwise under the same Sid, and the names of the statements that the other
// lacks. Either may be "", which is none. What is no policy stays as it is, and the
// other is then said to lack all of it.
func Added(to, from string) (whole string, lacks []string) {
	parts, err := TakeApart(to)
	others, unread := TakeApart(from)
	if err != nil || unread != nil {
		return to, []string{"statement that can be told"}
	}
	if parts.ID == nil {
		parts.ID = others.ID
	}
	at := func(statements []json.RawMessage, wanted json.RawMessage) int {
		name := Sid(wanted)
		return slices.IndexFunc(statements, func(s json.RawMessage) bool {
			return name != "" && Sid(s) == name || alike(s, wanted)
		})
	}
	for i, s := range parts.Statements {
		if at(others.Statements, s) >= 0 {
			continue
		}
		if lacks = append(lacks, "statement "+Sid(s)); Sid(s) == "" {
			lacks[len(lacks)-1] = fmt.Sprintf("statement %d, which has no Sid", i+1)
		}
	}
	parts.Statements = slices.Clone(parts.Statements)
	for _, s := range others.Statements {
		if i := at(parts.Statements, s); i >= 0 {
			parts.Statements[i] = s
		} else {
			parts.Statements = append(parts.Statements, s)
		}
	}
	return parts.Text(), lacks
}

// alike says whether two statements mean the same.
func alike(a, b json.RawMessage) bool {
	return Same(`{"Statement":`+string(a)+`}`, `{"Statement":`+string(b)+`}`)
}
