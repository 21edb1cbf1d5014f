package s3

import (
	"net/http"
	"strconv"
	"strings"

	"bothways/aws/sandbox/refusal"
)

// operation is one S3 operation.
type operation struct {
	// action is the permission that the caller needs on the bucket or object;
	// "" where the operation asks by itself.
	action string
	// versionAction is asked for instead where a version id is given.
	versionAction string
	// makesBucket says that the bucket need not be there.
	makesBucket bool
	serve       func(*call) error
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

// route finds the operation. What it does not know is answered with 501 and
// never treated as the operation without the sub-resource.
func (c *call) route() (operation, error) {
	if len(c.key) > maxKey {
		return operation{}, keyTooLong(c.key)
	}
	sub := ""
	for name := range c.query {
		if plain[name] || strings.HasPrefix(strings.ToLower(name), "x-amz-") {
			continue
		}
		if sub != "" {
			return operation{}, notImplemented(name)
		}
		sub = name
	}
	level := "object"
	switch {
	case c.bucketName == "":
		level = "service"
	case c.key == "":
		level = "bucket"
	}
	method := c.r.Method
	if level == "object" && method == http.MethodPut && c.r.Header.Get("X-Amz-Copy-Source") != "" {
		method = "COPY"
	}
	operation, found := operations[method+" "+level+" "+sub]
	if !found {
		if sub == "" {
			return operation, refusal.New(http.StatusMethodNotAllowed, "MethodNotAllowed",
				"The specified method is not allowed against this resource.",
				refusal.With("Method", c.r.Method), refusal.With("ResourceType", strings.ToUpper(level)))
		}
		return operation, notImplemented(sub)
	}
	return operation, nil
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
		"GET service ": {action: "s3:ListAllMyBuckets", serve: (*call).listBuckets},

		"PUT bucket ":         {action: "s3:CreateBucket", serve: (*call).createBucket, makesBucket: true},
		"HEAD bucket ":        {action: "s3:ListBucket", serve: (*call).headBucket},
		"DELETE bucket ":      {action: "s3:DeleteBucket", serve: (*call).deleteBucket},
		"GET bucket ":         {action: "s3:ListBucket", serve: (*call).listObjects},
		"GET bucket versions": {action: "s3:ListBucketVersions", serve: (*call).listVersions},
		"GET bucket uploads":  {action: "s3:ListBucketMultipartUploads", serve: (*call).listUploads},
		"POST bucket ":        {serve: (*call).postObject},
		"POST bucket delete":  {serve: (*call).deleteObjects},

		"GET bucket location":       {action: "s3:GetBucketLocation", serve: (*call).getLocation},
		"GET bucket versioning":     {action: "s3:GetBucketVersioning", serve: (*call).getVersioning},
		"PUT bucket versioning":     {action: "s3:PutBucketVersioning", serve: (*call).putVersioning},
		"GET bucket replication":    {action: "s3:GetReplicationConfiguration", serve: (*call).getReplication},
		"PUT bucket replication":    {action: "s3:PutReplicationConfiguration", serve: (*call).putReplication},
		"DELETE bucket replication": {action: "s3:PutReplicationConfiguration", serve: (*call).deleteReplication},
		"GET bucket tagging":        {action: "s3:GetBucketTagging", serve: (*call).getBucketTags},
		"PUT bucket tagging":        {action: "s3:PutBucketTagging", serve: (*call).putBucketTags},
		"DELETE bucket tagging":     {action: "s3:PutBucketTagging", serve: (*call).deleteBucketTags},
		"GET bucket policy":         {action: "s3:GetBucketPolicy", serve: (*call).getPolicy},
		"PUT bucket policy":         {action: "s3:PutBucketPolicy", serve: (*call).putPolicy},
		"DELETE bucket policy":      {action: "s3:DeleteBucketPolicy", serve: (*call).deletePolicy},
		"GET bucket policyStatus":   {action: "s3:GetBucketPolicyStatus", serve: (*call).getPolicyStatus},
		"GET bucket acl":            {action: "s3:GetBucketAcl", serve: (*call).getACL},
		"PUT bucket acl":            {action: "s3:PutBucketAcl", serve: (*call).putACL},

		"PUT object ":           {action: "s3:PutObject", serve: (*call).putObject},
		"GET object ":           {action: "s3:GetObject", versionAction: "s3:GetObjectVersion", serve: (*call).getObject},
		"HEAD object ":          {action: "s3:GetObject", versionAction: "s3:GetObjectVersion", serve: (*call).getObject},
		"DELETE object ":        {action: "s3:DeleteObject", versionAction: "s3:DeleteObjectVersion", serve: (*call).deleteObject},
		"COPY object ":          {action: "s3:PutObject", serve: (*call).copyObject},
		"GET object attributes": {action: "s3:GetObject", versionAction: "s3:GetObjectVersion", serve: (*call).getAttributes},
		"GET object tagging":    {action: "s3:GetObjectTagging", versionAction: "s3:GetObjectVersionTagging", serve: (*call).getObjectTags},
		"PUT object tagging":    {action: "s3:PutObjectTagging", versionAction: "s3:PutObjectVersionTagging", serve: (*call).putObjectTags},
		"DELETE object tagging": {action: "s3:DeleteObjectTagging", versionAction: "s3:DeleteObjectVersionTagging", serve: (*call).deleteObjectTags},
		"GET object retention":  {action: "s3:GetObjectRetention", serve: (*call).getRetention},
		"PUT object retention":  {action: "s3:PutObjectRetention", serve: (*call).putRetention},
		"GET object legal-hold": {action: "s3:GetObjectLegalHold", serve: (*call).getLegalHold},
		"PUT object legal-hold": {action: "s3:PutObjectLegalHold", serve: (*call).putLegalHold},
		"GET object acl":        {action: "s3:GetObjectAcl", versionAction: "s3:GetObjectVersionAcl", serve: (*call).getACL},
		"PUT object acl":        {action: "s3:PutObjectAcl", versionAction: "s3:PutObjectVersionAcl", serve: (*call).putACL},

		"POST object restore":    {action: "s3:RestoreObject", serve: (*call).restoreObject},
		"POST object uploads":    {action: "s3:PutObject", serve: (*call).createUpload},
		"PUT object uploadId":    {action: "s3:PutObject", serve: (*call).uploadPart},
		"COPY object uploadId":   {action: "s3:PutObject", serve: (*call).copyPart},
		"POST object uploadId":   {action: "s3:PutObject", serve: (*call).completeUpload},
		"DELETE object uploadId": {action: "s3:AbortMultipartUpload", serve: (*call).abortUpload},
		"GET object uploadId":    {action: "s3:ListMultipartUploadParts", serve: (*call).listParts},
	}
	for name, s := range settings {
		operations["GET bucket "+name] = operation{action: s.getAction, serve: (*call).getSetting}
		if s.putAction == "" {
			continue
		}
		operations["PUT bucket "+name] = operation{action: s.putAction, serve: (*call).putSetting}
		if s.deletable {
			operations["DELETE bucket "+name] = operation{action: s.putAction, serve: (*call).deleteSetting}
		}
	}
}
