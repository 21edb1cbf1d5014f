package replication_test

import (
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
	"bothways/aws/sandbox"
)

// roleID is the unique ID of a role.
func (l *lab) roleID(t *testing.T, name string) string {
	t.Helper()
	out, err := l.world.A.IAM.GetRole(t.Context(), &iam.GetRoleInput{RoleName: &name})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.Role.RoleId)
}

// What can be looked up, or is disproved by a canary, is no alarm.
func TestAProvenPairRaisesNoFalseAlarm(t *testing.T) {
	for name, c := range map[string]struct {
		keys   bool
		actors map[string]any // the condition of a Deny of replication on both sides
	}{
		"IDs of the role by a pattern":             {actors: map[string]any{"StringNotLike": map[string]any{"aws:userId": []string{"ROLEID:*", "AIDAOTHER"}}}},
		"IDs of the role, if any":                  {actors: map[string]any{"StringNotLikeIfExists": map[string]any{"aws:userid": "ROLEID:*"}}},
		"the role's ARN and account":               {actors: map[string]any{"ArnNotLike": map[string]any{"aws:PrincipalArn": "arn:aws:iam::*:role/their-*"}, "StringNotEquals": map[string]any{"aws:PrincipalAccount": "999999999999"}}},
		"what only S3 knows, and a canary shows":   {actors: map[string]any{"StringEquals": map[string]any{"aws:PrincipalOrgID": "o-1"}}},
		"keys without the right to make a new one": {keys: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				world := theirs{}
				if c.keys {
					world = theirs{keys: true, actions: without(keyActions, "kms:GenerateDataKey")}
				}
				l := world.build(t)
				for _, side := range pair.Sides() {
					if c.actors == nil {
						continue
					}
					text := map[string]any{}
					for operator, keys := range c.actors {
						values := map[string]any{}
						for key, value := range keys.(map[string]any) {
							switch v := value.(type) {
							case string:
								values[key] = strings.ReplaceAll(v, "ROLEID", l.roleID(t, theirRole))
							case []string:
								values[key] = strings.Split(strings.ReplaceAll(strings.Join(v, " "), "ROLEID", l.roleID(t, theirRole)), " ")
							}
						}
						text[operator] = values
					}
					l.bucketPolicy(t, side, map[string]any{
						"Sid": "Who", "Effect": "Deny", "Principal": "*", "Action": []string{"s3:Replicate*", "s3:GetObjectVersionForReplication"},
						"Resource": testPair.Side(side).BucketARN() + "/*", "Condition": text,
					})
				}
				found := l.examine(t, true)
				if !found.Healthy() {
					t.Errorf("something is wrong: %+v; %+v", found.Health, found.Troubles)
				}
			})
		})
	}
}

// Our own role is known by its ID once it stands.
func TestAPlanKnowsTheIDsOfItsRoles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		for _, side := range pair.Sides() {
			l.bucketPolicy(t, side, map[string]any{
				"Sid": "Who", "Effect": "Deny", "Principal": "*", "Action": "s3:Replicate*", "Resource": testPair.Side(side).BucketARN() + "/*",
				"Condition": map[string]any{"StringNotLike": map[string]any{"aws:userId": []string{
					l.roleID(t, testPair.RoleName(pair.AtoB)) + ":*", l.roleID(t, testPair.RoleName(pair.BtoA)) + ":*",
				}}},
			})
		}
		for _, f := range l.setUp(t).Findings {
			if strings.Contains(f.Title, "Who") {
				t.Errorf("it says %+v", f)
			}
		}
	})
}

// A Deny with NotPrincipal hits everybody who is not listed, by role and
// account.
func TestADenyOfEverybodyElseIsJudgedByWhoIsListed(t *testing.T) {
	role, root := "arn:aws:iam::000000000000:role/"+theirRole, "arn:aws:iam::000000000000:root"
	operator := "arn:aws:iam::000000000000:user/operator"
	for name, c := range map[string]struct {
		listed []string
		state  doctor.State
	}{
		"the role left out":        {[]string{operator, root}, doctor.Broken},
		"the role and its account": {[]string{operator, root, role}, doctor.Plausible},
		"the role alone":           {[]string{operator, role}, doctor.Doubtful},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := theirs{}.build(t)
				l.bucketPolicy(t, pair.B, map[string]any{
					"Sid": "Others", "Effect": "Deny", "NotPrincipal": map[string]any{"AWS": c.listed}, "Action": "s3:Replicate*", "Resource": testPair.B.BucketARN() + "/*",
				})
				before := l.examine(t, false).Health[pair.AtoB]
				after := l.examine(t, true).Health[pair.AtoB]
				if before.State != c.state || (after.State == doctor.Proven) != (c.state == doctor.Plausible) {
					t.Errorf("it is %s (%s), and tried %s", before.State, before.Detail, after.State)
				}
			})
		})
	}
}

