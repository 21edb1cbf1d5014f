package account

import "testing"

// A program may say what it was given: its own words, and AWS's variables.
func TestWhatAProgramWasGivenIsNotQuoted(t *testing.T) {
	got := redactOwn(
		"login --user dev as swordfish with open-sesame in eu-west-1 of team: token-of-mine refused",
		`"/opt/my tools/login" --user dev --password swordfish --code=open-sesame`,
		[]string{"AWS_SESSION_TOKEN=token-of-mine", "AWS_REGION=eu-west-1", "AWS_PROFILE=team", "HOME=login"},
	)
	if want := "login --user dev as [redacted] with [redacted] in eu-west-1 of team: [redacted] refused"; got != want {
		t.Errorf("it is quoted as %q", got)
	}
}
