package sandbox_test

import (
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func TestAFormUploadsWhatItsFieldsSay(t *testing.T) {
	w := quick(t)
	w.bucket("box", ireland)
	answer := w.post(postForm{
		bucket: "box", filename: `C:\files\photo 1.png`, file: "content",
		fields: []string{
			"key: up/${filename}", "Content-Type: image/png", "Cache-Control: no-store", "x-amz-meta-Who: me and ${filename}",
			"x-amz-storage-class: STANDARD_IA", "x-amz-server-side-encryption: AES256", "success_action_status: 201",
			"x-amz-checksum-sha256: " + checksumOf(t, types.ChecksumAlgorithmSha256, []byte("content")),
			"tagging: <Tagging><TagSet><Tag><Key>a</Key><Value>b c</Value></Tag></TagSet></Tagging>", "x-ignore-this: x",
		},
		conditions: `["starts-with","$key","up/"],["starts-with","$Content-Type","image/"],["eq","$cache-control","no-store"],
			["starts-with","$x-amz-meta-who",""],{"x-amz-storage-class":"STANDARD_IA"},{"x-amz-server-side-encryption":"AES256"},
			{"success_action_status":"201"},["starts-with","$x-amz-checksum-sha256",""],["starts-with","$tagging","<Tag"],
			["content-length-range",7,"7"]`,
	})
	answer.want(t, http.StatusCreated, "", "")
	const at = "http://127.0.0.1:9000/box/up%2Fphoto%201.png"
	for _, words := range []string{"<PostResponse><Location>" + at, "<Bucket>box</Bucket><Key>up/photo 1.png</Key><ETag>\"9a0364b9e99bb480dd25e1f0284c8555\""} {
		if !strings.Contains(answer.body, words) {
			t.Errorf("%s is not in %s", words, answer.body)
		}
	}
	if answer.header.Get("Location") != at || answer.header.Get("X-Amz-Version-Id") == "" {
		t.Errorf("headers %v", answer.header)
	}
	head, err := w.s3(ireland).HeadObject(t.Context(), &s3.HeadObjectInput{
		Bucket: aws.String("box"), Key: aws.String("up/photo 1.png"), ChecksumMode: types.ChecksumModeEnabled,
	})
	must(t, head, err)
	if *head.ContentType != "image/png" || *head.CacheControl != "no-store" || head.Metadata["who"] != "me and photo 1.png" ||
		head.StorageClass != "STANDARD_IA" || head.ChecksumSHA256 == nil || *head.TagCount != 1 || *head.ContentLength != 7 {
		t.Errorf("HEAD says %+v", head)
	}
}

func TestAFormIsAnsweredAsItAsks(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	const etag = "%229a0364b9e99bb480dd25e1f0284c8555%22"
	for field, want := range map[string]struct {
		status   int
		location string
	}{
		"":                           {204, "http://127.0.0.1:9000/box/a%2Fk%20+"},
		"success_action_status: 200": {200, "http://127.0.0.1:9000/box/a%2Fk%20+"},
		"success_action_status: 302": {204, "http://127.0.0.1:9000/box/a%2Fk%20+"},
		"success_action_redirect: https://site.example/done":     {303, "https://site.example/done?bucket=box&key=a%2Fk+%2B&etag=" + etag},
		"success_action_redirect: https://site.example/done?a=b": {303, "https://site.example/done?a=b&bucket=box&key=a%2Fk+%2B&etag=" + etag},
		"success_action_redirect: /relative":                     {204, "http://127.0.0.1:9000/box/a%2Fk%20+"},
		"redirect: http://site.example/":                         {303, "http://site.example/?bucket=box&key=a%2Fk+%2B&etag=" + etag},
	} {
		f := postForm{bucket: "box", file: "content", fields: []string{"key: a/k +"}, conditions: `{"key":"a/k +"}`}
		if name, _, given := strings.Cut(field, ": "); given {
			f.fields = append(f.fields, field)
			f.conditions += `,["starts-with","$` + name + `",""]`
		}
		answer := w.post(f)
		if answer.status != want.status || answer.header.Get("Location") != want.location || answer.body != "" {
			t.Errorf("%q: %d to %q: %s", field, answer.status, answer.header.Get("Location"), answer.body)
		}
	}
}

func TestAFormIsRefusedInS3sWords(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	key := []string{"key: k"}
	const keyed = `{"key":"k"}`
	const missing = "  If it is specified, please check the order of the fields."
	for name, c := range map[string]struct {
		form          postForm
		status        int
		code, message string
	}{
		"no form":     {postForm{kind: "text/html"}, 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"},
		"no boundary": {postForm{kind: "multipart/form-data"}, 400, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data."},
		"broken": {postForm{fields: key, spoil: func(body string) string {
			return strings.ReplaceAll(body, "Content-Disposition:", "Content-Disposition")
		}}, 400, "MalformedPOSTRequest", ""},
		"no key":      {postForm{}, 400, "InvalidArgument", "Bucket POST must contain a field named 'key'." + missing},
		"no file":     {postForm{fields: key, noFile: true}, 400, "InvalidArgument", "POST requires exactly one file upload per request."},
		"long fields": {postForm{fields: []string{"key: k", "x-amz-meta-a: " + strings.Repeat("a", 20480)}}, 400, "MaxPostPreDataLengthExceeded", ""},
		"long names":  {postForm{fields: []string{"key: k", strings.Repeat("n", 20480) + ": "}}, 400, "MaxPostPreDataLengthExceeded", ""},
		"empty parts": {postForm{fields: key, spoil: func(body string) string {
			boundary, _, _ := strings.Cut(body, "\r\n")
			return strings.Repeat(boundary+"\r\nContent-Disposition: form-data\r\n\r\n\r\n", 2000) + body
		}}, 400, "MaxPostPreDataLengthExceeded", ""},
		"bare parts": {postForm{fields: key, spoil: func(body string) string {
			boundary, _, _ := strings.Cut(body, "\r\n")
			return strings.Repeat(boundary+"\r\n\r\n\r\n", 20481) + body
		}}, 400, "MaxPostPreDataLengthExceeded", ""},
		"a long key":        {postForm{fields: []string{"key: k${filename}"}, filename: strings.Repeat("n", 1024), conditions: `["starts-with","$key","k"]`}, 400, "KeyTooLongError", "Your key is too long"},
		"a long value":      {postForm{fields: []string{"key: k", "x-amz-meta-a: " + strings.Repeat("${filename}", 100)}, filename: strings.Repeat("n", 1024)}, 400, "MaxPostPreDataLengthExceeded", ""},
		"no signature":      {postForm{fields: key, drop: []string{"x-amz-signature"}}, 400, "InvalidArgument", "Bucket POST must contain a field named 'X-Amz-Signature'." + missing},
		"no credential":     {postForm{fields: key, drop: []string{"x-amz-algorithm", "x-amz-credential"}}, 400, "InvalidArgument", "Bucket POST must contain a field named 'X-Amz-Algorithm'." + missing},
		"anonymous":         {postForm{fields: key, unsigned: true}, 403, "AccessDenied", "Access Denied"},
		"wrong secret":      {postForm{fields: key, accessKey: "AKIANOBODY", secret: "x"}, 403, "InvalidAccessKeyId", ""},
		"changed policy":    {postForm{fields: key, spoil: func(body string) string { return strings.Replace(body, "eyJ", "eyI", 1) }}, 403, "SignatureDoesNotMatch", ""},
		"another region":    {postForm{fields: key, region: singapore}, 400, "InvalidArgument", "the region 'ap-southeast-1' is wrong; expecting 'eu-west-1'"},
		"expired":           {postForm{fields: key, lasts: -time.Second}, 403, "AccessDenied", "Invalid according to Policy: Policy expired."},
		"another key":       {postForm{fields: key, conditions: `["eq","$key","\"l\""]`}, 403, "AccessDenied", `Invalid according to Policy: Policy Condition failed: ["eq", "$key", "\"l\""]`},
		"another case":      {postForm{fields: key, conditions: `["starts-with","$key","K"]`}, 403, "AccessDenied", `Invalid according to Policy: Policy Condition failed: ["starts-with", "$key", "K"]`},
		"no dollar":         {postForm{fields: key, conditions: `["eq","key","k"]`}, 403, "AccessDenied", `Invalid according to Policy: Policy Condition failed: ["eq", "key", "k"]`},
		"absent field":      {postForm{fields: key, conditions: keyed + `,["starts-with","$Content-Type",""]`}, 403, "AccessDenied", `Invalid according to Policy: Policy Condition failed: ["starts-with", "$Content-Type", ""]`},
		"one of two types":  {postForm{fields: []string{"key: k", "Content-Type: image/jpg,text/plain"}, conditions: keyed + `,["starts-with","$Content-Type","image/"]`}, 403, "AccessDenied", ""},
		"an extra field":    {postForm{fields: []string{"key: k", "Acl: private"}, conditions: keyed}, 403, "AccessDenied", "Invalid according to Policy: Extra input fields: Acl"},
		"another bucket":    {postForm{fields: key, policy: `{"expiration":"2999-01-01T00:00:00Z","conditions":[{"bucket":"crate"}]}`}, 403, "AccessDenied", `Invalid according to Policy: Policy Condition failed: ["eq", "$bucket", "crate"]`},
		"too large":         {postForm{fields: key, file: "123456789012", conditions: keyed + `,["content-length-range",5,10]`}, 400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"},
		"too small":         {postForm{fields: key, file: "1", conditions: keyed + `,["content-length-range","5","10"]`}, 400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size"},
		"a range of words":  {postForm{fields: key, conditions: keyed + `,["content-length-range","test","10"]`}, 403, "AccessDenied", `Invalid according to Policy: Policy Condition failed: ["content-length-range", "test", "10"]`},
		"a vast range":      {postForm{fields: key, conditions: keyed + `,["content-length-range",18446744073709551616,"99999999999999999999999"]`}, 400, "EntityTooSmall", ""},
		"a range of halves": {postForm{fields: key, conditions: `["content-length-range",0,512.5]`}, 400, "InvalidPolicyDocument", "Invalid Policy: Invalid JSON."},
		"two in one":        {postForm{fields: key, conditions: `{"key":"k","acl":"private"}`}, 400, "InvalidPolicyDocument", "Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified."},
		"a number":          {postForm{fields: key, conditions: `{"key":1}`}, 400, "InvalidPolicyDocument", "Invalid Policy: Invalid Simple-Condition: value must be a string."},
		"no operation":      {postForm{fields: key, conditions: `[]`}, 400, "InvalidPolicyDocument", "Invalid Policy: Invalid Condition: missing operation identifier."},
		"no JSON":           {postForm{fields: key, policy: `{"expiration"`}, 400, "InvalidPolicyDocument", "Invalid Policy: Invalid JSON."},
		"an IAM policy":     {postForm{fields: key, policy: `{"Statement":[]}`}, 400, "InvalidPolicyDocument", "Invalid Policy: Unexpected: 'statement'"},
		"no expiration":     {postForm{fields: key, policy: `{"conditions":[]}`}, 400, "InvalidPolicyDocument", "Invalid Policy: Policy missing expiration."},
		"with an offset":    {postForm{fields: key, policy: `{"expiration":"2999-01-01T00:00:00+02:00","conditions":[]}`}, 400, "InvalidPolicyDocument", "Invalid Policy: Invalid 'expiration' value: '2999-01-01T00:00:00+02:00'"},
		"wrong checksum":    {postForm{fields: []string{"key: k", "x-amz-checksum-crc32: AAAAAA=="}, file: "bar", conditions: keyed + `,["starts-with","$x-amz-checksum-crc32",""]`}, 400, "BadDigest", ""},
		"a strange class":   {postForm{fields: []string{"key: k", "x-amz-storage-class: FakeClass"}, conditions: keyed + `,{"x-amz-storage-class":"FakeClass"}`}, 400, "InvalidStorageClass", ""},
		"tags of no XML":    {postForm{fields: []string{"key: k", "tagging: not-xml"}, conditions: keyed + `,{"tagging":"not-xml"}`}, 400, "MalformedXML", ""},
		"no such bucket":    {postForm{bucket: "crate", fields: key, conditions: keyed}, 404, "NoSuchBucket", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if c.form.bucket == "" {
				c.form.bucket = "box"
			}
			w.post(c.form).want(t, c.status, c.code, c.message)
			if _, err := w.head("box", ireland, "k", ""); code(err) != "NotFound" {
				t.Errorf("an object is there all the same: %v", err)
			}
		})
	}
}

// What a form grows to is looked at before it grows, as nobody has signed it.
func TestAFormOfManyFileNamesTakesNoMemory(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	const name = 1 << 20
	f := postForm{bucket: "box", fields: []string{"key: " + strings.Repeat("${filename}", 500)}, filename: strings.Repeat("n", name), unsigned: true}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	answer := w.post(f)
	runtime.ReadMemStats(&after)
	answer.want(t, http.StatusBadRequest, "KeyTooLongError", "Your key is too long")
	if took := after.TotalAlloc - before.TotalAlloc; took > 50*name {
		t.Errorf("a request of %d bytes took %d bytes of memory", name, took)
	}
}

func TestAFormWithoutAFileNameKeepsTheVariable(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	for _, f := range []postForm{{noFilename: true}, {filename: ""}} {
		f.bucket, f.fields, f.conditions = "box", []string{"key: k-${filename}"}, `["starts-with","$key","k-"]`
		w.post(f).want(t, http.StatusNoContent, "", "")
	}
	for _, key := range []string{"k-${filename}", "k-"} {
		if _, err := w.head("box", ireland, key, ""); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// Whoever posts needs the right that a PUT needs, by the policies of the user
// and of the bucket, and to scripts of the bucket's sites the answer is shown.
func TestPoliciesAndCORSHoldForForms(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	form := postForm{bucket: "box", fields: []string{"key: open/k"}, unsigned: true}
	w.post(form).want(t, http.StatusForbidden, "AccessDenied", "Access Denied")
	_, err := w.s3(ireland).DeletePublicAccessBlock(t.Context(), &s3.DeletePublicAccessBlockInput{Bucket: aws.String("box")})
	must(t, 0, err)
	policy := `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::box/open/*"},
		{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::box/*","Condition":{"StringEquals":{"s3:x-amz-storage-class":"GLACIER"}}}]}`
	_, err = w.s3(ireland).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("box"), Policy: &policy})
	must(t, 0, err)
	_, err = w.s3(ireland).PutBucketCors(t.Context(), &s3.PutBucketCorsInput{Bucket: aws.String("box"), CORSConfiguration: &types.CORSConfiguration{
		CORSRules: []types.CORSRule{{AllowedMethods: []string{"POST"}, AllowedOrigins: []string{"https://site.example"}}},
	}})
	must(t, 0, err)
	answer := w.post(form)
	answer.want(t, http.StatusNoContent, "", "")
	if got := answer.header.Get("Access-Control-Allow-Origin"); got != "https://site.example" {
		t.Errorf("shown to %q", got)
	}
	form.fields = []string{"key: open/k", "x-amz-storage-class: GLACIER"}
	w.post(form).want(t, http.StatusForbidden, "AccessDenied", "")
}

func TestWhatAFormUploadsReplicates(t *testing.T) {
	w := quick(t)
	w.pair()
	w.post(postForm{bucket: "side-a", file: "content", fields: []string{"key: k"}, conditions: `{"key":"k"}`}).want(t, http.StatusNoContent, "", "")
	if got := w.status("side-a", ireland, "k"); got != "COMPLETED" && got != "PENDING" {
		t.Errorf("its replication is %q", got)
	}
}
