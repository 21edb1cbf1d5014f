package upload_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/upload"
)

// to is a bucket with a policy of statements that deny.
func to(t *testing.T, statements ...string) upload.Bucket {
	t.Helper()
	for i, rest := range statements {
		statements[i] = `{"Effect":"Deny","Principal":"*","Resource":"arn:aws:s3:::b/*",` + rest + `}`
	}
	document, err := policy.Parse(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
	if err != nil {
		t.Fatal(err)
	}
	return upload.Bucket{
		Caller: policy.Caller{ARN: "arn:aws:iam::123456789012:user/jo", Account: "123456789012", UserID: "AIDAJO", Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)},
		ARN:    "arn:aws:s3:::b", Region: "eu-west-1", Key: "bothways/canary/x", Policy: document, Prefers: "AES256",
	}
}

const puts = `"Action":"s3:PutObject","Condition":`

func TestTheLeastIsAddedThatPasses(t *testing.T) {
	const key = "arn:aws:kms:eu-west-1:123456789012:key/k"
	for name, c := range map[string]struct {
		statements []string
		anyway     upload.Headers
		change     func(*upload.Bucket)
		want       upload.Headers
		denied     policy.Answer
	}{
		"nothing asked":     {},
		"over TLS only":     {statements: []string{puts + `{"Bool":{"aws:SecureTransport":"false"}}`, puts + `{"NumericLessThan":{"s3:TlsVersion":"1.2"}}`}},
		"over TLS 1.3 only": {statements: []string{puts + `{"NumericLessThan":{"s3:TlsVersion":"1.3"}}`}, denied: policy.Perhaps},
		"signed content":    {statements: []string{puts + `{"StringEquals":{"s3:x-amz-content-sha256":"UNSIGNED-PAYLOAD"}}`}},
		"a network":         {statements: []string{puts + `{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`}, denied: policy.Perhaps},
		"later":             {statements: []string{puts + `{"DateGreaterThan":{"aws:CurrentTime":"2027-01-01T00:00:00Z"}}`}},
		"since a while":     {statements: []string{puts + `{"DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}`}, denied: policy.Yes},
		"within the hour":   {statements: []string{puts + `{"DateGreaterThan":{"aws:CurrentTime":"2026-06-01T00:30:00Z"}}`}, denied: policy.Perhaps},
		"another user's":    {statements: []string{puts + `{"StringNotLike":{"aws:userid":"AIDAJ*"}}`, puts + `{"StringEquals":{"aws:username":"joe"}}`}},
		"encryption":        {statements: []string{puts + `{"Null":{"s3:x-amz-server-side-encryption":"true"}}`}, want: upload.Headers{Encryption: "AES256"}},
		"encryption, as the bucket's": {
			statements: []string{puts + `{"Null":{"s3:x-amz-server-side-encryption":"true"}}`}, change: func(b *upload.Bucket) { b.Prefers, b.KMSKey = "aws:kms", key },
			want: upload.Headers{Encryption: "aws:kms", Key: key},
		},
		"a key that is carried anyway stays": {
			statements: []string{puts + `{"StringNotEquals":{"s3:x-amz-server-side-encryption":"AES256"}}`}, anyway: upload.Headers{Encryption: "aws:kms", Key: key},
			want: upload.Headers{Encryption: "aws:kms", Key: key}, denied: policy.Yes,
		},
		"tags that are carried anyway stay": {
			statements: []string{puts + `{"StringNotEquals":{"s3:RequestObjectTag/env":"prod"}}`}, anyway: upload.Headers{Tags: "env=dev"},
			want: upload.Headers{Tags: "env=dev"}, denied: policy.Yes,
		},
		"a tag more": {
			statements: []string{puts + `{"StringNotEquals":{"s3:RequestObjectTag/Env":["prod","dev"]}}`}, anyway: upload.Headers{Tags: "a=b"},
			want: upload.Headers{Tags: "Env=prod&a=b"},
		},
		"no public object": {statements: []string{puts + `{"StringNotEquals":{"s3:x-amz-acl":"public-read"}}`}, denied: policy.Yes},
		"no ACL where there are none but the owner's": {
			statements: []string{puts + `{"StringNotEquals":{"s3:x-amz-acl":"private"}}`}, change: func(b *upload.Bucket) { b.NoACLs = true }, denied: policy.Yes,
		},
		"no class that does not replicate": {statements: []string{puts + `{"StringNotEquals":{"s3:x-amz-storage-class":"GLACIER"}}`}, denied: policy.Yes},
		"no parts": {
			statements: []string{puts + `{"Bool":{"s3:ObjectCreationOperation":"false"}}`}, change: func(b *upload.Bucket) { b.InParts = true }, denied: policy.Yes,
		},
		"once, in parts": {
			statements: []string{puts + `{"Null":{"s3:if-none-match":"true"},"Bool":{"s3:ObjectCreationOperation":"true"}}`}, change: func(b *upload.Bucket) { b.InParts = true },
			want: upload.Headers{Once: true},
		},
	} {
		bucket := to(t, c.statements...)
		if c.change != nil {
			c.change(&bucket)
		}
		got := upload.Derive(bucket, c.anyway)
		worst := policy.No
		for _, m := range got.Denied {
			worst = max(worst, m.Answer)
			if m.Answer == policy.Perhaps && len(m.Unknown) == 0 {
				t.Errorf("%s: it is open, and not why", name)
			}
		}
		if got.Headers != c.want || worst != c.denied || (got.RefusedBy() != "") != (c.denied == policy.Yes) {
			t.Errorf("%s: %+v, denied %d, want %+v, %d", name, got.Headers, worst, c.want, c.denied)
		}
		if (len(got.Asked) > 0) != (c.want != c.anyway && c.denied == policy.No) {
			t.Errorf("%s: it is asked for by %d statements", name, len(got.Asked))
		}
	}
}

// Requests, the words for people and the AWS CLI's all say the same headers.
func TestHeadersAreSaidAlikeEverywhere(t *testing.T) {
	h := upload.Headers{Encryption: "aws:kms", Key: "arn:aws:kms:eu-west-1:1:key/k", ACL: "private", Class: "STANDARD_IA", Tags: pair.Tags("a=b"), Once: true}
	var put s3.PutObjectInput
	var begin s3.CreateMultipartUploadInput
	var end s3.CompleteMultipartUploadInput
	h.Put(&put)
	h.Begin(&begin)
	h.End(&end)
	if put.ServerSideEncryption != begin.ServerSideEncryption || *put.SSEKMSKeyId != *begin.SSEKMSKeyId || put.ACL != begin.ACL || put.StorageClass != begin.StorageClass ||
		*put.Tagging != *begin.Tagging || *put.IfNoneMatch != *end.IfNoneMatch {
		t.Errorf("%+v, %+v and %+v", put, begin, end)
	}
	words, cli := h.Words(), strings.Join(h.CLI(), " ")
	for _, value := range []string{"aws:kms", h.Key, "private", "STANDARD_IA", "a=b"} {
		if !strings.Contains(words, value) || !strings.Contains(cli, value) {
			t.Errorf("%s is not in %q or not in %q", value, words, cli)
		}
	}
	if (upload.Headers{}).Words() != "" || len((upload.Headers{}).CLI()) != 0 {
		t.Error("no headers are some")
	}
}
