package sigv4_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"bothways/aws/sandbox/sigv4"
)

const (
	keyID  = "AKIATESTTESTTESTTEST"
	secret = "a secret/with+odd=characters"
)

func lookup(accessKeyID string) (sigv4.Key, bool) {
	return sigv4.Key{SecretAccessKey: secret}, accessKeyID == keyID
}

// server verifies what it is sent and keeps the outcome.
type server struct {
	verifier sigv4.Verifier
	// onWire sends each request through its text form, as a socket would; otherwise the handler gets the client's own.
	onWire bool
	// tamper changes a request on its way.
	tamper func(*http.Request)

	result    sigv4.Result
	body      []byte
	checksums []sigv4.Checksum
	err       error
}

// RoundTrip implements http.RoundTripper without a network.
func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	arrived := r.Clone(r.Context())
	if s.onWire {
		var wire bytes.Buffer
		if err := r.Write(&wire); err != nil {
			return nil, err
		}
		var err error
		if arrived, err = http.ReadRequest(bufio.NewReader(&wire)); err != nil {
			return nil, err
		}
	}
	if s.tamper != nil {
		s.tamper(arrived)
	}
	recorder := httptest.NewRecorder()
	s.result, s.err = s.verifier.Verify(arrived, lookup, time.Now())
	if s.err == nil {
		body := s.result.Body(arrived.Body)
		s.body, s.err = io.ReadAll(body)
		s.checksums = body.Checksums()
	}
	recorder.WriteHeader(http.StatusOK)
	return recorder.Result(), nil
}

func (s *server) s3(endpoint string) *s3.Client {
	return s3.New(s3.Options{
		Region:                     "eu-west-1",
		BaseEndpoint:               aws.String(endpoint),
		Credentials:                credentials.NewStaticCredentialsProvider(keyID, secret, ""),
		HTTPClient:                 &http.Client{Transport: s},
		UsePathStyle:               true,
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		RetryMaxAttempts:           1,
	})
}

var oddKeys = []string{
	"plain", "a b+c", "ü/../x", "a//b", "~", "/leading", "trailing/", ".", "a%2Fb", "q?x=1&y", "é☂", "()'!*;:@=$,[]#", "tab\tx",
}

func TestVerifyAcceptsTheS3ClientWithOddKeys(t *testing.T) {
	for _, endpoint := range []string{"http://127.0.0.1:9000", "https://s3.sandbox.test", "https://s3.sandbox.test:443"} {
		for _, onWire := range []bool{true, false} {
			s := &server{onWire: onWire}
			client := s.s3(endpoint)
			for _, key := range oddKeys {
				content := "content of " + key
				_, err := client.PutObject(t.Context(), &s3.PutObjectInput{
					Bucket: aws.String("bucket"), Key: aws.String(key), Body: strings.NewReader(content),
					Metadata: map[string]string{"note": "  two   spaces "},
				})
				if err != nil || s.err != nil {
					t.Fatalf("%s, PUT %q: %v, %v", endpoint, key, err, s.err)
				}
				if string(s.body) != content {
					t.Errorf("%s, PUT %q: decoded %q", endpoint, key, s.body)
				}
				if len(s.checksums) != 1 || s.checksums[0].Algorithm != "CRC32" {
					t.Errorf("%s, PUT %q: checksums %v, want one CRC32", endpoint, key, s.checksums)
				}
				want := sigv4.SignedHash
				if strings.HasPrefix(endpoint, "https") {
					want = sigv4.UnsignedTrailer
				}
				if s.result.Payload != want || s.result.ContentLength != int64(len(content)) {
					t.Errorf("%s, PUT %q: payload %q of %d bytes, want %q of %d",
						endpoint, key, s.result.Payload, s.result.ContentLength, want, len(content))
				}
				if _, err := client.HeadObject(t.Context(), &s3.HeadObjectInput{
					Bucket: aws.String("bucket"), Key: aws.String(key), VersionId: aws.String("v+/= 1"),
				}); err != nil || s.err != nil {
					t.Fatalf("%s, HEAD %q: %v, %v", endpoint, key, err, s.err)
				}
			}
			_, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{
				Bucket: aws.String("bucket"), Prefix: aws.String("a b+c/ü&=%"), Delimiter: aws.String("/"),
			})
			if err != nil || s.err != nil {
				t.Fatalf("%s, list: %v, %v", endpoint, err, s.err)
			}
		}
	}
}

