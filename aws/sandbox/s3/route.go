package s3

import (
	"net/http"
	"strconv"
	"strings"

	"bothways/aws/sandbox/refusal"
)

// operation is one S3 operation.
type operation struct {
	// name is that of the API, as the SDKs and faults call it.
	name string
	// action is the permission that the caller needs on the bucket or object;
	// "" where the operation asks by itself.
	action string
	// versionAction is asked for instead where a version id is given.
	versionAction string
	// makesBucket says that the bucket need not be there.
	makesBucket bool
	// serve is nil for what S3 has and the sandbox does not.
	serve func(*call) error
}

// plain holds the query parameters that do not select an operation.
var plain = map[string]bool{
	"list-type": true, "prefix": true, "delimiter": true, "marker": true, "max-keys": true, "encoding-type": true,
	"continuation-token": true, "start-after": true, "fetch-owner": true, "key-marker": true,
	"version-id-marker": true, "max-uploads": true, "upload-id-marker": true, "versionId": true,
	"partNumber": true, "max-parts": true, "part-number-marker": true, "x-id": true, "max-buckets": true,
	"bucket-region":         true,
	"response-content-type": true, "response-content-language": true, "response-expires": true,
	"response-cache-control": true, "response-content-disposition": true, "response-content-encoding": true,
}

// maxKey is the length of the longest key in bytes (S3 User Guide, Naming
// Amazon S3 objects).
const maxKey = 1024

// route finds the operation of a request. What it does not know is answered
// with 501 and never treated as the operation without the sub-resource.
func route(r *http.Request, bucket, key string) (operation, error) {
	if len(key) > maxKey {
		return operation{}, keyTooLong(key)
	}
	query := r.URL.Query()
	sub := ""
	for name := range query {
		if plain[name] || strings.HasPrefix(strings.ToLower(name), "x-amz-") {
			continue
		}
		if sub != "" {
			return operation{}, notImplemented(name)
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
	case found.serve != nil:
		return found, nil
	case sub != "":
		return found, notImplemented(sub)
	}
	return found, refusal.New(http.StatusMethodNotAllowed, "MethodNotAllowed",
		"The specified method is not allowed against this resource.",
		refusal.With("Method", r.Method), refusal.With("ResourceType", strings.ToUpper(level)))
}

// Operation names the operation of a request as the SDKs do, "" if there is
// none.
func Operation(r *http.Request) string {
	r = unhoist(r)
	bucket, key, _ := Address(r)
	found, _ := route(r, bucket, key)
	return found.name
}

// HasOperation says whether S3 has an operation of that name, whatever its
// case.
func HasOperation(name string) bool {
	for _, o := range operations {
		if strings.EqualFold(o.name, name) {
			return true
		}
	}
	return false
}

func keyTooLong(key string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "KeyTooLongError", "Your key is too long",
		refusal.With("Size", strconv.Itoa(len(key))), refusal.With("MaxSizeAllowed", strconv.Itoa(maxKey)))
}

// operations is the table of all that is served, by method, level and
// sub-resource. It is filled in init because the operations refer to it.
var operations map[string]operation

