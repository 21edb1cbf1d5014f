package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// member is one name and value of a JSON object.
type member struct {
	name  string
	value json.RawMessage
}

// object reads a JSON object and nothing after it. Names are compared as they are written, and a name that stands twice
// is refused, because two readers could then see two different policies.
func object(raw []byte) ([]member, bool) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, false
	}
	var members []member
	seen := make(map[string]bool)
	for decoder.More() {
		token, err := decoder.Token()
		name, isName := token.(string)
		if err != nil || !isName || seen[name] {
			return nil, false
		}
		seen[name] = true
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, false
		}
		members = append(members, member{name, value})
	}
	if _, err := decoder.Token(); err != nil {
		return nil, false
	}
	_, err := decoder.Token()
	return members, errors.Is(err, io.EOF)
}

func stringOf(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || raw[0] != '"' {
		return "", false
	}
	var text string
	err := json.Unmarshal(raw, &text)
	return text, err == nil
}

// listOf reads an array, or one value in the place of an array of one.
func listOf(raw json.RawMessage) ([]json.RawMessage, bool) {
	if len(raw) == 0 {
		return nil, false
	}
	if raw[0] != '[' {
		return []json.RawMessage{raw}, true
	}
	var list []json.RawMessage
	err := json.Unmarshal(raw, &list)
	return list, err == nil
}

// textsOf reads a list of what read takes.
func textsOf(raw json.RawMessage, read func(json.RawMessage) (string, bool)) ([]string, bool) {
	list, ok := listOf(raw)
	if !ok {
		return nil, false
	}
	texts := make([]string, 0, len(list))
	for _, item := range list {
		text, ok := read(item)
		if !ok {
			return nil, false
		}
		texts = append(texts, text)
	}
	return texts, true
}

func stringsOf(raw json.RawMessage) ([]string, bool) { return textsOf(raw, stringOf) }

// scalarsOf reads condition values: strings, and also numbers and booleans as they are written.
func scalarsOf(raw json.RawMessage) ([]string, bool) {
	return textsOf(raw, func(item json.RawMessage) (string, bool) {
		if text, ok := stringOf(item); ok {
			return text, true
		}
		return string(item), len(item) > 0 && item[0] != '{' && item[0] != '[' && string(item) != "null"
	})
}

func (s *Statement) readPrincipals(raw json.RawMessage) *SyntaxError {
	if text, ok := stringOf(raw); ok {
		if text != "*" {
			return syntax("Invalid principal in policy: \"" + text + "\"")
		}
		s.principals = []principalPattern{{kind: "*"}}
		return nil
	}
	members, ok := object(raw)
	if !ok || len(members) == 0 {
		return syntax("Invalid principal in policy")
	}
	for _, m := range members {
		switch m.name {
		case "AWS", "Service", "Federated", "CanonicalUser":
		default:
			return syntax("Invalid principal in policy: \"" + m.name + "\"")
		}
		values, ok := stringsOf(m.value)
		if !ok || len(values) == 0 {
			return syntax("Invalid principal in policy")
		}
		for _, value := range values {
			if m.name == "AWS" && !principalForm(value) || m.name == "Service" && !strings.Contains(value, ".") {
				return syntax("Invalid principal in policy: \"" + m.name + "\":\"" + value + "\"")
			}
			s.principals = append(s.principals, principalPattern{kind: m.name, value: value})
		}
	}
	return nil
}

// principalForm reports whether an AWS principal has one of the forms that exist: "*", an account, or the ARN of a root
// user, a user, a role or a session. Wildcards inside an ARN are not among them.
func principalForm(value string) bool {
	if value == "*" {
		return true
	}
	if len(value) == 12 && strings.Trim(value, "0123456789") == "" {
		return true
	}
	parts := strings.Split(value, ":")
	if len(parts) != 6 || parts[0] != "arn" || strings.ContainsAny(value, "*?") {
		return false
	}
	switch parts[2] {
	case "iam":
		return parts[5] == "root" || strings.HasPrefix(parts[5], "user/") || strings.HasPrefix(parts[5], "role/")
	case "sts":
		return strings.HasPrefix(parts[5], "assumed-role/")
	}
	return false
}

func (s *Statement) readConditions(raw json.RawMessage, variables bool) *SyntaxError {
	blocks, ok := object(raw)
	if !ok {
		return syntax(syntaxErrors)
	}
	for _, block := range blocks {
		c, known := parseOperator(block.name)
		if !known {
			return syntax("Invalid Condition type : " + block.name)
		}
		keys, ok := object(block.value)
		if !ok {
			return syntax(syntaxErrors)
		}
		for _, key := range keys {
			values, ok := scalarsOf(key.value)
			if !ok {
				return syntax(syntaxErrors)
			}
			if !strings.Contains(key.name, ":") {
				return syntax("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
			}
			c.key, c.wanted = strings.ToLower(key.name), nil
			for _, value := range values {
				c.wanted = append(c.wanted, parseTemplate(value, variables))
			}
			s.conditions = append(s.conditions, c)
		}
	}
	return nil
}
