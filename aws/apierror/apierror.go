// Package apierror says what an error of an AWS service means, for programs and
// in words for people.
package apierror

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// Code is the service's error code, or "" when the error is not the
// service's. HEAD answers have no body, so their codes are the SDK's words for
// the status: NotFound, Forbidden, MovedPermanently.
func Code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

// Message is what the service says about its error, in its own words, or "".
// S3 has one code for many things: where only its words tell them apart, these
// are looked through, and not what was put around them.
func Message(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorMessage()
	}
	return ""
}

// StatusCode is the HTTP status of the answer behind an error, or 0.
func StatusCode(err error) int {
	if response, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return response.HTTPStatusCode()
	}
	return 0
}

// Header is a header of the answer behind an error, or "".
func Header(err error, name string) string {
	response, ok := errors.AsType[*awshttp.ResponseError](err)
	if !ok || response.Response == nil || response.Response.Response == nil {
		return ""
	}
	return response.Response.Header.Get(name)
}

// Denied says whether the service refused the call for want of rights. S3, IAM
// and STS answer 403 then; services of the JSON protocol, KMS among them, answer
// 400 with the code alone. A refusal for the time of the signature is none.
func Denied(err error) bool {
	return (StatusCode(err) == http.StatusForbidden || Code(err) == "AccessDeniedException") && !Expired(err) && !ClockWrong(err)
}

// Missing says whether what was asked for does not exist.
func Missing(err error) bool {
	switch Code(err) {
	case "NoSuchBucket", "NoSuchKey", "NoSuchVersion", "NotFound", "NoSuchEntity", "NoSuchUpload", "NotFoundException":
		return true
	}
	return StatusCode(err) == http.StatusNotFound
}

// Expired says whether credentials are no longer valid and a new login helps.
func Expired(err error) bool {
	switch Code(err) {
	case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidGrantException", "UnauthorizedException":
		return true
	case "RequestExpired":
		return !ClockWrong(err)
	}
	return false
}

// Advice says what to do about an error, or "".
func Advice(err error) string {
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return "The name " + dns.Name + " cannot be looked up: check the network, a proxy, and the region's name."
	}
	if advice := certificateAdvice(err); advice != "" {
		return advice
	}
	switch code := Code(err); {
	case ClockWrong(err):
		return clockAdvice(err)
	case Expired(err):
		return "Sign in again (aws sso login, or new keys), then retry."
	case code == "InvalidAccessKeyId", code == "SignatureDoesNotMatch", code == "InvalidClientTokenId":
		return "The keys are not valid here: check the profile, that the region is enabled for the account (some must be opted into), and AWS_ENDPOINT_URL if it is set."
	case code == "NotImplemented" || StatusCode(err) == http.StatusNotImplemented:
		return "The endpoint does not know this operation: it is not AWS, and lacks what replication needs."
	case Denied(err) && code != "": // else it is no answer of the service
		return ParseRefusal(Message(err)).Advice()
	case strings.Contains(err.Error(), "failed to refresh cached credentials"), // the SDK has no type for it
		strings.Contains(err.Error(), "get credentials"):
		return "No usable credentials: choose a profile, sign in (aws sso login), or try the sandbox."
	case errors.Is(err, context.DeadlineExceeded):
		return "No answer in time: check the network and the region."
	}
	return ""
}
