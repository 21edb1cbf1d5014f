package sandbox

import (
	"maps"
	"strings"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/replicate"
)

// assume has S3 assume a role: what it may do then is decided by the role's
// policies together with the policy of the bucket or key concerned.
func (s *Sandbox) assume(roleARN string) (replicate.May, error) {
	role, err := s.accounts.AssumeRole(roleARN, "s3.amazonaws.com", nil)
	if err != nil {
		return nil, err
	}
	return s.mayAs(role), nil
}

// mayAs says what a role may, by its policies together with those of buckets
// and keys.
func (s *Sandbox) mayAs(role iam.Principal) replicate.May {
	return func(action, resource string, more map[string]string) bool {
		of, found := s.resource(resource)
		if !found {
			return false
		}
		conditions := map[string]string{
			"aws:RequestedRegion": of.region, "aws:SecureTransport": "true", "aws:ResourceAccount": of.owner,
		}
		maps.Copy(conditions, more)
		decision := s.accounts.AuthorizeResource(role, action, resource, conditions, of.policy, of.owner)
		if action == replicate.WriteAnnotation && !decision.Explicit {
			// What lets it write replicas lets it write their annotations, unless
			// that is denied (S3 User Guide, Replicating annotations).
			decision = s.accounts.AuthorizeResource(role, "s3:ReplicateObject", resource, conditions, of.policy, of.owner)
		}
		return decision.Allow
	}
}

// resourceInfo is what a decision has to know of a bucket or key.
type resourceInfo struct {
	owner, region string
	policy        *policy.Document
}

func (s *Sandbox) resource(arn string) (resourceInfo, bool) {
	if _, path, isBucket := strings.Cut(arn, ":s3:::"); isBucket {
		name, _, _ := strings.Cut(path, "/")
		b, found := s.store.Bucket(name)
		if !found {
			return resourceInfo{}, false
		}
		_, document := b.Policy()
		return resourceInfo{b.Owner, b.Region, document}, true
	}
	key, found := s.keys.Find(arn, "", "")
	return resourceInfo{kms.Account(arn), kms.Region(arn), key.Policy}, found
}
