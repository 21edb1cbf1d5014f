package sigv4

import (
	"net/http"
	"time"

	"bothways/aws/sandbox/refusal"
)

// isS3 reports whether a service of the credential scope follows the S3 variant of the signature: the path is encoded
// once and not normalised, and the payload's hash is declared in a header.
func isS3(service string) bool {
	switch service {
	case "s3", "s3express", "s3-object-lambda", "s3-outposts":
		return true
	}
	return false
}

func errUnsigned() *refusal.Error {
	return refusal.New(http.StatusForbidden, "AccessDenied", "Access Denied")
}

func errMalformed(reason string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "AuthorizationHeaderMalformed",
		"The authorization header is malformed; "+reason)
}

func errQueryMalformed(reason string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "AuthorizationQueryParametersError", reason)
}

// ErrMechanism says that a region does not take the kind of signature.
func ErrMechanism() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidRequest",
		"The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
}

func errTwoMechanisms() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidArgument",
		"Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "+
			"parameter or the Authorization header should be specified")
}

func errNoDate(service string) *refusal.Error {
	if !isS3(service) {
		return refusal.New(http.StatusBadRequest, "IncompleteSignature",
			"Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	return refusal.New(http.StatusForbidden, "AccessDenied",
		"AWS authentication requires a valid Date or x-amz-date header")
}

func errNotSigned(header string) *refusal.Error {
	return refusal.New(http.StatusForbidden, "AccessDenied",
		"There were headers present in the request which were not signed", refusal.With("HeadersNotSigned", header))
}

func errMissingHeader(name string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "MissingSecurityHeader",
		"Your request was missing a required header", refusal.With("MissingHeaderName", name))
}

func errUnknownKey(service, accessKeyID string) *refusal.Error {
	if !isS3(service) {
		return refusal.New(http.StatusForbidden, "InvalidClientTokenId",
			"The security token included in the request is invalid.")
	}
	return refusal.New(http.StatusForbidden, "InvalidAccessKeyId",
		"The AWS Access Key Id you provided does not exist in our records.", refusal.With("AWSAccessKeyId", accessKeyID))
}

func errBadToken(service string) *refusal.Error {
	if !isS3(service) {
		return errUnknownKey(service, "")
	}
	return refusal.New(http.StatusBadRequest, "InvalidToken",
		"The provided token is malformed or otherwise invalid.")
}

func errExpiredToken(service string) *refusal.Error {
	if !isS3(service) {
		return refusal.New(http.StatusForbidden, "ExpiredToken",
			"The security token included in the request is expired")
	}
	return refusal.New(http.StatusBadRequest, "ExpiredToken", "The provided token has expired.")
}

// errSkewed is the answer to a signature whose time is more than maxSkew away from the server's. IAM and STS call the
// same thing a signature that does not match.
func errSkewed(service string, signed, now time.Time) *refusal.Error {
	if !isS3(service) {
		text := "Signature expired: " + stamp(signed) + " is now earlier than " + stamp(now.Add(-maxSkew)) +
			" (" + stamp(now) + " - 15 min.)"
		if signed.After(now) {
			text = "Signature not yet current: " + stamp(signed) + " is still later than " + stamp(now.Add(maxSkew)) +
				" (" + stamp(now) + " + 15 min.)"
		}
		return refusal.New(http.StatusForbidden, "SignatureDoesNotMatch", text)
	}
	return refusal.New(http.StatusForbidden, "RequestTimeTooSkewed",
		"The difference between the request time and the current time is too large.",
		refusal.With("RequestTime", stamp(signed)),
		refusal.With("ServerTime", now.UTC().Format("2006-01-02T15:04:05Z")),
		refusal.With("MaxAllowedSkewMilliseconds", "900000"))
}

func errPresignedWindow(text string, expires, now time.Time, seconds string) *refusal.Error {
	return refusal.New(http.StatusForbidden, "AccessDenied", text,
		refusal.With("X-Amz-Expires", seconds),
		refusal.With("Expires", expires.UTC().Format("2006-01-02T15:04:05Z")),
		refusal.With("ServerTime", now.UTC().Format("2006-01-02T15:04:05Z")))
}

func errMismatch(service string, details []refusal.Detail) *refusal.Error {
	if !isS3(service) {
		return refusal.New(http.StatusForbidden, "SignatureDoesNotMatch",
			"The request signature we calculated does not match the signature you provided. Check your AWS "+
				"Secret Access Key and signing method. Consult the service documentation for details.")
	}
	return refusal.New(http.StatusForbidden, "SignatureDoesNotMatch",
		"The request signature we calculated does not match the signature you provided. Check your key and "+
			"signing method.", details...)
}

func errAuthorization(message, header string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidArgument", message,
		refusal.With("ArgumentName", "Authorization"),
		refusal.With("ArgumentValue", header))
}

func errNoLength() *refusal.Error {
	return refusal.New(http.StatusLengthRequired, "MissingContentLength",
		"You must provide the Content-Length HTTP header.")
}

func errInvalidRequest(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidRequest", message)
}

func stamp(t time.Time) string { return t.UTC().Format(timeFormat) }
