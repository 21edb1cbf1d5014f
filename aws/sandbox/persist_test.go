package sandbox_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// again starts a sandbox on a directory that another one has used.
func again(t *testing.T, dir string) *world {
	t.Helper()
	return newWorld(t, sandbox.Options{State: dir, NoDistance: true, Delay: fixed})
}

// shut ends a sandbox before its test does.
func (w *world) shut() {
	w.Helper()
	if err := w.sandbox.Close(); err != nil {
		w.Fatal(err)
	}
}

func TestStateBringsEverythingBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		w := again(t, dir)
		w.pair()
		large := strings.Repeat("0123456789abcdef", 200<<10) // lies in a file
		first := *w.put("side-a", ireland, "k", "small").VersionId
		w.put("side-a", ireland, "large", large)
		w.put("side-a", ireland, "erased", strings.Repeat("x", 10<<10))
		pass(time.Minute)
		gone, err := w.head("side-a", ireland, "erased", "")
		must(t, gone, err)
		for bucket, region := range map[string]string{"side-a": ireland, "side-b": singapore} {
			_, err := w.s3(region).DeleteObject(t.Context(), &s3.DeleteObjectInput{
				Bucket: &bucket, Key: aws.String("erased"), VersionId: gone.VersionId,
			})
			must(t, 0, err)
		}
		w.tag("side-a", ireland, "colour", "red")
		second := *w.put("side-a", ireland, "k", "newer").VersionId
		_, err = w.s3(singapore).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("side-b"), Policy: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::side-b"}]}`)})
		must(t, 0, err)
		key, secret := w.sandbox.Credentials()
		w.shut() // with the last version still PENDING

		w = again(t, dir)
		if k, s := w.sandbox.Credentials(); k != key || s != secret {
			t.Error("the operator has other keys")
		}
		if got := w.status("side-a", ireland, "k"); got != "PENDING" {
			t.Errorf("what was PENDING reads %s", got)
		}
		pass(time.Minute)
		for _, id := range []string{first, second} {
			if out, err := w.head("side-b", singapore, "k", id); err != nil || out.ReplicationStatus != "REPLICA" {
				t.Errorf("%s at side B: %v", id, err)
			}
		}
		if got := w.content("side-b", singapore, "large"); got != large {
			t.Errorf("the large object has %d bytes", len(got))
		}
		older, err := w.head("side-a", ireland, "k", first)
		if must(t, older, err); aws.ToInt32(older.TagCount) != 1 {
			t.Error("the tags are gone")
		}
		if got := w.status("side-a", ireland, "erased"); got != "error: NotFound" {
			t.Errorf("what was erased reads %s", got)
		}
		if _, err := w.iam().GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("both")}); err != nil {
			t.Error(err)
		}
		_, err = w.s3(singapore).DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String("side-b")})
		if code(err) != "AccessDenied" {
			t.Errorf("the bucket policy is gone: %v", err)
		}
		if got := *w.put("side-a", ireland, "k", "third").VersionId; got == first || got == second {
			t.Error("an id was given twice")
		}
		pass(time.Minute)
		if got := w.status("side-a", ireland, "k"); got != "COMPLETED" {
			t.Errorf("a new version reads %s", got)
		}
	})
}

func TestStateOutlivesACrash(t *testing.T) {
	dir := t.TempDir()
	w := again(t, dir)
	w.bucket("here", ireland)
	id := *w.put("here", ireland, "k", strings.Repeat("x", 10<<10)).VersionId
	// What a crash leaves: the files as they are now, a line that was being
	// written, a body that nobody refers to, and the lock of a process that is
	// gone.
	crashed := t.TempDir()
	must(t, 0, os.CopyFS(crashed, os.DirFS(dir)))
	log := filepath.Join(crashed, "sandbox.jsonl")
	text, err := os.ReadFile(log)
	must(t, 0, err)
	must(t, 0, os.WriteFile(log, append(text, "{\"kind\":\"body\",\"value\":\"77.body\"}\n{\"kind\":\"version\",\"val"...), 0o600))
	strays := []string{"77.body", "78.body.part"}
	for _, name := range strays {
		must(t, 0, os.WriteFile(filepath.Join(crashed, "bodies", name), []byte("x"), 0o600))
	}
	must(t, 0, os.WriteFile(filepath.Join(crashed, "lock"), []byte("999999999"), 0o600))

	after := again(t, crashed)
	if _, err := after.head("here", ireland, "k", id); err != nil {
		t.Error(err)
	}
	for _, name := range strays {
		if _, err := os.Stat(filepath.Join(crashed, "bodies", name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
	if notes := after.sandbox.Notes(); len(notes) > 0 {
		t.Errorf("a crash that lost nothing is told as %q", notes)
	}
}

func TestStateIsForOneSandboxAtATimeAndOnlyIfItCanBeRead(t *testing.T) {
	dir := t.TempDir()
	w := again(t, dir)
	if _, err := sandbox.New(sandbox.Options{State: dir}); err == nil || !strings.Contains(err.Error(), "another sandbox") {
		t.Errorf("a second one: %v", err)
	}
	w.bucket("here", ireland)
	w.shut()
	log := filepath.Join(dir, "sandbox.jsonl")
	text, err := os.ReadFile(log)
	must(t, 0, err)
	for broken, word := range map[string]string{
		string(bytes.Replace(text, []byte(`"value":1}`), []byte(`"value":99}`), 1)): "format",
		string(text) + "nonsense\n":                        "line ",
		string(text) + `{"kind":"other","value":1}` + "\n": "other",
	} {
		must(t, 0, os.WriteFile(log, []byte(broken), 0o600))
		if _, err := sandbox.New(sandbox.Options{State: dir}); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("got %v, want a word on %s", err, word)
		}
	}
	must(t, 0, os.WriteFile(log, text, 0o600))
	if _, err := again(t, dir).s3(ireland).HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("here")}); err != nil {
		t.Error(err)
	}
}

