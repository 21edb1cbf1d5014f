package sigv4

import (
	"net/http"
)

// IsUnsigned reports whether a request carries no signature of any kind: it comes from an anonymous caller.
func IsUnsigned(r *http.Request) bool {
	if r.Header.Get("Authorization") != "" || len(r.Header["Authorization"]) > 0 {
		return false
	}
	if r.URL.RawQuery == "" {
		return true
	}
	query := r.URL.Query()
	return !query.Has("X-Amz-Algorithm") && !query.Has("X-Amz-Signature") && !query.Has("X-Amz-Credential") &&
		!query.Has("AWSAccessKeyId") && !query.Has("Signature")
}

// Anonymous describes a request for S3 that nobody signed. What its headers declare of the body holds all the same.
func Anonymous(r *http.Request) (Result, error) {
	value := r.Header.Get("X-Amz-Content-Sha256")
	payload := payloadOf(value)
	switch {
	case value == "":
		value, payload = string(Unsigned), Unsigned
	case payload.signedChunks():
		return Result{}, errInvalidRequest("Anonymous requests don't support this x-amz-content-sha256 value. Please use " +
			"UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER.")
	case payload == SignedHash && !isHash(value):
		return Result{}, errInvalidRequest("The value of x-amz-content-sha256 header is invalid.")
	}
	result, refused := Result{Service: "s3", Payload: payload, ContentLength: r.ContentLength}.declare(r, value)
	if refused != nil {
		return Result{}, refused
	}
	return result, nil
}
