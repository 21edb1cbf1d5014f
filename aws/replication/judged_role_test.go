package replication_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// roleKeys are what conditions about S3's requests in a role ask for.
var roleKeys = []string{
	"aws:SecureTransport true false", "aws:RequestedRegion eu-west-1 us-* ap-southeast-1", "aws:PrincipalArn CALLER arn:aws:iam::*:role/* arn:aws:iam::000000000000:role/other",
	"aws:userid ROLEID:* ROLEID:s3 AROA* AIDA* 000000000000", "aws:PrincipalAccount 000000000000 999999999999", "aws:PrincipalType AssumedRole User", "aws:SourceIp 10.0.0.0/8",
	"aws:SourceVpce vpce-1", "aws:ResourceAccount 000000000000 ${aws:PrincipalAccount}", "aws:PrincipalOrgID o-1", "aws:MultiFactorAuthPresent true false",
	"aws:PrincipalTag/team data", "s3:x-amz-server-side-encryption AES256 aws:kms", "aws:username ${aws:username} x", "aws:Referer x", "aws:ViaAWSService true false",
	"aws:PrincipalIsAWSService true false",
}

var roleActions = []string{
	"s3:ReplicateObject", "s3:ReplicateObject", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:Replicate*", "s3:GetObjectVersion*", "s3:GetReplicationConfiguration",
}

var keyContexts = []string{
	"kms:EncryptionContext:aws:s3:arn arn:aws:s3:::bothways-test-one arn:aws:s3:::bothways-test-two arn:aws:s3:::bothways-test-one/* arn:aws:s3:::bothways-test-two/* arn:aws:s3:::*",
	"kms:ViaService s3.eu-west-1.amazonaws.com s3.ap-southeast-1.amazonaws.com s3.*", "kms:CallerAccount 000000000000", "kms:EncryptionContextKeys aws:s3:arn x",
}

// What the doctor says of a direction before it was tried agrees with what a
// canary shows; what a canary disproves leaves nothing wrong.
func roleAgrees(t *testing.T, seed uint64, counts *tally) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		draw := &policies{Rand: rand.New(rand.NewPCG(seed, 2)), keys: roleKeys}
		world, encrypted := theirs{}, draw.likely(40)
		if encrypted {
			world = theirs{keys: true, actions: keyActions}
		}
		l := world.build(t)
		if encrypted {
			l.encrypt(t, pair.A, keyA, draw.likely(50))
			l.encrypt(t, pair.B, keyB, draw.likely(50))
		}
		texts := burden(t, l, draw, encrypted)
		pass(settled)
		l.world.Consent = pair.KeepCanaries
		untried := l.examine(t, false)
		tried := l.examine(t, true)
		for _, d := range pair.Directions() {
			before, after := untried.Health[d], tried.Health[d]
			if encrypted && wanted.CanaryUpload(untried.Survey, d).Encryption == types.ServerSideEncryptionAes256 {
				continue // a bucket policy asks for that, so canaries say nothing of the keys
			}
			if before.State == doctor.Plausible && unreadKey(untried) {
				counts.open++
				continue // what the key says is said to be unknown, and why
			}
			if strings.Contains(after.Detail, "No canary was written") || strings.Contains(after.Detail, "came to no end") {
				continue // the policies keep us out, too
			}
			switch before.State {
			case doctor.Plausible:
				counts.allowed++
				if after.State != doctor.Proven {
					t.Errorf("%s is said to be plausible, and is %s: %s", d.Arrow(), after.State, after.Detail)
				}
			case doctor.Broken:
				counts.denied++
				if after.State != doctor.Broken {
					t.Errorf("%s is said to be broken (%s), and is %s", d.Arrow(), before.Detail, after.State)
				}
			case doctor.Doubtful:
				counts.open++
				if !namesAKey(untried, d) {
					t.Errorf("%s is said to be doubtful, and not why: %s", d.Arrow(), before.Detail)
				}
			case doctor.Proven:
			}
		}
		if tried.Health[pair.AtoB].State.OK() && tried.Health[pair.BtoA].State.OK() {
			for _, trouble := range tried.Troubles {
				if trouble.Severity == survey.Blocker || trouble.Severity == survey.Warning && trouble.Certainty == doctor.Conceivable && strings.Contains(trouble.Title, "ReplicateObject") {
					t.Errorf("though both directions are proven, it says %+v", trouble)
				}
			}
		}
		if t.Failed() {
			for _, trouble := range untried.Troubles {
				t.Logf("%s %s %s", trouble.Severity, trouble.Certainty, trouble.Words())
			}
			t.Errorf("the policies of seed %d:\n%s", seed, strings.Join(texts, "\n"))
		}
	})
}

