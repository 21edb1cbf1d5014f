package apierror

import (
	"regexp"
	"sync"
)

// secretShapes are what credentials look like wherever they come from: access
// key IDs, the Authorization header's signature, and those of signed URLs.
var secretShapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(AKIA|ASIA)[A-Z0-9]{8,}\b|Signature=[0-9a-fA-F]+|X-Amz-(Signature|Credential|Security-Token)=[^&\s"]+|(?i:(aws_secret_access_key|aws_session_token)\s*[=:]\s*)\S+`)
})

// Redact takes out what looks like a credential and must not be written down.
func Redact(text string) string { return secretShapes().ReplaceAllString(text, "[redacted]") }
