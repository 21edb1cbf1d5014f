package sandbox_test

import (
	"crypto/md5"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// customerKey is a key as clients send it, with its digest.
func customerKey(letter string) (key, digest string) {
	raw := strings.Repeat(letter, 32)
	sum := md5.Sum([]byte(raw))
	return base64.StdEncoding.EncodeToString([]byte(raw)), base64.StdEncoding.EncodeToString(sum[:])
}

// sseC are the headers of a customer's key.
func sseC(prefix, letter string) string {
	key, digest := customerKey(letter)
	return prefix + "Server-Side-Encryption-Customer-Algorithm: AES256\n" +
		prefix + "Server-Side-Encryption-Customer-Key: " + key + "\n" +
		prefix + "Server-Side-Encryption-Customer-Key-Md5: " + digest
}

// allowing is an encryption document that lifts the block of SSE-C.
const allowing = "<ServerSideEncryptionConfiguration><Rule><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType>" +
	"</BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>"

func TestEncryptionWithCustomerKeysBehavesAsInS3(t *testing.T) {
	right, wrong := sseC("X-Amz-", "k"), sseC("X-Amz-", "w")
	_, digest := customerKey("k")
	part := "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{e}</ETag></Part></CompleteMultipartUpload>"
	for name, steps := range map[string][]step{
		"a new bucket refuses it until it is allowed": {
			{do: "PUT /plain/k", body: "x", header: right, status: 403, code: "AccessDenied"},
			{do: "GET /plain?encryption", status: 200, says: "<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType>"},
			{do: "PUT /plain?encryption", body: strings.ReplaceAll(allowing, "NONE", "ALL"), status: 400, code: "MalformedXML"},
			{do: "PUT /plain?encryption", body: allowing, status: 200},
			{do: "PUT /plain/k", body: "x", header: right, status: 200},
			// A document that says nothing of it changes nothing of it.
			{do: "PUT /plain?encryption", body: "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>", status: 200},
			{do: "PUT /plain/k", body: "x", header: right, status: 200},
			{do: "DELETE /plain?encryption", status: 204},
			{do: "PUT /plain/k", body: "x", header: right, status: 403, code: "AccessDenied"},
			{do: "GET /plain/k", header: right, status: 200, says: "x"},
		},
		"reading needs the key": {
			{do: "PUT /plain?encryption", body: allowing, status: 200},
			{do: "PUT /plain/k", body: "hello", header: right, status: 200, have: "X-Amz-Server-Side-Encryption-Customer-Algorithm: AES256\nX-Amz-Server-Side-Encryption-Customer-Key-Md5: " + digest + "\n-X-Amz-Server-Side-Encryption"},
			{do: "GET /plain/k", header: right, status: 200, says: "hello", have: "X-Amz-Server-Side-Encryption-Customer-Key-Md5: " + digest},
			{do: "HEAD /plain/k", header: right, status: 200, have: "Content-Length: 5"},
			{do: "HEAD /plain/k", status: 400},
			{do: "GET /plain/k", status: 400, code: "InvalidRequest", says: "The object was stored using a form of Server Side Encryption."},
			{do: "GET /plain/k", header: wrong, status: 403, code: "AccessDenied"},
			{do: "GET /plain/k?attributes", header: "X-Amz-Object-Attributes: ETag", status: 400, code: "InvalidRequest"},
			{do: "PUT /plain/open", body: "x", status: 200},
			{do: "GET /plain/open", header: right, status: 400, code: "InvalidRequest", says: "The encryption parameters are not applicable to this object."},
			{do: "PUT /plain/k?tagging", body: tagging(1, 2, 1), status: 200}, // needs no key
			{do: "DELETE /plain/k", status: 204},
		},
		"the headers are held to each other": {
			{do: "PUT /plain?encryption", body: allowing, status: 200},
			{do: "PUT /plain/k", body: "x", header: "X-Amz-Server-Side-Encryption-Customer-Algorithm: AES256", status: 400, code: "InvalidArgument", says: "an appropriate secret key.\n<ArgumentName>x-amz-server-side-encryption</ArgumentName>"},
			{do: "PUT /plain/k", body: "x", header: strings.ReplaceAll(right, "AES256", "DES"), status: 400, code: "InvalidEncryptionAlgorithmError"},
			{do: "PUT /plain/k", body: "x", header: lines(right, 1, 3), status: 400, code: "InvalidArgument", says: "a valid encryption algorithm."},
			{do: "PUT /plain/k", body: "x", header: lines(right, 0, 2), status: 400, code: "InvalidArgument", says: "the client calculated MD5"},
			{do: "PUT /plain/k", body: "x", header: lines(right, 0, 2) + "\n" + lines(wrong, 2, 3), status: 400, code: "InvalidArgument", says: "The calculated MD5 hash of the key did not match"},
			{do: "PUT /plain/k", body: "x", header: "X-Amz-Server-Side-Encryption-Customer-Algorithm: AES256\nX-Amz-Server-Side-Encryption-Customer-Key: AAAA\nX-Amz-Server-Side-Encryption-Customer-Key-Md5: AAAA", status: 400, code: "InvalidArgument", says: "The secret key was invalid"},
			{do: "PUT /plain/k", body: "x", header: right + "\nX-Amz-Server-Side-Encryption: AES256", status: 400, code: "InvalidArgument"},
		},
		"copies": {
			{do: "PUT /plain?encryption", body: allowing, status: 200},
			{do: "PUT /plain/k", body: "hello", header: right, status: 200},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: plain/k", status: 400, code: "InvalidRequest"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: plain/k\n" + sseC("X-Amz-Copy-Source-", "w"), status: 403, code: "AccessDenied"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: plain/k\n" + sseC("X-Amz-Copy-Source-", "k"), status: 200, says: "&#34;5d41402abc4b2a76b9719d911017c592&#34;"},
			{do: "GET /plain/c", status: 200, says: "hello"},
			{do: "PUT /plain/k", header: "X-Amz-Copy-Source: plain/k\n" + sseC("X-Amz-Copy-Source-", "k") + "\n" + wrong, status: 200, says: "-5d41402abc4b2a76b9719d911017c592"},
			{do: "GET /plain/k", header: wrong, status: 200, says: "hello"},
		},
		"multipart uploads": {
			{do: "PUT /plain?encryption", body: allowing, status: 200},
			{do: "POST /plain/k?uploads", header: right, status: 200, save: map[string]string{"u": "UploadId"}, have: "X-Amz-Server-Side-Encryption-Customer-Algorithm: AES256"},
			{do: "PUT /plain/k?uploadId={u}&partNumber=1", body: "x", status: 400, code: "InvalidRequest", says: "The multipart upload initiate requested encryption."},
			{do: "PUT /plain/k?uploadId={u}&partNumber=1", body: "x", header: wrong, status: 400, code: "InvalidRequest", says: "did not match the ones used originally"},
			{do: "PUT /plain/k?uploadId={u}&partNumber=1", body: "x", header: right, status: 200, save: map[string]string{"e": "Etag"}},
			{do: "POST /plain/k?uploadId={u}", body: part, status: 200},
			{do: "GET /plain/k", header: right, status: 200, says: "x"},
			{do: "GET /plain/k", status: 400, code: "InvalidRequest"},
			{do: "POST /plain/o?uploads", status: 200, save: map[string]string{"u": "UploadId"}},
			{do: "PUT /plain/o?uploadId={u}&partNumber=1", body: "x", header: right, status: 400, code: "InvalidRequest", says: "did not request encryption"},
		},
		"ETags tell of the bytes only under S3's own key": {
			{do: "PUT /plain/k", body: "hello", status: 200, have: "Etag: \"5d41402abc4b2a76b9719d911017c592\""},
			{do: "PUT /plain/k", body: "hello", header: "X-Amz-Server-Side-Encryption: aws:kms", status: 200, save: map[string]string{"e": "Etag"}, have: "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id: arn:aws:kms:eu-west-1:000000000000:alias/aws/s3"},
			{do: "GET /plain/k", header: "If-Match: 5d41402abc4b2a76b9719d911017c592", status: 412, code: "PreconditionFailed"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: plain/k", status: 200, says: "&#34;5d41402abc4b2a76b9719d911017c592&#34;"},
			{do: "GET /plain/k", header: "X-Amz-Server-Side-Encryption: aws:kms", status: 400, code: "InvalidArgument"},
			{do: "PUT /plain/k", body: "x", header: "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id: some", status: 400, code: "InvalidArgument"},
		},
	} {
		t.Run(name, func(t *testing.T) { play(t, steps) })
	}
}

// lines cuts lines out of a text.
func lines(text string, from, to int) string {
	return strings.Join(strings.Split(text, "\n")[from:to], "\n")
}

func TestObjectsUnderCustomerKeysReplicateWhereTheDestinationAllowsThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.pair()
		allow := func(bucket, region string) {
			w.raw(rawRequest{method: "PUT", path: "/" + bucket + "?encryption", body: allowing, region: region}).want(t, 200, "", "")
		}
		allow("side-a", ireland)
		key, digest := customerKey("k")
		put := func(name string) {
			_, err := w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{
				Bucket: aws.String("side-a"), Key: &name, Body: strings.NewReader("secret"),
				SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: &key, SSECustomerKeyMD5: &digest,
			})
			if err != nil {
				t.Fatal(err)
			}
			pass(time.Minute)
		}
		head := func(bucket, region, name string) (types.ReplicationStatus, error) {
			out, err := w.s3(region).HeadObject(t.Context(), &s3.HeadObjectInput{
				Bucket: &bucket, Key: &name,
				SSECustomerAlgorithm: aws.String("AES256"), SSECustomerKey: &key, SSECustomerKeyMD5: &digest,
			})
			if err != nil {
				return "", err
			}
			return out.ReplicationStatus, nil
		}
		put("blocked")
		if status, err := head("side-a", ireland, "blocked"); err != nil || status != types.ReplicationStatusFailed {
			t.Errorf("into a bucket that blocks SSE-C: %s, %v", status, err)
		}
		allow("side-b", singapore)
		put("allowed")
		for bucket, region := range map[string]string{"side-a": ireland, "side-b": singapore} {
			want := types.ReplicationStatusCompleted
			if bucket == "side-b" {
				want = types.ReplicationStatusReplica
			}
			if status, err := head(bucket, region, "allowed"); err != nil || status != want {
				t.Errorf("in %s: %s, %v, want %s", bucket, status, err, want)
			}
		}
		w.raw(rawRequest{method: "GET", path: "/side-b/allowed", region: singapore}).want(t, http.StatusBadRequest, "InvalidRequest", "")
	})
}
