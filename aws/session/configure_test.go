package session_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/inventory"
	"bothways/aws/audit/inventory/configure"
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/step"
	"bothways/aws/session"
)

const othersStatement = `{"Sid":"Theirs","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::bothways-given-lists/*"}`

// decoys are what others have on the same buckets: a bucket for lists with a
// policy, and an inventory that does not serve.
func (w *world) decoys() {
	w.Helper()
	do := func(_ any, err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	a := w.s3(pair.A)
	do(a.CreateBucket(w.Context(), &s3.CreateBucketInput{Bucket: aws.String("bothways-given-lists"), CreateBucketConfiguration: &types.CreateBucketConfiguration{
		LocationConstraint: types.BucketLocationConstraint(testPair.A.Region),
	}}))
	do(a.PutBucketPolicy(w.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("bothways-given-lists"), Policy: aws.String(`{"Version":"2012-10-17","Statement":[` + othersStatement + `]}`)}))
	do(a.PutObject(w.Context(), &s3.PutObjectInput{Bucket: aws.String("bothways-given-lists"), Key: aws.String("theirs"), Body: strings.NewReader("x")}))
	do(a.PutBucketInventoryConfiguration(w.Context(), &s3.PutBucketInventoryConfigurationInput{Bucket: &testPair.A.Bucket, Id: aws.String("theirs"), InventoryConfiguration: &types.InventoryConfiguration{
		Id: aws.String("theirs"), IsEnabled: aws.Bool(true), IncludedObjectVersions: types.InventoryIncludedObjectVersionsCurrent,
		Schedule: &types.InventorySchedule{Frequency: types.InventoryFrequencyWeekly},
		Destination: &types.InventoryDestination{S3BucketDestination: &types.InventoryS3BucketDestination{
			Bucket: aws.String("arn:aws:s3:::bothways-given-lists"), Format: types.InventoryFormatCsv, Prefix: aws.String("weekly"),
		}},
	}}))
}

// standing is what inventories, buckets and policies stand.
func (w *world) standing() string {
	w.Helper()
	var all []string
	for _, side := range pair.Sides() {
		client := w.s3(side)
		offers, err := inventory.Offers(w.Context(), client, testPair.Side(side).Bucket, "")
		if err != nil {
			w.Fatal(err)
		}
		for _, o := range offers {
			all = append(all, fmt.Sprintf("%s inventory %s to %s/%s", side, o.ID, o.Bucket, o.Prefix))
		}
	}
	buckets, err := w.s3(pair.A).ListBuckets(w.Context(), &s3.ListBucketsInput{})
	if err != nil {
		w.Fatal(err)
	}
	for _, b := range buckets.Buckets {
		text := ""
		for _, side := range pair.Sides() {
			if out, err := w.s3(side).GetBucketPolicy(w.Context(), &s3.GetBucketPolicyInput{Bucket: b.Name}); err == nil {
				parts, err := policy.TakeApart(*out.Policy)
				if err != nil {
					w.Fatal(err)
				}
				for _, statement := range parts.Statements {
					text += " " + policy.Sid(statement)
				}
				break
			}
		}
		all = append(all, "bucket "+*b.Name+text)
	}
	return strings.Join(all, "\n")
}

func (w *world) inventories(asked configure.Asked, emit pair.Emit) {
	w.Helper()
	proposed, err := w.process().Inventory(w.Context(), w.access, testPair, asked)
	if err != nil {
		w.Fatal(err)
	}
	if err := w.process().ApplyInventory(w.Context(), w.access, proposed, emit); err != nil {
		w.Fatal(err)
	}
}

func (w *world) undoInventories(asked configure.Asked, emit pair.Emit) {
	w.Helper()
	undo, err := w.process().UndoInventory(w.Context(), w.access, testPair, asked.Buckets)
	if err != nil {
		w.Fatal(err)
	}
	if err := w.process().ApplyInventory(w.Context(), w.access, undo, emit); err != nil {
		w.Fatal(err)
	}
}

var inventoriesAsked = configure.Asked{Format: inventory.CSV, Buckets: map[pair.SideName]string{pair.A: "bothways-given-lists"}}

// Made, waited for, audited by, and undone: what others have stands as before,
// and so do the lists.
func TestInventoriesAreMadeAuditedByAndUndone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := nearWorld(t)
		w.setUp(w.process())
		w.decoys()
		before := w.standing()
		w.inventories(inventoriesAsked, func(pair.Event) {})
		made := w.standing()
		id := testPair.InventoryID()
		for _, says := range []string{
			"A inventory " + id + " to bothways-given-lists/", "A inventory theirs to", "B inventory " + id + " to bothways-" + testPair.ID() + "-lists-",
			"bucket bothways-given-lists Theirs Bothways" + testPair.ID() + "Inventory",
		} {
			if !strings.Contains(made, says) {
				t.Errorf("%q is not in\n%s", says, made)
			}
		}
		again, err := w.process().Inventory(t.Context(), w.access, testPair, inventoriesAsked)
		if err != nil || again.Changes() != 0 || len(again.Blocked()) > 0 {
			t.Errorf("a second plan has %d changes, %v, %v", again.Changes(), again.Findings, err)
		}
		if _, _, err := w.rows(session.AuditOptions{Inventory: true}); err == nil || !strings.Contains(err.Error(), "within 48 hours") {
			t.Errorf("before the first list: %v", err)
		}
		for i := range 6 {
			if _, err := w.s3(pair.A).PutObject(t.Context(), &s3.PutObjectInput{Bucket: &testPair.A.Bucket, Key: aws.String(fmt.Sprintf("k%d", i))}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Hour)
		replica, err := w.s3(pair.B).HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &testPair.B.Bucket, Key: aws.String("k3")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.s3(pair.B).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &testPair.B.Bucket, Key: aws.String("k3"), VersionId: replica.VersionId}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(72 * time.Hour)
		direct, _, err := w.rows(session.AuditOptions{})
		if err != nil || len(direct) != 1 {
			t.Fatalf("%v, %v", err, direct)
		}
		listed, _, err := w.rows(session.AuditOptions{Inventory: true})
		if err != nil || fmt.Sprint(listed) != fmt.Sprint(direct) {
			t.Errorf("%v: by lists %v, by listings %v", err, listed, direct)
		}
		var kept []string
		w.undoInventories(inventoriesAsked, func(e pair.Event) {
			if s, is := e.(step.Event); is && strings.Contains(s.Detail, "is kept") {
				kept = append(kept, s.Detail)
			}
		})
		own := testPair.InventoryBucket(pair.B, "111122223333")
		if after := w.standing(); !slices.ContainsFunc(strings.Split(after, "\n"), func(l string) bool { return strings.HasPrefix(l, "bucket bothways-"+testPair.ID()+"-lists-") }) ||
			withoutLists(after) != before {
			t.Errorf("after the undo (%s) there stands\n%s\nand before\n%s", own, after, before)
		}
		if len(kept) != 1 || !strings.Contains(kept[0], "manifest") && !strings.Contains(kept[0], "data/") || !strings.Contains(kept[0], "aws s3 rb") {
			t.Errorf("of the lists it says %q", kept)
		}
	})
}

