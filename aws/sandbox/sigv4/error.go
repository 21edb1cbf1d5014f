package sigv4

import (
	"net/http"
	"time"
)

// Error is a refusal in AWS's words. The caller renders it in the form of the service that was addressed.
type Error struct {
	// Code is AWS's error code as it stands in the XML, for example "SignatureDoesNotMatch".
	Code string
	// Message is AWS's text.
	Message string
	// Status is the HTTP status code.
	Status int
	// Details are the further elements that S3 puts into its error document, in order.
	Details []Detail
}

// Detail is one further element of an S3 error document, for example StringToSign.
type Detail struct {
	// Name is the name of the XML element.
	Name string
	// Value is its text.
	Value string
}

// Error returns the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// isS3 reports whether a service of the credential scope follows the S3 variant of the signature: the path is encoded
// once and not normalised, and the payload's hash is declared in a header.
func isS3(service string) bool {
	switch service {
	case "s3", "s3express", "s3-object-lambda", "s3-outposts":
		return true
	}
	return false
}

func errUnsigned() *Error {
	return &Error{Code: "AccessDenied", Message: "Access Denied", Status: http.StatusForbidden}
}

func errMalformed(reason string) *Error {
	return &Error{
		Code:    "AuthorizationHeaderMalformed",
		Message: "The authorization header is malformed; " + reason,
		Status:  http.StatusBadRequest,
	}
}

func errQueryMalformed(reason string) *Error {
	return &Error{Code: "AuthorizationQueryParametersError", Message: reason, Status: http.StatusBadRequest}
}

// ErrMechanism says that a region does not take the kind of signature.
func ErrMechanism() *Error {
	return &Error{
		Code:    "InvalidRequest",
		Message: "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
		Status:  http.StatusBadRequest,
	}
}

func errTwoMechanisms() *Error {
	return &Error{
		Code: "InvalidArgument",
		Message: "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string " +
			"parameter or the Authorization header should be specified",
		Status: http.StatusBadRequest,
	}
}

func errNoDate(service string) *Error {
	if !isS3(service) {
		return &Error{
			Code:    "IncompleteSignature",
			Message: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
			Status:  http.StatusBadRequest,
		}
	}
	return &Error{
		Code:    "AccessDenied",
		Message: "AWS authentication requires a valid Date or x-amz-date header",
		Status:  http.StatusForbidden,
	}
}

func errNotSigned(header string) *Error {
	return &Error{
		Code:    "AccessDenied",
		Message: "There were headers present in the request which were not signed",
		Status:  http.StatusForbidden,
		Details: []Detail{{"HeadersNotSigned", header}},
	}
}

func errMissingHeader(name string) *Error {
	return &Error{
		Code:    "MissingSecurityHeader",
		Message: "Your request was missing a required header",
		Status:  http.StatusBadRequest,
		Details: []Detail{{"MissingHeaderName", name}},
	}
}

func errUnknownKey(service, accessKeyID string) *Error {
	if !isS3(service) {
		return &Error{
			Code:    "InvalidClientTokenId",
			Message: "The security token included in the request is invalid.",
			Status:  http.StatusForbidden,
		}
	}
	return &Error{
		Code:    "InvalidAccessKeyId",
		Message: "The AWS Access Key Id you provided does not exist in our records.",
		Status:  http.StatusForbidden,
		Details: []Detail{{"AWSAccessKeyId", accessKeyID}},
	}
}

func errBadToken(service string) *Error {
	if !isS3(service) {
		return errUnknownKey(service, "")
	}
	return &Error{
		Code:    "InvalidToken",
		Message: "The provided token is malformed or otherwise invalid.",
		Status:  http.StatusBadRequest,
	}
}

func errExpiredToken(service string) *Error {
	if !isS3(service) {
		return &Error{
			Code:    "ExpiredToken",
			Message: "The security token included in the request is expired",
			Status:  http.StatusForbidden,
		}
	}
	return &Error{Code: "ExpiredToken", Message: "The provided token has expired.", Status: http.StatusBadRequest}
}

// errSkewed is the answer to a signature whose time is more than maxSkew away from the server's. IAM and STS call the
// same thing a signature that does not match.
func errSkewed(service string, signed, now time.Time) *Error {
	if !isS3(service) {
		text := "Signature expired: " + stamp(signed) + " is now earlier than " + stamp(now.Add(-maxSkew)) +
			" (" + stamp(now) + " - 15 min.)"
		if signed.After(now) {
			text = "Signature not yet current: " + stamp(signed) + " is still later than " + stamp(now.Add(maxSkew)) +
				" (" + stamp(now) + " + 15 min.)"
		}
		return &Error{Code: "SignatureDoesNotMatch", Message: text, Status: http.StatusForbidden}
	}
	return &Error{
		Code:    "RequestTimeTooSkewed",
		Message: "The difference between the request time and the current time is too large.",
		Status:  http.StatusForbidden,
		Details: []Detail{
			{"RequestTime", stamp(signed)},
			{"ServerTime", now.UTC().Format("2006-01-02T15:04:05Z")},
			{"MaxAllowedSkewMilliseconds", "900000"},
		},
	}
}

func errPresignedWindow(text string, expires, now time.Time, seconds string) *Error {
	return &Error{
		Code:    "AccessDenied",
		Message: text,
		Status:  http.StatusForbidden,
		Details: []Detail{
			{"X-Amz-Expires", seconds},
			{"Expires", expires.UTC().Format("2006-01-02T15:04:05Z")},
			{"ServerTime", now.UTC().Format("2006-01-02T15:04:05Z")},
		},
	}
}

func errMismatch(service string, details []Detail) *Error {
	if !isS3(service) {
		return &Error{
			Code: "SignatureDoesNotMatch",
			Message: "The request signature we calculated does not match the signature you provided. Check your AWS " +
				"Secret Access Key and signing method. Consult the service documentation for details.",
			Status: http.StatusForbidden,
		}
	}
	return &Error{
		Code: "SignatureDoesNotMatch",
		Message: "The request signature we calculated does not match the signature you provided. Check your key and " +
			"signing method.",
		Status:  http.StatusForbidden,
		Details: details,
	}
}

func errAuthorization(message, header string) *Error {
	return &Error{
		Code: "InvalidArgument", Message: message, Status: http.StatusBadRequest,
		Details: []Detail{{"ArgumentName", "Authorization"}, {"ArgumentValue", header}},
	}
}

func errNoLength() *Error {
	return &Error{
		Code:    "MissingContentLength",
		Message: "You must provide the Content-Length HTTP header.",
		Status:  http.StatusLengthRequired,
	}
}

func errInvalidRequest(message string) *Error {
	return &Error{Code: "InvalidRequest", Message: message, Status: http.StatusBadRequest}
}

func stamp(t time.Time) string { return t.UTC().Format(timeFormat) }
