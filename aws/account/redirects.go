package account

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"bothways/aws/apierror"
)

// redirected is an answer that sends the request to another address, which is
// not asked. The SDK's client follows 307 and 308 for ever, with the session's
// token also to another host, and in vain: what was signed is one host, path and
// query, and a request that goes elsewhere has to be signed for there.
type redirected struct{ answer *http.Response }

func (r *redirected) Error() string { return "redirected with " + r.answer.Status }

// stay keeps a transport from following redirects. The SDK's client has no
// setting for that; the transport is told of each request before it goes out,
// and a request that a redirect caused has its answer.
func stay(t *http.Transport) {
	proxy := t.Proxy
	t.Proxy = func(r *http.Request) (*url.URL, error) {
		switch {
		case r.Response != nil:
			return nil, &redirected{r.Response}
		case proxy == nil:
			return nil, nil
		}
		return proxy(r)
	}
}

// arrived is what the wire gave, with a redirect as the answer that it is.
func arrived(out middleware.DeserializeOutput, err error) (middleware.DeserializeOutput, error) {
	elsewhere, ok := errors.AsType[*redirected](err)
	if !ok {
		return out, err
	}
	answer := *elsewhere.answer
	answer.Body = http.NoBody // the client has read it
	out.RawResponse = &smithyhttp.Response{Response: &answer}
	return out, nil
}

// noLocation is what the SDK's client puts in the place of a redirect's address where
// the answer has none.
const noLocation = "https://amazonaws.com/badhttpredirectlocation"

// sentOn says where an error's answer sends the request, or "". S3's own
// redirects name the bucket's region, and are answers like others.
func sentOn(request any, err error) string {
	status, location := apierror.StatusCode(err), apierror.Header(err, "Location")
	if status < 300 || status >= 400 || location == "" || location == noLocation || apierror.Header(err, "X-Amz-Bucket-Region") != "" {
		return ""
	}
	if r, ok := request.(*smithyhttp.Request); ok && r.URL != nil {
		if to, err := r.URL.Parse(location); err == nil {
			location = to.String()
		}
	}
	return fmt.Sprintf("is HTTP %d and sends the request on to %q, where it was not signed for", status, apierror.PublicAddress(location))
}
