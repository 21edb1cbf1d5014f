package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/sandbox"
)

// constraint is the body of CreateBucket with that location constraint, and
// maybe a tag.
func constraint(region string, tags ...string) string {
	var b strings.Builder
	b.WriteString(`<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`)
	if region != "" {
		b.WriteString("<LocationConstraint>" + region + "</LocationConstraint>")
	}
	if len(tags) > 0 {
		b.WriteString("<Tags>")
		for _, key := range tags {
			b.WriteString("<Tag><Key>" + key + "</Key><Value>v</Value></Tag>")
		}
		b.WriteString("</Tags>")
	}
	return b.String() + "</CreateBucketConfiguration>"
}

// The recorded answers of CreateBucket, word for word.
func TestCreateBucketAnswersWordForWord(t *testing.T) {
	const (
		owned   = "Your previous request to create the named bucket succeeded and you already own it."
		invalid = "The specified location-constraint is not valid"
		foreign = "The requested bucket name is not available. The bucket namespace is shared by all users of the system. " +
			"Please select a different name and try again."
		badName  = "The specified bucket is not valid."
		reserved = `User-defined tag keys can't start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.`
	)
	w := newWorld(t, sandbox.Options{NoDistance: true, BucketQuota: 5})
	w.plainBucket("mine-east", "us-east-1")
	w.plainBucket("mine-ireland", ireland)
	must(t, 0, w.sandbox.AddAccount(sandbox.Account{ID: "999999999999", Buckets: []sandbox.AccountBucket{{Name: "theirs", Region: ireland}}}))
	for _, row := range []struct {
		name, region, bucket, body string
		status                     int
		code, message              string
	}{
		{"us-east-1 with its own constraint", "us-east-1", "fresh", constraint("us-east-1"), 400, "InvalidLocationConstraint", invalid},
		{"us-east-1 with junk", "us-east-1", "fresh", constraint("junk"), 400, "InvalidLocationConstraint", invalid},
		{"elsewhere with none", "us-east-2", "fresh", "", 400, "IllegalLocationConstraintException", "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to."},
		{"elsewhere with another region's", "us-east-2", "fresh", constraint(ireland), 400, "IllegalLocationConstraintException", "The eu-west-1 location constraint is incompatible for the region specific endpoint this request was sent to."},
		{"own bucket again", ireland, "mine-ireland", constraint(ireland), 409, "BucketAlreadyOwnedByYou", owned},
		{"own bucket again, us-east-1", "us-east-1", "mine-east", "", 200, "", ""},
		{"own bucket again, us-east-1, with tags", "us-east-1", "mine-east", constraint("", "k"), 409, "BucketAlreadyOwnedByYou", owned},
		{"Ireland by its older name", ireland, "older", constraint("EU"), 200, "", ""},
		{"the older name elsewhere", singapore, "fresh", constraint("EU"), 400, "IllegalLocationConstraintException", "The EU location constraint is incompatible for the region specific endpoint this request was sent to."},
		{"somebody else's", ireland, "theirs", constraint(ireland), 409, "BucketAlreadyExists", foreign},
		{"upper case", ireland, "Upper", constraint(ireland), 400, "InvalidBucketName", badName},
		{"too short", ireland, "ab", constraint(ireland), 400, "InvalidBucketName", badName},
		{"two dots", ireland, "a..b", constraint(ireland), 400, "InvalidBucketName", badName},
		{"an address", ireland, "192.168.5.4", constraint(ireland), 400, "InvalidBucketName", badName},
		{"an underscore", ireland, "a_bcd", constraint(ireland), 400, "InvalidBucketName", badName},
		{"a dash at the end", ireland, "abcd-", constraint(ireland), 400, "InvalidBucketName", badName},
		{"64 characters", ireland, strings.Repeat("a", 64), constraint(ireland), 400, "InvalidBucketName", badName},
		{"xn--", ireland, "xn--abc", constraint(ireland), 400, "InvalidBucketName", badName},
		{"-s3alias", ireland, "abc-s3alias", constraint(ireland), 400, "InvalidBucketName", badName},
		{"-an without the namespace", ireland, "abc-an", constraint(ireland), 400, "InvalidBucketName", badName},
		{"sthree-", ireland, "sthree-abc", constraint(ireland), 400, "InvalidBucketName", badName},
		{"amzn-s3-demo-", ireland, "amzn-s3-demo-abc", constraint(ireland), 400, "InvalidBucketName", badName},
		{"--ol-s3", ireland, "abc--ol-s3", constraint(ireland), 400, "InvalidBucketName", badName},
		{".mrap", ireland, "abc.mrap", constraint(ireland), 400, "InvalidBucketName", badName},
		{"--x-s3", ireland, "abc--x-s3", constraint(ireland), 400, "InvalidBucketName", badName},
		{"--table-s3", ireland, "abc--table-s3", constraint(ireland), 400, "InvalidBucketName", badName},
		{"63 characters and dots", ireland, strings.Repeat("a.", 31) + "a", constraint(ireland), 200, "", ""},
		{"a reserved tag", ireland, "fresh", constraint(ireland, "aws:x"), 400, "InvalidTag", reserved},
		{"not XML", ireland, "fresh", "<Create", 400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema"},
		{"tags in us-east-1", "us-east-1", "tagged", constraint("", "k"), 200, "", ""},
		{"one more than the quota", ireland, "fresh", constraint(ireland), 400, "TooManyBuckets", "You have attempted to create more buckets than allowed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			answer := w.raw(rawRequest{method: http.MethodPut, path: "/" + row.bucket, region: row.region, body: row.body})
			answer.want(t, row.status, row.code, row.message)
			if row.code == "BucketAlreadyOwnedByYou" && answer.refusal(t).BucketName != row.bucket {
				t.Errorf("BucketName %q", answer.refusal(t).BucketName)
			}
			if row.code == "InvalidLocationConstraint" && !strings.Contains(row.body, "<LocationConstraint>"+answer.refusal(t).LocationConstraint+"</") {
				t.Errorf("LocationConstraint %q", answer.refusal(t).LocationConstraint)
			}
			location := "http://" + row.bucket + ".s3.amazonaws.com/"
			if row.region == "us-east-1" {
				location = "/" + row.bucket
			}
			if got := answer.header.Get("Location"); row.status == 200 && (got != location || answer.header.Get("X-Amz-Bucket-Arn") != "arn:aws:s3:::"+row.bucket) {
				t.Errorf("Location %q, want %q", got, location)
			}
		})
	}
}

