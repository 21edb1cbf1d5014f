package rooms

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/account"
	"bothways/aws/sandbox"
	"bothways/ui/console"
)

// deployer is a profile whose role wants an MFA code, in a sandbox.
func deployer(t *testing.T) console.Config {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Seed: 1, NoDistance: true, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	endpoint, err := box.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	key, secret := box.Credentials()
	client := iam.New(iam.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(endpoint), Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
	})
	role, err := client.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName:                 aws.String("deploy"),
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "config")
	text := "[profile keys]\naws_access_key_id = " + key + "\naws_secret_access_key = " + secret + "\n" +
		"[profile deploy]\nregion = eu-west-1\nrole_arn = " + *role.Role.Arn + "\nsource_profile = keys\nmfa_serial = arn:aws:iam::000000000000:mfa/jane\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", path)
	t.Setenv("AWS_ENDPOINT_URL", endpoint)
	t.Setenv("AWS_ENDPOINT_URL_STS", endpoint)
	return console.Config{Version: "test", Profiles: func() ([]account.Profile, error) { return account.Profiles(os.Getenv) }}
}

func TestAnMFACodeIsAskedForInTheConsole(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	x := open(t, deployer(t), 80, 24)
	x.Wait("profile deploy", "role with an MFA code")
	x.Press(enter)
	x.Wait("Profile deploy wants the code", "mfa/jane")
	x.Press("q12") // q is text here
	x.Wait("q12")
	x.Press("\x1b")
	x.Wait("no MFA code was given")
	x.Press(enter)
	x.Wait("Profile deploy wants the code")
	x.Press("123456" + enter)
	x.Wait("Region for side A")
	x.Press("q")
}

func TestASignInIsDoneInTheConsole(t *testing.T) {
	confirmed := make(chan struct{})
	signedIn := false
	fakes := console.RealEngines(nil)
	fakes.Identify = func(context.Context, account.Access, string) (account.Identity, error) {
		if !signedIn {
			return account.Identity{}, &ssocreds.InvalidTokenError{}
		}
		return account.Identity{Account: "123456789012", ARN: "arn:aws:sts::123456789012:assumed-role/dev/jane"}, nil
	}
	fakes.Buckets = func(context.Context, account.Access, string) ([]string, error) { return nil, nil }
	fakes.SignIn = func(ctx context.Context, access account.Access, show func(account.DeviceCode)) error {
		if access.Profile != "dev" {
			t.Errorf("signing in to %q", access.Profile)
		}
		show(account.DeviceCode{URL: "https://device.example?c=ABCD-EFGH", Code: "ABCD-EFGH"})
		select {
		case <-confirmed:
			signedIn = true
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	cfg := console.Config{
		Version: "test", Engines: &fakes,
		Profiles: func() ([]account.Profile, error) {
			return []account.Profile{{Name: "dev", Region: "eu-west-1", Kind: "SSO", SignsIn: true}}, nil
		},
	}
	x := open(t, cfg, 80, 24)
	x.Wait("profile dev")
	x.Press(enter)
	x.Wait("The sign-in is missing or over", "l sign in here")
	x.Press("l")
	x.Wait("https://device.example?c=ABCD-EFGH", "waiting for the confirmation")
	x.Press("\x1b") // it can be given up
	x.Wait("l sign in here")
	x.Press("l")
	x.Wait("waiting for the confirmation")
	close(confirmed)
	x.Wait("Region for side A", "profile dev, account 123456789012")
	x.Press("q")
}

func TestTheSettlingIsSkippedByAKey(t *testing.T) {
	cfg := sandboxed(t, 100)
	p := demoPair()
	p.Options.Settle = true
	cfg.Pair = &p
	x := open(t, cfg, 80, 24)
	for _, sees := range []string{"no account needed", "Side A", "Side B", "What replicates"} {
		x.Wait(sees)
		x.Press(enter)
	}
	x.Wait("Apply these 11 changes")
	x.Press("y")
	x.Wait("s skip the wait", "settle")
	x.Press("s")
	x.Wait("All 11 steps done in", "go on to the measurement")
	x.Press("q")
}
