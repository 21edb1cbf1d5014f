package replication

import (
	"strings"

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
	// Locked says that a bucket which the plan makes is made with Object
	// Lock, because the other side has it.
	Locked bool
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
	Own      bool
	RoleName string
	RolePath string
	RoleTags map[string]string // of an own role
	Trust    string            // the trust policy of an own role
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
	for _, d := range pair.Directions() {
		w.Links[d] = s.wantedLink(d)
	}
	for _, name := range pair.Sides() {
		found := s.Sides[name]
		w.Sides[name] = WantedSide{
			Account: found.Identity.Account,
			Makes:   !found.Exists,
			Made:    !found.Exists || s.madeBucket(name),
			Locked:  !found.Exists && s.Sides[name.Other()].ObjectLock,
			Tags:    s.madeTags(),
			Policy:  s.wantedPolicy(name),
		}
	}
	return w
}

func (s *Survey) wantedLink(d pair.Direction) WantedLink {
	p := s.World.Pair
	link := WantedLink{RoleARN: s.wantedRoleARN(d), Rule: s.wantedRule(d)}
	switch s.roleUse(d) {
	case ownRole:
		link.Own, link.RoleName, link.RolePath = true, p.RoleName(d), pair.RolePath
		link.RoleTags, link.Trust = s.madeTags(), trustPolicy()
		link.PolicyName, link.Policy = p.PolicyName(), s.rolePolicy(d)
	case guestRole:
		link.RolePath, link.RoleName = splitRole(link.RoleARN)
		link.PolicyName, link.Policy = p.GuestPolicyName(d), s.rolePolicy(d)
	case givenRole:
		link.RolePath, link.RoleName = splitRole(link.RoleARN)
	}
	link.Configuration = s.merged(d, link.RoleARN, link.Rule)
	return link
}

// madeTags are those of everything that the plan makes, our mark first.
func (s *Survey) madeTags() map[string]string {
	tags := map[string]string{pair.TagKey: s.World.Pair.ID()}
	for _, t := range s.World.Pair.Options.MadeTags.List() {
		tags[t.Key] = t.Value
	}
	return tags
}

// splitRole returns the path and the name in a role's ARN.
func splitRole(arn string) (path, name string) {
	_, resource, _ := strings.Cut(arn, ":role")
	last := strings.LastIndex(resource, "/")
	return resource[:last+1], resource[last+1:]
}

// accountOf is the account in an ARN.
func accountOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[4]
}
