package buckets

import (
	"cmp"
	"net/http"
	"slices"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// setting is a sub-resource whose document is kept as it was put.
type setting struct {
	// name is what the API's operations are called after their verb, unset
	// what DELETE's is where that differs.
	name, unset string
	noDelete    bool   // S3 has none
	root        string // of the document
	getAction   string
	putAction   string                             // "" if it can't be put or deleted here
	unsetAction string                             // of DELETE, where it is not that of PUT
	missing     func(bucket string) *refusal.Error // nil: answer with an empty document
	check       func(*xmltree.Node, *store.Bucket) error
	also        func(*request.Call, *xmltree.Node) error // what is to be checked outside the bucket
	initial     func() []byte                            // what DELETE goes back to, nil for nothing
	fixed       func() []byte                            // the answer where nothing was put
	tell        func(*request.Call)                      // adds headers to what GET answers
	take        func(*request.Call) error                // keeps headers of PUT
}

// addTo adds the operations of a sub-resource.
func (s setting) addTo(all map[string]request.Operation, sub string) {
	get := request.Operation{Name: "Get" + s.name, Action: s.getAction, Serve: func(c *request.Call) error { return getSetting(c, sub, s) }}
	put := request.Operation{Name: "Put" + s.name, Action: s.putAction}
	unset := request.Operation{Name: "Delete" + cmp.Or(s.unset, s.name), Action: cmp.Or(s.unsetAction, s.putAction)}
	if s.putAction != "" {
		put.Serve = func(c *request.Call) error { return putSetting(c, sub, s) }
		unset.Serve = func(c *request.Call) error { return deleteSetting(c, sub, s) }
	}
	all["GET bucket "+sub], all["PUT bucket "+sub] = get, put
	if !s.noDelete {
		all["DELETE bucket "+sub] = unset
	}
}

func notFound(code, message string) func(string) *refusal.Error {
	return func(bucket string) *refusal.Error {
		return refusal.New(http.StatusNotFound, code, message, refusal.With("BucketName", bucket))
	}
}

// settings are the sub-resources that are plain documents. Behind some of them,
// such as websites, logs and acceleration, there is nothing here: they are kept
// since whoever sets up a bucket sets them, too.
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
		check:     checkOwnership, also: checkACLBefore,
	},
	"lifecycle": {
		name: "BucketLifecycleConfiguration", unset: "BucketLifecycle",
		root: "LifecycleConfiguration", getAction: "s3:GetLifecycleConfiguration",
		putAction: "s3:PutLifecycleConfiguration",
		missing:   notFound("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
		check:     checkLifecycle, tell: setTransitionSize, take: keepTransitionSize,
	},
	"object-lock": {
		name: "ObjectLockConfiguration", noDelete: true,
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
	"requestPayment": {
		name: "BucketRequestPayment", noDelete: true,
		root: "RequestPaymentConfiguration", getAction: "s3:GetBucketRequestPayment", putAction: "s3:PutBucketRequestPayment",
		fixed: requestPaymentDocument, check: checkRequestPayment,
	},
	"website": {
		name: "BucketWebsite",
		root: "WebsiteConfiguration", getAction: "s3:GetBucketWebsite", putAction: "s3:PutBucketWebsite", unsetAction: "s3:DeleteBucketWebsite",
		missing: notFound("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
		check:   checkWebsite,
	},
	"notification": {
		name: "BucketNotificationConfiguration", noDelete: true,
		root: "NotificationConfiguration", getAction: "s3:GetBucketNotification", putAction: "s3:PutBucketNotification",
		check: checkNotification,
	},
	"logging": {
		name: "BucketLogging", noDelete: true,
		root: "BucketLoggingStatus", getAction: "s3:GetBucketLogging", putAction: "s3:PutBucketLogging",
		check: checkLogging, also: checkLogTarget,
	},
	"accelerate": {
		name: "BucketAccelerateConfiguration", noDelete: true,
		root: "AccelerateConfiguration", getAction: "s3:GetAccelerateConfiguration", putAction: "s3:PutAccelerateConfiguration",
		check: checkAccelerate,
	},
}

func getSetting(c *request.Call, name string, s setting) error {
	doc, found := c.Bucket.Setting(name)
	switch {
	case found:
		if s.tell != nil {
			s.tell(c)
		}
		return c.Bytes("application/xml", doc)
	case s.fixed != nil:
		return c.Bytes("application/xml", s.fixed())
	case s.missing != nil:
		return s.missing(c.BucketName)
	}
	return c.Tree(xmltree.Of(s.root))
}

func putSetting(c *request.Call, name string, s setting) error {
	root, err := c.ReadXML(s.root, request.MissingBody())
	if err != nil {
		return err
	}
	if err := s.check(root, c.Bucket); err != nil {
		return err
	}
	if s.also != nil {
		if err := s.also(c, root); err != nil {
			return err
		}
	}
	if s.take != nil {
		if err := s.take(c); err != nil {
			return err
		}
	}
	c.Bucket.SetSetting(name, root.Document())
	return c.Empty(http.StatusOK)
}

func deleteSetting(c *request.Call, name string, s setting) error {
	var doc []byte
	if s.initial != nil {
		doc = s.initial()
	}
	c.Bucket.SetSetting(name, doc)
	return c.Empty(http.StatusNoContent)
}

func checkPublicAccessBlock(root *xmltree.Node, _ *store.Bucket) error {
	if !root.Only(nil, "BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets") {
		return request.MalformedXML()
	}
	for _, n := range root.Children {
		if value := root.Value(n.Name); value != "true" && value != "false" {
			return request.MalformedXML()
		}
	}
	return nil
}

func checkOwnership(root *xmltree.Node, _ *store.Bucket) error {
	value := root.Child("Rule").Value("ObjectOwnership")
	if len(root.Children) != 1 ||
		!slices.Contains([]string{Enforced, "BucketOwnerPreferred", "ObjectWriter"}, value) {
		return request.MalformedXML()
	}
	return nil
}
