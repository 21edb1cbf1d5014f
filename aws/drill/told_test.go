package drill_test

import (
	"testing"
	"time"

	"bothways/aws/drill"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe/cost"
)

// A pause tells what HEAD says of objects on both sides before, during and after it,
// what CloudWatch said at the cut, and what it cost beside what it may have cost.
func TestAPauseTellsWhatItSawAndCost(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := metered(t, sandbox.Options{Seed: 3})
		time.Sleep(20 * time.Minute)
		scope := l.pauseScope()
		scope.Pair, scope.Hold, scope.Every = l.world.Pair, 3*time.Minute, time.Second
		result, err := drill.Run(t.Context(), l.paused(scope), l.emit)
		if err != nil || result.Verdict != record.Passed {
			t.Fatalf("%+v, %v", result, err)
		}
		said := map[record.Moment]map[string]int{record.Before: {}, record.During: {}, record.After: {}}
		for _, s := range of[record.ObjectStatus](l) {
			word := s.Status
			if s.Unknown != "" {
				word = s.Unknown
			}
			role := " at its origin"
			if s.Side != s.Direction.From() {
				role = " on the other side"
			}
			said[s.Moment][word+role]++
		}
		if n := said[record.Before]; n["COMPLETED at its origin"] != 2 || n["REPLICA on the other side"] != 2 {
			t.Errorf("before: %v", n)
		}
		if n := said[record.During]; n["COMPLETED at its origin"] != 2 || n["PENDING at its origin"] != 2 || n["it is not there on the other side"] != 2 {
			t.Errorf("during: %v", n)
		}
		if n := said[record.After]; n["COMPLETED at its origin"] != 4 || n["REPLICA on the other side"] != 4 {
			t.Errorf("after: %v", n)
		}
		for _, m := range of[record.Metric](l) {
			if m.Value == nil || m.Name == "OperationsPendingReplication" && *m.Value < 100 {
				t.Errorf("CloudWatch, after a pause of three minutes with a canary a second: %+v", m)
			}
		}
		if n := len(of[record.Metric](l)); n != 6 {
			t.Errorf("%d metrics", n)
		}
		costs := of[record.Cost](l)
		if len(costs) != 2 || !costs[0].Estimated || costs[1].Estimated || costs[1].Dollars > costs[0].Dollars {
			t.Fatalf("%+v", costs)
		}
		minutes := 0.0
		for _, i := range costs[1].Items {
			if i.Unit == "action-minutes" {
				minutes += i.N
			}
		}
		began, ended := of[record.Instant](l)[0].At, of[record.Instant](l)[2].At
		if least := 2 * ended.Sub(began).Minutes(); minutes < least || minutes > least+4 {
			t.Errorf("%v action-minutes of two experiments within %v", minutes, ended.Sub(began))
		}
		if len(of[cost.Usage](l)) != 1 {
			t.Error("the canaries' cost is not told once")
		}
		var moments []record.Moment
		for _, c := range of[record.Configuration](l) {
			if c.Side == pair.A {
				moments = append(moments, c.Moment)
			}
		}
		if len(moments) != 4 { // twice after: once the fault is over, and once its tags are gone
			t.Errorf("configurations: %v", moments)
		}
	})
}

// Without metrics it is said why CloudWatch has nothing, and a cut reads the
// configurations while it lasts, too.
func TestACutSaysWhyCloudWatchHasNothing(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		if _, err := drill.Run(t.Context(), l.cut(l.scope(record.Cut)), l.emit); err != nil {
			t.Fatal(err)
		}
		for _, m := range of[record.Metric](l) {
			if m.Value != nil || m.Why != "metrics are off on the rule "+testPair.RuleID(m.Direction) {
				t.Errorf("%+v", m)
			}
		}
		during := 0
		for _, c := range of[record.Configuration](l) {
			if c.Moment == record.During {
				during++
			}
		}
		if n := len(of[record.Metric](l)); n != 6 || during != 2 || len(of[record.Cost](l)) != 2 {
			t.Errorf("%d metrics, %d configurations, %+v", n, during, of[record.Cost](l))
		}
	})
}
