package account

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// unechoed is the body of an error without the session token of the request that
// it answers. The token is the one credential that goes over the wire as it is,
// and gateways have been seen to echo it; errors are shown and kept.
type unechoed struct {
	from  io.ReadCloser
	token string
	clean io.Reader // nil until the body was read
}

// tokenOf is the session token that a request carries, or "".
func tokenOf(request any) string {
	r, ok := request.(*smithyhttp.Request)
	if !ok {
		return ""
	}
	if token := r.Header.Get("X-Amz-Security-Token"); token != "" {
		return token
	}
	return r.URL.Query().Get("X-Amz-Security-Token")
}

// forget removes the headers that echo a token: request IDs are shown and kept.
func forget(h http.Header, token string) {
	if token == "" {
		return
	}
	for name, values := range h {
		if slices.ContainsFunc(values, func(value string) bool { return strings.Contains(value, token) }) {
			h.Del(name)
		}
	}
}

// Read implements io.Reader. The body below is bounded.
func (u *unechoed) Read(p []byte) (int, error) {
	if u.token == "" {
		return u.from.Read(p)
	}
	if u.clean == nil {
		all, err := io.ReadAll(u.from)
		quoted, _ := json.Marshal(u.token) // a text always can be
		for _, form := range []string{
			u.token, string(bytes.Trim(quoted, `"`)), url.QueryEscape(u.token), url.PathEscape(u.token), strings.ReplaceAll(u.token, "/", `\/`),
			strings.ReplaceAll(u.token, "+", "&#43;"), strings.ReplaceAll(u.token, "=", "&#61;"),
		} {
			all = bytes.ReplaceAll(all, []byte(form), []byte("[redacted]"))
		}
		u.clean = bytes.NewReader(all)
		if err != nil {
			u.clean = io.MultiReader(u.clean, failing{err})
		}
	}
	return u.clean.Read(p)
}

// Close implements io.Closer.
func (u *unechoed) Close() error { return u.from.Close() }

// failing is how a body ends that could not be read whole.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
