package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/sandbox"
)

func TestRoundTripTakesHalfBeforeAndHalfAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{
			RTT: func(region string) time.Duration {
				return map[string]time.Duration{ireland: 12, singapore: 175}[region] * time.Millisecond
			},
		})
		w.bucket("here", singapore)
		start := time.Now()
		var wrote, answered time.Duration
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			WroteRequest:         func(httptrace.WroteRequestInfo) { wrote = time.Since(start) },
			GotFirstResponseByte: func() { answered = time.Since(start) },
		})
		if _, err := w.s3(singapore).PutObject(ctx, &s3.PutObjectInput{
			Bucket: aws.String("here"), Key: aws.String("k"), Body: strings.NewReader("x"),
		}); err != nil {
			t.Fatal(err)
		}
		committed := w.sandbox.Committed("here", "k")
		if wrote != 0 || answered != 175*time.Millisecond || committed.Sub(start).Round(time.Millisecond) != 88*time.Millisecond &&
			committed.Sub(start).Round(time.Millisecond) != 87*time.Millisecond {
			t.Errorf("written after %v, committed after %v, answered after %v", wrote, committed.Sub(start), answered)
		}
	})
}

func TestCancelledRequestEndsAtOnceAndIsNotCommitted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{RTT: func(string) time.Duration { return 2 * time.Second }})
		w.bucket("here", ireland)
		ctx, cancel := context.WithTimeout(t.Context(), 900*time.Millisecond)
		defer cancel()
		start := time.Now()
		_, err := w.s3(ireland).PutObject(ctx, &s3.PutObjectInput{
			Bucket: aws.String("here"), Key: aws.String("k"), Body: strings.NewReader("x"),
		})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 900*time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		pass(time.Minute)
		if _, err := w.head("here", ireland, "k", ""); code(err) != "NotFound" {
			t.Errorf("the request took effect: %v", err)
		}
	})
}

func TestClosedSandboxRefusesAndLeavesNoFile(t *testing.T) {
	dir := t.TempDir()
	s, err := sandbox.New(sandbox.Options{NoDistance: true, Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, sandbox: s}
	w.bucket("here", ireland)
	if _, err := w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("here"), Key: aws.String("k"), Body: bytes.NewReader(make([]byte, 3<<20)),
	}); err != nil {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*", "*.body")); len(files) != 1 {
		t.Errorf("while open: %v, want one file", files)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left: %v, %v", left, err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := s.Transport().RoundTrip(request); err == nil {
		_ = answer.Body.Close()
		t.Error("the closed sandbox answers")
	}
}

func TestDeletedVersionsFreeTheirFilesOnceNoReplicaNeedsThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		dir := t.TempDir()
		s, err := sandbox.New(sandbox.Options{NoDistance: true, Delay: fixed, Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		w.sandbox = s
		w.pair()
		put := w.put("side-a", ireland, "k", strings.Repeat("x", 2<<20))
		pass(time.Minute)
		files := func() int {
			found, err := filepath.Glob(filepath.Join(dir, "*", "*.body"))
			if err != nil {
				t.Fatal(err)
			}
			return len(found)
		}
		for i, side := range [][2]string{{"side-a", ireland}, {"side-b", singapore}} {
			if got := files(); got != 1 {
				t.Errorf("with %d of 2 versions deleted: %d files, want 1", i, got)
			}
			if _, err := w.s3(side[1]).DeleteObject(t.Context(), &s3.DeleteObjectInput{
				Bucket: &side[0], Key: aws.String("k"), VersionId: put.VersionId,
			}); err != nil {
				t.Fatal(err)
			}
		}
		if got := files(); got != 0 {
			t.Errorf("with both versions deleted: %d files, want none", got)
		}
	})
}

func TestUnsignedAndWronglySignedRequestsAreRefused(t *testing.T) {
	w := quick(t)
	w.plainBucket("here", ireland)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1/here", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := w.sandbox.Transport().RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusForbidden || !strings.Contains(string(body), "<Code>AccessDenied</Code>") ||
		answer.Header.Get("X-Amz-Request-Id") == "" || answer.Header.Get("X-Amz-Id-2") == "" {
		t.Errorf("%d %s %v", answer.StatusCode, body, err)
	}
	config := w.config(ireland)
	config.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		id, _ := w.sandbox.Credentials()
		return aws.Credentials{AccessKeyID: id, SecretAccessKey: "wrong"}, nil
	})
	_, err = s3.NewFromConfig(config).ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if code(err) != "SignatureDoesNotMatch" {
		t.Errorf("wrong secret: %v", err)
	}
}

func TestLoopbackServesTheSameSandbox(t *testing.T) {
	w := quick(t)
	endpoint, err := w.sandbox.Listen(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(endpoint, "http://127.0.0.1:") {
		t.Errorf("listens on %s", endpoint)
	}
	w.bucket("here", ireland)
	w.put("here", ireland, "k", "x")
	config := w.config(ireland)
	config.HTTPClient = http.DefaultClient
	client := s3.NewFromConfig(config, func(o *s3.Options) { o.BaseEndpoint = &endpoint })
	large := bytes.Repeat([]byte("abc"), 1<<20)
	if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("here"), Key: aws.String("large"), Body: bytes.NewReader(large),
	}); err != nil {
		t.Fatal(err)
	}
	got, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("here"), Key: aws.String("large")})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	if back, err := io.ReadAll(got.Body); err != nil || !bytes.Equal(back, large) {
		t.Errorf("%d bytes came back, %v", len(back), err)
	}
	if _, err := client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String("here"), Key: aws.String("k")}); err != nil {
		t.Error(err)
	}
}

func BenchmarkHead(b *testing.B) {
	s, err := sandbox.New(sandbox.Options{NoDistance: true, Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	id, secret := s.Credentials()
	endpoint, err := s.Listen(b.Context(), "")
	if err != nil {
		b.Fatal(err)
	}
	for name, client := range map[string]*http.Client{
		"in-process": {Transport: s.Transport()}, "loopback": http.DefaultClient,
	} {
		b.Run(name, func(b *testing.B) {
			api := s3.New(s3.Options{
				Region: "us-east-1", BaseEndpoint: &endpoint, UsePathStyle: true, HTTPClient: client,
				Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
					return aws.Credentials{AccessKeyID: id, SecretAccessKey: secret}, nil
				}),
			})
			if _, err := api.CreateBucket(b.Context(), &s3.CreateBucketInput{Bucket: aws.String("here")}); err != nil {
				b.Fatal(err)
			}
			if _, err := api.PutObject(b.Context(), &s3.PutObjectInput{Bucket: aws.String("here"), Key: aws.String("k")}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := api.HeadObject(b.Context(), &s3.HeadObjectInput{Bucket: aws.String("here"), Key: aws.String("k")}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
