package sandbox_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"
	"time"
)

// postForm is a form as a browser would send it. Its fields are in order, each
// "name: value"; the policy and the signature are added.
type postForm struct {
	bucket string
	region string // of the signature; "" means Ireland
	fields []string
	// conditions are those of the policy besides the ones for bucket and
	// signature; a policy replaces all, and lets the fields alone.
	conditions, policy string
	lasts              time.Duration // from now until the policy expires; 0 means an hour
	filename, file     string
	noFilename, noFile bool
	unsigned           bool
	// drop leaves fields of the signature out, spoil changes what is sent
	// after it was signed.
	drop  []string
	spoil func(body string) string
	// accessKey and secret are the operator's where they are empty.
	accessKey, secret, kind string
}

// post sends a form.
func (w *world) post(f postForm) rawAnswer {
	w.Helper()
	fields := f.fields
	if !f.unsigned {
		fields = append(fields, w.signForm(f)...)
	}
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for _, line := range fields {
		name, value, _ := strings.Cut(line, ": ")
		if err := parts.WriteField(name, value); err != nil {
			w.Fatal(err)
		}
	}
	if !f.noFile {
		disposition := `form-data; name="file"`
		if !f.noFilename {
			disposition += `; filename="` + f.filename + `"`
		}
		part, err := parts.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {"text/plain"}})
		must(w, part, err)
		_, err = part.Write([]byte(f.file))
		must(w, 0, err)
		must(w, 0, parts.WriteField("submit", "Upload")) // what comes after the file counts for nothing
	}
	must(w, 0, parts.Close())
	text := body.String()
	if f.spoil != nil {
		text = f.spoil(text)
	}
	request, err := http.NewRequestWithContext(w.Context(), http.MethodPost, "http://127.0.0.1:9000/"+f.bucket, strings.NewReader(text))
	must(w, request, err)
	request.Header.Set("Content-Type", parts.FormDataContentType())
	if f.kind != "" {
		request.Header.Set("Content-Type", f.kind)
	}
	request.Header.Set("Origin", "https://site.example")
	return w.send(request)
}

// signForm returns the fields that sign a form.
func (w *world) signForm(f postForm) []string {
	id, secret := w.sandbox.Credentials()
	if f.accessKey != "" {
		id, secret = f.accessKey, f.secret
	}
	region := f.region
	if region == "" {
		region = ireland
	}
	now := time.Now().UTC()
	date, day := now.Format("20060102T150405Z"), now.Format("20060102")
	credential := id + "/" + day + "/" + region + "/s3/aws4_request"
	lasts := f.lasts
	if lasts == 0 {
		lasts = time.Hour
	}
	policy := f.policy
	if policy == "" {
		policy = `{"expiration":"` + now.Add(lasts).Format("2006-01-02T15:04:05.000Z") + `","conditions":[{"bucket":"` + f.bucket +
			`"},{"x-amz-algorithm":"AWS4-HMAC-SHA256"},["eq","$x-amz-credential","` + credential + `"],{"X-Amz-Date":"` + date + `"}`
		if f.conditions != "" {
			policy += "," + f.conditions
		}
		policy += "]}"
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(policy))
	key := []byte("AWS4" + secret)
	for _, text := range []string{day, region, "s3", "aws4_request", encoded} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		key = mac.Sum(nil)
	}
	var fields []string
	for _, field := range [][2]string{
		{"X-Amz-Algorithm", "AWS4-HMAC-SHA256"},
		{"x-amz-credential", credential},
		{"x-amz-date", date},
		{"Policy", encoded},
		{"X-Amz-Signature", hex.EncodeToString(key)},
	} {
		dropped := false
		for _, name := range f.drop {
			dropped = dropped || strings.EqualFold(name, field[0])
		}
		if !dropped {
			fields = append(fields, field[0]+": "+field[1])
		}
	}
	return fields
}
