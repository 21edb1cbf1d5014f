// Package form is the form with which a browser uploads an object: its fields,
// the file behind them, and the policy that says which fields it may have
// (Amazon S3 API Reference, POST Object; what its pages leave open goes by
// answers of S3 that LocalStack's tests and users' reports have recorded).
package form

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"

	"bothways/aws/sandbox/refusal"
)

// maxFields bounds all that comes before the file, in bytes: values, and the
// headers of the parts that they stand in, so that parts without either name or
// value come to an end too. It holds again once the file's name is put in.
const maxFields = 20480

// variable is what the name of the file is put in for.
const variable = "${filename}"

// Form is a form as far as S3 reads it: nothing that comes after the file.
type Form struct {
	fields []field
	// File is the file, as it still comes in.
	File io.Reader
	// Policy is the policy that the fields were held to, nil where none was.
	Policy *Policy
	// filename is the name of the file without its path; a form may have none.
	filename string
	named    bool
}

// field is one field; several of a name are one, their values joined by commas.
type field struct{ name, value string }

// Read reads the fields of a form up to the file, as they were written: Expand
// puts the name of the file in.
func Read(r *http.Request) (*Form, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return nil, NotMultipart()
	}
	if err != nil || parameters["boundary"] == "" {
		return nil, malformed()
	}
	parts := multipart.NewReader(r.Body, parameters["boundary"])
	f := &Form{}
	for left := int64(maxFields); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil, refusal.New(http.StatusBadRequest, "InvalidArgument", "POST requires exactly one file upload per request.",
				refusal.With("ArgumentName", "file"), refusal.With("ArgumentValue", "0"))
		}
		if err != nil {
			return nil, malformed()
		}
		name := part.FormName()
		if strings.EqualFold(name, "file") {
			f.File = part
			f.readName(part.Header.Get("Content-Disposition"))
			return f, nil
		}
		left -= max(headerSize(part.Header), 1)
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil {
			return nil, malformed()
		}
		if left -= int64(len(value)); left < 0 {
			return nil, tooMuch()
		}
		if name != "" {
			f.add(name, string(bytes.ToValidUTF8(value, []byte("\uFFFD"))))
		}
	}
}

func (f *Form) add(name, value string) {
	for i := range f.fields {
		if strings.EqualFold(f.fields[i].name, name) {
			f.fields[i].value += "," + value
			return
		}
	}
	f.fields = append(f.fields, field{name, value})
}

// headerSize is how long the headers of a part are, in bytes without separators.
func headerSize(h textproto.MIMEHeader) (size int64) {
	for name, values := range h {
		for _, value := range values {
			size += int64(len(name) + len(value))
		}
	}
	return size
}

// readName keeps the name of the file; of a path, whatever its slashes, the end
// counts.
func (f *Form) readName(disposition string) {
	_, parameters, err := mime.ParseMediaType(disposition)
	name, given := parameters["filename"]
	f.filename, f.named = name[strings.LastIndexAny(name, `/\`)+1:], given && err == nil
}

// KeySize is how long the key will be once Expand has put the name of the file
// in, in bytes.
func (f *Form) KeySize() int {
	key := f.Get("key")
	return len(key) + f.grows(field{"key", key})
}

// grows is by how many bytes the name of the file lengthens a field. The policy
// was signed as it stands.
func (f *Form) grows(in field) int {
	if !f.named || strings.EqualFold(in.name, "policy") {
		return 0
	}
	return strings.Count(in.value, variable) * (len(f.filename) - len(variable))
}

// Expand puts the name of the file in for ${filename}, unless that makes more of
// the fields than may come. A file without a name leaves them as they stand.
// Nobody has signed anything yet, so lengths are worked out before any memory
// is taken.
func (f *Form) Expand() error {
	size := 0
	for _, known := range f.fields {
		size += len(known.name) + len(known.value) + f.grows(known)
	}
	if size > maxFields {
		return tooMuch()
	}
	for i, known := range f.fields {
		if f.named && !strings.EqualFold(known.name, "policy") {
			f.fields[i].value = strings.ReplaceAll(known.value, variable, f.filename)
		}
	}
	return nil
}

// Lookup returns the value of a field, whatever the case of its name.
func (f *Form) Lookup(name string) (value string, given bool) {
	for _, known := range f.fields {
		if strings.EqualFold(known.name, name) {
			return known.value, true
		}
	}
	return "", false
}

// Get is Lookup where an absent field is as good as an empty one.
func (f *Form) Get(name string) string {
	value, _ := f.Lookup(name)
	return value
}

// Key returns the key of the object to be.
func (f *Form) Key() (string, error) {
	key := f.Get("key")
	if key == "" {
		return "", MissingField("key")
	}
	return key, nil
}

// ofSigning are the fields that the signature is made of.
var ofSigning = map[string]bool{
	"x-amz-algorithm": true, "x-amz-credential": true, "x-amz-date": true, "x-amz-signature": true, "x-amz-security-token": true,
}

// asHeaders are the fields, besides those that begin with x-amz-, that a PUT
// has as headers.
var asHeaders = map[string]string{
	"acl": "X-Amz-Acl", "cache-control": "Cache-Control", "content-type": "Content-Type", "content-disposition": "Content-Disposition",
	"content-encoding": "Content-Encoding", "content-language": "Content-Language", "content-md5": "Content-Md5", "expires": "Expires",
}

// Headers returns what the fields say of the object, as the headers of a PUT.
func (f *Form) Headers() http.Header {
	h := http.Header{}
	for _, known := range f.fields {
		name := strings.ToLower(known.name)
		switch {
		case ofSigning[name] || known.value == "":
		case asHeaders[name] != "":
			h.Set(asHeaders[name], known.value)
		case strings.HasPrefix(name, "x-amz-"):
			h.Set(name, known.value)
		}
	}
	return h
}

// MissingField says that a form lacks a field.
func MissingField(name string) *refusal.Error {
	return refusal.New(http.StatusBadRequest, "InvalidArgument", "Bucket POST must contain a field named '"+name+
		"'.  If it is specified, please check the order of the fields.",
		refusal.With("ArgumentName", name), refusal.With("ArgumentValue", ""))
}

// NotMultipart refuses a POST to a bucket that brings no form.
func NotMultipart() *refusal.Error {
	return refusal.New(http.StatusPreconditionFailed, "PreconditionFailed",
		"At least one of the pre-conditions you specified did not hold",
		refusal.With("Condition", "Bucket POST must be of the enclosure-type multipart/form-data"))
}

func tooMuch() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "MaxPostPreDataLengthExceeded",
		"Your POST request fields preceeding the upload file was too large.", //nolint:misspell // as S3 spells it
		refusal.With("MaxPostPreDataLengthBytes", strconv.Itoa(maxFields)))
}

func malformed() *refusal.Error {
	return refusal.New(http.StatusBadRequest, "MalformedPOSTRequest",
		"The body of your POST request is not well-formed multipart/form-data.")
}
