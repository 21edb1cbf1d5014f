package apierror

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
)

// certificateAdvice says what helps where the connection was refused on this
// side, because of what the server showed, or "". Not to verify is never among
// it: whoever sits between could read and change everything.
func certificateAdvice(err error) string {
	if _, unknown := errors.AsType[x509.UnknownAuthorityError](err); unknown {
		return "The server's certificate is signed by nobody that this computer trusts: a sandbox with --tls, another store of one's own, " +
			"or a proxy that opens connections. Where that is meant, have its certificate authority in a file and name that by AWS_CA_BUNDLE; where it isn't, somebody is in between."
	}
	if _, roots := errors.AsType[x509.SystemRootsError](err); roots {
		return "This computer has no list of certificate authorities: install it (the package ca-certificates, in most systems), or name one by AWS_CA_BUNDLE."
	}
	if _, name := errors.AsType[x509.HostnameError](err); name {
		return "The server's certificate is for another name: check the address that was given (AWS_ENDPOINT_URL, --endpoint-a, --endpoint-b), and that no proxy answers in its place."
	}
	if invalid, is := errors.AsType[x509.CertificateInvalidError](err); is {
		if invalid.Reason == x509.Expired {
			return "The server's certificate is not valid at the time that this computer's clock shows: check the clock; if it is right, the server needs a new one."
		}
		return "The server's certificate is not fit for a server: it needs another one."
	}
	if _, other := errors.AsType[*tls.CertificateVerificationError](err); other {
		return "The server's certificate can't be verified: check AWS_ENDPOINT_URL, AWS_CA_BUNDLE and a proxy on the way."
	}
	if errors.Is(err, http.ErrSchemeMismatch) {
		return "The server there speaks no TLS: check the address, which may have to begin with http://."
	}
	return ""
}
