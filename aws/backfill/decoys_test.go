package backfill_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	jobtypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/backfill"
	"bothways/aws/backfill/job"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// theirJob asks for a job as somebody else would, in a description of ours, for
// an object of theirs; it waits for being confirmed.
func (l *lab) theirJob(described string) string {
	l.Helper()
	client, name := l.world.A, aws.String("their-lists")
	if _, err := client.S3.CreateBucket(l.Context(), &s3.CreateBucketInput{Bucket: name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(testPair.A.Region)}}); err != nil {
		l.Fatal(err)
	}
	put, err := client.S3.PutObject(l.Context(), &s3.PutObjectInput{Bucket: name, Key: aws.String("list.csv"), Body: strings.NewReader(testPair.A.Bucket + ",before\n")})
	if err != nil {
		l.Fatal(err)
	}
	role, err := client.IAM.CreateRole(l.Context(), &iam.CreateRoleInput{
		RoleName: aws.String("their-batch"), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"batchoperations.s3.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	if err != nil {
		l.Fatal(err)
	}
	if _, err := client.IAM.PutRolePolicy(l.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String("their-batch"), PolicyName: aws.String("theirs"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`),
	}); err != nil {
		l.Fatal(err)
	}
	who, err := client.Identify(l.Context())
	if err != nil {
		l.Fatal(err)
	}
	out, err := client.Control.CreateJob(l.Context(), &s3control.CreateJobInput{
		AccountId: &who.Account, ClientRequestToken: aws.String("theirs"), ConfirmationRequired: aws.Bool(true), Description: &described, Priority: aws.Int32(1), RoleArn: role.Role.Arn,
		Operation: &jobtypes.JobOperation{S3ReplicateObject: &jobtypes.S3ReplicateObjectOperation{}}, Report: &jobtypes.JobReport{Enabled: false},
		Manifest: &jobtypes.JobManifest{
			Location: &jobtypes.JobManifestLocation{ETag: aws.String(strings.Trim(*put.ETag, `"`)), ObjectArn: aws.String("arn:aws:s3:::their-lists/list.csv")},
			Spec:     &jobtypes.JobManifestSpec{Format: jobtypes.JobManifestFormatS3BatchOperationsCsv20180820, Fields: []jobtypes.JobManifestFieldName{"Bucket", "Key"}},
		},
	})
	if err != nil {
		l.Fatal(err)
	}
	return *out.JobId
}

// What others have, named like ours or lying where ours lies, stays as it is: a
// backfill, and the removal of one that was cut short, touch what is ours alone.
func TestWhatOthersHaveIsUnharmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := small(t)
		asked := l.smallAsked()
		theirs := l.theirJob("bothways backfill " + testPair.ID() + " " + testPair.A.Region + " looks-like-ours")
		l.fill(asked)
		s, err := survey.Read(t.Context(), l.world)
		if err != nil {
			t.Fatal(err)
		}
		order := job.Order{Clients: l.world.A, Account: s.Sides[pair.A].Identity.Account, Pair: testPair, Direction: pair.AtoB}
		if state, err := order.Read(t.Context(), theirs); err != nil || state.Status != jobtypes.JobStatusSuspended {
			t.Errorf("their job is %+v, %v", state, err)
		}
		l.nothingOfOurs()

		// Their objects in a bucket of ours keep it, and are named.
		l.put(pair.A, "late", "x")
		rows := l.differences()
		asked.Rows = seq(rows)
		for i := range rows {
			rows[i].Verdict, rows[i].Remedy = "never eligible", "replicate"
		}
		l.world.RunID = "20261130-110000-again"
		p := l.prepare(asked)
		l.killedAtJob(p)
		if s, err = survey.Read(t.Context(), l.world); err != nil {
			t.Fatal(err)
		}
		found, err := backfill.Find(t.Context(), s, nil)
		if err != nil || !found[pair.AtoB].BucketOurs {
			t.Fatalf("nothing stands to be removed: %+v, %v", found, err)
		}
		bucket := aws.String(found[pair.AtoB].Bucket.Bucket)
		kept := []string{testPair.BackfillPrefix(pair.AtoB) + "notes.txt", testPair.BackfillPrefix(pair.AtoB) + "manifest-9.csv", "elsewhere"}
		for _, key := range kept {
			if _, err := l.client(pair.A).PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: strings.NewReader("theirs")}); err != nil {
				t.Fatal(err)
			}
		}
		l.remove(t.Context())
		out, err := l.client(pair.A).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: bucket})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Contents) != len(kept) {
			t.Errorf("%d objects stay, want the %d of others", len(out.Contents), len(kept))
		}
		if _, err := l.world.A.IAM.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("their-batch")}); err != nil {
			t.Errorf("their role: %v", err)
		}
	})
}
