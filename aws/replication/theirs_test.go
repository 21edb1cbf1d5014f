package replication_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
)

const (
	theirRole = "their-role"
	keyA      = "arn:aws:kms:eu-west-1:000000000000:key/aaaa"
	keyB      = "arn:aws:kms:ap-southeast-1:000000000000:key/bbbb"
)

// theirActions are what a role of replication needs in any case.
var theirActions = []string{
	"s3:GetReplicationConfiguration", "s3:ListBucket", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl",
	"s3:GetObjectVersionTagging", "s3:GetObjectVersionAnnotationForReplication", "s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags",
}

// theirs is a pair that somebody else set up, with what is wrong about it.
type theirs struct {
	actions    []string // of the role; nil is theirActions
	policy     string   // of the role, in place of actions
	trust      string
	locked     bool
	keys       bool // KMS on both sides, by default
	bucketKeys bool
	twoOwners  bool // side B belongs to a partner
	ownership  types.ObjectOwnership
	letIn      []string // what the partner's bucket policy allows
	oneWay     bool
	change     func(d pair.Direction, r *types.ReplicationRule)
	role       string // in the configuration
	then       func(t *testing.T, l *lab)
}

func (c theirs) build(t *testing.T) *lab {
	t.Helper()
	l := newLab(t, testPair)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	if c.twoOwners {
		must(l.box.AddAccount(sandbox.Account{ID: partner, Users: []sandbox.User{
			{Name: "partner", AccessKeyID: "AKIAPARTNER", SecretAccessKey: "secret", Administrator: true},
		}}))
		l.world.B, l.partner = l.as(t, "AKIAPARTNER", testPair.B.Region), true
	}
	if c.keys {
		must(l.box.PutKMSKey(sandbox.KMSKey{ARN: keyA}))
		must(l.box.PutKMSKey(sandbox.KMSKey{ARN: keyB}))
	}
	for _, name := range pair.Sides() {
		c.buildSide(t, l, name)
	}
	for _, d := range pair.Directions() {
		if !c.oneWay || d == pair.AtoB {
			c.buildDirection(t, l, d)
		}
	}
	if c.then != nil {
		c.then(t, l)
	}
	return l
}

// as is a set of clients for another user.
func (l *lab) as(t *testing.T, key, region string) *account.Clients {
	t.Helper()
	access := account.Access{
		Endpoint: l.access.Endpoint, HTTPClient: &http.Client{Transport: l.wire},
		Credentials: credentials.NewStaticCredentialsProvider(key, "secret", ""),
	}
	clients, err := access.Open(t.Context(), region)
	if err != nil {
		t.Fatal(err)
	}
	return clients
}

func (l *lab) side(name pair.SideName) (*account.Clients, *string) {
	if name == pair.A {
		return l.world.A, aws.String(testPair.A.Bucket)
	}
	return l.world.B, aws.String(testPair.B.Bucket)
}

func (c theirs) buildSide(t *testing.T, l *lab, name pair.SideName) {
	t.Helper()
	clients, bucket := l.side(name)
	_, err := clients.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: bucket, CreateBucketConfiguration: locatedIn(clients.Region), ObjectOwnership: c.ownership,
		ObjectLockEnabledForBucket: aws.Bool(c.locked),
	})
	if err != nil {
		t.Fatal(err)
	}
	l.version(t, name, types.BucketVersioningStatusEnabled)
	if c.keys {
		l.encrypt(t, name, map[pair.SideName]string{pair.A: keyA, pair.B: keyB}[name], c.bucketKeys)
	}
	if c.twoOwners && name == pair.B && c.letIn != nil {
		l.bucketPolicy(t, name, map[string]any{
			"Effect": "Allow", "Principal": map[string]string{"AWS": l.roleARN(pair.AtoB)}, "Action": c.letIn, "Resource": testPair.B.BucketARN() + "/*",
		})
	}
}

