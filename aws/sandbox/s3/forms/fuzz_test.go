package forms

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox/refusal/refusaltest"
)

func FuzzParseFormPolicy(f *testing.F) {
	f.Add(`{"expiration": "2030-01-01T00:00:00Z", "conditions": [{"bucket": "b"}, ["starts-with", "$key", "a"], ["content-length-range", 1, 2]]}`, "key", "abc")
	f.Add(`{"expiration": "2030-01-01T00:00:00.000Z", "conditions": [["eq", "$acl", "private"], {}]}`, "acl", "private")
	f.Add(`{"conditions": [[[]]], "expiration": 1}`, "", "")
	f.Fuzz(func(t *testing.T, text, field, value string) {
		p, err := parseFormPolicy(base64.StdEncoding.EncodeToString([]byte(text)))
		refusaltest.Only(t, err)
		if err != nil {
			return
		}
		if p.least < 0 || p.most < -1 {
			t.Errorf("%q allows files of %d to %d bytes", text, p.least, p.most)
		}
		fields := map[string]string{strings.ToLower(field): value}
		refusaltest.Only(t, p.check(fields, "b", time.Time{}))
		if p.check(fields, "b", p.expiration) == nil {
			t.Errorf("%q allows after its expiration", text)
		}
		// What is allowed is no longer so with a field that no policy names.
		fields["\x00"] = "x"
		if p.check(fields, "b", time.Time{}) == nil && !strings.Contains(text, `$\u0000`) && !strings.Contains(text, `\u0000`) {
			t.Errorf("%q allows a field that it does not name", text)
		}
	})
}

func FuzzReadForm(f *testing.F) {
	const head = "--x\r\nContent-Disposition: form-data; name=\""
	f.Add("multipart/form-data; boundary=x", head+"key\"\r\n\r\nk/${filename}\r\n"+head+"file\"; filename=\"a/b\"\r\n\r\nhello\r\n--x--\r\n")
	f.Add("multipart/form-data; boundary=x", head+"file\"\r\n\r\n")
	f.Add("multipart/form-data", "--\r\n\r\n")
	f.Add("text/plain", "x")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		form, err := readForm(contentType, strings.NewReader(body))
		refusaltest.Only(t, err)
		if err != nil {
			return
		}
		if form.fields["key"] == "" || form.file == nil || strings.ContainsAny(form.filename, `/\`) {
			t.Errorf("a form without key or file: %+v", form)
		}
		for name := range form.header() {
			if strings.EqualFold(name, "x-amz-signature") {
				t.Errorf("the signature became a header of the object")
			}
		}
	})
}
