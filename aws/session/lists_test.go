package session_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/inventory"
	"bothways/aws/audit/inventory/configure"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/session"
)

var ownLists = configure.Asked{Format: inventory.CSV}

// withLists is a pair whose lists go to buckets that bothways made.
func withLists(t *testing.T) *world {
	t.Helper()
	w := nearWorld(t)
	w.setUp(w.process())
	w.inventories(ownLists, func(pair.Event) {})
	return w
}

// buckets are the names of those that are there.
func (w *world) buckets() []string {
	w.Helper()
	out, err := w.s3(pair.A).ListBuckets(w.Context(), &s3.ListBucketsInput{})
	if err != nil {
		w.Fatal(err)
	}
	names := make([]string, 0, len(out.Buckets))
	for _, b := range out.Buckets {
		names = append(names, *b.Name)
	}
	return names
}

// ownList is the bucket that bothways made for the lists of a side.
func (w *world) ownList(side pair.SideName) string {
	w.Helper()
	all := w.buckets()
	i := slices.IndexFunc(all, func(name string) bool {
		return strings.Contains(name, "-lists-") && strings.Contains(name, testPair.Side(side).Region)
	})
	if i < 0 {
		w.Fatalf("side %s has no bucket for lists among %v", side, all)
	}
	return all[i]
}

// tornDown takes the pair down as a computer does that knows nothing of it.
func (w *world) tornDown(buckets bool) plan.Plan {
	w.Helper()
	elsewhere := session.New("test", w.TempDir())
	down := w.survey(elsewhere).TearDown(buckets)
	if err := elsewhere.Apply(w.Context(), w.access, down, (&face{}).emit); err != nil {
		w.Fatal(err)
	}
	return down
}

// sourceGone removes a bucket of the pair as somebody else would.
func (w *world) sourceGone(side pair.SideName) {
	w.Helper()
	if _, err := w.s3(side).DeleteBucket(w.Context(), &s3.DeleteBucketInput{Bucket: aws.String(testPair.Side(side).Bucket)}); err != nil {
		w.Fatal(err)
	}
}

func told(findings []survey.Finding, says string) bool {
	return slices.ContainsFunc(findings, func(f survey.Finding) bool { return strings.Contains(f.Title+": "+f.Meaning, says) })
}

// What bothways inventory made goes with the pair, with its buckets and without;
// what others have for lists stays.
func TestATearDownTakesInventoriesAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := nearWorld(t)
		w.setUp(w.process())
		w.decoys()
		before := w.standing()
		w.inventories(inventoriesAsked, func(pair.Event) {})
		w.tornDown(false)
		if after := w.standing(); after != before {
			t.Errorf("after the tear-down there stands\n%s\nand before the inventories\n%s", after, before)
		}
		w.setUp(w.process())
		w.inventories(inventoriesAsked, func(pair.Event) {})
		w.tornDown(true)
		if left := w.buckets(); !slices.Equal(left, []string{"bothways-given-lists"}) {
			t.Errorf("with its buckets, %v are left", left)
		}
		given, err := w.s3(pair.A).GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String("bothways-given-lists")})
		if err != nil || strings.Contains(*given.Policy, testPair.ID()) || !strings.Contains(*given.Policy, "Theirs") {
			t.Errorf("the policy of the given bucket: %v", err)
		}
	})
}

// Buckets for lists are found by their names and tags where what they were of is
// gone.
func TestListsWhoseSourceIsGoneAreFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := withLists(t)
		w.sourceGone(pair.A)
		w.sourceGone(pair.B)
		w.undoInventories(configure.Asked{}, func(pair.Event) {})
		if left := w.buckets(); len(left) > 0 {
			t.Errorf("after the undo %v are left", left)
		}

		w.setUp(w.process())
		w.inventories(ownLists, func(pair.Event) {})
		w.tornDown(false)
		w.setUp(w.process())
		w.decoys()
		w.inventories(inventoriesAsked, func(pair.Event) {})
		w.sourceGone(pair.A)
		w.undoInventories(inventoriesAsked, func(pair.Event) {})
		given, err := w.s3(pair.A).GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String("bothways-given-lists")})
		if err != nil || strings.Contains(*given.Policy, testPair.ID()) {
			t.Errorf("the policy of the given bucket has our statement still: %v", err)
		}
	})
}

