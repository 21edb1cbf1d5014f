package sandbox_test

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox/sigv4"
)

// checksumOf is the checksum of bytes as S3 writes it.
func checksumOf(t *testing.T, algorithm types.ChecksumAlgorithm, content []byte) string {
	t.Helper()
	digest := sigv4.NewDigest(string(algorithm))
	if digest == nil {
		t.Fatalf("the SDK lists %s, which the sandbox has not", algorithm)
	}
	_, _ = digest.Write(content) // a hash never fails
	return base64.StdEncoding.EncodeToString(digest.Sum(nil))
}

// checksumField is the field of an input or an output for an algorithm's checksum.
func checksumField(t *testing.T, of any, algorithm types.ChecksumAlgorithm) reflect.Value {
	t.Helper()
	field := reflect.ValueOf(of).Elem().FieldByNameFunc(func(name string) bool {
		return strings.EqualFold(name, "Checksum"+string(algorithm))
	})
	if !field.IsValid() {
		t.Fatalf("%T has no field for %s", of, algorithm)
	}
	return field
}

func saysSum(t *testing.T, of any, algorithm types.ChecksumAlgorithm, want string) {
	t.Helper()
	if got := checksumField(t, of, algorithm).Interface().(*string); aws.ToString(got) != want {
		t.Errorf("%T tells %s %q, want %q", of, algorithm, aws.ToString(got), want)
	}
}

func TestEveryChecksumOfTheSDKIsCheckedKeptAndTold(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	client := w.s3(ireland)
	bucket := aws.String("here")
	content := bytes.Repeat([]byte("0123456789abcdef"), 400_000) // two parts
	for _, algorithm := range types.ChecksumAlgorithm("").Values() {
		t.Run(string(algorithm), func(t *testing.T) {
			sum := checksumOf(t, algorithm, content)
			put := &s3.PutObjectInput{Bucket: bucket, Key: aws.String("put"), Body: bytes.NewReader(content)}
			checksumField(t, put, algorithm).Set(reflect.ValueOf(&sum))
			made, err := client.PutObject(t.Context(), put)
			if err != nil {
				t.Fatal(err)
			}
			saysSum(t, made, algorithm, sum)
			wrong := checksumOf(t, algorithm, content[1:])
			put.Body = bytes.NewReader(content)
			checksumField(t, put, algorithm).Set(reflect.ValueOf(&wrong))
			if _, err := client.PutObject(t.Context(), put); err == nil || !strings.Contains(err.Error(), "BadDigest") {
				t.Errorf("with a wrong checksum: %v", err)
			}
			head, err := client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: put.Key, ChecksumMode: types.ChecksumModeEnabled})
			if err != nil {
				t.Fatal(err)
			}
			saysSum(t, head, algorithm, sum)

			begun, err := client.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: bucket, Key: aws.String("parts"), ChecksumAlgorithm: algorithm})
			if err != nil {
				t.Fatal(err)
			}
			var parts []types.CompletedPart
			var sums []byte
			for i, piece := range [][]byte{content[:5<<20], content[5<<20:]} {
				number, sum := aws.Int32(int32(i+1)), checksumOf(t, algorithm, piece)
				up := &s3.UploadPartInput{Bucket: bucket, Key: begun.Key, UploadId: begun.UploadId, PartNumber: number, Body: bytes.NewReader(piece)}
				checksumField(t, up, algorithm).Set(reflect.ValueOf(&sum))
				sent, err := client.UploadPart(t.Context(), up)
				if err != nil {
					t.Fatal(err)
				}
				saysSum(t, sent, algorithm, sum)
				part := types.CompletedPart{ETag: sent.ETag, PartNumber: number}
				checksumField(t, &part, algorithm).Set(reflect.ValueOf(&sum))
				parts = append(parts, part)
				raw, _ := base64.StdEncoding.DecodeString(sum) // as checksumOf wrote it
				sums = append(sums, raw...)
			}
			done, err := client.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
				Bucket: bucket, Key: begun.Key, UploadId: begun.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
			})
			if err != nil {
				t.Fatal(err)
			}
			whole, kind := checksumOf(t, algorithm, sums)+"-2", types.ChecksumTypeComposite
			if algorithm == types.ChecksumAlgorithmCrc64nvme { // which has no other
				whole, kind = sum, types.ChecksumTypeFullObject
			}
			if saysSum(t, done, algorithm, whole); done.ChecksumType != kind {
				t.Errorf("the upload's checksum is %s, want %s", done.ChecksumType, kind)
			}
			if _, err := client.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{
				Bucket: bucket, Key: begun.Key, ChecksumAlgorithm: algorithm, ChecksumType: types.ChecksumTypeFullObject,
			}); (err == nil) != strings.HasPrefix(string(algorithm), "CRC") {
				t.Errorf("FULL_OBJECT in parts, which CRCs alone have: %v", err)
			}

			copied, err := client.CopyObject(t.Context(), &s3.CopyObjectInput{
				Bucket: bucket, Key: aws.String("copy"), CopySource: aws.String("here/parts"), ChecksumAlgorithm: algorithm,
			})
			if err != nil {
				t.Fatal(err)
			}
			saysSum(t, copied.CopyObjectResult, algorithm, sum)
			told, err := client.GetObjectAttributes(t.Context(), &s3.GetObjectAttributesInput{
				Bucket: bucket, Key: begun.Key, ObjectAttributes: []types.ObjectAttributes{types.ObjectAttributesChecksum, types.ObjectAttributesObjectParts},
			})
			if err != nil {
				t.Fatal(err)
			}
			saysSum(t, told.Checksum, algorithm, strings.TrimSuffix(whole, "-2"))
			if kind == types.ChecksumTypeComposite {
				saysSum(t, &told.ObjectParts.Parts[0], algorithm, checksumOf(t, algorithm, content[:5<<20]))
			}
			listed, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: bucket, Prefix: aws.String("copy")})
			if err != nil || len(listed.Contents) != 1 || listed.Contents[0].ChecksumAlgorithm[0] != algorithm {
				t.Errorf("listed %+v, %v", listed, err)
			}
		})
	}
}

// The SDK works out a few of them alone, so this is a request by hand.
func TestAChecksumOfEachAlgorithmIsTakenInATrailer(t *testing.T) {
	w := quick(t)
	w.plainBucket("here", ireland)
	for _, algorithm := range types.ChecksumAlgorithm("").Values() {
		for content, want := range map[string]int{"what is sent": http.StatusOK, "What is sent": http.StatusBadRequest} {
			header := "x-amz-checksum-" + strings.ToLower(string(algorithm))
			body := "c\r\n" + content + "\r\n0\r\n" + header + ":" + checksumOf(t, algorithm, []byte("what is sent")) + "\r\n\r\n"
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://127.0.0.1:9000/here/k", strings.NewReader(body))
			must(t, request, err)
			request.Header.Set("Content-Encoding", "aws-chunked")
			request.Header.Set("X-Amz-Decoded-Content-Length", "12")
			request.Header.Set("X-Amz-Trailer", header)
			request.Header.Set("X-Amz-Sdk-Checksum-Algorithm", string(algorithm))
			w.sign(request, "STREAMING-UNSIGNED-PAYLOAD-TRAILER", ireland)
			answer := w.send(request)
			if told := answer.header.Get(header) != ""; answer.status != want || told != (want == http.StatusOK) {
				t.Errorf("%s of %q: %d, %v: %s", algorithm, content, answer.status, answer.header, answer.body)
			}
		}
	}
}
