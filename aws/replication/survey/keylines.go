package survey

import (
	"encoding/json"
	"slices"
	"strings"

	"bothways/aws/policy"
)

// KeyLine is a line for the AWS CLI that does something to a key, by the side
// whose account and region it is of; "" where there is none.
func (s *Survey) KeyLine(arn, command string, arguments ...string) string {
	clients := s.keeper(arn)
	if clients == nil || clients.Region != regionOfARN(arn) {
		return ""
	}
	return clients.CLI("kms", command, append([]string{"--key-id", arn}, arguments...)...)
}

// LetIntoKey is a line for the AWS CLI that adds a statement to a key's policy as
// it was read, for a principal to use the key through S3; "" where that is not
// known to be safe: where the policy was not read whole, or KMS would refuse it
// for principals that are gone.
func (s *Survey) LetIntoKey(arn, principal string, actions, service []string) string {
	k := s.Keys[arn]
	parts, err := policy.TakeApart(k.Policy)
	gone := slices.ContainsFunc(parts.Statements, func(statement json.RawMessage) bool { return len(policy.Deleted(statement)) > 0 })
	if err != nil || gone || k.document == nil || !strings.HasPrefix(principal, "arn:") || len(service) != 1 {
		return ""
	}
	slices.Sort(actions)
	parts.Statements = append(parts.Statements, policy.Draft{
		Effect: "Allow", Principal: map[string]string{"AWS": principal}, Action: slices.Compact(actions), Resource: "*",
		Condition: map[string]map[string]any{"StringEquals": {"kms:ViaService": service[0]}},
	}.JSON())
	return s.KeyLine(arn, "put-key-policy", "--policy-name", "default", "--policy", parts.Text())
}
