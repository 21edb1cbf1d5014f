package replication_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// narrow leaves the statements of a side's policy to some of its keys.
func (l *lab) narrow(t *testing.T, side pair.SideName, keys string) {
	t.Helper()
	client, bucket := l.clients(side).S3, l.world.Pair.Side(side).Bucket
	out, err := client.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: &bucket})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(*out.Policy, bucket+"/*", bucket+keys)
	if _, err := client.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: &text}); err != nil {
		t.Fatal(err)
	}
}

// A plan of a pair that was proven before writes no canary; what a policy denies
// of them and of probes it names all the same, as the doctor refuses them.
func TestAPlanOfAProvenPairNamesWhatAPolicyHits(t *testing.T) {
	for name, c := range map[string]struct {
		denies   string
		resource string
		says     string
		untried  string // by the doctor
	}{
		"every upload":         {`"Action":"s3:PutObject"`, "/*", "denies every upload of bothways (Fence)", "denies the upload"},
		"every delete":         {`"Action":"s3:DeleteObjectVersion"`, "/*", "s3:DeleteObjectVersion (Fence)", "could not be removed again"},
		"uploads of probes":    {`"Action":"s3:PutObject"`, "/" + testPair.ProbePrefix() + "*", "denies uploads of probes (Fence)", ""},
		"deletes of probes":    {`"Action":"s3:DeleteObjectVersion"`, "/" + testPair.ProbePrefix() + "*", "s3:DeleteObjectVersion (Fence)", ""},
		"uploads in parts":     {`"Action":"s3:PutObject","Condition":{"Bool":{"s3:ObjectCreationOperation":"false"}}`, "/*", "denies uploads of probes (Fence)", ""},
		"something of another": {`"Action":"s3:PutObjectRetention"`, "/*", "denies something", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				apply(t, l.setUp(t), step.Done)
				l.wants(t, pair.A, map[string]string{"Fence": c.denies})
				l.narrow(t, pair.A, c.resource)
				proposed := l.setUp(t)
				found := about(proposed, c.says)
				if found == nil || found.Side != pair.A || len(proposed.Blocked()) > 0 || proposed.Changes() != 0 {
					t.Fatalf("with %d changes it says %+v", proposed.Changes(), proposed.Findings)
				}
				if nothing := about(proposed, "denies something"); (nothing != nil) != (c.says == "denies something") {
					t.Errorf("it says %+v", proposed.Findings)
				}
				h := l.examine(t, true).Health[pair.AtoB]
				if (h.Untried != "") != (c.untried != "") || !strings.Contains(h.Untried, c.untried) {
					t.Errorf("the doctor says %+v", h)
				}
				if c.untried != "" && (h.State != doctor.Doubtful || found.Severity != survey.Warning) {
					t.Errorf("%s, and the direction is %s", found.Severity, h.State)
				}
			})
		})
	}
}

// A canary that was to be written and could not be, or could not be removed
// again, leaves no direction proven without a word, and the pair not well.
func TestACanaryThatWasNotTriedOrStaysIsNoCleanBill(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*testing.T, *lab)
		keep   bool
		state  doctor.State
		says   string
		well   bool
	}{
		"not written":       {func(t *testing.T, l *lab) { l.wants(t, pair.A, map[string]string{"Fence": `"Action":"s3:PutObject"`}) }, false, doctor.Doubtful, "not proven", false},
		"not to be removed": {func(t *testing.T, l *lab) { l.undeletable(t, pair.A) }, false, doctor.Doubtful, "not proven", false},
		"kept, as agreed":   {func(t *testing.T, l *lab) { l.undeletable(t, pair.A) }, true, doctor.Proven, "left behind", true},
		"left behind": {func(_ *testing.T, l *lab) {
			l.wire.answer = func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodDelete && isCanary(r.URL.Path) {
					return accessDenied(), nil
				}
				return nil, nil
			}
		}, false, doctor.Proven, "left behind", false},
		"not to be read": {func(_ *testing.T, l *lab) {
			l.wire.answer = func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodHead && isCanary(r.URL.Path) {
					return accessDenied(), nil
				}
				return nil, nil
			}
		}, false, doctor.Doubtful, "not proven", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				apply(t, l.setUp(t), step.Done)
				c.change(t, l)
				found, err := doctor.Examine(t.Context(), l.world, doctor.ExamineOptions{Canaries: true, Keep: c.keep}, func(pair.Event) {})
				if err != nil {
					t.Fatal(err)
				}
				if h := found.Health[pair.AtoB]; h.State != c.state || !strings.Contains(h.Detail, c.says) {
					t.Errorf("A → B is %s: %s", h.State, h.Detail)
				}
				if well := found.Healthy() && (c.keep || !found.Leaves()); well != c.well {
					t.Errorf("well is %v: %+v", well, found.Troubles)
				}
			})
		})
	}
}

