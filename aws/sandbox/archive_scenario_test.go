package sandbox_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/sandbox"
)

func restore(more string) string {
	return "<RestoreRequest><Days>2</Days>" + more + "</RestoreRequest>"
}

func TestArchivedObjectsComeWithinReachForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.plainBucket("archive", ireland)
		send := func(method, path, body, class string) rawAnswer {
			header := map[string]string{}
			if class != "" {
				header["X-Amz-Storage-Class"] = class
			}
			return w.raw(rawRequest{method: method, path: "/archive/" + path, body: body, header: header})
		}
		send("PUT", "near", "x", "").want(t, 200, "", "")
		send("PUT", "far", "hello", "GLACIER").want(t, 200, "", "")
		send("PUT", "farther", "hello", "DEEP_ARCHIVE").want(t, 200, "", "")
		send("POST", "near?restore", restore(""), "").want(t, 403, "InvalidObjectState", "Restore is not allowed for the object's current storage class")
		send("POST", "none?restore", restore(""), "").want(t, 404, "NoSuchKey", "")
		send("POST", "far?restore", "<RestoreRequest/>", "").want(t, 400, "MalformedXML", "")
		send("POST", "far?restore", strings.Replace(restore(""), "2", "0", 1), "").want(t, 400, "InvalidArgument", "")
		send("POST", "far?restore", restore("<Tier>Soon</Tier>"), "").want(t, 400, "MalformedXML", "")
		send("POST", "far?restore", restore("<Type>SELECT</Type>"), "").want(t, 501, "NotImplemented", "")
		send("POST", "farther?restore", restore("<Tier>Expedited</Tier>"), "").want(t, 400, "InvalidArgument", "")

		send("POST", "far?restore", restore("<GlacierJobParameters><Tier>Expedited</Tier></GlacierJobParameters>"), "").want(t, 202, "", "")
		send("POST", "far?restore", restore(""), "").want(t, 409, "RestoreAlreadyInProgress", "Object restore is already in progress")
		if got := send("HEAD", "far", "", "").header.Get("X-Amz-Restore"); got != `ongoing-request="true"` {
			t.Errorf("X-Amz-Restore: %s", got)
		}
		send("GET", "far", "", "").want(t, 403, "InvalidObjectState", "")
		pass(4 * time.Minute)
		answer := send("GET", "far", "", "")
		if answer.want(t, 200, "", ""); answer.body != "hello" {
			t.Errorf("restored: %q", answer.body)
		}
		if got := answer.header.Get("X-Amz-Restore"); !strings.HasPrefix(got, `ongoing-request="false", expiry-date="`) {
			t.Errorf("X-Amz-Restore: %s", got)
		}
		send("POST", "far?restore", restore(""), "").want(t, 200, "", "")
		pass(4 * 24 * time.Hour)
		send("GET", "far", "", "").want(t, 403, "InvalidObjectState", "")
	})
}

func TestLifecycleTellsWhenObjectsExpire(t *testing.T) {
	const rules = "<LifecycleConfiguration>" +
		"<Rule><ID>logs</ID><Status>Enabled</Status><Filter><Prefix>logs/</Prefix></Filter><Expiration><Days>1</Days></Expiration></Rule>" +
		"<Rule><ID>old logs</ID><Status>Enabled</Status><Filter><And><Prefix>logs/</Prefix><Tag><Key>a</Key><Value>1</Value></Tag></And></Filter><Expiration><Date>2001-01-01T00:00:00Z</Date></Expiration></Rule>" +
		"<Rule><ID>off</ID><Status>Disabled</Status><Filter/><Expiration><Days>1</Days></Expiration></Rule>" +
		"<Rule><ID>large</ID><Status>Enabled</Status><Filter><ObjectSizeGreaterThan>3</ObjectSizeGreaterThan></Filter><Expiration><Days>1</Days></Expiration></Rule>" +
		"</LifecycleConfiguration>"
	synctest.Test(t, func(t *testing.T) { // from the start of the year 2000
		play(t, []step{
			{do: "PUT /plain?lifecycle", body: rules, status: 200, have: "X-Amz-Transition-Default-Minimum-Object-Size: all_storage_classes_128K"},
			{do: "GET /plain?lifecycle", status: 200, says: "<ID>logs</ID>", have: "X-Amz-Transition-Default-Minimum-Object-Size: all_storage_classes_128K"},
			{do: "PUT /plain/logs/k", body: "x", status: 200, have: `X-Amz-Expiration: expiry-date="Mon, 03 Jan 2000 00:00:00 GMT", rule-id="logs"`},
			{do: "HEAD /plain/logs/k", status: 200, have: `X-Amz-Expiration: expiry-date="Mon, 03 Jan 2000 00:00:00 GMT", rule-id="logs"`},
			{do: "PUT /plain/other", body: "x", status: 200, have: "-X-Amz-Expiration"},
			{do: "PUT /plain/large", body: "xxxx", status: 200, have: `X-Amz-Expiration: expiry-date="Mon, 03 Jan 2000 00:00:00 GMT", rule-id="large"`},
			{do: "PUT /plain?lifecycle", body: rules, header: "X-Amz-Transition-Default-Minimum-Object-Size: varies_by_storage_class", status: 200},
			{do: "GET /plain?lifecycle", status: 200, have: "X-Amz-Transition-Default-Minimum-Object-Size: varies_by_storage_class"},
			{do: "PUT /plain?lifecycle", body: rules, header: "X-Amz-Transition-Default-Minimum-Object-Size: none", status: 400, code: "InvalidRequest"},
			{do: "DELETE /plain?lifecycle", status: 204},
			{do: "HEAD /plain/logs/k", status: 200, have: "-X-Amz-Expiration"},
		})
	})
}
