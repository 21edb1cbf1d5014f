package fault_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bothways/aws/sandbox/fault"
)

func TestOperationsHaveTheNamesOfTheAPI(t *testing.T) {
	for request, want := range map[string]string{
		"GET /":                                   "ListBuckets",
		"PUT /b":                                  "CreateBucket",
		"HEAD /b":                                 "HeadBucket",
		"DELETE /b":                               "DeleteBucket",
		"GET /b":                                  "ListObjects",
		"GET /b?list-type=2&prefix=x":             "ListObjectsV2",
		"GET /b?versions":                         "ListObjectVersions",
		"GET /b?uploads":                          "ListMultipartUploads",
		"POST /b?delete":                          "DeleteObjects",
		"GET /b?location":                         "GetBucketLocation",
		"PUT /b?versioning=":                      "PutBucketVersioning",
		"PUT /b?replication":                      "PutBucketReplication",
		"DELETE /b?replication":                   "DeleteBucketReplication",
		"GET /b?lifecycle":                        "GetBucketLifecycleConfiguration",
		"DELETE /b?lifecycle":                     "DeleteBucketLifecycle",
		"GET /b?object-lock":                      "GetObjectLockConfiguration",
		"PUT /b?publicAccessBlock":                "PutPublicAccessBlock",
		"GET /b?ownershipControls":                "GetBucketOwnershipControls",
		"HEAD /b/k?versionId=1":                   "HeadObject",
		"GET /b/k":                                "GetObject",
		"PUT /b/k":                                "PutObject",
		"DELETE /b/k":                             "DeleteObject",
		"PUT /b/k?tagging":                        "PutObjectTagging",
		"GET /b/k?attributes":                     "GetObjectAttributes",
		"PUT /b/k?legal-hold":                     "PutObjectLegalHold",
		"POST /b/k?uploads":                       "CreateMultipartUpload",
		"PUT /b/k?partNumber=1&uploadId=u":        "UploadPart",
		"POST /b/k?uploadId=u":                    "CompleteMultipartUpload",
		"DELETE /b/k?uploadId=u":                  "AbortMultipartUpload",
		"GET /b/k?uploadId=u":                     "ListParts",
		"PUT /b/k?copied":                         "CopyObject",
		"PUT /b/k?partNumber=1&uploadId=u&copied": "UploadPartCopy",
	} {
		method, target, _ := strings.Cut(request, " ")
		r := httptest.NewRequest(method, target, nil)
		if strings.HasSuffix(target, "copied") {
			r.Header.Set("X-Amz-Copy-Source", "b/other")
		}
		bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		if got := fault.S3Operation(method, r.URL.Query(), r.Header, bucket, key); got != want {
			t.Errorf("%s is %q, want %s", request, got, want)
		}
	}
}

func TestTheFormOfAQueryIsStillThereAfterwards(t *testing.T) {
	const form = "Action=CreateRole&RoleName=r"
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form))
	if got := fault.QueryOperation(r); got != "CreateRole" {
		t.Errorf("operation %q", got)
	}
	if left, err := io.ReadAll(r.Body); err != nil || string(left) != form {
		t.Errorf("the body is now %q, %v", left, err)
	}
}
