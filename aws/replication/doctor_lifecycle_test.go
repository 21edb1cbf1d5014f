package replication_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
)

// lifecycle writes a side's lifecycle rules.
func (l *lab) lifecycle(t *testing.T, name pair.SideName, rules ...types.LifecycleRule) {
	t.Helper()
	clients, bucket := l.side(name)
	for i := range rules {
		rules[i].Status = types.ExpirationStatusEnabled
	}
	_, err := clients.S3.PutBucketLifecycleConfiguration(t.Context(), &s3.PutBucketLifecycleConfigurationInput{
		Bucket: bucket, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// expire lets a side's objects expire, and their noncurrent versions.
func (l *lab) expire(t *testing.T, name pair.SideName, days int32) {
	t.Helper()
	l.lifecycle(t, name, expiring("", days), removing(days))
}

func under(prefix string) *types.LifecycleRuleFilter {
	return &types.LifecycleRuleFilter{Prefix: aws.String(prefix)}
}

func expiring(prefix string, days int32) types.LifecycleRule {
	return types.LifecycleRule{
		ID: aws.String("expire-" + prefix), Filter: under(prefix), Expiration: &types.LifecycleExpiration{Days: aws.Int32(days)},
		NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(days)},
	}
}

func removing(days int32) types.LifecycleRule {
	return types.LifecycleRule{ID: aws.String("remove"), Filter: under("old/"), NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(days)}}
}

func moving(days int32) types.LifecycleRule {
	return types.LifecycleRule{ID: aws.String("move"), Filter: under(""), Transitions: []types.Transition{{Days: aws.Int32(days), StorageClass: types.TransitionStorageClassGlacier}}}
}

func TestWhatLifecycleDoesOnOneSideOnlyIsTold(t *testing.T) {
	marker := types.LifecycleRule{ID: aws.String("markers"), Filter: under(""), Expiration: &types.LifecycleExpiration{ExpiredObjectDeleteMarker: aws.Bool(true)}}
	for name, c := range map[string]struct {
		a, b     []types.LifecycleRule
		missing  string // "" tells nothing
		lacks    pair.SideName
		severity survey.Severity
		says     string
		both     bool // each side does what the other doesn't
	}{
		"on A":             {a: []types.LifecycleRule{expiring("", 30)}, missing: "Expiration", lacks: pair.B, severity: survey.Warning, says: "after 30 days, that of bothways-test-two does not"},
		"on B":             {b: []types.LifecycleRule{expiring("", 30)}, missing: "Expiration", lacks: pair.A, severity: survey.Warning, says: "stays on side A"},
		"at other times":   {a: []types.LifecycleRule{expiring("", 30)}, b: []types.LifecycleRule{expiring("", 60)}, missing: "Expiration", lacks: pair.B, severity: survey.Warning, says: "does so after 60 days"},
		"of other objects": {a: []types.LifecycleRule{expiring("", 30)}, b: []types.LifecycleRule{expiring("logs/", 30)}, missing: "Expiration", lacks: pair.B, severity: survey.Warning, says: "expires objects after 30", both: true},
		"the same, named otherwise": {a: []types.LifecycleRule{expiring("", 30)}, b: []types.LifecycleRule{func() types.LifecycleRule {
			r := expiring("", 30)
			r.ID = aws.String("another")
			return r
		}()}},
		"of noncurrent versions": {a: []types.LifecycleRule{removing(9)}, missing: "NoncurrentVersionExpiration", lacks: pair.B, severity: survey.Note, says: "noncurrent versions of objects under \"old/\" after 9 days"},
		"of delete markers":      {b: []types.LifecycleRule{marker}, missing: "ExpiredObjectDeleteMarker", lacks: pair.A, severity: survey.Note, says: "delete markers"},
		"of transitions":         {a: []types.LifecycleRule{moving(30)}, b: []types.LifecycleRule{moving(60)}, missing: "Transition", lacks: pair.B, severity: survey.Note, says: "GLACIER after 30 days"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := theirs{}.build(t)
				for side, rules := range map[pair.SideName][]types.LifecycleRule{pair.A: c.a, pair.B: c.b} {
					if rules != nil {
						l.lifecycle(t, side, rules...)
					}
				}
				found, told := l.examine(t, false), map[pair.SideName]doctor.Trouble{}
				for _, trouble := range found.Troubles {
					if trouble.Cause != doctor.CauseLifecycle || trouble.Missing != c.missing {
						continue
					}
					if _, again := told[trouble.Side]; again {
						t.Errorf("it is told again: %+v", trouble)
					}
					told[trouble.Side] = trouble
				}
				trouble, is := told[c.lacks]
				if is != (c.missing != "") || trouble.Severity != c.severity || !strings.Contains(trouble.Words(), c.says) {
					t.Errorf("the trouble is %+v", trouble)
				}
				if _, both := told[c.lacks.Other()]; both && !c.both {
					t.Errorf("the other side is told to lack it, too: %+v", told)
				}
				if found.Healthy() != (c.severity != survey.Warning) {
					t.Errorf("healthy: %v, %+v", found.Healthy(), found.Troubles)
				}
			})
		})
	}
}

// The plan says the same, before anything is set up.
func TestThePlanTellsOfLifecyclesOnOneSide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := theirs{}.build(t)
		l.expire(t, pair.B, 30)
		if found := about(l.setUp(t), "lifecycle of bothways-test-two expires objects after 30 days"); found == nil || found.Severity != survey.Warning || found.Side != pair.A {
			t.Errorf("the finding is %+v", found)
		}
	})
}
