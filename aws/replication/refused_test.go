package replication_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
)

// A read that is refused is something to say, with the right that lacks, and
// no end of the survey.
func TestARefusedReadIsAFindingThatNamesTheRight(t *testing.T) {
	for right, refuses := range map[string]func(r *http.Request, form string) bool{
		"s3:GetBucketVersioning":         func(r *http.Request, _ string) bool { return r.URL.Query().Has("versioning") },
		"s3:GetReplicationConfiguration": func(r *http.Request, _ string) bool { return r.URL.Query().Has("replication") },
		"iam:GetRolePolicy":              func(_ *http.Request, form string) bool { return strings.Contains(form, "Action=GetRolePolicy&") },
	} {
		t.Run(right, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				applyAny(t, l.setUp(t))
				l.wire.answer = func(r *http.Request) (*http.Response, error) {
					if refuses(r, l.wire.form(r)) {
						return accessDenied(), nil
					}
					return nil, nil
				}
				for _, plan := range []plan.Plan{l.setUp(t), l.tearDown(t, false)} {
					named := false
					for _, f := range plan.Blocked() {
						named = named || strings.Contains(f.Title+f.Meaning, right)
					}
					if !named {
						t.Errorf("%s is not blocked by the want of it: %v", plan.Purpose, plan.Findings)
					}
				}
				found, err := doctor.Examine(t.Context(), l.world, doctor.ExamineOptions{Canaries: true}, func(pair.Event) {})
				if err != nil {
					t.Fatal(err)
				}
				for _, trouble := range found.Troubles {
					if trouble.Cause == doctor.CauseRule || trouble.Cause == doctor.CauseVersioning {
						t.Errorf("the doctor takes what it can't read for missing: %s", trouble.Title)
					}
				}
			})
		})
	}
}

// A bucket of another account may let these credentials list it, and is out of
// reach all the same.
func TestAForeignBucketThatMayBeListedIsOutOfReach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		own := l.world
		l.partnered(t)
		l.bucket(t, pair.B)
		bucket := l.world.Pair.B.Bucket
		text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::` + l.box.AccountID() +
			`:root"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::` + bucket + `","arn:aws:s3:::` + bucket + `/*"]}]}`
		if _, err := l.world.B.S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: &text}); err != nil {
			t.Fatal(err)
		}
		found, err := plan.Look(t.Context(), own)
		if err != nil {
			t.Fatal(err)
		}
		if !found.Sides[pair.B].Foreign {
			t.Error("it is not taken for another account's")
		}
		if blocked := plan.SetUp(found).Blocked(); len(blocked) == 0 {
			t.Error("the plan is not blocked")
		}
	})
}
