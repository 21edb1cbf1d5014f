package request

import (
	"bytes"
	"net/http"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
)

// Anonymous says whether nobody signed the request.
func (c *Call) Anonymous() bool { return c.Caller.Identity.Kind == policy.Anonymous }

// restricted says whether the bucket's public policy is cut down to the
// bucket's own account (S3 User Guide, Blocking public access:
// RestrictPublicBuckets).
func (c *Call) restricted(p *policy.Document) bool {
	who := c.Caller.Identity
	return who.Kind != policy.Service && who.AccountID != c.Bucket.Owner && p.Public() && c.Blocks("RestrictPublicBuckets")
}

// Authorize asks for the permission that the operation is listed with.
func (c *Call) Authorize(o Operation) error {
	if o.Action == "" {
		return nil
	}
	action, resource := o.Action, "*"
	switch {
	case c.Bucket != nil && c.Key != "":
		resource = c.Bucket.ObjectARN(c.Key)
		if o.VersionAction != "" && c.Query.Has("versionId") {
			action = o.VersionAction
		}
	case c.Bucket != nil:
		resource = c.Bucket.ARN()
	case c.BucketName != "":
		resource = "arn:aws:s3:::" + c.BucketName
	}
	var said map[string]string
	if o.Says != nil {
		said = o.Says(c)
	}
	return c.Allowed(action, resource, said)
}

// Allowed refuses with AccessDenied and the reason in AWS's words, unless the
// caller's policies together with the bucket's policy allow the action.
func (c *Call) Allowed(action, resource string, conditions map[string]string) error {
	conditions = c.conditionKeys(action, conditions)
	if c.Bucket == nil {
		decision := c.Backend.Directory.Authorize(c.Caller.Identity, action, resource, conditions)
		if decision.Allow {
			return nil
		}
		return AccessDenied(decision.Reason)
	}
	_, bucketPolicy := c.Bucket.Policy()
	if c.restricted(bucketPolicy) {
		return AccessDenied("")
	}
	decision := c.Backend.Directory.AuthorizeResource(c.Caller.Identity, action, resource, conditions, bucketPolicy, c.Bucket.Owner)
	if decision.Allow {
		return nil
	}
	if !decision.Explicit && c.granted(action) &&
		(c.Anonymous() || c.Backend.Directory.Authorize(c.Caller.Identity, action, resource, conditions).Allow) {
		return nil
	}
	if c.Anonymous() {
		return AccessDenied("")
	}
	return AccessDenied(decision.Reason)
}

// Absent answers for an object that is not there: who may not list the bucket
// is not told so (S3 API Reference, HeadObject: 403 instead of 404).
func (c *Call) Absent(missing *refusal.Error) error {
	if err := c.Allowed("s3:ListBucket", c.Bucket.ARN(), nil); err != nil && missing.Status == http.StatusNotFound {
		return err
	}
	return missing
}

// Blocks says whether a setting of the bucket's public access block is on.
func (c *Call) Blocks(setting string) bool {
	doc, found := c.Bucket.Setting("publicAccessBlock")
	return found && bytes.Contains(doc, []byte("<"+setting+">true<"))
}
