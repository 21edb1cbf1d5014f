package backfill_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/audit/difference"
	"bothways/aws/backfill"
	"bothways/aws/backfill/inplace"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// many writes n objects on a side, several at a time.
func (l *lab) many(side pair.SideName, kind string, n int) {
	l.Helper()
	writers := pool.New().WithContext(l.Context()).WithFirstError().WithMaxGoroutines(16)
	for i := range n {
		writers.Go(func(ctx context.Context) error {
			key := keyOf(kind, i)
			_, err := l.client(side).PutObject(ctx, &s3.PutObjectInput{Bucket: l.bucket(side), Key: &key, Body: strings.NewReader(kind + string(side))})
			return err
		})
	}
	if err := writers.Wait(); err != nil {
		l.Fatal(err)
	}
}

// switched sets the status of all rules of a side.
func (l *lab) switched(side pair.SideName, to types.ReplicationRuleStatus) {
	l.Helper()
	out, err := l.client(side).GetBucketReplication(l.Context(), &s3.GetBucketReplicationInput{Bucket: l.bucket(side)})
	if err != nil {
		l.Fatal(err)
	}
	for i := range out.ReplicationConfiguration.Rules {
		out.ReplicationConfiguration.Rules[i].Status = to
	}
	if _, err := l.client(side).PutBucketReplication(l.Context(), &s3.PutBucketReplicationInput{Bucket: l.bucket(side), ReplicationConfiguration: out.ReplicationConfiguration}); err != nil {
		l.Fatal(err)
	}
	l.settle()
}

// policies takes the replication role's policy of a direction away, and gives
// back what was there.
func (l *lab) withoutRights(d pair.Direction, meanwhile func()) {
	l.Helper()
	client, role, name := l.world.Clients(d.From()).IAM, aws.String(l.world.Pair.RoleName(d)), aws.String(l.world.Pair.PolicyName())
	was, err := client.GetRolePolicy(l.Context(), &iam.GetRolePolicyInput{RoleName: role, PolicyName: name})
	if err != nil {
		l.Fatal(err)
	}
	_, err = client.PutRolePolicy(l.Context(), &iam.PutRolePolicyInput{
		RoleName: role, PolicyName: name,
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*"}]}`),
	})
	if err != nil {
		l.Fatal(err)
	}
	l.settle()
	meanwhile()
	if _, err := client.PutRolePolicy(l.Context(), &iam.PutRolePolicyInput{RoleName: role, PolicyName: name, PolicyDocument: aws.String(unescaped(l.T, *was.PolicyDocument))}); err != nil {
		l.Fatal(err)
	}
	l.settle()
}

