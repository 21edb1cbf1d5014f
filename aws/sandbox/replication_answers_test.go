package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox"
)

// configuration is a replication configuration with that role and rules.
func configuration(role, rules string) string {
	return `<ReplicationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Role>` + role + `</Role>` +
		rules + `</ReplicationConfiguration>`
}

// ruleXML is a rule of the second schema to a bucket; each change replaces the
// element of its name, and "-Name" leaves one out.
func ruleXML(to string, changes ...string) string {
	var b strings.Builder
	for _, e := range [][2]string{
		{"DeleteMarkerReplication", "<Status>Disabled</Status>"},
		{"Destination", "<Bucket>arn:aws:s3:::" + to + "</Bucket>"},
		{"Filter", ""},
		{"Priority", "1"},
		{"Status", "Enabled"},
	} {
		text := "<" + e[0] + ">" + e[1] + "</" + e[0] + ">"
		for _, change := range changes {
			if change == "-"+e[0] || strings.HasPrefix(change, "<"+e[0]+">") {
				text = ""
			}
		}
		b.WriteString(text)
	}
	for _, change := range changes {
		if !strings.HasPrefix(change, "-") {
			b.WriteString(change)
		}
	}
	return "<Rule>" + b.String() + "</Rule>"
}

func manyRules(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(ruleXML("there", fmt.Sprintf("<Priority>%d</Priority>", i)))
	}
	return b.String()
}

// What is wrong in several ways is refused for what S3 looks at first.
func TestPutReplicationLooksAtOneThingAfterTheOther(t *testing.T) {
	w := quick(t)
	w.plainBucket("source", ireland)
	w.plainBucket("there", singapore)
	const account = "arn:aws:iam::000000000000:"
	must(t, 0, w.sandbox.Directory().AddUser("narrow", "AKIANARROW", "secret", `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}`))
	put := func(bucket, role, rules string, header map[string]string, user string) rawAnswer {
		q := rawRequest{method: http.MethodPut, path: "/" + bucket + "?replication", body: configuration(role, rules), header: header}
		if user != "" {
			q.accessKey, q.secret = user, "secret"
		}
		return w.raw(q)
	}
	owner := map[string]string{"X-Amz-Expected-Bucket-Owner": "111111111111"}
	bad := ruleXML("missing", "-Priority")
	put("nowhere", "r", bad, owner, "AKIANARROW").want(t, 404, "NoSuchBucket", "")
	put("source", "r", bad, owner, "AKIANARROW").want(t, 403, "AccessDenied", "Access Denied")
	answer := put("source", "r", bad, nil, "AKIANARROW")
	answer.want(t, 403, "AccessDenied", "")
	if got := answer.refusal(t).Message; !strings.Contains(got, "s3:PutReplicationConfiguration") {
		t.Errorf("the right to put comes next: %s", got)
	}
	must(t, 0, w.sandbox.Directory().AddUser("narrow", "AKIANARROW", "secret", `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`))
	put("source", "r", bad, nil, "AKIANARROW").want(t, 400, "InvalidArgument", "Invalid Role specified in replication configuration")
	put("source", account+"role/r", bad, nil, "AKIANARROW").want(t, 403, "AccessDenied", "")
	put("source", account+"role/r", bad, nil, "").want(t, 400, "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration")
	must(t, 0, w.versioning("source", ireland, "Enabled"))
	if got := put("source", account+"role/r", bad, nil, "").refusal(t).Message; !strings.HasPrefix(got, "Priority must be specified") {
		t.Errorf("the rules come next: %s", got)
	}
	put("source", account+"role/r", ruleXML("missing"), nil, "").want(t, 400, "InvalidRequest", "Destination bucket must exist.")
	put("source", account+"role/r", ruleXML("there"), nil, "").want(t, 400, "InvalidRequest", "Destination bucket must have versioning enabled.")
	must(t, 0, w.versioning("there", singapore, "Enabled"))
	put("source", account+"role/r", ruleXML("there"), nil, "").want(t, 200, "", "")
}

