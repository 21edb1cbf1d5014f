// Package policy reads, writes, compares and judges IAM policies: those of
// buckets, of roles, and of who may take a role. What one means for a request
// of somebody else is told as far as it can be from outside: many condition
// keys are known only to the service that gets the request, so an answer can
// be perhaps.
package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Document is a policy: of a bucket, of a role, or of who may take a role.
type Document struct {
	Statements []Statement
}

// Statement is one statement of a policy.
type Statement struct {
	Sid string
	// Number counts from 1, for statements without a Sid.
	Number int
	Deny   bool

	principals, notPrincipals map[string][]string
	actions, notActions       []string
	resources, notResources   []string
	conditions                []condition
	variables                 bool
}

// Name is the statement's Sid, or its place.
func (s Statement) Name() string {
	if s.Sid != "" {
		return s.Sid
	}
	return fmt.Sprintf("statement %d", s.Number)
}

// ConditionKeys names the keys that the statement's conditions ask for.
func (s Statement) ConditionKeys() []string {
	var keys []string
	for _, c := range s.conditions {
		if !slices.Contains(keys, c.key) {
			keys = append(keys, c.key)
		}
	}
	return keys
}

// Services names the services that the statement is for.
func (s Statement) Services() []string { return s.principals["Service"] }

// texts is one text or a list of them, which policies allow alike.
type texts []string

// UnmarshalJSON takes a text, a number or a truth value, or a list of them.
func (t *texts) UnmarshalJSON(data []byte) error {
	var many []any
	if json.Unmarshal(data, &many) != nil {
		var one any
		if err := json.Unmarshal(data, &one); err != nil {
			return err
		}
		many = []any{one}
	}
	for _, value := range many {
		switch value.(type) {
		case string, bool, float64:
			*t = append(*t, fmt.Sprint(value))
		default:
			return fmt.Errorf("%v is neither a text nor a list of texts", value)
		}
	}
	return nil
}

// principals are "*" or lists by kind.
type principals map[string][]string

// UnmarshalJSON takes "*" for everybody, or an object of kinds.
func (p *principals) UnmarshalJSON(data []byte) error {
	var everybody string
	if json.Unmarshal(data, &everybody) == nil {
		*p = principals{"AWS": {everybody}}
		return nil
	}
	var kinds map[string]texts
	if err := json.Unmarshal(data, &kinds); err != nil {
		return err
	}
	*p = principals{}
	for kind, names := range kinds {
		(*p)[kind] = names
	}
	return nil
}

type written struct {
	Sid, Effect             string
	Principal, NotPrincipal principals
	Action, NotAction       texts
	Resource, NotResource   texts
	Condition               map[string]map[string]texts
}

// Parse reads a policy as AWS returns it; IAM returns it URL-encoded. The
// empty text is a policy without statements.
func Parse(text string) (*Document, error) {
	text = Decode(text)
	if strings.TrimSpace(text) == "" {
		return &Document{}, nil
	}
	var outer struct {
		Version   string
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &outer); err != nil {
		return nil, fmt.Errorf("read a policy: %w", err)
	}
	var all []written
	if trimmed := bytes.TrimSpace(outer.Statement); len(trimmed) > 0 && trimmed[0] == '{' {
		all = make([]written, 1) // a lone statement need not be in a list
		if err := json.Unmarshal(trimmed, &all[0]); err != nil {
			return nil, fmt.Errorf("read a policy's statement: %w", err)
		}
	} else if len(trimmed) > 0 {
		if err := json.Unmarshal(trimmed, &all); err != nil {
			return nil, fmt.Errorf("read a policy's statements: %w", err)
		}
	}
	document := &Document{}
	variables := outer.Version == version
	for i, w := range all {
		document.Statements = append(document.Statements, Statement{
			Sid: w.Sid, Number: i + 1, Deny: w.Effect == "Deny",
			principals: w.Principal, notPrincipals: w.NotPrincipal,
			actions: w.Action, notActions: w.NotAction,
			resources: w.Resource, notResources: w.NotResource,
			conditions: conditionsOf(w.Condition, variables), variables: variables,
		})
	}
	return document, nil
}
