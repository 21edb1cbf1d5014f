package s3control

import (
	"errors"
	"net/http"

	"bothways/aws/sandbox/batch"
	"bothways/aws/sandbox/refusal"
)

// The codes are those of the API's model where it has one, else those of the S3
// User Guide (Troubleshooting S3 Batch Operations) and of S3; the words are the
// sandbox's own where AWS documents none.

func invalid(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidRequest", message)
}

func badRequest(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "BadRequestException", message)
}

func malformed() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "MalformedXML",
		"The XML you provided was not well-formed or did not validate against our published schema")
}

func denied(reason string) *refusal.Error {
	if reason == "" {
		reason = "Access Denied"
	}
	return refusal.New(http.StatusForbidden, "AccessDenied", reason)
}

func notHere(what string) *refusal.Error {
	return refusal.New(http.StatusNotImplemented, "NotImplemented", "The sandbox's Batch Operations have no "+what+".")
}

// refusalOf finds the answer to what the jobs refuse.
func refusalOf(err error, doing string) error {
	switch {
	case errors.Is(err, batch.ErrNoJob):
		return refusal.New(http.StatusNotFound, "NoSuchJob", "The specified job does not exist")
	case errors.Is(err, batch.ErrOtherRequest):
		return refusal.New(http.StatusBadRequest, "IdempotencyException",
			"The client request token belongs to another request to create a job")
	case errors.Is(err, batch.ErrStatus):
		return refusal.New(http.StatusBadRequest, "JobStatusException", "The job's status does not allow "+doing)
	}
	return err
}
