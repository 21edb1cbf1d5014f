package request

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestAddressInPathStyleAndVirtualHostedStyle(t *testing.T) {
	for _, row := range []struct{ url, bucket, key, region string }{
		{"http://127.0.0.1:9000/", "", "", ""},
		{"http://127.0.0.1:9000/here", "here", "", ""},
		{"http://127.0.0.1:9000/here/a/b%20c", "here", "a/b c", ""},
		{"http://here.localhost:9000/k", "here", "k", ""},
		{"https://s3.eu-west-1.amazonaws.com/here/k", "here", "k", "eu-west-1"},
		{"https://here.s3.eu-west-1.amazonaws.com/a//b", "here", "a//b", "eu-west-1"},
		{"https://my.s3.dots.s3.eu-west-1.amazonaws.com/k", "my.s3.dots", "k", "eu-west-1"},
		{"https://here.s3.amazonaws.com/", "here", "", "us-east-1"},
		{"https://here.s3.cn-north-1.amazonaws.com.cn/k", "here", "k", "cn-north-1"},
	} {
		bucket, key, region := Address(httptest.NewRequest(http.MethodGet, row.url, nil))
		if bucket != row.bucket || key != row.key || region != row.region {
			t.Errorf("%s: %q, %q, %q", row.url, bucket, key, region)
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("bucket.s3.eu-west-1.amazonaws.com", "/k")
	f.Add("s3.amazonaws.com:443", "/b/k")
	f.Add("b.localhost:9000", "/k/l")
	f.Fuzz(func(t *testing.T, host, path string) {
		r := &http.Request{Method: http.MethodGet, Host: host, URL: &url.URL{Path: path}}
		bucket, key, _ := Address(r)
		if !strings.Contains(host+path, bucket) || !strings.Contains(path, key) {
			t.Errorf("%q %q: bucket %q, key %q", host, path, bucket, key)
		}
	})
}
