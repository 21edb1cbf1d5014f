package replication_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

// about is the finding of a plan whose title holds a text, or nil.
func about(plan plan.Plan, text string) *survey.Finding {
	for _, f := range plan.Findings {
		if strings.Contains(f.Title, text) {
			return &f
		}
	}
	return nil
}

// hire goes on as a user with these policies.
func (l *lab) hire(t *testing.T, boundary string, policies ...string) *account.Clients {
	t.Helper()
	user := sandbox.User{Name: "hired", AccessKeyID: "AKIAHIRED", SecretAccessKey: "secret", Boundary: []byte(boundary)}
	for _, p := range policies {
		user.Policies = append(user.Policies, []byte(p))
	}
	if err := l.box.AddAccount(sandbox.Account{ID: l.box.AccountID(), Users: []sandbox.User{user}}); err != nil {
		t.Fatal(err)
	}
	l.world.A, l.world.B = l.as(t, user.AccessKeyID, l.world.Pair.A.Region), l.as(t, user.AccessKeyID, l.world.Pair.B.Region)
	return l.world.A
}

const everything = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`

func TestRightsThatAreLikelyMissingAreNamedBeforeAnythingIsTried(t *testing.T) {
	for name, c := range map[string]struct {
		boundary, policy string
		says             []string
	}{
		"all there": {policy: everything},
		"a Deny": {
			policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":["s3:PutReplicationConfiguration","iam:PassRole"],"Resource":"*"}]}`,
			says:   []string{"s3:PutReplicationConfiguration", "iam:PassRole"},
		},
		"a role to pass to others": {
			policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:PassRole","Resource":"*"},{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}}}]}`,
			says:   []string{"iam:PassRole"},
		},
		"a role to pass to S3": {
			policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:PassRole","Resource":"*"},{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"s3.amazonaws.com"}}}]}`,
		},
		"one region only": {
			policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:PutBucketVersioning","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"ap-southeast-1"}}}]}`,
			says:   []string{"s3:PutBucketVersioning"},
		},
		"a boundary": {
			policy: everything, boundary: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:CreateRole","Resource":"*"}]}`,
			says: []string{"iam:CreateRole", "boundary"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, testPair)
			l.hire(t, c.boundary, c.policy)
			found := about(l.setUp(t), "user/hired likely lacks")
			if (found == nil) != (c.says == nil) {
				t.Fatalf("the finding is %+v", found)
			}
			for _, word := range c.says {
				if !strings.Contains(found.Title+found.Meaning, word) || found.Severity != survey.Warning {
					t.Errorf("no %q in %+v", word, *found)
				}
			}
		})
	}
}

func TestRightsAreUnknownWhereIAMDoesNotSay(t *testing.T) {
	l := newLab(t, testPair)
	l.hire(t, "", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"iam:SimulatePrincipalPolicy","Resource":"*"}]}`)
	found := about(l.setUp(t), "user/hired has all rights is not known (AccessDenied)")
	if found == nil || found.Severity != survey.Note {
		t.Errorf("the findings are %+v", l.setUp(t).Findings)
	}
}

func TestTheRightsOfASessionAreThoseOfItsRole(t *testing.T) {
	l := newLab(t, testPair)
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}]}`
	_, err := l.world.A.IAM.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("works"), Path: aws.String("/deep/down/"), AssumeRolePolicyDocument: &trust})
	if err != nil {
		t.Fatal(err)
	}
	_, err = l.world.A.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String("works"), PolicyName: aws.String("most"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"s3:PutBucketVersioning","Resource":"*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	l.session(t, "arn:aws:iam::000000000000:role/deep/down/works")
	if found := about(l.setUp(t), "assumed-role/works/visit likely lacks s3:PutBucketVersioning"); found == nil {
		t.Errorf("the findings are %+v", l.setUp(t).Findings)
	}
}

func TestABucketPolicyThatKeepsTheOperatorOutIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		l.bucketPolicy(t, pair.A, map[string]any{
			"Sid": "NoRules", "Effect": "Deny", "Principal": "*", "Action": "s3:PutReplicationConfiguration", "Resource": testPair.A.BucketARN(),
		})
		l.bucketPolicy(t, pair.B, map[string]any{
			"Sid": "Office", "Effect": "Deny", "Principal": "*", "Action": "s3:PutBucketVersioning", "Resource": testPair.B.BucketARN(),
			"Condition": map[string]any{"NotIpAddress": map[string]string{"aws:SourceIp": "10.0.0.0/8"}},
		})
		plan := l.setUp(t)
		if about(plan, "the bucket policy denies user/operator s3:PutReplicationConfiguration (NoRules)") == nil ||
			about(plan, "the bucket policy may deny user/operator s3:PutBucketVersioning (Office)") == nil {
			t.Errorf("the findings are %+v", plan.Findings)
		}
		l.bucketPolicy(t, pair.A, map[string]any{
			"Sid": "Elsewhere", "Effect": "Deny", "Principal": "*", "Action": "s3:GetObjectTorrent", "Resource": testPair.A.BucketARN() + "/*",
		})
		if found := about(l.setUp(t), "denies something"); found == nil || found.Severity != survey.Note {
			t.Errorf("a Deny that hits nothing: %+v", l.setUp(t).Findings)
		}
	})
}

