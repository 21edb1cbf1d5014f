package replication

import (
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/policy"
)

// twoAccounts says whether the sides belong to two accounts.
func (s *Survey) twoAccounts() bool {
	return s.Sides[pair.A].Identity.Account != s.Sides[pair.B].Identity.Account
}

// foreignOwner says whether replicas of direction d would belong to the
// account that they come from, unless the rule says otherwise: a bucket that
// enforces its owner takes everything as its own, and new buckets do.
func (s *Survey) foreignOwner(d pair.Direction) bool {
	to := s.Sides[d.To()]
	return s.twoAccounts() && to.Exists && to.Ownership != types.ObjectOwnershipBucketOwnerEnforced
}

// overridesOwner says whether direction d's rule gives replicas to the account
// of the bucket that they are in (S3 User Guide, "Changing the replica owner").
// Between buckets of one account it must not: edits of ACLs would no longer
// replicate.
func (s *Survey) overridesOwner(d pair.Direction) bool {
	return s.foreignOwner(d) && !s.World.Pair.Options.KeepReplicaOwner
}

// keepsOwner says that the side which replicas of direction d are on can't
// read them.
func (s *Survey) keepsOwner(d pair.Direction) bool {
	return s.foreignOwner(d) && s.World.Pair.Options.KeepReplicaOwner
}

// incomingStatements let the role of the other account in (S3 User Guide,
// "Granting permissions when the source and destination buckets are owned by
// different AWS accounts").
func (s *Survey) incomingStatements(name pair.SideName) []policy.Draft {
	if !s.twoAccounts() {
		return nil
	}
	d := incoming(name)
	role := map[string]string{"AWS": s.wantedRoleARN(d)}
	objects := []string{"s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"}
	if s.overridesOwner(d) {
		objects = append(objects, "s3:ObjectOwnerOverrideToBucketOwner")
	}
	p := s.World.Pair
	return []policy.Draft{
		{Sid: p.StatementID("Objects"), Effect: "Allow", Principal: role, Action: objects, Resource: s.keysUnder(name)},
		{
			Sid: p.StatementID("Bucket"), Effect: "Allow", Principal: role,
			Action: []string{"s3:List*", "s3:GetBucketVersioning", "s3:PutBucketVersioning"}, Resource: p.Side(name).BucketARN(),
		},
	}
}

// incoming is the direction that ends at a side.
func incoming(name pair.SideName) pair.Direction {
	if name == pair.B {
		return pair.AtoB
	}
	return pair.BtoA
}
