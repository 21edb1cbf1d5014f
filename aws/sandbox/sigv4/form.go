package sigv4

import (
	"crypto/hmac"
	"fmt"
	"net/http"
	"time"

	"bothways/aws/sandbox/refusal"
)

// FormClaim is what a form for uploading says of its own signature, before anything of it is believed. What is signed is
// its policy, which covers the other fields (Amazon S3 API Reference, "Authenticating requests in browser-based uploads
// using POST").
type FormClaim struct {
	claim
	version2 bool
	policy   string
}

// Region is that of the credential scope, "" in version 2.
func (c *FormClaim) Region() string { return c.region }

// AccessKeyID names the key that is said to have signed.
func (c *FormClaim) AccessKeyID() string { return c.accessKeyID }

// Version2 reports whether the signature is of version 2.
func (c *FormClaim) Version2() bool { return c.version2 }

// The fields of a form that sign it, in both versions.
var (
	formFields         = []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "Policy", "X-Amz-Signature"}
	formFieldsVersion2 = []string{"AWSAccessKeyId", "Policy", "Signature"}
)

// ParseForm finds the signature of a form among its fields. A form without one is anonymous: its claim is nil. missing
// says that a field is not there.
func ParseForm(lookup func(name string) (string, bool), missing func(name string) *refusal.Error) (*FormClaim, error) {
	for _, fields := range [][]string{formFields, formFieldsVersion2} {
		values := map[string]string{}
		lacks, signs := "", false
		for _, name := range fields {
			value, given := lookup(name)
			if !given && lacks == "" {
				lacks = name
			}
			signs = signs || given && name != "Policy"
			values[name] = value
		}
		switch {
		case !signs:
			continue
		case lacks != "":
			return nil, missing(lacks)
		}
		c := &FormClaim{policy: values["Policy"], version2: len(fields) == len(formFieldsVersion2)}
		c.token, _ = lookup("X-Amz-Security-Token")
		if c.version2 {
			c.accessKeyID, c.signature = values["AWSAccessKeyId"], values["Signature"]
			return c, nil
		}
		c.signature = values["X-Amz-Signature"]
		if refused := c.readFields(values); refused != nil {
			return nil, refused
		}
		return c, nil
	}
	return nil, nil
}

// readFields reads the fields of version 4 that have a form of their own.
func (c *FormClaim) readFields(values map[string]string) *refusal.Error {
	wrong := func(name, message string) *refusal.Error {
		return refusal.New(http.StatusBadRequest, "InvalidArgument", message,
			refusal.With("ArgumentName", name), refusal.With("ArgumentValue", values[name]))
	}
	if values["X-Amz-Algorithm"] != algorithm {
		return wrong("X-Amz-Algorithm", "X-Amz-Algorithm only supports \""+algorithm+"\"")
	}
	if reason := c.readCredential(values["X-Amz-Credential"]); reason != "" {
		return wrong("X-Amz-Credential", reason)
	}
	if c.service != "s3" {
		return wrong("X-Amz-Credential", "incorrect service \""+c.service+"\". This endpoint belongs to \"s3\".")
	}
	if _, err := time.Parse(timeFormat, values["X-Amz-Date"]); err != nil {
		return wrong("X-Amz-Date", "X-Amz-Date must be formated via ISO8601 Long format")
	}
	return nil
}

// WrongRegion is the answer to a form whose signature is for another region than the bucket's.
func (c *FormClaim) WrongRegion(right string) *refusal.Error {
	credential := c.accessKeyID + "/" + c.scope()
	return refusal.New(http.StatusBadRequest, "InvalidArgument", "the region '"+c.region+"' is wrong; expecting '"+right+"'",
		refusal.With("ArgumentName", "X-Amz-Credential"), refusal.With("ArgumentValue", credential), refusal.With("Region", right))
}

// VerifyForm checks the signature of a form against the key that lookup finds and the server's time. An error is always
// an [*refusal.Error].
func (v *Verifier) VerifyForm(c *FormClaim, lookup func(accessKeyID string) (Key, bool), now time.Time) error {
	key, found := lookup(c.accessKeyID)
	if !found {
		return errUnknownKey("s3", c.accessKeyID)
	}
	if refused := checkToken(&c.claim, key, now); refused != nil {
		return refused
	}
	var right string
	if c.version2 {
		right = SignVersion2(key.SecretAccessKey, c.policy)
	} else {
		right = sign(v.keys.get(&c.claim, key.SecretAccessKey), c.policy)
	}
	if hmac.Equal([]byte(right), []byte(c.signature)) {
		return nil
	}
	return errMismatch("s3", []refusal.Detail{
		refusal.With("AWSAccessKeyId", c.accessKeyID),
		refusal.With("StringToSign", c.policy),
		refusal.With("SignatureProvided", c.signature),
		refusal.With("StringToSignBytes", fmt.Sprintf("% x", c.policy)),
	})
}
