package replication_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

const (
	keyK     = "arn:aws:kms:eu-west-1:000000000000:key/kkkk"
	stranger = "333333333333"
)

// write puts an object on side A as the input says.
func (l *lab) write(t *testing.T, key string, change func(*s3.PutObjectInput)) {
	t.Helper()
	input := &s3.PutObjectInput{Bucket: aws.String(testPair.A.Bucket), Key: &key, Body: strings.NewReader("theirs")}
	if l.tagged != "" {
		input.Tagging = aws.String(l.tagged)
	}
	if change != nil {
		change(input)
	}
	if _, err := l.world.A.S3.PutObject(t.Context(), input); err != nil {
		t.Fatal(err)
	}
}

func underKey(key string) func(*s3.PutObjectInput) {
	return func(in *s3.PutObjectInput) {
		in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, aws.String(key)
	}
}

// optedIn are rules that take in objects under KMS, between buckets whose default
// is S3's own keys.
func optedIn(d pair.Direction, r *types.ReplicationRule) {
	if r.SourceSelectionCriteria == nil {
		r.SourceSelectionCriteria = &types.SourceSelectionCriteria{}
	}
	r.SourceSelectionCriteria.SseKmsEncryptedObjects = &types.SseKmsEncryptedObjects{Status: types.SseKmsEncryptedObjectsStatusEnabled}
	r.Destination.EncryptionConfiguration = &types.EncryptionConfiguration{
		ReplicaKmsKeyID: aws.String(map[pair.Direction]string{pair.AtoB: keyB, pair.BtoA: keyA}[d]),
	}
}

// writtenByAnother puts an object of another account on side A, which lets it in.
func (l *lab) writtenByAnother(t *testing.T, key string) {
	t.Helper()
	if err := l.box.AddAccount(sandbox.Account{ID: stranger, Users: []sandbox.User{
		{Name: "stranger", AccessKeyID: "AKIASTRANGER", SecretAccessKey: "secret", Administrator: true},
	}}); err != nil {
		t.Fatal(err)
	}
	l.bucketPolicy(t, pair.A, map[string]any{
		"Effect": "Allow", "Principal": map[string]string{"AWS": stranger}, "Action": "s3:PutObject", "Resource": testPair.A.BucketARN() + "/*",
	})
	if _, err := l.as(t, "AKIASTRANGER", testPair.A.Region).S3.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(testPair.A.Bucket), Key: &key, Body: strings.NewReader("x"),
		ServerSideEncryption: types.ServerSideEncryptionAes256, // a key that is the default does not let it in
	}); err != nil {
		t.Fatal(err)
	}
}

// mayUse is a role with every right, that may use only some keys.
func mayUse(keys ...string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"},{"Effect":"Allow","Action":"kms:*","Resource":["` +
		strings.Join(keys, `","`) + `"]}]}`
}

func (l *lab) keysThere(t *testing.T, keys ...string) {
	t.Helper()
	for _, key := range keys {
		if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: key}); err != nil {
			t.Fatal(err)
		}
	}
}

// seenOf says whether a trouble's words hold all of some.
func seenOf(found doctor.Diagnosis, words ...string) *doctor.Trouble {
	for _, t := range found.Troubles {
		text, all := t.Words()+" "+t.CLI, true
		for _, w := range words {
			all = all && strings.Contains(text, w)
		}
		if all {
			return &t
		}
	}
	return nil
}

