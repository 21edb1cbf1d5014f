package replication_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// needs says whether a purpose needs an action on a resource.
func needs(plan plan.Plan, purpose pair.Purpose, action, resource string) bool {
	return slices.ContainsFunc(wanted.RightsFor(*plan.Wanted, purpose), func(r survey.Right) bool {
		return r.Action == action && r.Resource == resource && !r.Optional
	})
}

func TestMakingABucketWithObjectLockNeedsTheRightToSetIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.lockedBucket(t, pair.A)
		if !needs(l.setUp(t), pair.SetUp, "s3:PutBucketObjectLockConfiguration", testPair.B.BucketARN()) {
			t.Error("s3:PutBucketObjectLockConfiguration is not among the rights")
		}
	})
}

func TestTheBucketsDefaultKeyIsAmongTheRightsBesideTheGivenOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.A)
		l.bucket(t, pair.B)
		other := "arn:aws:kms:eu-west-1:" + l.box.AccountID() + ":key/other"
		l.encryptByDefault(t, pair.A, other)
		l.world.Pair.Given.KeyA, l.world.Pair.Given.KeyB = l.keyARN(t, pair.A), l.keyARN(t, pair.B)
		plan := l.setUp(t)
		for _, key := range []string{other, l.keyARN(t, pair.A)} {
			for _, action := range []string{"kms:GenerateDataKey", "kms:Decrypt"} {
				if !needs(plan, pair.SetUp, action, key) {
					t.Errorf("%s on %s is not among the rights", action, key)
				}
			}
		}
	})
}

func TestWritingTheRulesOfOthersAgainNeedsTheRightToPassTheirRole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _, all := merged(t)
		plan := l.setUp(t)
		if !needs(plan, pair.TearDown, "iam:PassRole", *all.Role) {
			t.Error("iam:PassRole of their role is not among the rights of a tear-down")
		}
		if own := plan.Wanted.Directions[pair.BtoA].RoleARN; needs(plan, pair.TearDown, "iam:PassRole", own) {
			t.Error("a configuration of ours alone is deleted, which passes no role")
		}
	})
}

func TestAPrefixThatBeginsAPolicyVariableIsWrittenOutInTheRights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testPair
		p.Options.Prefix = "${aws:username}/"
		plan := newLab(t, p).setUp(t)
		for _, r := range wanted.Rights(*plan.Wanted) {
			if strings.Contains(r.Resource, "${aws:") {
				t.Fatalf("%s is asked for on %s", r.Action, r.Resource)
			}
		}
		if !needs(plan, pair.SetUp, "s3:PutObject", p.A.BucketARN()+"/${$}{aws:username}/bothways/"+p.ID()+"/canary/*") {
			t.Errorf("no right to write canaries under the prefix")
		}
	})
}
