package replication

import (
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

// Wanted is all that stands once a set-up plan has run, as the documents that
// are sent: what a plan's steps make, and what an export describes.
type Wanted struct {
	Pair  pair.Pair
	Sides map[pair.SideName]WantedSide
	Links map[pair.Direction]WantedLink
}

// WantedSide is one side's bucket.
type WantedSide struct {
	Account string
	// Makes says that the plan makes the bucket; otherwise it stands already.
	Makes bool
	// Made says that bothways made it or will: it carries our tag.
	Made bool
	// Versioned says that versioning is Enabled already, PolicyStands that the
	// bucket has a policy already.
	Versioned, PolicyStands bool
	// Tags are those of a bucket that bothways makes, our mark among them.
	Tags map[string]string
	// Policy is the whole bucket policy as it will read, with the statements
	// of others in it as they are; "" where replication needs none.
	Policy string
}

// WantedLink is one direction's role and rule.
type WantedLink struct {
	// RoleARN is what the role's ARN is or will be.
	RoleARN string
	// Own says that the role is bothways' own; otherwise it is one that
	// others made, which gets a policy of ours (PolicyName), or nothing.
	Own bool
	// RoleStands, PolicyWritten and ConfigurationStands say that the role, its
	// inline policy and a replication configuration are there already.
	RoleStands, PolicyWritten, ConfigurationStands bool

	RoleName string
	RolePath string
	// RoleDescription is that of an own role.
	RoleDescription string
	RoleTags        map[string]string // of an own role
	Trust           string            // the trust policy of an own role
	// PolicyName and Policy are the inline policy that bothways writes, or ""
	// where the role is used as it is.
	PolicyName string
	Policy     string
	// Rule is our rule; Configuration is the whole that is sent, with the
	// rules of others in it as they are.
	Rule          types.ReplicationRule
	Configuration *types.ReplicationConfiguration
}

// wanted composes the documents from what the survey found.
func (s *Survey) wanted() *Wanted {
	p := s.World.Pair
	w := &Wanted{Pair: p, Sides: map[pair.SideName]WantedSide{}, Links: map[pair.Direction]WantedLink{}}
	for _, name := range pair.Sides() {
		found := s.Sides[name]
		w.Sides[name] = WantedSide{
			Account: found.Identity.Account,
			Makes:   !found.Exists,
			Made:    !found.Exists || s.madeBucket(name),

			Versioned: found.Versioning == types.BucketVersioningStatusEnabled, PolicyStands: found.Policy != "",

			Tags: map[string]string{pair.TagKey: p.ID()},
		}
	}
	for _, d := range pair.Directions() {
		own := rule(p, d)
		arn := s.roleARN(d)
		w.Links[d] = WantedLink{
			RoleARN: arn, Own: true,
			RoleStands: s.Links[d].RoleExists, PolicyWritten: s.Links[d].PolicyThere, ConfigurationStands: s.Sides[d.From()].Replication != nil,
			RoleName: p.RoleName(d), RolePath: pair.RolePath, RoleDescription: roleDescription(p, d), RoleTags: map[string]string{pair.TagKey: p.ID()},
			Trust: trustPolicy(), PolicyName: p.PolicyName(), Policy: rolePolicy(p, d),
			Rule: own, Configuration: &types.ReplicationConfiguration{Role: &arn, Rules: []types.ReplicationRule{own}},
		}
	}
	return w
}
