package form_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/form"
)

// Whatever comes is a form or is refused, in S3's words and not by accident.
func FuzzRead(f *testing.F) {
	const start = "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk-${filename}\r\n--b\r\nContent-Disposition: form-data; "
	f.Add(start+"name=\"file\"; filename=\"a\\b\"\r\n\r\nx\r\n--b--\r\n", `{"expiration":"2999-01-01T00:00:00Z","conditions":[["starts-with","$key",""],["content-length-range",0,"9"]]}`)
	f.Add(start+"name=\"file\"\r\n\r\nx", `{"conditions":[{"a":null},[]],"expiration":1}`)
	f.Add(start+"filename=x", `[]`)
	f.Fuzz(func(t *testing.T, body, policy string) {
		r := httptest.NewRequest(http.MethodPost, "/box", strings.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		read, err := form.Read(r)
		refused(t, err)
		if err == nil {
			size := read.KeySize()
			err = read.Expand()
			refused(t, err)
			if key := read.Get("key"); err == nil && len(key) != size {
				t.Errorf("the key has %d bytes, not %d", len(key), size)
			}
		}
		p, wrong := form.ParsePolicy(base64.StdEncoding.EncodeToString([]byte(policy)))
		refused(t, wrong)
		if err == nil && wrong == nil {
			refused(t, p.Check(read, "box", time.Unix(0, 0)))
			refused(t, p.CheckSize(1))
			read.Headers()
		}
	})
}

func refused(t *testing.T, err error) {
	t.Helper()
	var e *refusal.Error
	if err != nil && (!errors.As(err, &e) || e.Status < 400 || e.Code == "" || e.Message == "") {
		t.Errorf("it says %v", err)
	}
}