// What passes with time, or with new credentials, and comes from the service
// rather than from the configuration.
func TestPutReplicationMeetsWhatEveryCallMeets(t *testing.T) {
	for code, row := range map[string]struct {
		fault   sandbox.Fault
		status  int
		message string
	}{
		"SlowDown":             {sandbox.Fault{Kind: "slowdown"}, 503, "Please reduce your request rate."},
		"InternalError":        {sandbox.Fault{Kind: "error"}, 500, "We encountered an internal error. Please try again."},
		"ServiceUnavailable":   {sandbox.Fault{Kind: "error", Status: 503}, 503, "Service is unable to handle request."},
		"OperationAborted":     {sandbox.Fault{Kind: "error", Code: "OperationAborted"}, 409, "A conflicting conditional operation is currently in progress against this resource. Please try again."},
		"RequestTimeout":       {sandbox.Fault{Kind: "error", Code: "RequestTimeout"}, 400, "Your socket connection to the server was not read from or written to within the timeout period."},
		"ExpiredToken":         {sandbox.Fault{Kind: "expired"}, 400, "The provided token has expired."},
		"RequestTimeTooSkewed": {sandbox.Fault{Kind: "skew", Offset: span(time.Hour)}, 403, "The difference between the request time and the current time is too large."},
	} {
		t.Run(code, func(t *testing.T) {
			w := quick(t)
			w.bucket("source", ireland)
			w.bucket("there", singapore)
			row.fault.Operation, row.fault.Requests = "PutBucketReplication", 1
			w.inject(row.fault)
			put := rawRequest{
				method: http.MethodPut, path: "/source?replication",
				body: configuration("arn:aws:iam::000000000000:role/r", ruleXML("there")),
			}
			w.raw(put).want(t, row.status, code, row.message)
			w.raw(rawRequest{method: http.MethodGet, path: "/source?replication"}).
				want(t, 404, "ReplicationConfigurationNotFoundError", "The replication configuration was not found")
			w.raw(put).want(t, 200, "", "")
		})
	}
}

