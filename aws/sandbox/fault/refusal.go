package fault

import (
	"cmp"
	"net/http"
	"strings"

	"bothways/aws/sandbox/refusal"
)

// words are the status and the message that go with a code.
type words struct {
	status  int
	message string
}

// known are answers of AWS by their codes (S3 API Reference, Error responses;
// IAM API Reference, Common errors).
var known = map[string]words{
	"AccessDenied":           {http.StatusForbidden, "Access Denied"},
	"ConcurrentModification": {http.StatusConflict, "The request was rejected because multiple requests to change this object were submitted simultaneously."},
	"ExpiredToken":           {http.StatusBadRequest, "The provided token has expired."},
	"InternalError":          {http.StatusInternalServerError, "We encountered an internal error. Please try again."},
	"InvalidAccessKeyId":     {http.StatusForbidden, "The AWS Access Key Id you provided does not exist in our records."},
	"InvalidToken":           {http.StatusBadRequest, "The provided token is malformed or otherwise invalid."},
	"NoSuchBucket":           {http.StatusNotFound, "The specified bucket does not exist"},
	"NoSuchKey":              {http.StatusNotFound, "The specified key does not exist."},
	"OperationAborted":       {http.StatusConflict, "A conflicting conditional operation is currently in progress against this resource. Please try again."},
	"RequestTimeTooSkewed":   {http.StatusForbidden, "The difference between the request time and the current time is too large."},
	"RequestTimeout":         {http.StatusBadRequest, "Your socket connection to the server was not read from or written to within the timeout period."},
	"ServiceUnavailable":     {http.StatusServiceUnavailable, "Service is unable to handle request."},
	"SlowDown":               {http.StatusServiceUnavailable, "Please reduce your request rate."},
	"Throttling":             {http.StatusBadRequest, "Rate exceeded"},
	"TooManyBuckets":         {http.StatusBadRequest, "You have attempted to create more buckets than allowed"},
}

// refusal fills in what an answer has to say.
func (f *Fault) refusal(service string) *refusal.Error {
	status, code, message := f.Status, f.Code, f.Message
	isS3 := service == "s3" || service == "s3control"
	switch {
	case f.Kind == SlowDown && isS3:
		code = "SlowDown"
	case f.Kind == SlowDown:
		code = "Throttling"
	case f.Kind == Expired && isS3:
		code = "ExpiredToken"
	case f.Kind == Expired:
		return refusal.New(http.StatusForbidden, "ExpiredToken", "The security token included in the request is expired")
	case code == "" && (status == 0 || status == http.StatusInternalServerError):
		code = "InternalError"
	case code == "":
		code = strings.ReplaceAll(http.StatusText(status), " ", "")
	}
	of := known[code]
	return refusal.New(
		cmp.Or(status, of.status, http.StatusInternalServerError), code,
		cmp.Or(message, of.message, known["InternalError"].message))
}