func TestSuspendedVersioningAndNullVersionsAreKept(t *testing.T) {
	dir := t.TempDir()
	w := again(t, dir)
	w.bucket("here", ireland)
	w.put("here", ireland, "k", strings.Repeat("1", 8<<10))
	must(t, 0, w.versioning("here", ireland, types.BucketVersioningStatusSuspended))
	w.put("here", ireland, "k", strings.Repeat("2", 8<<10))
	w.put("here", ireland, "k", strings.Repeat("3", 8<<10))
	w.shut()
	w = again(t, dir)
	if got := w.content("here", ireland, "k"); got != strings.Repeat("3", 8<<10) {
		t.Errorf("the newest content begins with %q", got[:1])
	}
	list, err := w.s3(ireland).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("here")})
	if must(t, list, err); len(list.Versions) != 2 || *list.Versions[0].VersionId != "null" {
		t.Errorf("there are %d versions", len(list.Versions))
	}
	entries, err := os.ReadDir(filepath.Join(dir, "bodies"))
	if must(t, 0, err); len(entries) != 2 {
		t.Errorf("there are %d bodies, want 2", len(entries))
	}
}

func TestWhatWasGivenToTheGoAPIIsKeptToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		w := again(t, dir)
		w.keys("", "")
		must(t, 0, w.sandbox.AddAccount(sandbox.Account{ID: partner, Users: []sandbox.User{
			{Name: "owner", AccessKeyID: "AKIAPARTNER", SecretAccessKey: "secret", Administrator: true},
		}}))
		w.shut()
		w = again(t, dir)
		if _, err := w.as(ireland, "AKIAPARTNER", "secret").ListBuckets(t.Context(), &s3.ListBucketsInput{}); err != nil {
			t.Error(err)
		}
		w.bucket("here", ireland)
		_, err := w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String("here"), Key: aws.String("k"), ServerSideEncryption: types.ServerSideEncryptionAwsKms,
			SSEKMSKeyId: aws.String(strings.Replace(sourceKey, "source", "unknown", 1)),
		})
		if code(err) != "KMS.NotFoundException" {
			t.Errorf("a key that was never put: %v", err)
		}
	})
}

func TestStateKeepsUploadsAndRegions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		w := again(t, dir)
		w.plainBucket("here", ireland)
		begun := w.raw(rawRequest{method: "POST", path: "/here/k?uploads", header: map[string]string{"Content-Type": "a/b"}})
		id := uploadID.FindStringSubmatch(begun.body)[1]
		part := w.raw(rawRequest{method: "PUT", path: "/here/k?partNumber=1&uploadId=" + id, body: strings.Repeat("x", 10<<10)})
		w.disableRegion("eu-south-1")
		w.shut()

		w = again(t, dir)
		pass(5 * time.Minute)
		w.raw(rawRequest{
			method: "POST", path: "/here/k?uploadId=" + id,
			body: "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + part.header.Get("Etag") + "</ETag></Part></CompleteMultipartUpload>",
		}).want(t, 200, "", "")
		if got := w.raw(rawRequest{method: "GET", path: "/here/k"}); len(got.body) != 10<<10 || got.header.Get("Content-Type") != "a/b" {
			t.Errorf("%d bytes of %s", len(got.body), got.header.Get("Content-Type"))
		}
		w.raw(rawRequest{method: "GET", path: "/", region: "eu-south-1"}).want(t, 403, "InvalidAccessKeyId", "")
	})
}

