package buckets

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/xmltree"
)

// checkOwnAccount refuses callers of other accounts, who can't get at a bucket's
// policy even where it grants them to (S3 API Reference, GetBucketPolicy).
func checkOwnAccount(c *request.Call) error {
	if c.Caller.Identity.AccountID == c.Bucket.Owner {
		return nil
	}
	return refusal.New(http.StatusMethodNotAllowed, "MethodNotAllowed",
		"The specified method is not allowed against this resource.",
		refusal.With("Method", c.R.Method), refusal.With("ResourceType", "BUCKETPOLICY"))
}

func getPolicy(c *request.Call) error {
	if err := checkOwnAccount(c); err != nil {
		return err
	}
	text, _ := c.Bucket.Policy()
	if text == nil {
		return noSuchPolicy(c.BucketName)
	}
	return c.Bytes("application/json", inOwnOrder(text))
}

func noSuchPolicy(bucket string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchBucketPolicy", "The bucket policy does not exist", refusal.With("BucketName", bucket))
}

// maxPolicy is how long a bucket policy may be in bytes (S3 User Guide, Bucket
// policies for Amazon S3).
const maxPolicy = 20 << 10

// putPolicy stores a bucket policy, unless it would make public a bucket that
// blocks public policies (S3 User Guide, Blocking public access).
func putPolicy(c *request.Call) error {
	if err := checkOwnAccount(c); err != nil {
		return err
	}
	text, err := c.ReadDocument()
	if err != nil {
		return err
	}
	if len(text) > maxPolicy {
		return refusal.New(http.StatusBadRequest, "PolicyTooLarge", "Policy exceeds the maximum allowed document size.")
	}
	if err := checkPolicy(text, c.Bucket.ARN()); err != nil {
		return err
	}
	parsed, err := policy.Parse(string(text), policy.Resource)
	if err != nil {
		return malformedPolicy(err.Error())
	}
	if parsed.Public() && c.Blocks("BlockPublicPolicy") {
		return request.AccessDenied("User: " + c.Caller.Identity.ARN + ` is not authorized to perform: s3:PutBucketPolicy on resource: "` +
			c.Bucket.ARN() + `" because public policies are blocked by the BlockPublicPolicy block public access setting.`)
	}
	c.Bucket.SetPolicy(text, parsed)
	return c.Empty(http.StatusNoContent)
}

func deletePolicy(c *request.Call) error {
	if err := checkOwnAccount(c); err != nil {
		return err
	}
	c.Bucket.SetPolicy(nil, nil)
	return c.Empty(http.StatusNoContent)
}

// getPolicyStatus answers whether the bucket policy makes the bucket public.
func getPolicyStatus(c *request.Call) error {
	text, parsed := c.Bucket.Policy()
	if text == nil {
		return noSuchPolicy(c.BucketName)
	}
	return c.Tree(xmltree.Of("PolicyStatus", xmltree.Leaf("IsPublic", strconv.FormatBool(parsed.Public()))))
}

func malformedPolicy(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "MalformedPolicy", message)
}

// oneOrMany is a JSON string or a list of them.
type oneOrMany []string

// UnmarshalJSON implements json.Unmarshaler.
func (o *oneOrMany) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*o = oneOrMany{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(o))
}

// checkPolicy checks a policy against what S3 asks of one for this bucket, beyond
// the grammar that all policies have, and words the refusals as S3 does.
func checkPolicy(text []byte, bucketARN string) error {
	var document struct {
		Statement json.RawMessage
	}
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return malformedPolicy("Policies must be valid JSON and the first byte must be '{'")
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return malformedPolicy("This policy contains invalid Json")
	}
	if document.Statement == nil {
		return malformedPolicy("Missing required field Statement")
	}
	type statement struct {
		Effect            string
		Action, NotAction oneOrMany
		Resource          oneOrMany
		NotResource       oneOrMany
		Principal         json.RawMessage
		NotPrincipal      json.RawMessage
	}
	var statements []statement
	if json.Unmarshal(document.Statement, &statements) != nil {
		var one statement
		if err := json.Unmarshal(document.Statement, &one); err != nil {
			return malformedPolicy("This policy contains invalid Json")
		}
		statements = []statement{one}
	}
	if len(statements) == 0 {
		return malformedPolicy("Could not parse the policy: Statement is empty!")
	}
	for _, s := range statements {
		switch {
		case s.Effect == "":
			return malformedPolicy("Missing required field Effect")
		case s.Effect != "Allow" && s.Effect != "Deny":
			return malformedPolicy("Invalid effect: " + s.Effect)
		case s.Principal == nil && s.NotPrincipal == nil:
			return malformedPolicy("Missing required field Principal")
		case len(s.Action) == 0 && len(s.NotAction) == 0:
			return malformedPolicy("Missing required field Action")
		case len(s.Resource) == 0 && len(s.NotResource) == 0:
			return malformedPolicy("Missing required field Resource")
		}
		if err := checkResources(s.Action, append(s.Resource, s.NotResource...), bucketARN); err != nil {
			return err
		}
	}
	return nil
}

// checkResources asks that all resources lie in the bucket and that each
// action can be done to one of them.
func checkResources(actions, resources []string, bucketARN string) error {
	bucket, objects := false, false
	for _, r := range resources {
		name, _, inside := strings.Cut(r, "/")
		if name != bucketARN && !policy.Covers(name, bucketARN) {
			return malformedPolicy("Policy has invalid resource")
		}
		objects = objects || inside || strings.HasSuffix(r, "*")
		bucket = bucket || !inside
	}
	for _, action := range actions {
		_, name, found := strings.Cut(action, ":")
		if !found && action != "*" {
			return malformedPolicy("Policy has invalid action")
		}
		if strings.Contains(action, "*") {
			continue
		}
		ofObject := strings.Contains(name, "Object") && !strings.Contains(name, "Bucket") ||
			name == "AbortMultipartUpload" || name == "BypassGovernanceRetention" || name == "ListMultipartUploadParts" ||
			name == "ObjectOwnerOverrideToBucketOwner" || strings.HasPrefix(name, "Replicate")
		if ofObject && !objects || !ofObject && !bucket {
			return malformedPolicy("Action does not apply to any resource(s) in statement")
		}
	}
	return nil
}