// A rule of others that comes before ours decides for what both cover: the plan
// promises nothing else, before and after ours is written.
func TestWhatARuleOfOthersDecidesIsNotPromised(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := besideRules(t, pair.Merge|pair.ConvertV1, types.ReplicationRule{ID: aws.String("old"), Prefix: aws.String("")}) //nolint:staticcheck // the first schema is the point
		l.world.Pair.Options.Prefix, l.world.Pair.Options.DeleteMarkers = "logs/", false
		for range 2 {
			proposed := l.setUp(t)
			found := about(proposed, "to the same bucket already: old")
			if found == nil || found.Severity != survey.Warning || !strings.Contains(found.Meaning, "For objects under logs/ old decides, otherwise than ours: delete markers off -> on, replica edits on -> off") {
				t.Errorf("the findings are %+v", proposed.Findings)
			}
			for _, st := range proposed.Steps {
				if st.ID == step.KindRule.On(pair.AtoB) && !strings.Contains(st.What, "(but for objects under logs/ old decides, otherwise)") {
					t.Errorf("the rule is said to be %s", st.What)
				}
			}
			applyAny(t, proposed)
		}
	})
}

// Headers that the pair's own options bring are not laid to the bucket's policy.
func TestEachHeaderIsSaidToComeFromWhereItDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testPair
		p.Options.FilterTags, p.Options.DeleteMarkers = pair.NewTags([]pair.Tag{{Key: "copy", Value: "yes"}}), false
		l := newLab(t, p)
		l.bucket(t, pair.A)
		l.wants(t, pair.A, map[string]string{"Header": `"Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}`})
		found := about(l.setUp(t), "uploads of bothways carry")
		const says = "x-amz-tagging: copy=yes comes from --filter-tag. x-amz-server-side-encryption: AES256 is asked for by the bucket policy (Header)."
		if found == nil || !strings.Contains(found.Meaning, says) {
			t.Errorf("it says %+v", found)
		}
	})
}

// What blocks a tear-down says what can be done: all rules of a bucket share one
// role, so that theirs can't have one of their own.
func TestWhatBlocksATearDownOfASharedRoleCanBeDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		now := l.configuration(t, pair.A)
		theirs := now.Rules[0]
		theirs.ID, theirs.Priority = aws.String("theirs"), aws.Int32(7)
		l.putRules(t, pair.A, *now.Role, append(now.Rules, theirs))
		blocked := l.tearDown(t, false).Blocked()
		if len(blocked) != 1 || strings.Contains(blocked[0].Meaning, "of their own") || !strings.Contains(blocked[0].Meaning, "write another into the configuration of "+testPair.A.Bucket) {
			t.Errorf("it is blocked by %+v", blocked)
		}
		l.putRules(t, pair.A, l.role(t, pair.A, "another"), append(now.Rules, theirs))
		applyAny(t, l.tearDown(t, false))
		if left := l.configuration(t, pair.A); len(left.Rules) != 1 || *left.Rules[0].ID != "theirs" {
			t.Errorf("what is left is %+v", left)
		}
	})
}
