package wire

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
)

// maxForm bounds what is read of a body to find its operation, in bytes.
const maxForm = 1 << 20

// PeekForm reads the form that a request has as its body, and leaves the body
// as it was.
func PeekForm(r *http.Request) (url.Values, error) {
	if r.Body == nil {
		return nil, nil
	}
	head, err := io.ReadAll(io.LimitReader(r.Body, maxForm))
	rest := r.Body
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), rest), rest}
	if err != nil {
		return nil, err
	}
	return url.ParseQuery(string(head))
}

// QueryOperation names the operation of a request of the Query protocol, which
// is in its URL or in its form, "" if there is none.
func QueryOperation(r *http.Request) string {
	if action := r.URL.Query().Get("Action"); action != "" {
		return action
	}
	form, err := PeekForm(r)
	if err != nil {
		return ""
	}
	return form.Get("Action")
}
