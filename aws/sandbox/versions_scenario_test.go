package sandbox_test

import (
	"crypto/md5"
	"encoding/base64"
	"strings"
	"testing"
)

const suspend = `<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>`

// digest is the Content-MD5 line of a body.
func digest(body string) string {
	sum := md5.Sum([]byte(body))
	return "Content-Md5: " + base64.StdEncoding.EncodeToString(sum[:])
}

func TestVersionsBehaveAsInS3(t *testing.T) {
	const unknown = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for name, steps := range map[string][]step{
		"an undelete promotes the version beneath": {
			{do: "PUT /versioned/k", body: "one", status: 200, save: map[string]string{"v1": "X-Amz-Version-Id"}},
			{do: "PUT /versioned/k", body: "two", status: 200, save: map[string]string{"v2": "X-Amz-Version-Id"}},
			{do: "DELETE /versioned/k", status: 204, have: "X-Amz-Delete-Marker: true", save: map[string]string{"marker": "X-Amz-Version-Id"}},
			{do: "GET /versioned/k", status: 404, code: "NoSuchKey", have: "X-Amz-Delete-Marker: true\nX-Amz-Version-Id: {marker}"},
			{do: "HEAD /versioned/k?versionId={marker}", status: 405, have: "X-Amz-Delete-Marker: true\nAllow: DELETE"},
			{do: "GET /versioned/k?versionId={v1}", status: 200, says: "one", have: "X-Amz-Version-Id: {v1}"},
			{do: "DELETE /versioned/k?versionId={marker}", status: 204, have: "X-Amz-Delete-Marker: true\nX-Amz-Version-Id: {marker}"},
			{do: "GET /versioned/k", status: 200, says: "two"},
			{do: "DELETE /versioned/k?versionId={v2}", status: 204, have: "-X-Amz-Delete-Marker\nX-Amz-Version-Id: {v2}"},
			{do: "GET /versioned/k", status: 200, says: "one"},
			{do: "GET /versioned/k?versionId={v2}", status: 404, code: "NoSuchVersion", says: "<VersionId>{v2}</VersionId>"},
			{do: "DELETE /versioned/k?versionId={v2}", status: 204},
			{do: "GET /versioned/k?versionId=" + unknown, status: 404, code: "NoSuchVersion"},
			{do: "GET /versioned/k?versionId=junk", status: 400, code: "InvalidArgument"},
			{do: "GET /versioned/k?versionId=", status: 400, code: "InvalidArgument"},
			{do: "DELETE /versioned", status: 409, code: "BucketNotEmpty", says: "The bucket you tried to delete is not empty. You must delete all versions in the bucket."},
			{do: "DELETE /versioned/k?versionId={v1}", status: 204},
			{do: "DELETE /versioned", status: 204},
			{do: "DELETE /versioned", status: 404, code: "NoSuchBucket"},
		},
		"the null version outlives versioning and is overwritten while suspended": {
			{do: "PUT /plain/k", body: "null one", status: 200, have: "-X-Amz-Version-Id"},
			{do: "PUT /plain?versioning", body: "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>", status: 200},
			{do: "GET /plain/k?versionId=null", status: 200, says: "null one", have: "X-Amz-Version-Id: null"},
			{do: "PUT /plain/k", body: "kept", status: 200, save: map[string]string{"v1": "X-Amz-Version-Id"}},
			{do: "GET /plain/k?versionId=null", status: 200, says: "null one"},
			{do: "PUT /plain?versioning", body: suspend, status: 200},
			{do: "PUT /plain/k", body: "null two", status: 200, have: "-X-Amz-Version-Id"},
			{do: "GET /plain/k", status: 200, says: "null two", have: "X-Amz-Version-Id: null"},
			{do: "GET /plain/k?versionId={v1}", status: 200, says: "kept"},
			{do: "DELETE /plain/k", status: 204, have: "X-Amz-Delete-Marker: true\nX-Amz-Version-Id: null"},
			{do: "GET /plain/k?versionId=null", status: 405, code: "MethodNotAllowed"},
			{do: "GET /plain?versions", status: 200, says: "<DeleteMarker><Key>k</Key><VersionId>null</VersionId><IsLatest>true</IsLatest>\n<VersionId>{v1}</VersionId><IsLatest>false</IsLatest>"},
			{do: "DELETE /plain/k?versionId=null", status: 204, have: "X-Amz-Delete-Marker: true"},
			{do: "GET /plain/k", status: 200, says: "kept"},
			{do: "DELETE /plain/k?versionId=null", status: 204, have: "-X-Amz-Delete-Marker"},
		},
		"a delete of what was never there": {
			{do: "DELETE /versioned/none", status: 204, have: "X-Amz-Delete-Marker: true", save: map[string]string{"m": "X-Amz-Version-Id"}},
			{do: "GET /versioned", status: 200, says: "-<Contents>"},
			{do: "GET /versioned?versions", status: 200, says: "<DeleteMarker>\n-<Version>"},
			{do: "DELETE /versioned/none?versionId={m}", status: 204},
			{do: "GET /versioned?versions", status: 200, says: "-<DeleteMarker>"},
		},
		"tags belong to a version": {
			{do: "PUT /versioned/k", body: "one", status: 200, save: map[string]string{"v1": "X-Amz-Version-Id"}},
			{do: "PUT /versioned/k", body: "two", status: 200},
			{do: "PUT /versioned/k?tagging&versionId={v1}", body: tagging(1, 2, 1), status: 200, have: "X-Amz-Version-Id: {v1}"},
			{do: "GET /versioned/k?tagging", status: 200, says: "-<Tag>"},
			{do: "GET /versioned/k?tagging&versionId={v1}", status: 200, says: "<Tag>"},
			{do: "DELETE /versioned/k?tagging&versionId={v1}", status: 204},
			{do: "DELETE /versioned/k", status: 204, save: map[string]string{"m": "X-Amz-Version-Id"}},
			{do: "GET /versioned/k?tagging", status: 405, code: "MethodNotAllowed"},
			{do: "GET /versioned/k?tagging&versionId={m}", status: 405, code: "MethodNotAllowed"},
		},
	} {
		t.Run(name, func(t *testing.T) { play(t, steps) })
	}
}

