package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit"
	"bothways/aws/audit/athena"
	"bothways/aws/audit/athena/athenatest"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/aws/session"
)

// s3 is the client of a side.
func (w *world) s3(side pair.SideName) *s3.Client {
	w.Helper()
	clients, err := w.access.Open(w.Context(), testPair.Side(side).Region)
	if err != nil {
		w.Fatal(err)
	}
	return clients.S3
}

// listed sets the pair and inventories of both sides up, plants differences, and
// waits for the lists. It returns the stand-in for Athena beside it.
func (w *world) listed() *athenatest.StandIn {
	w.Helper()
	w.setUp(w.process())
	do := func(_ any, err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	for _, side := range pair.Sides() {
		in, client := testPair.Side(side), w.s3(side)
		lists := in.Bucket + "-lists"
		do(client.CreateBucket(w.Context(), &s3.CreateBucketInput{Bucket: &lists, CreateBucketConfiguration: &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(in.Region),
		}}))
		do(client.PutBucketPolicy(w.Context(), &s3.PutBucketPolicyInput{Bucket: &lists, Policy: aws.String(
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::` + lists + `/*"}]}`)}))
		do(client.PutBucketInventoryConfiguration(w.Context(), &s3.PutBucketInventoryConfigurationInput{
			Bucket: &in.Bucket, Id: aws.String("audit"), InventoryConfiguration: &types.InventoryConfiguration{
				Id: aws.String("audit"), IsEnabled: aws.Bool(true), IncludedObjectVersions: types.InventoryIncludedObjectVersionsAll,
				Schedule: &types.InventorySchedule{Frequency: types.InventoryFrequencyDaily},
				OptionalFields: []types.InventoryOptionalField{
					types.InventoryOptionalFieldSize, types.InventoryOptionalFieldETag, types.InventoryOptionalFieldLastModifiedDate,
				},
				Destination: &types.InventoryDestination{S3BucketDestination: &types.InventoryS3BucketDestination{
					Bucket: aws.String("arn:aws:s3:::" + lists), Format: types.InventoryFormatCsv,
				}},
			},
		}))
	}
	for i := range 12 {
		do(w.s3(pair.A).PutObject(w.Context(), &s3.PutObjectInput{Bucket: &testPair.A.Bucket, Key: aws.String(fmt.Sprintf("k%02d", i))}))
	}
	time.Sleep(time.Hour)
	for i := range 5 { // replicas that are gone by their IDs
		key := fmt.Sprintf("k%02d", i)
		replica, err := w.s3(pair.B).HeadObject(w.Context(), &s3.HeadObjectInput{Bucket: &testPair.B.Bucket, Key: &key})
		do(replica, err)
		do(w.s3(pair.B).DeleteObject(w.Context(), &s3.DeleteObjectInput{Bucket: &testPair.B.Bucket, Key: &key, VersionId: replica.VersionId}))
	}
	time.Sleep(72 * time.Hour)
	s := athenatest.New(athenatest.Comparer(context.WithoutCancel(w.Context()), testPair, map[pair.SideName]*s3.Client{pair.A: w.s3(pair.A), pair.B: w.s3(pair.B)}))
	w.access.HTTPClient = &http.Client{Transport: s.Transport(w.access.HTTPClient.(*http.Client).Transport)}
	return s
}

// rows are an audit's differences by key, and its counts as text.
func (w *world) rows(options session.AuditOptions, told ...pair.Emit) (rows map[string]difference.Verdict, counts string, err error) {
	w.Helper()
	rows = map[string]difference.Verdict{}
	result, err := w.process().Audit(w.Context(), w.access, testPair, options, func(e pair.Event) {
		if d, is := e.(difference.Difference); is {
			rows[d.Key] = d.Verdict
		}
		for _, tell := range told {
			tell(e)
		}
	})
	text, failed := json.Marshal(result.Tally)
	if failed != nil {
		w.Fatal(failed)
	}
	return rows, string(text), err
}

var byAthena = session.AuditOptions{Inventory: true, Athena: &athena.Asking{Workgroup: "w"}}

// Asked through Athena, an audit has the same rows, words and counts as when the
// lists are joined here, and the price comes before any question.
func TestAnAuditByAthenaHasTheRowsOfAnAuditByListings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := nearWorld(t)
		s := w.listed()
		direct, _, err := w.rows(session.AuditOptions{})
		if err != nil || len(direct) != 5 || direct["k00"] != difference.Gone {
			t.Fatalf("%v, %v", err, direct)
		}
		joined, joinedCounts, err := w.rows(session.AuditOptions{Inventory: true})
		if err != nil {
			t.Fatal(err)
		}
		var plans []athena.Plan
		var spent []athena.Spent
		rows, counts, err := w.rows(byAthena, func(e pair.Event) {
			switch e := e.(type) {
			case athena.Plan:
				if plans = append(plans, e); len(s.Started) > 0 {
					t.Error("Athena was asked before the price was told")
				}
			case athena.Spent:
				spent = append(spent, e)
			}
		})
		if err != nil || fmt.Sprint(rows) != fmt.Sprint(direct) || fmt.Sprint(rows) != fmt.Sprint(joined) || counts != joinedCounts {
			t.Errorf("%v\nlistings %v\njoined %v\nAthena %v\n%s\n%s", err, direct, joined, rows, joinedCounts, counts)
		}
		if len(plans) != 1 || plans[0].Region != "eu-west-1" || plans[0].Price.Transfer == 0 || len(plans[0].Made) != 2 {
			t.Errorf("the plans are %+v", plans)
		}
		if len(spent) != 1 || spent[0].Scanned != 6*10<<20 {
			t.Errorf("spent was %+v", spent)
		}
	})
}

// An audit that is interrupted at any request to Athena leaves no query going on
// and no table, and goes on to the same rows.
func TestAnAuditByAthenaThatIsInterruptedGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := nearWorld(t)
		s := w.listed()
		want, wantCounts, err := w.rows(byAthena)
		if err != nil {
			t.Fatal(err)
		}
		requests := 0
		s.Fail = func(string) (int, string) { requests++; return 0, "" }
		if _, _, err := w.rows(byAthena); err != nil {
			t.Fatal(err)
		}
		for at := 1; at <= requests; at++ {
			s.Reset()
			ctx, cancel := context.WithCancel(t.Context())
			n := 0
			s.Fail = func(string) (int, string) {
				if n++; n == at {
					cancel()
				}
				return 0, ""
			}
			begun, rows := false, map[string]difference.Verdict{}
			keep := func(e pair.Event) {
				switch e := e.(type) {
				case audit.Started:
					begun = true
				case difference.Difference:
					rows[e.Key] = e.Verdict
				}
			}
			_, err := w.process().Audit(ctx, w.access, testPair, byAthena, keep)
			cancel()
			if going := s.Going(); len(going) > 0 {
				t.Errorf("interrupted at request %d, %v go on", at, going)
			}
			if made, dropped := s.Tables(); len(made) > 0 {
				t.Errorf("interrupted at request %d, %v are left, and %v were dropped", at, made, dropped)
			}
			if err == nil || !begun {
				continue // its last requests, or before anything was asked
			}
			s.Fail = nil
			goOn := byAthena
			goOn.Resume = session.ResumeNewest
			result, err := w.process().Audit(t.Context(), w.access, testPair, goOn, keep)
			if err != nil {
				t.Fatalf("interrupted at request %d, it does not go on: %v", at, err)
			}
			text, err := json.Marshal(result.Tally)
			if err != nil || string(text) != wantCounts || fmt.Sprint(rows) != fmt.Sprint(want) {
				t.Errorf("interrupted at request %d, it goes on to %v\n%s\nwant\n%s", at, rows, text, wantCounts)
			}
			if made, _ := s.Tables(); len(made) > 0 {
				t.Errorf("gone on with after request %d, %v are left", at, made)
			}
		}
	})
}

// What a process that was killed left in Athena the next audit takes away where
// it does not go on with it: here Athena goes on as if nobody had stopped it.
func TestWhatAKilledAuditLeftInAthenaIsTakenAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := nearWorld(t)
		s := w.listed()
		n := 0
		dead := false
		ctx, cancel := context.WithCancel(t.Context())
		s.Fail = func(operation string) (int, string) {
			if operation == "StartQueryExecution" {
				n++
			}
			if operation == "GetQueryExecution" && n == 3 && !dead { // two tables are there, and the first question is asked
				dead = true
				cancel()
			}
			if dead {
				return 400, "AccessDeniedException" // nothing of the dead process arrives
			}
			return 0, ""
		}
		if _, err := w.process().Audit(ctx, w.access, testPair, byAthena, func(pair.Event) {}); err == nil {
			t.Fatal("it ends well")
		}
		going := s.Going()
		if made, _ := s.Tables(); len(going) != 1 || len(made) != 2 {
			t.Fatalf("%v go on, %v are left", going, made)
		}
		s.Fail = nil
		var left []athena.Left
		if _, _, err := w.rows(byAthena, func(e pair.Event) {
			if l, is := e.(athena.Left); is {
				left = append(left, l)
			}
		}); err != nil {
			t.Fatal(err)
		}
		if len(left) != 1 || !slices.Equal(left[0].Stopped, going) || len(left[0].Dropped) != 2 || len(left[0].Failed) > 0 {
			t.Errorf("taken away: %+v", left)
		}
		if made, _ := s.Tables(); len(s.Going()) > 0 || len(made) > 0 {
			t.Errorf("%v go on, %v are left", s.Going(), made)
		}
		if _, _, err := w.rows(byAthena, func(e pair.Event) {
			if l, is := e.(athena.Left); is {
				t.Errorf("taken away again: %+v", l)
			}
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAnAuditThatWasJoinedHereDoesNotGoOnInAthena(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := nearWorld(t)
		w.listed()
		ctx, cancel := context.WithCancel(t.Context())
		_, err := w.process().Audit(ctx, w.access, testPair, session.AuditOptions{Inventory: true}, func(e pair.Event) {
			if _, is := e.(audit.Started); is {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		goOn := byAthena
		goOn.Resume = session.ResumeNewest
		if _, _, err := w.rows(goOn); err == nil || !strings.Contains(err.Error(), "go on without --athena") {
			t.Errorf("got %v", err)
		}
	})
}
