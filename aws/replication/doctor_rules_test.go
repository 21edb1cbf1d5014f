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
)

// A rule that others switched off, beside ours, may be off on purpose: it is
// named, and no line enables it. Ours is named whatever stands beside it.
func TestADisabledRuleOfOthersGetsNoLineAndHidesNotOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		for _, theirs := range []types.ReplicationRuleStatus{types.ReplicationRuleStatusDisabled, types.ReplicationRuleStatusEnabled} {
			now := l.configuration(t, pair.A)
			now.Rules[0].Status = types.ReplicationRuleStatusDisabled
			l.putRules(t, pair.A, *now.Role, append(now.Rules[:1], types.ReplicationRule{
				ID: aws.String("off-on-purpose"), Priority: aws.Int32(9), Status: theirs,
				Filter:                  &types.ReplicationRuleFilter{Tag: &types.Tag{Key: aws.String("q"), Value: aws.String("1")}},
				DeleteMarkerReplication: markers(types.DeleteMarkerReplicationStatusDisabled),
				Destination:             &types.Destination{Bucket: aws.String(testPair.B.BucketARN()), StorageClass: types.StorageClassGlacier},
			}))
			found, err := doctor.Examine(t.Context(), l.world, doctor.ExamineOptions{}, func(pair.Event) {})
			if err != nil {
				t.Fatal(err)
			}
			ours := false
			for _, trouble := range found.Troubles {
				if strings.Contains(trouble.Title, "is disabled") && strings.Contains(trouble.Title, testPair.RuleID(pair.AtoB)) {
					ours = trouble.Severity == survey.Blocker && trouble.Apply
				}
				if strings.Contains(trouble.Title, "off-on-purpose") && trouble.CLI != "" {
					t.Errorf("theirs %s: a line changes it: %s", theirs, trouble.CLI)
				}
				if theirs == types.ReplicationRuleStatusDisabled && strings.Contains(trouble.CLI, `"Priority":9,"Status":"Enabled"`) {
					t.Errorf("a line enables it: %s", trouble.CLI)
				}
			}
			if !ours || found.Health[pair.AtoB].State == doctor.Plausible {
				t.Errorf("theirs %s: ours is not named as disabled: %v", theirs, found.Troubles)
			}
		}
	})
}

// A role needs what the rules in force need, each for the keys that it covers: a
// wide one that is off asks for nothing, and where none replicates delete
// markers, so does no delete marker.
func TestRightsAreThoseOfTheRulesInForce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{actions: []string{"s3:ListAllMyBuckets"}, then: severalRules}.build(t)
		trouble := seenOf(l.examine(t, false), "put-role-policy", testPair.A.Bucket+" to "+testPair.B.Bucket)
		if trouble == nil {
			t.Fatal("nothing gives the role its rights")
		}
		one, both := testPair.B.BucketARN()+`/docs/*"`, testPair.B.BucketARN()+`/logs/*"`
		docs, logs, _ := strings.Cut(trouble.CLI, one)
		if !strings.Contains(logs, both) || strings.Contains(trouble.CLI, testPair.B.BucketARN()+`/*"`) ||
			!strings.Contains(docs, "s3:ReplicateDelete") || strings.Contains(logs, "s3:ReplicateDelete") {
			t.Errorf("the rights are %s", trouble.CLI)
		}
		now := l.configuration(t, pair.A)
		now.Rules[0].DeleteMarkerReplication = markers(types.DeleteMarkerReplicationStatusDisabled)
		l.putRules(t, pair.A, *now.Role, now.Rules)
		trouble = seenOf(l.examine(t, false), "put-role-policy", testPair.A.Bucket+" to "+testPair.B.Bucket)
		if trouble == nil || strings.Contains(trouble.CLI, "s3:ReplicateDelete") || strings.Contains(trouble.CLI, "s3:ListBucket") || strings.Contains(trouble.CLI, "kms:") {
			t.Errorf("the rights are %+v", trouble)
		}
	})
}
