package objects

import (
	"crypto/md5" //nolint:gosec // S3's digest of a customer's key
	"encoding/base64"
	"net/http"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

// keyHeaders are the names of the headers that bring a customer's key.
type keyHeaders struct{ algorithm, key, digest string }

// Those for the object that is written or read, and those for the source of a
// copy.
var (
	ofRequest = keyHeaders{
		"X-Amz-Server-Side-Encryption-Customer-Algorithm", "X-Amz-Server-Side-Encryption-Customer-Key",
		"X-Amz-Server-Side-Encryption-Customer-Key-Md5",
	}
	ofSource = keyHeaders{
		"X-Amz-Copy-Source-Server-Side-Encryption-Customer-Algorithm", "X-Amz-Copy-Source-Server-Side-Encryption-Customer-Key",
		"X-Amz-Copy-Source-Server-Side-Encryption-Customer-Key-Md5",
	}
)

// readCustomerKey returns the MD5 of the key that a request brings with it in
// base64, "" if it brings none (S3 User Guide, Using server-side encryption
// with customer-provided keys). S3 wants such requests over TLS, which the
// sandbox doesn't have; it takes them without.
func readCustomerKey(h http.Header, names keyHeaders) (string, error) {
	algorithm, key, digest := h.Get(names.algorithm), h.Get(names.key), h.Get(names.digest)
	refuse := func(message string) error { return request.InvalidArgument(message, sseName, "null") }
	const must = "Requests specifying Server Side Encryption with Customer provided keys must provide "
	switch {
	case algorithm == "" && key == "" && digest == "":
		return "", nil
	case algorithm == "":
		return "", refuse(must + "a valid encryption algorithm.")
	case algorithm != "AES256":
		return "", refusal.New(http.StatusBadRequest, "InvalidEncryptionAlgorithmError",
			"The Encryption request you specified is not valid. Supported value: AES256.",
			refusal.With("ArgumentName", sseName), refusal.With("ArgumentValue", algorithm))
	case key == "":
		return "", refuse(must + "an appropriate secret key.")
	case digest == "":
		return "", refuse(must + "the client calculated MD5 of the secret key.")
	}
	raw, err := base64.StdEncoding.DecodeString(key)
	if err != nil || len(raw) != 32 {
		return "", refuse("The secret key was invalid for the specified algorithm.")
	}
	sum := md5.Sum(raw) //nolint:gosec // S3's digest of a customer's key
	if base64.StdEncoding.EncodeToString(sum[:]) != digest {
		return "", refuse("The calculated MD5 hash of the key did not match the hash that was provided.")
	}
	return digest, nil
}

// checkCustomerKey checks the key that a request brings against the one that the
// object was written with.
func checkCustomerKey(h http.Header, names keyHeaders, e store.Encryption) error {
	given, err := readCustomerKey(h, names)
	switch {
	case err != nil:
		return err
	case given == e.CustomerKeyMD5:
		return nil
	case e.CustomerKeyMD5 == "":
		return request.InvalidRequest("The encryption parameters are not applicable to this object.")
	case given == "":
		return request.InvalidRequest("The object was stored using a form of Server Side Encryption. The correct parameters must be " +
			"provided to retrieve the object.")
	}
	return request.AccessDenied("Requests specifying Server Side Encryption with Customer provided keys must provide the correct " +
		"secret key.")
}

// CheckPartKey checks the key that a part brings against the one that its upload was
// begun with.
func CheckPartKey(c *request.Call, u *store.Upload) error {
	given, err := readCustomerKey(c.R.Header, ofRequest)
	switch begun := u.Draft.Encryption.CustomerKeyMD5; {
	case err != nil:
		return err
	case given == begun:
		return nil
	case begun == "":
		return request.InvalidRequest("The multipart upload initiate did not request encryption. Please resend the request without " +
			"sending encryption parameters.")
	case given == "":
		return request.InvalidRequest("The multipart upload initiate requested encryption. Subsequent part requests must include the " +
			"appropriate encryption parameters.")
	}
	return request.InvalidRequest("The provided encryption parameters did not match the ones used originally.")
}
