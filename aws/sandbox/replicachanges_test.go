package sandbox_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

func TestTagsOfAReplicaGoBackOnlyIfBothRulesSaySo(t *testing.T) {
	for _, both := range []bool{true, false} {
		t.Run(fmt.Sprint(both), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
				w.pair()
				if !both {
					r := rule("side-b")
					r.SourceSelectionCriteria = nil
					if err := w.replicate("side-a", ireland, w.role("again", allActions...), r); err != nil {
						t.Fatal(err)
					}
				}
				w.put("side-a", ireland, "k", "x")
				pass(time.Minute)
				_, err := w.s3(singapore).PutObjectTagging(t.Context(), &s3.PutObjectTaggingInput{
					Bucket: aws.String("side-b"), Key: aws.String("k"),
					Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("seen"), Value: aws.String("yes")}}},
				})
				if err != nil {
					t.Fatal(err)
				}
				pass(time.Minute)
				if got := w.headNow("side-a", ireland).TagCount != nil; got != both {
					t.Errorf("tags went back: %v, want %v", got, both)
				}
				if a, b := w.status("side-a", ireland, "k"), w.status("side-b", singapore, "k"); a != "COMPLETED" || b != "REPLICA" {
					t.Errorf("statuses %s and %s", a, b)
				}
			})
		})
	}
}

func TestVersionsWrittenOnBothSidesEndUpInOneOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.pair()
		for range 3 {
			w.put("side-a", ireland, "k", "from a")
			w.put("side-b", singapore, "k", "from b")
		}
		pass(time.Hour)
		var orders [2][]string
		for i, side := range [][2]string{{"side-a", ireland}, {"side-b", singapore}} {
			list, err := w.s3(side[1]).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: &side[0]})
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range list.Versions {
				orders[i] = append(orders[i], *v.VersionId)
			}
		}
		if len(orders[0]) != 6 || !slices.Equal(orders[0], orders[1]) {
			t.Errorf("orders differ:\n%v\n%v", orders[0], orders[1])
		}
	})
}

func TestChangesOfMetadataFailForTheirOwnReasons(t *testing.T) {
	without := func(actions ...string) []string {
		return slices.DeleteFunc(slices.Clone(allActions), func(a string) bool { return slices.Contains(actions, a) })
	}
	for reason, row := range map[string]struct {
		actions  []string
		withdraw func(*world, string)
	}{
		"SrcGetTaggingNotPermitted": {without("s3:GetObjectVersionTagging"), nil},
		"DstPutTaggingNotPermitted": {without("s3:ReplicateTags", "s3:ReplicateObject"), nil},
		"DstVersionNotFound": {allActions, func(w *world, id string) {
			_, err := w.s3(singapore).DeleteObject(w.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-b"), Key: aws.String("k"), VersionId: &id})
			must(w, 0, err)
		}},
		"": {without("s3:ReplicateTags"), nil}, // ReplicateObject covers tags
	} {
		t.Run(reason, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
				w.pair()
				id := plainly(w)
				pass(time.Minute)
				w.grant("both", row.actions...)
				if row.withdraw != nil {
					row.withdraw(w, id)
				}
				w.tag("side-a", ireland, "seen", "yes")
				if got := w.status("side-a", ireland, "k"); got != "PENDING" {
					t.Errorf("while the change is under way it reads %s", got)
				}
				pass(time.Minute)
				want := map[bool]string{true: "COMPLETED", false: "FAILED"}[reason == ""]
				if got, status := w.sandbox.FailureReason("side-a", "k", id), w.status("side-a", ireland, "k"); got != reason || status != want {
					t.Errorf("it reads %s because of %q, want %s because of %q", status, got, want, reason)
				}
			})
		})
	}
}

func TestAReplicaReadsPendingWhileItsOwnChangeGoesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.pair()
		plainly(w)
		pass(time.Minute)
		for _, want := range []string{"REPLICA", "FAILED"} {
			w.tag("side-b", singapore, "seen", want)
			if got := w.status("side-b", singapore, "k"); got != "PENDING" {
				t.Errorf("at once it reads %s", got)
			}
			pass(time.Minute)
			if got := w.status("side-b", singapore, "k"); got != want {
				t.Errorf("then it reads %s, want %s", got, want)
			}
			w.grant("both", "s3:GetReplicationConfiguration")
		}
	})
}

func TestAChangeBetweenReplicaAndCompletionIsCarriedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.pair()
		plainly(w)
		pass(exactly) // the replica is there, the origin has not learned of it
		w.tag("side-a", ireland, "late", "yes")
		if got := w.status("side-a", ireland, "k"); got != "PENDING" {
			t.Errorf("the origin reads %s", got)
		}
		pass(time.Minute)
		if got := w.headNow("side-b", singapore); aws.ToInt32(got.TagCount) != 1 {
			t.Error("the change did not arrive")
		}
		if got := w.status("side-a", ireland, "k"); got != "COMPLETED" || len(w.deliveries) != 1 {
			t.Errorf("the origin reads %s after %d deliveries", got, len(w.deliveries))
		}
	})
}