func TestNameOfADeletedBucketSettlesBeforeItIsFree(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Settling: sandbox.Settling{NameFree: time.Minute}})
		w.plainBucket("gone", ireland)
		create := rawRequest{method: http.MethodPut, path: "/gone", body: constraint(ireland)}
		w.raw(rawRequest{method: http.MethodDelete, path: "/gone"}).want(t, 204, "", "")
		w.raw(create).want(t, 409, "OperationAborted",
			"A conflicting conditional operation is currently in progress against this resource. Please try again.")
		pass(2 * time.Minute)
		w.raw(create).want(t, 200, "", "")
	})
}

func TestAccountRegionalNames(t *testing.T) {
	w := quick(t)
	regional := map[string]string{"X-Amz-Bucket-Namespace": "account-regional"}
	name := "/logs-" + w.sandbox.AccountID() + "-eu-west-1-an"
	answer := w.raw(rawRequest{method: http.MethodPut, path: name, body: constraint(ireland), header: regional})
	answer.want(t, 200, "", "")
	if got := answer.header.Get("Location"); got != name {
		t.Errorf("Location %q, want %q", got, name)
	}
	if got := answer.header.Get("X-Amz-Bucket-Arn"); got != "arn:aws:s3:::"+name[1:] {
		t.Errorf("x-amz-bucket-arn %q", got)
	}
	again := w.raw(rawRequest{method: http.MethodPut, path: name, body: constraint(ireland), header: regional})
	again.want(t, 409, "BucketAlreadyOwnedByYou", "")
	for _, other := range []string{"/logs-111111111111-eu-west-1-an", "/logs-" + w.sandbox.AccountID() + "-eu-west-2-an", "/logs"} {
		w.raw(rawRequest{method: http.MethodPut, path: other, body: constraint(ireland), header: regional}).
			want(t, 400, "InvalidBucketName", "")
	}
}

func TestAccountRegionalNamesAreNotCreatedTwiceAndNotEverywhere(t *testing.T) {
	w := quick(t)
	regional := map[string]string{"X-Amz-Bucket-Namespace": "account-regional"}
	create := func(region, body string) rawAnswer {
		return w.raw(rawRequest{
			method: http.MethodPut, path: "/logs-" + w.sandbox.AccountID() + "-" + region + "-an", region: region, body: body, header: regional,
		})
	}
	create("us-east-1", "").want(t, 200, "", "")
	create("us-east-1", "").want(t, 409, "BucketAlreadyOwnedByYou", "") // unlike a global name
	for _, region := range []string{"me-south-1", "me-central-1"} {
		create(region, constraint(region)).want(t, 400, "InvalidBucketName", "")
	}
}

