// Package wanted composes the documents that should stand (rules, roles, policies)
// from what a survey found, and says how what stands differs from them. It only
// computes.
package wanted

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/upload"
)

// Documents is all that stands once a set-up plan has run, as the documents that
// are sent: what a plan's steps make, and what an export describes.
type Documents struct {
	Pair       pair.Pair
	Sides      map[pair.SideName]Side
	Directions map[pair.Direction]Direction
	// Loop are the rights that an audit and a backfill of the pair take, beside
	// those of reading it.
	Loop []survey.Right
}

// Side is one side's bucket.
type Side struct {
	Account string
	// Makes says that the plan makes the bucket; otherwise it stands already.
	Makes bool
	// Made says that bothways made it or will: it carries our tag.
	Made bool
	// Versioned says that versioning is Enabled already, PolicyStands that the
	// bucket has a policy already.
	Versioned, PolicyStands bool
	// Locked says that a bucket which the plan makes is made with Object
	// Lock, because the other side has it.
	Locked bool
	// DefaultKey is the ARN of the customer managed key that a bucket which
	// stands encrypts new objects under by default, or "".
	DefaultKey string
	// BucketKey says that S3 Bucket Keys are on.
	BucketKey bool
	// Canary and Probe are what uploads of ours carry that are written here.
	Canary, Probe upload.Headers
	// Tags are those of a bucket that bothways makes, our mark among them.
	Tags map[string]string
	// Policy is the whole bucket policy as it will read, with the statements
	// of others in it as they are; "" where replication needs none.
	Policy string
}

// Direction is one direction's role and rule.
type Direction struct {
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
	// RoleBoundary is the ARN of the permissions boundary of an own role, or "".
	// Bounds says that the role stands with another one, or with none.
	RoleBoundary string
	Bounds       bool
	Trust        string // the trust policy of an own role
	// PolicyName and Policy are the inline policy that bothways writes, or ""
	// where the role is used as it is.
	PolicyName string
	Policy     string
	// Proven is what stands of a canary's proof, see Proof, or "".
	Proven string
	// Rule is our rule; Configuration is the whole that is sent, with the
	// rules of others in it as they are.
	Rule          types.ReplicationRule
	Configuration *types.ReplicationConfiguration
}

// Compose composes the documents from what the survey found.
func Compose(s *survey.Survey) *Documents {
	p := s.World.Pair
	w := &Documents{Pair: p, Sides: map[pair.SideName]Side{}, Directions: map[pair.Direction]Direction{}}
	for _, d := range pair.Directions() {
		w.Directions[d] = ComposeDirection(s, d)
	}
	for _, name := range pair.Sides() {
		found := s.Sides[name]
		w.Sides[name] = Side{
			Account: found.Identity.Account,
			Makes:   found.Absent(),
			Made:    found.Absent() || s.MadeBucket(name),
			Locked:  found.Absent() && locked(s, name),
			Tags:    madeTags(s),
			Canary:  CanaryUpload(s, Incoming(name.Other())).Headers,
			Probe:   ProbeUpload(s, name, s.World.Pair.Options.FilterTags, true).Headers,
			Policy:  BucketPolicy(s, name),

			DefaultKey: defaultKey(s, name), BucketKey: s.Sides[name].BucketKey,
			Versioned: found.Versioning == types.BucketVersioningStatusEnabled, PolicyStands: found.Policy != "",
		}
	}
	w.Loop = loopRights(s, w)
	return w
}

// ComposeDirection composes the documents of one direction.
func ComposeDirection(s *survey.Survey, d pair.Direction) Direction {
	p := s.World.Pair
	direction := Direction{RoleARN: RoleARN(s, d), Rule: Rule(s, d), ConfigurationStands: s.Sides[d.From()].Replication != nil}
	switch RoleUse(s, d) {
	case OwnRole:
		direction.Own = true
		direction.RolePath, direction.RoleName = survey.SplitRole(direction.RoleARN)
		direction.RoleDescription, direction.RoleTags, direction.Trust = roleDescription(p, d), madeTags(s), TrustPolicy()
		direction.PolicyName, direction.Policy = p.PolicyName(), rolePolicy(s, d)
		direction.RoleStands, direction.PolicyWritten = s.Directions[d].RoleExists, s.Directions[d].PolicyThere
		direction.RoleBoundary = roleBoundary(s, d).arn
		direction.Bounds = direction.RoleStands && direction.RoleBoundary != s.Directions[d].Boundary
	case GuestRole:
		direction.RolePath, direction.RoleName = survey.SplitRole(direction.RoleARN)
		direction.PolicyName, direction.Policy = p.GuestPolicyName(d), rolePolicy(s, d)
		direction.RoleStands, direction.PolicyWritten = true, s.Directions[d].Others != nil && s.Directions[d].Others.PolicyThere
	case GivenRole:
		direction.RolePath, direction.RoleName = survey.SplitRole(direction.RoleARN)
	}
	direction.Proven = Proven(s, d)
	direction.Configuration = merged(s, d, direction.RoleARN, direction.Rule)
	return direction
}

// locked says whether a side's bucket has Object Lock, or is made with it
// because the other has: locked versions replicate only into such a bucket
// (S3 User Guide, "Requirements for replication").
func locked(s *survey.Survey, name pair.SideName) bool {
	return s.Sides[name].ObjectLock || s.Sides[name].Absent() && s.Sides[name.Other()].ObjectLock
}

// madeTags are those of everything that the plan makes, our mark first.
func madeTags(s *survey.Survey) map[string]string {
	tags := map[string]string{pair.TagKey: s.World.Pair.ID()}
	for _, t := range s.World.Pair.Options.MadeTags.List() {
		tags[t.Key] = t.Value
	}
	return tags
}

func roleDescription(p pair.Pair, d pair.Direction) string {
	return fmt.Sprintf("S3 replication from %s to %s", p.From(d).Bucket, p.To(d).Bucket)
}
