package s3

import (
	"net/http"

	"bothways/aws/sandbox/refusal"
)

// authorize asks for the permission that the operation is listed with.
func (c *call) authorize(o operation) error {
	if o.action == "" {
		return nil
	}
	action, resource := o.action, "*"
	switch {
	case c.bucket != nil && c.key != "":
		resource = c.bucket.ObjectARN(c.key)
		if o.versionAction != "" && c.query.Has("versionId") {
			action = o.versionAction
		}
	case c.bucket != nil:
		resource = c.bucket.ARN()
	case c.bucketName != "":
		resource = "arn:aws:s3:::" + c.bucketName
	}
	return c.allowed(action, resource, nil)
}

// allowed refuses with AccessDenied and the reason in AWS's words, unless the
// caller's policies together with the bucket's policy allow the action.
func (c *call) allowed(action, resource string, conditions map[string]string) error {
	conditions = c.conditionKeys(conditions)
	if c.bucket == nil {
		decision := c.api.Directory.Authorize(c.caller.Identity, action, resource, conditions)
		if decision.Allow {
			return nil
		}
		return accessDenied(decision.Reason)
	}
	_, bucketPolicy := c.bucket.Policy()
	if c.restricted(bucketPolicy) {
		return accessDenied("")
	}
	decision := c.api.Directory.AuthorizeResource(c.caller.Identity, action, resource, conditions, bucketPolicy, c.bucket.Owner)
	if decision.Allow {
		return nil
	}
	if c.anonymous() {
		return accessDenied("")
	}
	return accessDenied(decision.Reason)
}

// absent answers for an object that is not there: who may not list the bucket
// is not told so (S3 API Reference, HeadObject: 403 instead of 404).
func (c *call) absent(missing *refusal.Error) error {
	if err := c.allowed("s3:ListBucket", c.bucket.ARN(), nil); err != nil && missing.Status == http.StatusNotFound {
		return err
	}
	return missing
}
