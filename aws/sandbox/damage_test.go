package sandbox_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/sandbox"
)

// spoil changes the bytes of a file that are just these.
func spoil(t *testing.T, path string, from, to []byte) {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, 0, err)
	if !bytes.Contains(text, from) {
		t.Fatalf("%s has no %q", path, from)
	}
	must(t, 0, os.WriteFile(path, bytes.ReplaceAll(text, from, to), 0o600))
}

// What changed on disk is not served: small bodies are refused, large ones break
// off before the damage, and what has none is served on, in ranges too.
func TestADamagedBodyIsNotServed(t *testing.T) {
	dir := t.TempDir()
	w := again(t, dir)
	w.plainBucket("box", ireland)
	const blocks = 3
	large := strings.Repeat("0123456789abcdef", blocks<<16-1) + "the end of it..."
	w.put("box", ireland, "in-the-log", "aaa")
	w.put("box", ireland, "in-a-file", strings.Repeat("x", 10<<10)+"marked")
	w.put("box", ireland, "large", large)
	w.put("box", ireland, "whole", strings.Repeat("y", 10<<10))
	w.shut()
	spoil(t, filepath.Join(dir, "sandbox.jsonl"), []byte(`"YWFh"`), []byte(`"YWFi"`)) // aaa and aab in base64
	files, err := filepath.Glob(filepath.Join(dir, "bodies", "*.body"))
	must(t, 0, err)
	for _, path := range files {
		text, err := os.ReadFile(path)
		must(t, 0, err)
		for from, to := range map[string]string{"marked": "marker", "the end of it...": "the end of it..!"} {
			if bytes.HasSuffix(text, []byte(from)) {
				spoil(t, path, []byte(from), []byte(to))
			}
		}
	}
	for range 2 { // what is wrong stays known to be wrong
		var told []string
		w = newWorld(t, sandbox.Options{State: dir, NoDistance: true, Delay: fixed, OnDamage: func(bucket, key, id string) { told = append(told, bucket+"/"+key+" "+id) }})
		for _, key := range []string{"in-the-log", "in-a-file"} {
			answer := w.raw(rawRequest{method: "GET", path: "/box/" + key})
			answer.want(t, http.StatusInternalServerError, "InternalError", "")
			if answer.header.Get("Etag") != "" || answer.header.Get("Accept-Ranges") != "" {
				t.Errorf("the refusal has the headers of the object: %v", answer.header)
			}
			w.raw(rawRequest{method: "HEAD", path: "/box/" + key}).want(t, http.StatusOK, "", "")
			w.raw(rawRequest{method: "PUT", path: "/box/copy", header: map[string]string{"X-Amz-Copy-Source": "box/" + key, "X-Amz-Checksum-Algorithm": "SHA256"}}).
				want(t, http.StatusInternalServerError, "InternalError", "")
		}
		out, err := w.s3(ireland).GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("box"), Key: aws.String("large")})
		must(t, out, err)
		got, err := io.ReadAll(out.Body)
		if whole := (blocks - 1) << 20; !errors.Is(err, io.ErrUnexpectedEOF) || string(got) != large[:len(got)] || len(got) != whole {
			t.Errorf("of %d bytes, %d of them before the damage, came %d: %v", len(large), whole, len(got), err)
		}
		for span, status := range map[string]int{"bytes=1048570-1048579": http.StatusPartialContent, "bytes=-1": http.StatusInternalServerError} {
			answer := w.raw(rawRequest{method: "GET", path: "/box/large", header: map[string]string{"Range": span}})
			if answer.status != status || status == http.StatusPartialContent && answer.body != large[1048570:1048580] {
				t.Errorf("%s: %d: %s", span, answer.status, answer.body)
			}
		}
		if answer := w.raw(rawRequest{method: "GET", path: "/box/whole"}); answer.status != http.StatusOK || len(answer.body) != 10<<10 {
			t.Errorf("a body without damage: %d", answer.status)
		}
		slices.Sort(told)
		if want := []string{"box/in-a-file null", "box/in-the-log null", "box/large null"}; !slices.Equal(slices.Compact(told), want) {
			t.Errorf("told of %q", told)
		}
		w.shut()
	}
}