func TestBodyChecksEveryAlgorithmInHeaderAndTrailer(t *testing.T) {
	algorithms := []types.ChecksumAlgorithm{
		types.ChecksumAlgorithmCrc32, types.ChecksumAlgorithmCrc32c, types.ChecksumAlgorithmCrc64nvme,
		types.ChecksumAlgorithmSha1, types.ChecksumAlgorithmSha256, types.ChecksumAlgorithmSha512,
	}
	for _, endpoint := range []string{"http://127.0.0.1:9000", "https://s3.sandbox.test"} {
		for _, algorithm := range algorithms {
			s := &server{onWire: true}
			content := strings.Repeat("0123456789", 30_000)
			_, err := s.s3(endpoint).PutObject(t.Context(), &s3.PutObjectInput{
				Bucket: aws.String("bucket"), Key: aws.String("key"), Body: strings.NewReader(content),
				ChecksumAlgorithm: algorithm,
			})
			if err != nil || s.err != nil {
				t.Errorf("%s, %s: %v, %v", endpoint, algorithm, err, s.err)
				continue
			}
			if len(s.checksums) != 1 || s.checksums[0].Algorithm != string(algorithm) || s.checksums[0].Value == "" {
				t.Errorf("%s: verified %v, want one %s", endpoint, s.checksums, algorithm)
			}
			if string(s.body) != content {
				t.Errorf("%s, %s: decoded %d bytes, not the %d that were sent", endpoint, algorithm, len(s.body), len(content))
			}
		}
	}
}

func TestVerifyTakesTheChecksumOfACompletedUploadForTheObjects(t *testing.T) {
	s := &server{onWire: true}
	_, err := s.s3("http://127.0.0.1:9000").CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
		Bucket: aws.String("bucket"), Key: aws.String("key"), UploadId: aws.String("u"),
		ChecksumCRC32:   aws.String("AAAAAA=="),
		MultipartUpload: &types.CompletedMultipartUpload{},
	})
	if err != nil || s.err != nil {
		t.Fatal(err, s.err)
	}
}

func TestVerifyReadsTheScopeOfIAMAndSTSAndLeavesTheirBody(t *testing.T) {
	for _, onWire := range []bool{true, false} {
		s := &server{onWire: onWire}
		config := aws.Config{
			Region:           "eu-central-1",
			BaseEndpoint:     aws.String("http://127.0.0.1:9000"),
			Credentials:      credentials.NewStaticCredentialsProvider(keyID, secret, ""),
			HTTPClient:       &http.Client{Transport: s},
			RetryMaxAttempts: 1,
		}
		// The answer is empty, so that the clients fail to read it; what matters is what arrived.
		_, _ = iam.NewFromConfig(config).GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("r")})
		if s.err != nil || s.result.Service != "iam" || !strings.Contains(string(s.body), "RoleName=r") {
			t.Errorf("IAM: %+v, body %q, %v", s.result, s.body, s.err)
		}
		_, _ = sts.NewFromConfig(config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		if s.err != nil || s.result.Service != "sts" || s.result.Region != "eu-central-1" {
			t.Errorf("STS: %+v, %v", s.result, s.err)
		}
	}
}

// roundTrip answers every request with an empty 200 after looking at it.
type roundTrip func(*http.Request)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	f(r)
	return httptest.NewRecorder().Result(), nil
}

func TestVerifierDerivesAnewWhenTheSecretOfAKeyChanges(t *testing.T) {
	s := &server{}
	_, _ = s.s3("http://127.0.0.1:9000").ListBuckets(t.Context(), &s3.ListBucketsInput{})
	if s.err != nil {
		t.Fatal(s.err)
	}
	var signed *http.Request
	catch := roundTrip(func(r *http.Request) { signed = r })
	options := s.s3("http://127.0.0.1:9000").Options()
	options.HTTPClient = &http.Client{Transport: catch}
	_, _ = s3.New(options).ListBuckets(t.Context(), &s3.ListBucketsInput{})
	changed := func(string) (sigv4.Key, bool) { return sigv4.Key{SecretAccessKey: "changed"}, true }
	if _, err := s.verifier.Verify(signed, changed, time.Now()); codeOf(err) != "SignatureDoesNotMatch" {
		t.Errorf("with the changed secret: %v, want SignatureDoesNotMatch", err)
	}
	if _, err := s.verifier.Verify(signed, lookup, time.Now()); err != nil {
		t.Errorf("with the old secret: %v", err)
	}
}
