package sandbox_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// clients are the ways in which the SDK may talk to the sandbox.
func clients(w *world) map[string]*s3.Client {
	id, secret := w.sandbox.Credentials()
	return map[string]*s3.Client{
		"http, path style":            w.s3(ireland),
		"https, AWS's own host names": s3.NewFromConfig(w.config(ireland)),
		"zero options": s3.New(s3.Options{
			Region: ireland, Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
			HTTPClient: &http.Client{Transport: w.sandbox.Transport()},
		}),
	}
}

func TestObjectRoundTripForEveryKindOfClient(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	large := bytes.Repeat([]byte("0123456789abcdef"), 200<<10) // 3.1 MiB: a file, and a streamed answer
	for name, client := range clients(w) {
		for _, key := range []string{"plain", "a b+c", "ü/../x", "a//b", "~", "%41"} {
			for _, content := range [][]byte{{}, []byte("small"), large} {
				put, err := client.PutObject(t.Context(), &s3.PutObjectInput{
					Bucket: aws.String("here"), Key: &key, Body: bytes.NewReader(content), Metadata: map[string]string{"m": "ä b"},
				})
				if err != nil {
					t.Fatalf("%s, key %q: %v", name, key, err)
				}
				got, err := client.GetObject(t.Context(), &s3.GetObjectInput{
					Bucket: aws.String("here"), Key: &key, VersionId: put.VersionId, ChecksumMode: types.ChecksumModeEnabled,
				})
				if err != nil {
					t.Fatalf("%s, key %q: %v", name, key, err)
				}
				back, err := io.ReadAll(got.Body)
				if err != nil || !bytes.Equal(back, content) {
					t.Errorf("%s, key %q: %d bytes came back of %d, %v", name, key, len(back), len(content), err)
				}
				if *got.ETag != *put.ETag || *got.ContentType == "" || *got.ContentLength != int64(len(content)) {
					t.Errorf("%s, key %q: %+v", name, key, got)
				}
				_ = got.Body.Close()
			}
		}
	}
}

func TestHeadOfDeletedKeysAndMarkers(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	first := w.put("here", ireland, "k", "x")
	client := w.s3(ireland)
	marker, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("here"), Key: aws.String("k")})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		version string
		status  int
		marker  string
	}{
		{"", http.StatusNotFound, "true"},
		{*marker.VersionId, http.StatusMethodNotAllowed, "true"},
		{strings.Repeat("x", 32), http.StatusNotFound, ""},
		{"no such form", http.StatusBadRequest, ""},
	} {
		_, err := w.head("here", ireland, "k", row.version)
		var response *awshttp.ResponseError
		if !errors.As(err, &response) || response.HTTPStatusCode() != row.status ||
			response.Response.Header.Get("X-Amz-Delete-Marker") != row.marker {
			t.Errorf("version %q: %v, want %d", row.version, err, row.status)
		}
	}
	if _, err := w.head("here", ireland, "k", *first.VersionId); err != nil {
		t.Errorf("the version beneath the marker: %v", err)
	}
	if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{
		Bucket: aws.String("here"), Key: aws.String("k"), VersionId: marker.VersionId,
	}); err != nil {
		t.Fatal(err)
	}
	if out, err := w.head("here", ireland, "k", ""); err != nil || *out.VersionId != *first.VersionId {
		t.Errorf("after the marker's delete: %v, %v", out, err)
	}
}

func TestRangesAndConditions(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	put := w.put("here", ireland, "k", "0123456789")
	get := func(change func(*s3.GetObjectInput)) (string, error) {
		in := &s3.GetObjectInput{Bucket: aws.String("here"), Key: aws.String("k")}
		change(in)
		out, err := w.s3(ireland).GetObject(t.Context(), in)
		if err != nil {
			return "", err
		}
		defer out.Body.Close()
		content, err := io.ReadAll(out.Body)
		return string(content) + " " + aws.ToString(out.ContentRange), err
	}
	for text, want := range map[string]string{
		"bytes=2-4": "234 bytes 2-4/10", "bytes=7-": "789 bytes 7-9/10", "bytes=-2": "89 bytes 8-9/10",
		"bytes=8-99": "89 bytes 8-9/10", "bytes=4-2": "0123456789 ", "rubbish": "0123456789 ",
	} {
		if got, err := get(func(in *s3.GetObjectInput) { in.Range = &text }); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", text, got, err, want)
		}
	}
	_, err := get(func(in *s3.GetObjectInput) { in.Range = aws.String("bytes=10-") })
	refused(t, err, "InvalidRange", "The requested range is not satisfiable")
	_, err = get(func(in *s3.GetObjectInput) { in.IfMatch = aws.String(`"other"`) })
	refused(t, err, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	if _, err := get(func(in *s3.GetObjectInput) { in.IfNoneMatch = put.ETag }); code(err) != "NotModified" {
		t.Errorf("If-None-Match: %v", err)
	}
	_, err = w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("here"), Key: aws.String("k"), IfNoneMatch: aws.String("*"),
	})
	refused(t, err, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
}

