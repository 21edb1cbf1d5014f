package plain_test

import (
	"bytes"
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/aws/replication"
	"bothways/ui/plain"
)

func TestATroubleSaysWhatIsThereWhatItMeansAndWhatToDo(t *testing.T) {
	direction := pair.BtoA
	events := []pair.Event{
		replication.ExaminingEvent{Detail: "reading"},
		replication.ExaminingEvent{Direction: &direction, Detail: hostile},
		replication.Trouble{
			Severity: replication.Blocker, Direction: &direction, Side: pair.A, Cause: replication.CausePolicy, Certainty: replication.Likely,
			Missing: "s3:ReplicateObject", Title: "role " + hostile + " may not write", Meaning: "Nothing arrives.", Todo: "Allow it.", CLI: "aws iam x",
		},
		replication.Trouble{Severity: replication.Note, Cause: replication.CauseRule, Certainty: replication.Certain, Title: "t", Meaning: "m."},
		replication.HealthEvent{Direction: pair.BtoA, State: replication.Broken, Detail: "It does not."},
		replication.DiagnosisEvent{Troubles: 1},
		replication.DiagnosisEvent{Healthy: true},
	}
	var text, lines bytes.Buffer
	plainly, json := plain.Text(&text), plain.JSON(&lines)
	for _, e := range events {
		plainly.Event(e)
		json.Event(e)
	}
	for _, want := range []string{
		"reading\nB → A  ", "blocker B → A side A, policy (likely): role ", "    Nothing arrives.\n    To do: Allow it.\n    aws iam x\n",
		"note, rule (certain): t.\n    m.\n", "B → A  broken: It does not.\n", "1 finding(s)", "Nothing is wrong",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if strings.ContainsAny(text.String(), "\x1b\x00\u202e") {
		t.Errorf("the text holds %q", text.String())
	}
	if n := strings.Count(lines.String(), "\n"); n != len(events) || !strings.Contains(lines.String(), `{"event":"trouble","severity":"blocker","direction":"BtoA","side":"A","cause":"policy","certainty":"likely","missing":"s3:ReplicateObject"`) {
		t.Errorf("the JSON lines are\n%s", lines.String())
	}
}

func TestWhatIsOnlyPlausibleNamesTheOptionThatProvesIt(t *testing.T) {
	for state, want := range map[replication.State]bool{replication.Plausible: true, replication.Proven: false} {
		var out strings.Builder
		plain.Text(&out).Event(replication.HealthEvent{State: state, Detail: "So it is."})
		if got := strings.Contains(out.String(), "(--canary)"); got != want || !strings.Contains(out.String(), "So it is.") {
			t.Errorf("%s: %q", state, out.String())
		}
	}
}
