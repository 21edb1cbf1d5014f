package request

import (
	"maps"
	"strconv"
	"strings"
)

// headerKeys are the headers of a request that are condition keys of the same
// name after "s3:" (Service Authorization Reference, Condition keys for
// Amazon S3).
var headerKeys = map[string]string{
	"X-Amz-Acl":                           "s3:x-amz-acl",
	"X-Amz-Content-Sha256":                "s3:x-amz-content-sha256",
	"X-Amz-Copy-Source":                   "s3:x-amz-copy-source",
	"X-Amz-Metadata-Directive":            "s3:x-amz-metadata-directive",
	"X-Amz-Storage-Class":                 "s3:x-amz-storage-class",
	"X-Amz-Object-Ownership":              "s3:x-amz-object-ownership",
	"X-Amz-Bucket-Namespace":              "s3:x-amz-bucket-namespace",
	"X-Amz-Website-Redirect-Location":     "s3:x-amz-website-redirect-location",
	"X-Amz-Server-Side-Encryption":        "s3:x-amz-server-side-encryption",
	"X-Amz-Object-Lock-Mode":              "s3:object-lock-mode",
	"X-Amz-Object-Lock-Legal-Hold":        "s3:object-lock-legal-hold",
	"If-None-Match":                       "s3:if-none-match",
	"If-Match":                            "s3:if-match",
	"X-Amz-Grant-Read":                    "s3:x-amz-grant-read",
	"X-Amz-Grant-Write":                   "s3:x-amz-grant-write",
	"X-Amz-Grant-Read-Acp":                "s3:x-amz-grant-read-acp",
	"X-Amz-Grant-Write-Acp":               "s3:x-amz-grant-write-acp",
	"X-Amz-Grant-Full-Control":            "s3:x-amz-grant-full-control",
	"X-Amz-Object-Lock-Retain-Until-Date": "s3:object-lock-retain-until-date",

	"X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id":     "s3:x-amz-server-side-encryption-aws-kms-key-id",
	"X-Amz-Server-Side-Encryption-Customer-Algorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
}

// queryKeys are the parameters of a request that are condition keys.
var queryKeys = map[string]string{
	"prefix": "s3:prefix", "delimiter": "s3:delimiter", "max-keys": "s3:max-keys", "versionId": "s3:VersionId",
}

// conditionKeys returns what a request says to the conditions of policies,
// with more keys of the operation added.
func (c *Call) conditionKeys(more map[string]string) map[string]string {
	keys := make(map[string]string, len(more)+12)
	keys["aws:SecureTransport"] = strconv.FormatBool(c.R.TLS != nil)
	keys["aws:RequestedRegion"] = c.Caller.Region
	keys["s3:signatureversion"] = "AWS4-HMAC-SHA256"
	if c.Caller.Version2 {
		keys["s3:signatureversion"] = "AWS"
	}
	keys["s3:authType"] = "REST-HEADER"
	if c.Query.Has("X-Amz-Signature") {
		keys["s3:authType"] = "REST-QUERY-STRING"
	}
	if address := c.R.RemoteAddr; address != "" {
		host, _, found := strings.Cut(address, "]:")
		if !found {
			host, _, _ = strings.Cut(address, ":")
		}
		keys["aws:SourceIp"] = strings.TrimPrefix(host, "[")
	}
	if agent := c.R.UserAgent(); agent != "" {
		keys["aws:UserAgent"] = agent
	}
	for name, values := range c.R.Header {
		if key := headerKeys[name]; key != "" && len(values) > 0 {
			keys[key] = values[0]
		}
	}
	for name, values := range c.Query {
		if key := queryKeys[name]; key != "" {
			keys[key] = values[0]
		}
	}
	if c.Bucket != nil {
		keys["aws:ResourceAccount"] = c.Bucket.Owner
		keys["s3:ResourceAccount"] = c.Bucket.Owner
		if c.Key != "" {
			if v, err := c.Bucket.Find(c.Key, c.Query.Get("versionId")); err == nil {
				for _, tag := range v.Tags {
					keys["s3:ExistingObjectTag/"+tag.Key] = tag.Value
				}
			}
		}
	}
	// A header that can't be read is refused by the operation itself.
	tags, _ := c.HeaderTags()
	for _, tag := range tags {
		keys["s3:RequestObjectTag/"+tag.Key] = tag.Value
	}
	maps.Copy(keys, more)
	return keys
}
