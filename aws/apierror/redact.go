package apierror

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
)

// secretShapes are what credentials look like wherever they come from: access
// key IDs, the Authorization header's signature, those of signed URLs, and what
// an address has before its host's name.
var secretShapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{8,}\b|Signature=[0-9a-fA-F]+|X-Amz-(Signature|Credential)=[^&\s"]+|` +
		`(?i:(aws[_-]?secret[_-]?access[_-]?key|secret[_-]?access[_-]?key|aws[_-]?session[_-]?token|x-amz-security-token|session[_-]?token|security[_-]?token|authorization)["']?\s*[:=]\s*["']?(AWS4-HMAC-SHA256\s+|Bearer\s+)?)[^\s"'&<>,;]+|` +
		`://[^\s"'<>/?#]*@`)
})

// Redact takes out what looks like a credential and must not be written down.
func Redact(text string) string {
	if !mayHoldSecret(text) {
		return text
	}
	return secretShapes().ReplaceAllStringFunc(text, func(found string) string {
		if scheme, _, address := strings.Cut(found, "//"); address && strings.HasSuffix(found, "@") {
			return scheme + "//[redacted]@"
		}
		return "[redacted]"
	})
}

// queries are what stands behind the question mark of an address.
var queries = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("(://[^\\s\"'`<>?#]+\\?)[^\\s\"'`<>]+") })

// withoutQueries takes out of the addresses in a text what only the one who made
// the request needs, and what may be a key.
func withoutQueries(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	return queries().ReplaceAllString(text, "${1}[redacted]")
}

// mayHoldSecret says whether a text has what each of the secret shapes has: an
// access key ID's beginning, a sign between a name and its value, or an address.
// Most texts, such as keys of objects, have none.
func mayHoldSecret(text string) bool {
	return strings.ContainsAny(text, "=:") || strings.Contains(text, "AKIA") || strings.Contains(text, "ASIA")
}

// PublicAddress is an address as it may be shown, written down and pasted: with
// its scheme, host and path, and without a user's name, a password and a query.
// What can't be read as an address is redacted whole where it may hold one.
func PublicAddress(address string) string {
	if address == "" {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		if strings.ContainsAny(address, "@?") {
			return "[redacted]"
		}
		return address
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}
