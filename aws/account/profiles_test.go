package account_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bothways/aws/account"
)

func TestProfilesAreReadFromBothSharedFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	env := map[string]string{
		"AWS_CONFIG_FILE": write("config", `
[default]
region = eu-west-1
[profile dev]
sso_session = corp
region=us-east-1
; a comment = yes
[sso-session corp]
sso_start_url = https://example.invalid
[profile deploy]
role_arn = arn:aws:iam::123456789012:role/deploy
mfa_serial = arn:aws:iam::123456789012:mfa/me
`),
		"AWS_SHARED_CREDENTIALS_FILE": write("credentials", `
[default]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = not-to-be-seen
[old]
aws_access_key_id = AKIAOLD
`),
		"AWS_ACCESS_KEY_ID": "AKIAENV",
	}
	got, err := account.Profiles(func(name string) string { return env[name] })
	if err != nil {
		t.Fatal(err)
	}
	want := []account.Profile{
		{Kind: "keys from the environment"},
		{Name: "default", Region: "eu-west-1", Kind: "keys from the shared files"},
		{Name: "deploy", Kind: "role with an MFA code", Coded: true},
		{Name: "dev", Region: "us-east-1", Kind: "SSO", SignsIn: true},
		{Name: "old", Kind: "keys from the shared files"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMissingConfigFilesAreNoError(t *testing.T) {
	dir := t.TempDir()
	got, err := account.Profiles(func(name string) string {
		if name == "AWS_CONFIG_FILE" || name == "AWS_SHARED_CREDENTIALS_FILE" {
			return filepath.Join(dir, "none")
		}
		return ""
	})
	if err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestRegionsAreFoundByCodeAndByPlace(t *testing.T) {
	find := func(search string) (codes []string) {
		for _, r := range account.Regions() {
			if r.Matches(search) {
				codes = append(codes, r.Code)
			}
		}
		return codes
	}
	for search, want := range map[string][]string{
		"ire":        {"eu-west-1"},
		"EU irel":    {"eu-west-1"},
		"singapore":  {"ap-southeast-1"},
		"eu-north":   {"eu-north-1"},
		"são":        {"sa-east-1"},
		"atlantis":   nil,
		"gov west":   {"us-gov-west-1"},
		"west 2 eur": {"eu-west-2"},
	} {
		if diff := cmp.Diff(want, find(search)); diff != "" {
			t.Errorf("%q: %s", search, diff)
		}
	}
}
