package replication_test

import (
	"fmt"
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
	"bothways/aws/replication/plan"
)

// Each option must reach the rule as S3 wants it, be accepted, and be proven
// by a canary that the rule covers.
func TestEachOptionIsSetUpAndProven(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(*testing.T, *lab, *pair.Pair)
		rule []string // what the rule from A to B says, as JSON without white space
	}{
		"a prefix": {
			func(_ *testing.T, _ *lab, p *pair.Pair) { p.Options.Prefix = "${aws:username}/" },
			[]string{`"Filter":{"And":null,"Prefix":"${aws:username}/","Tag":null}`, `"DeleteMarkerReplication":{"Status":"Enabled"}`},
		},
		"one tag": {
			func(_ *testing.T, _ *lab, p *pair.Pair) {
				p.Options.FilterTags, p.Options.DeleteMarkers = "class=gold", false
			},
			[]string{`"Filter":{"And":null,"Prefix":null,"Tag":{"Key":"class","Value":"gold"}}`, `"DeleteMarkerReplication":{"Status":"Disabled"}`},
		},
		"a prefix and a tag": {
			func(_ *testing.T, _ *lab, p *pair.Pair) {
				p.Options.Prefix, p.Options.FilterTags, p.Options.DeleteMarkers = "logs/", "class=gold", false
			},
			[]string{`"And":{"Prefix":"logs/","Tags":[{"Key":"class","Value":"gold"}]}`},
		},
		"two tags": {
			func(_ *testing.T, _ *lab, p *pair.Pair) {
				p.Options.FilterTags, p.Options.DeleteMarkers = pair.NewTags([]pair.Tag{{Key: "b", Value: "x y+z"}, {Key: "a", Value: "="}}), false
			},
			[]string{`"And":{"Prefix":null,"Tags":[{"Key":"a","Value":"="},{"Key":"b","Value":"x y+z"}]}`},
		},
		"neither delete markers nor edits": {
			func(_ *testing.T, _ *lab, p *pair.Pair) {
				p.Options.DeleteMarkers, p.Options.ReplicaModifications = false, false
			},
			[]string{`"DeleteMarkerReplication":{"Status":"Disabled"}`, `"SourceSelectionCriteria":null`},
		},
		"metrics": {
			func(_ *testing.T, _ *lab, p *pair.Pair) { p.Options.Metrics = true },
			[]string{`"Metrics":{"Status":"Enabled","EventThreshold":null}`, `"ReplicationTime":null`},
		},
		"time control": {
			func(_ *testing.T, _ *lab, p *pair.Pair) { p.Options.TimeControl = true },
			[]string{`"Metrics":{"Status":"Enabled","EventThreshold":{"Minutes":15}}`, `"ReplicationTime":{"Status":"Enabled","Time":{"Minutes":15}}`},
		},
		"a storage class": {
			func(_ *testing.T, _ *lab, p *pair.Pair) { p.Options.StorageClass = "GLACIER_IR" },
			[]string{`"StorageClass":"GLACIER_IR"`},
		},
		"keys for buckets that have none": {
			func(t *testing.T, l *lab, p *pair.Pair) {
				p.Given.KeyA, p.Given.KeyB = l.keyARN(t, pair.A), l.keyARN(t, pair.B)
				l.putKeys(t)
			},
			[]string{`"SseKmsEncryptedObjects":{"Status":"Enabled"}`, `"ReplicaKmsKeyID":"arn:aws:kms:ap-southeast-1:000000000000:key/b-key"`},
		},
		"one key for the side that lacks one": {
			func(t *testing.T, l *lab, p *pair.Pair) {
				l.bucket(t, pair.A)
				l.putKeys(t)
				l.encryptByDefault(t, pair.A, l.keyARN(t, pair.A))
				p.Given.KeyB = l.keyARN(t, pair.B)
			},
			[]string{`"ReplicaKmsKeyID":"arn:aws:kms:ap-southeast-1:000000000000:key/b-key"`},
		},
		"object lock on one side": {
			func(t *testing.T, l *lab, _ *pair.Pair) { l.lockedBucket(t, pair.A) },
			nil,
		},
		"a role that is there": {
			func(t *testing.T, l *lab, p *pair.Pair) { p.Given.RoleAtoB = l.mightyRole(t) },
			nil,
		},
		"ACLs in two accounts": {
			func(t *testing.T, l *lab, _ *pair.Pair) { l.partnered(t); l.bucketWithACLs(t, pair.B) },
			[]string{`"Account":"111122223333"`, `"AccessControlTranslation":{"Owner":"Destination"}`},
		},
		"ACLs in two accounts, owner kept": {
			func(t *testing.T, l *lab, p *pair.Pair) {
				l.partnered(t)
				l.bucketWithACLs(t, pair.B)
				p.Options.KeepReplicaOwner = true
			},
			[]string{`"Account":"111122223333"`, `"AccessControlTranslation":null`},
		},
		"names of the account's own": {
			func(_ *testing.T, l *lab, _ *pair.Pair) {
				l.world.Pair.A.Bucket = "one-000000000000-eu-west-1-an"
				l.world.Pair.B.Bucket = "two-000000000000-ap-southeast-1-an"
			},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				p := l.world.Pair
				c.set(t, l, &p)
				l.world.Pair.Options, l.world.Pair.Given = p.Options, p.Given
				proposed := l.setUp(t)
				rule := text(t, proposed.Wanted.Directions[pair.AtoB].Rule)
				for _, want := range c.rule {
					if !strings.Contains(rule, want) {
						t.Errorf("the rule is %s\nwant %s", rule, want)
					}
				}
				if err := plan.Apply(t.Context(), proposed, (&log{}).emit); err != nil {
					t.Fatalf("%v; findings %v", err, proposed.Findings)
				}
				l.settled(t)
				if err := plan.Apply(t.Context(), l.tearDown(t, true), (&log{}).emit); err != nil {
					t.Fatal(err)
				}
				l.alone(t)
			})
		})
	}
}

