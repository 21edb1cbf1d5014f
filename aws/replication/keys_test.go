package replication_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// What the S3 User Guide's pages on permissions, encryption, Object Lock and
// two accounts ask for, and nothing else.
func TestARoleGetsWhatItsDirectionNeedsAndNoMore(t *testing.T) {
	const (
		plain = `{"Version":"2012-10-17","Statement":[
			{"Sid":"Source","Effect":"Allow","Action":["s3:GetReplicationConfiguration","s3:ListBucket"],"Resource":"arn:aws:s3:::bothways-test-one"},
			{"Sid":"SourceObjects","Effect":"Allow","Action":["s3:GetObjectVersionForReplication","s3:GetObjectVersionAcl","s3:GetObjectVersionTagging","s3:GetObjectVersionAnnotationForReplication"LOCK],"Resource":"arn:aws:s3:::bothways-test-one/logs/*"},
			{"Sid":"Destination","Effect":"Allow","Action":["s3:ReplicateObject","s3:ReplicateDelete","s3:ReplicateTags"OWNER],"Resource":"arn:aws:s3:::bothways-test-two/logs/*"}KEYS]}`
		locks = `,"s3:GetObjectRetention","s3:GetObjectLegalHold"`
		owner = `,"s3:ObjectOwnerOverrideToBucketOwner"`
		keys  = `,
			{"Sid":"SourceKey","Effect":"Allow","Action":["kms:Decrypt"],"Resource":["arn:aws:kms:eu-west-1:000000000000:key/a-key"],"Condition":{"StringLike":{
				"kms:ViaService":"s3.eu-west-1.amazonaws.com","kms:EncryptionContext:aws:s3:arn":["arn:aws:s3:::bothways-test-one/logs/*","arn:aws:s3:::bothways-test-one"]}}},
			{"Sid":"DestinationKey","Effect":"Allow","Action":["kms:Encrypt"DEFAULT],"Resource":["arn:aws:kms:ap-southeast-1:000000000000:key/b-key"],"Condition":{"StringLike":{
				"kms:ViaService":"s3.ap-southeast-1.amazonaws.com","kms:EncryptionContext:aws:s3:arn":["arn:aws:s3:::bothways-test-two/logs/*","arn:aws:s3:::bothways-test-two"]}}}`
		byDefault = `,"kms:GenerateDataKey","kms:Decrypt"`
	)
	for name, c := range map[string]struct {
		world                     func(*testing.T, *lab)
		locks, owner, keys, there string
	}{
		"nothing is there": {world: func(*testing.T, *lab) {}},
		"object lock":      {world: func(t *testing.T, l *lab) { l.lockedBucket(t, pair.A) }, locks: locks},
		"ACLs of another account": {world: func(t *testing.T, l *lab) {
			l.partnered(t)
			l.bucketWithACLs(t, pair.B)
		}, owner: owner},
		"keys that are given": {world: func(t *testing.T, l *lab) {
			l.world.Pair.Given.KeyA, l.world.Pair.Given.KeyB = l.keyARN(t, pair.A), l.keyARN(t, pair.B)
		}, keys: keys},
		"keys by default": {world: worlds["KMS on both sides"], keys: keys, there: byDefault},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				l.world.Pair.Options.Prefix = "logs/"
				c.world(t, l)
				want := strings.NewReplacer("LOCK", c.locks, "OWNER", c.owner, "KEYS", strings.ReplaceAll(c.keys, "DEFAULT", c.there)).Replace(plain)
				if got := l.setUp(t).Wanted.Directions[pair.AtoB].Policy; !sameJSON(t, got, want) {
					t.Errorf("the policy is\n%s\nwant\n%s", got, want)
				}
			})
		})
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	for text, into := range map[string]*any{a: &x, b: &y} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
	return reflect.DeepEqual(x, y)
}

// What lies in the way is named before anything is written, with the way out.
func TestWhatEncryptionLacksIsNamedBeforehand(t *testing.T) {
	for name, c := range map[string]struct {
		world func(*testing.T, *lab)
		says  string
		block bool
	}{
		"the account's own key": {func(t *testing.T, l *lab) { l.bucket(t, pair.A); l.encryptByDefault(t, pair.A, "") }, "customer managed key", true},
		"that key by its alias": {func(t *testing.T, l *lab) { l.bucket(t, pair.A); l.encryptByDefault(t, pair.A, "alias/aws/s3") }, "customer managed key", true},
		"a key by its alias":    {func(t *testing.T, l *lab) { l.bucket(t, pair.A); l.encryptByDefault(t, pair.A, "alias/mine") }, "--kms-a", true},
		"a key on one side only": {func(t *testing.T, l *lab) {
			l.bucket(t, pair.A)
			l.encryptByDefault(t, pair.A, l.keyARN(t, pair.A))
		}, "--kms-b", true},
		"a key that is given for one side only": {func(t *testing.T, l *lab) { l.world.Pair.Given.KeyA = l.keyARN(t, pair.A) }, "--kms-b", true},
		"the bucket's own key is taken":         {worlds["KMS on both sides"], "the bucket's default", false},
		"a key named by its ID": {func(t *testing.T, l *lab) {
			worlds["KMS on both sides"](t, l)
			l.encryptByDefault(t, pair.A, "a-key")
		}, "arn:aws:kms:eu-west-1:000000000000:key/a-key", false},
		"a key of a third account": {func(t *testing.T, l *lab) {
			l.world.Pair.Given.KeyA, l.world.Pair.Given.KeyB = "arn:aws:kms:eu-west-1:999999999999:key/x", l.keyARN(t, pair.B)
		}, "account 999999999999", false},
		"keys of two accounts": {func(t *testing.T, l *lab) { worlds["the hardest"](t, l) }, "must let the other account's role in", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				c.world(t, l)
				plan := l.setUp(t)
				if !strings.Contains(text(t, plan.Findings), c.says) || (len(plan.Blocked()) > 0) != c.block {
					t.Errorf("the findings are %v, want %q in a blocker: %v", plan.Findings, c.says, c.block)
				}
			})
		})
	}
}

