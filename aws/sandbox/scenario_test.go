package sandbox_test

import (
	"regexp"
	"strings"
	"testing"

	"bothways/aws/sandbox"
)

// step is one request of a scenario and what must come of it. "{name}" in it
// stands for what an earlier step saved under that name.
type step struct {
	do     string // method and path
	header string // "Name: value" lines
	body   string
	status int
	code   string
	// save keeps a header of the answer, or the UploadId of its body, by name.
	save map[string]string
	// have lists headers of the answer, "-Name" those that must not be there.
	have string
	// says lists what the body must hold, one a line; "-…" what it must not.
	says     string
	unsigned bool
}

var uploadID = regexp.MustCompile(`<UploadId>([^<]+)</UploadId>`)

// play runs a scenario over buckets "plain", "versioned" and "locked" in
// Ireland.
func play(t *testing.T, steps []step) {
	t.Helper()
	w := newWorld(t, sandbox.Options{NoDistance: true})
	w.plainBucket("plain", ireland)
	w.bucket("versioned", ireland)
	w.raw(rawRequest{
		method: "PUT", path: "/locked", body: constraint(ireland),
		header: map[string]string{"X-Amz-Bucket-Object-Lock-Enabled": "true"},
	}).want(t, 200, "", "")
	saved := map[string]string{}
	for i, s := range steps {
		fill := func(text string) string {
			for name, value := range saved {
				text = strings.ReplaceAll(text, "{"+name+"}", value)
			}
			return text
		}
		method, path, _ := strings.Cut(fill(s.do), " ")
		q := rawRequest{method: method, path: path, body: fill(s.body), header: map[string]string{}, unsigned: s.unsigned}
		for line := range strings.Lines(fill(s.header)) {
			if name, value, found := strings.Cut(strings.TrimSpace(line), ": "); found {
				q.header[name] = value
			}
		}
		answer := w.raw(q)
		failed := func(format string, args ...any) {
			t.Helper()
			t.Errorf("step %d, %s: "+format+"\n%s", append(append([]any{i + 1, s.do}, args...), answer.body)...)
		}
		if answer.status != s.status {
			failed("status %d, want %d", answer.status, s.status)
			continue
		}
		if s.code != "" && method != "HEAD" {
			if got := answer.refusal(t).Code; got != s.code {
				failed("code %s, want %s", got, s.code)
			}
		}
		for name, from := range s.save {
			saved[name] = strings.Trim(answer.header.Get(from), `"`)
			if from == "UploadId" {
				saved[name] = uploadID.FindStringSubmatch(answer.body)[1]
			}
		}
		for line := range strings.Lines(fill(s.have)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			if absent, no := strings.CutPrefix(name, "-"); no {
				if got := answer.header.Get(absent); got != "" {
					failed("header %s: %s, want none", absent, got)
				}
			} else if got := answer.header.Get(name); got != value {
				failed("header %s: %q, want %q", name, got, value)
			}
		}
		for line := range strings.Lines(fill(s.says)) {
			line = strings.TrimSpace(line)
			if absent, no := strings.CutPrefix(line, "-"); no {
				if strings.Contains(answer.body, absent) {
					failed("says %s", absent)
				}
			} else if !strings.Contains(answer.body, line) {
				failed("does not say %s", line)
			}
		}
	}
}
