package drill_test

import (
	"testing"

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
