package s3

import (
	"errors"
	"net/http"

	"bothways/aws/sandbox/replicate/rules"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
)

// Error is an answer that refuses, in S3's words (S3 API Reference, Error
// responses).
type Error struct {
	Status  int
	Code    string
	Message string
	// Details are further elements of the error document, in order.
	Details []sigv4.Detail
	// Headers are further headers of the answer.
	Headers map[string]string
}

// Error implements error.
func (f *Error) Error() string { return f.Code + ": " + f.Message }

func fault(status int, code, message string, details ...sigv4.Detail) *Error {
	return &Error{Status: status, Code: code, Message: message, Details: details}
}

// with adds a header.
func (f *Error) with(name, value string) *Error {
	if f.Headers == nil {
		f.Headers = map[string]string{}
	}
	f.Headers[name] = value
	return f
}

// explained adds what NotImplemented says of a condition.
func (f *Error) explained(message string) *Error {
	f.Details = append(f.Details, detail("additionalMessage", message))
	return f
}

func detail(name, value string) sigv4.Detail { return sigv4.Detail{Name: name, Value: value} }

func invalidArgument(message, name, value string) *Error {
	f := fault(http.StatusBadRequest, "InvalidArgument", message)
	if name != "" {
		f.Details = append(f.Details, detail("ArgumentName", name), detail("ArgumentValue", value))
	}
	return f
}

func invalidRequest(message string) *Error {
	return fault(http.StatusBadRequest, "InvalidRequest", message)
}

func malformedXML() *Error {
	return fault(http.StatusBadRequest, "MalformedXML",
		"The XML you provided was not well-formed or did not validate against our published schema")
}

func noSuchBucket(name string) *Error {
	return fault(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist", detail("BucketName", name))
}

func noSuchKey(key string) *Error {
	return fault(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.", detail("Key", key))
}

func noSuchVersion(key, id string) *Error {
	return fault(http.StatusNotFound, "NoSuchVersion", "The specified version does not exist.",
		detail("Key", key), detail("VersionId", id))
}

func noSuchUpload(id string) *Error {
	return fault(http.StatusNotFound, "NoSuchUpload",
		"The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
		detail("UploadId", id))
}

func notImplemented(header string) *Error {
	return fault(http.StatusNotImplemented, "NotImplemented",
		"A header you provided implies functionality that is not implemented", detail("Header", header))
}

func accessDenied(message string) *Error {
	if message == "" {
		message = "Access Denied"
	}
	return fault(http.StatusForbidden, "AccessDenied", message)
}

func preconditionFailed(condition string) *Error {
	return fault(http.StatusPreconditionFailed, "PreconditionFailed",
		"At least one of the pre-conditions you specified did not hold", detail("Condition", condition))
}

// faultOf finds the answer to an error.
func faultOf(err error, c *call) *Error {
	var f *Error
	var signature *sigv4.Error
	var refusal *rules.Error
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &signature):
		return fault(signature.Status, signature.Code, signature.Message, signature.Details...)
	case errors.As(err, &refusal):
		return fault(http.StatusBadRequest, refusal.Code, refusal.Message)
	case errors.Is(err, store.ErrNameBusy):
		return fault(http.StatusConflict, "OperationAborted",
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
	return fault(http.StatusInternalServerError, "InternalError", "We encountered an internal error. Please try again.")
}
