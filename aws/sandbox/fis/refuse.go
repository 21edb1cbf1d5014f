package fis

import (
	"errors"
	"net/http"
	"strconv"
	"unicode"
	"unicode/utf8"

	"bothways/aws/sandbox/refusal"
)

// The errors that the API has, with their status (AWS FIS API Reference, Errors
// of each operation).

func invalid(message string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "ValidationException", message)
}

func conflict(message string) *refusal.Error {
	return refusal.New(http.StatusConflict, "ConflictException", message)
}

func notFound(message string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "ResourceNotFoundException", message)
}

func overQuota(message string) *refusal.Error {
	return refusal.New(http.StatusPaymentRequired, "ServiceQuotaExceededException", message)
}

func denied(reason string) *refusal.Error {
	return refusal.New(http.StatusForbidden, "AccessDeniedException", reason)
}

func notHere(what string) *refusal.Error {
	return refusal.New(http.StatusNotImplemented, "NotImplemented", "The sandbox's FIS has no "+what+".")
}

// missing is what AWS says of a field that must be there.
func missing(field string) *refusal.Error {
	return invalid("1 validation error detected: Value null at '" + field + "' failed to satisfy constraint: Member must not be null")
}

// long holds a text to a number of characters.
func long(field, text string, least, most int) error {
	switch n := utf8.RuneCountInString(text); {
	case n < least && n == 0:
		return missing(field)
	case n < least:
		return invalid("1 validation error detected: Value at '" + field + "' failed to satisfy constraint: Member must have length greater than or equal to " + strconv.Itoa(least))
	case n > most:
		return invalid("1 validation error detected: Value at '" + field + "' failed to satisfy constraint: Member must have length less than or equal to " + strconv.Itoa(most))
	}
	return nil
}

// solid is long for a text without spaces, as the pattern [\S]+ has it.
func solid(field, text string, least, most int) error {
	for _, r := range text {
		if unicode.IsSpace(r) {
			return invalid("1 validation error detected: Value at '" + field + `' failed to satisfy constraint: Member must satisfy regular expression pattern: [\S]+`)
		}
	}
	return long(field, text, least, most)
}

// first returns the first error that there is.
func first(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}

// words are those of a refusal by another service.
func words(err error) string {
	var e *refusal.Error
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}
