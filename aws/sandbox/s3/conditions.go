package s3

import (
	"net/http"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
)

// matches says whether a list of ETags as in If-Match names this one.
func matches(list, etag string) bool {
	for part := range strings.SplitSeq(list, ",") {
		part = strings.TrimSpace(part)
		if part == "*" || strings.Trim(strings.TrimPrefix(part, "W/"), `"`) == etag {
			return true
		}
	}
	return false
}

// checkRead holds a GET or HEAD to its conditions in the precedence of RFC
// 9110 section 13.2.2, which S3 follows (S3 API Reference, GetObject).
func (c *call) checkRead(v *store.Version) error {
	return checkConditions(v, c.r.Method, func(name string) string { return c.r.Header.Get(name) })
}

func checkConditions(v *store.Version, method string, header func(string) string) error {
	modified := v.Modified.Truncate(time.Second)
	if match := header("If-Match"); match != "" {
		if !matches(match, v.ETag) {
			return preconditionFailed("If-Match")
		}
	} else if since, err := http.ParseTime(header("If-Unmodified-Since")); err == nil && modified.After(since) {
		return preconditionFailed("If-Unmodified-Since")
	}
	unchanged := func(condition string) error {
		if method == http.MethodGet || method == http.MethodHead {
			return refusal.New(http.StatusNotModified, "NotModified", "Not Modified")
		}
		return preconditionFailed(condition)
	}
	if none := header("If-None-Match"); none != "" {
		if matches(none, v.ETag) {
			return unchanged("If-None-Match")
		}
	} else if since, err := http.ParseTime(header("If-Modified-Since")); err == nil && !modified.After(since) {
		return unchanged("If-Modified-Since")
	}
	return nil
}
