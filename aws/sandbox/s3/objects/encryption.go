package objects

import (
	"crypto/md5" //nolint:gosec // S3's ETag
	"crypto/rand"

	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/s3/buckets"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// encryption is what the headers ask for, else the bucket's default.
func encryption(c *request.Call) (store.Encryption, error) {
	h := c.R.Header
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
		return e, request.InvalidArgument("Server Side Encryption with Customer provided key is incompatible with the encryption "+
			"method specified", sseName, e.Algorithm)
	case customerKey != "" && c.Bucket.BlocksCustomerKeys():
		return e, request.AccessDenied("")
	case customerKey != "":
		return store.Encryption{CustomerKeyMD5: customerKey}, nil
	case e.KMSKeyID != "" && !e.IsKMS():
		return e, request.InvalidArgument("Server Side Encryption with AWS KMS managed key requires HTTP header "+
			"x-amz-server-side-encryption : aws:kms", sseName, e.Algorithm)
	case e.Algorithm == "":
		if e, err = buckets.DefaultEncryption(c); err != nil {
			return e, err
		}
	case e.Algorithm != "AES256" && !e.IsKMS():
		return e, request.InvalidArgument("The encryption method specified is not supported", sseName, e.Algorithm)
	}
	if e.IsKMS() && (c.Caller.Version2 || c.Anonymous()) {
		return e, request.InvalidArgument("Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature "+
			"Version 4.", "Authorization", "null")
	}
	return e, nil
}

const (
	sseHeader    = "X-Amz-Server-Side-Encryption"
	sseKeyHeader = "X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id"
	sseName      = "x-amz-server-side-encryption" // as errors tell it
)

// SetEncryption sends how a version is encrypted.
func SetEncryption(c *request.Call, v *store.Version) {
	e := v.Encryption
	if e.CustomerKeyMD5 != "" {
		c.Set(ofRequest.algorithm, "AES256")
		c.Set(ofRequest.digest, e.CustomerKeyMD5)
		return
	}
	c.Set(sseHeader, e.Algorithm)
	if e.IsKMS() {
		c.Set(sseKeyHeader, kms.ARN(e.KMSKeyID, c.Bucket.Region, c.Bucket.Owner))
	}
	if e.BucketKey {
		c.Set("X-Amz-Server-Side-Encryption-Bucket-Key-Enabled", "true")
	}
}

// checkReadable refuses to read a version with another key than the one it was
// written with, and headers that only writes have.
func checkReadable(c *request.Call, v *store.Version) error {
	if c.R.Header.Get(sseHeader) != "" || c.R.Header.Get(sseKeyHeader) != "" {
		return request.InvalidArgument("x-amz-server-side-encryption header is not supported for this operation.",
			sseName, c.R.Header.Get(sseHeader))
	}
	return checkCustomerKey(c.R.Header, ofRequest, v.Encryption)
}

// ETagBytes makes an ETag of the MD5 of the plain bytes: where the key is not
// S3's own, the ETag says nothing of the bytes (S3 API Reference, Object).
func ETagBytes(plain []byte, e store.Encryption) []byte {
	if !e.IsKMS() && e.CustomerKeyMD5 == "" {
		return plain
	}
	var nonce [16]byte
	_, _ = rand.Read(nonce[:])                 // never fails
	sum := md5.Sum(append(nonce[:], plain...)) //nolint:gosec // S3's ETag
	return sum[:]
}
