// Package request is one request to S3 on its way: who sends it, what it is
// about, whether it may, and how it is answered.
package request

import (
	"io"
	"net/http"
	"net/url"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/inventory"
	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/notify"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/s3/form"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// Backend is what the operations of S3 work on.
type Backend struct {
	Store     *store.Store
	Engine    *replicate.Engine
	Directory *iam.Accounts
	Keys      *kms.Registry
	// Quota is how many buckets an account may have.
	Quota int
	// Scale is how many times as fast as simulated archives answer.
	Scale float64
	// Inventory delivers the lists that buckets are configured for.
	Inventory *inventory.Deliverer
	// Notices takes in what buckets notify of; nil takes nothing.
	Notices *notify.Log
	// Damaged, if set, is told of each read of a version whose bytes changed
	// on disk.
	Damaged func(bucket, key, versionID string)
}

// Caller is who sent a request, as its signature says.
type Caller struct {
	Identity iam.Principal
	// Region is that of the credential scope.
	Region string
	// Body yields the decoded body and checks it; Length is its size in
	// bytes, -1 if not declared.
	Body   *sigv4.Body
	Length int64
	// Version2 says that the signature is of version 2.
	Version2 bool
	// Form is the form that the object came in, nil if it came in none.
	Form *form.Form
}

// Call is one request on its way.
type Call struct {
	Backend    *Backend
	W          http.ResponseWriter
	R          *http.Request
	Query      url.Values
	Caller     Caller
	BucketName string
	Key        string
	Bucket     *store.Bucket // nil at the service level and for CreateBucket

	document *document // the body as it was read, nil before
}

type document struct {
	text []byte
	err  error
}

// maxDocument bounds the documents that clients send, in bytes: a replication
// configuration may be 2 MB long (S3 API Reference, PutBucketReplication).
const maxDocument = 2 << 20

// ReadDocument returns the whole body of a request for a sub-resource.
func (c *Call) ReadDocument() ([]byte, error) {
	if c.document == nil {
		text, err := c.readDocument()
		c.document = &document{text, err}
	}
	return c.document.text, c.document.err
}

func (c *Call) readDocument() ([]byte, error) {
	doc, err := io.ReadAll(io.LimitReader(c.Caller.Body, maxDocument+1))
	if err != nil {
		return nil, err
	}
	if len(doc) > maxDocument {
		return nil, refusal.New(http.StatusBadRequest, "MaxMessageLengthExceeded", "Your request was too big")
	}
	return doc, nil
}

// ReadXML reads the body as a document with that root; ifEmpty refuses a body
// without a byte.
func (c *Call) ReadXML(root string, ifEmpty *refusal.Error) (*xmltree.Node, error) {
	doc, err := c.ReadDocument()
	switch {
	case err != nil:
		return nil, err
	case len(doc) == 0:
		return nil, ifEmpty
	}
	tree, err := xmltree.Parse(doc)
	if err != nil || tree.Name != root {
		return nil, MalformedXML()
	}
	return tree, nil
}

// Operation is one S3 operation.
type Operation struct {
	// name is that of the API, as the SDKs and faults call it.
	Name string
	// action is the permission that the caller needs on the bucket or object;
	// "" where the operation asks by itself.
	Action string
	// versionAction is asked for instead where a version id is given.
	VersionAction string
	// makesBucket says that the bucket need not be there.
	MakesBucket bool
	// says returns what the body says to the conditions of policies, nil where
	// it says nothing or can't be read, which the operation then refuses.
	Says func(*Call) map[string]string
	// serve is nil for what S3 has and the sandbox does not.
	Serve func(*Call) error
}
