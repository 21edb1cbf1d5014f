// Package upload says what an upload of ours carries in a bucket, and what the
// bucket's policy answers to exactly that: canaries and probes are known before
// they are sent. It only computes.
package upload

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/policy"
)

// Headers are what an upload carries beside its content and its mark: only
// what somebody asks for. They are comparable.
type Headers struct {
	Encryption types.ServerSideEncryption
	Key        string // the ARN of the KMS key, or ""
	ACL        types.ObjectCannedACL
	Class      types.StorageClass
	Tags       pair.Tags
	// Once says that nothing of that key may be there (If-None-Match: *).
	Once bool
}

// Put adds the headers to an upload in one request.
func (h Headers) Put(input *s3.PutObjectInput) {
	input.ServerSideEncryption, input.ACL, input.StorageClass = h.Encryption, h.ACL, h.Class
	input.SSEKMSKeyId, input.Tagging = given(h.Key), given(string(h.Tags))
	if h.Once {
		input.IfNoneMatch = aws.String("*")
	}
}

// Begin adds them to the beginning of an upload in parts, which the parts and
// the end of it go by, and End those that belong there.
func (h Headers) Begin(input *s3.CreateMultipartUploadInput) {
	input.ServerSideEncryption, input.ACL, input.StorageClass = h.Encryption, h.ACL, h.Class
	input.SSEKMSKeyId, input.Tagging = given(h.Key), given(string(h.Tags))
}

// End adds the headers of the request that puts the parts together.
func (h Headers) End(input *s3.CompleteMultipartUploadInput) {
	if h.Once {
		input.IfNoneMatch = aws.String("*")
	}
}

// With are the headers with others where they say nothing.
func (h Headers) With(other Headers) Headers {
	if h.Encryption == "" {
		h.Encryption, h.Key = other.Encryption, other.Key
	}
	h.ACL, h.Class, h.Tags = cmp.Or(h.ACL, other.ACL), cmp.Or(h.Class, other.Class), cmp.Or(h.Tags, other.Tags)
	h.Once = h.Once || other.Once
	return h
}

// Beyond are the headers that others do not say, or say otherwise.
func (h Headers) Beyond(other Headers) Headers {
	if h.Encryption == other.Encryption && h.Key == other.Key {
		h.Encryption, h.Key = "", ""
	}
	if h.ACL == other.ACL {
		h.ACL = ""
	}
	if h.Class == other.Class {
		h.Class = ""
	}
	there := other.Tags.List()
	h.Tags = pair.NewTags(slices.DeleteFunc(h.Tags.List(), func(t pair.Tag) bool { return slices.Contains(there, t) }))
	h.Once = h.Once && !other.Once
	return h
}

func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// parameters are the headers as the parameters of the AWS CLI, by their names.
func (h Headers) parameters() [][2]string {
	once := ""
	if h.Once {
		once = "*"
	}
	return [][2]string{
		{"--tagging", string(h.Tags)},
		{"--server-side-encryption", string(h.Encryption)},
		{"--ssekms-key-id", h.Key},
		{"--acl", string(h.ACL)},
		{"--storage-class", string(h.Class)},
		{"--if-none-match", once},
	}
}

// CLI are the words that the AWS CLI takes for them.
func (h Headers) CLI() []string {
	var words []string
	for _, p := range h.parameters() {
		if p[1] != "" {
			words = append(words, p[0], p[1])
		}
	}
	return words
}

// Words name the headers, for people: "x-amz-server-side-encryption: AES256".
func (h Headers) Words() string {
	var words []string
	for key, values := range h.keys() {
		if !strings.Contains(key, "requestobjecttag") {
			words = append(words, strings.TrimPrefix(key, "s3:")+": "+values[0])
		}
	}
	if h.Tags != "" {
		words = append(words, "x-amz-tagging: "+string(h.Tags))
	}
	if h.Once {
		words = append(words, "if-none-match: *")
	}
	return sorted(words)
}

// keys are the headers as condition keys (Service Authorization Reference,
// "Condition keys for Amazon S3").
func (h Headers) keys() map[string][]string {
	keys := map[string][]string{}
	for key, value := range map[string]string{
		"s3:x-amz-server-side-encryption": string(h.Encryption), "s3:x-amz-server-side-encryption-aws-kms-key-id": h.Key,
		"s3:x-amz-acl": string(h.ACL), "s3:x-amz-storage-class": string(h.Class),
	} {
		if value != "" {
			keys[key] = []string{value}
		}
	}
	for _, tag := range h.Tags.List() {
		keys["s3:requestobjecttag/"+strings.ToLower(tag.Key)] = []string{tag.Value}
		keys["s3:requestobjecttagkeys"] = append(keys["s3:requestobjecttagkeys"], tag.Key)
	}
	return keys
}

// Known are all that an upload in one request says to conditions beside what
// every request does, for a simulation.
func (h Headers) Known() map[string][]string {
	known := h.keys()
	if h.Once {
		known["s3:if-none-match"] = []string{"*"}
	}
	known["s3:objectcreationoperation"], known["s3:x-amz-content-sha256"] = []string{"true"}, hashes[0]
	return known
}

// KnownOfParts is Known for the requests that begin an upload in parts and bring
// one.
func (h Headers) KnownOfParts() map[string][]string {
	h.Once = false
	known := h.Known()
	known["s3:objectcreationoperation"] = []string{"false"}
	return known
}

// Actions are what S3 wants allowed for an upload with these headers (S3 API
// reference, PutObject: "Permissions").
func (h Headers) Actions() []string {
	all := []string{"s3:PutObject"}
	if h.Tags != "" {
		all = append(all, "s3:PutObjectTagging")
	}
	if h.ACL != "" {
		all = append(all, "s3:PutObjectAcl")
	}
	return all
}

// hashes are two of many that the content of a signed request may have.
var hashes = [][]string{{hash("bothways")}, {hash("canary")}}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// requests are those that an upload is made of: one, or where it comes in parts
// also those that begin it, bring a part and end it. Of an upload in parts, only its beginning and its end take
// headers: S3 goes by those of the beginning for all of them, and conditional
// headers belong to the end (S3 User Guide, "Enforce conditional writes on
// Amazon S3 buckets").
func (h Headers) requests(to Bucket) []policy.Request {
	request := func(action string, once, creates bool) policy.Request {
		r := to.Caller.Request(action, to.ARN+"/"+to.Key, to.Region)
		for key, values := range h.keys() {
			r.Context[key] = values
		}
		if once {
			r.Context["s3:if-none-match"] = []string{"*"}
		}
		r.Context["s3:objectcreationoperation"] = []string{map[bool]string{true: "true", false: "false"}[creates]}
		r.Either["s3:x-amz-content-sha256"] = hashes
		if !to.Caller.Plain { // how the SDK sends a checksum after the content
			r.Either["s3:x-amz-content-sha256"] = append([][]string{{"STREAMING-UNSIGNED-PAYLOAD-TRAILER"}}, hashes...)
		}
		return r
	}
	var all []policy.Request
	for _, action := range h.Actions() {
		all = append(all, request(action, h.Once, true))
		if to.InParts {
			all = append(all, request(action, false, false))
		}
	}
	return all
}