func TestListingsPageThroughKeysPrefixesAndVersions(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	want := []string{"a", "b/", "c", "d/"}
	for _, key := range []string{"a", "b/1", "b/2", "b/3", "c", "d/x", "d/y"} {
		w.put("here", ireland, key, "1")
		w.put("here", ireland, key, "2")
	}
	client := w.s3(ireland)
	for size := range int32(5) {
		var second, first []string
		pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{
			Bucket: aws.String("here"), Delimiter: aws.String("/"), MaxKeys: aws.Int32(size + 1),
		})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page.Contents {
				second = append(second, *o.Key)
			}
			for _, p := range page.CommonPrefixes {
				second = append(second, *p.Prefix)
			}
		}
		marker := ""
		for more := true; more; {
			page, err := client.ListObjects(t.Context(), &s3.ListObjectsInput{
				Bucket: aws.String("here"), Delimiter: aws.String("/"), MaxKeys: aws.Int32(size + 1), Marker: &marker,
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page.Contents {
				first = append(first, *o.Key)
			}
			for _, p := range page.CommonPrefixes {
				first = append(first, *p.Prefix)
			}
			more, marker = *page.IsTruncated, aws.ToString(page.NextMarker)
		}
		slices.Sort(second)
		slices.Sort(first)
		if !slices.Equal(second, want) || !slices.Equal(first, want) {
			t.Errorf("pages of %d: %v and %v, want %v", size+1, second, first, want)
		}
		count, latest := 0, 0
		versions := s3.NewListObjectVersionsPaginator(client, &s3.ListObjectVersionsInput{
			Bucket: aws.String("here"), Prefix: aws.String("b/"), MaxKeys: aws.Int32(size + 1),
		})
		for versions.HasMorePages() {
			page, err := versions.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page.Versions {
				count++
				if *v.IsLatest {
					latest++
				}
			}
		}
		if count != 6 || latest != 3 {
			t.Errorf("pages of %d: %d versions, %d latest, want 6 and 3", size+1, count, latest)
		}
	}
}

func TestMultipartUploadJoinsItsParts(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	part := bytes.Repeat([]byte{'x'}, 5<<20)
	for name, client := range clients(w) {
		for _, algorithm := range []types.ChecksumAlgorithm{"", "CRC32", "CRC32C", "CRC64NVME", "SHA256"} {
			for _, kind := range []types.ChecksumType{"", types.ChecksumTypeFullObject} {
				if kind != "" && (algorithm == "" || algorithm == "SHA256") {
					continue
				}
				t.Run(fmt.Sprint(name, algorithm, kind), func(t *testing.T) {
					key := aws.String(fmt.Sprint(name, algorithm, kind))
					begun, err := client.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{
						Bucket: aws.String("here"), Key: key, ChecksumAlgorithm: algorithm, ChecksumType: kind,
					})
					if err != nil {
						t.Fatal(err)
					}
					var parts []types.CompletedPart
					for number, content := range [][]byte{part, part[:100]} {
						up, err := client.UploadPart(t.Context(), &s3.UploadPartInput{
							Bucket: aws.String("here"), Key: key, UploadId: begun.UploadId, PartNumber: aws.Int32(int32(number + 1)),
							Body: bytes.NewReader(content), ChecksumAlgorithm: algorithm,
						})
						if err != nil {
							t.Fatal(err)
						}
						parts = append(parts, types.CompletedPart{
							ETag: up.ETag, PartNumber: aws.Int32(int32(number + 1)), ChecksumCRC32: up.ChecksumCRC32,
							ChecksumCRC32C: up.ChecksumCRC32C, ChecksumCRC64NVME: up.ChecksumCRC64NVME, ChecksumSHA256: up.ChecksumSHA256,
						})
					}
					done, err := client.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
						Bucket: aws.String("here"), Key: key, UploadId: begun.UploadId,
						MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
					})
					if err != nil {
						t.Fatal(err)
					}
					if !strings.HasSuffix(*done.ETag, `-2"`) {
						t.Errorf("ETag %s", *done.ETag)
					}
					// The SDK checks a full-object checksum itself while it reads.
					got, err := client.GetObject(t.Context(), &s3.GetObjectInput{
						Bucket: aws.String("here"), Key: key, ChecksumMode: types.ChecksumModeEnabled,
					})
					if err != nil {
						t.Fatal(err)
					}
					defer got.Body.Close()
					n, err := io.Copy(io.Discard, got.Body)
					if err != nil || n != 5<<20+100 {
						t.Errorf("read %d bytes, %v", n, err)
					}
				})
			}
		}
	}
}

