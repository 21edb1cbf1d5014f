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

// Settings of AWS's are ordinary words, which stand in what any program says.
func TestWhatAProgramSaysKeepsTheWordsOfSettings(t *testing.T) {
	said := "standard input is no json: true, less than none of https://proxy.example/sts for deploys by arn:aws:iam::000000000000:role/ci in /etc/ca.pem"
	got := redactOwn(said, "login", []string{
		"AWS_DEFAULT_OUTPUT=json", "AWS_RETRY_MODE=standard", "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=less", "AWS_SDK_UA_APP_ID=deploys",
		"AWS_ROLE_ARN=arn:aws:iam::000000000000:role/ci", "AWS_CA_BUNDLE=/etc/ca.pem", "AWS_DEFAULTS_MODE=standard", "AWS_CLI_AUTO_PROMPT=none",
	})
	if got != said {
		t.Errorf("it is quoted as %q", got)
	}
}

func TestEverythingOfAWSThatIsASecretIsTakenOut(t *testing.T) {
	for _, name := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
		"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_BEARER_TOKEN_BEDROCK", "AWS_VAULT_FILE_PASSPHRASE",
	} {
		if got := redactOwn("refused swordfish", "login", []string{name + "=swordfish"}); got != "refused [redacted]" {
			t.Errorf("of %s it says %q", name, got)
		}
	}
}
