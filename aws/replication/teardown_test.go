package replication_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

func TestTearDownWithBucketsLeavesNothingOfOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		first := l.setUp(t)
		whole := first.Changes()
		apply(t, first, step.Done)
		apply(t, l.tearDown(t, true), step.Done)
		buckets, err := l.world.A.S3.ListBuckets(t.Context(), &s3.ListBucketsInput{})
		if err != nil || len(buckets.Buckets) > 0 {
			t.Errorf("buckets are left: %v, %v", buckets.Buckets, err)
		}
		roles, err := l.world.A.IAM.ListRoles(t.Context(), &iam.ListRolesInput{})
		if err != nil || len(roles.Roles) > 0 {
			t.Errorf("roles are left: %v, %v", roles.Roles, err)
		}
		if again := l.setUp(t); again.Changes() != whole {
			t.Errorf("the next plan has %d changes, want all %d as the first", again.Changes(), whole)
		}
	})
}

func TestTearDownHarmsNothingOfOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		_, err := l.world.B.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: aws.String(testPair.B.Bucket), CreateBucketConfiguration: locatedIn(testPair.B.Region),
		})
		if err != nil {
			t.Fatal(err)
		}
		applyAny(t, l.setUp(t))
		decoys := []string{"theirs.txt", testPair.ProbePrefix() + "looks-like-ours", testPair.CanaryPrefix() + "test/a-to-b-9"}
		for _, key := range decoys {
			l.put(t, pair.A, key)
		}
		proposed := l.tearDown(t, true)
		for _, step := range proposed.Steps {
			if step.ID == "remove-bucket-b" {
				t.Error("the plan removes a bucket that bothways did not make")
			}
		}
		var events log
		err = plan.Apply(t.Context(), proposed, events.emit)
		if err == nil || !strings.Contains(err.Error(), "did not write") {
			t.Errorf("removing a bucket with somebody's objects says %v", err)
		}
		for _, key := range decoys {
			if _, err := l.world.A.S3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: aws.String(testPair.A.Bucket), Key: &key}); err != nil {
				t.Errorf("%s is gone: %v", key, err)
			}
		}
		for _, id := range []string{"remove-rule-a-to-b", "remove-rule-b-to-a", "remove-role-a-to-b", "remove-role-b-to-a"} {
			if events.last[id] != step.Done {
				t.Errorf("%s ended %s", id, events.last[id])
			}
		}
	})
}

func TestARoleWithAPolicyOfOthersIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		name := aws.String(testPair.RoleName(pair.AtoB))
		_, err := l.world.A.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
			RoleName: name, PolicyName: aws.String("theirs"),
			PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}`),
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := plan.Apply(t.Context(), l.tearDown(t, true), (&log{}).emit); err == nil {
			t.Error("nothing is said of the role that stays")
		}
		if _, err := l.world.A.IAM.GetRolePolicy(t.Context(), &iam.GetRolePolicyInput{RoleName: name, PolicyName: aws.String("theirs")}); err != nil {
			t.Errorf("their policy is gone: %v", err)
		}
	})
}

func TestUndoRemovesWhatTheRunMadeAndNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		_, err := l.world.A.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: aws.String(testPair.A.Bucket), CreateBucketConfiguration: locatedIn(testPair.A.Region),
		})
		if err != nil {
			t.Fatal(err)
		}
		proposed := l.setUp(t)
		var events log
		if err := plan.Apply(t.Context(), proposed, events.emit); err != nil {
			t.Fatal(err)
		}
		undo := plan.Undo(l.survey(t), proposed, events.last)
		if err := plan.Apply(context.Background(), undo, (&log{}).emit); err != nil {
			t.Fatal(err)
		}
		if _, err := l.world.A.S3.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String(testPair.A.Bucket)}); err != nil {
			t.Errorf("the bucket that was there before is gone: %v", err)
		}
		if _, err := l.world.B.S3.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String(testPair.B.Bucket)}); !apierror.Missing(err) {
			t.Errorf("the bucket that the run made is still there: %v", err)
		}
		roles, err := l.world.A.IAM.ListRoles(t.Context(), &iam.ListRolesInput{})
		if err != nil || len(roles.Roles) > 0 {
			t.Errorf("roles are left: %v, %v", roles.Roles, err)
		}
	})
}

func TestEveryTearDownOfARuleWarnsOfObjectsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		if f := about(l.tearDown(t, false), "PENDING"); f == nil || f.Severity != survey.Warning {
			t.Error("nothing is said of objects that are under way")
		}
		applyAny(t, l.tearDown(t, false))
		if f := about(l.tearDown(t, false), "PENDING"); f != nil {
			t.Error("without a rule nothing is under way")
		}
	})
}
