package upload

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/policy"
)

// Bucket is where an upload goes, and who sends it.
type Bucket struct {
	Caller policy.Caller
	ARN    string
	Region string
	Key    string // of an object of ours
	// InParts says that uploads in parts have to pass too.
	InParts bool
	Policy  *policy.Document // nil where it is not known, or there is none
	// KMSKey is the ARN of the key that uploads under KMS are meant to take, or
	// "", and Prefers what the bucket encrypts with by default.
	KMSKey  string
	Prefers types.ServerSideEncryption
	// NoACLs says that the bucket takes no ACL but that of its owner.
	NoACLs bool
}

// Upload is what an upload of ours carries in a bucket, and what the bucket's
// policy says to it.
type Upload struct {
	Headers
	// Asked are the statements for which headers were added.
	Asked []policy.Statement
	// Denied are the statements that deny it all the same, or perhaps do.
	Denied []policy.Match
}

// RefusedBy names the statement that denies the upload for certain, or is "".
func (u Upload) RefusedBy() string {
	for _, m := range u.Denied {
		if m.Answer == policy.Yes {
			return m.Statement.Name()
		}
	}
	return ""
}

// mostTried bounds the search: statements that contradict each other have no
// answer.
const mostTried = 400

// Derive looks for the least that an upload has to carry beside what it carries
// anyway for the bucket's policy not to deny it: what statements say of headers
// is tried one after the other. Where nothing helps it is what is carried
// anyway, with what denies that.
func Derive(to Bucket, anyway Headers) Upload {
	best := Upload{Headers: anyway, Denied: denials(to, anyway)}
	if len(best.Denied) == 0 {
		return best
	}
	first := best
	seen, queue := map[Headers]bool{anyway: true}, []Upload{best}
	for len(queue) > 0 && len(seen) < mostTried {
		now := queue[0]
		queue = queue[1:]
		for _, m := range now.Denied {
			for _, other := range to.others(now.Headers, anyway, m.Statement) {
				if seen[other] {
					continue
				}
				seen[other] = true
				next := Upload{Headers: other, Denied: denials(to, other)}
				if better(next, best) {
					best = next
				}
				if len(next.Denied) == 0 {
					queue = nil
				} else {
					queue = append(queue, next)
				}
			}
			if len(best.Denied) == 0 {
				break
			}
		}
	}
	if !better(best, first) {
		return first
	}
	for _, m := range first.Denied {
		if !slices.ContainsFunc(best.Denied, func(left policy.Match) bool {
			return left.Statement.Number == m.Statement.Number && left.Answer == m.Answer
		}) {
			best.Asked = append(best.Asked, m.Statement)
		}
	}
	return best
}

// better says whether less stands against one upload than against another.
func better(one, other Upload) bool {
	certain := func(u Upload) (n int) {
		for _, m := range u.Denied {
			if m.Answer == policy.Yes {
				n++
			}
		}
		return n
	}
	if a, b := certain(one), certain(other); (a == 0) != (b == 0) {
		return a == 0
	}
	return len(one.Denied) < len(other.Denied)
}

// denials are the statements that deny one of an upload's requests.
func denials(to Bucket, h Headers) []policy.Match {
	var found []policy.Match
	if to.Policy == nil {
		return nil
	}
	for _, r := range h.requests(to) {
		for _, m := range to.Policy.Denies(r) {
			i := slices.IndexFunc(found, func(f policy.Match) bool { return f.Statement.Number == m.Statement.Number })
			if i < 0 {
				found = append(found, m)
			} else if m.Answer > found[i].Answer {
				found[i] = m
			}
		}
	}
	return found
}

