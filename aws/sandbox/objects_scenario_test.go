package sandbox_test

import (
	"strings"
	"testing"
)

// The behaviours that the field's conformance suites hold S3 servers to.
func TestObjectsBehaveAsInS3(t *testing.T) {
	for name, steps := range map[string][]step{
		"put, get, head, delete": {
			{do: "PUT /plain/k", body: "hello", status: 200, have: "Etag: \"5d41402abc4b2a76b9719d911017c592\"\n-X-Amz-Version-Id\nX-Amz-Server-Side-Encryption: AES256"},
			{do: "GET /plain/k", status: 200, says: "hello", have: "Accept-Ranges: bytes\nContent-Type: binary/octet-stream\nContent-Length: 5\n-X-Amz-Version-Id\n-X-Amz-Storage-Class"},
			{do: "HEAD /plain/k", status: 200, have: "Content-Length: 5"},
			{do: "DELETE /plain/k", status: 204, have: "-X-Amz-Delete-Marker"},
			{do: "GET /plain/k", status: 404, code: "NoSuchKey", says: "<Key>k</Key>"},
			{do: "HEAD /plain/k", status: 404},
			{do: "DELETE /plain/k", status: 204},
			{do: "GET /nowhere/k", status: 404, code: "NoSuchBucket"},
			{do: "HEAD /nowhere/k", status: 404},
			{do: "PUT /nowhere/k", body: "x", status: 404, code: "NoSuchBucket"},
		},
		"headers are kept, the next write starts afresh": {
			{do: "PUT /plain/k", body: "x", status: 200, header: "Content-Type: text/plain\nCache-Control: no-store\nContent-Disposition: inline\nContent-Encoding: gzip\nContent-Language: de\nExpires: Thu, 01 Dec 2044 16:00:00 GMT\nX-Amz-Meta-One: 1\nX-Amz-Meta-Empty: \nX-Amz-Storage-Class: STANDARD_IA\nX-Amz-Website-Redirect-Location: /other"},
			{do: "HEAD /plain/k", status: 200, have: "Content-Type: text/plain\nCache-Control: no-store\nContent-Disposition: inline\nContent-Encoding: gzip\nContent-Language: de\nExpires: Thu, 01 Dec 2044 16:00:00 GMT\nX-Amz-Meta-One: 1\nX-Amz-Storage-Class: STANDARD_IA\nX-Amz-Website-Redirect-Location: /other"},
			{do: "PUT /plain/k", body: "x", status: 200},
			{do: "HEAD /plain/k", status: 200, have: "Content-Type: binary/octet-stream\n-Cache-Control\n-X-Amz-Meta-One\n-X-Amz-Storage-Class\n-Content-Encoding"},
			{do: "PUT /plain/m", body: "x", status: 200, header: "X-Amz-Meta-N: =?UTF-8?Q?=C3=A4?="},
			{do: "HEAD /plain/m", status: 200, have: "X-Amz-Meta-N: =?UTF-8?b?w6Q=?="},
			{do: "PUT /plain/k", body: "x", status: 400, code: "MetadataTooLarge", header: "X-Amz-Meta-Long: " + strings.Repeat("a", 2048)},
			{do: "PUT /plain/k", body: "x", status: 400, code: "InvalidStorageClass", header: "X-Amz-Storage-Class: COLD"},
			{do: "PUT /plain/k", body: "x", status: 400, code: "InvalidRedirectLocation", header: "X-Amz-Website-Redirect-Location: other"},
			{do: "PUT /plain/k", body: "x", status: 400, code: "InvalidArgument", header: "X-Amz-Server-Side-Encryption: rot13"},
			{do: "PUT /plain/k?partNumber=1", body: "x", status: 400, code: "InvalidArgument"},
			{do: "PUT /plain/" + strings.Repeat("k", 1024), body: "x", status: 200},
			{do: "PUT /plain/" + strings.Repeat("k", 1025), body: "x", status: 400, code: "KeyTooLongError"},
			{do: "GET /plain/k?response-content-type=a/b&response-cache-control=c&response-expires=e&response-content-language=l&response-content-disposition=d&response-content-encoding=aws", status: 200, have: "Content-Type: a/b\nCache-Control: c\nExpires: e\nContent-Language: l\nContent-Disposition: d\nContent-Encoding: aws"},
		},
		"digests and checksums are held to the bytes": {
			{do: "PUT /plain/k", body: "bar", status: 200, header: "Content-Md5: N7UdGUp1E+RbVvZSTy1R8g=="},
			{do: "PUT /plain/k", body: "bar", status: 400, code: "BadDigest", header: "Content-Md5: rL0Y20zC+Fzt72VPzMSk2A=="},
			{do: "PUT /plain/k", body: "bar", status: 400, code: "InvalidDigest", header: "Content-Md5: YWJyYWNhZGFicmE="},
			{do: "PUT /plain/k", body: "bar", status: 200, header: "X-Amz-Checksum-Sha256: /N4rLtula/QIYB+3If6bXDONEO5CnqBPrlURto+/j7k="},
			{do: "HEAD /plain/k", status: 200, header: "X-Amz-Checksum-Mode: ENABLED", have: "X-Amz-Checksum-Sha256: /N4rLtula/QIYB+3If6bXDONEO5CnqBPrlURto+/j7k=\nX-Amz-Checksum-Type: FULL_OBJECT"},
			{do: "HEAD /plain/k", status: 200, have: "-X-Amz-Checksum-Sha256"},
			{do: "PUT /plain/k", body: "bar", status: 400, code: "BadDigest", header: "X-Amz-Checksum-Crc32: AAAAAA=="},
			{do: "PUT /plain/k", body: "bar", status: 400, code: "InvalidRequest", header: "X-Amz-Checksum-Crc32: AAAA"},
			{do: "PUT /plain/k", body: "bar", status: 400, code: "InvalidRequest", header: "X-Amz-Checksum-Crc32: dv+M/g==\nX-Amz-Checksum-Sha1: Ys23Ag/5IOWqZCw9QGaVDdHwH00="},
			{do: "PUT /plain/k", body: "bar", status: 400, code: "InvalidRequest", header: "X-Amz-Checksum-Sum: AAAA"},
			{do: "PUT /plain/k", body: "bar", status: 400, code: "InvalidRequest", header: "X-Amz-Sdk-Checksum-Algorithm: CRC32"},
			{do: "PUT /plain/k", body: "bar", status: 400, code: "BadDigest", header: "X-Amz-Checksum-Xxhash64: AAAAAAAAAAA="},
			{do: "PUT /plain/k", body: "bar", status: 400, code: "InvalidRequest", header: "X-Amz-Checksum-Xxhash128: AAAAAAAAAAA="},
			{do: "PUT /plain/k", body: "bar", status: 200},
			{do: "HEAD /plain/k", status: 200, header: "X-Amz-Checksum-Mode: ENABLED", have: "X-Amz-Checksum-Type: FULL_OBJECT"},
		},
		"ranges": {
			{do: "PUT /plain/k", body: "testcontent", status: 200},
			{do: "PUT /plain/empty", status: 200},
			{do: "GET /plain/k", header: "Range: bytes=4-7", status: 206, says: "cont", have: "Content-Range: bytes 4-7/11\nContent-Length: 4"},
			{do: "GET /plain/k", header: "Range: bytes=4-", status: 206, says: "content", have: "Content-Range: bytes 4-10/11"},
			{do: "GET /plain/k", header: "Range: bytes=-7", status: 206, says: "content", have: "Content-Range: bytes 4-10/11"},
			{do: "GET /plain/k", header: "Range: bytes=-70", status: 206, says: "testcontent", have: "Content-Range: bytes 0-10/11"},
			{do: "GET /plain/k", header: "Range: bytes=4-700", status: 206, says: "content", have: "Content-Range: bytes 4-10/11"},
			{do: "GET /plain/k", header: "Range: bytes=40-50", status: 416, code: "InvalidRange"},
			{do: "GET /plain/k", header: "Range: bytes=-0", status: 416, code: "InvalidRange"},
			{do: "GET /plain/empty", header: "Range: bytes=40-50", status: 416, code: "InvalidRange"},
			{do: "GET /plain/k", header: "Range: bytes=7-4", status: 200, says: "testcontent"},
			{do: "GET /plain/k", header: "Range: lines=1-2", status: 200, says: "testcontent"},
			{do: "GET /plain/k", header: "Range: bytes=0-1,3-4", status: 200, says: "testcontent"},
			{do: "GET /plain/k?partNumber=1", status: 206, says: "testcontent"},
			{do: "GET /plain/k?partNumber=2", status: 416, code: "InvalidPartNumber"},
			{do: "GET /plain/k?partNumber=0", status: 400, code: "InvalidArgument"},
			{do: "GET /plain/k?partNumber=1", header: "Range: bytes=0-1", status: 400, code: "InvalidRequest"},
		},
		"conditional reads": {
			{do: "PUT /plain/k", body: "bar", status: 200, save: map[string]string{"etag": "Etag"}},
			{do: "GET /plain/k", header: `If-Match: "{etag}"`, status: 200},
			{do: "GET /plain/k", header: `If-Match: "ABCORZ"`, status: 412, code: "PreconditionFailed", says: "<Condition>If-Match</Condition>"},
			{do: "GET /plain/k", header: `If-None-Match: "{etag}"`, status: 304, have: `Etag: "{etag}"`},
			{do: "HEAD /plain/k", header: `If-None-Match: *`, status: 304},
			{do: "GET /plain/k", header: `If-None-Match: "ABCORZ"`, status: 200},
			{do: "GET /plain/k", header: "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT", status: 200},
			{do: "HEAD /plain/k", status: 200, save: map[string]string{"now": "Last-Modified"}},
			{do: "GET /plain/k", header: "If-Modified-Since: {now}", status: 304},
			{do: "GET /plain/k", header: "If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT", status: 412, code: "PreconditionFailed"},
			{do: "GET /plain/k", header: "If-Unmodified-Since: Sat, 29 Oct 2124 19:43:31 GMT", status: 200},
			{do: "GET /plain/k", header: "If-Match: \"{etag}\"\nIf-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT", status: 200},
			{do: "GET /plain/k", header: "If-None-Match: \"{etag}\"\nIf-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT", status: 304},
		},
		"conditional writes and deletes": {
			{do: "PUT /plain/k", body: "a", header: `If-Match: "x"`, status: 404, code: "NoSuchKey"},
			{do: "PUT /plain/k", body: "a", header: "If-None-Match: *", status: 200, save: map[string]string{"etag": "Etag"}},
			{do: "PUT /plain/k", body: "b", header: "If-None-Match: *", status: 412, code: "PreconditionFailed"},
			{do: "PUT /plain/k", body: "b", header: `If-None-Match: "x"`, status: 501, code: "NotImplemented"},
			{do: "PUT /plain/k", body: "b", header: `If-Match: "x"`, status: 412, code: "PreconditionFailed"},
			{do: "PUT /plain/k", body: "b", header: "If-Match: *", status: 501, code: "NotImplemented"},
			{do: "PUT /plain/k", body: "b", header: `If-Match: "{etag}"`, status: 200, save: map[string]string{"second": "Etag"}},
			{do: "DELETE /plain/k", header: `If-Match: "{etag}"`, status: 412, code: "PreconditionFailed"},
			{do: "GET /plain/k", status: 200, says: "b"},
			{do: "DELETE /plain/k", header: `If-Match: "{second}"`, status: 204},
			{do: "DELETE /plain/k", header: "If-Match: *", status: 404, code: "NoSuchKey"},
			{do: "PUT /versioned/k", body: "a", status: 200},
			{do: "DELETE /versioned/k", header: "If-Match: *", status: 204, have: "X-Amz-Delete-Marker: true"},
			{do: "DELETE /versioned/k", header: "If-Match: *", status: 412, code: "PreconditionFailed"},
			{do: "PUT /versioned/k", body: "b", header: "If-None-Match: *", status: 200},
		},
		"tags": {
			{do: "PUT /plain/k", body: "x", header: "X-Amz-Tagging: a=1&b=two%20words&c", status: 200},
			{do: "HEAD /plain/k", status: 200, have: "X-Amz-Tagging-Count: 3"},
			{do: "GET /plain/k?tagging", status: 200, says: "<Tag><Key>b</Key><Value>two words</Value></Tag>"},
			{do: "PUT /plain/k?tagging", body: "<Tagging><TagSet><Tag><Key>d</Key><Value>4</Value></Tag></TagSet></Tagging>", status: 200},
			{do: "GET /plain/k?tagging", status: 200, says: "<Key>d</Key>\n-<Key>a</Key>"},
			{do: "DELETE /plain/k?tagging", status: 204},
			{do: "GET /plain/k?tagging", status: 200, says: "<TagSet></TagSet>"},
			{do: "HEAD /plain/k", status: 200, have: "-X-Amz-Tagging-Count"},
			{do: "GET /plain/none?tagging", status: 404, code: "NoSuchKey"},
			{do: "PUT /plain/k?tagging", body: tagging(11, 1, 1), status: 400, code: "BadRequest"},
			{do: "PUT /plain/k?tagging", body: tagging(10, 128, 256), status: 200},
			{do: "PUT /plain/k?tagging", body: tagging(1, 129, 1), status: 400, code: "InvalidTag"},
			{do: "PUT /plain/k?tagging", body: tagging(1, 1, 257), status: 400, code: "InvalidTag"},
			{do: "PUT /plain/k?tagging", body: "<Tagging><TagSet><Tag><Key>a?</Key><Value>4</Value></Tag></TagSet></Tagging>", status: 400, code: "InvalidTag"},
			{do: "PUT /plain/k?tagging", body: "<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>", status: 400, code: "MalformedXML"},
			{do: "PUT /plain/k", body: "x", header: "X-Amz-Tagging: a=1&a=2", status: 400, code: "InvalidArgument"},
			{do: "GET /plain?tagging", status: 404, code: "NoSuchTagSet"},
			{do: "PUT /plain?tagging", body: tagging(51, 2, 1), status: 400, code: "BadRequest"},
			{do: "PUT /plain?tagging", body: tagging(2, 2, 1), status: 204},
			{do: "GET /plain?tagging", status: 200, says: "<TagSet><Tag>"},
			{do: "DELETE /plain?tagging", status: 204},
		},
		"archived objects are not read": {
			{do: "PUT /plain/k", body: "x", header: "X-Amz-Storage-Class: DEEP_ARCHIVE", status: 200},
			{do: "HEAD /plain/k", status: 200, have: "X-Amz-Storage-Class: DEEP_ARCHIVE"},
			{do: "GET /plain/k", status: 403, code: "InvalidObjectState", says: "<StorageClass>DEEP_ARCHIVE</StorageClass>"},
			{do: "PUT /plain/c", header: "X-Amz-Copy-Source: plain/k", status: 403, code: "InvalidObjectState"},
		},
		"what is unknown is never taken for the plain operation": {
			{do: "PUT /plain/k", body: "x", status: 200},
			{do: "PUT /plain/k?torrent", body: "junk", status: 501, code: "NotImplemented"},
			{do: "DELETE /plain?metadataTable&id=x", status: 501, code: "NotImplemented"},
			{do: "GET /plain/k?torrent", status: 501, code: "NotImplemented"},
			{do: "POST /plain/k?select&select-type=2", body: "x", status: 501, code: "NotImplemented"},
			{do: "PATCH /plain/k", status: 405, code: "MethodNotAllowed"},
			{do: "GET /plain/k", status: 200, says: "x"},
		},
	} {
		t.Run(name, func(t *testing.T) { play(t, steps) })
	}
}

// tagging is a document of n tags with keys and values of that length.
func tagging(n, keyLength, valueLength int) string {
	var b strings.Builder
	b.WriteString("<Tagging><TagSet>")
	for i := range n {
		key := string(rune('a'+i%26)) + string(rune('a'+i/26))
		key += strings.Repeat("k", max(0, keyLength-2))
		b.WriteString("<Tag><Key>" + key[:max(keyLength, 2)] + "</Key><Value>" + strings.Repeat("v", valueLength) + "</Value></Tag>")
	}
	return b.String() + "</TagSet></Tagging>"
}