// Objects under a key that is nobody's default fail for what that key lacks, and
// a canary under another proves nothing of them.
func TestFailedObjectsAreJudgedByTheirOwnKeys(t *testing.T) {
	for _, canaries := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			l := theirs{change: optedIn, policy: mayUse(keyA, keyB)}.build(t)
			l.keysThere(t, keyA, keyB, keyK)
			for i := range 3 {
				l.write(t, fmt.Sprintf("docs/%d", i), underKey(keyK))
			}
			pass(10 * time.Minute)
			l.wire.reset()
			found := l.examine(t, canaries)
			trouble := seenOf(found, "kms:Decrypt", keyK, theirRole)
			if trouble == nil || trouble.Cause != doctor.CauseKMS || trouble.Severity == survey.Note || trouble.Side != pair.A {
				t.Errorf("the key and the right are not named: %+v", found.Troubles)
			}
			if failed := named(found, pair.AtoB, "FAILED"); failed == nil || !strings.Contains(failed.Meaning, keyK) {
				t.Errorf("the objects' key is not told: %+v", failed)
			}
			if h := found.Health[pair.AtoB]; h.State != doctor.Broken || found.Healthy() {
				t.Errorf("A → B is %s: %s", h.State, h.Detail)
			} else if canaries && (!strings.Contains(h.Detail, keyK) || !strings.Contains(h.Detail, "Most likely: role "+theirRole+" may not kms:Decrypt")) {
				t.Errorf("the canary proves: %s", h.Detail)
			}
			if left := l.canaries(t); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

// What failed once may have been put right: the canary like it arrives, and says so.
func TestACanaryLikeWhatFailedProvesItAgain(t *testing.T) {
	for name, c := range map[string]struct {
		write func(*s3.PutObjectInput)
		says  string
	}{
		"under another key":      {underKey(keyK), keyK},
		"in another class":       {func(in *s3.PutObjectInput) { in.StorageClass = types.StorageClassStandardIa }, "STANDARD_IA"},
		"under S3's own keys":    {func(in *s3.PutObjectInput) { in.ServerSideEncryption = types.ServerSideEncryptionAes256 }, "under S3's own keys"},
		"under a key's own keys": {func(in *s3.PutObjectInput) { underKey(keyA)(in); in.BucketKeyEnabled = aws.Bool(true) }, "with a bucket key"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := theirs{keys: true, policy: mayUse(keyB)}.build(t)
				l.keysThere(t, keyK)
				if err := l.roleMay(t, l.world.A, []string{"s3:ListBucket"}, ""); err != nil {
					t.Fatal(err)
				}
				l.write(t, "lost", c.write)
				pass(10 * time.Minute)
				if err := l.roleMay(t, l.world.A, nil, mayUse(keyA, keyB, keyK)); err != nil {
					t.Fatal(err)
				}
				put := map[string]bool{}
				var lock sync.Mutex
				l.wire.before = func(_ int, r *http.Request) {
					lock.Lock()
					defer lock.Unlock()
					if r.Method == http.MethodPut && isCanary(r.URL.Path) {
						put[r.URL.Path] = true
					}
				}
				found := l.examine(t, true)
				if h := found.Health[pair.AtoB]; h.State != doctor.Proven || !strings.Contains(h.Detail, `So was one like "lost"`) || !strings.Contains(h.Detail, c.says) {
					t.Errorf("A → B is %s: %s", h.State, h.Detail)
				}
				if len(put) != 3 { // a plain one each way, and one more, each under a key of its own
					t.Errorf("the canaries are %v", put)
				}
			})
		})
	}
}

// A key that can't be used any more is why its objects fail, and keeps a canary
// from being written under it.
func TestADisabledKeyOfFailedObjectsIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{change: optedIn, policy: mayUse("*")}.build(t)
		l.keysThere(t, keyA, keyB, keyK)
		l.write(t, "lost", underKey(keyK))
		if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: keyK, State: "Disabled"}); err != nil {
			t.Fatal(err)
		}
		pass(10 * time.Minute)
		found := l.examine(t, true)
		if trouble := named(found, pair.AtoB, keyK); trouble == nil || trouble.Cause != doctor.CauseKMS || !strings.Contains(trouble.Title, "it is disabled") || !strings.Contains(trouble.CLI, "enable-key") {
			t.Errorf("the key is not named: %+v", found.Troubles)
		}
		if h := found.Health[pair.AtoB]; !strings.Contains(h.Detail, `Nothing is proven of objects like "lost"`) {
			t.Errorf("A → B is %s: %s", h.State, h.Detail)
		}
	})
}

