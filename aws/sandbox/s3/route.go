package s3

import (
	"net/http"
	"net/url"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/buckets"
	"bothways/aws/sandbox/s3/multipart"
	"bothways/aws/sandbox/s3/objects"
	"bothways/aws/sandbox/s3/request"
)

// plain holds the query parameters that do not select an operation. An
// operation whose sub-resource goes with an id (analytics, inventory,
// intelligent-tiering, metrics) needs "id" here.
var plain = map[string]bool{
	"list-type": true, "prefix": true, "delimiter": true, "marker": true, "max-keys": true, "encoding-type": true,
	"continuation-token": true, "start-after": true, "fetch-owner": true, "key-marker": true,
	"version-id-marker": true, "max-uploads": true, "upload-id-marker": true, "versionId": true,
	"partNumber": true, "max-parts": true, "part-number-marker": true, "x-id": true, "max-buckets": true,
	"bucket-region":         true,
	"response-content-type": true, "response-content-language": true, "response-expires": true,
	"response-cache-control": true, "response-content-disposition": true, "response-content-encoding": true,
}

// route finds the operation of a request. What it does not know is answered
// with 501 and never treated as the operation without the sub-resource.
func route(r *http.Request, query url.Values, bucket, key string) (request.Operation, error) {
	if len(key) > request.MaxKey {
		return request.Operation{}, request.KeyTooLong(key)
	}
	sub := ""
	for name := range query {
		if plain[name] || strings.HasPrefix(strings.ToLower(name), "x-amz-") {
			continue
		}
		if sub != "" {
			return request.Operation{}, request.NotImplemented(name)
		}
		sub = name
	}
	level, method := "object", r.Method
	switch {
	case bucket == "":
		level = "service"
	case key == "":
		level = "bucket"
		if sub == "" && query.Get("list-type") == "2" {
			sub = "list-type"
		}
	case method == http.MethodPut && r.Header.Get("X-Amz-Copy-Source") != "":
		method = "COPY"
	}
	found := operations[method+" "+level+" "+sub]
	switch {
	case found.Serve != nil:
		return found, nil
	case sub != "":
		return found, request.NotImplemented(sub)
	}
	return found, refusal.New(http.StatusMethodNotAllowed, "MethodNotAllowed",
		"The specified method is not allowed against this resource.",
		refusal.With("Method", r.Method), refusal.With("ResourceType", strings.ToUpper(level)))
}

// Operation names the operation of a request as the SDKs do, "" if there is
// none.
func Operation(r *http.Request) string {
	r = request.Unhoist(r)
	bucket, key, _ := request.Address(r)
	found, _ := route(r, r.URL.Query(), bucket, key)
	return found.Name
}

// Operations names the operations that there are.
func Operations() []string {
	names := make([]string, 0, len(operations))
	for _, o := range operations {
		names = append(names, o.Name)
	}
	return names
}

// operations is the table of all that S3 has, by method, level and sub-resource.
var operations = union(buckets.Operations(), objects.Operations(), multipart.Operations())

func union(tables ...map[string]request.Operation) map[string]request.Operation {
	all := map[string]request.Operation{}
	for _, table := range tables {
		for row, o := range table {
			if _, twice := all[row]; twice {
				panic("two operations for " + row)
			}
			all[row] = o
		}
	}
	return all
}
