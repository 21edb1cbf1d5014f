package replication_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
)

// partner is a second account.
const partner = "111122223333"

// clients are one side's.
func (l *lab) clients(side pair.SideName) *account.Clients {
	if side == pair.A {
		return l.world.A
	}
	return l.world.B
}

// partnered gives side B to a second account.
func (l *lab) partnered(t *testing.T) {
	t.Helper()
	err := l.box.AddAccount(sandbox.Account{ID: partner, Users: []sandbox.User{
		{Name: "owner", AccessKeyID: "AKIAPARTNER", SecretAccessKey: "secret", Administrator: true},
	}})
	if err != nil {
		t.Fatal(err)
	}
	access := l.access
	access.Credentials = credentials.NewStaticCredentialsProvider("AKIAPARTNER", "secret", "")
	if l.world.B, err = access.Open(t.Context(), l.world.Pair.B.Region); err != nil {
		t.Fatal(err)
	}
}

// account is the account of a side.
func (l *lab) account(t *testing.T, side pair.SideName) string {
	t.Helper()
	who, err := l.clients(side).Identify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return who.Account
}

// keyed gives both sides a customer managed key that their buckets use by
// default, with Bucket Keys on side B; the keys' policies let roles of both
// accounts use them.
func (l *lab) keyed(t *testing.T) {
	t.Helper()
	l.putKeys(t)
	for _, name := range pair.Sides() {
		l.encryptByDefault(t, name, l.keyARN(t, name))
	}
}

// putKeys makes both keys.
func (l *lab) putKeys(t *testing.T) {
	t.Helper()
	for _, name := range pair.Sides() {
		policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::` + l.box.AccountID() + `:root","arn:aws:iam::` + partner +
			`:root"]},"Action":"kms:*","Resource":"*"}]}`
		if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: l.keyARN(t, name), Policy: policy}); err != nil {
			t.Fatal(err)
		}
	}
}

func (l *lab) keyARN(t *testing.T, name pair.SideName) string {
	t.Helper()
	return "arn:aws:kms:" + l.world.Pair.Side(name).Region + ":" + l.account(t, name) + ":key/" + strings.ToLower(string(name)) + "-key"
}

// bucket makes a side's bucket as its owner would, versioned, with a tag.
func (l *lab) bucket(t *testing.T, name pair.SideName) {
	t.Helper()
	side, client := l.world.Pair.Side(name), l.clients(name).S3
	_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &side.Bucket, CreateBucketConfiguration: locatedIn(side.Region)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: &side.Bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PutBucketTagging(t.Context(), &s3.PutBucketTaggingInput{
		Bucket: &side.Bucket, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("team"), Value: aws.String("theirs")}}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// role makes a role of others that S3 may take, with a policy.
func (l *lab) role(t *testing.T, side pair.SideName, name string) string {
	t.Helper()
	client := l.clients(side).IAM
	out, err := client.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: &name, Path: aws.String("/service-role/"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":["s3.amazonaws.com"]},"Action":"sts:AssumeRole"}}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: &name, PolicyName: aws.String("theirs"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::their-*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Role.Arn
}

// theirRules gives a side's bucket two rules of others, to a bucket of theirs
// and to the other side, under a role of theirs.
func (l *lab) theirRules(t *testing.T, side pair.SideName) {
	t.Helper()
	third := "their-copies-" + strings.ToLower(string(side))
	_, err := l.clients(side).S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &third, CreateBucketConfiguration: locatedIn(l.world.Pair.Side(side).Region)})
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.clients(side).S3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: &third, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
	off := &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled}
	l.putRules(t, side, l.role(t, side, "their-replication"), []types.ReplicationRule{
		{
			ID: aws.String("their-copies"), Status: types.ReplicationRuleStatusEnabled, Priority: aws.Int32(7), DeleteMarkerReplication: off,
			Filter: &types.ReplicationRuleFilter{And: &types.ReplicationRuleAndOperator{
				Prefix: aws.String("invoices/"), Tags: []types.Tag{{Key: aws.String("keep"), Value: aws.String("yes")}},
			}},
			Destination: &types.Destination{
				Bucket: aws.String("arn:aws:s3:::" + third), StorageClass: types.StorageClassStandardIa,
				Metrics:         &types.Metrics{Status: types.MetricsStatusEnabled, EventThreshold: &types.ReplicationTimeValue{Minutes: aws.Int32(15)}},
				ReplicationTime: &types.ReplicationTime{Status: types.ReplicationTimeStatusEnabled, Time: &types.ReplicationTimeValue{Minutes: aws.Int32(15)}},
			},
		},
		{
			ID: aws.String("their-logs"), Status: types.ReplicationRuleStatusDisabled, Priority: aws.Int32(0), DeleteMarkerReplication: off,
			Filter:      &types.ReplicationRuleFilter{},
			Destination: &types.Destination{Bucket: aws.String("arn:aws:s3:::" + third)},
		},
	})
}

func (l *lab) putRules(t *testing.T, side pair.SideName, role string, rules []types.ReplicationRule) {
	t.Helper()
	_, err := l.clients(side).S3.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{
		Bucket:                   aws.String(l.world.Pair.Side(side).Bucket),
		ReplicationConfiguration: &types.ReplicationConfiguration{Role: &role, Rules: rules},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// theirPolicy gives a side's bucket a policy of others, oddly spelt.
func (l *lab) theirPolicy(t *testing.T, side pair.SideName) {
	t.Helper()
	bucket := l.world.Pair.Side(side).Bucket
	text := `{"Version": "2008-10-17", "Id":"theirs", "Statement": [ {"Sid":"Their <first>",  "Effect":"Deny","Principal":"*","Action":["s3:*"],` +
		`"Resource":"arn:aws:s3:::` + bucket + `/secret/*","Condition":{"Bool":{"aws:SecureTransport":"false"}}} ]}`
	if !json.Valid([]byte(text)) {
		t.Fatal("the policy is no JSON")
	}
	if _, err := l.clients(side).S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: &text}); err != nil {
		t.Fatal(err)
	}
}

// agreed switches the consents on.
func (l *lab) agreed() {
	l.world.Consent = pair.Merge | pair.ConvertV1
}

// worlds are those that a plan has to cope with, from nothing at all to the
// hardest: rules of others, policies of others, KMS and two accounts.
var worlds = map[string]func(*testing.T, *lab){
	"nothing is there": func(*testing.T, *lab) {},
	"rules of others": func(t *testing.T, l *lab) {
		l.bucket(t, pair.A)
		l.theirRules(t, pair.A)
		l.agreed()
	},
	"KMS on both sides": func(t *testing.T, l *lab) {
		l.bucket(t, pair.A)
		l.bucket(t, pair.B)
		l.keyed(t)
	},
	"two accounts": func(t *testing.T, l *lab) {
		l.partnered(t)
		l.bucket(t, pair.B)
		l.theirPolicy(t, pair.B)
		l.agreed()
	},
	"an organisation with demands": func(t *testing.T, l *lab) {
		asked := allDemands(l.box.AccountID())
		putBoundary(t, l.world.A, `["s3:*","kms:*"]`)
		l.demand(t, asked...)
		l.told(asked...)
	},
	"the hardest": func(t *testing.T, l *lab) {
		l.partnered(t)
		for _, side := range pair.Sides() {
			l.bucket(t, side)
			l.theirRules(t, side)
			l.theirPolicy(t, side)
		}
		l.keyed(t)
		l.agreed()
	},
}
