package iam

import "net/http"

// Error is a refusal of an IAM or STS call in AWS's words.
type Error struct {
	// Code is the error code on the wire, for example "NoSuchEntity".
	Code string
	// Message is AWS's text.
	Message string
	// Status is the HTTP status code.
	Status int
}

// Error returns the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

func errNoSuchEntity(message string) *Error {
	return &Error{Code: "NoSuchEntity", Message: message, Status: http.StatusNotFound}
}

func errNoRole(name string) *Error {
	return errNoSuchEntity("The role with name " + name + " cannot be found.")
}

func errDenied(message string) *Error {
	return &Error{Code: "AccessDenied", Message: message, Status: http.StatusForbidden}
}
