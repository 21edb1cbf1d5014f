package forms

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
)

// maxFields bounds what stands before the file in a form, in bytes (S3 API
// Reference, Error responses: MaxPostPreDataLengthExceeded).
const maxFields = 20 << 10

// form is what a browser sends to upload a file: fields by their names in lower
// case, and the file, which is still to be read.
type form struct {
	fields   map[string]string
	filename string
	file     io.Reader
}

// readForm reads a form up to its file; what follows the file is ignored (S3
// API Reference, POST Object).
func readForm(contentType string, body io.Reader) (*form, error) {
	kind, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || kind != "multipart/form-data" {
		return nil, refusal.New(http.StatusPreconditionFailed, "PreconditionFailed",
			"At least one of the pre-conditions you specified did not hold",
			refusal.With("Condition", "Bucket POST must be of the enclosure-type multipart/form-data"))
	}
	malformed := refusal.New(http.StatusBadRequest, "MalformedPOSTRequest",
		"The body of your POST request is not well-formed multipart/form-data.")
	reader := multipart.NewReader(body, parameters["boundary"])
	f := &form{fields: map[string]string{}}
	for left := int64(maxFields); ; {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil, request.InvalidArgument("POST requires exactly one file upload per request.", "file", "0")
		}
		if err != nil {
			return nil, malformed
		}
		name := strings.ToLower(part.FormName())
		if name == "file" {
			f.filename, f.file = fileName(part), part
			return f, f.expand()
		}
		value, err := io.ReadAll(io.LimitReader(part, left+1))
		if err != nil || name == "" {
			return nil, malformed
		}
		if left -= int64(len(value) + len(name)); left < 0 {
			return nil, refusal.New(http.StatusBadRequest, "MaxPostPreDataLengthExceeded",
				"Your POST request fields preceding the upload file were too large.")
		}
		f.fields[name] = string(value)
	}
}

// fileName is the last part of the name that the browser gives the file.
func fileName(part *multipart.Part) string {
	_, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	name := parameters["filename"]
	return name[strings.LastIndexAny(name, `/\`)+1:]
}

// expand puts the file's name where fields ask for it, and asks for a key.
func (f *form) expand() error {
	for name, value := range f.fields {
		f.fields[name] = strings.ReplaceAll(value, "${filename}", f.filename)
	}
	if f.fields["key"] == "" {
		return request.InvalidArgument("Bucket POST must contain a field named 'key'.  If it is specified, please check the order of "+
			"the fields.", "key", "")
	}
	return nil
}

// field returns the value of a field by its name in lower case.
func (f *form) field(name string) string { return f.fields[name] }

// header makes of the fields the headers that say the same of an object.
func (f *form) header() http.Header {
	h := http.Header{}
	for name, value := range f.fields {
		switch name {
		case "acl", "storage-class":
			h.Set("X-Amz-"+name, value)
		case "content-type", "cache-control", "content-disposition", "content-encoding", "content-language", "expires",
			"content-md5":
			h.Set(name, value)
		case "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature", "x-amz-security-token":
		default:
			if strings.HasPrefix(name, "x-amz-") {
				h.Set(name, value)
			}
		}
	}
	return h
}
