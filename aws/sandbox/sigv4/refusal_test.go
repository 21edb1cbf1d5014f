package sigv4_test

import (
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

	"bothways/aws/sandbox/sigv4"
)

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
		{
			"more than any integer", strings.Replace(signed.URL, "X-Amz-Expires=60", "X-Amz-Expires=18446744073709551616", 1), now,
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
