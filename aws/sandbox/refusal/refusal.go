// Package refusal is how all services of the sandbox say no: in AWS's words,
// and without a word about the protocol that carries them.
package refusal

// Error is an answer that refuses a request.
type Error struct {
	// Status is the HTTP status.
	Status int
	// Code is AWS's error code, for example "NoSuchBucket".
	Code string
	// Message is AWS's text.
	Message string
	// Details are the further elements of S3's error document, in order.
	Details []Detail
	// Headers are further headers of the answer.
	Headers map[string]string
}

// Detail is a further element of S3's error document.
type Detail struct{ Name, Value string }

// New makes a refusal.
func New(status int, code, message string, details ...Detail) *Error {
	return &Error{Status: status, Code: code, Message: message, Details: details}
}

// With is a detail of a refusal.
func With(name, value string) Detail { return Detail{Name: name, Value: value} }

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Header adds a header to the answer.
func (e *Error) Header(name, value string) *Error {
	if e.Headers == nil {
		e.Headers = map[string]string{}
	}
	e.Headers[name] = value
	return e
}
