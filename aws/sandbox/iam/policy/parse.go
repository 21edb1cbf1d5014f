package policy

import (
	"encoding/json"
	"strings"
)

// Use is where a document will be attached; it decides which elements the document must and must not have.
type Use int

const (
	// Identity documents are attached to users and roles, as managed policies, boundaries and service control policies.
	Identity Use = iota
	// Trust documents say who may assume a role.
	Trust
	// Resource documents are attached to a bucket.
	Resource
)

// SyntaxError is what is wrong with a document, in AWS's words.
type SyntaxError struct {
	// Message is AWS's text.
	Message string
}

// Error returns the message.
func (e *SyntaxError) Error() string { return e.Message }

const syntaxErrors = "Syntax errors in policy."

func syntax(message string) *SyntaxError { return &SyntaxError{Message: message} }

// Parse reads and checks a policy document. An error is always a [*SyntaxError].
func Parse(text string, use Use) (*Document, error) {
	document, err := parse(text, use)
	if err != nil {
		return nil, err
	}
	return document, nil
}

func parse(text string, use Use) (*Document, *SyntaxError) {
	members, ok := object([]byte(text))
	if !ok {
		return nil, syntax(notJSON(use))
	}
	d := &Document{Version: "2008-10-17"}
	var statements json.RawMessage
	for _, m := range members {
		switch m.name {
		case "Version":
			version, ok := stringOf(m.value)
			if !ok || version != "2012-10-17" && version != "2008-10-17" {
				return nil, syntax("The policy must contain a valid version string.")
			}
			d.Version = version
		case "Id":
			if _, ok := stringOf(m.value); !ok {
				return nil, syntax(syntaxErrors)
			}
		case "Statement":
			statements = m.value
		default:
			return nil, syntax(syntaxErrors)
		}
	}
	list, ok := listOf(statements)
	if !ok || len(list) == 0 {
		return nil, syntax(syntaxErrors)
	}
	sids := make(map[string]bool)
	for _, raw := range list {
		s, err := parseStatement(raw, use, d.Version == "2012-10-17")
		if err != nil {
			return nil, err
		}
		if s.Sid != "" && sids[s.Sid] {
			return nil, syntax("Statement IDs (SID) in a single policy must be unique.")
		}
		sids[s.Sid] = true
		d.asks = d.asks || s.asksContext()
		d.Statements = append(d.Statements, s)
	}
	return d, nil
}

func notJSON(use Use) string {
	switch use {
	case Trust:
		return "This policy contains invalid Json"
	case Resource:
		return "Policies must be valid JSON and the first byte must be '{'"
	default:
		return syntaxErrors
	}
}

// parseStatement reads one statement and checks that it has the elements that its use asks for.
func parseStatement(raw json.RawMessage, use Use, variables bool) (Statement, *SyntaxError) {
	var s Statement
	members, ok := object(raw)
	if !ok {
		return s, syntax(syntaxErrors)
	}
	seen := make(map[string]bool)
	for _, m := range members {
		seen[m.name] = true
		if err := s.readElement(m, use, variables); err != nil {
			return s, err
		}
	}
	return s, checkElements(&s, seen, use)
}

func (s *Statement) readElement(m member, use Use, variables bool) *SyntaxError {
	switch m.name {
	case "Sid":
		sid, ok := stringOf(m.value)
		if !ok {
			return syntax(syntaxErrors)
		}
		s.Sid = sid
		if use != Resource && !alphanumeric(s.Sid) {
			return syntax("Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular " +
				"expression [0-9A-Za-z]*")
		}
	case "Effect":
		switch effect, _ := stringOf(m.value); effect {
		case "Allow":
			s.Effect = Allow
		case "Deny":
			s.Effect = Deny
		default:
			return syntax(syntaxErrors)
		}
	case "Action", "NotAction":
		s.notActions = m.name == "NotAction"
		return s.readActions(m.value, use)
	case "Resource", "NotResource":
		s.notResources = m.name == "NotResource"
		return s.readResources(m.value, variables)
	case "Principal", "NotPrincipal":
		s.notPrincipal = m.name == "NotPrincipal"
		return s.readPrincipals(m.value)
	case "Condition":
		return s.readConditions(m.value, variables)
	default:
		return syntax(syntaxErrors)
	}
	return nil
}

func checkElements(s *Statement, seen map[string]bool, use Use) *SyntaxError {
	hasAction := seen["Action"] || seen["NotAction"]
	hasResource := seen["Resource"] || seen["NotResource"]
	hasPrincipal := seen["Principal"] || seen["NotPrincipal"]
	switch {
	case s.Effect == NoMatch,
		seen["Action"] && seen["NotAction"],
		seen["Resource"] && seen["NotResource"],
		seen["Principal"] && seen["NotPrincipal"]:
		return syntax(syntaxErrors)
	case use == Identity && hasPrincipal:
		return syntax("Policy document should not specify a principal.")
	case use == Identity && !hasAction:
		return syntax("Policy statement must contain actions.")
	case use == Identity && !hasResource:
		return syntax("Policy statement must contain resources.")
	case use != Identity && !hasAction:
		return syntax("Missing required field Action")
	case use != Identity && !hasPrincipal:
		return syntax("Missing required field Principal")
	case use == Trust && hasResource:
		return syntax("Has prohibited field Resource")
	case use == Resource && !hasResource:
		return syntax("Missing required field Resource")
	}
	return nil
}

func (s *Statement) readActions(raw json.RawMessage, use Use) *SyntaxError {
	names, ok := stringsOf(raw)
	if !ok || len(names) == 0 {
		return syntax(syntaxErrors)
	}
	for _, name := range names {
		service, operation, found := strings.Cut(name, ":")
		switch {
		case use == Trust && !strings.EqualFold(service, "sts"):
			return syntax("AssumeRole policy may only specify STS AssumeRole actions.")
		case name != "*" && (!found || service == "" || operation == ""):
			return syntax("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
		case strings.ContainsAny(service, "*?") && name != "*":
			return syntax("Action vendors must be fully qualified and cannot contain regexes.")
		}
		s.actions = append(s.actions, parseTemplate(foldAction(name), false))
	}
	return nil
}

func (s *Statement) readResources(raw json.RawMessage, variables bool) *SyntaxError {
	names, ok := stringsOf(raw)
	if !ok || len(names) == 0 {
		return syntax(syntaxErrors)
	}
	for _, name := range names {
		if name != "*" && (!strings.HasPrefix(name, "arn:") || strings.Count(name, ":") < 5) {
			return syntax("Resource " + name + " must be in ARN format or \"*\".")
		}
		s.resources = append(s.resources, parseTemplate(name, variables))
	}
	return nil
}

func alphanumeric(text string) bool {
	for _, r := range text {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return true
}