// The recorded answers of PutBucketReplication, word for word, each over a
// bucket for which nothing else is wrong.
func TestPutReplicationAnswersWordForWord(t *testing.T) {
	const (
		role      = "arn:aws:iam::000000000000:role/never-made"
		malformed = "The XML you provided was not well-formed or did not validate against our published schema"
		schema    = " for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information."
		kms       = "<SourceSelectionCriteria><SseKmsEncryptedObjects><Status>Enabled</Status></SseKmsEncryptedObjects></SourceSelectionCriteria>"
		key       = "<EncryptionConfiguration><ReplicaKmsKeyID>arn:aws:kms:eu-west-1:000000000000:key/k</ReplicaKmsKeyID></EncryptionConfiguration>"
	)
	to := func(more string) string {
		return "<Destination><Bucket>arn:aws:s3:::there</Bucket>" + more + "</Destination>"
	}
	tag := func(k string) string { return "<Tag><Key>" + k + "</Key><Value>v</Value></Tag>" }
	timed := func(minutes, threshold string) string {
		return to("<ReplicationTime><Status>Enabled</Status><Time><Minutes>" + minutes + "</Minutes></Time></ReplicationTime>" +
			"<Metrics><Status>Enabled</Status>" + threshold + "</Metrics>")
	}
	threshold := func(minutes string) string {
		return "<EventThreshold><Minutes>" + minutes + "</Minutes></EventThreshold>"
	}
	one := func(changes ...string) string { return configuration(role, ruleXML("there", changes...)) }
	v1 := func(changes ...string) string {
		return one(append([]string{"-Filter", "-Priority", "-DeleteMarkerReplication", "<Prefix></Prefix>"}, changes...)...)
	}

	w := quick(t)
	w.bucket("source", ireland)
	w.bucket("there", singapore)
	w.plainBucket("unversioned", ireland)
	w.plainBucket("suspended", ireland)
	if err := w.versioning("suspended", ireland, "Suspended"); err != nil {
		t.Fatal(err)
	}
	w.bucket("near", ireland)
	w.bucket("gov", "us-gov-west-1")
	mixed := ruleXML("there", "-Filter", "-Priority", "-DeleteMarkerReplication", "<Prefix>p</Prefix>") + ruleXML("there", "<ID>b</ID>")
	for _, row := range []struct {
		name, bucket, body string
		status             int
		code, message      string
	}{
		{"source not versioned", "unversioned", one(), 400, "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration"},
		{"source suspended", "suspended", one(), 400, "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration"},
		{"source missing", "nowhere", one(), 404, "NoSuchBucket", "The specified bucket does not exist"},
		{"destination not versioned", "source", configuration(role, ruleXML("unversioned")), 400, "InvalidRequest", "Destination bucket must have versioning enabled."},
		{"destination suspended", "source", configuration(role, ruleXML("suspended")), 400, "InvalidRequest", "Destination bucket must have versioning enabled."},
		{"destination missing", "source", configuration(role, ruleXML("nowhere")), 400, "InvalidRequest", "Destination bucket must exist."},
		{"destination is source", "source", configuration(role, ruleXML("source")), 400, "InvalidRequest", "Destination bucket cannot be the same as the source bucket."},
		{"no rules", "source", configuration(role, ""), 400, "MalformedXML", malformed},
		{"bad status", "source", one("<Status>On</Status>"), 400, "MalformedXML", malformed},
		{"Prefix and Filter", "source", one("<Prefix>p</Prefix>"), 400, "MalformedXML", malformed},
		{"two filter members", "source", one("<Filter><Prefix>p</Prefix>" + tag("k") + "</Filter>"), 400, "MalformedXML", malformed},
		{"ExistingObjectReplication", "source", one("<ExistingObjectReplication><Status>Enabled</Status></ExistingObjectReplication>"), 400, "MalformedXML", malformed},
		{"Filter without Priority", "source", one("-Priority"), 400, "InvalidRequest", "Priority must be specified" + schema},
		{"Filter without DeleteMarkerReplication", "source", one("-DeleteMarkerReplication"), 400, "InvalidRequest", "DeleteMarkerReplication must be specified" + schema},
		{"first schema with Priority", "source", v1("<Priority>1</Priority>"), 400, "InvalidRequest", "Priority cannot be used" + schema},
		{"first schema with DeleteMarkerReplication", "source", v1("<DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication>"), 400, "InvalidRequest", "DeleteMarkerReplication cannot be used" + schema},
		{"first schema with time control", "source", v1(timed("15", threshold("15"))), 400, "InvalidRequest", "ReplicationTime cannot be used for this version of the replication configuration schema"},
		{"delete markers with a tag", "source", one("<Filter>"+tag("k")+"</Filter>", "<DeleteMarkerReplication><Status>Enabled</Status></DeleteMarkerReplication>"), 400, "InvalidRequest", "Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 Developer Guide for more information."},
		{"duplicate priority", "source", configuration(role, ruleXML("there", "<ID>a</ID>")+ruleXML("there", "<ID>b</ID>")), 400, "InvalidRequest", "Found duplicate priority 1."},
		{"negative priority", "source", one("<Priority>-1</Priority>"), 400, "InvalidRequest", "Priority must be between 0 and 2147483647."},
		{"a tag's value with a character of no tag", "source", one("<Filter><Tag><Key>k</Key><Value>v'q</Value></Tag></Filter>"), 400, "InvalidTag", "The TagValue you have provided is invalid"},
		{"a tag's key with a character of no tag", "source", one("<Filter><And>" + tag("k") + tag("k*") + "</And></Filter>"), 400, "InvalidTag", "The TagKey you have provided is invalid"},
		{"duplicate tag key", "source", one("<Filter><And>" + tag("k") + tag("k") + "</And></Filter>"), 400, "InvalidRequest", "Duplicate Tag Keys are not allowed."},
		{"duplicate id", "source", configuration(role, ruleXML("there", "<ID>a</ID>")+ruleXML("there", "<ID>a</ID>", "<Priority>2</Priority>")), 400, "InvalidArgument", "Rule Id must be unique"},
		{"long id", "source", one("<ID>" + strings.Repeat("a", 256) + "</ID>"), 400, "InvalidArgument", "Rule Id cannot be greater than 255"},
		{"id beyond ASCII", "source", one("<ID>ü</ID>"), 400, "InvalidArgument", "Rule ID must not contain non-ASCII characters"},
		{"1001 rules", "source", configuration(role, strings.Repeat(ruleXML("there"), 1001)), 400, "InvalidRequest", "The number of replication rules must not exceed the allowed limit of 1000 rules."},
		{"a key without criteria", "source", one(to(key)), 400, "InvalidRequest", "SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present."},
		{"criteria without a key", "source", one(kms), 400, "InvalidRequest", "ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present."},
		{"empty criteria", "source", one("<SourceSelectionCriteria></SourceSelectionCriteria>"), 400, "InvalidRequest", "SourceSelectionCriteria cannot be empty."},
		{"bad key ARN", "source", one(kms, to("<EncryptionConfiguration><ReplicaKmsKeyID>k</ReplicaKmsKeyID></EncryptionConfiguration>")), 400, "InvalidArgument", "Invalid ReplicaKmsKeyID ARN."},
		{"owner override without account", "source", one(to("<AccessControlTranslation><Owner>Destination</Owner></AccessControlTranslation>")), 400, "InvalidRequest", "Account must be specified if the Owner in AccessControlTranslation has a value"},
		{"time control without metrics", "source", one(to("<ReplicationTime><Status>Enabled</Status><Time><Minutes>15</Minutes></Time></ReplicationTime>")), 400, "InvalidRequest", "Replication destination must contain both ReplicationTime and Metrics or neither."},
		{"time control of 10 minutes", "source", one(timed("10", threshold("15"))), 400, "InvalidArgument", "Invalid time minute value"},
		{"time control without threshold", "source", one(timed("15", "")), 400, "InvalidArgument", "ReplicationMetrics must contain an event threshold"},
		{"threshold of 10 minutes", "source", one(timed("15", threshold("10"))), 400, "InvalidArgument", "Invalid event threshold minute value"},
		{"threshold without time control", "source", one(to("<Metrics><Status>Enabled</Status>" + threshold("15") + "</Metrics>")), 400, "InvalidArgument", "Metrics cannot contain an event threshold when ReplicationTime is not specified or Disabled"},
		{"time control where there is none", "gov", strings.ReplaceAll(one(timed("15", threshold("15"))), "arn:aws:", "arn:aws-us-gov:"), 400, "InvalidRequest", "S3 RTC is not supported in this AWS Region"},
		{"bad bucket ARN", "source", one("<Destination><Bucket>there</Bucket></Destination>"), 400, "InvalidArgument", "Invalid bucket ARN"},
		{"another partition's bucket", "source", one("<Destination><Bucket>arn:aws-cn:s3:::there</Bucket></Destination>"), 400, "InvalidArgument", "Invalid bucket ARN"},
		{"role that is none", "source", configuration("r", ruleXML("there")), 400, "InvalidArgument", "Invalid Role specified in replication configuration"},
		{"role that is a user", "source", configuration("arn:aws:iam::000000000000:user/u", ruleXML("there")), 400, "InvalidArgument", "The relative id should start with role"},
		{"another account's role", "source", configuration("arn:aws:iam::111111111111:role/r", ruleXML("there")), 403, "AccessDenied", "Access Denied"},
		{"first schema with replica modifications", "source", v1("<SourceSelectionCriteria><ReplicaModifications><Status>Enabled</Status></ReplicaModifications></SourceSelectionCriteria>"), 400, "InvalidRequest", "ReplicaModifications cannot be used" + schema},
		{"one rule of two without Filter", "source", configuration(role, mixed), 400, "InvalidRequest", "Priority cannot be used" + schema},
		{"priority beyond the largest", "source", one("<Priority>2147483648</Priority>"), 400, "InvalidRequest", "Priority must be between 0 and 2147483647."},
		{"duplicate priority to another bucket", "source", configuration(role, ruleXML("there", "<ID>a</ID>")+ruleXML("near", "<ID>b</ID>")), 400, "InvalidRequest", "Found duplicate priority 1."},
		{"And with one member", "source", one("<Filter><And><Prefix>p</Prefix></And></Filter>"), 400, "MalformedXML", malformed},
		{"a class that replicas can't have", "source", one(to("<StorageClass>FSX_OPENZFS</StorageClass>")), 400, "MalformedXML", malformed},
		{"time control off, metrics on", "source", one(to("<ReplicationTime><Status>Disabled</Status><Time><Minutes>15</Minutes></Time></ReplicationTime><Metrics><Status>Enabled</Status></Metrics>")), 400, "InvalidRequest", "Replication destination must contain both ReplicationTime and Metrics or neither."},
		{"not XML", "source", "<Replication", 400, "MalformedXML", malformed},
		{"the same region", "source", configuration(role, ruleXML("near")), 200, "", ""},
		{"another region", "source", one(), 200, "", ""},
		{"a rule that is disabled, of priority 0", "source", one("<Status>Disabled</Status>", "<Priority>0</Priority>"), 200, "", ""},
		{"an account that is not the owner's", "source", one(to("<Account>111111111111</Account>")), 200, "", ""},
		{"1000 rules", "source", configuration(role, manyRules(1000)), 200, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			region := ireland
			if row.bucket == "gov" {
				region = "us-gov-west-1"
			}
			w.raw(rawRequest{method: http.MethodPut, path: "/" + row.bucket + "?replication", region: region, body: row.body}).
				want(t, row.status, row.code, row.message)
		})
	}

	t.Run("without iam:PassRole", func(t *testing.T) {
		if err := w.sandbox.Directory().AddUser("narrow", "AKIANARROW", "secret", `{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`); err != nil {
			t.Fatal(err)
		}
		answer := w.raw(rawRequest{
			method: http.MethodPut, path: "/source?replication", body: one(), accessKey: "AKIANARROW", secret: "secret",
		})
		answer.want(t, 403, "AccessDenied", "")
		if !strings.Contains(answer.refusal(t).Message, "iam:PassRole on resource: "+role) {
			t.Errorf("message %q", answer.refusal(t).Message)
		}
	})
}