func TestCreationWantsTheRightsOfAllThatItDoes(t *testing.T) {
	w := quick(t)
	lock := map[string]string{"X-Amz-Bucket-Object-Lock-Enabled": "true"}
	for name, row := range map[string]struct {
		allow, body string
		header      map[string]string
		want        string // what the refusal names, "" for none
	}{
		"plain":                      {`"s3:CreateBucket"`, constraint(ireland), nil, ""},
		"tags, without":              {`"s3:CreateBucket"`, constraint(ireland, "k"), nil, "s3:TagResource"},
		"tags, with":                 {`"s3:CreateBucket","s3:TagResource"`, constraint(ireland, "k"), nil, ""},
		"lock, without":              {`"s3:CreateBucket","s3:PutBucketVersioning"`, constraint(ireland), lock, "s3:PutBucketObjectLockConfiguration"},
		"lock, without versioning":   {`"s3:CreateBucket","s3:PutBucketObjectLockConfiguration"`, constraint(ireland), lock, "s3:PutBucketVersioning"},
		"lock, with":                 {`"s3:CreateBucket","s3:PutBucketObjectLockConfiguration","s3:PutBucketVersioning"`, constraint(ireland), lock, ""},
		"ownership, without":         {`"s3:CreateBucket"`, constraint(ireland), map[string]string{"X-Amz-Object-Ownership": "ObjectWriter"}, "s3:PutBucketOwnershipControls"},
		"a namespace that must be":   {`"s3:CreateBucket"`, constraint(ireland), nil, ""},
		"and without that namespace": {`"s3:Create*"`, constraint(ireland), nil, "s3:CreateBucket"},
	} {
		t.Run(name, func(t *testing.T) {
			condition := ""
			if strings.Contains(name, "namespace") {
				condition = `,"Condition":{"StringEquals":{"s3:x-amz-bucket-namespace":"account-regional"}}`
			}
			path := "/bucket-" + strings.Trim(strings.NewReplacer(",", "", " ", "-").Replace(name), "-")
			if name == "a namespace that must be" {
				path = "/x-" + w.sandbox.AccountID() + "-eu-west-1-an"
				row.header = map[string]string{"X-Amz-Bucket-Namespace": "account-regional"}
			}
			must(t, 0, w.sandbox.Directory().AddUser("creator", "AKIACREATOR", "secret",
				`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":[`+row.allow+`],"Resource":"*"`+condition+`}]}`))
			answer := w.raw(rawRequest{
				method: http.MethodPut, path: path, body: row.body, header: row.header, accessKey: "AKIACREATOR", secret: "secret",
			})
			if row.want == "" {
				answer.want(t, 200, "", "")
				return
			}
			answer.want(t, 403, "AccessDenied", "")
			if got := answer.refusal(t).Message; !strings.Contains(got, row.want+" on resource") {
				t.Errorf("message %q, want %s", got, row.want)
			}
		})
	}
}

// The recorded answers around versioning, word for word.
func TestVersioningAnswersWordForWord(t *testing.T) {
	const (
		malformed = "The XML you provided was not well-formed or did not validate against our published schema"
		present   = "A replication configuration is present on this bucket, so you cannot change the versioning state. " +
			"To change the versioning state, first delete the replication configuration."
		locked = "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
	)
	w := quick(t)
	w.pair()
	w.plainBucket("plain", ireland)
	w.raw(rawRequest{
		method: http.MethodPut, path: "/locked", body: constraint(ireland),
		header: map[string]string{"X-Amz-Bucket-Object-Lock-Enabled": "true"},
	}).want(t, 200, "", "")
	document := func(status string) string {
		return `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` + status + `</VersioningConfiguration>`
	}
	for _, row := range []struct {
		name, bucket, body string
		status             int
		code, message      string
	}{
		{"lower case", "plain", document("<Status>enabled</Status>"), 400, "MalformedXML", malformed},
		{"Disabled", "plain", document("<Status>Disabled</Status>"), 400, "MalformedXML", malformed},
		{"empty", "plain", document(""), 400, "IllegalVersioningConfigurationException", "The Versioning element must be specified"},
		{"no bucket", "missing", document("<Status>Enabled</Status>"), 404, "NoSuchBucket", "The specified bucket does not exist"},
		{"suspending a replicated bucket", "side-a", document("<Status>Suspended</Status>"), 409, "InvalidBucketState", present},
		{"suspending a locked bucket", "locked", document("<Status>Suspended</Status>"), 409, "InvalidBucketState", locked},
		{"suspending what was never enabled", "plain", document("<Status>Suspended</Status>"), 200, "", ""},
		{"enabling", "plain", document("<Status>Enabled</Status>"), 200, "", ""},
		{"enabling twice", "plain", document("<Status>Enabled</Status>"), 200, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			w.raw(rawRequest{method: http.MethodPut, path: "/" + row.bucket + "?versioning", body: row.body}).
				want(t, row.status, row.code, row.message)
		})
	}
	w.plainBucket("untouched", ireland)
	answer := w.raw(rawRequest{method: http.MethodGet, path: "/untouched?versioning"})
	if answer.status != 200 || strings.Contains(answer.body, "Status") {
		t.Errorf("never set: %d %s", answer.status, answer.body)
	}
}
