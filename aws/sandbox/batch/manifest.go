package batch

import (
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// list returns the tasks of a job: those of its manifest, or those that are
// generated, with the manifest that was written of them.
func (js *Jobs) list(o Order, id string) (tasks []task, generated *Object, failure *Failure) {
	session, err := js.Assume(o.RoleARN)
	if err != nil {
		return nil, nil, &Failure{Reason: "Batch Operations can't assume the role of the job: " + err.Error()}
	}
	if o.Generator != nil {
		return js.generate(o, id, session)
	}
	tasks, failure = readManifest(o, session)
	return tasks, nil, failure
}

// invalidManifest is the code that AWS documents for manifests that can't be
// read, with its words (S3 User Guide, Troubleshooting S3 Batch Operations).
func invalidManifest(reason string) *Failure { return &Failure{"InvalidManifestContent", reason} }

// readManifest reads a list as the role may.
func readManifest(o Order, s Session) ([]task, *Failure) {
	m := o.Manifest
	r := request(http.MethodGet, m.Bucket, m.Key, nil)
	if m.VersionID != "" {
		r.URL.RawQuery = url.Values{"versionId": {m.VersionID}}.Encode()
	}
	answer := s.Send(o.Region, r)
	defer answer.Body.Close()
	switch etag := strings.Trim(answer.Header.Get("Etag"), `"`); {
	case answer.StatusCode == http.StatusForbidden:
		return nil, &Failure{Reason: "Reading the manifest is forbidden: AccessDenied"}
	case answer.StatusCode != http.StatusOK:
		// AWS documents no words for this.
		return nil, &Failure{Reason: "The manifest object can't be read: " + answer.Status}
	case etag != m.ETag:
		return nil, &Failure{Reason: "The ETag of the manifest object is " + etag + ", not " + m.ETag + " as the job has it."}
	case strings.HasPrefix(answer.Header.Get("X-Amz-Server-Side-Encryption"), "aws:kms"):
		return nil, invalidManifest("A manifest in CSV can't be encrypted with keys of KMS.")
	}
	return readLines(answer.Body, m.Versions)
}

// readLines reads the lines of a manifest: bucket, key in the encoding of URLs
// and, where there is that column, version.
func readLines(from io.Reader, versions bool) ([]task, *Failure) {
	lines := csv.NewReader(from)
	lines.FieldsPerRecord = 2
	if versions {
		lines.FieldsPerRecord = 3
	}
	lines.ReuseRecord = true
	buckets := map[string]string{} // one text for each name
	var tasks []task
	for {
		line, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, invalidManifest("Manifest file is not properly formatted: " + err.Error())
		}
		key, err := url.QueryUnescape(line[1])
		if err != nil || key == "" || !utf8.ValidString(key) {
			return nil, invalidManifest("Invalid object key format: " + line[1])
		}
		name := line[0]
		if strings.HasPrefix(name, "\ufeff") || name == "" {
			return nil, invalidManifest("Manifest file is not properly formatted")
		}
		if buckets[name] == "" {
			name = strings.Clone(name)
			buckets[name] = name
		}
		t := task{bucket: buckets[name], key: strings.Clone(key)}
		if versions {
			t.version, t.noVersion = strings.Clone(line[2]), line[2] == ""
		}
		tasks = append(tasks, t)
	}
	if len(tasks) == 0 {
		return nil, invalidManifest("Invalid Manifest Content")
	}
	return tasks, nil
}

// escaped writes a key as manifests and reports do. What decoders differ about,
// spaces and plus signs, reads the same for all.
func escaped(key string) string {
	return strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(key), "+", "%20"), "%2F", "/")
}

// request makes a request to S3 in path style.
func request(method, bucket, key string, body []byte) *http.Request {
	r := &http.Request{
		Method: method, URL: &url.URL{Path: "/" + bucket + "/" + key}, Header: http.Header{},
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, ContentLength: int64(len(body)), Body: http.NoBody,
	}
	if len(body) > 0 {
		r.Body = io.NopCloser(strings.NewReader(string(body)))
	}
	return r
}
