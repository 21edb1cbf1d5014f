package s3

import (
	"cmp"
	"net/http"
	"slices"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// setting is a sub-resource whose document is kept as it was put.
type setting struct {
	// name is what the API's operations are called after their verb, unset
	// what DELETE's is where that differs; "-" if S3 has no DELETE.
	name, unset string
	root        string // of the document
	getAction   string
	putAction   string                             // "" if it can't be put or deleted here
	missing     func(bucket string) *refusal.Error // nil: answer with an empty document
	check       func(*xmltree.Node, *store.Bucket) error
	initial     func() []byte     // what DELETE goes back to, nil for nothing
	fixed       func() []byte     // the answer where nothing can be put
	tell        func(*call)       // adds headers to what GET answers
	take        func(*call) error // keeps headers of PUT
}

// addOperations adds the operations of a sub-resource to those of S3.
func (s setting) addOperations(sub string) {
	get := operation{name: "Get" + s.name, action: s.getAction, serve: func(c *call) error { return c.getSetting(sub, s) }}
	put := operation{name: "Put" + s.name, action: s.putAction}
	unset := operation{name: "Delete" + cmp.Or(s.unset, s.name), action: s.putAction}
	if s.putAction != "" {
		put.serve = func(c *call) error { return c.putSetting(sub, s) }
		unset.serve = func(c *call) error { return c.deleteSetting(sub, s) }
	}
	operations["GET bucket "+sub], operations["PUT bucket "+sub] = get, put
	if s.unset != "-" {
		operations["DELETE bucket "+sub] = unset
	}
}

func notFound(code, message string) func(string) *refusal.Error {
	return func(bucket string) *refusal.Error {
		return refusal.New(http.StatusNotFound, code, message, refusal.With("BucketName", bucket))
	}
}

// settings are the sub-resources that are plain documents. Those that can't
// be put would need behaviour behind them (deliver events, write logs) that
// the sandbox does not have.
var settings = map[string]setting{
	"publicAccessBlock": {
		name: "PublicAccessBlock",
		root: "PublicAccessBlockConfiguration", getAction: "s3:GetBucketPublicAccessBlock",
		putAction: "s3:PutBucketPublicAccessBlock",
		missing:   notFound("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"),
		check:     checkPublicAccessBlock,
	},
	"encryption": {
		name: "BucketEncryption",
		root: "ServerSideEncryptionConfiguration", getAction: "s3:GetEncryptionConfiguration",
		putAction: "s3:PutEncryptionConfiguration",
		missing:   notFound("ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found"),
		check:     checkEncryption, initial: encryptionDocument,
	},
	"ownershipControls": {
		name: "BucketOwnershipControls",
		root: "OwnershipControls", getAction: "s3:GetBucketOwnershipControls",
		putAction: "s3:PutBucketOwnershipControls",
		missing:   notFound("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"),
		check:     checkOwnership,
	},
	"lifecycle": {
		name: "BucketLifecycleConfiguration", unset: "BucketLifecycle",
		root: "LifecycleConfiguration", getAction: "s3:GetLifecycleConfiguration",
		putAction: "s3:PutLifecycleConfiguration",
		missing:   notFound("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
		check:     checkLifecycle, tell: (*call).setTransitionSize, take: (*call).keepTransitionSize,
	},
	"object-lock": {
		name: "ObjectLockConfiguration", unset: "-",
		root: "ObjectLockConfiguration", getAction: "s3:GetBucketObjectLockConfiguration",
		putAction: "s3:PutBucketObjectLockConfiguration",
		missing: notFound("ObjectLockConfigurationNotFoundError",
			"Object Lock configuration does not exist for this bucket"),
		check: checkObjectLock,
	},
	"cors": {
		name: "BucketCors",
		root: "CORSConfiguration", getAction: "s3:GetBucketCORS", putAction: "s3:PutBucketCORS",
		missing: notFound("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
		check:   checkCORS,
	},
	"requestPayment": {name: "BucketRequestPayment", unset: "-", getAction: "s3:GetBucketRequestPayment", fixed: requestPaymentDocument},
	"website": {
		name:      "BucketWebsite",
		getAction: "s3:GetBucketWebsite",
		missing:   notFound("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
	},
	"notification": {name: "BucketNotificationConfiguration", unset: "-", root: "NotificationConfiguration", getAction: "s3:GetBucketNotification"},
	"logging":      {name: "BucketLogging", unset: "-", root: "BucketLoggingStatus", getAction: "s3:GetBucketLogging"},
	"accelerate":   {name: "BucketAccelerateConfiguration", unset: "-", root: "AccelerateConfiguration", getAction: "s3:GetAccelerateConfiguration"},
}

func (c *call) getSetting(name string, s setting) error {
	doc, found := c.bucket.Setting(name)
	switch {
	case found:
		if s.tell != nil {
			s.tell(c)
		}
		return c.bytes("application/xml", doc)
	case s.fixed != nil:
		return c.bytes("application/xml", s.fixed())
	case s.missing != nil:
		return s.missing(c.bucketName)
	}
	return c.bytes("application/xml", (&xmltree.Node{Name: s.root}).Document())
}

func (c *call) putSetting(name string, s setting) error {
	doc, err := c.readDocument()
	if err != nil {
		return err
	}
	if len(doc) == 0 {
		return refusal.New(http.StatusBadRequest, "MissingRequestBodyError", "Request Body is empty")
	}
	root, err := xmltree.Parse(doc)
	if err != nil || root.Name != s.root {
		return malformedXML()
	}
	if err := s.check(root, c.bucket); err != nil {
		return err
	}
	if s.take != nil {
		if err := s.take(c); err != nil {
			return err
		}
	}
	c.bucket.SetSetting(name, root.Document())
	return c.empty(http.StatusOK)
}

func (c *call) deleteSetting(name string, s setting) error {
	var doc []byte
	if s.initial != nil {
		doc = s.initial()
	}
	c.bucket.SetSetting(name, doc)
	return c.empty(http.StatusNoContent)
}

func checkPublicAccessBlock(root *xmltree.Node, _ *store.Bucket) error {
	if !root.Only(nil, "BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets") {
		return malformedXML()
	}
	for _, n := range root.Children {
		if value := root.Value(n.Name); value != "true" && value != "false" {
			return malformedXML()
		}
	}
	return nil
}

func checkEncryption(root *xmltree.Node, b *store.Bucket) error {
	rule := root.Child("Rule")
	if rule == nil || len(root.Children) != 1 ||
		!rule.Only(nil, "ApplyServerSideEncryptionByDefault", "BucketKeyEnabled", "BlockedEncryptionTypes") {
		return malformedXML()
	}
	if err := checkBlocked(rule, b); err != nil {
		return err
	}
	by := rule.Child("ApplyServerSideEncryptionByDefault")
	if by == nil {
		return nil
	}
	algorithm := by.Value("SSEAlgorithm")
	if !slices.Contains([]string{"AES256", "aws:kms", "aws:kms:dsse"}, algorithm) {
		return malformedXML()
	}
	if algorithm == "AES256" && by.Child("KMSMasterKeyID") != nil {
		return invalidArgument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse", "", "")
	}
	return nil
}

// checkBlocked reads which encryption the bucket is to refuse. Where nothing is
// said, it stays as it is: SSE-C has to be allowed deliberately.
func checkBlocked(rule *xmltree.Node, b *store.Bucket) error {
	blocked := rule.Child("BlockedEncryptionTypes")
	if blocked == nil {
		kind := "NONE"
		if b.BlocksCustomerKeys() {
			kind = "SSE-C"
		}
		rule.Children = append(rule.Children, blockedEncryption(kind))
		return nil
	}
	kind := blocked.Value("EncryptionType")
	if len(blocked.Children) != 1 || kind != "NONE" && kind != "SSE-C" {
		return malformedXML()
	}
	return nil
}

func checkOwnership(root *xmltree.Node, _ *store.Bucket) error {
	value := root.Child("Rule").Value("ObjectOwnership")
	if len(root.Children) != 1 ||
		!slices.Contains([]string{"BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"}, value) {
		return malformedXML()
	}
	return nil
}

func checkObjectLock(root *xmltree.Node, b *store.Bucket) error {
	if root.Value("ObjectLockEnabled") != "Enabled" || !root.Only(nil, "ObjectLockEnabled", "Rule") {
		return malformedXML()
	}
	if rule := root.Child("Rule"); rule != nil {
		if !rule.Only(nil, "DefaultRetention") || len(rule.Children) != 1 {
			return malformedXML()
		}
		if _, err := readRetention(rule.Child("DefaultRetention")); err != nil {
			return err
		}
	}
	if b.Versioning() != store.Enabled {
		return refusal.New(http.StatusConflict, "InvalidBucketState",
			"Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
	}
	return nil
}