func TestMultipartRefusals(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	client, name, key := w.s3(ireland), aws.String("here"), aws.String("k")
	begun, err := client.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: name, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	var parts []types.CompletedPart
	for number := range int32(2) {
		up, err := client.UploadPart(t.Context(), &s3.UploadPartInput{
			Bucket: name, Key: key, UploadId: begun.UploadId, PartNumber: aws.Int32(number + 1), Body: strings.NewReader("small"),
		})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, types.CompletedPart{ETag: up.ETag, PartNumber: aws.Int32(number + 1)})
	}
	complete := func(parts ...types.CompletedPart) error {
		_, err := client.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
			Bucket: name, Key: key, UploadId: begun.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		})
		return err
	}
	refused(t, complete(parts...), "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
	refused(t, complete(parts[1], parts[0]), "InvalidPartOrder",
		"The list of parts was not in ascending order. Parts must be ordered by part number.")
	if err := complete(types.CompletedPart{ETag: aws.String("x"), PartNumber: aws.Int32(1)}); code(err) != "InvalidPart" {
		t.Errorf("unknown part: %v", err)
	}
	listed, err := client.ListParts(t.Context(), &s3.ListPartsInput{Bucket: name, Key: key, UploadId: begun.UploadId})
	if err != nil || len(listed.Parts) != 2 {
		t.Errorf("parts %v, %v", listed, err)
	}
	uploads, err := client.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: name})
	if err != nil || len(uploads.Uploads) != 1 {
		t.Errorf("uploads %v, %v", uploads, err)
	}
	if _, err := client.AbortMultipartUpload(t.Context(), &s3.AbortMultipartUploadInput{Bucket: name, Key: key, UploadId: begun.UploadId}); err != nil {
		t.Fatal(err)
	}
	if err := complete(parts...); code(err) != "NoSuchUpload" {
		t.Errorf("after the abort: %v, want NoSuchUpload", err)
	}
}

func TestCopySharesTheContentAndKeepsOrReplacesTheRest(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	w.bucket("there", singapore)
	_, err := w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("here"), Key: aws.String("a b"), Body: strings.NewReader("content"),
		Metadata: map[string]string{"m": "1"}, Tagging: aws.String("t=1"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.s3(singapore).CopyObject(t.Context(), &s3.CopyObjectInput{
		Bucket: aws.String("there"), Key: aws.String("k"), CopySource: aws.String("here/a%20b"),
	}); err != nil {
		t.Fatal(err)
	}
	if out := w.headNow("there", singapore); out.Metadata["m"] != "1" || aws.ToInt32(out.TagCount) != 1 {
		t.Errorf("copied as %+v", out)
	}
	if got := w.content("there", singapore, "k"); got != "content" {
		t.Errorf("copy holds %q", got)
	}
	_, err = w.s3(singapore).CopyObject(t.Context(), &s3.CopyObjectInput{
		Bucket: aws.String("there"), Key: aws.String("k"), CopySource: aws.String("there/k"),
	})
	if code(err) != "InvalidRequest" {
		t.Errorf("copy to itself: %v", err)
	}
	if _, err = w.s3(singapore).CopyObject(t.Context(), &s3.CopyObjectInput{
		Bucket: aws.String("there"), Key: aws.String("k"), CopySource: aws.String("there/k"),
		MetadataDirective: types.MetadataDirectiveReplace, Metadata: map[string]string{"m": "2"},
	}); err != nil {
		t.Fatal(err)
	}
	if out := w.headNow("there", singapore); out.Metadata["m"] != "2" {
		t.Errorf("replaced to %+v", out.Metadata)
	}
}

func TestSuspendedBucketOverwritesItsNullVersion(t *testing.T) {
	w := quick(t)
	w.plainBucket("here", ireland)
	w.put("here", ireland, "k", "1")
	if err := w.versioning("here", ireland, "Enabled"); err != nil {
		t.Fatal(err)
	}
	w.put("here", ireland, "k", "2")
	if err := w.versioning("here", ireland, "Suspended"); err != nil {
		t.Fatal(err)
	}
	w.put("here", ireland, "k", "3")
	list, err := w.s3(ireland).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("here")})
	if err != nil || len(list.Versions) != 2 || *list.Versions[0].VersionId != "null" {
		t.Fatalf("%+v, %v", list.Versions, err)
	}
	if got := w.content("here", ireland, "k"); got != "3" {
		t.Errorf("holds %q", got)
	}
}

func TestDefaultRetentionKeepsVersions(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	client := w.s3(ireland)
	if _, err := client.PutObjectLockConfiguration(t.Context(), &s3.PutObjectLockConfigurationInput{
		Bucket: aws.String("here"), ObjectLockConfiguration: &types.ObjectLockConfiguration{
			ObjectLockEnabled: types.ObjectLockEnabledEnabled,
			Rule:              &types.ObjectLockRule{DefaultRetention: &types.DefaultRetention{Mode: "GOVERNANCE", Days: aws.Int32(1)}},
		},
	}); err != nil {
		t.Fatal(err)
	}
	put := w.put("here", ireland, "k", "x")
	in := &s3.DeleteObjectInput{Bucket: aws.String("here"), Key: aws.String("k"), VersionId: put.VersionId}
	_, err := client.DeleteObject(t.Context(), in)
	refused(t, err, "AccessDenied", "Access Denied because object protected by object lock.")
	in.BypassGovernanceRetention = aws.Bool(true)
	if _, err := client.DeleteObject(t.Context(), in); err != nil {
		t.Errorf("with bypass: %v", err)
	}
}
