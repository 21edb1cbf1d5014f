package s3

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/buckets"
	"bothways/aws/sandbox/s3/multipart"
	"bothways/aws/sandbox/s3/objects"
	"bothways/aws/sandbox/s3/request"
)

// unserved are the sub-resources that S3 has and the sandbox has not (S3 API
// Reference, Actions).
var unserved = []string{
	"abac", "metadataAnnotationTable", "metadataConfiguration", "metadataInventoryTable", "metadataJournalTable",
	"metadataTable", "renameObject", "select", "session", "torrent",
}

// subResources are the query parameters that select an operation: those of the
// table and those that are not served.
var subResources = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, name := range unserved {
		all[name] = true
	}
	for row := range operations {
		if parts := strings.Split(row, " "); parts[2] != "" && parts[2] != "list-type" {
			all[parts[2]] = true
		}
	}
	return all
})

// route finds the operation of a request. A sub-resource that is not served is
// answered with 501 and never treated as the operation without it; a parameter
// that S3 does not know selects nothing, as there.
func route(r *http.Request, query url.Values, bucket, key string) (request.Operation, error) {
	if len(key) > request.MaxKey {
		return request.Operation{}, request.KeyTooLong(len(key))
	}
	if !utf8.ValidString(key) {
		return request.Operation{}, request.InvalidURI(r.URL.EscapedPath())
	}
	sub := ""
	for name := range query {
		if !subResources()[name] {
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
		if _, several := buckets.Identified[sub]; several && method == http.MethodGet && !query.Has("id") {
			method = "LIST"
		}
	case sub == "annotation" && method == http.MethodGet && !query.Has("annotationName"):
		method = "LIST"
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
