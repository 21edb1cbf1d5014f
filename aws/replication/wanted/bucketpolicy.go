package wanted

import (
	"encoding/json"
	"fmt"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// Statements splits a side's bucket policy into this pair's statements and
// all others.
func Statements(s *survey.Survey, name pair.SideName) (own, others []json.RawMessage, err error) {
	parts, err := policy.TakeApart(s.Sides[name].Policy)
	own, others = parts.Split(s.World.Pair.StatementID(""))
	return own, others, err
}

// BucketPolicy is a side's bucket policy as it will read: ours in their place
// or at the end, those of others as they are. It is what stands where
// replication needs no statement, or where what stands can't be understood,
// which blocks the plan.
func BucketPolicy(s *survey.Survey, name pair.SideName) string {
	standing := s.Sides[name].Policy
	wanted := incomingStatements(s, name)
	parts, err := policy.TakeApart(standing)
	if err != nil || len(wanted) == 0 {
		return standing
	}
	return parts.With(wanted, s.World.Pair.StatementID("")).Text()
}

// PolicyWithoutOwn is a side's bucket policy without our statements, "" where
// nothing else is in it.
func PolicyWithoutOwn(s *survey.Survey, name pair.SideName) (string, error) {
	parts, err := policy.TakeApart(s.Sides[name].Policy)
	if err != nil {
		return "", err
	}
	_, parts.Statements = parts.Split(s.World.Pair.StatementID(""))
	return parts.Text(), nil
}

// Sids names a few statements by their Sid.
func Sids(statements []json.RawMessage) string {
	var names []string
	for _, statement := range statements {
		if name := policy.Sid(statement); name != "" && len(names) < survey.MostNamed {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// DeadPrincipals names the principals of statements that no longer exist,
// each with its statement.
func DeadPrincipals(statements []json.RawMessage) []string {
	var dead []string
	for i, statement := range statements {
		name := policy.Sid(statement)
		if name == "" {
			name = fmt.Sprintf("the one without a Sid, number %d of those that are not ours", i+1)
		}
		for _, principal := range policy.Deleted(statement) {
			dead = append(dead, principal+" (statement "+name+")")
		}
	}
	return dead
}