// A tear-down goes by them, too: where nothing else of the pair is there and one of
// its buckets is gone, they say that its name is no slip.
func TestATearDownFindsListsWhereNothingElseIsLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := nearWorld(t)
		for _, side := range pair.Sides() {
			if _, err := w.s3(side).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(testPair.Side(side).Bucket), CreateBucketConfiguration: &types.CreateBucketConfiguration{
				LocationConstraint: types.BucketLocationConstraint(testPair.Side(side).Region),
			}}); err != nil {
				t.Fatal(err)
			}
		}
		w.inventories(ownLists, func(pair.Event) {})
		w.sourceGone(pair.A)
		w.tornDown(true)
		if left := w.buckets(); !slices.Equal(left, []string{testPair.B.Bucket}) {
			t.Errorf("%v are left", left)
		}
	})
}

// Beside a bucket that somebody gave, an earlier one of ours is found.
func TestAnEarlierBucketForListsIsFoundBesideAGivenOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := withLists(t)
		own := w.ownList(pair.A)
		if _, err := w.s3(pair.A).DeleteBucketInventoryConfiguration(t.Context(), &s3.DeleteBucketInventoryConfigurationInput{Bucket: &testPair.A.Bucket, Id: aws.String(testPair.InventoryID())}); err != nil {
			t.Fatal(err)
		}
		w.decoys()
		w.inventories(inventoriesAsked, func(pair.Event) {})
		w.undoInventories(configure.Asked{}, func(pair.Event) {})
		if left := w.standing(); strings.Contains(left, own) || strings.Contains(left, testPair.ID()+"Inventory") {
			t.Errorf("there stands\n%s", left)
		}
	})
}

// Lists that were delivered stay with their bucket, and a bucket without our tag
// stays as it is: both are named, by a tear-down and by the undo.
func TestWhatOfInventoriesStaysIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := withLists(t)
		kept, theirs := w.ownList(pair.A), w.ownList(pair.B)
		if _, err := w.s3(pair.A).PutObject(t.Context(), &s3.PutObjectInput{Bucket: &kept, Key: aws.String("a/list"), Body: strings.NewReader("x")}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.s3(pair.B).DeleteBucketTagging(t.Context(), &s3.DeleteBucketTaggingInput{Bucket: &theirs}); err != nil {
			t.Fatal(err)
		}
		down := w.tornDown(true)
		undo, err := w.process().UndoInventory(t.Context(), w.access, testPair, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, of := range []plan.Plan{down, undo} {
			for _, says := range []string{"bucket " + kept + ", for lists of S3 Inventory, stays", "s3://" + kept + " --force", "bucket " + theirs + " stays"} {
				if !told(of.Findings, says) {
					t.Errorf("%s: no finding says %q: %v", of.Purpose, says, of.Findings)
				}
			}
		}
		if left := w.buckets(); len(left) != 2 || undo.Changes() != 0 {
			t.Errorf("%v are left, and the undo would change %d more", left, undo.Changes())
		}
	})
}

// What may not be looked at is not said to be gone.
func TestInventoriesThatCannotBeLookedAtAreSaidToBeUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := withLists(t)
		w.before = func(r *http.Request) {
			if r.URL.Query().Has("inventory") || strings.Contains(r.URL.String(), "-lists-") {
				r.Header.Del("Authorization") // which refuses it
			}
		}
		down := w.survey(w.process()).TearDown(true)
		undo, err := w.process().UndoInventory(t.Context(), w.access, testPair, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, of := range []plan.Plan{down, undo} {
			for _, says := range []string{"credentials: the inventory " + testPair.InventoryID(), "credentials: bucket bothways-", "is not known"} {
				if !told(of.Findings, says) {
					t.Errorf("%s: no finding says %q: %v", of.Purpose, says, of.Findings)
				}
			}
		}
	})
}
