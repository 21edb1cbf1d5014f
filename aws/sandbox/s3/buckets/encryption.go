package buckets

import (
	"bytes"
	"slices"

	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

func encryptionDocument() []byte {
	return xmltree.Of("ServerSideEncryptionConfiguration", xmltree.Of("Rule",
		xmltree.Of("ApplyServerSideEncryptionByDefault", xmltree.Leaf("SSEAlgorithm", "AES256")),
		blockedEncryption("SSE-C"), xmltree.Leaf("BucketKeyEnabled", "false"))).Document()
}

// blockedEncryption names a kind of encryption that a bucket refuses, or NONE.
func blockedEncryption(kind string) *xmltree.Node {
	return xmltree.Of("BlockedEncryptionTypes", xmltree.Leaf("EncryptionType", kind))
}

// initialEncryption is the document of buckets whose encryption nobody changed:
// most writes need not read it.
var initialEncryption = encryptionDocument()

// DefaultEncryption is that of the bucket.
func DefaultEncryption(c *request.Call) (store.Encryption, error) {
	e := store.Encryption{Algorithm: "AES256"}
	doc, found := c.Bucket.Setting("encryption")
	if !found || bytes.Equal(doc, initialEncryption) {
		return e, nil
	}
	root, err := xmltree.Parse(doc)
	if err != nil {
		return e, err
	}
	rule := root.Child("Rule")
	by := rule.Child("ApplyServerSideEncryptionByDefault")
	if algorithm := by.Value("SSEAlgorithm"); algorithm != "" {
		e.Algorithm, e.KMSKeyID = algorithm, by.Value("KMSMasterKeyID")
	}
	e.BucketKey = rule.Value("BucketKeyEnabled") == "true" && e.Algorithm != "AES256"
	return e, nil
}

func checkEncryption(root *xmltree.Node, b *store.Bucket) error {
	rule := root.Child("Rule")
	if rule == nil || len(root.Children) != 1 ||
		!rule.Only(nil, "ApplyServerSideEncryptionByDefault", "BucketKeyEnabled", "BlockedEncryptionTypes") {
		return request.MalformedXML()
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
		return request.MalformedXML()
	}
	if algorithm == "AES256" && by.Child("KMSMasterKeyID") != nil {
		return request.InvalidArgument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse", "", "")
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
		return request.MalformedXML()
	}
	return nil
}
