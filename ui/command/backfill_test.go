package command_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// beforeRules makes a pair of buckets with objects on side A from before there was
// a rule, and sets it up.
func beforeRules(t *testing.T, u *user, keys ...string) {
	t.Helper()
	for region, bucket := range map[string]string{"eu-west-1": "bothways-flow-one", "ap-southeast-1": "bothways-flow-two"} {
		client := s3.NewFromConfig(u.config(t, region), func(o *s3.Options) { o.UsePathStyle = true })
		_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: &bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)},
		})
		if err == nil {
			_, err = client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
				Bucket: &bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
			})
		}
		for _, key := range keys {
			if err == nil && region == "eu-west-1" {
				_, err = client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: aws.String(key), Body: strings.NewReader("x")})
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
}

// The loop by commands: the audit finds it, the plan says so with an exit code of
// its own, the backfill proves it, and the same backfill again has nothing to do.
func TestABackfillOfWhatWasPutRightHasNothingToDo(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "60", "--seed", "1")
	beforeRules(t, u, "one", "two")
	with := func(command string, more ...string) result {
		return u.run(t, slices.Concat([]string{command}, thePair, more)...)
	}
	for began := time.Now(); ; { // what was written in the last seconds is not judged yet
		if r := with("audit"); r.code == 1 {
			break
		} else if r.code != 0 || time.Since(began) > time.Minute {
			t.Fatalf("the audit exits %d: %s%s", r.code, r.stdout, r.stderr)
		}
	}
	if r := with("backfill"); r.code != 3 || !strings.Contains(r.stderr, "--yes") {
		t.Errorf("a backfill without --yes exits %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := with("backfill", "--yes"); r.code != 0 || !strings.Contains(r.stdout, "0 left, proven at") {
		t.Fatalf("the backfill exits %d: %s%s", r.code, r.stdout, r.stderr)
	}
	for _, more := range [][]string{nil, {"--yes"}} {
		if r := with("backfill", more...); r.code != 0 || !strings.Contains(r.stdout, "Nothing is left to do: all 2 ") || strings.Contains(r.stdout, "job") {
			t.Errorf("the same backfill again %v exits %d: %s%s", more, r.code, r.stdout, r.stderr)
		}
	}
}
