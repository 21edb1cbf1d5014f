package wanted

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

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

// foreignOwner says whether replicas of direction d would belong to the
// account that they come from, unless the rule says otherwise: a bucket that
// enforces its owner takes everything as its own, and new buckets do.
func foreignOwner(s *survey.Survey, d pair.Direction) bool {
	to := s.Sides[d.To()]
	return s.TwoAccounts() && to.Exists && to.Ownership != types.ObjectOwnershipBucketOwnerEnforced
}

// OverridesOwner says whether direction d's rule gives replicas to the account
// of the bucket that they are in (S3 User Guide, "Changing the replica owner").
// Between buckets of one account it must not: edits of ACLs would no longer
// replicate.
func OverridesOwner(s *survey.Survey, d pair.Direction) bool {
	return foreignOwner(s, d) && !s.World.Pair.Options.KeepReplicaOwner
}

// KeepsOwner says that the side which replicas of direction d are on can't
// read them.
func KeepsOwner(s *survey.Survey, d pair.Direction) bool {
	return foreignOwner(s, d) && s.World.Pair.Options.KeepReplicaOwner
}

// incomingStatements let the role of the other account in (S3 User Guide,
// "Granting permissions when the source and destination buckets are owned by
// different AWS accounts").
func incomingStatements(s *survey.Survey, name pair.SideName) []policy.Draft {
	if !s.TwoAccounts() {
		return nil
	}
	d := Incoming(name)
	role := map[string]string{"AWS": RoleARN(s, d)}
	objects := []string{"s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"}
	if OverridesOwner(s, d) {
		objects = append(objects, "s3:ObjectOwnerOverrideToBucketOwner")
	}
	p := s.World.Pair
	return []policy.Draft{
		{Sid: p.StatementID("Objects"), Effect: "Allow", Principal: role, Action: objects, Resource: keysUnder(s, name)},
		{
			Sid: p.StatementID("Bucket"), Effect: "Allow", Principal: role,
			Action: []string{"s3:List*", "s3:GetBucketVersioning", "s3:PutBucketVersioning"}, Resource: p.Side(name).BucketARN(),
		},
	}
}

// Incoming is the direction that ends at a side.
func Incoming(name pair.SideName) pair.Direction {
	if name == pair.B {
		return pair.AtoB
	}
	return pair.BtoA
}

// LeavesOwner says whether our rule of direction d, as it stands, leaves
// replicas to an account that the side they are on can't read for.
func LeavesOwner(s *survey.Survey, d pair.Direction) bool {
	own, _ := s.OwnRules(d)
	return foreignOwner(s, d) && len(own) == 1 && own[0].Destination != nil && own[0].Destination.AccessControlTranslation == nil
}
