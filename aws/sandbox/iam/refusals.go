package iam

import (
	"net/http"

	"bothways/aws/sandbox/refusal"
)

func errNoSuchEntity(message string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchEntity", message)
}

func errNoRole(name string) *refusal.Error {
	return errNoSuchEntity("The role with name " + name + " cannot be found.")
}

func errDenied(message string) *refusal.Error {
	return refusal.New(http.StatusForbidden, "AccessDenied", message)
}
