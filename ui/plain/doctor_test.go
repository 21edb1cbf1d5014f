package plain_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/ui/plain"
)

func TestATroubleSaysWhatIsThereWhatItMeansAndWhatToDo(t *testing.T) {
	direction := pair.BtoA
	events := []pair.Event{
		doctor.ExaminingEvent{Detail: "reading"},
		doctor.ExaminingEvent{Direction: &direction, Detail: hostile},
		doctor.Trouble{
			Severity: survey.Blocker, Direction: &direction, Side: pair.A, Cause: doctor.CausePolicy, Certainty: doctor.Likely,
			Missing: "s3:ReplicateObject", Title: "role " + hostile + " may not write", Meaning: "Nothing arrives.", Todo: "Allow it.", CLI: "aws iam x",
		},
		doctor.Trouble{Severity: survey.Note, Cause: doctor.CauseRule, Certainty: doctor.Certain, Title: "t", Meaning: "m."},
		doctor.HealthEvent{Direction: pair.BtoA, State: doctor.Broken, Detail: "It does not."},
		doctor.DiagnosisEvent{Troubles: 1},
		doctor.DiagnosisEvent{Directions: 2},
		doctor.DiagnosisEvent{Healthy: true},
	}
	var text, lines bytes.Buffer
	plainly, json := plain.Text(&text), plain.JSON(&lines)
	for _, e := range events {
		plainly.Event(e)
		json.Event(e)
	}
	for _, want := range []string{
		"reading\nB → A  ", "blocker B → A side A, policy (likely): role ", "    Nothing arrives.\n    To do: Allow it.\n    aws iam x\n",
		"note, rule (certain): t.\n    m.\n", "B → A  broken: It does not.\n", "1 finding(s)", "2 direction(s) do not replicate", "Nothing is wrong",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "0 finding") {
		t.Errorf("an ending contradicts what was found:\n%s", text.String())
	}
	if strings.ContainsAny(text.String(), "\x1b\x00\u202e") {
		t.Errorf("the text holds %q", text.String())
	}
	if n := strings.Count(lines.String(), "\n"); n != len(events) || !strings.Contains(lines.String(), `{"event":"trouble","severity":"blocker","direction":"BtoA","side":"A","cause":"policy","certainty":"likely","missing":"s3:ReplicateObject"`) {
		t.Errorf("the JSON lines are\n%s", lines.String())
	}
}

func TestADirectionsStateStandsAboveWhatItRestsOn(t *testing.T) {
	var out strings.Builder
	plain.Text(&out).Event(doctor.HealthEvent{
		State: doctor.Plausible, Detail: "So it is.", ReadAt: time.Date(2026, 11, 29, 12, 0, 0, 0, time.Local),
		Checks: []doctor.Check{
			{What: "versioning", Seen: doctor.Fine, Says: "Enabled on both sides"},
			{What: "rights", Seen: doctor.Amiss, Says: "one lacks"},
			{What: "canary", Seen: doctor.Open, Says: "not tried"},
		},
	})
	const want = "    Read at 12:00:00:\n    [x] versioning Enabled on both sides\n    [!] rights     one lacks\n    [ ] canary     not tried\n"
	if !strings.HasSuffix(out.String(), want) {
		t.Errorf("%q, want at its end %q", out.String(), want)
	}
}

func TestWhatCouldNotBeTriedIsNotOfferedAgain(t *testing.T) {
	var out strings.Builder
	plain.Text(&out).Event(doctor.HealthEvent{State: doctor.Doubtful, Detail: "So it is.", Untried: "it could not be removed again"})
	if strings.Contains(out.String(), "--canary") {
		t.Errorf("%q", out.String())
	}
}

func TestWhatIsOnlyPlausibleNamesTheOptionThatProvesIt(t *testing.T) {
	for state, want := range map[doctor.State]bool{doctor.Plausible: true, doctor.Proven: false} {
		var out strings.Builder
		plain.Text(&out).Event(doctor.HealthEvent{State: state, Detail: "So it is."})
		if got := strings.Contains(out.String(), "(--canary)"); got != want || !strings.Contains(out.String(), "So it is.") {
			t.Errorf("%s: %q", state, out.String())
		}
	}
}
