package measure

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
)

func TestAMeasuredPairIsListedAsItWasMeasured(t *testing.T) {
	a := stage(t, host.Probe, 100, 30)
	a.Access = account.Access{Profile: "dev"}
	was := a.Pair
	measured(a, 7)
	run := &host.Run{Stream: host.NewStream(0), Take: a.probe.take, Access: a.Access}
	a.probe.run = run
	a.Update(host.Batch{Run: run, Events: []pair.Event{
		probe.RunEvent{RunID: "r1", Pair: was, StartedAt: consoletest.Noon}, probe.StartedEvent{Key: "left"},
	}})
	a.Access, a.Pair.A.Bucket = account.Access{Profile: "prod"}, "another"
	said := consoletest.Bye(a.App)
	consoletest.ExpectIn(t, said, "bothways destroy --a "+was.A.String()+" --b "+was.B.String()+" --profile dev --yes", "may be left under")
	if strings.Contains(said, "--profile prod") || strings.Contains(said, "another") {
		t.Errorf("it names what is chosen now:\n%s", said)
	}
}

func TestAJournalThatFailsMidRunIsCalledIncomplete(t *testing.T) {
	a := sceneNamed(t, "results")
	path := filepath.Join(t.TempDir(), "r1.ndjson")
	run, _ := a.Start("measuring", 0, func(_ context.Context, emit pair.Emit) error {
		emit(session.Recording{RunID: "r1", Path: path})
		emit(session.Recording{RunID: "r1", Path: path, Err: errors.New("no space left on device")})
		emit(probe.StartedEvent{Key: "k1"})
		return nil
	}, a.probe.take)
	a.probe.run = run
	<-run.Over
	a.Update(run.Listen())
	if a.probe.path != path {
		t.Fatalf("the journal is said to be %q", a.probe.path)
	}
	frame := strings.Join(strings.Fields(consoletest.Text(a.App)), " ")
	if !strings.Contains(frame, "is incomplete, writing it failed") {
		t.Errorf("the results:\n%s", consoletest.Text(a.App))
	}
	consoletest.ExpectIn(t, consoletest.Bye(a.App), "Raw samples: "+path+" is incomplete, writing it failed")
}
