package request

import (
	"errors"
	"net/http"
	"strconv"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
)

// Explained adds what NotImplemented says of a condition.
func Explained(e *refusal.Error, message string) *refusal.Error {
	e.Details = append(e.Details, refusal.With("additionalMessage", message))
	return e
}

// InvalidArgument refuses the value of an argument; "" names none.
func InvalidArgument(message, name, value string) *refusal.Error {
	f := refusal.New(http.StatusBadRequest, "InvalidArgument", message)
	if name != "" {
		f.Details = append(f.Details, refusal.With("ArgumentName", name), refusal.With("ArgumentValue", value))
	}
	return f
}

// InvalidRequest refuses a request as a whole.
func InvalidRequest(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidRequest", message)
}

// MalformedXML refuses a document that is not of its schema.
func MalformedXML() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "MalformedXML",
		"The XML you provided was not well-formed or did not validate against our published schema")
}

// MissingBody refuses a request without a body.
func MissingBody() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "MissingRequestBodyError", "Request Body is empty")
}

// NoSuchBucket says that a bucket is not there.
func NoSuchBucket(name string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist", refusal.With("BucketName", name))
}

// NoSuchKey says that an object is not there.
func NoSuchKey(key string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.", refusal.With("Key", key))
}

// NoSuchVersion says that a version of an object is not there.
func NoSuchVersion(key, id string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchVersion", "The specified version does not exist.",
		refusal.With("Key", key), refusal.With("VersionId", id))
}

func noSuchUpload(id string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchUpload",
		"The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
		refusal.With("UploadId", id))
}

// NotImplemented refuses what a header or parameter asks for.
func NotImplemented(header string) *refusal.Error {
	return refusal.New(http.StatusNotImplemented, "NotImplemented",
		"A header you provided implies functionality that is not implemented", refusal.With("Header", header))
}

// AccessDenied refuses for want of a right; "" gives no reason.
func AccessDenied(message string) *refusal.Error {
	if message == "" {
		message = "Access Denied"
	}
	return refusal.New(http.StatusForbidden, "AccessDenied", message)
}

// PreconditionFailed says which condition did not hold.
func PreconditionFailed(condition string) *refusal.Error {
	return refusal.New(http.StatusPreconditionFailed, "PreconditionFailed",
		"At least one of the pre-conditions you specified did not hold", refusal.With("Condition", condition))
}

// RefusalOf finds the answer to an error.
func RefusalOf(err error, c *Call) *refusal.Error {
	var e *refusal.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, store.ErrNameBusy):
		return refusal.New(http.StatusConflict, "OperationAborted",
			"A conflicting conditional operation is currently in progress against this resource. Please try again.")
	case errors.Is(err, store.ErrNoSuchBucket):
		return NoSuchBucket(c.BucketName)
	case errors.Is(err, store.ErrNoSuchKey):
		return NoSuchKey(c.Key)
	case errors.Is(err, store.ErrNoSuchVersion):
		return NoSuchVersion(c.Key, c.Query.Get("versionId"))
	case errors.Is(err, store.ErrNoSuchUpload):
		return noSuchUpload(c.Query.Get("uploadId"))
	}
	return refusal.New(http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.")
}

// MaxKey is the length of the longest key in bytes (S3 User Guide, Naming
// Amazon S3 objects).
const MaxKey = 1024

// KeyTooLong refuses a key of that many bytes, which are more than MaxKey.
func KeyTooLong(size int) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "KeyTooLongError", "Your key is too long",
		refusal.With("Size", strconv.Itoa(size)), refusal.With("MaxSizeAllowed", strconv.Itoa(MaxKey)))
}

// InvalidURI refuses a path that is not UTF-8, which every key is (S3 User
// Guide, Naming Amazon S3 objects).
func InvalidURI(uri string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidURI", "Couldn't parse the specified URI.", refusal.With("URI", uri))
}
