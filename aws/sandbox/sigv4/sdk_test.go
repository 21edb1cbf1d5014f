package sigv4_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
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

func TestVerifyRefusesWhatWasChangedOnTheWay(t *testing.T) {
	replaceBody := func(old, new string) func(*http.Request) {
		return func(r *http.Request) {
			data, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(bytes.Replace(data, []byte(old), []byte(new), 1)))
		}
	}
	authorization := func(old, new string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, new, 1))
		}
	}
	const plain, tls = "http://127.0.0.1:9000", "https://s3.sandbox.test"
	tests := []struct {
		name, endpoint string
		tamper         func(*http.Request)
		code           string
	}{
		{"nothing", plain, func(*http.Request) {}, ""},
		{"method", plain, func(r *http.Request) { r.Method = "POST" }, "SignatureDoesNotMatch"},
		{"path", plain, func(r *http.Request) { r.URL.Path += "x"; r.URL.RawPath = "" }, "SignatureDoesNotMatch"},
		{"query", plain, func(r *http.Request) { r.URL.RawQuery += "&versionId=1" }, "SignatureDoesNotMatch"},
		{"host", plain, func(r *http.Request) { r.Host = "other" }, "SignatureDoesNotMatch"},
		{"signed header", plain, func(r *http.Request) { r.Header.Set("X-Amz-Meta-Note", "b") }, "SignatureDoesNotMatch"},
		{"signed header taken away", plain, func(r *http.Request) { r.Header.Del("X-Amz-Meta-Note") }, "SignatureDoesNotMatch"},
		{"header added", plain, func(r *http.Request) { r.Header.Set("X-Amz-Acl", "public-read") }, "AccessDenied"},
		{"header nobody signs", plain, func(r *http.Request) { r.Header.Set("User-Agent", "proxy") }, ""},
		{"region", plain, authorization("eu-west-1", "us-east-1"), "SignatureDoesNotMatch"},
		{"key id", plain, authorization(keyID, "AKIAOTHER"), "InvalidAccessKeyId"},
		{"signature", plain, authorization("Signature=", "Signature=0"), "SignatureDoesNotMatch"},
		{"terminator", plain, authorization("aws4_request", "aws5_request"), "AuthorizationHeaderMalformed"},
		{"scope date", plain, authorization("/20", "/19"), "AuthorizationHeaderMalformed"},
		{"host not signed", plain, authorization(";host;", ";"), "AuthorizationHeaderMalformed"},
		{"algorithm", plain, authorization("AWS4-HMAC", "AWS4-ECDSA-P256"), "InvalidRequest"},
		{"no signature", plain, func(r *http.Request) { r.Header.Del("Authorization") }, "AccessDenied"},
		{"no date", plain, func(r *http.Request) { r.Header.Del("X-Amz-Date") }, "AccessDenied"},
		{"signature of version 2", plain, func(r *http.Request) { r.Header.Set("Authorization", "AWS AKIA:x") }, "InvalidRequest"},
		{"no signature of AWS", plain, func(r *http.Request) { r.SetBasicAuth("a", "b") }, "InvalidArgument"},
		{"decoded length gone", tls, func(r *http.Request) {
			authorization(";x-amz-decoded-content-length", "")(r)
			r.Header.Del("X-Amz-Decoded-Content-Length")
		}, "SignatureDoesNotMatch"},
		{"a second signature", plain, func(r *http.Request) {
			r.URL.RawQuery += "&X-Amz-Algorithm=AWS4-HMAC-SHA256"
		}, "InvalidArgument"},
		{"no payload hash", plain, func(r *http.Request) { r.Header.Del("X-Amz-Content-Sha256") }, "MissingSecurityHeader"},
		{"bad payload hash", plain, func(r *http.Request) { r.Header.Set("X-Amz-Content-Sha256", "x") }, "InvalidArgument"},
		{"body", plain, replaceBody("hello", "HELLO"), "XAmzContentSHA256Mismatch"},
		{"body cut", plain, replaceBody("hello", ""), "IncompleteBody"},
		{"body lengthened", plain, replaceBody("hello", "hello hello"), "IncompleteBody"},
		{"chunked body", tls, replaceBody("hello", "HELLO"), "BadDigest"},
		{"chunked body cut", tls, func(r *http.Request) {
			r.Body = io.NopCloser(io.LimitReader(r.Body, 5))
		}, "IncompleteBody"},
		{"chunk longer than its size", tls, replaceBody("hello", "hello!"), "IncompleteBody"},
		{"chunk size", tls, replaceBody("5\r\n", "z\r\n"), "IncompleteBody"},
		{"trailer gone", tls, replaceBody("x-amz-checksum-crc32:", "x-amz-other:"), "MalformedTrailerError"},
		{"trailer without a colon", tls, replaceBody("x-amz-checksum-crc32:", ""), "MalformedTrailerError"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := &server{onWire: true, tamper: test.tamper}
			_, err := s.s3(test.endpoint).PutObject(context.Background(), &s3.PutObjectInput{
				Bucket: aws.String("bucket"), Key: aws.String("key"), Body: strings.NewReader("hello"),
				Metadata: map[string]string{"note": "a"},
			})
			if err != nil {
				t.Fatal(err)
			}
			if got := codeOf(s.err); got != test.code {
				t.Errorf("%q (%v), want %q", got, s.err, test.code)
			}
		})
	}
}

