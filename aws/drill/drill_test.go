package drill_test

import (
	"testing"

	"bothways/aws/drill"
	"bothways/aws/drill/record"
	"bothways/aws/sandbox"
)

func TestACutGoesItsWholeWayAndLeavesNothing(t *testing.T) {
	for _, outage := range []record.Outage{record.Refused, record.BlackHole, record.Slow} {
		t.Run(string(outage), func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				l := newLab(t, sandbox.Options{Seed: 3})
				scope := l.scope(record.Cut)
				scope.Outage = outage
				result, err := drill.Run(t.Context(), l.cut(scope), l.emit)
				if err != nil {
					t.Fatal(err)
				}
				if result.Verdict != record.Passed || result.Undo != record.Complete || len(result.Left) > 0 {
					t.Errorf("got %+v", result)
				}
				var reached []record.State
				for _, c := range of[record.Change](l) {
					if c.Reached {
						reached = append(reached, c.State)
					}
					t.Log(c.At.Format("15:04:05.000"), c.State, c.Reached, c.Why)
				}
				if len(reached) != len(record.States(record.Cut)) {
					t.Errorf("it reached %v", reached)
				}
				for _, f := range of[record.Finding](l) {
					t.Logf("%+v", f)
				}
				for _, s := range of[record.Recovery](l) {
					t.Logf("%+v", s)
				}
			})
		})
	}
}
