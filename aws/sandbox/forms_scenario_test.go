package sandbox_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"maps"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox"
	"bothways/aws/sandbox/sigv4"
)

// upload is a form as a browser sends it.
type upload struct {
	conditions string // of the policy; "" makes an unsigned form
	policy     string // instead of one made of the conditions
	fields     map[string]string
	without    string // a field that is left out after signing
	version2   bool
	name, file string
	region     string // of the signature
}

// send signs the form and posts it to a bucket.
func (u upload) send(t *testing.T, w *world, bucket string) rawAnswer {
	t.Helper()
	if u.region == "" {
		u.region = ireland
	}
	now := time.Now().UTC()
	id, secret := w.sandbox.Credentials()
	fields := map[string]string{"key": "foo.txt", "Content-Type": "text/plain"}
	if u.policy == "" && u.conditions != "" {
		u.policy = fmt.Sprintf(`{"expiration": %q, "conditions": [{"bucket": %q}, ["starts-with", "$key", ""],
			["starts-with", "$Content-Type", "text/"], %s]}`, now.Add(time.Hour).Format("2006-01-02T15:04:05Z"), bucket, u.conditions)
	}
	switch text := base64.StdEncoding.EncodeToString([]byte(u.policy)); {
	case u.policy == "":
	case u.version2:
		fields["policy"], fields["AWSAccessKeyId"], fields["signature"] = text, id, sigv4.SignVersion2(secret, text)
	default:
		scope := now.Format("20060102") + "/" + u.region + "/s3/aws4_request"
		fields["X-Amz-Algorithm"], fields["X-Amz-Credential"] = "AWS4-HMAC-SHA256", id+"/"+scope
		fields["X-Amz-Date"], fields["policy"] = now.Format("20060102T150405Z"), text
		key := []byte("AWS4" + secret)
		for part := range strings.SplitSeq(scope+"\n"+text, "/") {
			if last, policy, found := strings.Cut(part, "\n"); found {
				key = seal(key, last)
				fields["X-Amz-Signature"] = hex.EncodeToString(seal(key, policy))
				break
			}
			key = seal(key, part)
		}
	}
	maps.Copy(fields, u.fields)
	delete(fields, u.without)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		must(t, 0, form.WriteField(name, fields[name]))
	}
	if u.name != "-" {
		part, err := form.CreateFormFile("file", u.name)
		_, err2 := must(t, part, err).Write([]byte(u.file))
		must(t, 0, err2)
	}
	must(t, 0, form.Close())
	return w.raw(rawRequest{
		method: "POST", path: "/" + bucket, body: body.String(), unsigned: true,
		header: map[string]string{"Content-Type": form.FormDataContentType()},
	})
}

