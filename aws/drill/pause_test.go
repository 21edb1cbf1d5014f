package drill_test

import (
	"testing"
	"time"

	"bothways/aws/drill"
	"bothways/aws/drill/pause"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
)

// paused is a drill of kind pause.
func (l *lab) paused(s record.Scope) drill.Config {
	return l.config(s, pause.New(l.world, s), probe.Clients{A: l.world.A.S3, B: l.world.B.S3})
}

func (l *lab) pauseScope() record.Scope {
	s := l.scope(record.Pause)
	s.Accounts = map[pair.SideName]string{pair.A: "000000000000", pair.B: "000000000000"}
	s.Callers = map[pair.SideName]string{pair.A: "arn:aws:iam::000000000000:user/operator", pair.B: "arn:aws:iam::000000000000:user/operator"}
	return s
}

// Of a pause that AWS ended by itself the end is told, too.
func TestTheEndOfAPauseThatEndedByItselfIsTold(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		fault := pause.New(l.world, l.pauseScope())
		if err := fault.Begin(t.Context(), l.emit); err != nil {
			t.Fatal(err)
		}
		time.Sleep(l.pauseScope().Box + time.Minute) // virtual
		if err := fault.End(t.Context(), l.emit); err != nil {
			t.Fatal(err)
		}
		last := map[string]record.Experiment{}
		for _, e := range of[record.Experiment](l) {
			last[e.ID] = e
		}
		for id, e := range last {
			if e.State != "completed" || e.EndedAt.IsZero() {
				t.Errorf("experiment %s was last told as %s, ended %s", id, e.State, e.EndedAt)
			}
		}
	})
}

func TestAPauseGoesItsWholeWayAndLeavesNothing(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		l.wire.reset()
		result, err := drill.Run(t.Context(), l.paused(l.pauseScope()), l.emit)
		if err != nil {
			t.Error(err)
		}
		if result.Verdict != record.Passed || result.Undo != record.Complete || len(result.Left) > 0 {
			t.Errorf("got %+v", result)
		}
		for _, c := range of[record.Change](l) {
			if c.State == record.Reported && c.Reached {
				return
			}
		}
		t.Error("its report was not reached")
	})
}