// disableRegion asks the account service to.
func (w *world) disableRegion(region string) {
	w.Helper()
	body := `{"RegionName":"` + region + `"}`
	request := must(w, httptest.NewRequest(http.MethodPost, "http://127.0.0.1:9000/disableRegion", strings.NewReader(body)), nil)
	sum := sha256.Sum256([]byte(body))
	key, secret := w.sandbox.Credentials()
	err := v4.NewSigner().SignHTTP(w.Context(), aws.Credentials{AccessKeyID: key, SecretAccessKey: secret}, request,
		hex.EncodeToString(sum[:]), "account", "us-east-1", time.Now())
	must(w, 0, err)
	if answer := w.send(request); answer.status != http.StatusOK {
		w.Fatalf("%d %s", answer.status, answer.body)
	}
}

// A LocationConstraint of EU is eu-west-1 (S3 API Reference,
// GetBucketLocation), and stays what the bucket answers with.
func TestABucketTellsTheLocationThatItWasMadeWith(t *testing.T) {
	dir := t.TempDir()
	w := again(t, dir)
	w.raw(rawRequest{method: http.MethodPut, path: "/older", region: ireland, body: constraint("EU")}).want(t, 200, "", "")
	w.plainBucket("newer", ireland)
	w.plainBucket("east", "us-east-1")
	for range 2 {
		for bucket, row := range map[string][2]string{"older": {ireland, "EU"}, "newer": {ireland, ireland}, "east": {"us-east-1", ""}} {
			out, err := w.s3(row[0]).GetBucketLocation(t.Context(), &s3.GetBucketLocationInput{Bucket: &bucket})
			if must(t, out, err); string(out.LocationConstraint) != row[1] {
				t.Errorf("%s lies in %q, want %q", bucket, out.LocationConstraint, row[1])
			}
			head, err := w.s3(row[0]).HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: &bucket})
			if must(t, head, err); *head.BucketRegion != row[0] {
				t.Errorf("%s is of region %q, want %q", bucket, *head.BucketRegion, row[0])
			}
		}
		w.shut()
		w = again(t, dir)
	}
}

// What is acknowledged is there after a restart, and what could not be is
// refused.
func TestNoNameIsAcknowledgedAndLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		w := again(t, dir)
		w.pair()
		client := w.s3(ireland)
		kept := map[string]bool{}
		for _, key := range []string{"caf\u00e9", "caf\xe9", "\xff\xfe", "a\x80b/c", "\u202e", "a b+c%20", "\ufffd", "line\nbreak", "tab\t", "\U0001F600"} {
			_, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("side-a"), Key: &key, Body: strings.NewReader("x"), Metadata: map[string]string{"of": "caf\xe9"}})
			if valid := utf8.ValidString(key); (err == nil) != valid {
				t.Errorf("%q: %v", key, err)
			}
			if err == nil {
				kept[key] = true
			}
		}
		w.shut()
		w = again(t, dir)
		for key := range kept {
			out, err := w.head("side-a", ireland, key, "")
			if err != nil || out.Metadata["of"] == "" || strings.Contains(out.Metadata["of"], "\ufffd") {
				t.Errorf("%q: metadata %q, %v", key, out.Metadata["of"], err)
			}
		}
		if len(kept) != 7 {
			t.Errorf("%d keys were taken", len(kept))
		}
	})
}

func TestBodiesThatAreAwayForOneStartCanBeBroughtBack(t *testing.T) {
	dir := t.TempDir()
	w := again(t, dir)
	w.bucket("here", ireland)
	id := *w.put("here", ireland, "k", strings.Repeat("x", 10<<10)).VersionId
	w.shut()
	bodies, away := filepath.Join(dir, "bodies"), filepath.Join(t.TempDir(), "away")
	must(t, 0, os.Rename(bodies, away))

	w = again(t, dir)
	if said := strings.Join(w.sandbox.Notes(), "\n"); !strings.Contains(said, "here/k, version "+id) || !strings.Contains(said, "sandbox.jsonl.before") {
		t.Errorf("it says %q", said)
	}
	w.shut()
	must(t, 0, os.RemoveAll(bodies))
	must(t, 0, os.Rename(away, bodies))
	must(t, 0, os.Rename(filepath.Join(dir, "sandbox.jsonl.before"), filepath.Join(dir, "sandbox.jsonl")))

	w = again(t, dir)
	if _, err := w.head("here", ireland, "k", id); err != nil || len(w.sandbox.Notes()) > 0 {
		t.Errorf("%v, %q", err, w.sandbox.Notes())
	}
}
