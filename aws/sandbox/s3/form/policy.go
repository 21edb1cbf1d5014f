package form

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
)

// Policy is what a form was signed for.
type Policy struct {
	expires    time.Time
	conditions []condition
}

// ParsePolicy reads a policy in base64.
func ParsePolicy(text string) (*Policy, error) {
	doc, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, invalid("invalid Base64 encoding.")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(doc, &members); err != nil || members == nil {
		return nil, invalid("Invalid JSON.")
	}
	var expiration, conditions json.RawMessage
	for name, value := range members {
		switch strings.ToLower(name) {
		case "expiration":
			expiration = value
		case "conditions":
			conditions = value
		default:
			return nil, invalid("Unexpected: '" + strings.ToLower(name) + "'")
		}
	}
	p := &Policy{}
	switch {
	case expiration == nil:
		return nil, invalid("Policy missing expiration.")
	case conditions == nil:
		return nil, invalid("Policy missing conditions.")
	}
	if p.expires, err = readExpiration(expiration); err != nil {
		return nil, err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(conditions, &list); err != nil || list == nil {
		return nil, invalid("Invalid 'conditions' value: must be a List.")
	}
	for _, item := range list {
		c, err := readCondition(item)
		if err != nil {
			return nil, err
		}
		p.conditions = append(p.conditions, c)
	}
	return p, nil
}

// readExpiration reads an instant in UTC, with or without fractions of a second.
func readExpiration(value json.RawMessage) (time.Time, error) {
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return time.Time{}, invalid("Invalid JSON.")
	}
	at, err := time.Parse("2006-01-02T15:04:05Z", text) // which takes fractions too
	if err != nil {
		return at, invalid("Invalid 'expiration' value: '" + text + "'")
	}
	return at, nil
}

// Check holds a form for a bucket to the policy: it must not have expired,
// every condition must hold, and each field must be in one.
func (p *Policy) Check(f *Form, bucket string, now time.Time) error {
	if !now.Before(p.expires) {
		return denied("Policy expired.")
	}
	for _, c := range p.conditions {
		if !c.holds(f, bucket) {
			return denied("Policy Condition failed: " + c.text())
		}
	}
	var extra []string
	for _, known := range f.fields {
		name := strings.ToLower(known.name)
		if slices.Contains(uncovered, name) || strings.HasPrefix(name, "x-ignore-") ||
			slices.ContainsFunc(p.conditions, func(c condition) bool { return c.of() == name }) {
			continue
		}
		extra = append(extra, known.name)
	}
	if len(extra) > 0 {
		return denied("Extra input fields: " + strings.Join(extra, ", "))
	}
	return nil
}

// uncovered are the fields that need no condition.
var uncovered = []string{"x-amz-signature", "policy", "file", "signature", "awsaccesskeyid"}

// CheckSize holds the size of a file in bytes to the policy; no policy holds it
// to nothing.
func (p *Policy) CheckSize(size int64) error {
	if p == nil {
		return nil
	}
	proposed := refusal.With("ProposedSize", strconv.FormatInt(size, 10))
	for _, c := range p.conditions {
		switch {
		case c.operation != sizeRange:
		case size > c.most:
			return refusal.New(http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
				proposed, refusal.With("MaxSizeAllowed", strconv.FormatInt(c.most, 10)))
		case size < c.least:
			return refusal.New(http.StatusBadRequest, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
				proposed, refusal.With("MinSizeAllowed", strconv.FormatInt(c.least, 10)))
		}
	}
	return nil
}

func denied(reason string) *refusal.Error {
	return refusal.New(http.StatusForbidden, "AccessDenied", "Invalid according to Policy: "+reason)
}

func invalid(reason string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidPolicyDocument", "Invalid Policy: "+reason)
}