func TestARegionThatTheAccountHasNotEnabledIsNamed(t *testing.T) {
	far := testPair
	far.B.Region = "ap-east-1"
	l := newLab(t, far)
	if err := l.box.AddAccount(sandbox.Account{ID: l.box.AccountID(), DisabledRegions: []string{"ap-east-1"}}); err != nil {
		t.Fatal(err)
	}
	blocked := l.setUp(t).Blocked()
	if !slices.ContainsFunc(blocked, func(f survey.Finding) bool {
		return f.Side == pair.B && strings.Contains(f.Title, "region ap-east-1 is not enabled for account 000000000000")
	}) || !slices.ContainsFunc(blocked, func(f survey.Finding) bool {
		return f.Side == pair.A && strings.Contains(f.Title, "has not enabled region ap-east-1 (DISABLED)")
	}) {
		t.Errorf("the blockers are %+v", blocked)
	}
	found := l.examine(t, false)
	if named(found, pair.AtoB, "ap-east-1") == nil || found.Healthy() {
		t.Errorf("the doctor says %+v", found.Troubles)
	}
}

func TestABucketInAnotherRegionIsNamedWithItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		wrong := testPair
		wrong.B.Region = "us-east-1"
		l.world.Pair = wrong
		var err error
		if l.world.B, err = l.access.Open(t.Context(), wrong.B.Region); err != nil {
			t.Fatal(err)
		}
		if found := about(l.setUp(t), "lies in ap-southeast-1"); found == nil || !strings.Contains(found.Meaning, "ap-southeast-1/"+testPair.B.Bucket) {
			t.Errorf("the findings are %+v", l.setUp(t).Findings)
		}
		if trouble := named(l.examine(t, true), pair.AtoB, testPair.B.Bucket); trouble == nil || !strings.Contains(trouble.Todo, "ap-southeast-1/") {
			t.Errorf("the doctor says %+v", l.examine(t, true).Troubles)
		}
	})
}

func TestRequesterPaysIsNamedBeforeApply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		l.wire.answer = func(r *http.Request) (*http.Response, error) {
			if !r.URL.Query().Has("requestPayment") {
				return nil, nil
			}
			answer := refusal(http.StatusOK, "")
			answer.Body = io.NopCloser(strings.NewReader(`<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>`))
			answer.ContentLength = -1
			return answer, nil
		}
		if found := about(l.setUp(t), "requester pays"); found == nil {
			t.Errorf("the findings are %+v", l.setUp(t).Findings)
		}
		if named(l.examine(t, false), pair.AtoB, "requestPayment") == nil {
			t.Error("the doctor does not name it")
		}
	})
}

// Without s3:ListBucket an absent key reads 403, so every poll would look
// denied (S3 API reference, HeadObject).
func TestAMissingListBucketIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		l.hire(t, "", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"s3:ListBucket","Resource":"*"}]}`)
		found := l.survey(t)
		if f := about(plan.SetUp(found), "is out of reach"); f == nil || !strings.Contains(f.Meaning, "s3:ListBucket") {
			t.Errorf("the findings are %+v", plan.SetUp(found).Findings)
		}
		if trouble := named(l.examine(t, true), pair.AtoB, testPair.A.Bucket); trouble == nil || !strings.Contains(trouble.Todo, "s3:ListBucket") {
			t.Error("the doctor does not name it")
		}
	})
}

// A role that is used as it is gets no policy from the plan, so what it lacks
// is said before the plan runs.
func TestAGivenRoleIsLookedThroughBeforehand(t *testing.T) {
	for missing, c := range map[string]struct {
		world    theirs
		severity survey.Severity
	}{
		"s3:ReplicateObject":   {theirs{actions: without(theirActions, "s3:ReplicateObject")}, survey.Warning},
		"S3 may not take role": {theirs{trust: trusting("ec2.amazonaws.com", "")}, survey.Blocker},
		"there is no role":     {theirs{}, survey.Blocker},
	} {
		t.Run(missing, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := c.world.build(t)
				l.world.Pair.Given.RoleAtoB = l.roleARN(pair.AtoB)
				if missing == "there is no role" {
					l.world.Pair.Given.RoleAtoB += "-elsewhere"
				}
				found := about(l.setUp(t), missing)
				if found == nil || found.Severity != c.severity {
					t.Errorf("the findings are %+v", l.setUp(t).Findings)
				}
			})
		})
	}
}
