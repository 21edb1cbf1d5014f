package replication

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// principalID is how S3 shows a role or user that was deleted (IAM User Guide,
// "IAM identifiers", unique IDs). It refuses such a policy when it is written.
var principalID = regexp.MustCompile(`^(AROA|AIDA)[A-Z0-9]{10,}$`)

// deadPrincipals names the principals of statements that no longer exist,
// each with its statement.
func deadPrincipals(statements []json.RawMessage) []string {
	var dead []string
	for i, raw := range statements {
		var statement struct{ Principal, NotPrincipal json.RawMessage }
		if json.Unmarshal(raw, &statement) != nil {
			continue
		}
		name := sid(raw)
		if name == "" {
			name = fmt.Sprintf("the one without a Sid, number %d of those that are not ours", i+1)
		}
		for _, one := range []json.RawMessage{statement.Principal, statement.NotPrincipal} {
			var kinds struct{ AWS stringOrList }
			_ = json.Unmarshal(one, &kinds) // "*" names nobody
			for _, principal := range kinds.AWS {
				if principalID.MatchString(principal) {
					dead = append(dead, principal+" (statement "+name+")")
				}
			}
		}
	}
	return dead
}

// dead are the principals of the policy that is written that no longer exist.
func (a writePolicy) dead() []string {
	parts, err := parseBucketPolicy(a.wanted)
	if err != nil {
		return nil
	}
	return deadPrincipals(parts.Statement)
}
