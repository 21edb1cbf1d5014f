package sandbox_test

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"
)

const fiveMiB = 5 << 20

// completion lists parts as CompleteMultipartUpload wants them: number, etag,
// number, etag …
func completion(parts ...string) string {
	var b strings.Builder
	for i := 0; i < len(parts); i += 2 {
		b.WriteString("<Part><PartNumber>" + parts[i] + "</PartNumber><ETag>" + parts[i+1] + "</ETag></Part>")
	}
	return "<CompleteMultipartUpload>" + b.String() + "</CompleteMultipartUpload>"
}

func md5Of(parts ...string) string {
	sum := md5.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

// joinedETag is the ETag of a multipart upload of those parts.
func joinedETag(parts ...string) string {
	var sums []byte
	for _, p := range parts {
		sum := md5.Sum([]byte(p))
		sums = append(sums, sum[:]...)
	}
	sum := md5.Sum(sums)
	return hex.EncodeToString(sum[:]) + "-" + strconv.Itoa(len(parts))
}

func sha256Of(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func TestMultipartUploadsBehaveAsInS3(t *testing.T) {
	large, small := strings.Repeat("a", fiveMiB), "tail"
	begin := step{do: "POST /plain/k?uploads", status: 200, save: map[string]string{"id": "UploadId"}}
	one := step{do: "PUT /plain/k?partNumber=1&uploadId={id}", body: large, status: 200, save: map[string]string{"e1": "Etag"}}
	two := step{do: "PUT /plain/k?partNumber=2&uploadId={id}", body: small, status: 200, save: map[string]string{"e2": "Etag"}}
	for name, steps := range map[string][]step{
		"whole": {
			{do: "POST /plain/k?uploads", header: "Content-Type: text/x\nX-Amz-Meta-M: v\nX-Amz-Tagging: a=1", status: 200, save: map[string]string{"id": "UploadId"}},
			one, two,
			{do: "GET /plain/k", status: 404, code: "NoSuchKey"},
			{do: "GET /plain?uploads", status: 200, says: "<UploadId>{id}</UploadId>"},
			{do: "GET /plain/k?uploadId={id}", status: 200, says: "<PartNumber>1</PartNumber>\n<Size>5242880</Size>\n<IsTruncated>false</IsTruncated>"},
			{do: "GET /plain/k?uploadId={id}&max-parts=1", status: 200, says: "<IsTruncated>true</IsTruncated>\n<NextPartNumberMarker>1</NextPartNumberMarker>\n-<PartNumber>2"},
			{do: "GET /plain/k?uploadId={id}&part-number-marker=1", status: 200, says: "<PartNumber>2</PartNumber>\n-<PartNumber>1<"},
			{do: "POST /plain/k?uploadId={id}", body: completion("1", "{e1}", "2", "{e2}"), status: 200, says: "<ETag>&#34;" + joinedETag(large, small) + "&#34;</ETag>"},
			{do: "HEAD /plain/k", status: 200, have: "Content-Length: 5242884\nContent-Type: text/x\nX-Amz-Meta-M: v\nX-Amz-Tagging-Count: 1\n-X-Amz-Mp-Parts-Count"},
			{do: "GET /plain/k?partNumber=2", status: 206, says: small, have: "X-Amz-Mp-Parts-Count: 2\nContent-Length: 4\nContent-Range: bytes 5242880-5242883/5242884"},
			{do: "GET /plain/k?partNumber=3", status: 416, code: "InvalidPartNumber"},
			{do: "GET /plain/k", header: "Range: bytes=5242879-", status: 206, says: "atail"},
			{do: "GET /plain?uploads", status: 200, says: "-<Upload>"},
			// A completion that is sent again is answered again.
			{do: "POST /plain/k?uploadId={id}", body: completion("1", "{e1}", "2", "{e2}"), status: 200, says: joinedETag(large, small)},
			{do: "PUT /plain/k?partNumber=3&uploadId={id}", body: small, status: 404, code: "NoSuchUpload"},
			{do: "DELETE /plain/k?uploadId={id}", status: 404, code: "NoSuchUpload"},
			// A copy is of one piece.
			{do: "PUT /plain/copy", header: "X-Amz-Copy-Source: plain/k", status: 200, says: md5Of(large, small)},
			{do: "HEAD /plain/copy", status: 200, have: `Etag: "` + md5Of(large, small) + `"`},
		},
		"aborted": {
			begin, one,
			{do: "DELETE /plain/k?uploadId={id}", status: 204},
			{do: "DELETE /plain/k?uploadId={id}", status: 404, code: "NoSuchUpload"},
			{do: "GET /plain/k?uploadId={id}", status: 404, code: "NoSuchUpload"},
			{do: "POST /plain/k?uploadId={id}", body: completion("1", "{e1}"), status: 404, code: "NoSuchUpload"},
			{do: "PUT /plain/k?partNumber=1&uploadId=junk", body: small, status: 404, code: "NoSuchUpload"},
		},
		"wrong completions": {
			begin, one, two,
			{do: "POST /plain/k?uploadId={id}", body: completion(), status: 400, code: "MalformedXML"},
			{do: "POST /plain/k?uploadId={id}", status: 400, code: "MalformedXML"},
			{do: "POST /plain/k?uploadId={id}", body: "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>", status: 400, code: "MalformedXML"},
			{do: "POST /plain/k?uploadId={id}", body: completion("1", "{e1}", "9999", "{e2}"), status: 400, code: "InvalidPart"},
			{do: "POST /plain/k?uploadId={id}", body: completion("1", "ffffffffffffffffffffffffffffffff"), status: 400, code: "InvalidPart"},
			{do: "POST /plain/k?uploadId={id}", body: completion("2", "{e2}", "1", "{e1}"), status: 400, code: "InvalidPartOrder"},
			{do: "POST /plain/k?uploadId={id}", body: completion("1", "{e1}", "1", "{e1}"), status: 400, code: "InvalidPartOrder"},
			{do: "POST /plain/k?uploadId={id}", body: completion("0", "{e1}"), status: 400, code: "InvalidArgument"},
			{do: "PUT /plain/k?partNumber=3&uploadId={id}", body: small, status: 200, save: map[string]string{"e3": "Etag"}},
			{do: "POST /plain/k?uploadId={id}", body: completion("2", "{e2}", "3", "{e3}"), status: 400, code: "EntityTooSmall", says: "<MinSizeAllowed>5242880</MinSizeAllowed>\n<PartNumber>2</PartNumber>"},
			{do: "POST /plain/k?uploadId={id}", header: "X-Amz-Mp-Object-Size: 1", body: completion("1", "{e1}"), status: 400, code: "InvalidRequest"},
			{do: "POST /plain/k?uploadId={id}", header: "X-Amz-Mp-Object-Size: -1", body: completion("1", "{e1}"), status: 400, code: "InvalidRequest"},
			{do: "POST /plain/k?uploadId={id}", header: "X-Amz-Checksum-Crc32: AAAAAA==\nX-Amz-Checksum-Sha1: Ys23Ag/5IOWqZCw9QGaVDdHwH00=", body: completion("1", "{e1}"), status: 400, code: "InvalidRequest"},
			{do: "POST /plain/k?uploadId={id}", body: completion("3", "{e3}"), status: 200},
		},
		"parts are replaced, their numbers bounded": {
			begin, one,
			{do: "PUT /plain/k?partNumber=1&uploadId={id}", body: small, status: 200, save: map[string]string{"again": "Etag"}},
			{do: "PUT /plain/k?partNumber=0&uploadId={id}", body: small, status: 400, code: "InvalidArgument"},
			{do: "PUT /plain/k?partNumber=10001&uploadId={id}", body: small, status: 400, code: "InvalidArgument"},
			{do: "POST /plain/k?uploadId={id}", body: completion("1", "{e1}"), status: 400, code: "InvalidPart"},
			{do: "POST /plain/k?uploadId={id}", body: completion("1", "{again}"), header: "If-None-Match: *", status: 200},
			{do: "POST /plain/k?uploads", status: 200, save: map[string]string{"id": "UploadId"}},
			{do: "PUT /plain/k?partNumber=7&uploadId={id}", body: small, status: 200, save: map[string]string{"e": "Etag"}},
			{do: "POST /plain/k?uploadId={id}", body: completion("7", "{e}"), header: "If-None-Match: *", status: 412, code: "PreconditionFailed"},
			{do: "POST /plain/k?uploadId={id}", body: completion("7", "{e}"), header: `If-Match: "junk"`, status: 412, code: "PreconditionFailed"},
			{do: "POST /plain/k?uploadId={id}", body: completion("7", "{e}"), status: 200},
		},
		"composite checksums": {
			{do: "POST /plain/k?uploads", header: "X-Amz-Checksum-Algorithm: SHA256", status: 200, have: "X-Amz-Checksum-Type: COMPOSITE", save: map[string]string{"id": "UploadId"}},
			{do: "PUT /plain/k?partNumber=1&uploadId={id}", body: small, status: 400, code: "InvalidRequest"},
			{do: "PUT /plain/k?partNumber=1&uploadId={id}", body: small, header: "X-Amz-Checksum-Crc32: AAAAAA==", status: 400},
			{do: "PUT /plain/k?partNumber=1&uploadId={id}", body: small, header: "X-Amz-Checksum-Sha256: " + sha256Of(small), status: 200, save: map[string]string{"e1": "Etag"}},
			{do: "POST /plain/k?uploadId={id}", body: completion("1", "{e1}"), status: 400, code: "InvalidRequest"},
			{do: "POST /plain/k?uploadId={id}", body: "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{e1}</ETag><ChecksumSHA256>" + sha256Of("else") + "</ChecksumSHA256></Part></CompleteMultipartUpload>", status: 400, code: "InvalidPart"},
			{do: "POST /plain/k?uploadId={id}", body: "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{e1}</ETag><ChecksumSHA256>" + sha256Of(small) + "</ChecksumSHA256></Part></CompleteMultipartUpload>", status: 200, says: "<ChecksumType>COMPOSITE</ChecksumType>\n=-1</ChecksumSHA256>"},
			{do: "POST /plain/k?uploads", header: "X-Amz-Checksum-Algorithm: SHA256\nX-Amz-Checksum-Type: FULL_OBJECT", status: 400, code: "InvalidRequest"},
			{do: "POST /plain/k?uploads", header: "X-Amz-Checksum-Algorithm: CRC64NVME\nX-Amz-Checksum-Type: COMPOSITE", status: 400, code: "InvalidRequest"},
			{do: "POST /plain/k?uploads", header: "X-Amz-Checksum-Algorithm: SUM", status: 400, code: "InvalidRequest"},
			{do: "POST /plain/k?uploads", header: "X-Amz-Checksum-Type: FULL_OBJECT", status: 400, code: "InvalidRequest"},
		},
		"parts by copy": {
			{do: "PUT /plain/source", body: "0123456789", status: 200},
			begin,
			{do: "PUT /plain/k?partNumber=1&uploadId={id}", header: "X-Amz-Copy-Source: plain/source\nX-Amz-Copy-Source-Range: bytes=2-4", status: 200, says: md5Of("234")},
			{do: "PUT /plain/k?partNumber=2&uploadId={id}", header: "X-Amz-Copy-Source: plain/source", status: 200, says: md5Of("0123456789")},
			{do: "PUT /plain/k?partNumber=2&uploadId={id}", header: "X-Amz-Copy-Source: plain/source\nX-Amz-Copy-Source-Range: bytes=0-10", status: 400, code: "InvalidArgument"},
			{do: "PUT /plain/k?partNumber=2&uploadId={id}", header: "X-Amz-Copy-Source: plain/source\nX-Amz-Copy-Source-Range: bytes=4-", status: 400, code: "InvalidArgument"},
			{do: "PUT /plain/k?partNumber=2&uploadId={id}", header: "X-Amz-Copy-Source: plain/source\nX-Amz-Copy-Source-Range: bytes=4-2", status: 400, code: "InvalidArgument"},
			{do: "PUT /plain/k?partNumber=2&uploadId={id}", header: "X-Amz-Copy-Source: plain/source\nX-Amz-Copy-Source-Range: 0-2", status: 400, code: "InvalidArgument"},
			{do: "PUT /plain/k?partNumber=2&uploadId={id}", header: "X-Amz-Copy-Source: plain/source\nX-Amz-Copy-Source-If-Match: \"x\"", status: 412, code: "PreconditionFailed"},
			{do: "PUT /plain/k?partNumber=2&uploadId={id}", header: "X-Amz-Copy-Source: plain/none", status: 404, code: "NoSuchKey"},
		},
		"listing uploads": {
			{do: "POST /plain/a/1?uploads", status: 200, save: map[string]string{"a1": "UploadId"}},
			{do: "POST /plain/a/1?uploads", status: 200, save: map[string]string{"a2": "UploadId"}},
			{do: "POST /plain/b?uploads", status: 200, save: map[string]string{"b": "UploadId"}},
			{do: "GET /plain?uploads&delimiter=/", status: 200, says: "<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>\n{b}\n-{a1}"},
			{do: "GET /plain?uploads&prefix=a", status: 200, says: "{a1}\n{a2}\n-{b}"},
			{do: "GET /plain?uploads&max-uploads=1", status: 200, says: "{a1}\n<IsTruncated>true</IsTruncated>\n<NextUploadIdMarker>{a1}</NextUploadIdMarker>\n-{a2}"},
			{do: "GET /plain?uploads&key-marker=a/1&upload-id-marker={a1}", status: 200, says: "{a2}\n{b}"},
			{do: "GET /plain?uploads&key-marker=a/1", status: 200, says: "{b}\n-{a2}"},
			{do: "GET /plain?uploads&key-marker=a/1&upload-id-marker=junk", status: 400, code: "InvalidArgument"},
			{do: "DELETE /plain", status: 204},
		},
	} {
		t.Run(name, func(t *testing.T) { play(t, steps) })
	}
}

func TestCopiesBehaveAsInS3(t *testing.T) {
	itself := "X-Amz-Copy-Source: plain/k"
	for name, steps := range map[string][]step{
		"between buckets and keys": {
			{do: "PUT /plain/a%20b%2Bc/%C3%BC", body: "foo", header: "Content-Type: text/x\nX-Amz-Meta-M: v\nX-Amz-Tagging: a=1", status: 200},
			{do: "PUT /versioned/copy", header: "X-Amz-Copy-Source: /plain/a%20b%2Bc/%C3%BC", status: 200, says: md5Of("foo")},
			{do: "GET /versioned/copy", status: 200, says: "foo", have: "Content-Type: text/x\nX-Amz-Meta-M: v\nX-Amz-Tagging-Count: 1"},
			{do: "PUT /versioned/copy", header: "X-Amz-Copy-Source: plain/a%20b%2Bc/%C3%BC\nX-Amz-Metadata-Directive: REPLACE\nX-Amz-Meta-N: w\nX-Amz-Tagging-Directive: REPLACE\nX-Amz-Tagging: b=2&c=3", status: 200},
			{do: "HEAD /versioned/copy", status: 200, have: "Content-Type: binary/octet-stream\n-X-Amz-Meta-M\nX-Amz-Meta-N: w\nX-Amz-Tagging-Count: 2"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: plain/none", status: 404, code: "NoSuchKey", have: "-X-Amz-Version-Id"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: nowhere/k", status: 404, code: "NoSuchBucket"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: plain", status: 400, code: "InvalidArgument"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: plain/%zz", status: 400, code: "InvalidArgument"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: versioned/copy\nX-Amz-Metadata-Directive: MERGE", status: 400, code: "InvalidArgument"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: versioned/copy\nX-Amz-Source-Expected-Bucket-Owner: 111111111111", status: 403, code: "AccessDenied"},
		},
		"onto itself": {
			{do: "PUT /plain/k", body: "x", header: "X-Amz-Meta-M: v", status: 200},
			{do: "PUT /plain/k", header: itself, status: 400, code: "InvalidRequest"},
			{do: "PUT /plain/k", header: itself + "\nX-Amz-Storage-Class: STANDARD_IA", status: 200},
			{do: "PUT /plain/k", header: itself + "\nX-Amz-Metadata-Directive: REPLACE\nX-Amz-Meta-N: w", status: 200},
			{do: "HEAD /plain/k", status: 200, have: "-X-Amz-Meta-M\nX-Amz-Meta-N: w"},
		},
		"of versions": {
			{do: "PUT /versioned/k", body: "one", status: 200, save: map[string]string{"v1": "X-Amz-Version-Id"}},
			{do: "PUT /versioned/k", body: "two", status: 200, save: map[string]string{"v2": "X-Amz-Version-Id"}},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: versioned/k?versionId={v1}", status: 200, have: "X-Amz-Copy-Source-Version-Id: {v1}\n-X-Amz-Version-Id"},
			{do: "GET /plain/c", status: 200, says: "one"},
			{do: "PUT /versioned/k", header: "X-Amz-Copy-Source: versioned/k?versionId={v1}", status: 200},
			{do: "GET /versioned/k", status: 200, says: "one"},
			{do: "DELETE /versioned/k", status: 204, save: map[string]string{"m": "X-Amz-Version-Id"}},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: versioned/k", status: 404, code: "NoSuchKey"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: versioned/k?versionId={m}", status: 400, code: "InvalidRequest"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: versioned/k?versionId=junk", status: 400, code: "InvalidArgument"},
		},
		"with conditions": {
			{do: "PUT /plain/k", body: "x", status: 200, save: map[string]string{"etag": "Etag"}},
			{do: "HEAD /plain/k", status: 200, save: map[string]string{"now": "Last-Modified"}},
			{do: "PUT /plain/c", header: itself + "\nX-Amz-Copy-Source-If-Match: {etag}", status: 200},
			{do: "PUT /plain/c", header: itself + "\nX-Amz-Copy-Source-If-Match: x", status: 412, code: "PreconditionFailed"},
			{do: "PUT /plain/c", header: itself + "\nX-Amz-Copy-Source-If-None-Match: {etag}", status: 412, code: "PreconditionFailed"},
			{do: "PUT /plain/c", header: itself + "\nX-Amz-Copy-Source-If-None-Match: x", status: 200},
			{do: "PUT /plain/c", header: itself + "\nX-Amz-Copy-Source-If-Modified-Since: {now}", status: 412, code: "PreconditionFailed"},
			{do: "PUT /plain/c", header: itself + "\nX-Amz-Copy-Source-If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT", status: 412, code: "PreconditionFailed"},
			{do: "PUT /plain/c", header: itself + "\nIf-None-Match: *", status: 412, code: "PreconditionFailed"},
		},
		"with another checksum": {
			{do: "PUT /plain/k", body: "bar", status: 200},
			{do: "PUT /plain/c", header: itself + "\nX-Amz-Checksum-Algorithm: SHA256", status: 200, says: "<ChecksumSHA256>" + sha256Of("bar") + "</ChecksumSHA256>"},
			{do: "HEAD /plain/c", header: "X-Amz-Checksum-Mode: ENABLED", status: 200, have: "X-Amz-Checksum-Sha256: " + sha256Of("bar")},
		},
	} {
		t.Run(name, func(t *testing.T) { play(t, steps) })
	}
}

// Conditions go by what a request says: of an upload in parts by what its
// beginning said, but for conditional headers, which only its end can have.
func TestConditionsGoByTheHeadersOfAnUpload(t *testing.T) {
	policy := func(statements ...string) string {
		for i, s := range statements {
			statements[i] = `{"Effect":"Deny","Principal":"*","Resource":"arn:aws:s3:::plain/*",` + s + `}`
		}
		return `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`
	}
	const put = `"Action":"s3:PutObject","Condition":`
	encrypted := policy(put + `{"Null":{"s3:x-amz-server-side-encryption":"true"}}`)
	tagged := policy(put + `{"ForAllValues:StringNotEquals":{"s3:RequestObjectTagKeys":["team","owner"]}}`)
	once := policy(put + `{"Null":{"s3:if-none-match":"true"},"Bool":{"s3:ObjectCreationOperation":"true"}}`)
	begin := step{do: "POST /plain/p?uploads", status: 200, save: map[string]string{"id": "UploadId"}}
	part := step{do: "PUT /plain/p?partNumber=1&uploadId={id}", body: "x", status: 200, save: map[string]string{"e": "Etag"}}
	end := step{do: "POST /plain/p?uploadId={id}", body: completion("1", "{e}"), status: 200}
	with := func(s step, header string) step {
		s.header = header
		return s
	}
	for name, steps := range map[string][]step{
		"encryption": {
			{do: "PUT /plain?policy", body: encrypted, status: 204},
			{do: "PUT /plain/k", body: "x", status: 403, code: "AccessDenied", says: "with an explicit deny in a resource-based policy"},
			{do: "PUT /plain/k", header: "X-Amz-Server-Side-Encryption: AES256", body: "x", status: 200},
			{do: "POST /plain/p?uploads", status: 403, code: "AccessDenied"},
			with(begin, "X-Amz-Server-Side-Encryption: AES256"), part, end,
		},
		"names of tags": {
			{do: "PUT /plain?policy", body: tagged, status: 204},
			{do: "PUT /plain/k", header: "X-Amz-Tagging: other=1", body: "x", status: 403, code: "AccessDenied"},
			{do: "PUT /plain/k", header: "X-Amz-Tagging: other=1&team=2", body: "x", status: 200},
			with(begin, "X-Amz-Tagging: team=2"), part, end,
		},
		"a new key": {
			{do: "PUT /plain?policy", body: once, status: 204},
			{do: "PUT /plain/k", body: "x", status: 403, code: "AccessDenied"},
			{do: "PUT /plain/k", header: "If-None-Match: *", body: "x", status: 200},
			begin, part,
			{do: "POST /plain/p?uploadId={id}", body: completion("1", "{e}"), status: 403, code: "AccessDenied"},
			with(end, "If-None-Match: *"),
		},
		"tags and ACLs take rights of their own": {
			{do: "PUT /plain?policy", body: policy(`"Action":["s3:PutObjectTagging","s3:PutObjectAcl"]`), status: 204},
			{do: "PUT /plain/k", body: "x", status: 200},
			{do: "PUT /plain/k", header: "X-Amz-Tagging: a=1", body: "x", status: 403, code: "AccessDenied", says: "s3:PutObjectTagging"},
			{do: "PUT /plain/k", header: "X-Amz-Acl: bucket-owner-full-control", body: "x", status: 403, code: "AccessDenied", says: "s3:PutObjectAcl"},
		},
		"tags that are there do not count for deletes": {
			{do: "PUT /plain/k", header: "X-Amz-Tagging: kept=yes", body: "x", status: 200},
			{do: "PUT /plain?policy", body: policy(`"Action":["s3:DeleteObject","s3:GetObject"],"Condition":{"StringEquals":{"s3:ExistingObjectTag/kept":"yes"}}`), status: 204},
			{do: "GET /plain/k", status: 403, code: "AccessDenied"},
			{do: "DELETE /plain/k", status: 204},
		},
	} {
		t.Run(name, func(t *testing.T) { play(t, steps) })
	}
}
