package sandbox_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// near is a sandbox without distances.
func near(b *testing.B) *sandbox.Sandbox {
	b.Helper()
	box, err := sandbox.New(sandbox.Options{NoDistance: true, Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := box.Close(); err != nil {
			b.Error(err)
		}
	})
	return box
}

// loopback is a sandbox on a real port, without distances, and the SDK's
// client for it. The bucket "bench" is there.
func loopback(b *testing.B) (*s3.Client, *sandbox.Sandbox) {
	b.Helper()
	box := near(b)
	endpoint, err := box.Listen(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	id, secret := box.Credentials()
	client := s3.New(s3.Options{
		Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
		BaseEndpoint: &endpoint, UsePathStyle: true, HTTPClient: &http.Client{Transport: &http.Transport{}},
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
	})
	if _, err := client.CreateBucket(b.Context(), &s3.CreateBucketInput{Bucket: aws.String("bench")}); err != nil {
		b.Fatal(err)
	}
	return client, box
}

func mustPut(b *testing.B, client *s3.Client, key string, body []byte) {
	b.Helper()
	if _, err := client.PutObject(b.Context(), &s3.PutObjectInput{
		Bucket: aws.String("bench"), Key: &key, Body: bytes.NewReader(body),
	}); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkHeadOverLoopback(b *testing.B) {
	client, _ := loopback(b)
	mustPut(b, client, "k", []byte("x"))
	in := &s3.HeadObjectInput{Bucket: aws.String("bench"), Key: aws.String("k")}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.HeadObject(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPut128KiBOverLoopback(b *testing.B) {
	client, _ := loopback(b)
	body := bytes.Repeat([]byte("0123456789abcdef"), 8<<10)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		mustPut(b, client, "k", body)
	}
}

func BenchmarkList1000KeysOverLoopback(b *testing.B) {
	client, _ := loopback(b)
	for i := range 1000 {
		mustPut(b, client, fmt.Sprintf("key/%04d", i), nil)
	}
	in := &s3.ListObjectsV2Input{Bucket: aws.String("bench")}
	b.ReportAllocs()
	for b.Loop() {
		out, err := client.ListObjectsV2(b.Context(), in)
		if err != nil || len(out.Contents) != 1000 {
			b.Fatal(err)
		}
	}
}

// BenchmarkHeadInServer is the share of a HEAD that the sandbox itself takes:
// the handler alone, without a network and a client.
func BenchmarkHeadInServer(b *testing.B) {
	w := newBenchWorld(b)
	for b.Loop() {
		w.handler.ServeHTTP(w.answer, w.request)
		clear(w.answer.header)
	}
}

// BenchmarkListMillionObjects pages through a million objects, 1,000 a page;
// one operation is the whole listing. It reports how much memory listing adds.
func BenchmarkListMillionObjects(b *testing.B) {
	const objects = 1_000_000
	client, box := loopback(b)
	ctx := b.Context()
	fill(b, box, objects)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	peak := uint64(0)
	for b.Loop() {
		seen := 0
		pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: aws.String("bench"), Prefix: aws.String("m/")})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				b.Fatal(err)
			}
			if seen += len(page.Contents); seen%100_000 == 0 {
				runtime.GC() // what is live counts, not when the garbage goes
				runtime.ReadMemStats(&after)
				peak = max(peak, after.HeapAlloc)
			}
		}
		if seen != objects {
			b.Fatalf("%d objects listed, want %d", seen, objects)
		}
	}
	b.ReportMetric(float64(before.HeapAlloc)/objects, "B/object")
	b.ReportMetric((float64(peak)-float64(before.HeapAlloc))/(1<<20), "MiB-more")
	if peak > before.HeapAlloc+16<<20 {
		b.Errorf("listing took the live heap from %d to %d bytes", before.HeapAlloc, peak)
	}
}

// fill makes that many objects under m/, past the network: only the listing is
// measured.
func fill(b *testing.B, box *sandbox.Sandbox, objects int) {
	b.Helper()
	answer := &sink{http.Header{}}
	for i := range objects {
		box.ServeHTTP(answer, signedRequest(b, box, http.MethodPut, "/bench/m/"+strconv.Itoa(i)))
		clear(answer.header)
	}
}

// BenchmarkMultipartUpload sends 256 MiB in parts of 16 MiB and reports how
// much memory it adds in client and sandbox together.
func BenchmarkMultipartUpload(b *testing.B) {
	const parts, size = 16, 16 << 20
	client, _ := loopback(b)
	ctx := b.Context()
	part := bytes.Repeat([]byte{7}, size)
	bucket, key := aws.String("bench"), aws.String("large")
	b.SetBytes(parts * size)
	for b.Loop() {
		upload, err := client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key})
		if err != nil {
			b.Fatal(err)
		}
		done := &types.CompletedMultipartUpload{}
		for n := int32(1); n <= parts; n++ {
			out, err := client.UploadPart(ctx, &s3.UploadPartInput{
				Bucket: bucket, Key: key, UploadId: upload.UploadId, PartNumber: &n, Body: bytes.NewReader(part),
			})
			if err != nil {
				b.Fatal(err)
			}
			done.Parts = append(done.Parts, types.CompletedPart{PartNumber: aws.Int32(n), ETag: out.ETag})
		}
		if _, err := client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
			Bucket: bucket, Key: key, UploadId: upload.UploadId, MultipartUpload: done,
		}); err != nil {
			b.Fatal(err)
		}
	}
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	b.ReportMetric(float64(stats.HeapSys)/(1<<20), "MiB-heap")
}

// BenchmarkList1000KeysInServer is the share of such a list that the sandbox
// itself takes.
func BenchmarkList1000KeysInServer(b *testing.B) {
	_, box := loopback(b)
	fill(b, box, 1000)
	request, answer := signedRequest(b, box, http.MethodGet, "/bench?list-type=2"), &sink{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		box.ServeHTTP(answer, request)
		clear(answer.header)
	}
}

// BenchmarkGet16MiBOverLoopback reads a body that is in a file, which is checked
// on the way.
func BenchmarkGet16MiBOverLoopback(b *testing.B) {
	client, _ := loopback(b)
	body := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
	mustPut(b, client, "k", body)
	in := &s3.GetObjectInput{Bucket: aws.String("bench"), Key: aws.String("k")}
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		out, err := client.GetObject(b.Context(), in)
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, out.Body)
		if err != nil || n != int64(len(body)) {
			b.Fatal(n, err)
		}
		_ = out.Body.Close()
	}
}
