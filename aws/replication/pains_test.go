package replication_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

// pain is a pair that somebody else set up, and what is to be said of it.
type pain struct {
	world  theirs
	prefix string // asked for
	// direction is the one that has the trouble.
	direction pair.Direction
	side      pair.SideName
	cause     doctor.Cause
	missing   string
	severity  survey.Severity
	says      string       // in the trouble's words or line
	state     doctor.State // of A → B once it was tried
}

func onlyAtoB(change func(*types.ReplicationRule)) func(pair.Direction, *types.ReplicationRule) {
	return func(d pair.Direction, r *types.ReplicationRule) {
		if d == pair.AtoB {
			change(r)
		}
	}
}

func denying(condition map[string]any) func(*testing.T, *lab) {
	return func(t *testing.T, l *lab) {
		statement := map[string]any{
			"Sid": "Fence", "Effect": "Deny", "Principal": "*", "Action": []string{"s3:ReplicateObject", "s3:ReplicateDelete"}, "Resource": testPair.B.BucketARN() + "/*",
		}
		if condition != nil {
			statement["Condition"] = condition
		}
		l.bucketPolicy(t, pair.B, statement)
	}
}

func trusting(service, condition string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"` + condition + `}]}`
}

func (l *lab) thirdBucket(t *testing.T) {
	t.Helper()
	third := aws.String("bothways-test-three")
	if _, err := l.world.B.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: third, CreateBucketConfiguration: locatedIn(l.world.B.Region)}); err != nil {
		t.Fatal(err)
	}
	_, err := l.world.B.S3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: third, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func pains() map[string]pain {
	return map[string]pain{
		"one direction only": {
			world:     theirs{oneWay: true, change: func(pair.Direction, *types.ReplicationRule) {}},
			direction: pair.BtoA,
			side:      pair.B, cause: doctor.CauseRule, missing: "replication configuration", severity: survey.Blocker, says: "each direction needs a rule", state: doctor.Proven,
		},
		"rules of the first schema": {
			world: theirs{change: onlyAtoB(func(r *types.ReplicationRule) {
				r.Filter, r.Priority, r.DeleteMarkerReplication, r.SourceSelectionCriteria = nil, nil, nil, nil
				r.Prefix = aws.String("") //nolint:staticcheck // the first schema
			})},
			side: pair.A, cause: doctor.CauseRule, missing: "Filter", severity: survey.Note, says: "--convert-v1", state: doctor.Proven,
		},
		"a disabled rule": {
			world: theirs{change: onlyAtoB(func(r *types.ReplicationRule) { r.Status = types.ReplicationRuleStatusDisabled })},
			side:  pair.A, cause: doctor.CauseRule, missing: "Status", severity: survey.Blocker, says: `"Status":"Enabled"`, state: doctor.Broken,
		},
		"replica modification sync on one side": {
			world: theirs{change: onlyAtoB(func(r *types.ReplicationRule) { r.SourceSelectionCriteria = nil })},
			side:  pair.A, cause: doctor.CauseRule, missing: "ReplicaModifications", severity: survey.Warning, says: "do not come back", state: doctor.Proven,
		},
		"delete markers on one side": {
			world: theirs{change: onlyAtoB(func(r *types.ReplicationRule) {
				r.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
			})},
			side: pair.A, cause: doctor.CauseRule, missing: "DeleteMarkerReplication", severity: survey.Warning, says: "drift apart", state: doctor.Proven,
		},
		"delete markers on neither side": {
			world: theirs{change: func(_ pair.Direction, r *types.ReplicationRule) {
				r.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
			}},
			side: pair.A, cause: doctor.CauseRule, missing: "DeleteMarkerReplication", severity: survey.Note, says: "if deletes shall reach", state: doctor.Proven,
		},
		"a KMS default that the rule leaves out": {
			world: theirs{then: func(t *testing.T, l *lab) { l.encrypt(t, pair.A, keyA, false) }},
			side:  pair.A, cause: doctor.CauseKMS, missing: "SseKmsEncryptedObjects", severity: survey.Blocker, says: "a key in ap-southeast-1", state: doctor.Broken,
		},
		"a replica key of the wrong region": {
			world: theirs{keys: true, actions: keyActions, change: onlyAtoB(func(r *types.ReplicationRule) {
				r.Destination.EncryptionConfiguration.ReplicaKmsKeyID = aws.String(keyA)
			})},
			side: pair.B, cause: doctor.CauseKMS, missing: keyA, severity: survey.Blocker, says: "lies in eu-west-1", state: doctor.Broken,
		},
		"versioning suspended where replicas go": {
			world: theirs{oneWay: true, then: func(t *testing.T, l *lab) { l.version(t, pair.B, types.BucketVersioningStatusSuspended) }},
			side:  pair.B, cause: doctor.CauseVersioning, missing: "versioning", severity: survey.Blocker, says: "put-bucket-versioning", state: doctor.Broken,
		},
		"a role that is not there": {
			world: theirs{role: "arn:aws:iam::000000000000:role/forgotten"},
			side:  pair.A, cause: doctor.CauseRole, missing: "arn:aws:iam::000000000000:role/forgotten", severity: survey.Blocker, says: "without looking", state: doctor.Broken,
		},
		"a role that another service takes": {
			world: theirs{trust: trusting("batchoperations.s3.amazonaws.com", "")},
			side:  pair.A, cause: doctor.CauseTrust, missing: "s3.amazonaws.com", severity: survey.Blocker, says: "only batchoperations", state: doctor.Broken,
		},
		"a hardened trust policy": {
			world: theirs{trust: trusting("s3.amazonaws.com", `,"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::bothways-test-one"}}`)},
			side:  pair.A, cause: doctor.CauseTrust, missing: "aws:sourcearn", severity: survey.Blocker, says: "take the condition out", state: doctor.Broken,
		},
		"a role's policy for another destination": {
			world: theirs{policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::bothways-test-one*","arn:aws:s3:::old-destination/*"]}]}`},
			side:  pair.B, cause: doctor.CausePolicy, missing: "s3:ReplicateObject", severity: survey.Blocker, says: "no policy allows it", state: doctor.Broken,
		},
		"a role without any right": {
			world: theirs{actions: []string{"s3:ListAllMyBuckets"}},
			side:  pair.A, cause: doctor.CausePolicy, missing: strings.Join(theirActions, ", "), severity: survey.Blocker, says: "put-role-policy", state: doctor.Broken,
		},
		"a bucket policy that denies": {
			world: theirs{then: denying(nil)},
			side:  pair.B, cause: doctor.CauseBucketPolicy, missing: "Fence", severity: survey.Blocker, says: "aws:PrincipalArn", state: doctor.Broken,
		},
		"a bucket policy for an endpoint only": {
			world: theirs{then: denying(map[string]any{"StringNotEquals": map[string]string{"aws:SourceVpce": "vpce-1"}})},
			side:  pair.B, cause: doctor.CauseBucketPolicy, missing: "Fence", severity: survey.Blocker, says: "from inside AWS", state: doctor.Broken,
		},
		"an organisation that denies": {
			world: theirs{then: func(t *testing.T, l *lab) {
				err := l.box.AddAccount(sandbox.Account{ID: l.box.AccountID(), ServiceControlPolicy: []byte(
					`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:ReplicateObject","Resource":"*"}]}`)})
				if err != nil {
					t.Fatal(err)
				}
			}},
			side: pair.B, cause: doctor.CausePolicy, missing: "s3:ReplicateObject", severity: survey.Blocker, says: "service control policy", state: doctor.Broken,
		},
		"an organisation that fences regions": {
			world: theirs{then: func(t *testing.T, l *lab) {
				err := l.box.AddAccount(sandbox.Account{ID: l.box.AccountID(), ServiceControlPolicy: []byte(
					`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:Replicate*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-west-1"}}}]}`)})
				if err != nil {
					t.Fatal(err)
				}
			}},
			side: pair.B, cause: doctor.CausePolicy, missing: "s3:ReplicateObject", severity: survey.Blocker, says: "service control policy", state: doctor.Broken,
		},
		"a right under a condition": {
			world: theirs{policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*","s3:ReplicateDelete","s3:ReplicateTags"],"Resource":"*"},{"Effect":"Allow","Action":"s3:ReplicateObject","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}}]}`},
			side:  pair.B, cause: doctor.CausePolicy, missing: "s3:ReplicateObject", severity: survey.Blocker, says: "conditions that can't be seen", state: doctor.Broken,
		},
		"a wrong account in the destination": {
			world: theirs{oneWay: true, change: func(_ pair.Direction, r *types.ReplicationRule) {
				r.Destination.Account = aws.String(partner)
				r.Destination.AccessControlTranslation = &types.AccessControlTranslation{Owner: types.OwnerOverrideDestination}
			}, ownership: types.ObjectOwnershipObjectWriter},
			side: pair.A, cause: doctor.CauseRule, missing: "Destination.Account", severity: survey.Blocker, says: `"Account":"000000000000"`, state: doctor.Broken,
		},
		"a rule to a third bucket": {
			world: theirs{oneWay: true, change: func(_ pair.Direction, r *types.ReplicationRule) {
				r.Destination.Bucket = aws.String("arn:aws:s3:::bothways-test-three")
			}},
			side: pair.A, cause: doctor.CauseRule, missing: testPair.B.BucketARN(), severity: survey.Blocker, says: "they go to bothways-test-three", state: doctor.Broken,
		},
		"a filter that leaves the prefix out": {
			world:  theirs{change: onlyAtoB(func(r *types.ReplicationRule) { r.Filter.Prefix = aws.String("docs/") })},
			prefix: "media/",
			side:   pair.A, cause: doctor.CauseRule, missing: "Filter", severity: survey.Blocker, says: `"docs/"`, state: doctor.Broken,
		},
		"a prefix with a star": {
			world: theirs{change: onlyAtoB(func(r *types.ReplicationRule) { r.Filter.Prefix = aws.String("docs/*") })},
			side:  pair.A, cause: doctor.CauseRule, missing: "Filter", severity: survey.Warning, says: "no patterns", state: doctor.Proven,
		},
		"a filter by tags": {
			world: theirs{change: onlyAtoB(func(r *types.ReplicationRule) {
				r.Filter = &types.ReplicationRuleFilter{Tag: &types.Tag{Key: aws.String("copy"), Value: aws.String("yes")}}
				r.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
			})},
			side: pair.A, cause: doctor.CauseRule, missing: "Filter", severity: survey.Note, says: "copy=yes", state: doctor.Proven,
		},
		"object lock on one side": {
			world: theirs{oneWay: true, actions: lockedActions, then: func(t *testing.T, l *lab) {
				_, err := l.world.A.S3.PutObjectLockConfiguration(t.Context(), &s3.PutObjectLockConfigurationInput{
					Bucket: aws.String(testPair.A.Bucket), ObjectLockConfiguration: &types.ObjectLockConfiguration{ObjectLockEnabled: types.ObjectLockEnabledEnabled},
				})
				if err != nil {
					t.Fatal(err)
				}
			}},
			side: pair.B, cause: doctor.CauseObjectLock, missing: "object lock", severity: survey.Blocker, says: "First give the role", state: doctor.Broken,
		},
		"a partner's bucket that lets nobody in": {
			world: theirs{twoOwners: true, oneWay: true},
			side:  pair.B, cause: doctor.CauseBucketPolicy, missing: "s3:ReplicateObject", severity: survey.Blocker, says: "put-bucket-policy", state: doctor.Broken,
		},
		"replicas that their bucket's owner can't read": {
			world: theirs{twoOwners: true, oneWay: true, ownership: types.ObjectOwnershipObjectWriter, letIn: letInActions},
			side:  pair.B, cause: doctor.CauseOwnership, missing: "AccessControlTranslation", severity: survey.Warning, says: "BucketOwnerEnforced", state: doctor.Proven,
		},
		"an owner override inside one account": {
			world: theirs{actions: ownerActions, change: onlyAtoB(func(r *types.ReplicationRule) {
				r.Destination.Account = aws.String("000000000000")
				r.Destination.AccessControlTranslation = &types.AccessControlTranslation{Owner: types.OwnerOverrideDestination}
			})},
			side: pair.A, cause: doctor.CauseOwnership, missing: "AccessControlTranslation", severity: survey.Warning, says: "gains nothing", state: doctor.Proven,
		},
		"replicas in a cold class": {
			world: theirs{change: onlyAtoB(func(r *types.ReplicationRule) { r.Destination.StorageClass = types.StorageClassDeepArchive })},
			side:  pair.B, cause: doctor.CauseStorageClass, missing: "DEEP_ARCHIVE", severity: survey.Note, says: "restored", state: doctor.Proven,
		},
		"a lifecycle that expires": {
			world: theirs{then: func(t *testing.T, l *lab) {
				_, err := l.world.A.S3.PutBucketLifecycleConfiguration(t.Context(), &s3.PutBucketLifecycleConfigurationInput{
					Bucket: aws.String(testPair.A.Bucket), LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
						Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")}, Expiration: &types.LifecycleExpiration{Days: aws.Int32(30)},
					}}},
				})
				if err != nil {
					t.Fatal(err)
				}
			}},
			side: pair.A, cause: doctor.CauseLifecycle, missing: "lifecycle", severity: survey.Note, says: "never replicated", state: doctor.Proven,
		},
		"objects that expire on one side only": {
			world: theirs{then: func(t *testing.T, l *lab) { l.expire(t, pair.A, 30) }},
			side:  pair.B, cause: doctor.CauseLifecycle, missing: "Expiration", severity: survey.Warning, says: "drift apart", state: doctor.Proven,
		},
		"objects under a key that the role may not use": {
			world: theirs{change: optedIn, policy: mayUse(keyA, keyB), then: func(t *testing.T, l *lab) {
				l.keysThere(t, keyA, keyB, keyK)
				l.write(t, "docs/under-k", underKey(keyK))
				pass(10 * time.Minute)
			}},
			side: pair.A, cause: doctor.CauseKMS, missing: "kms:Decrypt", severity: survey.Blocker, says: keyK, state: doctor.Broken,
		},
		"objects that another account wrote": {
			world: theirs{ownership: types.ObjectOwnershipObjectWriter, then: func(t *testing.T, l *lab) { l.writtenByAnother(t, "docs/foreign") }},
			side:  pair.A, cause: doctor.CauseOwnership, missing: "BucketOwnerEnforced", severity: survey.Warning, says: "BucketOwnerEnforced", state: doctor.Proven,
		},
		"objects from before the rule": {
			world: theirs{change: func(pair.Direction, *types.ReplicationRule) {}, then: func(t *testing.T, l *lab) {
				_, bucket := l.side(pair.A)
				if _, err := l.world.A.S3.DeleteBucketReplication(t.Context(), &s3.DeleteBucketReplicationInput{Bucket: bucket}); err != nil {
					t.Fatal(err)
				}
				l.put(t, pair.A, "old")
				theirs{}.buildDirection(t, l, pair.AtoB)
			}},
			side: pair.A, cause: doctor.CauseObjects, missing: "", severity: survey.Note, says: `such as "old"`, state: doctor.Proven,
		},
		"objects that failed once": {
			world: theirs{then: func(t *testing.T, l *lab) {
				if err := l.roleMay(t, l.world.A, []string{"s3:ListBucket"}, ""); err != nil {
					t.Fatal(err)
				}
				l.put(t, pair.A, "lost")
				pass(10 * time.Minute)
				if err := l.roleMay(t, l.world.A, nil, ""); err != nil {
					t.Fatal(err)
				}
			}},
			side: pair.A, cause: doctor.CauseObjects, missing: "FAILED", severity: survey.Warning, says: "Batch Replication", state: doctor.Proven,
		},
		"a bucket that is gone": {
			world: theirs{oneWay: true, then: func(t *testing.T, l *lab) {
				_, bucket := l.side(pair.B)
				if _, err := l.world.B.S3.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: bucket}); err != nil {
					t.Fatal(err)
				}
			}},
			side: pair.B, cause: doctor.CauseBucket, missing: testPair.B.Bucket, severity: survey.Blocker, says: "there is no bucket", state: doctor.Broken,
		},
	}
}

// build is a pair with that pain.
func (c pain) build(t *testing.T) *lab {
	t.Helper()
	if c.missing == testPair.B.BucketARN() { // its destination has to be there
		build := c.world.change
		c.world.change = nil
		c.world.then = func(t *testing.T, l *lab) {
			l.thirdBucket(t)
			theirs{change: build}.buildDirection(t, l, pair.AtoB)
		}
	}
	l := c.world.build(t)
	l.world.Pair.Options.Prefix = c.prefix
	return l
}

func TestTheUsualPainsAreExplainedWithWhatToDo(t *testing.T) {
	for name, c := range pains() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				found := c.build(t).examine(t, true)
				trouble := named(found, c.direction, c.missing)
				if trouble == nil {
					t.Fatalf("it is not found among %+v", found.Troubles)
				}
				words := trouble.Words() + " " + trouble.CLI
				if trouble.Side != c.side || trouble.Cause != c.cause || !strings.Contains(words, c.says) {
					t.Errorf("the trouble is %+v", *trouble)
				}
				if trouble.Severity != c.severity {
					t.Errorf("it is a %s, want a %s: %s", trouble.Severity, c.severity, words)
				}
				if h := found.Health[pair.AtoB]; h.State != c.state {
					t.Errorf("A → B is %s: %s", h.State, h.Detail)
				}
				if c.severity != survey.Note && found.Healthy() {
					t.Error("the pair is called healthy")
				}
			})
		})
	}
}

// What is denied to others, or only without TLS, is no trouble.
func TestAPolicyThatDoesNotHitIsNotBlamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{then: denying(map[string]any{"Bool": map[string]string{"aws:SecureTransport": "false"}})}.build(t)
		found := l.examine(t, true)
		for _, trouble := range found.Troubles {
			if trouble.Cause == doctor.CauseBucketPolicy {
				t.Errorf("blamed: %s", trouble.Words())
			}
		}
		if h := found.Health[pair.AtoB]; h.State != doctor.Proven {
			t.Errorf("A → B is %s: %s", h.State, h.Detail)
		}
	})
}

func TestTheMarksOfOthersStayAsTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{}.build(t)
		l.put(t, pair.A, "theirs")
		pass(10 * time.Minute)
		l.examine(t, true)
		role, err := l.world.A.IAM.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String(theirRole)})
		if err != nil || len(role.Role.Tags) != 0 {
			t.Errorf("the role has tags: %v, %v", role.Role.Tags, err)
		}
		for _, name := range pair.Sides() {
			clients, bucket := l.side(name)
			out, err := clients.S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: bucket})
			if err != nil || len(out.Versions) != 1 || len(out.DeleteMarkers) != 0 {
				t.Errorf("on side %s there are %v and %v, %v", name, out.Versions, out.DeleteMarkers, err)
			}
		}
	})
}
