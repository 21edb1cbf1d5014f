package replication_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

// besideRules is a lab whose bucket on side A has rules of others to side B's.
func besideRules(t *testing.T, consent pair.Consent, rules ...types.ReplicationRule) *lab {
	t.Helper()
	l := newLab(t, testPair)
	l.bucket(t, pair.A)
	l.bucket(t, pair.B)
	l.theirRules(t, pair.A)
	for i := range rules {
		rules[i].Status = types.ReplicationRuleStatusEnabled
		if rules[i].Destination == nil {
			rules[i].Destination = &types.Destination{}
		}
		rules[i].Destination.Bucket = aws.String(testPair.B.BucketARN())
	}
	l.putRules(t, pair.A, *l.configuration(t, pair.A).Role, rules)
	l.world.Consent = consent
	return l
}

func markers(status types.DeleteMarkerReplicationStatus) *types.DeleteMarkerReplication {
	return &types.DeleteMarkerReplication{Status: status}
}

// What is said of a conversion must be true of the configuration that is sent.
func TestTheFindingsOfAConversionAreThoseOfTheResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := besideRules(t, pair.Merge|pair.ConvertV1,
			types.ReplicationRule{ID: aws.String("old-logs"), Prefix: aws.String("logs/")}, //nolint:staticcheck // the first schema is the point
			types.ReplicationRule{ID: aws.String("old-docs"), Prefix: aws.String("docs/")}) //nolint:staticcheck // as above
		proposed := l.setUp(t)
		said := text(t, proposed.Findings)
		if strings.Contains(said, "comes before") || !strings.Contains(said, "to the same bucket already: old-logs, old-docs") {
			t.Errorf("the findings: %s", said)
		}
		applyAny(t, proposed)
		ours := priorityOf(t, l, testPair.RuleID(pair.AtoB))
		for _, id := range []string{"old-logs", "old-docs"} {
			if theirs := priorityOf(t, l, id); theirs <= ours {
				t.Errorf("%s has priority %d, ours %d", id, theirs, ours)
			}
		}
	})
}

func priorityOf(t *testing.T, l *lab, id string) int32 {
	t.Helper()
	for _, r := range l.configuration(t, pair.A).Rules {
		if *r.ID == id {
			return *r.Priority
		}
	}
	t.Fatalf("there is no rule %s", id)
	return 0
}

func TestComingBeforeARuleThatSaysOtherwiseIsAgreedToByItself(t *testing.T) {
	everything := &types.ReplicationRuleFilter{Prefix: aws.String("")}
	for name, c := range map[string]struct {
		theirs types.ReplicationRule
		asks   bool
		says   []string
	}{
		"another class, no markers": {
			types.ReplicationRule{
				Filter: &types.ReplicationRuleFilter{Prefix: aws.String("logs/")}, DeleteMarkerReplication: markers(types.DeleteMarkerReplicationStatusDisabled),
				Destination: &types.Destination{StorageClass: types.StorageClassGlacierIr},
			},
			true,
			[]string{"theirs, objects under logs/", "storage class GLACIER_IR -> as written", "delete markers off -> on", "replica edits off -> on"},
		},
		"by a tag": {
			types.ReplicationRule{
				Filter: &types.ReplicationRuleFilter{Tag: &types.Tag{Key: aws.String("team"), Value: aws.String("blue")}}, DeleteMarkerReplication: markers(types.DeleteMarkerReplicationStatusDisabled),
			},
			true,
			[]string{"all objects tagged team=blue", "delete markers off -> on"},
		},
		"time control": {
			types.ReplicationRule{
				Filter: everything, DeleteMarkerReplication: markers(types.DeleteMarkerReplicationStatusEnabled),
				SourceSelectionCriteria: &types.SourceSelectionCriteria{ReplicaModifications: &types.ReplicaModifications{Status: types.ReplicaModificationsStatusEnabled}},
				Destination: &types.Destination{
					ReplicationTime: &types.ReplicationTime{Status: types.ReplicationTimeStatusEnabled, Time: &types.ReplicationTimeValue{Minutes: aws.Int32(15)}},
					Metrics:         &types.Metrics{Status: types.MetricsStatusEnabled, EventThreshold: &types.ReplicationTimeValue{Minutes: aws.Int32(15)}},
				},
			},
			true,
			[]string{"theirs, all objects: time control on -> off, metrics on -> off"},
		},
		"the same as ours": {
			types.ReplicationRule{
				Filter: everything, DeleteMarkerReplication: markers(types.DeleteMarkerReplicationStatusEnabled),
				SourceSelectionCriteria: &types.SourceSelectionCriteria{ReplicaModifications: &types.ReplicaModifications{Status: types.ReplicaModificationsStatusEnabled}},
			},
			false,
			[]string{"ours comes before theirs", "Both say the same"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.theirs.ID, c.theirs.Priority = aws.String("theirs"), aws.Int32(0)
				l := besideRules(t, pair.Merge, c.theirs)
				proposed := l.setUp(t)
				if asks := slices.Contains(consents(proposed), pair.Outrank); asks != c.asks {
					t.Errorf("it asks: %v: %v", asks, proposed.Findings)
				}
				for _, f := range proposed.Findings {
					if strings.Contains(f.Title, "comes before") {
						for _, words := range c.says {
							if !strings.Contains(f.Title+" "+f.Meaning, words) {
								t.Errorf("nothing says %q: %s: %s", words, f.Title, f.Meaning)
							}
						}
					}
				}
				l.world.Consent |= pair.Outrank
				proposed = l.setUp(t)
				if blocked := proposed.Blocked(); len(blocked) > 0 {
					t.Fatalf("agreed, and still: %v", blocked)
				}
				applyAny(t, proposed)
				if ours := priorityOf(t, l, testPair.RuleID(pair.AtoB)); ours != 1 {
					t.Errorf("ours has priority %d", ours)
				}
				l.world.Consent = 0
				if again := l.setUp(t); len(again.Blocked()) > 0 {
					t.Errorf("what stands is asked for again: %v", again.Findings)
				}
			})
		})
	}
}

func TestManyRulesOfOthersAreNamedByTheirBucketOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.A)
		l.bucket(t, pair.B)
		l.theirRules(t, pair.A)
		now := l.configuration(t, pair.A)
		many := make([]types.ReplicationRule, 0, 900)
		for i := range 900 {
			r := now.Rules[1]
			r.ID, r.Priority, r.Status = aws.String(fmt.Sprintf("their-%d", i)), aws.Int32(int32(i)), types.ReplicationRuleStatusEnabled
			if i >= 450 {
				r.Destination = &types.Destination{Bucket: aws.String(testPair.B.BucketARN()), StorageClass: types.StorageClassGlacierIr}
			}
			many = append(many, r)
		}
		l.putRules(t, pair.A, *now.Role, many)
		l.world.Consent = pair.Merge
		for _, f := range l.setUp(t).Findings {
			if len(f.Title) > 2*66 || len(f.Meaning) > 8*66 || strings.Count(f.Title+f.Meaning, "their-copies-a") > 1 {
				t.Errorf("%s: %s", f.Title, f.Meaning)
			}
		}
	})
}