// namesAKey says whether a trouble of a direction that is merely conceivable
// names a condition key, or what else leaves it open.
func namesAKey(found doctor.Diagnosis, d pair.Direction) bool {
	for _, t := range found.Troubles {
		if t.Direction != nil && *t.Direction == d && t.Certainty == doctor.Conceivable && (strings.Contains(t.Meaning, "hangs on") || strings.Contains(t.Missing, ":")) {
			return true
		}
	}
	return false
}

// burden gives the role and both buckets random policies, and returns them.
func burden(t *testing.T, l *lab, draw *policies, encrypted bool) []string {
	t.Helper()
	role := aws.String(theirRole)
	out, err := l.world.A.IAM.GetRole(t.Context(), &iam.GetRoleInput{RoleName: role})
	if err != nil {
		t.Fatal(err)
	}
	draw.caller, draw.others = aws.ToString(out.Role.Arn), []string{"arn:aws:sts::" + ownAccount + ":assumed-role/" + theirRole + "/s3"}
	draw.keys = make([]string, len(roleKeys))
	for i, key := range roleKeys {
		draw.keys[i] = strings.ReplaceAll(key, "ROLEID", aws.ToString(out.Role.RoleId))
	}
	own := draw.keys
	// Of a simulation, the name of the session is a guess.
	draw.keys = slices.Clone(own)
	for i, key := range own {
		draw.keys[i] = strings.ReplaceAll(key, ":s3 ", ":* ")
	}
	var texts []string
	if draw.likely(60) {
		statements := []map[string]any{{"Effect": "Allow", "Action": "*", "Resource": "*"}}
		if draw.likely(40) {
			statements = []map[string]any{{"Effect": "Allow", "NotAction": []string{pick(draw, roleActions)}, "Resource": "*"}, draw.statement("Allow", nil, roleActions)}
		}
		if draw.likely(30) {
			statements = append(statements, draw.statement("Deny", nil, roleActions))
		}
		if encrypted {
			own := draw.keys
			draw.keys = keyContexts
			condition := draw.conditions()
			draw.keys = own
			statements = []map[string]any{{"Effect": "Allow", "Action": []string{"s3:*"}, "Resource": "*"}, {"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Condition": condition}}
		}
		text := draw.document(statements...)
		texts = append(texts, text)
		if err := l.roleMay(t, l.world.A, nil, text); err != nil {
			t.Fatal(err)
		}
	}
	draw.keys = own
	if encrypted && draw.likely(70) {
		texts = append(texts, l.drawKeys(t, draw)...)
	}
	for _, side := range pair.Sides() {
		if draw.likely(40) {
			continue
		}
		clients, bucket := l.side(side)
		text := draw.bucket(testPair.Side(side), roleActions[:6])
		_, err := clients.S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: bucket, Policy: &text})
		if err != nil && apierror.Code(err) != "AccessDenied" && apierror.Code(err) != "MalformedPolicy" {
			t.Fatal(err)
		}
		if err == nil {
			texts = append(texts, text)
		}
	}
	return texts
}

func TestWhatTheDoctorSaysOfARoleAgreesWithACanary(t *testing.T) {
	t.Parallel()
	var counts tally
	seeds(t, 60/stride, func(t *testing.T, seed uint64) { roleAgrees(t, seed, &counts) })
	t.Logf("plausible %d, broken %d, doubtful %d", counts.allowed, counts.denied, counts.open)
	if counts.allowed < 15/stride || counts.denied < 15/stride || counts.open > counts.allowed+counts.denied {
		t.Errorf("too little is known: %+v", counts)
	}
}

func FuzzWhatTheDoctorSaysOfARole(f *testing.F) {
	for _, seed := range []uint64{1000, 1766, 1788} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { roleAgrees(t, seed, &tally{}) })
}