func TestDeletingManyReportsOnEach(t *testing.T) {
	document := func(inner string) string { return "<Delete>" + inner + "</Delete>" }
	one := document("<Object><Key>a</Key></Object><Object><Key>none</Key></Object>")
	quiet := document("<Quiet>true</Quiet><Object><Key>b</Key></Object>")
	tooMany := document(strings.Repeat("<Object><Key>a</Key></Object>", 1001))
	empty := document("")
	wrong := document("<Object><Key>a</Key><VersionId>junk</VersionId></Object><Object><Key>c</Key></Object>")
	etag := document("<Object><Key>c</Key><ETag>x</ETag></Object>")
	play(t, []step{
		{do: "PUT /plain/a", body: "a", status: 200},
		{do: "PUT /plain/b", body: "b", status: 200},
		{do: "PUT /plain/c", body: "c", status: 200},
		{do: "POST /plain?delete", body: one, status: 400, code: "InvalidRequest"},
		{do: "POST /plain?delete", body: one, header: digest("else"), status: 400, code: "BadDigest"},
		{do: "POST /plain?delete", body: etag, header: digest(etag), status: 200, says: "<Code>PreconditionFailed</Code>"},
		{do: "POST /plain?delete", body: one, header: digest(one), status: 200, says: "<Deleted><Key>a</Key></Deleted>\n<Deleted><Key>none</Key></Deleted>\n-Error"},
		{do: "POST /plain?delete", body: quiet, header: digest(quiet), status: 200, says: "-Deleted"},
		{do: "GET /plain", status: 200, says: "<Key>c</Key>\n-<Key>a</Key>\n-<Key>b</Key>"},
		{do: "POST /plain?delete", body: tooMany, header: digest(tooMany), status: 400, code: "MalformedXML"},
		{do: "POST /plain?delete", body: empty, header: digest(empty), status: 400, code: "MalformedXML"},
		{do: "POST /plain?delete", body: wrong, header: digest(wrong), status: 200, says: "<Error><Key>a</Key><VersionId>junk</VersionId><Code>NoSuchVersion</Code>\n<Deleted><Key>c</Key></Deleted>"},
	})
	marker := document("<Object><Key>k</Key></Object>")
	version := document("<Object><Key>k</Key><VersionId>{v1}</VersionId></Object>")
	play(t, []step{
		{do: "PUT /versioned/k", body: "a", status: 200, save: map[string]string{"v1": "X-Amz-Version-Id"}},
		{do: "POST /versioned?delete", body: marker, header: digest(marker), status: 200, says: "<DeleteMarker>true</DeleteMarker><DeleteMarkerVersionId>"},
		{do: "POST /versioned?delete", body: version, header: "X-Amz-Checksum-Crc32: AAAAAA==", status: 400, code: "BadDigest"},
		{do: "GET /versioned?versions", status: 200, says: "<DeleteMarker>\n<VersionId>{v1}</VersionId>"},
	})
}

