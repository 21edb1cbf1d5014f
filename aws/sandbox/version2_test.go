package sandbox_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox/sigv4"
)

// presigned2 signs a URL as clients do with version 2.
func presigned2(w *world, method, path, parameters string, expires time.Time) string {
	id, secret := w.sandbox.Credentials()
	seconds := strconv.FormatInt(expires.Unix(), 10)
	sub := ""
	if parameters != "" {
		sub = "?" + parameters
		parameters += "&"
	}
	signature := sigv4.SignVersion2(secret, method+"\n\n\n"+seconds+"\n"+path+sub)
	return path + "?" + parameters + "AWSAccessKeyId=" + id + "&Expires=" + seconds + "&Signature=" + url.QueryEscape(signature)
}

func TestOldRegionsTakeSignatureVersion2(t *testing.T) {
	w := quick(t)
	w.plainBucket("old", ireland)
	w.plainBucket("young", "eu-central-1")
	w.put("old", ireland, "a b", "hello")
	soon, past := time.Now().Add(time.Minute), time.Now().Add(-time.Minute)
	send := func(method, target string) rawAnswer {
		return w.raw(rawRequest{method: method, path: target, unsigned: true})
	}
	if answer := send("GET", presigned2(w, "GET", "/old/a%20b", "response-content-type=a/b", soon)); answer.status != 200 ||
		answer.body != "hello" || answer.header.Get("Content-Type") != "a/b" {
		t.Errorf("%d %q %v", answer.status, answer.body, answer.header)
	}
	send("PUT", presigned2(w, "PUT", "/old/new", "", soon)).want(t, 200, "", "")
	send("GET", presigned2(w, "GET", "/old/a%20b", "", time.Unix(1<<62, 0))).want(t, 200, "", "")
	send("GET", presigned2(w, "PUT", "/old/a%20b", "", soon)).want(t, 403, "SignatureDoesNotMatch", "")
	send("GET", presigned2(w, "GET", "/old/a%20b", "", past)).want(t, 403, "AccessDenied", "Request has expired")
	send("GET", strings.Replace(presigned2(w, "GET", "/old/a%20b", "", soon), "AWSAccessKeyId=", "AWSAccessKeyId=X", 1)).want(t, 403, "InvalidAccessKeyId", "")
	send("GET", strings.Replace(presigned2(w, "GET", "/old/a%20b", "", soon), "Expires=", "Expires=x", 1)).want(t, 403, "AccessDenied", "")
	send("GET", presigned2(w, "GET", "/young/k", "", soon)).
		want(t, 400, "InvalidRequest", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")

	id, secret := w.sandbox.Credentials()
	signed := func(method, path, resource string, header map[string]string) rawAnswer {
		date := time.Now().UTC().Format(http.TimeFormat)
		text := method + "\n\n" + header["Content-Type"] + "\n" + date + "\n"
		if value := header["X-Amz-Meta-A"]; value != "" {
			text += "x-amz-meta-a:" + value + "\n"
		}
		if value := header["X-Amz-Server-Side-Encryption"]; value != "" {
			text += "x-amz-server-side-encryption:" + value + "\n"
		}
		all := map[string]string{"Date": date, "Authorization": "AWS " + id + ":" + sigv4.SignVersion2(secret, text+resource)}
		for name, value := range header {
			all[name] = value
		}
		return w.raw(rawRequest{method: method, path: path, header: all, unsigned: true})
	}
	signed("PUT", "/old/h", "/old/h", map[string]string{"Content-Type": "x/y", "X-Amz-Meta-A": "b"}).want(t, 200, "", "")
	signed("GET", "/old?list-type=2", "/old/", nil).want(t, 200, "", "")
	signed("GET", "/old?versioning", "/old?versioning", nil).want(t, 200, "", "")
	signed("GET", "/", "/", nil).want(t, 200, "", "")
	signed("GET", "/old/h", "/old/other", nil).want(t, 403, "SignatureDoesNotMatch", "")
	signed("PUT", "/old/h", "/old/h", map[string]string{"X-Amz-Server-Side-Encryption": "aws:kms"}).
		want(t, 400, "InvalidArgument", "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.")
	if head, err := w.head("old", ireland, "h", ""); err != nil || head.Metadata["a"] != "b" {
		t.Errorf("%v, %v", head, err)
	}
}
