package s3

import (
	"errors"
	"net/http"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
)

// explained adds what NotImplemented says of a condition.
func explained(e *refusal.Error, message string) *refusal.Error {
	e.Details = append(e.Details, refusal.With("additionalMessage", message))
	return e
}

func invalidArgument(message, name, value string) *refusal.Error {
	f := refusal.New(http.StatusBadRequest, "InvalidArgument", message)
	if name != "" {
		f.Details = append(f.Details, refusal.With("ArgumentName", name), refusal.With("ArgumentValue", value))
	}
	return f
}

func invalidRequest(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidRequest", message)
}

func malformedXML() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "MalformedXML",
		"The XML you provided was not well-formed or did not validate against our published schema")
}

func noSuchBucket(name string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist", refusal.With("BucketName", name))
}

func noSuchKey(key string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.", refusal.With("Key", key))
}

func noSuchVersion(key, id string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchVersion", "The specified version does not exist.",
		refusal.With("Key", key), refusal.With("VersionId", id))
}

func noSuchUpload(id string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchUpload",
		"The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
		refusal.With("UploadId", id))
}

func notImplemented(header string) *refusal.Error {
	return refusal.New(http.StatusNotImplemented, "NotImplemented",
		"A header you provided implies functionality that is not implemented", refusal.With("Header", header))
}

func accessDenied(message string) *refusal.Error {
	if message == "" {
		message = "Access Denied"
	}
	return refusal.New(http.StatusForbidden, "AccessDenied", message)
}

func preconditionFailed(condition string) *refusal.Error {
	return refusal.New(http.StatusPreconditionFailed, "PreconditionFailed",
		"At least one of the pre-conditions you specified did not hold", refusal.With("Condition", condition))
}

// refusalOf finds the answer to an error.
func refusalOf(err error, c *call) *refusal.Error {
	var e *refusal.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, store.ErrNameBusy):
		return refusal.New(http.StatusConflict, "OperationAborted",
			"A conflicting conditional operation is currently in progress against this resource. Please try again.")
	case errors.Is(err, store.ErrNoSuchBucket):
		return noSuchBucket(c.bucketName)
	case errors.Is(err, store.ErrNoSuchKey):
		return noSuchKey(c.key)
	case errors.Is(err, store.ErrNoSuchVersion):
		return noSuchVersion(c.key, c.query.Get("versionId"))
	case errors.Is(err, store.ErrNoSuchUpload):
		return noSuchUpload(c.query.Get("uploadId"))
	}
	return refusal.New(http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.")
}
