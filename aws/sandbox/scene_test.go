package sandbox_test

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// kmsActions are what a role needs besides for objects under KMS.
var kmsActions = append([]string{"kms:Decrypt", "kms:Encrypt"}, allActions...)

// scene is one row of the table: what is done on side A, and what of it is to
// be seen.
type scene struct {
	rule    func(*types.ReplicationRule) // changes the rule from A to B
	actions []string                     // of the role, allActions if nil
	before  func(*world)                 // before the rule is there
	write   func(*world) string          // returns the version, "" for the newest
	status  string                       // of the origin afterwards
	arrives bool
	check   func(*world, *s3.HeadObjectOutput) // of the replica
	reason  string
}

func (row scene) play(w *world) {
	w.Helper()
	w.bucket("side-a", ireland)
	w.bucket("side-b", singapore)
	if row.before != nil {
		row.before(w)
	}
	actions := row.actions
	if actions == nil {
		actions = allActions
	}
	role := w.role("r", actions...)
	r := rule("side-b")
	if row.rule != nil {
		row.rule(&r)
	}
	for _, err := range []error{
		w.replicate("side-a", ireland, role, r), w.replicate("side-b", singapore, role, rule("side-a")),
	} {
		if err != nil {
			w.Fatal(err)
		}
	}
	id := row.write(w)
	pass(time.Minute)
	if got := w.status("side-a", ireland, "k"); got != row.status {
		w.Errorf("origin reads %q, want %q (%s)", got, row.status, w.sandbox.FailureReason("side-a", "k", id))
	}
	replica, err := w.head("side-b", singapore, "k", id)
	if arrived := err == nil; arrived != row.arrives {
		w.Errorf("arrived: %v, want %v", arrived, row.arrives)
	}
	if row.check != nil && err == nil {
		row.check(w, replica)
	}
	if row.reason != "" {
		w.failedBecause(id, row.reason)
	}
}

func under(key string) func(*world) string {
	return func(w *world) string {
		return w.write(&s3.PutObjectInput{ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: &key})
	}
}

func underBucketKey(w *world) string {
	return w.write(&s3.PutObjectInput{
		ServerSideEncryption: types.ServerSideEncryptionAwsKms, SSEKMSKeyId: aws.String(sourceKey), BucketKeyEnabled: aws.Bool(true),
	})
}

func underCustomerKey(w *world) string {
	key, digest := customerKey("k")
	return w.write(&s3.PutObjectInput{SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: &key, SSECustomerKeyMD5: &digest})
}

// allowCustomerKeys lets a bucket take objects under SSE-C, which new ones
// don't.
func (w *world) allowCustomerKeys(bucket, region string) {
	w.Helper()
	_, err := w.s3(region).PutBucketEncryption(w.Context(), &s3.PutBucketEncryptionInput{
		Bucket: &bucket, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{
				ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAes256},
				BlockedEncryptionTypes:             &types.BlockedEncryptionTypes{EncryptionType: []types.EncryptionType{types.EncryptionTypeNone}},
			}},
		},
	})
	must(w, 0, err)
}

// inParts uploads the object "k" in two parts and returns its version.
func (w *world) inParts(bucket, region string) string {
	w.Helper()
	client, key := w.s3(region), "k"
	upload, err := client.CreateMultipartUpload(w.Context(), &s3.CreateMultipartUploadInput{Bucket: &bucket, Key: &key})
	must(w, upload, err)
	var parts []types.CompletedPart
	for number, size := range map[int32]int{1: 5 << 20, 2: 1} {
		part, err := client.UploadPart(w.Context(), &s3.UploadPartInput{
			Bucket: &bucket, Key: &key, UploadId: upload.UploadId, PartNumber: &number, Body: strings.NewReader(strings.Repeat("x", size)),
		})
		parts = append(parts, types.CompletedPart{ETag: must(w, part, err).ETag, PartNumber: aws.Int32(number), ChecksumCRC32: part.ChecksumCRC32})
	}
	slices.SortFunc(parts, func(a, b types.CompletedPart) int { return int(*a.PartNumber - *b.PartNumber) })
	out, err := client.CompleteMultipartUpload(w.Context(), &s3.CompleteMultipartUploadInput{
		Bucket: &bucket, Key: &key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
	})
	return *must(w, out, err).VersionId
}

// write puts the object "k" of side A with what else the input says.
func (w *world) write(in *s3.PutObjectInput) string {
	w.Helper()
	in.Bucket, in.Key, in.Body = aws.String("side-a"), aws.String("k"), strings.NewReader("content")
	out, err := w.s3(ireland).PutObject(w.Context(), in)
	return *must(w, out, err).VersionId
}

func plainly(w *world) string { return w.write(&s3.PutObjectInput{}) }

func optIn(key string) func(*types.ReplicationRule) {
	return func(r *types.ReplicationRule) {
		r.SourceSelectionCriteria.SseKmsEncryptedObjects = &types.SseKmsEncryptedObjects{Status: types.SseKmsEncryptedObjectsStatusEnabled}
		r.Destination.EncryptionConfiguration = &types.EncryptionConfiguration{ReplicaKmsKeyID: &key}
	}
}

func tagged(r *types.ReplicationRule) {
	r.Filter = &types.ReplicationRuleFilter{Tag: &types.Tag{Key: aws.String("copy"), Value: aws.String("yes")}}
	r.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
}

func (w *world) tag(bucket, region, key, value string) {
	w.Helper()
	_, err := w.s3(region).PutObjectTagging(w.Context(), &s3.PutObjectTaggingInput{
		Bucket: &bucket, Key: aws.String("k"),
		Tagging: &types.Tagging{TagSet: []types.Tag{{Key: &key, Value: &value}}},
	})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) keys(state string, policy string) {
	w.Helper()
	for _, k := range []sandbox.KMSKey{{ARN: sourceKey}, {ARN: targetKey, State: state, Policy: policy}} {
		if err := w.sandbox.PutKMSKey(k); err != nil {
			w.Fatal(err)
		}
	}
}
