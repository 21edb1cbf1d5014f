package forms

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
)

// formPolicy is what the signer of a form allows it to hold (S3 API Reference,
// Creating a POST policy).
type formPolicy struct {
	expiration  time.Time
	conditions  []formCondition
	least, most int64 // of the file in bytes; most is -1 without a limit
}

// formCondition is about the value of a field.
type formCondition struct {
	prefix bool // starts-with; else equal
	field  string
	value  string
	text   string // as it stands in the policy
}

func invalidPolicy(message string) error {
	return refusal.New(http.StatusBadRequest, "InvalidPolicyDocument", "Invalid Policy: "+message)
}

// parseFormPolicy reads the base64 text of a policy.
func parseFormPolicy(text string) (*formPolicy, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil {
		return nil, invalidPolicy("Invalid Base64 encoding.")
	}
	// Names in the document are case-sensitive, which decoding into a struct
	// would not be.
	var document map[string]json.RawMessage
	if err := json.Unmarshal(raw, &document); err != nil {
		return nil, invalidPolicy("Invalid JSON.")
	}
	var expiration string
	switch {
	case document["expiration"] == nil:
		return nil, invalidPolicy("Policy missing expiration.")
	case json.Unmarshal(document["expiration"], &expiration) != nil:
		return nil, invalidPolicy("Expiration must be a string.")
	case document["conditions"] == nil:
		return nil, invalidPolicy("Policy missing conditions.")
	}
	p := &formPolicy{most: -1}
	if p.expiration, err = time.Parse("2006-01-02T15:04:05Z07:00", expiration); err != nil {
		return nil, invalidPolicy("Invalid 'expiration' value: '" + expiration + "'")
	}
	var conditions []json.RawMessage
	if err := json.Unmarshal(document["conditions"], &conditions); err != nil {
		return nil, invalidPolicy("Conditions must be a list.")
	}
	for _, c := range conditions {
		if err := p.add(c); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// add reads one condition: an object of one field, or a list.
func (p *formPolicy) add(raw json.RawMessage) error {
	text := strings.TrimSpace(string(raw))
	if strings.HasPrefix(text, "{") {
		var equal map[string]string
		if json.Unmarshal(raw, &equal) != nil || len(equal) != 1 {
			return invalidPolicy("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.")
		}
		for field, value := range equal {
			p.conditions = append(p.conditions, formCondition{
				field: strings.ToLower(field), value: value, text: `["eq", "$` + field + `", "` + value + `"]`,
			})
		}
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || len(list) == 0 {
		return invalidPolicy("Invalid condition: " + text)
	}
	var operator string
	if json.Unmarshal(list[0], &operator) != nil {
		return invalidPolicy("Invalid condition: " + text)
	}
	if operator = strings.ToLower(operator); operator == "content-length-range" {
		return p.addRange(list)
	}
	var field, value string
	if len(list) != 3 || operator != "eq" && operator != "starts-with" ||
		json.Unmarshal(list[1], &field) != nil || json.Unmarshal(list[2], &value) != nil || !strings.HasPrefix(field, "$") {
		return invalidPolicy("Invalid condition: " + text)
	}
	p.conditions = append(p.conditions, formCondition{
		prefix: operator == "starts-with", field: strings.ToLower(field[1:]), value: value,
		text: `["` + operator + `", "` + field + `", "` + value + `"]`,
	})
	return nil
}

// addRange reads ["content-length-range", least, most].
func (p *formPolicy) addRange(list []json.RawMessage) error {
	if len(list) != 3 {
		return invalidPolicy("Invalid Content-Length-Range: exactly two bounds must be specified.")
	}
	bounds := [2]int64{}
	for i := range bounds {
		n, err := strconv.ParseInt(strings.Trim(string(list[i+1]), `"`), 10, 64)
		if err != nil || n < 0 {
			return invalidPolicy("Invalid Content-Length-Range: " + string(list[i+1]))
		}
		bounds[i] = n
	}
	p.least, p.most = bounds[0], bounds[1]
	return nil
}

// check checks the fields of a form against the policy: every condition must hold,
// and every field must have one.
func (p *formPolicy) check(fields map[string]string, bucket string, now time.Time) error {
	if !now.Before(p.expiration) {
		return request.AccessDenied("Invalid according to Policy: Policy expired.")
	}
	named := map[string]bool{}
	for _, c := range p.conditions {
		named[c.field] = true
		value, found := fields[c.field]
		if c.field == "bucket" {
			value, found = bucket, true
		}
		if !found || !c.holds(value) {
			return request.AccessDenied("Invalid according to Policy: Policy Condition failed: " + c.text)
		}
	}
	if !named["bucket"] {
		return request.AccessDenied("Invalid according to Policy: Extra input fields: bucket")
	}
	for field := range fields {
		switch field {
		case "policy", "x-amz-signature", "signature", "awsaccesskeyid", "bucket":
		default:
			if !named[field] && !strings.HasPrefix(field, "x-ignore-") {
				return request.AccessDenied("Invalid according to Policy: Extra input fields: " + field)
			}
		}
	}
	return nil
}

// holds says whether a value is as the condition wants it. Of a list of content
// types each must be.
func (c formCondition) holds(value string) bool {
	switch {
	case !c.prefix:
		return value == c.value
	case c.field != "content-type":
		return strings.HasPrefix(value, c.value)
	}
	for kind := range strings.SplitSeq(value, ",") {
		if !strings.HasPrefix(kind, c.value) {
			return false
		}
	}
	return true
}
