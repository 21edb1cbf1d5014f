package command_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// The last line of apply says what this run proved, and what one before it.
func TestApplySaysWhatItProvedItself(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "40", "--seed", "1")
	apply := func(want, never string) {
		t.Helper()
		r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...)
		if r.code != 0 || !strings.Contains(r.stderr, want) || strings.Contains(r.stderr, never) {
			t.Errorf("it exits %d and says %s", r.code, r.stderr)
		}
	}
	apply("The pair replicates both ways. To take it down", "earlier")
	apply("An earlier run proved that the pair replicates both ways", "this run")

	client := s3.NewFromConfig(u.config(t, "eu-west-1"), func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := client.DeleteBucketReplication(t.Context(), &s3.DeleteBucketReplicationInput{Bucket: aws.String("bothways-flow-one")}); err != nil {
		t.Fatal(err)
	}
	apply("this run proved A → B, and an earlier one B → A", "An earlier run proved")
}
