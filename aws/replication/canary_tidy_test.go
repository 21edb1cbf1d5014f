package replication_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// undeletable lets nobody delete versions from a side's bucket.
func (l *lab) undeletable(t *testing.T, side pair.SideName) {
	t.Helper()
	bucket := l.world.Pair.Side(side).Bucket
	_, err := l.clients(side).S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &bucket, Policy: aws.String(
		`{"Version":"2012-10-17","Statement":[{"Sid":"Keep","Effect":"Deny","Principal":"*","Action":"s3:DeleteObjectVersion","Resource":"arn:aws:s3:::` + bucket + `/*"}]}`)})
	if err != nil {
		t.Fatal(err)
	}
}

// retain has a side's bucket keep every new version for a day.
func (l *lab) retain(t *testing.T, side pair.SideName) {
	t.Helper()
	_, err := l.clients(side).S3.PutObjectLockConfiguration(t.Context(), &s3.PutObjectLockConfigurationInput{
		Bucket: aws.String(l.world.Pair.Side(side).Bucket),
		ObjectLockConfiguration: &types.ObjectLockConfiguration{
			ObjectLockEnabled: types.ObjectLockEnabledEnabled,
			Rule:              &types.ObjectLockRule{DefaultRetention: &types.DefaultRetention{Mode: types.ObjectLockRetentionModeCompliance, Days: aws.Int32(1)}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A proof is a proof, whatever becomes of the object that brought it.
func TestACanaryThatCannotBeRemovedTakesNothingFromItsProof(t *testing.T) {
	for name, c := range map[string]struct {
		world func(*testing.T, *lab)
		stays []pair.SideName
	}{
		"nothing denied": {func(t *testing.T, l *lab) { l.bucket(t, pair.A); l.bucket(t, pair.B) }, nil},
		"denied on A":    {func(t *testing.T, l *lab) { l.bucket(t, pair.A); l.bucket(t, pair.B); l.undeletable(t, pair.A) }, []pair.SideName{pair.A}},
		"denied on both": {func(t *testing.T, l *lab) {
			for _, side := range pair.Sides() {
				l.bucket(t, side)
				l.undeletable(t, side)
			}
		}, pair.Sides()},
		"retained on A": {func(t *testing.T, l *lab) { l.lockedBucket(t, pair.A) }, []pair.SideName{pair.A}},
	} {
		for _, given := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", with a given role"}[given], func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l := newLab(t, testPair)
					c.world(t, l)
					l.world.Consent = pair.KeepCanaries
					if given { // nothing is noted on it, so all that is told is in one event
						l.world.Pair.Given.RoleAtoB = l.mightyRole(t)
					}
					proposed := l.setUp(t)
					retained := strings.HasPrefix(name, "retained")
					if retained { // from before the plan it would keep it from running
						l.retain(t, pair.A)
					}
					var events log
					if err := plan.Apply(t.Context(), proposed, events.emit); err != nil {
						t.Fatal(err)
					}
					for _, d := range pair.Directions() {
						id := "canary-" + d.Slug()
						detail := events.detail(id)
						if events.last[id] != step.Done || !strings.Contains(detail, "the replica was read") {
							t.Errorf("%s ended %s: %s", id, events.last[id], detail)
						}
						stays := c.stays
						if retained && d == pair.AtoB { // a replica takes its retention along
							stays = pair.Sides()
						}
						toldOf(t, detail, stays)
					}
					if retained { // then the doctor writes none
						return
					}
					for d, h := range l.examine(t, true).Health {
						if h.State != doctor.Proven {
							t.Errorf("the doctor says of %s that it is %s: %s", d.Arrow(), h.State, h.Detail)
						}
						toldOf(t, h.Detail, c.stays)
					}
				})
			})
		}
	}
}

// toldOf holds a detail to naming what stays, where, and how it goes, and to
// nothing else.
func toldOf(t *testing.T, detail string, stays []pair.SideName) {
	t.Helper()
	if strings.Contains(detail, "%!") {
		t.Errorf("it says %q", detail)
	}
	for _, side := range pair.Sides() {
		named := strings.Contains(detail, testPair.Side(side).Bucket+"/"+testPair.CanaryPrefix())
		want := false
		for _, s := range stays {
			want = want || s == side
		}
		if named != want {
			t.Errorf("that it stays on side %s is told %t, want %t: %s", side, named, want, detail)
		}
	}
	if said := strings.Contains(detail, "(AccessDenied)") && strings.Contains(detail, "bothways clean to remove, once s3:DeleteObjectVersion is allowed"); said != (len(stays) > 0) {
		t.Errorf("why it stays and how it goes is told %t: %s", said, detail)
	}
}

func TestATrialThatFailsTellsWhyAndWhatStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.bucket(t, pair.A)
		l.bucket(t, pair.B)
		l.undeletable(t, pair.A)
		l.world.Consent = pair.KeepCanaries
		l.world.Pair.Given.RoleAtoB = l.role(t, pair.A, "weak")
		var events log
		err := plan.Apply(t.Context(), l.setUp(t), events.emit)
		if err == nil || strings.Contains(err.Error(), "left behind") || strings.Contains(err.Error(), "%!") {
			t.Errorf("apply says %v", err)
		}
		detail := events.detail("canary-a-to-b")
		if events.last["canary-a-to-b"] != step.Failed || !strings.Contains(detail, "S3 reported FAILED") {
			t.Errorf("it ended %s: %s", events.last["canary-a-to-b"], detail)
		}
		toldOf(t, detail, []pair.SideName{pair.A})
	})
}

func TestACancelledTrialIsClearedAwayOrTellsWhatStays(t *testing.T) {
	for _, stays := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, testPair)
			l.bucket(t, pair.A)
			l.bucket(t, pair.B)
			if stays {
				l.undeletable(t, pair.A)
				l.world.Consent = pair.KeepCanaries
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			l.wire.after = func(_ int, r *http.Request) {
				if r.Method == http.MethodPut && isCanary(r.URL.Path) && strings.Contains(r.URL.Path, "a-to-b") {
					cancel()
				}
			}
			var events log
			if err := plan.Apply(ctx, l.setUp(t), events.emit); !errors.Is(err, context.Canceled) {
				t.Errorf("apply says %v", err)
			}
			l.wire.reset()
			detail := events.detail("canary-a-to-b")
			if events.last["canary-a-to-b"] != step.Cancelled || strings.Contains(detail, "left behind") != stays {
				t.Errorf("stays %t: it ended %s: %s", stays, events.last["canary-a-to-b"], detail)
			}
			out, err := l.world.A.S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(testPair.A.Bucket), Prefix: aws.String(testPair.CanaryPrefix() + "test/a-to-b")})
			if err != nil || len(out.Versions) > 0 != stays {
				t.Errorf("stays %t: %d versions, %v", stays, len(out.Versions), err)
			}
		})
	}
}
