package s3

import (
	"bytes"
	"crypto/md5" //nolint:gosec // S3's ETag
	"crypto/rand"
	"net/http"

	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// encryption is what the headers ask for, else the bucket's default.
func (c *call) encryption() (store.Encryption, error) {
	h := c.r.Header
	e := store.Encryption{
		Algorithm: h.Get(sseHeader),
		KMSKeyID:  h.Get(sseKeyHeader),
		BucketKey: h.Get("X-Amz-Server-Side-Encryption-Bucket-Key-Enabled") == "true",
	}
	customerKey, err := readCustomerKey(h, ofRequest)
	switch {
	case err != nil:
		return e, err
	case customerKey != "" && e.Algorithm != "":
		return e, invalidArgument("Server Side Encryption with Customer provided key is incompatible with the encryption "+
			"method specified", sseName, e.Algorithm)
	case customerKey != "" && c.bucket.BlocksCustomerKeys():
		return e, accessDenied("")
	case customerKey != "":
		return store.Encryption{CustomerKeyMD5: customerKey}, nil
	case e.KMSKeyID != "" && !isKMS(e):
		return e, invalidArgument("Server Side Encryption with AWS KMS managed key requires HTTP header "+
			"x-amz-server-side-encryption : aws:kms", sseName, e.Algorithm)
	case e.Algorithm == "":
		if e, err = c.defaultEncryption(); err != nil {
			return e, err
		}
	case e.Algorithm != "AES256" && !isKMS(e):
		return e, invalidArgument("The encryption method specified is not supported", sseName, e.Algorithm)
	}
	if isKMS(e) && (c.caller.Version2 || c.anonymous()) {
		return e, invalidArgument("Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature "+
			"Version 4.", "Authorization", "null")
	}
	return e, nil
}

const (
	sseHeader    = "X-Amz-Server-Side-Encryption"
	sseKeyHeader = "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"
	sseName      = "x-amz-server-side-encryption" // as errors tell it
)

func isKMS(e store.Encryption) bool { return e.Algorithm == "aws:kms" || e.Algorithm == "aws:kms:dsse" }

// initialEncryption is the document of buckets whose encryption nobody changed:
// most writes need not read it.
var initialEncryption = encryptionDocument()

// defaultEncryption is that of the bucket.
func (c *call) defaultEncryption() (store.Encryption, error) {
	e := store.Encryption{Algorithm: "AES256"}
	doc, found := c.bucket.Setting("encryption")
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

// setEncryption tells how a version is encrypted.
func (c *call) setEncryption(v *store.Version) {
	e := v.Encryption
	if e.CustomerKeyMD5 != "" {
		c.set(ofRequest.algorithm, "AES256")
		c.set(ofRequest.digest, e.CustomerKeyMD5)
		return
	}
	c.set(sseHeader, e.Algorithm)
	if isKMS(e) {
		c.set(sseKeyHeader, kms.ARN(e.KMSKeyID, c.bucket.Region, c.bucket.Owner))
	}
	if e.BucketKey {
		c.set("X-Amz-Server-Side-Encryption-Bucket-Key-Enabled", "true")
	}
}

// checkKey refuses to encrypt under a key that is not there or can't be used.
func (c *call) checkKey(e store.Encryption) error {
	if !isKMS(e) || c.api.Keys == nil {
		return nil
	}
	key, found := c.api.Keys.Find(e.KMSKeyID, c.bucket.Region, c.caller.Identity.AccountID)
	switch {
	case !found:
		return refusal.New(http.StatusBadRequest, "KMS.NotFoundException", "Key '"+e.KMSKeyID+"' does not exist")
	case !key.Usable():
		return refusal.New(http.StatusBadRequest, "KMS.DisabledException", key.ARN+" is disabled.")
	}
	return nil
}

// checkReadable refuses to read a version with another key than the one it was
// written with, and headers that only writes have.
func (c *call) checkReadable(v *store.Version) error {
	if c.r.Header.Get(sseHeader) != "" || c.r.Header.Get(sseKeyHeader) != "" {
		return invalidArgument("x-amz-server-side-encryption header is not supported for this operation.",
			sseName, c.r.Header.Get(sseHeader))
	}
	return checkCustomerKey(c.r.Header, ofRequest, v.Encryption)
}

// etagBytes makes an ETag of the MD5 of the plain bytes: where the key is not
// S3's own, the ETag says nothing of the bytes (S3 API Reference, Object).
func etagBytes(plain []byte, e store.Encryption) []byte {
	if !isKMS(e) && e.CustomerKeyMD5 == "" {
		return plain
	}
	var nonce [16]byte
	_, _ = rand.Read(nonce[:])                 // never fails
	sum := md5.Sum(append(nonce[:], plain...)) //nolint:gosec // S3's ETag
	return sum[:]
}