func TestBodyRefusesAWrongChecksumOrMD5InAHeader(t *testing.T) {
	put := func(change func(*s3.PutObjectInput)) string {
		s := &server{onWire: true}
		input := &s3.PutObjectInput{Bucket: aws.String("bucket"), Key: aws.String("key"), Body: strings.NewReader("hello")}
		change(input)
		if _, err := s.s3("http://127.0.0.1:9000").PutObject(context.Background(), input); err != nil {
			t.Fatal(err)
		}
		return codeOf(s.err)
	}
	tests := []struct {
		name, want string
		change     func(*s3.PutObjectInput)
	}{
		{"right MD5", "", func(i *s3.PutObjectInput) { i.ContentMD5 = aws.String("XUFAKrxLKna5cZ2REBfFkg==") }},
		{"wrong MD5", "BadDigest", func(i *s3.PutObjectInput) { i.ContentMD5 = aws.String("AAAAAAAAAAAAAAAAAAAAAA==") }},
		{"no MD5 at all", "InvalidDigest", func(i *s3.PutObjectInput) { i.ContentMD5 = aws.String("hello") }},
		{"wrong CRC32", "BadDigest", func(i *s3.PutObjectInput) { i.ChecksumCRC32 = aws.String("AAAAAA==") }},
		{"short CRC32", "InvalidRequest", func(i *s3.PutObjectInput) { i.ChecksumCRC32 = aws.String("AAAA") }},
	}
	for _, test := range tests {
		if got := put(test.change); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestVerifyHoldsAPresignedRequestToItsTimeAndText(t *testing.T) {
	s := &server{}
	presigner := s3.NewPresignClient(s.s3("https://s3.sandbox.test"))
	input := &s3.GetObjectInput{Bucket: aws.String("bucket"), Key: aws.String("ü/a b+c"), VersionId: aws.String("3/L4kqtJl+40")}
	signed, err := presigner.PresignGetObject(t.Context(), input, s3.WithPresignExpires(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	tests := []struct {
		name string
		url  string
		at   time.Time
		code string
	}{
		{"in time", signed.URL, now, ""},
		{"in its last second", signed.URL, now.Add(58 * time.Second), ""},
		{"expired", signed.URL, now.Add(62 * time.Second), "AccessDenied"},
		{"not yet valid", signed.URL, now.Add(-16 * time.Minute), "AccessDenied"},
		{"longer life", strings.Replace(signed.URL, "X-Amz-Expires=60", "X-Amz-Expires=600", 1), now, "SignatureDoesNotMatch"},
		{
			"more than a week", strings.Replace(signed.URL, "X-Amz-Expires=60", "X-Amz-Expires=604801", 1), now,
			"AuthorizationQueryParametersError",
		},
		{"other version", strings.Replace(signed.URL, "versionId=3", "versionId=4", 1), now, "SignatureDoesNotMatch"},
		{"other key", strings.Replace(signed.URL, "b%2Bc", "b%2Bd", 1), now, "SignatureDoesNotMatch"},
		{"parameter gone", strings.Replace(signed.URL, "X-Amz-Date", "X-Amz-Dat", 1), now, "AuthorizationQueryParametersError"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, test.url, nil)
			result, err := s.verifier.Verify(r, lookup, test.at)
			if got := codeOf(err); got != test.code {
				t.Fatalf("%q (%v), want %q", got, err, test.code)
			}
			if err == nil && !result.Presigned {
				t.Error("not reported as presigned")
			}
		})
	}
}

func TestVerifyRefusesClocksAndTokensInTheWordsOfTheService(t *testing.T) {
	now := time.Now()
	temporary := sigv4.Key{SecretAccessKey: secret, SessionToken: "token", Expires: now.Add(time.Hour)}
	permanent := sigv4.Key{SecretAccessKey: secret}
	tests := []struct {
		name, token string
		key         sigv4.Key
		at          time.Time
		s3, iam     string
	}{
		{"good", "", permanent, now, "", ""},
		{"14 minutes late", "", permanent, now.Add(14 * time.Minute), "", ""},
		{"16 minutes late", "", permanent, now.Add(16 * time.Minute), "RequestTimeTooSkewed", "SignatureDoesNotMatch"},
		{"16 minutes early", "", permanent, now.Add(-16 * time.Minute), "RequestTimeTooSkewed", "SignatureDoesNotMatch"},
		{"good token", "token", temporary, now, "", ""},
		{"no token", "", temporary, now, "InvalidAccessKeyId", "InvalidClientTokenId"},
		{"wrong token", "other", temporary, now, "InvalidToken", "InvalidClientTokenId"},
		{"token of a permanent key", "token", permanent, now, "InvalidToken", "InvalidClientTokenId"},
		{
			"expired", "token",
			sigv4.Key{SecretAccessKey: secret, SessionToken: "token", Expires: now},
			now,
			"ExpiredToken", "ExpiredToken",
		},
		{"wrong secret", "", sigv4.Key{SecretAccessKey: "other"}, now, "SignatureDoesNotMatch", "SignatureDoesNotMatch"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var codes []string
			transport := roundTrip(func(r *http.Request) {
				var verifier sigv4.Verifier
				_, err := verifier.Verify(r, func(string) (sigv4.Key, bool) { return test.key, true }, test.at)
				codes = append(codes, codeOf(err))
			})
			config := aws.Config{
				Region:           "eu-west-1",
				BaseEndpoint:     aws.String("http://127.0.0.1:9000"),
				Credentials:      credentials.NewStaticCredentialsProvider(keyID, secret, test.token),
				HTTPClient:       &http.Client{Transport: transport},
				RetryMaxAttempts: 1,
			}
			_, _ = s3.NewFromConfig(config).ListBuckets(t.Context(), &s3.ListBucketsInput{})
			_, _ = iam.NewFromConfig(config).GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("r")})
			if want := []string{test.s3, test.iam}; !slices.Equal(codes, want) {
				t.Errorf("S3 and IAM answer %q, want %q", codes, want)
			}
		})
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
