package command_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// variable is one that the sandbox exported to the user.
func (u *user) variable(t *testing.T, name string) string {
	t.Helper()
	for _, entry := range slices.Backward(u.env) {
		if value, found := strings.CutPrefix(entry, name+"="); found {
			return strings.Trim(value, "'\"")
		}
	}
	t.Fatalf("the sandbox exports no %s", name)
	return ""
}

// config is what the SDK of somebody else's tool would use.
func (u *user) config(t *testing.T, region string) aws.Config {
	t.Helper()
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(u.variable(t, "AWS_ENDPOINT_URL")),
		Credentials: credentials.NewStaticCredentialsProvider(u.variable(t, "AWS_ACCESS_KEY_ID"), u.variable(t, "AWS_SECRET_ACCESS_KEY"), ""),
	}
}

func TestADoctorExplainsAPairThatSomebodyElseBroke(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "40", "--seed", "1")
	if r := u.run(t, slices.Concat([]string{"doctor"}, thePair)...); r.code != 1 || !strings.Contains(r.stdout, "there is no bucket bothways-flow-one") {
		t.Errorf("without buckets it exits %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	healthy := u.run(t, slices.Concat([]string{"doctor", "--canary", "--yes", "--json"}, thePair)...)
	if healthy.code != 0 {
		t.Errorf("a sound pair exits %d: %s%s", healthy.code, healthy.stdout, healthy.stderr)
	}
	for _, h := range named(events(t, healthy.stdout), "health") {
		if h["state"] != "proven" {
			t.Errorf("a sound direction is %v", h)
		}
	}
	if r := u.run(t, slices.Concat([]string{"doctor", "--canary"}, thePair)...); r.code != 2 || !strings.Contains(r.stderr, "--yes") {
		t.Errorf("a canary without a yes exits %d: %s", r.code, r.stderr)
	}
	u.breakPair(t)
	r := u.run(t, slices.Concat([]string{"doctor"}, thePair)...)
	if r.code != 1 {
		t.Errorf("a broken pair exits %d", r.code)
	}
	for _, want := range []string{
		"blocker A → B side A, rule (certain): the rule theirs of bucket bothways-flow-one is disabled",
		"put-bucket-replication", `"Status":"Enabled"`,
		"blocker A → B side A, role (certain): there is no role arn:aws:iam::000000000000:role/nobody",
		"blocker B → A side B, trust (certain): role bothways-", "only lambda.amazonaws.com",
		"A → B  broken", "B → A  broken", "Something is wrong",
	} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("no %q in\n%s", want, r.stdout)
		}
	}
	if !strings.Contains(r.stderr, "bothways apply --a eu-west-1/bothways-flow-one") {
		t.Errorf("the way out is %q", r.stderr)
	}
}

// What was to be proven and could not be tried is no success.
func TestADoctorWhoseCanaryIsDeniedExitsWithoutSuccess(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "40")
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	storage := s3.NewFromConfig(u.config(t, "eu-west-1"), func(o *s3.Options) { o.UsePathStyle = true })
	_, err := storage.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("bothways-flow-one"), Policy: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Sid":"Fence","Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::bothways-flow-one/*"}]}`)})
	if err != nil {
		t.Fatal(err)
	}
	r := u.run(t, slices.Concat([]string{"doctor", "--canary", "--yes"}, thePair)...)
	if r.code != 1 || !strings.Contains(r.stdout, "A → B  doubtful") || !strings.Contains(r.stdout, "No canary was written: the bucket policy of bothways-flow-one denies the upload") ||
		!strings.Contains(r.stdout, "B → A  proven") || strings.Contains(r.stdout, "Nothing is wrong") {
		t.Errorf("it exits %d: %s%s", r.code, r.stdout, r.stderr)
	}
	planned := u.run(t, slices.Concat([]string{"plan"}, thePair)...)
	if planned.code != 0 || !strings.Contains(planned.stdout, "denies every upload of bothways (Fence)") || strings.Contains(planned.stdout, "Nothing that replication or bothways needs") {
		t.Errorf("plan exits %d: %s", planned.code, planned.stdout)
	}
	if probed := u.run(t, slices.Concat([]string{"probe", "--rounds", "1"}, thePair)...); probed.code != 1 || !strings.Contains(probed.stderr, "Fence") {
		t.Errorf("probe exits %d: %s", probed.code, probed.stderr)
	}
}

// breakPair does what another tool may do to a pair.
func (u *user) breakPair(t *testing.T) {
	t.Helper()
	config := u.config(t, "eu-west-1")
	storage := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	_, err := storage.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{
		Bucket: aws.String("bothways-flow-one"), ReplicationConfiguration: &types.ReplicationConfiguration{
			Role: aws.String("arn:aws:iam::000000000000:role/nobody"),
			Rules: []types.ReplicationRule{{
				ID: aws.String("theirs"), Status: types.ReplicationRuleStatusDisabled, Priority: aws.Int32(1),
				Filter:                  &types.ReplicationRuleFilter{Prefix: aws.String("")},
				DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusEnabled},
				Destination:             &types.Destination{Bucket: aws.String("arn:aws:s3:::bothways-flow-two")},
			}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	roles := iam.NewFromConfig(config)
	out, err := roles.ListRoles(t.Context(), &iam.ListRolesInput{PathPrefix: aws.String("/bothways/")})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range out.Roles {
		_, err := roles.UpdateAssumeRolePolicy(t.Context(), &iam.UpdateAssumeRolePolicyInput{
			RoleName:       role.RoleName,
			PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