// With an S3 Bucket Key the encryption context is the bucket, without it the
// object; a replica keeps the Bucket Key of what it copies.
func TestTheEncryptionContextIsJudgedByBucketKeys(t *testing.T) {
	a, b := testPair.A.BucketARN(), testPair.B.BucketARN()
	buckets, objects := []string{a, b}, []string{a + "/*", b + "/*"}
	for name, c := range map[string]struct {
		fromKey, toKey bool
		context        []string
		state          doctor.State // of A → B, untried
		proven         bool
	}{
		"buckets, with keys on both":        {true, true, buckets, doctor.Plausible, true},
		"buckets, with a key at the origin": {true, false, buckets, doctor.Plausible, true},
		"objects, with a key at the origin": {true, false, objects, doctor.Broken, false},
		"objects, without":                  {false, false, objects, doctor.Plausible, true},
		"buckets, without":                  {false, false, buckets, doctor.Broken, false},
		"objects, with a key over there":    {false, true, objects, doctor.Doubtful, true},
		"both, with a key over there":       {false, true, append(buckets, objects...), doctor.Plausible, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := theirs{keys: true, actions: keyActions}.build(t)
				l.encrypt(t, pair.A, keyA, c.fromKey)
				l.encrypt(t, pair.B, keyB, c.toKey)
				text := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringLike":{"kms:EncryptionContext:aws:s3:arn":["` +
					strings.Join(c.context, `","`) + `"]}}}]}`
				if err := l.roleMay(t, l.world.A, nil, text); err != nil {
					t.Fatal(err)
				}
				pass(settled)
				untried := l.examine(t, false)
				if before := untried.Health[pair.AtoB]; before.State != c.state {
					t.Errorf("it is %s: %s: %+v", before.State, before.Detail, untried.Troubles)
				}
				if after := l.examine(t, true).Health[pair.AtoB]; (after.State == doctor.Proven) != c.proven {
					t.Errorf("tried, it is %s: %s", after.State, after.Detail)
				}
			})
		})
	}
}

// What an organisation or a boundary refuses, no policy of the account gives.
func TestNoPolicyIsOfferedAgainstAnOrganisationOrABoundary(t *testing.T) {
	const no = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:PutBucketVersioning","Resource":"*"}]}`
	for name, c := range map[string]struct {
		scp, boundary, policy, says string
	}{
		"an organisation":    {scp: no, policy: everything, says: "organisation"},
		"a boundary":         {boundary: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"s3:PutBucketVersioning","Resource":"*"}]}`, policy: everything, says: "boundary"},
		"a deny":             {policy: no, says: "explicit deny"},
		"a right that lacks": {policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","NotAction":"s3:PutBucketVersioning","Resource":"*"}]}`, says: "export --format policy"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				l.bucket(t, pair.A)
				l.bucket(t, pair.B)
				if err := l.box.AddAccount(sandbox.Account{ID: ownAccount, ServiceControlPolicy: []byte(c.scp)}); err != nil {
					t.Fatal(err)
				}
				l.hire(t, c.boundary, c.policy)
				proposed := l.setUp(t)
				found := about(proposed, "s3:PutBucketVersioning")
				if found == nil || found.Severity != survey.Warning || !strings.Contains(found.Meaning, c.says) || strings.Contains(found.Meaning, "export --format policy") != (c.says == "export --format policy") {
					t.Errorf("it says %+v", found)
				}
				_, err := l.world.A.S3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
					Bucket: aws.String(testPair.A.Bucket), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
				})
				text := apierror.Describe(err)
				if strings.Contains(text, "lack the right") != (c.says == "export --format policy") || c.says == "organisation" && !strings.Contains(text, "organisation") {
					t.Errorf("the error is told as %q", text)
				}
			})
		})
	}
}