// A bucket for lists in which only older versions lie is kept, and that is said.
func TestAnUndoOfInventoriesSaysWhichOlderVersionsKeepABucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := nearWorld(t)
		w.setUp(w.process())
		w.decoys()
		w.inventories(inventoriesAsked, func(pair.Event) {})
		client := w.s3(pair.B)
		var own *string
		buckets, err := client.ListBuckets(t.Context(), &s3.ListBucketsInput{})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range buckets.Buckets {
			if strings.HasPrefix(*b.Name, "bothways-"+testPair.ID()+"-lists-") {
				own = b.Name
			}
		}
		do := func(_ any, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		do(client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: own, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}))
		do(client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: own, Key: aws.String("data/list"), Body: strings.NewReader("x")}))
		do(client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: own, Key: aws.String("data/list")}))
		var kept []string
		w.undoInventories(inventoriesAsked, func(e pair.Event) {
			if s, is := e.(step.Event); is && strings.Contains(s.Detail, "is kept") {
				kept = append(kept, s.Detail)
			}
		})
		if len(kept) != 1 || !strings.Contains(kept[0], "2 older versions and delete markers") || !strings.Contains(kept[0], "data/list") {
			t.Errorf("it says %q", kept)
		}
	})
}

func withoutLists(standing string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(standing, "\n"), func(l string) bool { return strings.HasPrefix(l, "bucket bothways-"+testPair.ID()+"-lists-") }), "\n")
}

// A plan that is cut off at any call is completed by the next one, and its undo
// leaves what was there before.
func TestInventoriesThatAreCutOffAtAnyCallAreCompletedAndUndone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := nearWorld(t)
		w.setUp(w.process())
		w.decoys()
		before := w.standing()
		writes := func(r *http.Request) bool { return r.Method == http.MethodPut || r.Method == http.MethodDelete }
		var n atomic.Int64
		w.before = func(r *http.Request) {
			if writes(r) {
				n.Add(1)
			}
		}
		w.inventories(inventoriesAsked, func(pair.Event) {})
		making := int(n.Load())
		w.undoInventories(inventoriesAsked, func(pair.Event) {})
		undoing := int(n.Load()) - making
		w.before = nil
		if after := w.standing(); after != before || making != 5 || undoing != 5 {
			t.Fatalf("%d calls make it and %d undo it; before\n%s\nand after\n%s", making, undoing, before, after)
		}
		for at := 1; at <= making; at++ {
			w.cutOff(at, writes, func(ctx context.Context) error {
				proposed, err := w.process().Inventory(ctx, w.access, testPair, inventoriesAsked)
				if err != nil {
					return err
				}
				return w.process().ApplyInventory(ctx, w.access, proposed, func(pair.Event) {})
			})
			w.inventories(inventoriesAsked, func(pair.Event) {})
			if made := w.standing(); strings.Count(made, testPair.InventoryID()) != 2 || !strings.Contains(made, "bothways-given-lists Theirs Bothways") {
				t.Errorf("cut off at call %d, completed there stands\n%s", at, made)
			}
			w.cutOff(at, writes, func(ctx context.Context) error {
				undo, err := w.process().UndoInventory(ctx, w.access, testPair, inventoriesAsked.Buckets)
				if err != nil {
					return err
				}
				return w.process().ApplyInventory(ctx, w.access, undo, func(pair.Event) {})
			})
			w.undoInventories(inventoriesAsked, func(pair.Event) {})
			if after := w.standing(); after != before {
				t.Errorf("cut off at call %d, undone there stands\n%s\nand before\n%s", at, after, before)
			}
		}
		for _, text := range w.journals() {
			for line := range strings.Lines(text) {
				if !json.Valid([]byte(line)) {
					t.Errorf("a journal has %s", line)
				}
			}
		}
	})
}

// cutOff ends a run at its so manieth call that changes something.
func (w *world) cutOff(at int, counts func(*http.Request) bool, run func(context.Context) error) {
	w.Helper()
	ctx, cancel := context.WithCancel(w.Context())
	defer cancel()
	var n atomic.Int64
	w.before = func(r *http.Request) {
		if counts(r) && n.Add(1) == int64(at) {
			cancel()
		}
	}
	_ = run(ctx) // ended as it may
	w.before = nil
}