func seal(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// signing is what a policy must say of the fields of signature version 4.
const signing = `["starts-with", "$x-amz-credential", ""], ["starts-with", "$x-amz-algorithm", ""], ["starts-with", "$x-amz-date", ""]`

func TestFormsUploadAsInS3(t *testing.T) {
	in := time.Now().UTC().Add(time.Hour).Format("2006-01-02T15:04:05Z")
	for name, c := range map[string]struct {
		upload
		status  int
		code    string
		message string // what it must hold
	}{
		"signed":                    {upload: upload{conditions: signing}, status: 204},
		"signed with version 2":     {upload: upload{conditions: `{"acl": "private"}`, fields: map[string]string{"acl": "private"}, version2: true}, status: 204},
		"names in any case":         {upload: upload{conditions: signing + `, ["StArTs-WiTh", "$aCl", "pri"]`, fields: map[string]string{"AcL": "private"}}, status: 204},
		"an ignored field":          {upload: upload{conditions: signing, fields: map[string]string{"x-ignore-me": "x"}}, status: 204},
		"a file within the limits":  {upload: upload{conditions: signing + `, ["content-length-range", 1, 5]`, file: "hello"}, status: 204},
		"too large a file":          {upload: upload{conditions: signing + `, ["content-length-range", 1, 4]`, file: "hello"}, status: 400, code: "EntityTooLarge"},
		"too small a file":          {upload: upload{conditions: signing + `, ["content-length-range", 6, 9]`, file: "hello"}, status: 400, code: "EntityTooSmall"},
		"half a range":              {upload: upload{conditions: signing + `, ["content-length-range", 1]`}, status: 400, code: "InvalidPolicyDocument"},
		"a negative range":          {upload: upload{conditions: signing + `, ["content-length-range", -1, 0]`}, status: 400, code: "InvalidPolicyDocument"},
		"no condition in an object": {upload: upload{conditions: signing + `, {}`}, status: 400, code: "InvalidPolicyDocument"},
		"an unknown operator":       {upload: upload{conditions: signing + `, ["like", "$key", "x"]`}, status: 400, code: "InvalidPolicyDocument"},
		"a field with no condition": {upload: upload{conditions: signing, fields: map[string]string{"acl": "private"}}, status: 403, code: "AccessDenied", message: "Extra input fields: acl"},
		"a condition with no field": {upload: upload{conditions: signing + `, ["starts-with", "$x-amz-meta-a", "b"]`}, status: 403, code: "AccessDenied", message: "Policy Condition failed: ["},
		"another value":             {upload: upload{conditions: signing + `, {"acl": "private"}`, fields: map[string]string{"acl": "public-read"}}, status: 403, code: "AccessDenied", message: `["eq", "$acl", "private"]`},
		"no JSON":                   {upload: upload{policy: `{`}, status: 400, code: "InvalidPolicyDocument"},
		"no expiration":             {upload: upload{policy: `{"conditions": []}`}, status: 400, code: "InvalidPolicyDocument"},
		"Expiration in capitals":    {upload: upload{policy: `{"EXPIRATION": "` + in + `", "conditions": []}`}, status: 400, code: "InvalidPolicyDocument"},
		"no conditions":             {upload: upload{policy: `{"expiration": "` + in + `"}`}, status: 400, code: "InvalidPolicyDocument"},
		"Conditions in capitals":    {upload: upload{policy: `{"expiration": "` + in + `", "CONDITIONS": []}`}, status: 400, code: "InvalidPolicyDocument"},
		"no date":                   {upload: upload{policy: `{"expiration": "tomorrow", "conditions": []}`}, status: 400, code: "InvalidPolicyDocument"},
		"expired":                   {upload: upload{policy: `{"expiration": "2001-01-01T00:00:00Z", "conditions": []}`}, status: 403, code: "AccessDenied", message: "Policy expired."},
		"the bucket is not named":   {upload: upload{policy: `{"expiration": "` + in + `", "conditions": [["eq", "$key", "foo.txt"]]}`}, status: 403, code: "AccessDenied"},
		"a wrong signature":         {upload: upload{conditions: signing, fields: map[string]string{"X-Amz-Signature": strings.Repeat("0", 64)}}, status: 403, code: "SignatureDoesNotMatch"},
		"a wrong signature of 2":    {upload: upload{conditions: `{"acl": "private"}`, fields: map[string]string{"signature": "x"}, version2: true}, status: 403, code: "SignatureDoesNotMatch"},
		"an unknown key":            {upload: upload{conditions: `{"acl": "private"}`, fields: map[string]string{"AWSAccessKeyId": "AKIANOBODY"}, version2: true}, status: 403, code: "InvalidAccessKeyId"},
		"no signature":              {upload: upload{conditions: signing, without: "X-Amz-Signature"}, status: 400, code: "InvalidArgument", message: "'X-Amz-Signature'"},
		"no signature of 2":         {upload: upload{conditions: `{"acl": "private"}`, without: "signature", version2: true}, status: 400, code: "InvalidArgument", message: "'Signature'"},
		"no key":                    {upload: upload{conditions: signing, without: "key"}, status: 400, code: "InvalidArgument", message: "'key'"},
		"too long a key":            {upload: upload{conditions: signing, fields: map[string]string{"key": strings.Repeat("k", 1025)}}, status: 400, code: "KeyTooLongError"},
		"no file":                   {upload: upload{conditions: signing, name: "-"}, status: 400, code: "InvalidArgument", message: "exactly one file"},
		"too much before the file":  {upload: upload{conditions: signing, fields: map[string]string{"x-ignore-me": strings.Repeat("x", 21<<10)}}, status: 400, code: "MaxPostPreDataLengthExceeded"},
		"signed for another region": {upload: upload{conditions: signing, region: singapore}, status: 301, code: "PermanentRedirect"},
		"nobody's":                  {upload: upload{}, status: 403, code: "AccessDenied"},
		"a checksum that fits not":  {upload: upload{conditions: signing + `, ["starts-with", "$x-amz-checksum-crc32", ""]`, file: "x", fields: map[string]string{"x-amz-checksum-crc32": "AAAAAA=="}}, status: 400, code: "BadDigest"},
		"tags that are none":        {upload: upload{conditions: signing + `, ["starts-with", "$tagging", ""]`, fields: map[string]string{"tagging": "x"}}, status: 400, code: "MalformedXML"},
	} {
		t.Run(name, func(t *testing.T) {
			w := quick(t)
			w.plainBucket("forms", ireland)
			answer := c.send(t, w, "forms")
			answer.want(t, c.status, c.code, "")
			if !strings.Contains(answer.body, html.EscapeString(c.message)) {
				t.Errorf("%s does not say %s", answer.body, c.message)
			}
			stored := w.raw(rawRequest{method: "GET", path: "/forms/foo.txt"})
			if c.status == 204 && (stored.status != 200 || stored.body != c.file || stored.header.Get("Content-Type") != "text/plain") ||
				c.status != 204 && stored.status != 404 {
				t.Errorf("then GET answers %d: %q", stored.status, stored.body)
			}
		})
	}
}

func TestFormsSayWhatIsStoredAndHowItIsAnswered(t *testing.T) {
	w := quick(t)
	w.plainBucket("forms", ireland)
	upload{
		conditions: signing + `, ["starts-with", "$x-amz-meta-a", ""], ["starts-with", "$tagging", ""], {"x-amz-storage-class": "STANDARD_IA"}`,
		name:       `C:\dir\fi le.txt`, file: "hello",
		fields: map[string]string{"key": "in/${filename}", "x-amz-meta-a": "${filename}", "tagging": tagging(1, 2, 1), "x-amz-storage-class": "STANDARD_IA"},
	}.send(t, w, "forms").want(t, 204, "", "")
	stored := w.raw(rawRequest{method: "GET", path: "/forms/in/fi%20le.txt"})
	for name, want := range map[string]string{"X-Amz-Meta-A": "fi le.txt", "X-Amz-Tagging-Count": "1", "X-Amz-Storage-Class": "STANDARD_IA"} {
		if got := stored.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}

	created := upload{conditions: signing + `, {"success_action_status": "201"}`, fields: map[string]string{"success_action_status": "201"}}.send(t, w, "forms")
	if created.status != 201 || !strings.Contains(created.body, "<PostResponse><Location>https://forms.s3.eu-west-1.amazonaws.com/foo.txt</Location><Bucket>forms</Bucket><Key>foo.txt</Key><ETag>") {
		t.Errorf("%d %s", created.status, created.body)
	}
	if other := (upload{conditions: signing + `, {"success_action_status": "404"}`, fields: map[string]string{"success_action_status": "404"}}).send(t, w, "forms"); other.status != 204 {
		t.Errorf("an impossible status: %d", other.status)
	}
	to := "http://example.com/done?a=b"
	sent := upload{conditions: signing + `, ["eq", "$success_action_redirect", "` + to + `"]`, fields: map[string]string{"success_action_redirect": to}}.send(t, w, "forms")
	want := to + "&bucket=forms&key=foo.txt&etag=" + url.QueryEscape(sent.header.Get("Etag"))
	if got := sent.header.Get("Location"); sent.status != 303 || got != want {
		t.Errorf("%d to %s, want %s", sent.status, got, want)
	}

	// Without a policy it is nobody's form, who may what everybody may.
	w.raw(rawRequest{method: "DELETE", path: "/forms?publicAccessBlock"}).want(t, 204, "", "")
	w.raw(rawRequest{method: "PUT", path: "/forms?policy", body: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",` +
		`"Action":"s3:PutObject","Resource":"arn:aws:s3:::forms/*"}]}`}).want(t, 204, "", "")
	upload{file: "anybody's"}.send(t, w, "forms").want(t, 204, "", "")
	w.raw(rawRequest{method: "POST", path: "/forms", body: "x", unsigned: true}).want(t, 412, "PreconditionFailed", "")
	w.raw(rawRequest{method: "POST", path: "/forms", body: "x"}).want(t, 400, "InvalidArgument", "")

	// Regions younger than version 4 know no other.
	w.plainBucket("young", "eu-central-1")
	upload{conditions: `{"acl": "private"}`, fields: map[string]string{"acl": "private"}, version2: true}.send(t, w, "young").
		want(t, 400, "InvalidRequest", "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")
}

func TestFormsHoldTheirSignerToHisRights(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoDistance: true})
	w.plainBucket("forms", ireland)
	w.raw(rawRequest{method: "PUT", path: "/forms?policy", body: `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*",` +
		`"Action":"s3:PutObject","Resource":"arn:aws:s3:::forms/foo.txt"}]}`}).want(t, 204, "", "")
	upload{conditions: signing}.send(t, w, "forms").want(t, 403, "AccessDenied", "")
}
