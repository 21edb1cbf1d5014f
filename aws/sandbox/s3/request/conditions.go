package request

import (
	"net/http"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
)

// Matches says whether a list of ETags as in If-Match names this one.
func Matches(list, etag string) bool {
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		if part == "*" || strings.Trim(strings.TrimPrefix(part, "W/"), `"`) == etag {
			return true
		}
	}
	return false
}

// CheckRead checks a GET or HEAD against its conditions in the precedence of RFC
// 9110 section 13.2.2, which S3 follows (S3 API Reference, GetObject).
func (c *Call) CheckRead(v *store.Version) error {
	return CheckConditions(v, c.R.Method, func(name string) string { return c.R.Header.Get(name) })
}

// CheckConditions is CheckRead for headers of other names, as copies have them.
func CheckConditions(v *store.Version, method string, header func(string) string) error {
	modified := v.Modified.Truncate(time.Second)
	if match := header("If-Match"); match != "" {
		if !Matches(match, v.ETag) {
			return PreconditionFailed("If-Match")
		}
	} else if since, given := dateOf(header("If-Unmodified-Since")); given && modified.After(since) {
		return PreconditionFailed("If-Unmodified-Since")
	}
	unchanged := func(condition string) error {
		if method == http.MethodGet || method == http.MethodHead {
			return refusal.New(http.StatusNotModified, "NotModified", "Not Modified")
		}
		return PreconditionFailed(condition)
	}
	if none := header("If-None-Match"); none != "" {
		if Matches(none, v.ETag) {
			return unchanged("If-None-Match")
		}
	} else if since, given := dateOf(header("If-Modified-Since")); given && !modified.After(since) && !since.After(time.Now()) {
		// A date in the future is ignored (RFC 9110, section 13.1.3).
		return unchanged("If-Modified-Since")
	}
	return nil
}

// dateOf reads the date of a condition; what is none is ignored (RFC 9110,
// section 13.1.3).
func dateOf(text string) (t time.Time, given bool) {
	if text == "" {
		return t, false
	}
	t, err := http.ParseTime(text)
	return t, err == nil
}
