package change

import (
	"context"
	"errors"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

// examined puts an examination's outcome on the doctor's screen.
func examined(a *staged, healthy bool) {
	s := a.doctor
	s.wanted, s.health = a.Pair, map[pair.Direction]doctor.HealthEvent{}
	s.run = &host.Run{Stream: host.NewStream(0), Doing: "examining the pair", Cancel: func() {}, Take: s.take}
	toB, toA := pair.AtoB, pair.BtoA
	events := []pair.Event{
		doctor.HealthEvent{Direction: toB, State: doctor.Plausible, Detail: "Nothing is in the way, as far as can be told without trying."},
		doctor.HealthEvent{Direction: toA, State: doctor.Plausible, Detail: "Nothing is in the way, as far as can be told without trying."},
	}
	if !healthy {
		events = []pair.Event{
			doctor.Trouble{
				Severity: survey.Blocker, Direction: &toB, Side: pair.A, Cause: "policy", Certainty: doctor.Certain, Missing: "s3:ReplicateObject",
				Title: "role copier may not s3:ReplicateObject on side B", Meaning: "S3 can't write the replicas: every object reads FAILED, for ever.",
				Todo: "Allow it in a policy of the role.", CLI: "aws iam put-role-policy --role-name copier --policy-name replicate",
			},
			doctor.Trouble{
				Severity: survey.Warning, Direction: &toA, Side: pair.B, Cause: "rule", Certainty: doctor.Certain,
				Title: "edits of replicas are not sent back", Meaning: "The two sides drift apart.", Todo: "Switch replica modifications on in both rules.", Apply: true,
			},
			doctor.HealthEvent{Direction: toB, State: doctor.Broken, Detail: "role copier may not s3:ReplicateObject on side B"},
			doctor.HealthEvent{Direction: toA, State: doctor.Proven, Detail: "A canary was read after 4.2 s."},
			doctor.DiagnosisEvent{Troubles: 2},
		}
	}
	s.take(host.Batch{Run: s.run, Events: events, Ended: true})
	consoletest.Redraw(a.App)
}

func TestTheDoctorWritesNothingUnlessAsked(t *testing.T) {
	var asked []bool
	a := stage(t, host.Plan, 80, 24)
	a.Engines().Examine = func(_ context.Context, _ account.Access, _ pair.Pair, o doctor.ExamineOptions, _ pair.Emit) (doctor.Diagnosis, error) {
		asked = append(asked, o.Canaries)
		return doctor.Diagnosis{}, nil
	}
	ended := func() {
		r := a.doctor.run
		for r != nil && a.doctor.run == r {
			a.Update(r.Listen())
		}
	}
	a.GoTo(host.Doctor)
	ended()
	consoletest.Keys(a.App, "t", "n")
	if len(asked) != 1 || asked[0] {
		t.Fatalf("examined with canaries: %v", asked)
	}
	consoletest.Keys(a.App, "t", "y")
	ended()
	if len(asked) != 2 || !asked[1] {
		t.Errorf("examined with canaries: %v", asked)
	}
}

func TestAnExaminationThatFailsSaysWhy(t *testing.T) {
	a := stage(t, host.Doctor, 80, 24)
	s := a.doctor
	s.run = &host.Run{Stream: host.NewStream(0), Cancel: func() {}, Take: s.take}
	s.take(host.Batch{Run: s.run, Ended: true, Err: errors.New("the network is down")})
	consoletest.Redraw(a.App)
	if frame := consoletest.Text(a.App); !strings.Contains(frame, "the network is down") || !strings.Contains(frame, "r looks again") {
		t.Errorf("%s", frame)
	}
}