func TestReplicationIsReadAndDeletedAsS3Does(t *testing.T) {
	w := quick(t)
	w.bucket("source", ireland)
	w.bucket("there", singapore)
	path := "/source?replication"
	missing := w.raw(rawRequest{method: http.MethodGet, path: path})
	missing.want(t, 404, "ReplicationConfigurationNotFoundError", "The replication configuration was not found")
	if got := missing.refusal(t).BucketName; got != "source" {
		t.Errorf("BucketName %q", got)
	}
	for range 2 {
		w.raw(rawRequest{method: http.MethodDelete, path: path}).want(t, 204, "", "")
	}
	doc := configuration("arn:aws:iam::000000000000:role/r", ruleXML("there", "<Filter><Prefix></Prefix></Filter>"))
	w.raw(rawRequest{method: http.MethodPut, path: path, body: doc}).want(t, 200, "", "")
	got := w.raw(rawRequest{method: http.MethodGet, path: path})
	for _, part := range []string{"<Filter><Prefix></Prefix></Filter>", "<ID>", "<Priority>1</Priority>"} {
		if !strings.Contains(got.body, part) {
			t.Errorf("%s is not in %s", part, got.body)
		}
	}
	w.raw(rawRequest{method: http.MethodDelete, path: path}).want(t, 204, "", "")
	w.raw(rawRequest{method: http.MethodGet, path: path}).want(t, 404, "ReplicationConfigurationNotFoundError", "")
}
