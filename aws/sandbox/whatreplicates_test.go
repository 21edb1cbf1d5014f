package sandbox_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

const (
	sourceKey = "arn:aws:kms:eu-west-1:000000000000:key/source"
	targetKey = "arn:aws:kms:ap-southeast-1:000000000000:key/target"
)

func TestWhatReplicatesAndWhatDoesNot(t *testing.T) {
	goodKeys := func(w *world) { w.keys("", "") }
	for name, row := range map[string]scene{
		"a new object after the rule": {write: plainly, status: "COMPLETED", arrives: true},
		"a new object under SSE-S3": {
			write: func(w *world) string {
				return w.write(&s3.PutObjectInput{ServerSideEncryption: types.ServerSideEncryptionAes256})
			},
			status: "COMPLETED", arrives: true,
			check: func(w *world, r *s3.HeadObjectOutput) {
				if r.ServerSideEncryption != types.ServerSideEncryptionAes256 {
					w.Errorf("replica is under %q", r.ServerSideEncryption)
				}
			},
		},
		"an object under SSE-KMS without opt-in": {before: goodKeys, write: under(sourceKey), actions: kmsActions},
		"an object under SSE-KMS with opt-in and key": {
			rule: optIn(targetKey), actions: kmsActions, before: goodKeys, write: under(sourceKey), status: "COMPLETED", arrives: true,
			check: func(w *world, r *s3.HeadObjectOutput) {
				if aws.ToString(r.SSEKMSKeyId) != targetKey {
					w.Errorf("replica is under %q, want %s", aws.ToString(r.SSEKMSKeyId), targetKey)
				}
			},
		},
		"an object under DSSE with opt-in and key": {
			rule: optIn(targetKey), actions: kmsActions, before: goodKeys, status: "COMPLETED", arrives: true,
			write: func(w *world) string {
				return w.write(&s3.PutObjectInput{ServerSideEncryption: types.ServerSideEncryptionAwsKmsDsse, SSEKMSKeyId: aws.String(sourceKey)})
			},
		},
		"a replica key that is not there": {
			rule: optIn(strings.Replace(targetKey, "target", "other", 1)), actions: kmsActions, before: goodKeys, write: under(sourceKey),
			status: "FAILED", reason: "DstKmsKeyNotFound",
		},
		"a replica key of another region": {
			rule: optIn(sourceKey), actions: kmsActions, before: goodKeys, write: under(sourceKey),
			status: "FAILED", reason: "DstKmsKeyNotFound",
		},
		"a replica key that is disabled": {
			rule: optIn(targetKey), actions: kmsActions, before: func(w *world) { w.keys("Disabled", "") }, write: under(sourceKey),
			status: "FAILED", reason: "DstKmsKeyInvalidState",
		},
		"a source key that was disabled since": {
			rule: optIn(targetKey), actions: kmsActions, before: goodKeys, status: "FAILED", reason: "SrcKmsKeyInvalidState",
			write: func(w *world) string {
				id := under(sourceKey)(w)
				if err := w.sandbox.PutKMSKey(sandbox.KMSKey{ARN: sourceKey, State: "PendingDeletion"}); err != nil {
					w.Fatal(err)
				}
				return id
			},
		},
		"a role that may not decrypt": {
			rule: optIn(targetKey), actions: append([]string{"kms:Encrypt"}, allActions...), before: goodKeys, write: under(sourceKey),
			status: "FAILED", reason: "SrcGetObjectNotPermitted",
		},
		"a replica key whose policy names somebody else": {
			rule: optIn(targetKey), actions: kmsActions, status: "FAILED", reason: "DstPutObjectNotPermitted", write: under(sourceKey),
			before: func(w *world) {
				w.keys("", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"kms:Encrypt","Resource":"*"}]}`)
			},
		},
		"an object under a bucket key with the right to decrypt there too": {
			rule: optIn(targetKey), actions: kmsActions, before: goodKeys, write: underBucketKey, status: "COMPLETED", arrives: true,
			check: func(w *world, r *s3.HeadObjectOutput) {
				if !aws.ToBool(r.BucketKeyEnabled) {
					w.Error("replica has no bucket key")
				}
			},
		},
		"an object under a bucket key without it": {
			rule: optIn(targetKey), actions: kmsActions, write: underBucketKey, status: "FAILED", reason: "DstPutObjectNotPermitted",
			before: func(w *world) {
				w.keys("", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:Encrypt","Resource":"*"},
					{"Effect":"Deny","Principal":"*","Action":"kms:Decrypt","Resource":"*"}]}`)
			},
		},
		"a key that is for the bucket's objects in S3 of the region alone": {
			rule: optIn(targetKey), actions: kmsActions, write: under(sourceKey), status: "COMPLETED", arrives: true,
			before: func(w *world) {
				w.keys("", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:Encrypt","Resource":"*","Condition":{
					"StringEquals":{"kms:ViaService":"s3.ap-southeast-1.amazonaws.com"},
					"StringLike":{"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::side-b/*"}}}]}`)
			},
		},
		"a key that is for objects elsewhere": {
			rule: optIn(targetKey), actions: kmsActions, write: underBucketKey, status: "FAILED", reason: "DstPutObjectNotPermitted",
			before: func(w *world) { // with a bucket key the context is the bucket
				w.keys("", `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"kms:*","Resource":"*","Condition":{
					"StringNotLike":{"kms:EncryptionContext:aws:s3:arn":"arn:aws:s3:::side-b/*"}}}]}`)
			},
		},
		"default encryption of the destination": { // is not that of replicas
			write: plainly, status: "COMPLETED", arrives: true,
			before: func(w *world) {
				_, err := w.s3(singapore).PutBucketEncryption(w.Context(), &s3.PutBucketEncryptionInput{
					Bucket: aws.String("side-b"), ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
						Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{
							SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: aws.String(targetKey),
						}}},
					},
				})
				must(w, 0, err)
			},
			check: func(w *world, r *s3.HeadObjectOutput) {
				if r.ServerSideEncryption != types.ServerSideEncryptionAes256 {
					w.Errorf("replica is under %s", r.ServerSideEncryption)
				}
			},
		},
		"an object under SSE-C where both buckets allow it": {
			status: "error: BadRequest", arrives: false, // who has no key sees neither
			before: func(w *world) { w.allowCustomerKeys("side-a", ireland); w.allowCustomerKeys("side-b", singapore) },
			write: func(w *world) string {
				id := underCustomerKey(w)
				key, digest := customerKey("k")
				pass(time.Minute)
				for bucket, region := range map[string]string{"side-a": ireland, "side-b": singapore} {
					want := map[string]types.ReplicationStatus{"side-a": "COMPLETED", "side-b": "REPLICA"}[bucket]
					out, err := w.s3(region).HeadObject(w.Context(), &s3.HeadObjectInput{
						Bucket: &bucket, Key: aws.String("k"), VersionId: &id,
						SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: &key, SSECustomerKeyMD5: &digest,
					})
					if must(w, out, err); out.ReplicationStatus != want {
						w.Errorf("%s reads %s", bucket, out.ReplicationStatus)
					}
				}
				return id
			},
		},
		"an object under SSE-C where the destination does not": {
			status: "error: BadRequest", reason: "DstPutObjectNotPermitted", write: underCustomerKey,
			before: func(w *world) { w.allowCustomerKeys("side-a", ireland) },
		},
		"an upload in parts": {
			status: "COMPLETED", arrives: true,
			write: func(w *world) string { return w.inParts("side-a", ireland) },
			check: func(w *world, r *s3.HeadObjectOutput) {
				first, err := w.s3(singapore).HeadObject(w.Context(), &s3.HeadObjectInput{
					Bucket: aws.String("side-b"), Key: aws.String("k"), PartNumber: aws.Int32(1),
				})
				if must(w, first, err); !strings.HasSuffix(*r.ETag, `-2"`) || aws.ToInt32(first.PartsCount) != 2 {
					w.Errorf("replica has ETag %s and %d parts", *r.ETag, aws.ToInt32(first.PartsCount))
				}
			},
		},
		"a copy onto itself of what was there before the rule": {
			before: func(w *world) { plainly(w) }, status: "COMPLETED", arrives: true,
			write: func(w *world) string {
				out, err := w.s3(ireland).CopyObject(w.Context(), &s3.CopyObjectInput{
					Bucket: aws.String("side-a"), Key: aws.String("k"), CopySource: aws.String("side-a/k"),
					MetadataDirective: types.MetadataDirectiveReplace,
				})
				return *must(w, out, err).VersionId
			},
		},
		"a replica does not go on to a third bucket": {
			status: "COMPLETED", arrives: true,
			before: func(w *world) { w.bucket("side-c", "us-east-1") },
			write: func(w *world) string {
				must(w, 0, w.replicate("side-b", singapore, w.role("on", allActions...), rule("side-c")))
				return plainly(w)
			},
			check: func(w *world, _ *s3.HeadObjectOutput) {
				if _, err := w.head("side-c", "us-east-1", "k", ""); code(err) != "NotFound" {
					w.Errorf("it is there: %v", err)
				}
			},
		},
		"a version id that is erased while it is PENDING": {
			status: "error: NotFound",
			write: func(w *world) string {
				id := plainly(w)
				_, err := w.s3(ireland).DeleteObject(w.Context(), &s3.DeleteObjectInput{
					Bucket: aws.String("side-a"), Key: aws.String("k"), VersionId: &id,
				})
				must(w, 0, err)
				return id
			},
		},
		"lifecycle and a version that FAILED": {
			actions: []string{"s3:GetReplicationConfiguration"}, status: "FAILED", reason: "SrcGetObjectNotPermitted",
			write: func(w *world) string {
				id := plainly(w)
				pass(time.Minute)
				if w.sandbox.Expire("side-a", "k") {
					w.Error("lifecycle acted on a version that FAILED")
				}
				return id
			},
		},
		"metadata and tags": {
			status: "COMPLETED", arrives: true,
			write: func(w *world) string {
				return w.write(&s3.PutObjectInput{Metadata: map[string]string{"a": "b"}, Tagging: aws.String("x=y")})
			},
			check: func(w *world, r *s3.HeadObjectOutput) {
				if r.Metadata["a"] != "b" || aws.ToInt32(r.TagCount) != 1 {
					w.Errorf("replica has %v and %d tags", r.Metadata, aws.ToInt32(r.TagCount))
				}
			},
		},
		"tags changed on a version that was replicated": {
			status: "COMPLETED", arrives: true,
			write: func(w *world) string {
				id := plainly(w)
				pass(time.Minute)
				w.tag("side-a", ireland, "later", "yes")
				return id
			},
			check: func(w *world, r *s3.HeadObjectOutput) {
				if aws.ToInt32(r.TagCount) != 1 {
					w.Error("the change did not arrive")
				}
			},
		},
		"tags changed while the version is PENDING": {
			status: "COMPLETED", arrives: true,
			write: func(w *world) string {
				id := plainly(w)
				w.tag("side-a", ireland, "soon", "yes")
				return id
			},
			check: func(w *world, r *s3.HeadObjectOutput) {
				if aws.ToInt32(r.TagCount) != 1 {
					w.Error("the change did not arrive")
				}
			},
		},
		"a tag that makes an older version match": {
			rule: tagged, write: func(w *world) string {
				id := plainly(w)
				w.tag("side-a", ireland, "copy", "yes")
				return id
			},
		},
		"an object that has the tag when it is put": {
			rule: tagged, status: "COMPLETED", arrives: true,
			write: func(w *world) string { return w.write(&s3.PutObjectInput{Tagging: aws.String("copy=yes")}) },
		},
		"what was there before the rule": {before: func(w *world) { plainly(w) }, write: func(*world) string { return "" }},
		"a replica": {
			status: "REPLICA", arrives: true,
			write: func(w *world) string {
				// What comes from B does not go back to B: there is one version
				// of it there, that which was written.
				id := *w.put("side-b", singapore, "k", "content").VersionId
				pass(time.Minute)
				return id
			},
			check: func(w *world, r *s3.HeadObjectOutput) {
				if r.ReplicationStatus != "COMPLETED" || len(w.deliveries) != 1 {
					w.Errorf("the origin reads %s after %d deliveries", r.ReplicationStatus, len(w.deliveries))
				}
			},
		},
		"what went elsewhere before the destination was changed": {
			status: "COMPLETED",
			before: func(w *world) {
				w.bucket("side-c", "us-east-1")
				if err := w.replicate("side-a", ireland, w.role("first", allActions...), rule("side-c")); err != nil {
					w.Fatal(err)
				}
				plainly(w)
				pass(time.Minute)
			},
			write: func(w *world) string {
				w.tag("side-a", ireland, "edited", "yes") // not even with what changes now
				return ""
			},
		},
		"Glacier Flexible Retrieval": {write: func(w *world) string { return w.write(&s3.PutObjectInput{StorageClass: types.StorageClassGlacier}) }},
		"Glacier Deep Archive":       {write: func(w *world) string { return w.write(&s3.PutObjectInput{StorageClass: types.StorageClassDeepArchive}) }},
		"Intelligent-Tiering, which is no archive yet": {
			write: func(w *world) string {
				return w.write(&s3.PutObjectInput{StorageClass: types.StorageClassIntelligentTiering})
			},
			status: "COMPLETED", arrives: true,
			check: func(w *world, r *s3.HeadObjectOutput) {
				if r.StorageClass != types.StorageClassIntelligentTiering {
					w.Errorf("replica is %s", r.StorageClass)
				}
			},
		},
		"Standard-IA keeps its class": {
			write:  func(w *world) string { return w.write(&s3.PutObjectInput{StorageClass: types.StorageClassStandardIa}) },
			status: "COMPLETED", arrives: true,
			check: func(w *world, r *s3.HeadObjectOutput) {
				if r.StorageClass != types.StorageClassStandardIa {
					w.Errorf("replica is %s", r.StorageClass)
				}
			},
		},
		"a rule with a storage class": {
			rule:  func(r *types.ReplicationRule) { r.Destination.StorageClass = types.StorageClassGlacierIr },
			write: plainly, status: "COMPLETED", arrives: true,
			check: func(w *world, r *s3.HeadObjectOutput) {
				if r.StorageClass != types.StorageClassGlacierIr {
					w.Errorf("replica is %s", r.StorageClass)
				}
			},
		},
		"a delete by version id": {
			status: "error: NotFound", arrives: true,
			write: func(w *world) string {
				id := plainly(w)
				pass(time.Minute)
				_, err := w.s3(ireland).DeleteObject(w.Context(), &s3.DeleteObjectInput{
					Bucket: aws.String("side-a"), Key: aws.String("k"), VersionId: &id,
				})
				must(w, 0, err)
				return id
			},
		},
		"the delete marker of a lifecycle rule": {
			status: "error: NotFound", arrives: true,
			write: func(w *world) string {
				id := plainly(w)
				if w.sandbox.Expire("side-a", "k") {
					w.Error("lifecycle acted on a version that is PENDING")
				}
				pass(time.Minute)
				if !w.sandbox.Expire("side-a", "k") {
					w.Error("lifecycle did not act")
				}
				return id
			},
		},
		"sub-resources of the bucket": {
			write: plainly, status: "COMPLETED", arrives: true,
			before: func(w *world) {
				_, err := w.s3(ireland).PutBucketTagging(w.Context(), &s3.PutBucketTaggingInput{
					Bucket: aws.String("side-a"), Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("of"), Value: aws.String("a")}}},
				})
				must(w, 0, err)
			},
			check: func(w *world, _ *s3.HeadObjectOutput) {
				_, err := w.s3(singapore).GetBucketTagging(w.Context(), &s3.GetBucketTaggingInput{Bucket: aws.String("side-b")})
				if code(err) != "NoSuchTagSet" {
					w.Errorf("the tags of side A are on side B: %v", err)
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { row.play(newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})) })
		})
	}
}
