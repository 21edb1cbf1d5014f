package command_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// clientOf is the SDK's client for a sandbox that a process serves, by the lines
// that it exports.
func clientOf(exports []string) *s3.Client {
	said := map[string]string{}
	for _, line := range exports {
		name, value, _ := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		said[name] = value
	}
	return s3.New(s3.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(said["AWS_ENDPOINT_URL"]), UsePathStyle: true, HTTPClient: &http.Client{},
		Credentials: credentials.NewStaticCredentialsProvider(said["AWS_ACCESS_KEY_ID"], said["AWS_SECRET_ACCESS_KEY"], ""),
	})
}

func TestTheSandboxTellsOnceWhichVersionIsDamaged(t *testing.T) {
	u := newUser(t)
	exports, stop := u.serving(t, "--state", "kept", "--distances", "off")
	client := clientOf(exports)
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("box")}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("box"), Key: aws.String("k"), Body: strings.NewReader("aaa")}); err != nil {
		t.Fatal(err)
	}
	stop()
	path := filepath.Join(u.home, "kept", "sandbox.jsonl")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(text, []byte(`"YWFh"`), []byte(`"YWFi"`)), 0o600); err != nil { // aaa and aab in base64
		t.Fatal(err)
	}
	exports, stop = u.serving(t, "--state", "kept", "--distances", "off")
	client = clientOf(exports)
	for range 2 {
		if _, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("box"), Key: aws.String("k")}); err == nil {
			t.Error("it serves what changed on disk")
		}
	}
	if notice := stop(); strings.Count(notice, "box/k, version null, is damaged") != 1 {
		t.Errorf("it says %q", notice)
	}
}
