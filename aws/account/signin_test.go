package account_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/account"
)

// directory is a sign-in service of our own: OIDC's device authorization, the
// portal that gives keys for a token, and STS.
type directory struct {
	t       *testing.T
	pending int    // how often a token is not there yet
	refuse  string // how it ends instead, or ""
	calls   []string
	codes   []string // the MFA codes that STS got
	wrong   int      // how many of them it refuses
}

func (d *directory) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = string(text)
	}
	d.calls = append(d.calls, r.URL.Path)
	answer := func(status int, text string, header ...string) (*http.Response, error) {
		response := &http.Response{StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(text)), ContentLength: int64(len(text))}
		if len(header) == 1 {
			response.Header.Set("X-Amzn-Errortype", header[0])
		}
		return response, nil
	}
	switch {
	case r.URL.Path == "/client/register":
		return answer(200, `{"clientId":"id","clientSecret":"hush","clientSecretExpiresAt":4102444800}`)
	case r.URL.Path == "/device_authorization":
		if !strings.Contains(body, "https://corp.example/start") {
			d.t.Errorf("a code is asked for with %s", body)
		}
		return answer(200, `{"deviceCode":"dev","userCode":"ABCD-EFGH","verificationUri":"https://device.example","verificationUriComplete":"https://device.example?c=ABCD-EFGH","expiresIn":600,"interval":1}`)
	case r.URL.Path == "/token" && d.refuse != "":
		return answer(400, `{"error":"no"}`, d.refuse)
	case r.URL.Path == "/token" && d.pending > 0:
		d.pending--
		return answer(400, `{"error":"authorization_pending"}`, "AuthorizationPendingException")
	case r.URL.Path == "/token":
		return answer(200, `{"accessToken":"the-token","expiresIn":28800,"refreshToken":"again","tokenType":"Bearer"}`)
	case r.URL.Path == "/federation/credentials":
		if r.Header.Get("X-Amz-Sso_bearer_token") != "the-token" {
			return answer(401, `{"message":"Session token not found or invalid"}`, "UnauthorizedException")
		}
		return answer(200, `{"roleCredentials":{"accessKeyId":"AKIASSO","secretAccessKey":"s","sessionToken":"t","expiration":4102444800000}}`)
	case strings.Contains(body, "Action=AssumeRole"):
		_, code, _ := strings.Cut(body, "TokenCode=")
		code, _, _ = strings.Cut(code, "&")
		d.codes = append(d.codes, code)
		if len(d.codes) <= d.wrong {
			return answer(403, `<ErrorResponse><Error><Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid MFA one time pass code.</Message></Error></ErrorResponse>`)
		}
		return answer(200, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`)
	case strings.Contains(body, "Action=GetCallerIdentity"):
		return answer(200, `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`)
	}
	return answer(500, body)
}

// profiles writes a config file of profiles that sign in, in a home of its own.
func profiles(t *testing.T) (home string) {
	t.Helper()
	home = t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(home, "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(home, "credentials"))
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CA_BUNDLE"} {
		t.Setenv(name, "")
	}
	for name, text := range map[string]string{
		"config": `
[profile session]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = admin
[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
[profile older]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = admin
[profile keys]
region = eu-west-1
[profile coded]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/me
`,
		"credentials": "[keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = s\n",
	} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

func TestASignInLeavesATokenThatTheSDKAndTheCLIUse(t *testing.T) {
	for _, profile := range []string{"session", "older"} {
		t.Run(profile, func(t *testing.T) {
			home := profiles(t)
			synctest.Test(t, func(t *testing.T) {
				d := &directory{t: t, pending: 3}
				access := account.Access{Profile: profile, HTTPClient: &http.Client{Transport: d}, Endpoint: "http://aws.invalid"}
				clients, err := access.Open(t.Context(), "eu-west-1")
				if err != nil {
					t.Fatal(err)
				}
				if _, err := clients.Identify(t.Context()); !account.SignInNeeded(err) {
					t.Fatalf("without a token: %v", err)
				}
				var shown account.DeviceCode
				if err := access.SignIn(t.Context(), func(c account.DeviceCode) { shown = c }); err != nil {
					t.Fatal(err)
				}
				if shown.Code != "ABCD-EFGH" || shown.URL != "https://device.example?c=ABCD-EFGH" || time.Until(shown.Expires) < 9*time.Minute {
					t.Errorf("shown is %+v", shown)
				}
				if who, err := clients.Identify(t.Context()); err != nil || who.Account != "123456789012" {
					t.Errorf("with the token: %v, %v", who, err)
				}
				files, err := filepath.Glob(filepath.Join(home, ".aws", "sso", "cache", "*"))
				if err != nil || len(files) != 1 {
					t.Fatalf("the cache holds %v, %v", files, err)
				}
				info, err := os.Stat(files[0])
				if err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("the token's file is %v, %v", info.Mode(), err)
				}
				text, err := os.ReadFile(files[0])
				if err != nil {
					t.Fatal(err)
				}
				var kept map[string]string
				if err := json.Unmarshal(text, &kept); err != nil || kept["accessToken"] != "the-token" || kept["startUrl"] == "" || kept["region"] != "eu-west-1" {
					t.Errorf("kept is %s, %v", text, err)
				}
				if at, err := time.Parse(time.RFC3339, kept["expiresAt"]); err != nil || time.Until(at) < 7*time.Hour {
					t.Errorf("it expires at %s, %v", kept["expiresAt"], err)
				}
			})
		})
	}
}

func TestASignInCanBeRefusedOrGivenUp(t *testing.T) {
	home := profiles(t)
	try := func(ctx context.Context, t *testing.T, d *directory, profile string) error {
		t.Helper()
		access := account.Access{Profile: profile, HTTPClient: &http.Client{Transport: d}, Endpoint: "http://aws.invalid"}
		return access.SignIn(ctx, func(account.DeviceCode) {})
	}
	for _, refusal := range []string{"AccessDeniedException", "ExpiredTokenException"} {
		synctest.Test(t, func(t *testing.T) {
			if err := try(t.Context(), t, &directory{t: t, refuse: refusal}, "session"); err == nil || !strings.Contains(err.Error(), refusal) {
				t.Errorf("refused with %s: %v", refusal, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := try(ctx, t, &directory{t: t, pending: 1 << 20}, "session"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("given up: %v", err)
		}
	})
	if err := try(t.Context(), t, &directory{t: t}, "keys"); err == nil {
		t.Error("a profile with keys signs in")
	}
	if files, err := filepath.Glob(filepath.Join(home, ".aws", "sso", "cache", "*")); err != nil || len(files) > 0 {
		t.Errorf("tokens are left: %v, %v", files, err)
	}
}

func TestACodeIsAskedForOnceForAllClientsOfALogin(t *testing.T) {
	profiles(t)
	synctest.Test(t, func(t *testing.T) {
		d := &directory{t: t}
		asked := 0
		access := account.Access{
			Profile: "coded", HTTPClient: &http.Client{Transport: d}, Endpoint: "http://aws.invalid",
			Login: account.NewLogin(func(profile, device string) (string, error) {
				asked++
				if profile != "coded" || device != "arn:aws:iam::123456789012:mfa/me" {
					t.Errorf("asked for %s of %s", device, profile)
				}
				return "123456", nil
			}),
		}
		for _, region := range []string{"eu-west-1", "ap-southeast-1"} {
			clients, err := access.Open(t.Context(), region)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := clients.Identify(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if asked != 1 || len(d.codes) != 1 || d.codes[0] != "123456" {
			t.Errorf("asked %d times, STS got %v", asked, d.codes)
		}
	})
}

func TestAWrongCodeIsAskedForAgainWithinAPatientRun(t *testing.T) {
	profiles(t)
	synctest.Test(t, func(t *testing.T) {
		d := &directory{t: t, wrong: 2}
		asked := 0
		access := account.Access{
			Profile: "coded", HTTPClient: &http.Client{Transport: d}, Endpoint: "http://aws.invalid",
			Login: account.NewLogin(func(string, string) (string, error) { asked++; return "654321", nil }),
		}
		clients, err := access.Open(t.Context(), "eu-west-1")
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		ctx := account.WithPatience(t.Context(), func(wait account.Wait) { told = append(told, wait.News) })
		if _, err := clients.Identify(ctx); err != nil {
			t.Fatal(err)
		}
		if asked != 3 || len(told) != 2 || !strings.Contains(told[0], "invalid MFA") {
			t.Errorf("asked %d times, told %q", asked, told)
		}
	})
}

func TestWithoutSomebodyToAskAProfileWithACodeSaysWhatToDo(t *testing.T) {
	profiles(t)
	d := &directory{t: t}
	clients, err := account.Access{Profile: "coded", HTTPClient: &http.Client{Transport: d}, Endpoint: "http://aws.invalid"}.Open(t.Context(), "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	ctx := account.WithPatience(t.Context(), func(account.Wait) { t.Error("it waits for nobody") })
	_, err = clients.Identify(ctx)
	if !account.Hopeless(err) || !strings.Contains(err.Error(), "profile coded") || !strings.Contains(err.Error(), "arn:aws:iam::123456789012:mfa/me") {
		t.Errorf("it says %v", err)
	}
}
