// Package wire writes refusals in the protocols that AWS's services speak. It
// knows nothing of what they are about.
package wire

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"bothways/aws/sandbox/refusal"
)

// protocol is how a service speaks.
type protocol struct {
	// internal is the code of an error that is no refusal, which the service
	// is to blame for.
	internal string
	write    func(w http.ResponseWriter, r *http.Request, service string, e *refusal.Error)
}

var (
	restXML  = protocol{"InternalError", writeXML}
	wrapped  = protocol{"InternalServiceException", writeWrappedXML}
	query    = protocol{"ServiceFailure", writeQuery}
	restJSON = protocol{"InternalServerException", writeRESTJSON}
	json10   = protocol{"InternalServiceFault", writeJSON}
	json11   = protocol{"KMSInternalException", writeJSON11}
	cbor     = protocol{"InternalServiceFault", writeCBOR}
)

// protocols are those of the services that don't answer as S3 does. Some speak
// several, and clients choose by the request.
var protocols = map[string]func(*http.Request) protocol{
	"account":   func(*http.Request) protocol { return restJSON },
	"fis":       func(*http.Request) protocol { return restJSON },
	"iam":       func(*http.Request) protocol { return query },
	"kms":       func(*http.Request) protocol { return json11 },
	"s3control": func(*http.Request) protocol { return wrapped },
	"sts":       func(*http.Request) protocol { return query },
	"monitoring": func(r *http.Request) protocol {
		switch {
		case strings.HasPrefix(r.URL.Path, "/service/"):
			return cbor
		case r.Header.Get("X-Amz-Target") != "":
			return json10
		}
		return query
	},
}

// IsXML says whether a service speaks as S3 does. Unknown ones do.
func IsXML(service string) bool { return protocols[service] == nil }

// Refuse answers a request to a service with an error. One that is no
// [refusal.Error] is reported as a failure of the service.
func Refuse(w http.ResponseWriter, r *http.Request, service string, err error) {
	p := restXML
	if !IsXML(service) {
		p = protocols[service](r)
	}
	var e *refusal.Error
	if !errors.As(err, &e) {
		e = refusal.New(http.StatusInternalServerError, p.internal, err.Error())
	}
	for name, value := range e.Headers {
		w.Header().Set(name, value)
	}
	p.write(w, r, service, e)
}

// RequestID makes up the id of a request as services other than S3 have them,
// a random UUID of version 4.
func RequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// Send answers with a body of a known length.
func Send(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone; there is nobody else to tell
}

// blame says whose fault an error is, as Query and its heirs do.
func blame(status int) string {
	if status >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}
