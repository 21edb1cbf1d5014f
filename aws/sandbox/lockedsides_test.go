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
				if got := w.sandbox.FailureReason("side-a", "k", id); got != reason {
					t.Errorf("failed because of %q", got)
				}
			})
		})
	}
}
