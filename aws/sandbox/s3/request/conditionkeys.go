package request

import (
	"crypto/tls"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/store"
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

// SaidOfObject is what the headers say of an object to be: the parts of an
// upload, and its end, go by those of its beginning.
func (c *Call) SaidOfObject() map[string]string {
	said := map[string]string{}
	for name, values := range c.R.Header {
		if key := headerKeys[name]; key != "" && len(values) > 0 && !strings.HasPrefix(name, "If-") && key != "s3:x-amz-content-sha256" {
			said[key] = values[0]
		}
	}
	// A header that can't be read is refused by the operation itself.
	tags, _ := c.HeaderTags()
	maps.Copy(said, SaidOfTags(tags))
	return said
}

// SaidOfTags is what the tags that an object is to have say to conditions.
func SaidOfTags(tags []store.Tag) map[string]string {
	if len(tags) == 0 {
		return nil
	}
	said := map[string]string{}
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = tag.Key
		said["s3:RequestObjectTag/"+tag.Key] = tag.Value
	}
	said["s3:RequestObjectTagKeys"] = strings.Join(names, iam.Several)
	return said
}

// creates says whether an operation makes an object, as the key
// s3:ObjectCreationOperation tells: the beginning and the parts of an upload do
// not (S3 User Guide, "Enforce conditional writes on Amazon S3 buckets").
func (c *Call) creates() bool {
	begins := c.R.Method == http.MethodPost && c.Query.Has("uploads")
	return !begins && (!c.Query.Has("uploadId") || c.R.Method == http.MethodPost)
}

// tlsVersions are those of the key s3:TlsVersion.
var tlsVersions = map[uint16]string{tls.VersionTLS12: "1.2", tls.VersionTLS13: "1.3"}

// ofExisting says whether an action may go by the tags of the object that is
// there: not those that write or delete it (S3 User Guide, "Tagging and access
// control policies").
func ofExisting(action string) bool {
	return !slices.Contains([]string{"s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion"}, action)
}

// conditionKeys returns what a request says to the conditions of policies about
// an action, with more keys of the operation added.
func (c *Call) conditionKeys(action string, more map[string]string) map[string]string {
	keys := make(map[string]string, len(more)+12)
	if strings.HasPrefix(action, "s3:PutObject") {
		keys["s3:ObjectCreationOperation"] = strconv.FormatBool(c.creates())
	}
	if id := c.Query.Get("uploadId"); id != "" && c.Bucket != nil {
		if upload, err := c.Bucket.Upload(c.Key, id); err == nil {
			maps.Copy(keys, upload.Said)
		}
	}
	if c.R.TLS != nil && tlsVersions[c.R.TLS.Version] != "" {
		keys["s3:TlsVersion"] = tlsVersions[c.R.TLS.Version]
	}
	keys["aws:SecureTransport"] = strconv.FormatBool(c.R.TLS != nil)
	keys["aws:RequestedRegion"] = c.Caller.Region
	keys["s3:signatureversion"] = "AWS4-HMAC-SHA256"
	if c.Caller.Version2 {
		keys["s3:signatureversion"] = "AWS"
	}
	keys["s3:authType"] = "REST-HEADER"
	switch {
	case c.Caller.Form != nil:
		keys["s3:authType"] = "POST"
	case c.Query.Has("X-Amz-Signature"):
		keys["s3:authType"] = "REST-QUERY-STRING"
	}
	if c.R.RemoteAddr != "" {
		keys["aws:SourceIp"] = c.sourceIP()
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
		if c.Key != "" && ofExisting(action) {
			if v, err := c.Bucket.Find(c.Key, c.Query.Get("versionId")); err == nil {
				for _, tag := range v.Tags {
					keys["s3:ExistingObjectTag/"+tag.Key] = tag.Value
				}
			}
		}
	}
	tags, _ := c.HeaderTags() // as in SaidOfObject
	maps.Copy(keys, SaidOfTags(tags))
	maps.Copy(keys, more)
	return keys
}

// sourceIP is where the request comes from.
func (c *Call) sourceIP() string {
	host, _, found := strings.Cut(c.R.RemoteAddr, "]:")
	if !found {
		host, _, _ = strings.Cut(c.R.RemoteAddr, ":")
	}
	return strings.TrimPrefix(host, "[")
}