func init() {
	operations = map[string]operation{
		"GET service ": {name: "ListBuckets", action: "s3:ListAllMyBuckets", serve: (*call).listBuckets},

		"PUT bucket ":          {name: "CreateBucket", action: "s3:CreateBucket", serve: (*call).createBucket, makesBucket: true},
		"HEAD bucket ":         {name: "HeadBucket", action: "s3:ListBucket", serve: (*call).headBucket},
		"DELETE bucket ":       {name: "DeleteBucket", action: "s3:DeleteBucket", serve: (*call).deleteBucket},
		"GET bucket ":          {name: "ListObjects", action: "s3:ListBucket", serve: (*call).listObjects},
		"GET bucket list-type": {name: "ListObjectsV2", action: "s3:ListBucket", serve: (*call).listObjects},
		"GET bucket versions":  {name: "ListObjectVersions", action: "s3:ListBucketVersions", serve: (*call).listVersions},
		"GET bucket uploads":   {name: "ListMultipartUploads", action: "s3:ListBucketMultipartUploads", serve: (*call).listUploads},
		"POST bucket ":         {name: "PostObject", serve: (*call).postObject},
		"POST bucket delete":   {name: "DeleteObjects", serve: (*call).deleteObjects},

		"GET bucket location":       {name: "GetBucketLocation", action: "s3:GetBucketLocation", serve: (*call).getLocation},
		"GET bucket versioning":     {name: "GetBucketVersioning", action: "s3:GetBucketVersioning", serve: (*call).getVersioning},
		"PUT bucket versioning":     {name: "PutBucketVersioning", action: "s3:PutBucketVersioning", serve: (*call).putVersioning},
		"GET bucket replication":    {name: "GetBucketReplication", action: "s3:GetReplicationConfiguration", serve: (*call).getReplication},
		"PUT bucket replication":    {name: "PutBucketReplication", action: "s3:PutReplicationConfiguration", serve: (*call).putReplication},
		"DELETE bucket replication": {name: "DeleteBucketReplication", action: "s3:PutReplicationConfiguration", serve: (*call).deleteReplication},
		"GET bucket tagging":        {name: "GetBucketTagging", action: "s3:GetBucketTagging", serve: (*call).getBucketTags},
		"PUT bucket tagging":        {name: "PutBucketTagging", action: "s3:PutBucketTagging", serve: (*call).putBucketTags},
		"DELETE bucket tagging":     {name: "DeleteBucketTagging", action: "s3:PutBucketTagging", serve: (*call).deleteBucketTags},
		"GET bucket policy":         {name: "GetBucketPolicy", action: "s3:GetBucketPolicy", serve: (*call).getPolicy},
		"PUT bucket policy":         {name: "PutBucketPolicy", action: "s3:PutBucketPolicy", serve: (*call).putPolicy},
		"DELETE bucket policy":      {name: "DeleteBucketPolicy", action: "s3:DeleteBucketPolicy", serve: (*call).deletePolicy},
		"GET bucket policyStatus":   {name: "GetBucketPolicyStatus", action: "s3:GetBucketPolicyStatus", serve: (*call).getPolicyStatus},
		"GET bucket acl":            {name: "GetBucketAcl", action: "s3:GetBucketAcl", serve: (*call).getACL},
		"PUT bucket acl":            {name: "PutBucketAcl", action: "s3:PutBucketAcl", serve: (*call).putACL},

		"PUT object ":           {name: "PutObject", action: "s3:PutObject", serve: (*call).putObject},
		"GET object ":           {name: "GetObject", action: "s3:GetObject", versionAction: "s3:GetObjectVersion", serve: (*call).getObject},
		"HEAD object ":          {name: "HeadObject", action: "s3:GetObject", versionAction: "s3:GetObjectVersion", serve: (*call).getObject},
		"DELETE object ":        {name: "DeleteObject", action: "s3:DeleteObject", versionAction: "s3:DeleteObjectVersion", serve: (*call).deleteObject},
		"COPY object ":          {name: "CopyObject", action: "s3:PutObject", serve: (*call).copyObject},
		"GET object attributes": {name: "GetObjectAttributes", action: "s3:GetObject", versionAction: "s3:GetObjectVersion", serve: (*call).getAttributes},
		"GET object tagging":    {name: "GetObjectTagging", action: "s3:GetObjectTagging", versionAction: "s3:GetObjectVersionTagging", serve: (*call).getObjectTags},
		"PUT object tagging":    {name: "PutObjectTagging", action: "s3:PutObjectTagging", versionAction: "s3:PutObjectVersionTagging", serve: (*call).putObjectTags},
		"DELETE object tagging": {name: "DeleteObjectTagging", action: "s3:DeleteObjectTagging", versionAction: "s3:DeleteObjectVersionTagging", serve: (*call).deleteObjectTags},
		"GET object retention":  {name: "GetObjectRetention", action: "s3:GetObjectRetention", serve: (*call).getRetention},
		"PUT object retention":  {name: "PutObjectRetention", action: "s3:PutObjectRetention", serve: (*call).putRetention},
		"GET object legal-hold": {name: "GetObjectLegalHold", action: "s3:GetObjectLegalHold", serve: (*call).getLegalHold},
		"PUT object legal-hold": {name: "PutObjectLegalHold", action: "s3:PutObjectLegalHold", serve: (*call).putLegalHold},
		"GET object acl":        {name: "GetObjectAcl", action: "s3:GetObjectAcl", versionAction: "s3:GetObjectVersionAcl", serve: (*call).getACL},
		"PUT object acl":        {name: "PutObjectAcl", action: "s3:PutObjectAcl", versionAction: "s3:PutObjectVersionAcl", serve: (*call).putACL},

		"POST object restore":    {name: "RestoreObject", action: "s3:RestoreObject", serve: (*call).restoreObject},
		"POST object uploads":    {name: "CreateMultipartUpload", action: "s3:PutObject", serve: (*call).createUpload},
		"PUT object uploadId":    {name: "UploadPart", action: "s3:PutObject", serve: (*call).uploadPart},
		"COPY object uploadId":   {name: "UploadPartCopy", action: "s3:PutObject", serve: (*call).copyPart},
		"POST object uploadId":   {name: "CompleteMultipartUpload", action: "s3:PutObject", serve: (*call).completeUpload},
		"DELETE object uploadId": {name: "AbortMultipartUpload", action: "s3:AbortMultipartUpload", serve: (*call).abortUpload},
		"GET object uploadId":    {name: "ListParts", action: "s3:ListMultipartUploadParts", serve: (*call).listParts},
	}
	for sub, s := range settings {
		s.addOperations(sub)
	}
}
