package apierror

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
)

// Describe words an error for people: what was being done, the service's own
// code and message, the request's ID, and what to do next where that is
// known. Of errors that were joined each has a line, and what is to be done is
// said once. It never contains credentials: the SDK keeps those out of its
// errors, and what a server or an address echoes of them is taken out.
func Describe(err error) string {
	if err == nil {
		return ""
	}
	var lines, said, advices []string
	for _, part := range parts(err) {
		text := part.before + words(part.err)
		if slices.Contains(said, text) {
			continue
		}
		said = append(said, text)
		if advice := Advice(part.err); advice != "" && !slices.Contains(advices, advice) {
			advices = append(advices, advice)
			text = strings.TrimRight(text, ".") + ". " + advice
		}
		lines = append(lines, text)
	}
	return Redact(withoutQueries(strings.Join(lines, "\n")))
}

// part is an error of those that were joined, and what was put before them all.
type part struct {
	before string
	err    error
}

// parts takes apart what errors.Join put together, however deep; an error that
// wraps several in words of its own is one. What the SDK holds inside an error of
// a call is that call's.
func parts(err error) []part {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		if _, call := inner.(*smithy.OperationError); call { //nolint:errorlint // this one, not one within
			break
		}
		joined, several := inner.(interface{ Unwrap() []error })
		if !several {
			continue
		}
		texts := make([]string, 0, len(joined.Unwrap()))
		for _, one := range joined.Unwrap() {
			texts = append(texts, one.Error())
		}
		before, ends := strings.CutSuffix(err.Error(), inner.Error())
		if inner.Error() != strings.Join(texts, "\n") || !ends {
			break
		}
		var all []part
		for _, one := range joined.Unwrap() {
			for _, p := range parts(one) {
				all = append(all, part{before + p.before, p.err})
			}
		}
		return all
	}
	return []part{{err: err}}
}

// words are those for one error, without advice. What the SDK adds in front
// (operation, status, host ID) says less than what is kept here.
func words(err error) string {
	text, _, fromSDK := strings.Cut(err.Error(), "operation error ")
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		text += api.ErrorCode()
		if message := api.ErrorMessage(); message != "" && message != api.ErrorCode() {
			text += ": " + cut(message)
		}
		if response, ok := errors.AsType[*awshttp.ResponseError](err); ok && response.ServiceRequestID() != "" {
			text += " (request " + response.ServiceRequestID() + ")"
		}
	} else if fromSDK {
		text += root(err)
	}
	return text
}

// wordsMost is how much of a service's message is worth reading, in characters.
const wordsMost = 500

// cut keeps the beginning of a message that no service of AWS would send.
func cut(message string) string {
	if runes := []rune(message); len(runes) > wordsMost {
		return string(runes[:wordsMost]) + fmt.Sprintf("… (%d more characters)", len(runes)-wordsMost)
	}
	return message
}

// root is the cause inside the SDK's layers, which say nothing to people.
func root(err error) string {
	if call, ok := errors.AsType[*smithy.OperationError](err); ok {
		err = call // whatever several errors it was put together with
	}
	for {
		if op, ok := errors.AsType[*net.OpError](err); ok {
			return op.Error()
		}
		inner := errors.Unwrap(err)
		if inner == nil || inner.Error() == "" {
			return err.Error()
		}
		err = inner
	}
}