// others are the headers that a statement makes worth trying, the likeliest
// first.
func (b Bucket) others(now, anyway Headers, s policy.Statement) []Headers {
	var all []Headers
	for _, c := range s.Conditions() {
		key := strings.ToLower(c.Key)
		switch family, _, _ := strings.Cut(key, "/"); {
		case key == "s3:x-amz-server-side-encryption":
			all = append(all, b.encryptions(now, anyway, c.Values)...)
		case key == "s3:x-amz-server-side-encryption-aws-kms-key-id":
			all = append(all, b.keys(now, anyway, c.Values)...)
		case key == "s3:x-amz-acl":
			for _, acl := range []types.ObjectCannedACL{types.ObjectCannedACLBucketOwnerFullControl, types.ObjectCannedACLPrivate, types.ObjectCannedACLBucketOwnerRead, ""} {
				if other := now; !b.NoACLs || acl == "" || acl == types.ObjectCannedACLBucketOwnerFullControl {
					other.ACL = acl
					all = append(all, other)
				}
			}
		case key == "s3:x-amz-storage-class":
			for _, class := range append([]string{"STANDARD", "INTELLIGENT_TIERING", "STANDARD_IA"}, c.Values...) {
				if other := now; replicates(class) {
					other.Class = types.StorageClass(class)
					all = append(all, other)
				}
			}
		case key == "s3:if-none-match":
			other := now
			other.Once = true
			all = append(all, other)
		case family == "s3:requestobjecttag":
			_, tag, _ := strings.Cut(c.Key, "/")
			all = append(all, tagged(now, anyway, tag, append(c.Values, "bothways"))...)
		case key == "s3:requestobjecttagkeys":
			for _, tag := range append(c.Values, "bothways") {
				all = append(all, tagged(now, anyway, tag, []string{"bothways"})...)
			}
		}
	}
	return all
}

// encryptions are what x-amz-server-side-encryption may say. What is encrypted
// with a given key anyway stays so.
func (b Bucket) encryptions(now, anyway Headers, asked []string) []Headers {
	var all []Headers
	kinds := []string{string(b.Prefers), "AES256", "aws:kms", "aws:kms:dsse"}
	if anyway.Key != "" {
		kinds = kinds[2:]
	}
	if b.KMSKey == "" && slices.Contains(asked, "AES256") {
		kinds = kinds[1:]
	}
	for _, kind := range kinds {
		other := now
		switch other.Encryption = types.ServerSideEncryption(kind); {
		case kind == "AES256" || kind == "":
			other.Key = ""
		case other.Key == "":
			other.Key = b.KMSKey
		}
		if !slices.Contains(all, other) {
			all = append(all, other)
		}
	}
	return all
}

// keys are the KMS keys that may be named: the ones that are asked for. What is
// encrypted with a given key anyway stays so.
func (b Bucket) keys(now, anyway Headers, asked []string) []Headers {
	if anyway.Key != "" {
		return nil
	}
	var all []Headers
	for _, key := range append([]string{b.KMSKey}, asked...) {
		if !strings.HasPrefix(key, "arn:") || strings.ContainsAny(key, "*?$") {
			continue
		}
		other := now
		other.Key = key
		if other.Encryption == "" || other.Encryption == types.ServerSideEncryptionAes256 {
			other.Encryption = types.ServerSideEncryptionAwsKms
		}
		all = append(all, other)
	}
	if now.Encryption != types.ServerSideEncryptionAes256 {
		other := now
		other.Key, other.Encryption = "", types.ServerSideEncryptionAes256
		all = append(all, other)
	}
	return all
}

// replicates says whether objects of a storage class do (S3 User Guide, "What
// does Amazon S3 replicate?").
func replicates(class string) bool {
	known := slices.Contains(types.StorageClass("").Values(), types.StorageClass(class))
	return known && class != "GLACIER" && class != "DEEP_ARCHIVE" && !strings.Contains(class, "OUTPOSTS") && class != "SNOW" && class != "EXPRESS_ONEZONE" && !strings.HasPrefix(class, "FSX")
}

// tagged are the headers with a tag of one of several values. Tags that the
// upload carries anyway stay as they are.
func tagged(now, anyway Headers, key string, values []string) []Headers {
	without := func(tags pair.Tags) []pair.Tag {
		return slices.DeleteFunc(tags.List(), func(t pair.Tag) bool { return strings.EqualFold(t.Key, key) })
	}
	if len(without(anyway.Tags)) < len(anyway.Tags.List()) || strings.ContainsAny(key, "*?$") {
		return nil
	}
	var all []Headers
	for _, value := range values {
		if strings.Contains(value, "${") {
			continue
		}
		other := now
		other.Tags = pair.NewTags(append(without(now.Tags), pair.Tag{Key: key, Value: strings.NewReplacer("*", "bothways", "?", "b").Replace(value)}))
		if other.Tags.Check() == nil {
			all = append(all, other)
		}
	}
	return all
}

func sorted(words []string) string {
	slices.Sort(words)
	return strings.Join(words, ", ")
}