func TestObjectLockHoldsAsInS3(t *testing.T) {
	retention := func(mode, until string) string {
		return "<Retention><Mode>" + mode + "</Mode><RetainUntilDate>" + until + "</RetainUntilDate></Retention>"
	}
	hold := func(status string) string { return "<LegalHold><Status>" + status + "</Status></LegalHold>" }
	lock := func(rule string) string {
		return "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>" + rule +
			"</DefaultRetention></Rule></ObjectLockConfiguration>"
	}
	const (
		soon, later = "2130-01-01T00:00:00Z", "2140-01-01T00:00:00Z"
		bypass      = "X-Amz-Bypass-Governance-Retention: true"
		kept        = "Access Denied because object protected by object lock."
	)
	put := step{do: "PUT /locked/k", body: "x", status: 200, save: map[string]string{"v": "X-Amz-Version-Id"}}
	for name, steps := range map[string][]step{
		"configuration": {
			{do: "GET /plain?object-lock", status: 404, code: "ObjectLockConfigurationNotFoundError"},
			{do: "PUT /plain?object-lock", body: lock("<Mode>GOVERNANCE</Mode><Days>1</Days>"), status: 409, code: "InvalidBucketState"},
			{do: "PUT /versioned?object-lock", body: lock("<Mode>GOVERNANCE</Mode><Days>1</Days>"), status: 200},
			{do: "PUT /locked?object-lock", body: lock("<Mode>GOVERNANCE</Mode><Days>0</Days>"), status: 400, code: "InvalidArgument"},
			{do: "PUT /locked?object-lock", body: lock("<Mode>GOVERNANCE</Mode><Years>-1</Years>"), status: 400, code: "InvalidArgument"},
			{do: "PUT /locked?object-lock", body: lock("<Mode>governance</Mode><Years>1</Years>"), status: 400, code: "MalformedXML"},
			{do: "PUT /locked?object-lock", body: lock("<Mode>GOVERNANCE</Mode><Years>1</Years><Days>1</Days>"), status: 400, code: "MalformedXML"},
			{do: "PUT /locked?object-lock", body: strings.Replace(lock(""), "Enabled<", "Disabled<", 1), status: 400, code: "MalformedXML"},
			{do: "PUT /locked?object-lock", status: 400, code: "MissingRequestBodyError"},
			{do: "PUT /locked?object-lock", body: lock("<Mode>COMPLIANCE</Mode><Years>1</Years>"), status: 200},
			{do: "GET /locked?object-lock", status: 200, says: "<Mode>COMPLIANCE</Mode><Years>1</Years>"},
			{do: "PUT /locked/k", body: "x", status: 400, code: "InvalidRequest"},
			{do: "PUT /locked/k", body: "x", header: digest("x"), status: 200},
			{do: "HEAD /locked/k", status: 200, have: "X-Amz-Object-Lock-Mode: COMPLIANCE"},
		},
		"retention": {
			{do: "PUT /plain/k", body: "x", status: 200},
			{do: "PUT /plain/k?retention", body: retention("GOVERNANCE", soon), status: 400, code: "InvalidRequest"},
			{do: "GET /plain/k?retention", status: 400, code: "InvalidRequest"},
			put,
			{do: "GET /locked/k?retention", status: 404, code: "NoSuchObjectLockConfiguration"},
			{do: "PUT /locked/k?retention", body: retention("governance", soon), status: 400, code: "MalformedXML"},
			{do: "PUT /locked/k?retention", body: retention("GOVERNANCE", "2000-01-01T00:00:00Z"), status: 400, code: "InvalidArgument"},
			{do: "PUT /locked/k?retention", body: retention("GOVERNANCE", soon), status: 200},
			{do: "GET /locked/k?retention&versionId={v}", status: 200, says: "<Mode>GOVERNANCE</Mode><RetainUntilDate>2130-01-01T00:00:00.000Z</RetainUntilDate>"},
			{do: "DELETE /locked/k?versionId={v}", status: 403, code: "AccessDenied", says: kept},
			{do: "PUT /locked/k?retention", body: retention("GOVERNANCE", later), status: 200},
			{do: "PUT /locked/k?retention", body: retention("GOVERNANCE", soon), status: 403, code: "AccessDenied"},
			{do: "PUT /locked/k?retention", body: retention("COMPLIANCE", later), status: 403, code: "AccessDenied"},
			{do: "PUT /locked/k?retention", header: bypass, body: retention("GOVERNANCE", soon), status: 200},
			{do: "DELETE /locked/k", status: 204, have: "X-Amz-Delete-Marker: true"},
			{do: "DELETE /locked/k?versionId={v}", header: bypass, status: 204},
		},
		"compliance is not bypassed": {
			put,
			{do: "PUT /locked/k?retention", body: retention("COMPLIANCE", soon), status: 200},
			{do: "PUT /locked/k?retention", header: bypass, body: retention("GOVERNANCE", later), status: 403, code: "AccessDenied"},
			{do: "PUT /locked/k?retention", body: retention("COMPLIANCE", later), status: 200},
			{do: "DELETE /locked/k?versionId={v}", header: bypass, status: 403, code: "AccessDenied"},
			{do: "DELETE /locked", status: 409, code: "BucketNotEmpty"},
		},
		"legal hold": {
			put,
			{do: "GET /locked/k?legal-hold", status: 404, code: "NoSuchObjectLockConfiguration"},
			{do: "PUT /locked/k?legal-hold", body: hold("abc"), status: 400, code: "MalformedXML"},
			{do: "PUT /plain/k?legal-hold", body: hold("ON"), status: 400, code: "InvalidRequest"},
			{do: "PUT /locked/k?legal-hold", body: hold("ON"), status: 200},
			{do: "GET /locked/k?legal-hold", status: 200, says: "<Status>ON</Status>"},
			{do: "DELETE /locked/k?versionId={v}", header: bypass, status: 403, code: "AccessDenied"},
			{do: "PUT /locked/k?legal-hold", body: hold("OFF"), status: 200},
			{do: "GET /locked/k?legal-hold", status: 200, says: "<Status>OFF</Status>"},
			{do: "DELETE /locked/k?versionId={v}", status: 204},
		},
		"at upload": {
			{do: "PUT /plain/k", body: "x", header: "X-Amz-Object-Lock-Legal-Hold: ON\n" + digest("x"), status: 400, code: "InvalidRequest"},
			{do: "PUT /locked/k", body: "x", header: "X-Amz-Object-Lock-Legal-Hold: YES\n" + digest("x"), status: 400, code: "InvalidArgument"},
			{do: "PUT /locked/k", body: "x", header: "X-Amz-Object-Lock-Mode: GOVERNANCE\n" + digest("x"), status: 400, code: "InvalidArgument"},
			{do: "PUT /locked/k", body: "x", header: "X-Amz-Object-Lock-Mode: GOVERNANCE\nX-Amz-Object-Lock-Retain-Until-Date: " + soon, status: 400, code: "InvalidRequest"},
			{do: "PUT /locked/k", body: "x", header: "X-Amz-Object-Lock-Mode: GOVERNANCE\nX-Amz-Object-Lock-Legal-Hold: ON\nX-Amz-Object-Lock-Retain-Until-Date: " + soon + "\n" + digest("x"), status: 200},
			{do: "HEAD /locked/k", status: 200, have: "X-Amz-Object-Lock-Mode: GOVERNANCE\nX-Amz-Object-Lock-Legal-Hold: ON\nX-Amz-Object-Lock-Retain-Until-Date: 2130-01-01T00:00:00.000Z"},
		},
	} {
		t.Run(name, func(t *testing.T) { play(t, steps) })
	}
}
