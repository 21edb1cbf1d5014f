package account_test

import (
	"strings"
	"testing"

	"bothways/aws/account"
)

// A line for the AWS CLI reaches its service where these clients do: no other
// service answers at the address of S3.
func TestALineHasTheEndpointOfItsOwnService(t *testing.T) {
	for name, c := range map[string]struct {
		env  []string
		want map[string]string // by service; "" has none
	}{
		"S3's only": {
			[]string{"AWS_ENDPOINT_URL_S3", "http://s3.only"},
			map[string]string{"s3": "http://s3.only", "s3api": "http://s3.only", "s3control": "", "kms": "", "iam": "", "sts": "", "account": "", "cloudwatch": "", "athena": ""},
		},
		"KMS's only": {
			[]string{"AWS_ENDPOINT_URL_KMS", "http://kms.only"},
			map[string]string{"s3api": "", "kms": "http://kms.only", "iam": "", "account": ""},
		},
		"all and KMS's": {
			[]string{"AWS_ENDPOINT_URL", "http://all", "AWS_ENDPOINT_URL_KMS", "http://kms.only"},
			map[string]string{"s3api": "http://all", "kms": "http://kms.only", "iam": "http://all"},
		},
		"with a password": {
			[]string{"AWS_ENDPOINT_URL", "http://me:swordfish@all"},
			map[string]string{"s3api": "http://all", "kms": "http://all", "iam": "http://all", "sts": "http://all", "account": "http://all"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			settled(t, "", "", append(c.env, "AWS_ACCESS_KEY_ID", "k", "AWS_SECRET_ACCESS_KEY", "s")...)
			clients, err := account.Access{}.Open(t.Context(), "eu-west-1")
			if err != nil {
				t.Fatal(err)
			}
			for service, endpoint := range c.want {
				line := clients.CLI(service, "command")
				_, after, _ := strings.Cut(line, "--endpoint-url ")
				if got, _, _ := strings.Cut(after, " "); got != endpoint {
					t.Errorf("%s: %s", service, line)
				}
			}
		})
	}
}

// What a key looks like is no business of the AWS CLI: it reads some texts from
// where they point to, and takes others for options.
func TestATextIsGivenToTheCLIAsItStands(t *testing.T) {
	for text, want := range map[string]string{
		"plain/key":           "--key plain/key",
		"-dash":               "--key=-dash",
		"--bucket":            "--key=--bucket",
		"file:///etc/hosts":   `--cli-input-json {"Key":"file:///etc/hosts"}`,
		"https://example.com": `--cli-input-json {"Key":"https://example.com"}`,
		"a/file://b":          "--key a/file://b",
	} {
		if got := strings.Join(account.Given("--key", "Key", text), " "); got != want {
			t.Errorf("%q is given as %q, want %q", text, got, want)
		}
	}
}