// Objects of people replicate under KMS, not only canaries, and what was not
// encrypted replicates too.
func TestObjectsUnderKMSReplicateBothWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.A)
		l.bucket(t, pair.B)
		l.putKeys(t)
		l.encryptByDefault(t, pair.A, l.keyARN(t, pair.A))
		l.world.Pair.Given.KeyB = l.keyARN(t, pair.B)
		applyAny(t, l.setUp(t))
		l.put(t, pair.A, "encrypted")
		l.put(t, pair.B, "plain")
		for key, to := range map[string]pair.SideName{"encrypted": pair.B, "plain": pair.A} {
			waiter := s3.NewObjectExistsWaiter(l.clients(to).S3)
			out, err := waiter.WaitForOutput(t.Context(), &s3.HeadObjectInput{Bucket: aws.String(l.world.Pair.Side(to).Bucket), Key: &key}, 15*minute)
			if err != nil {
				t.Fatalf("%s does not arrive: %v", key, err)
			}
			if out.ReplicationStatus != types.ReplicationStatusReplica || key == "encrypted" && aws.ToString(out.SSEKMSKeyId) != l.keyARN(t, pair.B) {
				t.Errorf("%s reads %s under %s", key, out.ReplicationStatus, aws.ToString(out.SSEKMSKeyId))
			}
		}
	})
}

func TestWhatTwoAccountsLackIsNamedBeforehand(t *testing.T) {
	for name, c := range map[string]struct {
		world func(*testing.T, *lab)
		says  string
		block bool
	}{
		"statements that join those of others": {func(t *testing.T, l *lab) { l.bucket(t, pair.B); l.theirPolicy(t, pair.B) }, "Their <first>", true},
		"a policy that is not understood": {func(t *testing.T, l *lab) {
			l.bucket(t, pair.B)
			l.theirPolicy(t, pair.B)
			l.wire.next = &policySpoiler{l.wire.next}
			l.agreed()
		}, `"Novelty"`, true},
		"a name of the other account": {func(_ *testing.T, l *lab) { l.world.Pair.B.Bucket = "two-000000000000-ap-southeast-1-an" }, "one of account 000000000000", true},
		"a role of the other account": {func(_ *testing.T, l *lab) { l.world.Pair.Given.RoleAtoB = "arn:aws:iam::" + partner + ":role/r" }, "role r is one of account " + partner, true},
		"a role that is not there":    {func(_ *testing.T, l *lab) { l.world.Pair.Given.RoleAtoB = "arn:aws:iam::000000000000:role/r" }, "there is no role r", true},
		"a role that S3 may not take": {func(t *testing.T, l *lab) {
			l.plant(t)
			l.world.Pair.Given.RoleAtoB = "arn:aws:iam::000000000000:role/bothways-decoy-"
		}, "does not name s3.amazonaws.com", true},
		"another role than that of their rules": {func(t *testing.T, l *lab) {
			l.bucket(t, pair.A)
			l.theirRules(t, pair.A)
			l.agreed()
			l.world.Pair.Given.RoleAtoB = l.mightyRole(t)
		}, "take another role", true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				l.partnered(t)
				c.world(t, l)
				plan := l.setUp(t)
				titles := ""
				for _, f := range plan.Findings {
					titles += f.Title + " " + f.Meaning + "\n"
				}
				if !strings.Contains(titles, c.says) || (len(plan.Blocked()) > 0) != c.block {
					t.Errorf("the findings are\n%swant %q in a blocker: %v", titles, c.says, c.block)
				}
			})
		})
	}
}

func TestADefaultKeyByAliasBesideAGivenKeyIsAskedAbout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.A)
		l.bucket(t, pair.B)
		l.encryptByDefault(t, pair.A, "alias/mine")
		l.world.Pair.Given.KeyA, l.world.Pair.Given.KeyB = l.keyARN(t, pair.A), l.keyARN(t, pair.B)
		plan := l.setUp(t)
		if f := about(plan, "alias/mine: is that the key"); f == nil || f.Severity != survey.Warning || f.Side != pair.A || len(plan.Blocked()) > 0 {
			t.Errorf("of the alias the plan says %v", plan.Findings)
		}
	})
}

// Three rights read a key, and what is said not to be read of keys is not read.
func TestWhatIsReadOfKeysIsWhatRightsAreAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.world.Pair.Given.KeyA, l.world.Pair.Given.KeyB = l.keyARN(t, pair.A), l.keyARN(t, pair.B)
		var read []string
		for _, right := range wanted.Rights(*l.setUp(t).Wanted) {
			if strings.HasPrefix(right.Action, "kms:") && right.Through == nil && !slices.Contains(read, right.Action) {
				read = append(read, right.Action)
			}
		}
		if !slices.Equal(read, []string{survey.ReadKeyPolicy, survey.ReadKeyState, survey.ListGrants}) {
			t.Errorf("keys are read by %v: do the sentences that speak of key policies still say what is read?", read)
		}
	})
}
