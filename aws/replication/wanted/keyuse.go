package wanted

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
	"bothways/aws/upload"
)

// KeyUse is how uploads of ours to a side use a KMS key.
type KeyUse struct {
	Key string // its ARN; "" where only an alias names it
	// Alias is what names it where that is an alias.
	Alias   string
	Through policy.Through
}

// KeyUseOf is the key that an upload with these headers is under, nil where that
// is none, or AWS's own, which everybody in the account may use through S3.
func KeyUseOf(s *survey.Survey, name pair.SideName, headers upload.Headers, prefix string) *KeyUse {
	found := s.Sides[name]
	asked, explicit := headers.Key, headers.Encryption != ""
	switch {
	case explicit && !strings.HasPrefix(string(headers.Encryption), string(types.ServerSideEncryptionAwsKms)):
		return nil
	case !explicit && !found.KMSDefault:
		return nil
	case !explicit:
		asked = found.DefaultKey
	}
	use := KeyUse{Key: s.KeyARN(name, asked), Through: throughOf(s, name, prefix, explicit)}
	switch {
	case asked == "" || strings.HasSuffix(asked, "alias/aws/s3"):
		return nil
	case use.Key == "" || strings.Contains(asked, "alias/"):
		use.Key, use.Alias = "", asked
	}
	return &use
}

// throughOf is how S3 asks KMS about objects of ours under a prefix of a side.
// With Bucket Keys the encryption context is the bucket; where an upload names
// its key itself, that may be either.
func throughOf(s *survey.Survey, name pair.SideName, prefix string, explicit bool) policy.Through {
	side := s.World.Pair.Side(name)
	through := policy.Through{Region: side.Region, Service: "s3." + side.Region + "." + pair.DNSSuffix(side.Region)}
	object := side.BucketARN() + "/" + prefix + "example"
	switch bucketKey := s.Sides[name].BucketKey; {
	case bucketKey && explicit:
		through.Contexts = []string{object, side.BucketARN()}
	case bucketKey:
		through.Contexts = []string{side.BucketARN()}
	default:
		through.Contexts = []string{object}
	}
	return through
}

// KeySays is what the key of an upload says to an action of S3's on it for these
// credentials.
func (u KeyUse) KeySays(s *survey.Survey, name pair.SideName, action string) survey.KeySays {
	if u.Key == "" {
		return survey.KeySays{
			Key: u.Alias, Action: action, Answer: policy.Perhaps, Reason: "which key the alias names is not read", Unknown: []string{"the key of " + u.Alias},
		}
	}
	return s.AskKey(u.Key, s.Caller(name).KeyRequest(action, u.Key, u.Through))
}

// UploadsUse are the actions on its key that an upload takes: in parts, what is
// there is read again (S3 User Guide, "Uploading and copying objects using
// multipart upload").
func UploadsUse(inParts bool) []string {
	if inParts {
		return []string{"kms:GenerateDataKey", "kms:Decrypt"}
	}
	return []string{"kms:GenerateDataKey"}
}

// keyThrough is how a right on a key is used, for a simulation.
func (w Documents) keyThrough(name pair.SideName, prefix string) *policy.Through {
	side, settings := w.Pair.Side(name), w.Sides[name]
	object := ObjectsUnder(side, prefix)
	through := policy.Through{Region: side.Region, Service: "s3." + side.Region + "." + pair.DNSSuffix(side.Region), Contexts: []string{survey.Example(object)}}
	switch explicit := cmp.Or(settings.Canary.Key, settings.Probe.Key) != ""; {
	case settings.BucketKey && explicit:
		through.Contexts = append(through.Contexts, side.BucketARN())
	case settings.BucketKey:
		through.Contexts = []string{side.BucketARN()}
	}
	return &through
}
