package sigv4

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox/refusal"
)

// The example of a browser's upload in the Amazon S3 API Reference ("Example:
// Browser-based upload using HTTP POST"), with its signature.
func TestTheSignatureOfAFormIsThatOfAWSsExample(t *testing.T) {
	const lines = `{ "expiration": "2015-12-30T12:00:00.000Z",
  "conditions": [
    {"bucket": "sigv4examplebucket"},
    ["starts-with", "$key", "user/user1/"],
    {"acl": "public-read"},
    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
    ["starts-with", "$Content-Type", "image/"],
    {"x-amz-meta-uuid": "14365123651274"},
    {"x-amz-server-side-encryption": "AES256"},
    ["starts-with", "$x-amz-meta-tag", ""],

    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
    {"x-amz-date": "20151229T000000Z" }
  ]
}`
	policy := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(lines, "\n", "\r\n")))
	fields := map[string]string{
		"X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request",
		"X-Amz-Date": "20151229T000000Z", "Policy": policy,
		"X-Amz-Signature": "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e",
	}
	field := func(name string) (string, bool) {
		value, given := fields[name]
		return value, given
	}
	missing := func(name string) *refusal.Error { return refusal.New(400, "Missing", name) }
	secret := func(string) (Key, bool) {
		return Key{SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, true
	}
	at := time.Date(2015, 12, 29, 1, 0, 0, 0, time.UTC)
	var verifier Verifier
	claim, err := ParseForm(field, missing)
	if err != nil || claim.Region() != "us-east-1" {
		t.Fatalf("%+v, %v", claim, err)
	}
	if err := verifier.VerifyForm(claim, secret, at); err != nil {
		t.Errorf("the example is refused: %v", err)
	}
	claim.policy += "A"
	var refused *refusal.Error
	if err := verifier.VerifyForm(claim, secret, at); !errors.As(err, &refused) || refused.Code != "SignatureDoesNotMatch" {
		t.Errorf("a longer policy is answered with %v", err)
	}
	delete(fields, "X-Amz-Signature")
	if _, err := ParseForm(field, missing); err == nil || !strings.Contains(err.Error(), "X-Amz-Signature") {
		t.Errorf("without a signature: %v", err)
	}
	clear(fields)
	if claim, err := ParseForm(field, missing); claim != nil || err != nil {
		t.Errorf("without any field: %v, %v", claim, err)
	}
}
