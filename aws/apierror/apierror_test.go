package apierror_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
	"bothways/aws/sandbox"
)

// from calls S3 in a way that fails and returns the SDK's own error.
func from(t *testing.T, transport http.RoundTripper, key, secret string) error {
	t.Helper()
	client := s3.New(s3.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String("http://sandbox.invalid"), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
		HTTPClient:  &http.Client{Transport: transport}, Retryer: aws.NopRetryer{},
	})
	_, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("bothways-none"), Key: aws.String("k")})
	if err == nil {
		t.Fatal("the call succeeds")
	}
	return fmt.Errorf("read the object: %w", err)
}

type broken struct{ err error }

func (b broken) RoundTrip(*http.Request) (*http.Response, error) { return nil, b.err }

func TestErrorsAreWordedWithTheirCauseAndWhatToDo(t *testing.T) {
	box, err := sandbox.New(sandbox.Options{NoDistance: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = box.Close() }()
	key, secret := box.Credentials()
	for name, c := range map[string]struct {
		err  error
		says []string
	}{
		"missing bucket": {
			from(t, box.Transport(), key, secret),
			[]string{"read the object: NoSuchBucket: The specified bucket does not exist", "(request "},
		},
		"wrong secret": {
			from(t, box.Transport(), key, "wrong"),
			[]string{"SignatureDoesNotMatch", "check the profile"},
		},
		"unknown key": {
			from(t, box.Transport(), "AKIANOBODY", secret),
			[]string{"InvalidAccessKeyId", "check the profile"},
		},
		"no such host": {
			from(t, broken{&net.DNSError{Err: "no such host", Name: "s3.atlantis-1.amazonaws.com", IsNotFound: true}}, key, secret),
			[]string{"s3.atlantis-1.amazonaws.com cannot be looked up"},
		},
		"time out": {
			from(t, broken{context.DeadlineExceeded}, key, secret),
			[]string{"read the object: ", "No answer in time"},
		},
		"an address in words of the SDK's": {
			fmt.Errorf("endpoint rule error, Custom endpoint `http://host/a?key=%s` was not a valid URI", secret),
			[]string{"`http://host/a?[redacted]` was not a valid URI"},
		},
		"our own": {
			fmt.Errorf("bucket b: %w", errors.New("is kept")),
			[]string{"bucket b: is kept"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			said := apierror.Describe(c.err)
			for _, want := range c.says {
				if !strings.Contains(said, want) {
					t.Errorf("%q does not say %q", said, want)
				}
			}
			if strings.Contains(said, "operation error") || strings.Contains(said, "https response") || strings.Contains(said, secret) {
				t.Errorf("%q says too much", said)
			}
		})
	}
	if !apierror.Missing(from(t, box.Transport(), key, secret)) || apierror.Denied(from(t, box.Transport(), key, secret)) {
		t.Error("a missing bucket is not recognised")
	}
	if !apierror.Denied(from(t, box.Transport(), key, "wrong")) || apierror.Expired(from(t, box.Transport(), key, "wrong")) {
		t.Error("a refused signature is not recognised as denied")
	}
}

// Errors that were joined, as those of steps that failed together, are worded
// each, and what to do about them once.
func TestJoinedErrorsAreWordedEach(t *testing.T) {
	box, err := sandbox.New(sandbox.Options{NoDistance: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = box.Close() }()
	key, secret := box.Credentials()
	cutOff := from(t, broken{errors.New("the line is cut")}, key, secret)
	if said := apierror.Describe(errors.Join(fmt.Errorf("five: %w", cutOff))); said != "five: read the object: the line is cut" {
		t.Errorf("a call without an answer is worded %q", said)
	}
	kept, missing, denied := errors.New("bucket b is kept"), from(t, box.Transport(), key, secret), from(t, box.Transport(), key, "wrong")
	joined := errors.Join(fmt.Errorf("one: %w", kept), fmt.Errorf("two: %w", missing), fmt.Errorf("three: %w", errors.Join(denied, denied)), fmt.Errorf("four: %w", denied))
	lines := strings.Split(apierror.Describe(fmt.Errorf("tear down: %w", joined)), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines: %q", len(lines), lines)
	}
	for i, want := range []string{
		"tear down: one: bucket b is kept", "tear down: two: read the object: NoSuchBucket: ",
		"tear down: three: read the object: SignatureDoesNotMatch: ", "tear down: four: read the object: SignatureDoesNotMatch: ",
	} {
		if !strings.HasPrefix(lines[i], want) || strings.Contains(lines[i], "operation error") {
			t.Errorf("line %d is %q", i, lines[i])
		}
		if advised := strings.Contains(lines[i], "check the profile"); advised != (i == 2) {
			t.Errorf("line %d advises: %t: %q", i, advised, lines[i])
		}
	}
}
