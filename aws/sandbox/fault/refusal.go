package fault

import (
	"net/http"
	"strings"
)

// known are answers of AWS by their codes (S3 API Reference, Error responses;
// IAM API Reference, Common errors).
var known = map[string]Refusal{
	"AccessDenied":           {http.StatusForbidden, "", "Access Denied"},
	"ConcurrentModification": {http.StatusConflict, "", "The request was rejected because multiple requests to change this object were submitted simultaneously."},
	"ExpiredToken":           {http.StatusBadRequest, "", "The provided token has expired."},
	"InternalError":          {http.StatusInternalServerError, "", "We encountered an internal error. Please try again."},
	"InvalidAccessKeyId":     {http.StatusForbidden, "", "The AWS Access Key Id you provided does not exist in our records."},
	"InvalidToken":           {http.StatusBadRequest, "", "The provided token is malformed or otherwise invalid."},
	"NoSuchBucket":           {http.StatusNotFound, "", "The specified bucket does not exist"},
	"NoSuchKey":              {http.StatusNotFound, "", "The specified key does not exist."},
	"OperationAborted":       {http.StatusConflict, "", "A conflicting conditional operation is currently in progress against this resource. Please try again."},
	"RequestTimeTooSkewed":   {http.StatusForbidden, "", "The difference between the request time and the current time is too large."},
	"RequestTimeout":         {http.StatusBadRequest, "", "Your socket connection to the server was not read from or written to within the timeout period."},
	"ServiceUnavailable":     {http.StatusServiceUnavailable, "", "Service is unable to handle request."},
	"SlowDown":               {http.StatusServiceUnavailable, "", "Please reduce your request rate."},
	"Throttling":             {http.StatusBadRequest, "", "Rate exceeded"},
	"TooManyBuckets":         {http.StatusBadRequest, "", "You have attempted to create more buckets than allowed"},
}

// refusal fills in what an answer has to say.
func (f *Fault) refusal(service string) Refusal {
	r := Refusal{f.Status, f.Code, f.Message}
	isS3 := service == "s3"
	switch {
	case f.Kind == SlowDown && isS3:
		r.Code = "SlowDown"
	case f.Kind == SlowDown:
		r.Code = "Throttling"
	case f.Kind == Expired && isS3:
		r.Code = "ExpiredToken"
	case f.Kind == Expired:
		return Refusal{http.StatusForbidden, "ExpiredToken", "The security token included in the request is expired"}
	case r.Code == "" && (r.Status == 0 || r.Status == http.StatusInternalServerError):
		r.Code = "InternalError"
	case r.Code == "":
		r.Code = strings.ReplaceAll(http.StatusText(r.Status), " ", "")
	}
	words := known[r.Code]
	if r.Status == 0 {
		r.Status = words.Status
	}
	if r.Status == 0 {
		r.Status = http.StatusInternalServerError
	}
	if r.Message == "" {
		r.Message = words.Message
	}
	if r.Message == "" {
		r.Message = known["InternalError"].Message
	}
	return r
}
