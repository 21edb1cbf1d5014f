package replication

import (
	"encoding/json"
	"net/url"
	"slices"
)

// stringOrList is a JSON text or a list of them, as policies write both.
type stringOrList []string

// UnmarshalJSON implements json.Unmarshaler.
func (l *stringOrList) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*l = stringOrList{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(l))
}

// trustsS3 says whether a trust policy lets S3 take the role, as far as its
// text tells: a condition in it may still keep S3 out. IAM returns documents
// URL-encoded.
func trustsS3(text string) bool {
	if decoded, err := url.QueryUnescape(text); err == nil {
		text = decoded
	}
	parts, err := parseBucketPolicy(text)
	if err != nil {
		return false
	}
	for _, raw := range parts.Statement {
		var statement struct {
			Effect    string
			Principal json.RawMessage
			Action    stringOrList
		}
		if json.Unmarshal(raw, &statement) != nil || statement.Effect != "Allow" {
			continue
		}
		var principal struct{ Service stringOrList }
		_ = json.Unmarshal(statement.Principal, &principal) // "*" has no service; S3 is none of its principals
		takes := slices.ContainsFunc(statement.Action, func(action string) bool {
			return action == "sts:AssumeRole" || action == "sts:*" || action == "*"
		})
		if takes && slices.Contains(principal.Service, "s3.amazonaws.com") {
			return true
		}
	}
	return false
}
