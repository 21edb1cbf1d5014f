package replication_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

// named is the trouble of a direction that names a missing piece, or nil.
func named(found doctor.Diagnosis, d pair.Direction, missing string) *doctor.Trouble {
	for _, t := range found.Troubles {
		if t.Missing == missing && (t.Direction == nil || *t.Direction == d) {
			return &t
		}
	}
	return nil
}

var (
	lockedActions = append([]string{"s3:GetObjectRetention", "s3:GetObjectLegalHold"}, theirActions...)
	keyActions    = append([]string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"}, theirActions...)
	letInActions  = []string{"s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"}
	ownerActions  = append([]string{"s3:ObjectOwnerOverrideToBucketOwner"}, theirActions...)
)

func overriding(d pair.Direction, r *types.ReplicationRule) {
	if d == pair.AtoB {
		r.Destination.Account = aws.String(partner)
		r.Destination.AccessControlTranslation = &types.AccessControlTranslation{Owner: types.OwnerOverrideDestination}
	}
}

// Every action that S3 User Guide's pages on replication's permissions list,
// taken away one at a time.
func TestEveryMissingRightOfTheRoleIsNamedWithItsSide(t *testing.T) {
	for _, c := range []struct {
		action   string
		side     pair.SideName
		severity survey.Severity
		world    theirs
		all      []string
	}{
		{"s3:GetReplicationConfiguration", pair.A, survey.Blocker, theirs{}, theirActions},
		{"s3:ListBucket", pair.A, survey.Warning, theirs{}, theirActions},
		{"s3:GetObjectVersionForReplication", pair.A, survey.Blocker, theirs{}, theirActions},
		{"s3:GetObjectVersionAcl", pair.A, survey.Blocker, theirs{}, theirActions},
		{"s3:GetObjectVersionTagging", pair.A, survey.Warning, theirs{}, theirActions},
		{"s3:GetObjectVersionAnnotationForReplication", pair.A, survey.Note, theirs{}, theirActions},
		{"s3:ReplicateObject", pair.B, survey.Blocker, theirs{}, theirActions},
		{"s3:ReplicateDelete", pair.B, survey.Warning, theirs{}, theirActions},
		{"s3:ReplicateTags", pair.B, survey.Note, theirs{}, theirActions},
		{"s3:GetObjectRetention", pair.A, survey.Blocker, theirs{locked: true}, lockedActions},
		{"s3:GetObjectLegalHold", pair.A, survey.Blocker, theirs{locked: true}, lockedActions},
		{"kms:Decrypt", pair.A, survey.Blocker, theirs{keys: true}, keyActions},
		{"kms:Encrypt", pair.B, survey.Blocker, theirs{keys: true}, keyActions},
		{"kms:GenerateDataKey", pair.B, survey.Note, theirs{keys: true}, keyActions},
		{"s3:ObjectOwnerOverrideToBucketOwner", pair.B, survey.Blocker, theirs{
			twoOwners: true, ownership: types.ObjectOwnershipObjectWriter, letIn: letInActions, change: overriding,
		}, ownerActions},
	} {
		for _, by := range []string{"simulating", "reading"} {
			t.Run(c.action+" by "+by, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c.world.actions = without(c.all, c.action)
					l := c.world.build(t)
					if by == "reading" {
						l.forbidSimulation(t)
					}
					found := l.examine(t, by == "simulating")
					trouble := named(found, pair.AtoB, c.action)
					if trouble == nil {
						t.Fatalf("it is not named in %+v", found.Troubles)
					}
					if trouble.Side != c.side || trouble.Severity != c.severity || !strings.Contains(trouble.Title, theirRole) || !strings.Contains(trouble.CLI, c.action) {
						t.Errorf("the trouble is %+v", *trouble)
					}
					for _, other := range found.Troubles {
						if other.Cause == doctor.CausePolicy && other.Missing != c.action {
							t.Errorf("%s is named too: %s", other.Missing, other.Title)
						}
					}
					health := found.Health[pair.AtoB]
					if failed := strings.Contains(health.Detail, "FAILED"); failed && !strings.Contains(health.Detail, c.action) {
						t.Errorf("a canary failed, and it is laid to something else: %s", health.Detail)
					}
				})
			})
		}
	}
}

// forbidSimulation goes on as a user who may do all but let IAM simulate.
func (l *lab) forbidSimulation(t *testing.T) {
	t.Helper()
	deny := []byte(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:SimulatePrincipalPolicy","Resource":"*"}]}`)
	user := sandbox.User{Name: "careful", AccessKeyID: "AKIACAREFUL", SecretAccessKey: "secret", Administrator: true}
	user.Policies = append(user.Policies, deny)
	if err := l.box.AddAccount(sandbox.Account{ID: l.box.AccountID(), Users: []sandbox.User{user}}); err != nil {
		t.Fatal(err)
	}
	l.world.A = l.as(t, user.AccessKeyID, testPair.A.Region)
	if !l.partner {
		l.world.B = l.as(t, user.AccessKeyID, testPair.B.Region)
	}
}

func TestWorldsWithAllRightsHaveNoTroubleWithThem(t *testing.T) {
	for name, world := range map[string]theirs{
		"plain":  {},
		"locked": {locked: true, actions: lockedActions},
		"keys":   {keys: true, actions: keyActions},
		"two owners": {
			twoOwners: true, ownership: types.ObjectOwnershipObjectWriter, letIn: letInActions, change: overriding, actions: ownerActions, oneWay: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				found := world.build(t).examine(t, true)
				for _, trouble := range found.Troubles {
					if trouble.Severity != survey.Note && (!world.oneWay || *trouble.Direction == pair.AtoB) {
						t.Errorf("%s: %s", trouble.Cause, trouble.Words())
					}
				}
				if h := found.Health[pair.AtoB]; h.State != doctor.Proven {
					t.Errorf("A → B is %s: %s", h.State, h.Detail)
				}
			})
		})
	}
}

// With bucket keys S3 decrypts with the replicas' key too (S3 User Guide,
// "Using S3 Bucket Keys with replication").
func TestTheRightToDecryptWithTheReplicasKeyIsNamedThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const all = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"kms:Decrypt","Resource":"` + keyB + `"}]}`
		l := theirs{keys: true, bucketKeys: true, policy: all}.build(t)
		trouble := named(l.examine(t, false), pair.AtoB, "kms:Decrypt")
		if trouble == nil || trouble.Side != pair.B || !strings.Contains(trouble.Title, keyB) || trouble.Severity != survey.Blocker {
			t.Errorf("the troubles are %+v", l.examine(t, false).Troubles)
		}
	})
}

// S3 takes only whole configurations: a line that mends one thing must not
// leave out what another line mends.
func TestALineMendsAllThatIsWrongWithARule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{change: onlyAtoB(func(r *types.ReplicationRule) {
			r.Status, r.SourceSelectionCriteria = types.ReplicationRuleStatusDisabled, nil
			r.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
		})}.build(t)
		found := l.examine(t, false)
		for _, missing := range []string{"Status", "ReplicaModifications", "DeleteMarkerReplication"} {
			trouble := named(found, pair.AtoB, missing)
			if trouble == nil || strings.Count(trouble.CLI, `"Status":"Enabled"`) != 3 || strings.Contains(trouble.CLI, "Disabled") {
				t.Errorf("%s is mended by %+v", missing, trouble)
			}
		}
	})
}
