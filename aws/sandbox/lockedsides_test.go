package sandbox_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// lockActions are what a role needs besides where Object Lock is enabled.
var lockActions = append([]string{"s3:GetObjectRetention", "s3:GetObjectLegalHold"}, allActions...)

func (w *world) lockedBucket(name, region string) {
	w.Helper()
	_, err := w.s3(region).CreateBucket(w.Context(), &s3.CreateBucketInput{
		Bucket: &name, ObjectLockEnabledForBucket: aws.Bool(true),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)},
	})
	must(w, 0, err)
}

func TestLocksTravelWithTheirVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.lockedBucket("side-a", ireland)
		w.lockedBucket("side-b", singapore)
		must(t, 0, w.replicate("side-a", ireland, w.role("r", lockActions...), rule("side-b")))
		until := time.Now().Add(24 * time.Hour)
		w.write(&s3.PutObjectInput{ObjectLockMode: types.ObjectLockModeGovernance, ObjectLockRetainUntilDate: &until})
		pass(time.Minute)
		replica := w.headNow("side-b", singapore)
		if replica.ObjectLockMode != types.ObjectLockModeGovernance || !replica.ObjectLockRetainUntilDate.Equal(until) {
			t.Errorf("replica is locked %s until %v", replica.ObjectLockMode, replica.ObjectLockRetainUntilDate)
		}
		_, err := w.s3(ireland).PutObjectLegalHold(t.Context(), &s3.PutObjectLegalHoldInput{
			Bucket: aws.String("side-a"), Key: aws.String("k"), LegalHold: &types.ObjectLockLegalHold{Status: types.ObjectLockLegalHoldStatusOn},
		})
		must(t, 0, err)
		if got := w.status("side-a", ireland, "k"); got != "PENDING" {
			t.Errorf("while the change is under way the origin reads %s", got)
		}
		pass(time.Minute)
		if got := w.headNow("side-b", singapore).ObjectLockLegalHoldStatus; got != types.ObjectLockLegalHoldStatusOn {
			t.Errorf("legal hold of the replica is %q", got)
		}
	})
}

func TestALockedOriginWantsALockedDestinationAndItsRights(t *testing.T) {
	for reason, row := range map[string]struct {
		locked  bool
		actions []string
	}{
		"DstBucketObjectLockConfigMissing": {false, lockActions},
		"SrcGetRetentionNotPermitted":      {true, allActions},
		"SrcGetLegalHoldNotPermitted":      {true, append([]string{"s3:GetObjectRetention"}, allActions...)},
	} {
		t.Run(reason, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
				w.lockedBucket("side-a", ireland)
				if row.locked {
					w.lockedBucket("side-b", singapore)
				} else {
					w.bucket("side-b", singapore)
				}
				must(t, 0, w.replicate("side-a", ireland, w.role("r", row.actions...), rule("side-b")))
				id := plainly(w)
				pass(time.Minute)
				w.failedBecause(id, reason)
			})
		})
	}
}

func TestReplicasWithoutRetentionGetTheDefaultOfTheirBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.lockedBucket("side-a", ireland)
		w.lockedBucket("side-b", singapore)
		_, err := w.s3(singapore).PutObjectLockConfiguration(t.Context(), &s3.PutObjectLockConfigurationInput{
			Bucket: aws.String("side-b"), ObjectLockConfiguration: &types.ObjectLockConfiguration{
				ObjectLockEnabled: types.ObjectLockEnabledEnabled, Rule: &types.ObjectLockRule{
					DefaultRetention: &types.DefaultRetention{Mode: types.ObjectLockRetentionModeCompliance, Days: aws.Int32(30)},
				},
			},
		})
		must(t, 0, err)
		must(t, 0, w.replicate("side-a", ireland, w.role("r", lockActions...), rule("side-b")))
		put := func(in *s3.PutObjectInput) *s3.HeadObjectOutput {
			w.write(in)
			pass(time.Minute)
			return w.headNow("side-b", singapore)
		}
		start := time.Now().Truncate(time.Second)
		replica := put(&s3.PutObjectInput{})
		if until := start.Add(30 * 24 * time.Hour); replica.ObjectLockMode != types.ObjectLockModeCompliance || replica.ObjectLockRetainUntilDate.Sub(until).Abs() > time.Second {
			t.Errorf("replica is locked %s until %v, want COMPLIANCE until %v", replica.ObjectLockMode, replica.ObjectLockRetainUntilDate, until)
		}
		if origin := w.headNow("side-a", ireland); origin.ObjectLockMode != "" {
			t.Errorf("origin is locked %s", origin.ObjectLockMode)
		}
		w.tag("side-a", ireland, "edited", "yes")
		pass(time.Minute)
		if replica := w.headNow("side-b", singapore); replica.ObjectLockMode != types.ObjectLockModeCompliance || aws.ToInt32(replica.TagCount) != 1 {
			t.Errorf("after an edit the replica is locked %q and has %d tags", replica.ObjectLockMode, aws.ToInt32(replica.TagCount))
		}
		until := time.Now().Add(24 * time.Hour)
		replica = put(&s3.PutObjectInput{ObjectLockMode: types.ObjectLockModeGovernance, ObjectLockRetainUntilDate: &until})
		if replica.ObjectLockMode != types.ObjectLockModeGovernance || !replica.ObjectLockRetainUntilDate.Equal(until) {
			t.Errorf("with the origin's own retention it is locked %s until %v", replica.ObjectLockMode, replica.ObjectLockRetainUntilDate)
		}
	})
}
