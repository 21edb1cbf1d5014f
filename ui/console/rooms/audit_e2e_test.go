package rooms

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/console"
)

// Somebody deletes a replica by its version, which no rule sends back: the audit
// says which file is where, in plain words, and names the version.
func TestTheAuditNamesWhatIsMissingInTheSandbox(t *testing.T) {
	t.Parallel()
	cfg := sandboxed(t, 100)
	engines := console.RealEngines(cfg.Session)
	compare := engines.Audit
	engines.Audit = func(ctx context.Context, access account.Access, p pair.Pair, options session.AuditOptions, emit pair.Emit) (audit.Result, error) {
		options.Grace = time.Millisecond
		return compare(ctx, access, p, options, emit)
	}
	cfg.Engines = &engines
	var access account.Access
	open1 := cfg.OpenSandbox
	cfg.OpenSandbox = func(ctx context.Context) (account.Access, error) {
		var err error
		access, err = open1(ctx)
		return access, err
	}
	x := open(t, cfg, 120, 40)
	toPlan(x)
	x.Press("y")
	x.Wait("done in", "enter go on to the measurement")
	lose(t, access, "holiday/img-1.jpg")
	x.Press("\x1b")
	x.Wait("As wanted", "u audits")
	x.Press("u")
	x.Until(func(screen string) bool {
		if strings.Contains(screen, "newer than the audit") && strings.Contains(screen, " again ") {
			x.Press("r") // it was written within this second
		}
		return strings.Contains(screen, "1 file is only in Ireland.")
	}, "1 file is only in Ireland")
	x.Wait("1 file is only in Ireland.", "missing: was there, is gone", "deleted by its version ID", "Press b to copy it to Singapore")
	x.Press(enter)
	x.Wait("holiday/img-1.jpg", "A has", "which it serves", "aws s3api head-object --endpoint-url http://127.0.0.1")
	x.Press("\x1b")
	x.Wait("enter which ones")
	x.Press("p")
	x.Wait("No setting is known to differ.", "bucket policy: alike")
	x.Press("\x1b")
	x.Wait("enter which ones")
	x.Press("\x1b")
	x.Wait("As wanted")
	x.Press("q")
	x.End()
}

// lose writes an object on side A, waits until side B has it, and deletes it there
// by its version ID.
func lose(t *testing.T, access account.Access, key string) {
	t.Helper()
	client := func(region string) (*s3.Client, string) {
		clients, err := access.Open(t.Context(), region)
		if err != nil {
			t.Fatal(err)
		}
		all, err := clients.S3.ListBuckets(t.Context(), &s3.ListBucketsInput{})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range all.Buckets {
			if strings.Contains(aws.ToString(b.Name), region) {
				return clients.S3, aws.ToString(b.Name)
			}
		}
		t.Fatalf("no bucket in %s", region)
		return nil, ""
	}
	here, a := client("eu-west-1")
	there, b := client("ap-southeast-1")
	put, err := here.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &a, Key: &key, Body: strings.NewReader("a picture")})
	if err != nil {
		t.Fatal(err)
	}
	which := &s3.HeadObjectInput{Bucket: &b, Key: &key, VersionId: put.VersionId}
	for range 1000 {
		if _, err := there.HeadObject(t.Context(), which); err == nil {
			break
		}
	}
	origin := &s3.HeadObjectInput{Bucket: &a, Key: &key, VersionId: put.VersionId}
	for range 1000 {
		if out, err := here.HeadObject(t.Context(), origin); err == nil && out.ReplicationStatus == "COMPLETED" {
			break
		}
	}
	if _, err := there.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &b, Key: &key, VersionId: put.VersionId}); err != nil {
		t.Fatal(err)
	}
}
