package request

import (
	"net/http"
	"strings"
)

// Unhoist makes headers of the x-amz- parameters of a presigned request, which
// may stand in the query instead.
func Unhoist(r *http.Request) *http.Request {
	if !strings.Contains(r.URL.RawQuery, "X-Amz-Signature=") {
		return r
	}
	var changed *http.Request
	for name, values := range r.URL.Query() {
		lower := strings.ToLower(name)
		if !strings.HasPrefix(lower, "x-amz-") || ofSignature[lower] || len(r.Header.Values(name)) > 0 {
			continue
		}
		if changed == nil {
			changed = r.Clone(r.Context())
		}
		changed.Header[http.CanonicalHeaderKey(name)] = values
	}
	if changed == nil {
		return r
	}
	return changed
}

// ofSignature are the parameters that make up the signature itself.
var ofSignature = map[string]bool{
	"x-amz-algorithm": true, "x-amz-credential": true, "x-amz-date": true, "x-amz-expires": true,
	"x-amz-signedheaders": true, "x-amz-signature": true, "x-amz-security-token": true, "x-amz-content-sha256": true,
}

// Address takes the bucket, the key and, where the host names one, the region
// out of a request, in path style or virtual-hosted style.
func Address(r *http.Request) (bucket, key, region string) {
	path := strings.TrimPrefix(r.URL.Path, "/")
	host, _, _ := strings.Cut(r.Host, ":")
	if prefix, ok := strings.CutSuffix(host, ".localhost"); ok {
		return prefix, path, ""
	}
	if rest, ok := strings.CutSuffix(strings.TrimSuffix(host, ".cn"), ".amazonaws.com"); ok {
		at := strings.LastIndex("."+rest, ".s3")
		if at >= 0 {
			region = strings.Trim(strings.TrimPrefix(rest[at:], "s3"), ".-")
			if region == "" {
				region = "us-east-1"
			}
			if at > 0 {
				return rest[:at-1], path, region
			}
		}
	}
	bucket, key, _ = strings.Cut(path, "/")
	return bucket, key, region
}

// Global says whether a request came to the global endpoint, which serves
// buckets of several regions: s3.amazonaws.com, or the sandbox's own address
// where the signature is for us-east-1, whose SDKs have the global endpoint by
// default.
func Global(r *http.Request, signed string) bool {
	host, _, _ := strings.Cut(r.Host, ":")
	if strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".amazonaws.com.cn") {
		return host == "s3.amazonaws.com" || strings.HasSuffix(host, ".s3.amazonaws.com")
	}
	return signed == "us-east-1"
}

// HostBucket returns the bucket that the host of a request names, "" where the
// path does.
func HostBucket(r *http.Request) string {
	bucket, key, _ := Address(r)
	if strings.TrimPrefix(r.URL.Path, "/") == key && bucket != "" {
		return bucket
	}
	return ""
}
