package command_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Whatever could not be removed is counted and named, and a script is told by
// the exit code.
func TestWhatCannotBeRemovedIsNoSuccess(t *testing.T) {
	t.Parallel()
	faults := filepath.Join(t.TempDir(), "faults.json")
	if err := os.WriteFile(faults, []byte(`{"faults": [{"fault": "error", "operation": "DeleteObject", "status": 403, "code": "AccessDenied"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	u := sandboxOf(t, "--time-scale", "40", "--seed", "1", "--faults", faults)
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	refused := func(with string, words ...string) {
		t.Helper()
		r := u.run(t, slices.Concat(words, thePair)...)
		if said := r.stdout + r.stderr; r.code != 1 || !strings.Contains(said, with) || !strings.Contains(said, "bothways-flow-one/bothways/") && !strings.Contains(said, "from bothways-flow-one") {
			t.Errorf("%s exits %d: %s", words[0], r.code, said)
		}
	}
	refused("could not be removed, see above", "probe", "--sizes", "1KiB", "--rounds", "1", "--every", "1s")
	refused("left behind", "doctor", "--canary", "--yes")

	client := s3.NewFromConfig(u.config(t, "eu-west-1"), func(o *s3.Options) { o.UsePathStyle = true })
	bucket := aws.String("bothways-flow-one")
	_, err := client.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: bucket, Policy: aws.String(`{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObjectVersion","Resource":"arn:aws:s3:::bothways-flow-one/*"}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	refused("of ours could not be removed from bothways-flow-one and stay: such as bothways/", "clean", "--yes")
	refused("of ours could not be removed from bothways-flow-one and stay: such as bothways/", "destroy", "--yes")
	if _, err := client.DeleteBucketPolicy(t.Context(), &s3.DeleteBucketPolicyInput{Bucket: bucket}); err != nil {
		t.Fatal(err)
	}
	if r := u.run(t, slices.Concat([]string{"clean", "--yes"}, thePair)...); r.code != 0 {
		t.Errorf("once that is allowed clean exits %d: %s%s", r.code, r.stdout, r.stderr)
	}
}
