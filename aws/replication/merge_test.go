package replication_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// consents are what a plan's blockers ask for, "" for those that nothing
// lifts.
func consents(plan plan.Plan) []pair.Consent {
	var all []pair.Consent
	for _, f := range plan.Blocked() {
		all = append(all, f.Consent)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestNothingOfOthersIsTouchedWithoutConsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newWorld(t, "the hardest")
		l.world.Consent = 0
		l.wire.reset()
		plan := l.setUp(t)
		if got := consents(plan); !slices.Equal(got, []pair.Consent{pair.Merge}) {
			t.Errorf("the blockers ask for %q: %v", got, plan.Blocked())
		}
		l.refused(t, plan)
		l.agreed()
		var touching []string
		for _, step := range l.setUp(t).Steps {
			if step.Others != "" {
				touching = append(touching, step.ID)
			}
		}
		want := []string{"role-policy-a-to-b", "role-policy-b-to-a", "policy-a", "policy-b", "rule-a-to-b", "rule-b-to-a"}
		if !slices.Equal(touching, want) {
			t.Errorf("these steps say that they touch others' things: %s, want %s", touching, want)
		}
	})
}

// What is written must be what was reviewed, on top of what was planned from.
func TestWhatChangesBetweenPlanAndWriteStopsThatWrite(t *testing.T) {
	for name, c := range map[string]struct {
		step   string
		change func(*testing.T, *lab)
	}{
		"a rule of others": {"rule-a-to-b", func(t *testing.T, l *lab) {
			now := l.configuration(t, pair.A)
			now.Rules[1].Status = types.ReplicationRuleStatusEnabled
			l.putRules(t, pair.A, *now.Role, now.Rules)
		}},
		"the role of the rules": {"rule-a-to-b", func(t *testing.T, l *lab) {
			l.putRules(t, pair.A, l.mightyRole(t), l.configuration(t, pair.A).Rules)
		}},
		"all rules gone": {"rule-a-to-b", func(t *testing.T, l *lab) {
			if _, err := l.world.A.S3.DeleteBucketReplication(t.Context(), &s3.DeleteBucketReplicationInput{Bucket: &l.world.Pair.A.Bucket}); err != nil {
				t.Fatal(err)
			}
		}},
		"a statement of others": {"policy-b", func(t *testing.T, l *lab) {
			policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:DeleteBucket","Resource":"arn:aws:s3:::` + l.world.Pair.B.Bucket + `"}]}`
			if _, err := l.world.B.S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &l.world.Pair.B.Bucket, Policy: &policy}); err != nil {
				t.Fatal(err)
			}
		}},
		"a policy under our name": {"role-policy-a-to-b", func(t *testing.T, l *lab) {
			_, err := l.world.A.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
				RoleName: aws.String("their-replication"), PolicyName: aws.String(l.world.Pair.GuestPolicyName(pair.AtoB)),
				PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}`),
			})
			if err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newWorld(t, "the hardest")
				proposed := l.setUp(t)
				c.change(t, l)
				before := l.others(t)
				var events log
				err := plan.Apply(t.Context(), proposed, events.emit)
				if err == nil || !strings.Contains(err.Error(), "plan again") {
					t.Errorf("apply says %v", err)
				}
				if events.last[c.step] != step.Failed {
					t.Errorf("%s ended %s", c.step, events.last[c.step])
				}
				before.unharmed(t, l, "after the stop")
			})
		})
	}
}

func (l *lab) configuration(t *testing.T, side pair.SideName) *types.ReplicationConfiguration {
	t.Helper()
	out, err := l.clients(side).S3.GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: aws.String(l.world.Pair.Side(side).Bucket)})
	if err != nil {
		t.Fatal(err)
	}
	return out.ReplicationConfiguration
}

func TestRulesOfTheFirstSchemaAreConvertedOnlyWithConsentAndMeanTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.A)
		l.theirRules(t, pair.A)
		to := &types.Destination{Bucket: aws.String("arn:aws:s3:::their-copies-a"), StorageClass: types.StorageClassOnezoneIa}
		l.putRules(t, pair.A, *l.configuration(t, pair.A).Role, []types.ReplicationRule{
			{ID: aws.String("one"), Prefix: aws.String("one/"), Status: types.ReplicationRuleStatusEnabled, Destination: to},
			{ID: aws.String("two"), Prefix: aws.String("two/"), Status: types.ReplicationRuleStatusDisabled, Destination: to},
		})
		l.world.Consent = pair.Merge
		plan := l.setUp(t)
		if got := consents(plan); !slices.Equal(got, []pair.Consent{pair.ConvertV1}) {
			t.Fatalf("the blockers ask for %q: %v", got, plan.Blocked())
		}
		l.agreed()
		applyAny(t, l.setUp(t))
		want := `[{"prefix":"one/","status":"Enabled","class":"ONEZONE_IA","markers":"Enabled","old":false},{"prefix":"two/","status":"Disabled","class":"ONEZONE_IA","markers":"Enabled","old":false}]`
		type meaning struct {
			Prefix  string `json:"prefix"`
			Status  string `json:"status"`
			Class   string `json:"class"`
			Markers string `json:"markers"`
			Old     bool   `json:"old"`
		}
		var got []meaning
		for _, r := range l.configuration(t, pair.A).Rules {
			if *r.ID == "one" || *r.ID == "two" {
				got = append(got, meaning{*r.Filter.Prefix, string(r.Status), string(r.Destination.StorageClass), string(r.DeleteMarkerReplication.Status), r.Prefix != nil}) //nolint:staticcheck // the first schema must be gone
			}
		}
		if text(t, got) != want {
			t.Errorf("the converted rules mean\n%s\nwant\n%s", text(t, got), want)
		}
		l.settled(t)
	})
}

// A configuration can hold what the SDK's types have no place for: it would be
// lost in a rewrite.
func TestElementsThatWouldBeLostAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ old, now, path string }{
		"an element of a rule":    {"</Rule>", "<Novelty><Depth>1</Depth></Novelty></Rule>", "Rule/Novelty"},
		"an element of the whole": {"<Rule>", "<Mode>Strict</Mode><Rule>", "Mode"},
		"an element far below":    {"<Minutes>15</Minutes>", "<Minutes>15</Minutes><Unit>m</Unit>", "Rule/Destination/Metrics/EventThreshold/Unit"},
		"an attribute":            {"<Rule>", `<Rule kind="new">`, "Rule/@kind"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				l.bucket(t, pair.A)
				l.theirRules(t, pair.A)
				l.agreed()
				spoil := &spoiler{next: l.wire.next, old: c.old, now: c.now}
				l.wire.next = spoil
				proposed := l.setUp(t)
				if blocked := proposed.Blocked(); len(blocked) == 0 || blocked[0].Consent != 0 || !strings.Contains(blocked[0].Title, c.path) {
					t.Errorf("the findings are %v, want one about %s", blocked, c.path)
				}
				spoil.old = "" // and what appears after the plan stops the write
				proposed = l.setUp(t)
				spoil.old = c.old
				if err := plan.Apply(t.Context(), proposed, (&log{}).emit); err == nil || !strings.Contains(err.Error(), c.path) {
					t.Errorf("apply says %v", err)
				}
			})
		})
	}
}

// spoiler changes the answers of GetBucketReplication.
type spoiler struct {
	next     http.RoundTripper
	old, now string
}

func (s *spoiler) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := s.next.RoundTrip(r)
	if err != nil || s.old == "" || r.Method != http.MethodGet || !r.URL.Query().Has("replication") {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	body = bytes.Replace(body, []byte(s.old), []byte(s.now), 1)
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return response, err
}

// What stands is looked after, but a role of others is not written to again
// without being asked.
func TestOurPolicyOnARoleOfOthersIsPutRightOnlyWithConsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newWorld(t, "rules of others")
		applyAny(t, l.setUp(t))
		l.world.Consent = 0
		if blocked := l.setUp(t).Blocked(); len(blocked) > 0 {
			t.Errorf("nothing is to be written, and yet: %v", blocked)
		}
		_, err := l.world.A.IAM.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{
			RoleName: aws.String("their-replication"), PolicyName: aws.String(l.world.Pair.GuestPolicyName(pair.AtoB)),
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := consents(l.setUp(t)); !slices.Equal(got, []pair.Consent{pair.Merge}) {
			t.Errorf("the blockers ask for %q", got)
		}
		l.agreed()
		applyAny(t, l.setUp(t))
		l.settled(t)
	})
}

// Whoever reviews a plan need not know S3's schema: the words are ours, and
// the exact request is one key away.
func TestTheHardestPlanReadsWithoutS3sSchema(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plan := newWorld(t, "the hardest").setUp(t)
		const rows = 4 // of 66 columns, below a list of half a screen of 80 by 24
		for _, step := range plan.Steps {
			if len(step.What) > rows*66 {
				t.Errorf("%s takes %d characters: %s", step.ID, len(step.What), step.What)
			}
			for _, word := range []string{"Filter", "DeleteMarkerReplication", "SourceSelectionCriteria", "SseKms", "EncryptionConfiguration", "AccessControlTranslation", "And", "arn:"} {
				if strings.Contains(step.What+step.Why+step.Undo, word) {
					t.Errorf("%s says %s: %s %s %s", step.ID, word, step.What, step.Why, step.Undo)
				}
			}
		}
		for _, f := range plan.Findings {
			if len(f.Title) > 2*66 || len(f.Meaning) > 8*66 {
				t.Errorf("a finding is too long: %s. %s", f.Title, f.Meaning)
			}
		}
	})
}

func TestAFullConfigurationIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.A)
		l.theirRules(t, pair.A)
		now := l.configuration(t, pair.A)
		for i := len(now.Rules); i < 1000; i++ {
			r := now.Rules[1]
			r.ID, r.Priority = aws.String(fmt.Sprintf("their-%d", i)), aws.Int32(int32(100+i))
			now.Rules = append(now.Rules, r)
		}
		l.putRules(t, pair.A, *now.Role, now.Rules)
		l.agreed()
		blocked := l.setUp(t).Blocked()
		if len(blocked) != 1 || !strings.Contains(blocked[0].Title, "1000") || blocked[0].Consent != 0 {
			t.Errorf("the findings are %v", blocked)
		}
	})
}

func TestOursGetsAPriorityOfItsOwnAndKeepsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newWorld(t, "rules of others")
		priority := func() int32 { return *l.setUp(t).Wanted.Directions[pair.AtoB].Rule.Priority }
		if got := priority(); got != 8 {
			t.Errorf("beside priorities 7 and 0 ours is %d", got)
		}
		applyAny(t, l.setUp(t))
		now := l.configuration(t, pair.A)
		now.Rules[0].Priority = aws.Int32(2147483647)
		l.putRules(t, pair.A, *now.Role, now.Rules)
		if got := priority(); got != 8 {
			t.Errorf("after theirs went up ours is %d", got)
		}
		now.Rules = now.Rules[:2]
		l.putRules(t, pair.A, *now.Role, now.Rules)
		if got := priority(); got != 2147483646 {
			t.Errorf("below the highest there is, ours is %d", got)
		}
	})
}

func TestRulesThatMeetOursAreNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.A)
		l.bucket(t, pair.B)
		l.theirRules(t, pair.A)
		now := l.configuration(t, pair.A)
		now.Rules[1].Status = types.ReplicationRuleStatusEnabled // covers everything, to their bucket
		same := now.Rules[0]
		same.ID, same.Priority = aws.String("to-b-already"), aws.Int32(50)
		same.Destination = &types.Destination{Bucket: aws.String(testPair.B.BucketARN())}
		l.putRules(t, pair.A, *now.Role, append(now.Rules, same))
		l.agreed()
		findings := text(t, l.setUp(t).Findings)
		for _, want := range []string{"to the same bucket already: to-b-already", "above ours (49)", "copied elsewhere too: their-logs to their-copies-a"} {
			if !strings.Contains(findings, want) {
				t.Errorf("the findings don't say %q: %s", want, findings)
			}
		}
		now.Rules = append(now.Rules[:2], same)
		now.Rules[0].Priority, now.Rules[1].Priority, now.Rules[2].Priority = aws.Int32(4), aws.Int32(1), aws.Int32(0)
		l.putRules(t, pair.A, *now.Role, now.Rules)
		if findings := text(t, l.setUp(t).Findings); !strings.Contains(findings, "ours comes before to-b-already") || !strings.Contains(findings, "so ours (5) decides") {
			t.Errorf("with no priority free below theirs: %s", findings)
		}
	})
}

func TestWhatBecomesOfAStandingRuleIsSaidByName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testPair
		p.Options.StorageClass, p.Options.Metrics = "STANDARD_IA", true
		l := newLab(t, p)
		apply(t, l.setUp(t), step.Done)
		p.Options.StorageClass, p.Options.Metrics, p.Options.DeleteMarkers = "", false, false
		l.rename(t, p)
		for _, step := range l.setUp(t).Steps {
			if step.ID == "rule-a-to-b" && step.What != "delete markers on -> off; storage class STANDARD_IA -> as written; metrics on -> off" {
				t.Errorf("the plan says %q", step.What)
			}
		}
	})
}

func TestAConfigurationWrittenByTwoAtOnceIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newWorld(t, "rules of others")
		proposed := l.setUp(t)
		l.wire.after = func(_ int, r *http.Request) {
			if r.Method == http.MethodPut && r.URL.Query().Has("replication") && strings.Contains(r.URL.Path, testPair.A.Bucket) {
				l.wire.after = nil
				now := l.configuration(t, pair.A)
				l.putRules(t, pair.A, *now.Role, now.Rules[:1]) // another tool writes what it knew
			}
		}
		var events log
		err := plan.Apply(t.Context(), proposed, events.emit)
		if err == nil || !strings.Contains(err.Error(), "at the same time") || !strings.Contains(err.Error(), "is gone") {
			t.Errorf("apply says %v", err)
		}
	})
}

func TestTheJournalKeepsWhatIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newWorld(t, "the hardest")
		var events log
		if err := plan.Apply(t.Context(), l.setUp(t), events.emit); err != nil {
			t.Fatal(err)
		}
		kept := map[string]string{}
		for _, e := range events.all {
			if e.Base != "" {
				kept[e.ID] = e.Base
			}
		}
		for step, want := range map[string]string{"rule-a-to-b": "their-copies", "rule-b-to-a": "their-copies", "policy-a": "Their <first>", "policy-b": "Their <first>"} {
			if !strings.Contains(kept[step], want) {
				t.Errorf("the events of %s keep %q, want %s in it", step, kept[step], want)
			}
		}
	})
}
