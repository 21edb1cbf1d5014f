package sigv4

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what signature version 2 is made of
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
)

// Version2Served reports whether a region of S3 still takes signature version 2: those do that are older than version 4
// (Amazon S3 API Reference, "Authenticating requests (AWS Signature Version 4)": regions created before January 30,
// 2014). SDKs presign with it there by default.
func Version2Served(region string) bool {
	switch region {
	case "us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1",
		"sa-east-1", "us-gov-west-1":
		return true
	}
	return false
}

// IsVersion2 reports whether a request is signed with version 2, in the Authorization header or in the query string.
func IsVersion2(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Authorization"), "AWS ") ||
		strings.Contains(r.URL.RawQuery, "AWSAccessKeyId=") && r.URL.Query().Has("AWSAccessKeyId")
}

// VerifyVersion2 checks the signature of a request in version 2, which covers neither the body nor the region. The
// bucket is the one that the host names, "" if the path does. An error is always an [*refusal.Error].
func VerifyVersion2(r *http.Request, bucket string, lookup func(accessKeyID string) (Key, bool), now time.Time) (Result, error) {
	c, date, refused := parseVersion2(r, now)
	if refused != nil {
		return Result{}, refused
	}
	key, found := lookup(c.accessKeyID)
	if !found {
		return Result{}, errUnknownKey("s3", c.accessKeyID)
	}
	if refused := checkToken(c, key, now); refused != nil {
		return Result{}, refused
	}
	head := strings.Join([]string{r.Method, r.Header.Get("Content-Md5"), r.Header.Get("Content-Type"), date, amzHeaders(r)}, "\n")
	path := r.URL.EscapedPath()
	if bucket != "" {
		path = "/" + bucket + path
	}
	toSign := head + path + signedQuery(r)
	fits := func(text string) bool {
		return hmac.Equal([]byte(SignVersion2(key.SecretAccessKey, text)), []byte(c.signature))
	}
	// A bucket in the path may have been signed as the virtual host's root.
	if !fits(toSign) && (strings.Count(path, "/") != 1 || !fits(head+path+"/"+signedQuery(r))) {
		return Result{}, errMismatch("s3", []refusal.Detail{
			refusal.With("AWSAccessKeyId", c.accessKeyID), refusal.With("StringToSign", toSign), refusal.With("SignatureProvided", c.signature),
		})
	}
	result, err := Anonymous(r)
	result.AccessKeyID, result.Presigned = c.accessKeyID, c.presigned
	return result, err
}

// SignVersion2 signs a text.
func SignVersion2(secret, text string) string {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// parseVersion2 finds the signature and returns the date that it covers, which is the expiry in a query string.
func parseVersion2(r *http.Request, now time.Time) (*claim, string, *refusal.Error) {
	if value, found := strings.CutPrefix(r.Header.Get("Authorization"), "AWS "); found {
		id, signature, found := strings.Cut(value, ":")
		if !found || id == "" || signature == "" {
			return nil, "", errAuthorization("AWS authorization header is invalid.  Expected AwsAccessKeyId:signature", value)
		}
		c := &claim{accessKeyID: id, signature: signature, token: r.Header.Get("X-Amz-Security-Token")}
		date, signed := r.Header.Get("Date"), r.Header.Get("Date")
		if amz := r.Header.Get("X-Amz-Date"); amz != "" {
			date, signed = amz, ""
		}
		var err error
		if c.at, err = http.ParseTime(date); err != nil {
			return nil, "", errNoDate("s3")
		}
		if refused := checkTime(c, now); refused != nil {
			return nil, "", refused
		}
		return c, signed, nil
	}
	query := r.URL.Query()
	if r.Header.Get("Authorization") != "" {
		return nil, "", errTwoMechanisms()
	}
	c := &claim{
		accessKeyID: query.Get("AWSAccessKeyId"), signature: query.Get("Signature"),
		token: query.Get("x-amz-security-token"), presigned: true,
	}
	seconds, err := strconv.ParseInt(query.Get("Expires"), 10, 64)
	if c.signature == "" || query.Get("Expires") == "" {
		return nil, "", refusal.New(http.StatusForbidden, "AccessDenied",
			"Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters")
	}
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return nil, "", refusal.New(http.StatusForbidden, "AccessDenied",
			"Invalid date (should be seconds since epoch): "+query.Get("Expires"))
	}
	if expires := time.Unix(max(0, min(seconds, 1<<40)), 0); !now.Before(expires) {
		return nil, "", refusal.New(http.StatusForbidden, "AccessDenied", "Request has expired",
			refusal.With("Expires", expires.UTC().Format("2006-01-02T15:04:05Z")),
			refusal.With("ServerTime", now.UTC().Format("2006-01-02T15:04:05Z")))
	}
	return c, query.Get("Expires"), nil
}

// amzHeaders writes the x-amz- headers, and those of a presigned request that stand in its query string.
func amzHeaders(r *http.Request) string {
	values := map[string]string{}
	for _, place := range []map[string][]string{r.Header, r.URL.Query()} {
		for name, all := range place {
			if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-amz-") {
				values[lower] = strings.Join(all, ",")
			}
		}
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(values)) {
		b.WriteString(name + ":" + strings.TrimSpace(values[name]) + "\n")
	}
	return b.String()
}

// signedParameters are the parameters that version 2 covers (botocore, HmacV1Auth.QSAOfInterest).
var signedParameters = map[string]bool{
	"accelerate": true, "acl": true, "analytics": true, "cors": true, "defaultObjectAcl": true, "delete": true,
	"inventory": true, "lifecycle": true, "location": true, "logging": true, "metrics": true, "notification": true,
	"object-lock": true, "partNumber": true, "policy": true, "replication": true, "requestPayment": true, "restore": true,
	"select": true, "select-type": true, "storageClass": true, "tagging": true, "torrent": true, "uploadId": true,
	"uploads": true, "versionId": true, "versioning": true, "versions": true, "website": true,
	"response-cache-control": true, "response-content-disposition": true, "response-content-encoding": true,
	"response-content-language": true, "response-content-type": true, "response-expires": true,
}

// signedQuery writes the parameters that count, with the question mark before them.
func signedQuery(r *http.Request) string {
	var parameters []string
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		name, value, has := strings.Cut(pair, "=")
		if !signedParameters[name] {
			continue
		}
		if plain, err := url.QueryUnescape(value); err == nil && has && value != "" {
			name += "=" + plain
		}
		parameters = append(parameters, name)
	}
	if len(parameters) == 0 {
		return ""
	}
	slices.Sort(parameters)
	return "?" + strings.Join(parameters, "&")
}
