package replication_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

// granted gives a principal a grant on a key of side A or B.
func (l *lab) granted(t *testing.T, side pair.SideName, key, grantee string, constraints *types.GrantConstraints, operations ...types.GrantOperation) {
	t.Helper()
	_, err := l.clients(side).KMS.CreateGrant(t.Context(), &kms.CreateGrantInput{
		KeyId: &key, GranteePrincipal: &grantee, Operations: operations, Constraints: constraints,
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Grants stand beside key policies: who has one for what is asked needs nothing
// in the policy. What is said beforehand is what then happens.
func TestAGrantIsEnoughForOurUploads(t *testing.T) {
	uses := []types.GrantOperation{types.GrantOperationGenerateDataKey, types.GrantOperationDecrypt}
	bound := func(arn string) map[string]string { return map[string]string{"aws:s3:arn": arn} }
	for name, c := range map[string]struct {
		operations  []types.GrantOperation
		constraints *types.GrantConstraints
		others      int // grants of others before it, which come in pages
		says        survey.Severity
	}{
		"for both":                         {operations: uses},
		"after many others":                {operations: uses, others: 120},
		"for decrypting":                   {operations: uses[1:], says: survey.Blocker},
		"for another place":                {operations: uses, constraints: &types.GrantConstraints{EncryptionContextSubset: bound("arn:aws:s3:::elsewhere/x")}, says: survey.Blocker},
		"for exactly another place":        {operations: uses, constraints: &types.GrantConstraints{EncryptionContextEquals: bound("arn:aws:s3:::elsewhere/x")}, says: survey.Blocker},
		"for this bucket, whose key it is": {operations: uses, constraints: &types.GrantConstraints{EncryptionContextEquals: bound(testPair.A.BucketARN())}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				l.bucket(t, pair.A)
				l.bucket(t, pair.B)
				l.encrypt(t, pair.A, keyA, strings.Contains(name, "bucket"))
				l.encrypt(t, pair.B, keyB, false)
				if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: keyA, Policy: keyText(keptByUs, readByMany)}); err != nil {
					t.Fatal(err)
				}
				if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: keyB, Policy: keyText(leftToIAM)}); err != nil {
					t.Fatal(err)
				}
				operator := l.world
				l.hire(t, "", everything)
				hired := l.world
				l.world = operator
				for range c.others {
					l.granted(t, pair.A, keyA, keeperOfKeys, nil, types.GrantOperationDescribeKey)
				}
				l.granted(t, pair.A, keyA, "arn:aws:iam::000000000000:user/hired", c.constraints, c.operations...)
				l.world = hired
				f := about(l.setUp(t), "user/hired may not kms:")
				err := l.upload(t, pair.A)
				switch {
				case c.says == "" && (f != nil || err != nil):
					t.Errorf("with the grant it says %+v, and an upload fails by %v", f, err)
				case c.says != "" && (f == nil || f.Severity != c.says || err == nil):
					t.Errorf("with a grant that does not do it says %+v, and an upload fails by %v", f, err)
				}
			})
		})
	}
}

// Where grants can't be listed nothing is certain, and nothing blocks.
func TestGrantsThatCannotBeReadLeaveItOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.A)
		l.bucket(t, pair.B)
		l.encrypt(t, pair.A, keyA, false)
		l.encrypt(t, pair.B, keyB, false)
		for _, key := range []string{keyA, keyB} {
			if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: key, Policy: keyText(keptByUs, strings.Replace(readByMany, `,"kms:ListGrants"`, "", 1))}); err != nil {
				t.Fatal(err)
			}
		}
		l.hire(t, "", everything)
		plan := l.setUp(t)
		f := about(plan, "user/hired may perhaps not kms:GenerateDataKey")
		if f == nil || f.Severity != survey.Warning || !strings.Contains(f.Title, "kms:ListGrants: AccessDeniedException") {
			t.Errorf("it says %+v\nof all %s", f, text(t, plan.Findings))
		}
		for _, f := range plan.Blocked() {
			t.Errorf("it is blocked by %+v", f)
		}
	})
}

// A role with a grant is not kept out, and one whose grants can't be read perhaps.
func TestAGrantIsEnoughForTheReplicationRole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{keys: true, actions: keyActions, change: optedIn}.build(t)
		if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: keyA, Policy: keyText(keptByUs)}); err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		lacks := named(l.examine(t, false), pair.AtoB, keyA)
		if lacks == nil || !strings.Contains(lacks.Title, "may not kms:Decrypt") {
			t.Fatalf("without a grant it says %+v", lacks)
		}
		l.wire.answer = func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".ListGrants") {
				return accessDenied(), nil
			}
			return nil, nil
		}
		if unread := named(l.examine(t, false), pair.AtoB, survey.ListGrants); unread == nil || unread.Certainty != doctor.Conceivable {
			t.Errorf("where grants can't be read it says %+v", unread)
		}
		l.wire.answer = nil
		role := l.survey(t).Directions[pair.AtoB].Others.ARN
		l.granted(t, pair.A, keyA, role, nil, types.GrantOperationDecrypt)
		found := l.examine(t, true)
		if still := named(found, pair.AtoB, keyA); still != nil || found.Health[pair.AtoB].State != doctor.Proven {
			t.Errorf("with a grant it says %+v, and A → B is %s", still, found.Health[pair.AtoB].State)
		}
	})
}

// upload puts an object into a side's bucket as the world's own credentials.
func (l *lab) upload(t *testing.T, side pair.SideName) error {
	t.Helper()
	_, err := l.world.Clients(side).S3.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(l.world.Pair.Side(side).Bucket), Key: aws.String("object"), Body: strings.NewReader("x"),
	})
	return err
}
