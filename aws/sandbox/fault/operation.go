package fault

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// subresources names the part of an operation that a sub-resource stands for
// (S3 API Reference), where that is not simply its capitalised name.
var subresources = map[string]string{
	"lifecycle": "LifecycleConfiguration", "notification": "NotificationConfiguration",
	"accelerate": "AccelerateConfiguration", "ownershipControls": "OwnershipControls",
	"location": "Location", "versioning": "Versioning", "replication": "Replication", "tagging": "Tagging",
	"policy": "Policy", "acl": "Acl", "encryption": "Encryption", "cors": "Cors", "website": "Website",
	"logging": "Logging", "publicAccessBlock": "", "object-lock": "", "retention": "Retention",
	"legal-hold": "LegalHold", "requestPayment": "RequestPayment", "attributes": "Attributes", "policyStatus": "PolicyStatus",
}

// S3Operation names the operation of an S3 request, as the SDKs do. It is ""
// for what is no operation.
func S3Operation(method string, query url.Values, header http.Header, bucket, key string) string {
	if name := special(method, query, header, bucket, key); name != "" {
		return name
	}
	verb := strings.ToUpper(method[:1]) + strings.ToLower(method[1:])
	level := "Object"
	if key == "" {
		level = "Bucket"
	}
	for sub := range query {
		name, found := subresources[sub]
		switch {
		case !found:
		case sub == "publicAccessBlock":
			return verb + "PublicAccessBlock"
		case sub == "object-lock":
			return verb + "ObjectLockConfiguration"
		case sub == "lifecycle" && verb == "Delete":
			return "DeleteBucketLifecycle"
		default:
			return verb + level + name
		}
	}
	return plain(method, query, header, bucket, key)
}

// IsS3Operation says whether S3Operation can give that name, whatever its case.
func IsS3Operation(name string) bool { return s3Operations[strings.ToLower(name)] }

// s3Operations are all names that S3Operation can give, in lower case.
var s3Operations = func() map[string]bool {
	names := map[string]bool{}
	for _, name := range []string{
		"ListBuckets", "ListObjectVersions", "ListMultipartUploads", "DeleteObjects", "CreateMultipartUpload",
		"UploadPartCopy", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload", "ListParts",
		"CopyObject", "GetObject", "HeadObject", "PutObject", "DeleteObject", "PostObject",
		"ListObjects", "ListObjectsV2", "HeadBucket", "CreateBucket", "DeleteBucket", "DeleteBucketLifecycle",
		"GetPublicAccessBlock", "PutPublicAccessBlock", "DeletePublicAccessBlock",
		"GetObjectLockConfiguration", "PutObjectLockConfiguration",
	} {
		names[strings.ToLower(name)] = true
	}
	for _, verb := range []string{"Get", "Put", "Delete"} {
		for _, level := range []string{"Bucket", "Object"} {
			for _, name := range subresources {
				if name != "" {
					names[strings.ToLower(verb+level+name)] = true
				}
			}
		}
	}
	return names
}()

// special names the operations of multipart uploads and lists.
func special(method string, query url.Values, header http.Header, bucket, key string) string {
	part := query.Has("partNumber") && query.Has("uploadId")
	switch {
	case bucket == "":
		return "ListBuckets"
	case key == "" && method == http.MethodGet && query.Has("versions"):
		return "ListObjectVersions"
	case key == "" && method == http.MethodGet && query.Has("uploads"):
		return "ListMultipartUploads"
	case key == "" && method == http.MethodPost && query.Has("delete"):
		return "DeleteObjects"
	case method == http.MethodPost && query.Has("uploads"):
		return "CreateMultipartUpload"
	case method == http.MethodPut && part && header.Get("X-Amz-Copy-Source") != "":
		return "UploadPartCopy"
	case method == http.MethodPut && part:
		return "UploadPart"
	case method == http.MethodPost && query.Has("uploadId"):
		return "CompleteMultipartUpload"
	case method == http.MethodDelete && query.Has("uploadId"):
		return "AbortMultipartUpload"
	case method == http.MethodGet && query.Has("uploadId"):
		return "ListParts"
	}
	return ""
}

// plain names what has no sub-resource.
func plain(method string, query url.Values, header http.Header, _, key string) string {
	switch {
	case key != "" && method == http.MethodPut && header.Get("X-Amz-Copy-Source") != "":
		return "CopyObject"
	case key != "":
		return map[string]string{
			http.MethodGet: "GetObject", http.MethodHead: "HeadObject", http.MethodPut: "PutObject",
			http.MethodDelete: "DeleteObject",
		}[method]
	case method == http.MethodGet && query.Get("list-type") == "2":
		return "ListObjectsV2"
	}
	return map[string]string{
		http.MethodGet: "ListObjects", http.MethodHead: "HeadBucket", http.MethodPut: "CreateBucket",
		http.MethodDelete: "DeleteBucket", http.MethodPost: "PostObject", // of a form
	}[method]
}

// maxForm bounds what is read of a body to find its operation, in bytes.
const maxForm = 1 << 20

// QueryOperation names the operation of a request of the Query protocol, which
// stands in its URL or in its form, and leaves the body as it was.
func QueryOperation(r *http.Request) string {
	if action := r.URL.Query().Get("Action"); action != "" || r.Body == nil {
		return action
	}
	head, err := io.ReadAll(io.LimitReader(r.Body, maxForm))
	rest := r.Body
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), rest), rest}
	if err != nil {
		return ""
	}
	form, err := url.ParseQuery(string(head))
	if err != nil {
		return ""
	}
	return form.Get("Action")
}
