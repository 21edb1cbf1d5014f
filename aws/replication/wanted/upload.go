package wanted

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/upload"
)

// CanaryUpload is what a canary of direction d carries: the tags that the rule
// filters by, a KMS key where one is set that the bucket does not take by
// itself, so that the canary proves the keys too, and what the bucket's policy
// asks for.
func CanaryUpload(s *survey.Survey, d pair.Direction) upload.Upload {
	return Upload(s, d.From(), s.World.Pair.CanaryPrefix(), CanaryHeaders(s, d), false)
}

// CanaryHeaders are those that a canary carries for the pair's own options.
func CanaryHeaders(s *survey.Survey, d pair.Direction) upload.Headers {
	own := upload.Headers{Tags: s.World.Pair.Options.FilterTags}
	if key := Key(s, d.From()); key != "" && !s.Sides[d.From()].KMSDefault {
		own.Encryption, own.Key = types.ServerSideEncryptionAwsKms, key
	}
	return own
}

// ProbeUpload is what probes carry that are written on a side, beside the tags
// that its rule filters by.
func ProbeUpload(s *survey.Survey, name pair.SideName, tags pair.Tags, inParts bool) upload.Upload {
	return Upload(s, name, s.World.Pair.ProbePrefix(), upload.Headers{Tags: tags}, inParts)
}

// Upload is what an upload carries that is written on a side under a prefix,
// and what the bucket's policy says to it. What can't be read asks for nothing:
// the survey says that it could not be.
func Upload(s *survey.Survey, name pair.SideName, prefix string, anyway upload.Headers, inParts bool) upload.Upload {
	found, side := s.Sides[name], s.World.Pair.Side(name)
	document, err := policy.Parse(found.Policy)
	if err != nil {
		document = nil
	}
	anyway = anyway.With(found.Carries)
	prefers := prefers(found)
	return upload.Derive(upload.Bucket{
		Caller: s.Caller(name), ARN: side.BucketARN(), Region: side.Region, Key: prefix + "example", InParts: inParts,
		Policy: document, KMSKey: cmp.Or(anyway.Key, Key(s, name), fullKey(s, name)), Prefers: prefers,
		NoACLs: found.Ownership == types.ObjectOwnershipBucketOwnerEnforced,
	}, anyway)
}

// HeadersToTry are those that policies ask of uploads most, as far as they can
// be sent to a side: encryption in the bucket's own way first, and the ACL that
// gives its owner all.
func HeadersToTry(s *survey.Survey, name pair.SideName) []upload.Headers {
	var all []upload.Headers
	for _, acl := range []types.ObjectCannedACL{"", types.ObjectCannedACLBucketOwnerFullControl} {
		for _, kind := range []types.ServerSideEncryption{prefers(s.Sides[name]), types.ServerSideEncryptionAes256, types.ServerSideEncryptionAwsKms, ""} {
			one := upload.Headers{Encryption: kind, ACL: acl}
			if kind == types.ServerSideEncryptionAwsKms {
				one.Key = cmp.Or(Key(s, name), fullKey(s, name))
			}
			all = append(all, one)
			if one.Once = true; acl == "" {
				all = append(all, one)
			}
		}
	}
	return all
}

// prefers is how a bucket encrypts by default.
func prefers(side survey.Side) types.ServerSideEncryption {
	if side.KMSDefault {
		return types.ServerSideEncryptionAwsKms
	}
	return types.ServerSideEncryptionAes256
}

// fullKey is the key that a side's bucket names by an alias, as an ARN.
func fullKey(s *survey.Survey, name pair.SideName) string {
	switch found, region := s.Sides[name], s.World.Pair.Side(name).Region; {
	case !strings.Contains(found.DefaultKey, "alias/"), strings.HasSuffix(found.DefaultKey, "alias/aws/s3"):
		return ""
	case strings.HasPrefix(found.DefaultKey, "arn:"):
		return found.DefaultKey
	default:
		return "arn:" + pair.PartitionOf(region) + ":kms:" + region + ":" + found.Identity.Account + ":" + found.DefaultKey
	}
}

// Kept says why objects of ours that lie under a prefix of a side can't be
// deleted again, or "": writing them would leave them there. certain says that
// it is known, and not only likely.
func Kept(s *survey.Survey, name pair.SideName, prefix string) (why string, certain bool) {
	side, bucket := s.Sides[name], s.World.Pair.Side(name)
	if side.Retention {
		return "object lock gives every new object a retention", true
	}
	if side.MFADelete {
		return "MFA delete is on", true
	}
	for _, m := range s.Denials(name, "s3:DeleteObjectVersion", bucket.BucketARN()+"/"+prefix+"example") {
		if m.Answer == policy.Yes {
			return fmt.Sprintf("the bucket policy of %s denies %s s3:DeleteObjectVersion (%s)", bucket.Bucket, side.Identity.Name(), m.Statement.Name()), true
		}
	}
	for _, m := range s.Lacks(name) {
		if m.Action == "s3:DeleteObjectVersion" && len(m.Unknown) == 0 && policy.Covers(m.Resource, bucket.BucketARN()+"/"+prefix+"example") {
			return fmt.Sprintf("%s may not s3:DeleteObjectVersion: %s", side.Identity.Name(), m.By), false
		}
	}
	return "", false
}
