package wanted

import (
	"strings"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// Key is the ARN of the KMS key that replicas on a side are encrypted under:
// the one that was given, or the customer managed key that the bucket
// uses by default; "" where there is neither.
func Key(s *survey.Survey, name pair.SideName) string {
	if given := s.World.Pair.Given.Key(name); given != "" {
		return given
	}
	return defaultKey(s, name)
}

// defaultKey is the ARN of the customer managed key that a side's bucket uses
// by default. It is "" for the account's aws/s3 key, and for an alias: a
// role's policy has to name the key itself.
func defaultKey(s *survey.Survey, name pair.SideName) string {
	found := s.Sides[name]
	switch key := found.DefaultKey; {
	case !found.KMSDefault, key == "", strings.Contains(key, "alias/"):
		return ""
	case strings.HasPrefix(key, "arn:"):
		return key
	default:
		region := s.World.Pair.Side(name).Region
		return "arn:" + pair.PartitionOf(region) + ":kms:" + region + ":" + found.Identity.Account + ":key/" + key
	}
}

// ManagedDefault says that a side encrypts with the account's aws/s3 key.
func ManagedDefault(s *survey.Survey, name pair.SideName) bool {
	found := s.Sides[name]
	return found.KMSDefault && (found.DefaultKey == "" || strings.HasSuffix(found.DefaultKey, "alias/aws/s3"))
}

// Encrypts says whether KMS has anything to do with the pair.
func Encrypts(s *survey.Survey) bool {
	given := s.World.Pair.Given
	return given.KeyA != "" || given.KeyB != "" || s.Sides[pair.A].KMSDefault || s.Sides[pair.B].KMSDefault
}

// KeysOf are all customer managed keys that objects on a side can be under.
func KeysOf(s *survey.Survey, name pair.SideName) []string {
	var keys []string
	if key := Key(s, name); key != "" {
		keys = append(keys, key)
	}
	if key := defaultKey(s, name); key != "" && key != Key(s, name) {
		keys = append(keys, key)
	}
	return keys
}

// keyStatements let a role use the keys of direction d (S3 User Guide,
// "Replicating encrypted objects"): decrypt what was written, encrypt the
// replicas, both through S3 in that region only, and only for these buckets.
// The encryption context is the object, or the bucket where S3 Bucket Keys
// are on. A bucket that encrypts with KMS by default also makes data keys for
// replicas of what was not. A replica keeps the Bucket Key of what it copies,
// or gets that of its bucket, and S3 decrypts such a key before it uses it
// (S3 User Guide, "Using an S3 Bucket Key with replication").
func keyStatements(s *survey.Survey, d pair.Direction) []policy.Draft {
	var all []policy.Draft
	if keys := KeysOf(s, d.From()); len(keys) > 0 {
		all = append(all, policy.Draft{
			Sid: "SourceKey", Effect: "Allow", Action: []string{"kms:Decrypt"}, Resource: keys,
			Condition: throughS3(s, d.From()),
		})
	}
	if keys := KeysOf(s, d.To()); len(keys) > 0 {
		actions := []string{"kms:Encrypt"}
		if s.Sides[d.To()].KMSDefault {
			actions = append(actions, "kms:GenerateDataKey")
		}
		if s.Sides[d.From()].BucketKey || s.Sides[d.To()].BucketKey {
			actions = append(actions, "kms:Decrypt")
		}
		all = append(all, policy.Draft{
			Sid: "DestinationKey", Effect: "Allow", Action: actions, Resource: keys,
			Condition: throughS3(s, d.To()),
		})
	}
	return all
}

func throughS3(s *survey.Survey, name pair.SideName) map[string]map[string]any {
	side := s.World.Pair.Side(name)
	return map[string]map[string]any{"StringLike": {
		"kms:ViaService":                   "s3." + side.Region + "." + pair.DNSSuffix(side.Region),
		"kms:EncryptionContext:aws:s3:arn": []string{keysUnder(s, name), side.BucketARN()},
	}}
}

// keysUnder is the ARN pattern of the objects of a side that are replicated.
func keysUnder(s *survey.Survey, name pair.SideName) string {
	return ObjectsUnder(s.World.Pair.Side(name), s.World.Pair.Options.Prefix)
}

// ObjectsUnder is the ARN pattern of the objects under a prefix, which stands in
// it for nothing but itself.
func ObjectsUnder(side pair.Side, prefix string) string {
	return side.BucketARN() + "/" + policy.Plain(prefix) + "*"
}