// Where the role may read only a part of what the rule covers, the canary lies in
// that part, and the rest fails.
func TestFailedObjectsAreJudgedByWhereTheyLie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{policy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3:::*/docs/*"}]}`}.build(t)
		l.write(t, "docs/1", nil)
		pass(10 * time.Minute)
		found := l.examine(t, false)
		if trouble := named(found, pair.AtoB, "s3:GetObjectVersionForReplication"); trouble == nil || !strings.Contains(trouble.Meaning, "docs/1") {
			t.Errorf("the right is not named: %+v", found.Troubles)
		}
	})
}

// What S3 leaves out has no status, and HEAD shows why.
func TestObjectsWithoutAStatusSayWhatLeavesThemOut(t *testing.T) {
	for name, c := range map[string]struct {
		world    theirs
		write    func(*s3.PutObjectInput)
		missing  string
		cause    doctor.Cause
		severity survey.Severity
	}{
		"under a key, without an opt-in": {theirs{}, underKey(keyK), "SseKmsEncryptedObjects", doctor.CauseKMS, survey.Warning},
		"in an archive":                  {theirs{}, func(in *s3.PutObjectInput) { in.StorageClass = types.StorageClassGlacier }, "archive", doctor.CauseStorageClass, survey.Note},
		"without the rule's tags": {theirs{change: onlyAtoB(func(r *types.ReplicationRule) {
			r.Filter = &types.ReplicationRuleFilter{Tag: &types.Tag{Key: aws.String("copy"), Value: aws.String("yes")}}
			r.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
		})}, nil, "tags", doctor.CauseObjects, survey.Note},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := c.world.build(t)
				l.keysThere(t, keyK)
				l.write(t, "left-out", c.write)
				trouble := named(l.examine(t, false), pair.AtoB, c.missing)
				if trouble == nil || trouble.Cause != c.cause || trouble.Severity != c.severity || !strings.Contains(trouble.Title, "left-out") {
					t.Errorf("the trouble is %+v", trouble)
				}
			})
		})
	}
}

// failedBehind is a world with five FAILED objects, and newer ones on top.
func failedBehind(t *testing.T, newer int) *lab {
	t.Helper()
	l := theirs{}.build(t)
	if err := l.roleMay(t, l.world.A, []string{"s3:ListBucket"}, ""); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		l.write(t, fmt.Sprintf("lost-%d", i), nil)
	}
	pass(10 * time.Minute)
	if err := l.roleMay(t, l.world.A, nil, ""); err != nil {
		t.Fatal(err)
	}
	for i := range newer {
		l.write(t, fmt.Sprintf("newer-%d", i), nil)
	}
	pass(10 * time.Minute)
	return l
}

func TestAnObjectThatCannotBeReadHidesNoOther(t *testing.T) {
	for name, c := range map[string]struct {
		status  int
		code    string
		newer   int
		missing string // of what is said of the unread ones; "" says nothing
	}{
		"one refused":              {http.StatusForbidden, "AccessDenied", 1, "s3:GetObject"},
		"more refused than looked": {http.StatusForbidden, "AccessDenied", 15, "s3:GetObject"},
		"deleted meanwhile":        {http.StatusNotFound, "NoSuchKey", 1, ""},
		"under the writer's key":   {http.StatusBadRequest, "BadRequest", 2, "SSE-C"},
		"archived":                 {http.StatusForbidden, "InvalidObjectState", 1, "s3:GetObject"},
		"throttled":                {http.StatusServiceUnavailable, "SlowDown", 1, "HEAD"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := failedBehind(t, c.newer)
				l.wire.answer = func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodHead && strings.Contains(r.URL.Path, "/newer-") {
						return refusal(c.status, c.code), nil
					}
					return nil, nil
				}
				found := l.examine(t, false)
				if failed := named(found, pair.AtoB, "FAILED"); failed == nil || !strings.HasPrefix(failed.Title, "5 of the 5") {
					t.Errorf("the FAILED objects are hidden: %+v", found.Troubles)
				}
				if found.Healthy() {
					t.Error("the pair is called healthy")
				}
				if trouble := named(found, pair.AtoB, c.missing); c.missing != "" && (trouble == nil || !strings.Contains(trouble.Title, fmt.Sprintf("%d of the", c.newer))) {
					t.Errorf("what can't be looked at is not told: %+v", found.Troubles)
				}
			})
		})
	}
}

// In a two-way pair the newest objects are often replicas, of which their own
// side tells nothing.
func TestReplicasHideNoObjectsOfTheirSide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := failedBehind(t, 0)
		for i := range 20 {
			l.put(t, pair.B, fmt.Sprintf("from-b-%d", i))
		}
		pass(10 * time.Minute)
		if found := l.examine(t, false); named(found, pair.AtoB, "FAILED") == nil {
			t.Errorf("the FAILED objects are hidden: %+v", found.Troubles)
		}
	})
}

func TestObjectsThatAnotherAccountWroteAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		ownership types.ObjectOwnership
		stranger  bool
	}{
		"with ACLs":    {types.ObjectOwnershipObjectWriter, true},
		"without ACLs": {types.ObjectOwnershipBucketOwnerEnforced, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := theirs{ownership: c.ownership}.build(t)
				l.writtenByAnother(t, "foreign")
				pass(10 * time.Minute)
				found := l.examine(t, false)
				trouble := named(found, pair.AtoB, "BucketOwnerEnforced")
				if (trouble != nil) != c.stranger {
					t.Fatalf("the troubles are %+v", found.Troubles)
				}
				if c.stranger && (trouble.Cause != doctor.CauseOwnership || trouble.Severity != survey.Warning || !strings.Contains(trouble.Words(), "foreign") ||
					!strings.Contains(trouble.Todo, "no ACL lets anybody in any more") || found.Healthy()) {
					t.Errorf("the trouble is %+v", *trouble)
				}
			})
		})
	}
}

// IAM may be throttled, too.
func TestARoleThatCannotBeReadHidesNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{change: onlyAtoB(func(r *types.ReplicationRule) { r.Status = types.ReplicationRuleStatusDisabled })}.build(t)
		l.wire.answer = func(r *http.Request) (*http.Response, error) {
			if strings.Contains(l.wire.form(r), "Version=2010-05-08") {
				return refusal(http.StatusServiceUnavailable, "Throttling"), nil
			}
			return nil, nil
		}
		found := l.examine(t, false)
		if named(found, pair.AtoB, "Status") == nil || named(found, pair.AtoB, "role") == nil {
			t.Errorf("the troubles are %+v", found.Troubles)
		}
	})
}

// Any one read may be refused, or fail, and the rest is told all the same.
func TestOneReadThatFailsHidesNothingElse(t *testing.T) {
	reads := map[string]func(*http.Request) bool{
		"the list of the objects": func(r *http.Request) bool {
			return r.URL.Query().Get("list-type") == "2" && strings.Contains(r.URL.Path, testPair.B.Bucket)
		},
	}
	for _, what := range []string{"encryption", "lifecycle", "policy", "ownershipControls", "requestPayment", "tagging", "object-lock", "versions"} {
		reads[what] = func(r *http.Request) bool {
			return r.Method == http.MethodGet && r.URL.Query().Has(what) && strings.Contains(r.URL.Path, testPair.B.Bucket)
		}
	}
	reads["the bucket"] = func(r *http.Request) bool {
		return r.Method == http.MethodHead && strings.HasSuffix(r.URL.Path, testPair.B.Bucket)
	}
	for _, what := range []string{"versioning", "replication"} {
		reads[what] = func(r *http.Request) bool {
			return r.Method == http.MethodGet && r.URL.Query().Has(what) && strings.Contains(r.URL.Path, testPair.B.Bucket)
		}
	}
	for what, is := range reads {
		for _, status := range []int{http.StatusForbidden, http.StatusServiceUnavailable} {
			t.Run(fmt.Sprintf("%s %d", what, status), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l := theirs{change: func(_ pair.Direction, r *types.ReplicationRule) { r.Status = types.ReplicationRuleStatusDisabled }}.build(t)
					l.put(t, pair.B, "other")
					l.wire.answer = func(r *http.Request) (*http.Response, error) {
						if is(r) {
							return refusal(status, map[int]string{http.StatusForbidden: "AccessDenied", http.StatusServiceUnavailable: "SlowDown"}[status]), nil
						}
						return nil, nil
					}
					found := l.examine(t, false)
					if named(found, pair.AtoB, "Status") == nil {
						t.Errorf("the disabled rule is hidden: %+v", found.Troubles)
					}
					if named(found, pair.BtoA, "Status") == nil && what != "the bucket" && what != "replication" {
						t.Errorf("the other rule is hidden: %+v", found.Troubles)
					}
				})
			})
		}
	}
}

// S3 lists by key, not by time: what failed last may come after a thousand others.
func TestFailedObjectsAreFoundBehindManyKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{}.build(t)
		for i := range 1001 {
			l.write(t, fmt.Sprintf("a/%04d", i), nil)
		}
		pass(10 * time.Minute)
		if err := l.roleMay(t, l.world.A, []string{"s3:ListBucket"}, ""); err != nil {
			t.Fatal(err)
		}
		l.write(t, "z/lost", nil)
		pass(10 * time.Minute)
		if err := l.roleMay(t, l.world.A, nil, ""); err != nil {
			t.Fatal(err)
		}
		if failed := named(l.examine(t, false), pair.AtoB, "FAILED"); failed == nil || !strings.Contains(failed.Title, "z/lost") {
			t.Errorf("the FAILED object is not found: %+v", failed)
		}
	})
}

// The policy of a key that objects are under is read, too, though no setting names
// it; the canary like those objects agrees.
func TestAKeyPolicyThatDeniesTheRoleIsReadForObjectsUnderThatKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{change: optedIn, policy: mayUse("*")}.build(t)
		l.keysThere(t, keyA, keyB)
		if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: keyK, Policy: `{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"kms:*","Resource":"*"},
			{"Effect":"Deny","Principal":{"AWS":"` + l.roleARN(pair.AtoB) + `"},"Action":"kms:Decrypt","Resource":"*"}]}`}); err != nil {
			t.Fatal(err)
		}
		l.write(t, "lost", underKey(keyK))
		pass(10 * time.Minute)
		found := l.examine(t, false)
		if denied := named(found, pair.AtoB, keyK); denied == nil || !strings.Contains(denied.Title, "may not kms:Decrypt") || !strings.Contains(denied.Title, "statement 2") {
			t.Errorf("the key is not named: %+v", found.Troubles)
		}
		if h := found.Health[pair.AtoB]; h.State != doctor.Broken || !strings.Contains(h.Detail, "kms:Decrypt") {
			t.Errorf("untried, A → B is %s: %s", h.State, h.Detail)
		}
		if h := l.examine(t, true).Health[pair.AtoB]; h.State != doctor.Broken || !strings.Contains(h.Detail, keyK) || !strings.Contains(h.Detail, "kms:Decrypt") {
			t.Errorf("tried, A → B is %s: %s", h.State, h.Detail)
		}
	})
}

// Objects failed while the rule took KMS in; it does so no more.
func TestFailedObjectsThatTheRuleLeavesOutNowAreNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{change: optedIn, policy: mayUse(keyA, keyB)}.build(t)
		l.keysThere(t, keyA, keyB, keyK)
		l.write(t, "lost", underKey(keyK))
		pass(10 * time.Minute)
		theirs{}.buildDirection(t, l, pair.AtoB)
		trouble := named(l.examine(t, false), pair.AtoB, "SseKmsEncryptedObjects")
		if trouble == nil || trouble.Severity != survey.Warning || !strings.Contains(trouble.Words(), keyK) {
			t.Errorf("the trouble is %+v", trouble)
		}
	})
}

// Switching ACLs off, as the doctor says, gives the objects to the bucket's owner.
func TestWhatTheDoctorSaysOfForeignObjectsPutsThemRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{ownership: types.ObjectOwnershipObjectWriter}.build(t)
		l.writtenByAnother(t, "foreign")
		if named(l.examine(t, false), pair.AtoB, "BucketOwnerEnforced") == nil {
			t.Fatal("the object is not named")
		}
		_, err := l.world.A.S3.PutBucketOwnershipControls(t.Context(), &s3.PutBucketOwnershipControlsInput{
			Bucket:            aws.String(testPair.A.Bucket),
			OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		found := l.examine(t, false)
		if named(found, pair.AtoB, "BucketOwnerEnforced") != nil || named(found, pair.AtoB, "s3:GetObject") != nil {
			t.Errorf("the troubles are %+v", found.Troubles)
		}
		if left := named(found, pair.AtoB, ""); left == nil || !strings.Contains(left.Title, "foreign") {
			t.Errorf("the object has no status, which is not told: %+v", found.Troubles)
		}
	})
}

// A configuration has several rules to the same bucket: what is wrong with one is
// not hidden by another that is well.
func TestARuleThatIsWellHidesNoOther(t *testing.T) {
	docs := func(change func(*types.ReplicationRule)) func(*testing.T, *lab) {
		return func(t *testing.T, l *lab) {
			t.Helper()
			out, err := l.world.A.S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket)})
			if err != nil {
				t.Fatal(err)
			}
			configuration := out.ReplicationConfiguration
			second := configuration.Rules[0]
			second.ID, second.Priority, second.Filter = aws.String("second"), aws.Int32(2), &types.ReplicationRuleFilter{Prefix: aws.String("media/")}
			second.Destination = &types.Destination{Bucket: second.Destination.Bucket}
			change(&second)
			configuration.Rules[0].Filter = &types.ReplicationRuleFilter{Prefix: aws.String("docs/")}
			configuration.Rules = append(configuration.Rules, second)
			if _, err := l.world.A.S3.PutBucketReplication(t.Context(), &s3.PutBucketReplicationInput{
				Bucket: aws.String(testPair.A.Bucket), ReplicationConfiguration: configuration,
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		change  func(*types.ReplicationRule)
		write   func(*s3.PutObjectInput)
		missing string
	}{
		"disabled": {func(r *types.ReplicationRule) { r.Status = types.ReplicationRuleStatusDisabled }, nil, "Status"},
		"a key of the wrong region": {func(r *types.ReplicationRule) {
			r.SourceSelectionCriteria = nil
			optedIn(pair.AtoB, r)
			r.Destination.EncryptionConfiguration.ReplicaKmsKeyID = aws.String(keyA)
		}, underKey(keyK), keyA},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := theirs{policy: mayUse("*"), then: docs(c.change)}.build(t)
				l.keysThere(t, keyA, keyB, keyK)
				l.write(t, "docs/well", nil)
				l.write(t, "media/not", c.write)
				pass(10 * time.Minute)
				found := l.examine(t, false)
				if trouble := named(found, pair.AtoB, c.missing); trouble == nil || trouble.Severity == survey.Note || found.Healthy() {
					t.Errorf("it is hidden: %+v", found.Troubles)
				}
			})
		})
	}
}

// Who may not see a role may still be told what it may do.
func TestWhatARoleMayDoIsAskedForWhereItCannotBeSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{actions: without(theirActions, "s3:ReplicateObject")}.build(t)
		l.hire(t, "", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","iam:SimulatePrincipalPolicy"],"Resource":"*"}]}`)
		found := l.examine(t, false)
		if trouble := named(found, pair.AtoB, "s3:ReplicateObject"); trouble == nil || trouble.Severity != survey.Blocker {
			t.Errorf("the right is not named: %+v", found.Troubles)
		}
	})
}

// What the plan doesn't know of, applying it doesn't put right.
func TestAKeyOutsideThePairIsNoMatterOfThePlan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newWorld(t, "KMS on both sides")
		applyAny(t, l.setUp(t))
		l.keysThere(t, keyK)
		l.write(t, "lost", underKey(keyK))
		pass(10 * time.Minute)
		found := l.examine(t, false)
		trouble := seenOf(found, "kms:Decrypt", keyK)
		if trouble == nil || trouble.Apply || !strings.Contains(trouble.Todo, "the key's own policy") {
			t.Errorf("the trouble is %+v", trouble)
		}
		if proposed := l.setUp(t); proposed.Changes() != 0 {
			t.Errorf("the plan has %d changes", proposed.Changes())
		}
	})
}
