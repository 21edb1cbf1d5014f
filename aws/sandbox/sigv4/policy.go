package sigv4

import (
	"crypto/hmac"
	"net/http"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
)

// VerifyPolicy checks the signature of a form that a browser uploads with: it covers the base64 text of the form's
// policy (Amazon S3 API Reference, "Authenticating requests: browser-based uploads using POST"). field returns the
// value of a form field by its name in lower case. An error is always an [*refusal.Error].
func (v *Verifier) VerifyPolicy(field func(name string) string, lookup func(accessKeyID string) (Key, bool), now time.Time) (Result, error) {
	c, refused := parseForm(field)
	if refused != nil {
		return Result{}, refused
	}
	key, found := lookup(c.accessKeyID)
	if !found {
		return Result{}, errUnknownKey(c.service, c.accessKeyID)
	}
	if refused := checkToken(c, key, now); refused != nil {
		return Result{}, refused
	}
	toSign := field("policy")
	if !hmac.Equal([]byte(sign(v.keys.get(c, key.SecretAccessKey), toSign)), []byte(c.signature)) {
		return Result{}, errMismatch(c.service, []refusal.Detail{
			refusal.With("AWSAccessKeyId", c.accessKeyID), refusal.With("StringToSign", toSign), refusal.With("SignatureProvided", c.signature),
		})
	}
	return Result{AccessKeyID: c.accessKeyID, Region: c.region, Service: c.service, SignedAt: c.at}, nil
}

// parseForm reads the fields that make up the signature of a form.
func parseForm(field func(string) string) (*claim, *refusal.Error) {
	for _, name := range []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Signature"} {
		if field(strings.ToLower(name)) == "" {
			return nil, errNoField(name)
		}
	}
	if field("x-amz-algorithm") != algorithm {
		return nil, refusal.New(http.StatusBadRequest, "InvalidArgument",
			`X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"`,
			refusal.With("ArgumentName", "X-Amz-Algorithm"),
			refusal.With("ArgumentValue", field("x-amz-algorithm")))
	}
	c := &claim{signature: field("x-amz-signature"), token: field("x-amz-security-token")}
	if reason := c.readCredential(field("x-amz-credential")); reason != "" {
		return nil, errQueryMalformed("Error parsing the X-Amz-Credential parameter; " + reason)
	}
	at, err := time.Parse(timeFormat, field("x-amz-date"))
	if err != nil {
		return nil, errQueryMalformed(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`)
	}
	c.at = at
	return c, nil
}

// errNoField says that a form lacks a field.
func errNoField(name string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidArgument",
		"Bucket POST must contain a field named '"+name+"'.  If it is specified, please check the order of the fields.",
		refusal.With("ArgumentName", name),
		refusal.With("ArgumentValue", ""))
}