// The closed loop: what was written before the rules and in a gap of a disabled
// rule, what failed by a missing right, what was deleted for good on one side, and
// what both sides wrote ends at "0 left", and what can't be put right is named.
func TestTheClosedLoopEndsAtZeroLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.many(pair.A, "before", whole*4/10)
		l.many(pair.B, "before-b", whole*3/10)
		l.setUp()
		l.settle()
		l.switched(pair.A, types.ReplicationRuleStatusDisabled)
		l.many(pair.A, "gap", whole/10)
		l.switched(pair.A, types.ReplicationRuleStatusEnabled)
		l.withoutRights(pair.AtoB, func() {
			l.many(pair.A, "failed", whole/10)
			l.settle()
		})
		const hard, older, conflicts = 20, 5, 20
		for side, kind := range map[pair.SideName]string{pair.A: "hard-a", pair.B: "hard-b"} {
			for n := range hard {
				version := l.put(side, keyOf(kind, n), "x")
				l.settle()
				l.erase(side.Other(), keyOf(kind, n), version)
			}
		}
		for n := range older { // gone there, and not what is served here
			version := l.put(pair.A, keyOf("older", n), "x")
			l.put(pair.A, keyOf("older", n), "y")
			l.settle()
			l.erase(pair.B, keyOf("older", n), version)
		}
		l.switched(pair.A, types.ReplicationRuleStatusDisabled)
		l.switched(pair.B, types.ReplicationRuleStatusDisabled)
		for n := range conflicts { // each side has its own, and the other's never came
			l.put(pair.A, keyOf("both", n), "of A")
			l.put(pair.B, keyOf("both", n), "of B!")
		}
		l.switched(pair.A, types.ReplicationRuleStatusEnabled)
		l.switched(pair.B, types.ReplicationRuleStatusEnabled)

		asked := l.asked()
		asked.Copies, asked.Winner = true, inplace.Winner{Side: pair.A}
		result, seen := l.fill(asked)
		tried := int64(whole*9/10 + 2*hard + 2*conflicts)
		if result.Left() > 0 || result.Tried != tried || result.Copied != 2*hard {
			t.Errorf("got %+v, want %d tried", result, tried)
			for i, left := range of[backfill.Left](seen) {
				if i < 5 {
					t.Log(left)
				}
			}
		}
		if got := result.Untried[backfill.NotCurrent]; got != older || result.Alone() != older {
			t.Errorf("left alone: %v, want %d older versions", result.Untried, older)
		}
		named := 0
		for _, left := range of[backfill.Left](seen) {
			if left.Reason == backfill.NotCurrent && strings.HasPrefix(left.Key, "older/") && left.Words != "" && left.Todo != "" {
				named++
			}
		}
		if named != older {
			t.Errorf("%d are named, want %d", named, older)
		}
		// What is served is the same on both sides now, but for conflicts that the
		// order of arrival decides: a second round chooses their winner.
		if rows := conflictsOf(l.differences()); len(rows) > 0 {
			second := l.asked()
			second.Winner = inplace.Winner{Side: pair.A}
			if result, _ := l.fill(second); result.Left() > 0 || result.Copied != int64(len(rows)) {
				t.Errorf("the second round: %+v for %d conflicts", result, len(rows))
			}
			if rows := conflictsOf(l.differences()); len(rows) > 0 {
				t.Errorf("%d conflicts are left", len(rows))
			}
		}
		for _, d := range l.differences() {
			if d.Verdict != difference.Gone {
				t.Errorf("left: %+v", d)
			}
		}
		l.nothingOfOurs()
	})
}

func conflictsOf(rows []difference.Difference) []difference.Difference {
	return slices.DeleteFunc(rows, func(d difference.Difference) bool { return d.Verdict != difference.Conflict })
}

// What S3 refuses for good is named with S3's reason and what helps, and the run
// takes away what it made all the same.
func TestATaskThatFailsIsNamedWithItsCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.setUp()
		version := l.put(pair.A, "gone", "x")
		l.settle()
		l.erase(pair.B, "gone", version)
		asked := l.asked()
		rows := l.differences()
		for i := range rows {
			if rows[i].Key == "gone" { // as an audit would that has not asked for its status
				rows[i].Verdict, rows[i].Cause, rows[i].Remedy = difference.NeverEligible, difference.BeforeRule, difference.Replicate
			}
		}
		asked.Rows = seq(rows)
		result, seen := l.fill(asked)
		left := of[backfill.Left](seen)
		if result.Left() != 1 || len(left) != 1 {
			t.Fatalf("got %+v, left %v", result, left)
		}
		if left[0].Code != "DstObjectHardDeleted" || left[0].Key != "gone" || left[0].VersionID != version || !strings.Contains(left[0].Todo, "--copies") {
			t.Errorf("left is %+v", left[0])
		}
		l.nothingOfOurs()
	})
}

// A job whose direction lacks a right fails its tasks: they are left for the
// doctor, and the next backfill puts them right.
func TestFailuresWaitForTheRepair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.setUp()
		l.withoutRights(pair.AtoB, func() {
			l.many(pair.A, "failed", 5)
			l.settle()
			p := l.prepare(l.asked())
			if !p.Nothing() || p.Untried[backfill.Unhealthy] != 5 {
				t.Errorf("%d steps, left alone %v", len(p.Steps), p.Untried)
			}
			if !slices.ContainsFunc(p.Findings, func(f survey.Finding) bool {
				return f.Severity == survey.Warning && strings.Contains(f.Meaning, "doctor") && strings.Contains(f.Title, "5 differences")
			}) {
				t.Errorf("nothing says why: %v", p.Findings)
			}
		})
		if result, _ := l.fill(l.asked()); result.Left() > 0 || result.There != 5 {
			t.Errorf("got %+v", result)
		}
	})
}

// unescaped is a document as IAM answers it.
func unescaped(t *testing.T, text string) string {
	t.Helper()
	plain, err := url.QueryUnescape(text)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}