// Each class that can be chosen must be taken by the service, too, and what is
// said of it must be so.
func TestEveryStorageClassIsSetUpAndProven(t *testing.T) {
	for _, name := range pair.StorageClasses() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				l.world.Pair.Options.StorageClass = name
				proposed := l.setUp(t)
				if err := plan.Apply(t.Context(), proposed, (&log{}).emit); err != nil {
					t.Fatalf("%v\nthe sandbox has its classes in aws/sandbox/storageclass", err)
				}
				l.settled(t)
				class := pair.ClassNamed(name)
				if said := text(t, proposed.Findings); strings.Contains(said, fmt.Sprintf(" %d days ", class.LeastDays)) != (class.LeastDays > 0) ||
					strings.Contains(said, "restored") != class.Archive {
					t.Errorf("the plan says of %+v: %s", class, said)
				}
				if _, err := l.world.A.S3.PutObject(t.Context(), &s3.PutObjectInput{
					Bucket: &testPair.A.Bucket, Key: aws.String("x"), StorageClass: types.StorageClass(name),
				}); err != nil {
					t.Fatal(err)
				}
				_, err := l.world.A.S3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: &testPair.A.Bucket, Key: aws.String("x")})
				if code := apierror.Code(err); (code == "InvalidObjectState") != class.Archive || err != nil && !class.Archive {
					t.Errorf("reading it: %v; if it has to be restored, aws/pair/options_class.go and aws/sandbox/storageclass have to say so both", err)
				}
			})
		})
	}
}

// A class that the SDK learns of is chosen, or left out on purpose.
func TestNoStorageClassOfTheSDKIsForgotten(t *testing.T) {
	elsewhere := []types.StorageClass{
		types.StorageClassOutposts, types.StorageClassSnow, types.StorageClassExpressOnezone, types.StorageClassFsxOpenzfs, types.StorageClassFsxOntap,
		types.StorageClassAwsBackupWarm, types.StorageClassAwsBackupLowCostWarm,
	}
	for _, class := range types.StorageClass("").Values() {
		if slices.Contains(pair.StorageClasses(), string(class)) == slices.Contains(elsewhere, class) {
			t.Errorf("%s is one of S3, in aws/pair/options_class.go, or one of another service, named here", class)
		}
	}
}

func TestFurtherTagsGoOnWhatIsMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.world.Pair.Options.MadeTags = "team=storage"
		applyAny(t, l.setUp(t))
		bucket, err := l.world.B.S3.GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: &l.world.Pair.B.Bucket})
		if err != nil || !strings.Contains(text(t, bucket.TagSet), `"Value":"storage"`) {
			t.Errorf("the bucket's tags are %v, %v", bucket, err)
		}
		role, err := l.world.A.IAM.ListRoleTags(t.Context(), &iam.ListRoleTagsInput{RoleName: aws.String(testPair.RoleName(pair.AtoB))})
		if err != nil || !strings.Contains(text(t, role.Tags), `"Value":"storage"`) {
			t.Errorf("the role's tags are %v, %v", role, err)
		}
	})
}

func (l *lab) encryptByDefault(t *testing.T, side pair.SideName, key string) {
	t.Helper()
	by := &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms}
	if key != "" {
		by.KMSMasterKeyID = &key
	}
	_, err := l.clients(side).S3.PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{
		Bucket: aws.String(l.world.Pair.Side(side).Bucket),
		ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{
			ApplyServerSideEncryptionByDefault: by, BucketKeyEnabled: aws.Bool(side == pair.B),
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (l *lab) lockedBucket(t *testing.T, side pair.SideName) {
	t.Helper()
	in := l.world.Pair.Side(side)
	_, err := l.clients(side).S3.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: &in.Bucket, ObjectLockEnabledForBucket: aws.Bool(true), CreateBucketConfiguration: locatedIn(in.Region),
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (l *lab) bucketWithACLs(t *testing.T, side pair.SideName) {
	t.Helper()
	in := l.world.Pair.Side(side)
	_, err := l.clients(side).S3.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket: &in.Bucket, ObjectOwnership: types.ObjectOwnershipObjectWriter, CreateBucketConfiguration: locatedIn(in.Region),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// mightyRole is a role of others that may do all that replication asks.
func (l *lab) mightyRole(t *testing.T) string {
	t.Helper()
	arn := l.role(t, pair.A, "mighty")
	_, err := l.world.A.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: aws.String("mighty"), PolicyName: aws.String("all"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	return arn
}
