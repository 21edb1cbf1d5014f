package objects

import (
	"net/http"
	"strings"

	"bothways/aws/sandbox/kms"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// findKey finds the key that a request names, or the bucket by default: a key of
// the caller's account where it is named by its id or an alias, the bucket's own
// managed key where it is not named at all.
func findKey(c *request.Call, b *store.Bucket, e store.Encryption) (kms.Key, error) {
	account := c.Caller.Identity.AccountID
	if kms.IsManaged(e.KMSKeyID) {
		account = b.Owner
	}
	key, found := c.Backend.Keys.Find(e.KMSKeyID, b.Region, account)
	switch {
	case !found:
		return key, refusal.New(http.StatusBadRequest, "KMS.NotFoundException", "Key '"+e.KMSKeyID+"' does not exist")
	case key.State == kms.PendingDeletion:
		return key, refusal.New(http.StatusBadRequest, "KMS.KMSInvalidStateException", key.ARN+" is pending deletion.")
	case !key.Usable():
		return key, refusal.New(http.StatusBadRequest, "KMS.DisabledException", key.ARN+" is disabled.")
	}
	return key, nil
}

// checkKey refuses to encrypt under a key that is not there, can't be used, or
// not by the caller. A key that is named by its id or an alias is kept by its ARN.
func checkKey(c *request.Call, e *store.Encryption) error {
	if !e.IsKMS() || c.Backend.Keys == nil {
		return nil
	}
	key, err := findKey(c, c.Bucket, *e)
	if err != nil {
		return err
	}
	if !kms.IsManaged(e.KMSKeyID) {
		e.KMSKeyID = key.ARN
	}
	return mayUse(c, "kms:GenerateDataKey", key, c.Bucket, c.Key, *e)
}

// mayDecrypt asks whether the caller may use the key that an object of a bucket
// is under.
func mayDecrypt(c *request.Call, b *store.Bucket, objectKey string, e store.Encryption) error {
	if !e.IsKMS() || c.Backend.Keys == nil {
		return nil
	}
	key, err := findKey(c, b, e)
	if err != nil {
		return err
	}
	return mayUse(c, "kms:Decrypt", key, b, objectKey, e)
}

// CheckPartsKey asks whether the caller may decrypt what is under the key that an
// upload was begun with: S3 reads the parts to join them (S3 User Guide,
// "Uploading and copying objects using multipart upload": permissions).
func CheckPartsKey(c *request.Call, u *store.Upload) error {
	return mayDecrypt(c, c.Bucket, u.Key, u.Draft.Encryption)
}

// mayUse asks KMS as S3 does, on behalf of who sent the request. With a bucket
// key the encryption context is the bucket, else the object (S3 User Guide,
// "Using server-side encryption with AWS KMS keys").
func mayUse(c *request.Call, action string, key kms.Key, b *store.Bucket, objectKey string, e store.Encryption) error {
	context := b.ObjectARN(objectKey)
	if e.BucketKey {
		context = b.ARN()
	}
	who := c.Caller.Identity
	conditions := kms.Through(b.Region, who.AccountID, context)
	conditions["aws:ViaAWSService"], conditions["aws:ResourceAccount"] = "true", kms.Account(key.ARN)
	decision := c.Backend.Directory.AuthorizeResource(who, action, key.ARN, conditions, key.Policy, kms.Account(key.ARN))
	if decision.Allow {
		return nil
	}
	return request.AccessDenied(decision.Reason)
}

// checkDecrypts asks for the key of an object that is to be read: for its bytes
// and for its checksum, not for its headers (S3 API Reference, GetObject and
// HeadObject).
func checkDecrypts(c *request.Call, v *store.Version) error {
	if c.R.Method == http.MethodHead && !strings.EqualFold(c.R.Header.Get("X-Amz-Checksum-Mode"), "ENABLED") {
		return nil
	}
	return mayDecrypt(c, c.Bucket, v.Key, v.Encryption)
}