func (l *lab) version(t *testing.T, name pair.SideName, status types.BucketVersioningStatus) {
	t.Helper()
	clients, bucket := l.side(name)
	_, err := clients.S3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: status},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (l *lab) encrypt(t *testing.T, name pair.SideName, key string, bucketKey bool) {
	t.Helper()
	clients, bucket := l.side(name)
	_, err := clients.S3.PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{
		Bucket: bucket, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: &key},
			BucketKeyEnabled:                   &bucketKey,
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (l *lab) bucketPolicy(t *testing.T, name pair.SideName, statement map[string]any) {
	t.Helper()
	clients, bucket := l.side(name)
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{statement}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clients.S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: bucket, Policy: aws.String(string(text))}); err != nil {
		t.Fatal(err)
	}
}

func (l *lab) roleARN(d pair.Direction) string {
	owner := l.box.AccountID()
	if l.partner && d.From() == pair.B {
		owner = partner
	}
	return "arn:aws:iam::" + owner + ":role/" + theirRole
}

func (c theirs) buildDirection(t *testing.T, l *lab, d pair.Direction) {
	t.Helper()
	clients, bucket := l.side(d.From())
	trust := c.trust
	if trust == "" {
		trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	}
	if _, err := clients.IAM.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String(theirRole)}); err != nil {
		if _, err := clients.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String(theirRole), AssumeRolePolicyDocument: &trust}); err != nil {
			t.Fatal(err)
		}
		if err := l.roleMay(t, clients, c.actions, c.policy); err != nil {
			t.Fatal(err)
		}
	}
	rule := types.ReplicationRule{
		ID: aws.String("their-rule-" + d.Slug()), Status: types.ReplicationRuleStatusEnabled, Priority: aws.Int32(1),
		Filter:                  &types.ReplicationRuleFilter{Prefix: aws.String("")},
		DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusEnabled},
		Destination:             &types.Destination{Bucket: aws.String(testPair.To(d).BucketARN())},
		SourceSelectionCriteria: &types.SourceSelectionCriteria{ReplicaModifications: &types.ReplicaModifications{Status: types.ReplicaModificationsStatusEnabled}},
	}
	if c.keys {
		rule.SourceSelectionCriteria.SseKmsEncryptedObjects = &types.SseKmsEncryptedObjects{Status: types.SseKmsEncryptedObjectsStatusEnabled}
		rule.Destination.EncryptionConfiguration = &types.EncryptionConfiguration{
			ReplicaKmsKeyID: aws.String(map[pair.Direction]string{pair.AtoB: keyB, pair.BtoA: keyA}[d]),
		}
	}
	if c.change != nil {
		c.change(d, &rule)
	}
	role := c.role
	if role == "" {
		role = l.roleARN(d)
	}
	_, err := clients.S3.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{
		Bucket: bucket, ReplicationConfiguration: &types.ReplicationConfiguration{Role: &role, Rules: []types.ReplicationRule{rule}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// roleMay writes the role's policy anew.
func (l *lab) roleMay(t *testing.T, clients *account.Clients, actions []string, text string) error {
	if actions == nil {
		actions = theirActions
	}
	if text == "" {
		document, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": []any{
			map[string]any{"Effect": "Allow", "Action": actions, "Resource": "*"},
		}})
		if err != nil {
			return err
		}
		text = string(document)
	}
	_, err := clients.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String(theirRole), PolicyName: aws.String("their-policy"), PolicyDocument: &text,
	})
	return err
}

func without(actions []string, one string) []string {
	return slices.DeleteFunc(slices.Clone(actions), func(a string) bool { return a == one })
}

// session goes on as a session of a role.
func (l *lab) session(t *testing.T, role string) {
	t.Helper()
	out, err := l.world.A.STS.AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: &role, RoleSessionName: aws.String("visit")})
	if err != nil {
		t.Fatal(err)
	}
	c := out.Credentials
	access := l.access
	access.Credentials = credentials.NewStaticCredentialsProvider(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken)
	if l.world.A, err = access.Open(t.Context(), testPair.A.Region); err != nil {
		t.Fatal(err)
	}
	if l.world.B, err = access.Open(t.Context(), testPair.B.Region); err != nil {
		t.Fatal(err)
	}
}
