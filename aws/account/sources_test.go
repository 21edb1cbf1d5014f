package account_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/aws/apierror"
)

// services answers as STS and as a sign-in's portal do, at whatever address,
// and notes who asked what where.
type services struct{ asked []string }

var accessKey = regexp.MustCompile(`Credential=([^/]+)/`)

func (s *services) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = string(text)
	}
	action, answer := r.Method+" "+r.URL.Path, `{}`
	if _, after, ok := strings.Cut(body, "Action="); ok {
		action, _, _ = strings.Cut(after, "&")
	}
	keys := func(id string) string {
		return "<Credentials><AccessKeyId>" + id + "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>"
	}
	switch {
	case action == "AssumeRole":
		answer = "<AssumeRoleResponse><AssumeRoleResult>" + keys("ROLE") + "</AssumeRoleResult></AssumeRoleResponse>"
	case action == "AssumeRoleWithWebIdentity":
		answer = "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>" + keys("WEB") + "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
	case action == "GetCallerIdentity":
		answer = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/u</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
	case r.URL.Path == "/federation/credentials":
		action, answer = "GetRoleCredentials", `{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s","sessionToken":"t","expiration":4102444800000}}`
	case r.URL.Path == "/v1/token":
		action, answer = "CreateOAuth2Token", `{"accessToken":{"accessKeyId":"RENEWED","secretAccessKey":"s","sessionToken":"t"},"expiresIn":900,"refreshToken":"r","tokenType":"t"}`
	case r.URL.Path == "/latest/api/token":
		answer = "session"
	case strings.HasSuffix(r.URL.Path, "/computer"):
		answer = `{"Code":"Success","AccessKeyId":"COMPUTER","SecretAccessKey":"s","Token":"t","Expiration":"2100-01-01T00:00:00Z"}`
	case strings.HasPrefix(r.URL.Path, "/latest/meta-data/"):
		answer = "computer"
	case r.URL.Path == "/token":
		action, answer = "CreateToken", `{"accessToken":"new","expiresIn":28800,"tokenType":"Bearer"}`
	}
	who := "nobody"
	if found := accessKey.FindStringSubmatch(r.Header.Get("Authorization")); found != nil {
		who = found[1]
	}
	s.asked = append(s.asked, fmt.Sprintf("%s %s by %s", r.URL.Host, action, who))
	return &http.Response{
		StatusCode: http.StatusOK, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}, "X-Aws-Ec2-Metadata-Token-Ttl-Seconds": {"300"}},
		Body: io.NopCloser(strings.NewReader(answer)), ContentLength: int64(len(answer)), Request: r,
	}, nil
}

// settled is a home with these shared files and no AWS settings but env, whose
// names and values alternate.
func settled(t *testing.T, config, credentials string, env ...string) (home string) {
	t.Helper()
	home = t.TempDir()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // to be put back
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	t.Setenv("TMPDIR", home)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	for name, text := range map[string]string{"config": config, "credentials": credentials, "token": "a web identity"} {
		path := filepath.Join(home, ".aws", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "HOME", home)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for pair := range slices.Chunk(env, 2) {
		t.Setenv(pair[0], strings.ReplaceAll(pair[1], "HOME", home))
	}
	return home
}

// identified asks who a profile is, and returns what was asked for that.
func identified(t *testing.T, access account.Access) ([]string, error) {
	t.Helper()
	asked := &services{}
	access.HTTPClient = &http.Client{Transport: asked}
	clients, err := access.Open(t.Context(), "eu-west-1")
	if err != nil {
		return nil, err
	}
	_, err = clients.Identify(t.Context())
	return asked.asked, err
}

const (
	keys    = "[keys]\naws_access_key_id = KEYS\naws_secret_access_key = s\n"
	other   = "endpoint_url = http://own:1\n"
	role    = "role_arn = arn:aws:iam::123456789012:role/r\n"
	signed  = "sso_account_id = 123456789012\nsso_role_name = admin\n"
	session = "[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n"
	atAWS   = "sts.eu-west-1.amazonaws.com"
)

// Where each source of credentials asks, and who is asking in the end: what
// the AWS CLI 1.45 does with the same files.
func TestEverySourceOfCredentialsAsksWhereTheSettingsSay(t *testing.T) {
	for name, c := range map[string]struct {
		config, credentials string
		profile             string
		env                 []string
		asked               []string
	}{
		"keys of the environment": {
			env:   []string{"AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s"},
			asked: []string{atAWS + " GetCallerIdentity by ENV"},
		},
		"keys of the environment, and the default profile's endpoint": {
			config: "[default]\n" + other, env: []string{"AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s"},
			asked: []string{"own:1 GetCallerIdentity by ENV"},
		},
		"keys of the environment beside a profile of the environment": {
			credentials: keys, env: []string{"AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s", "AWS_PROFILE", "keys"},
			asked: []string{atAWS + " GetCallerIdentity by ENV"},
		},
		"static keys": {credentials: keys, profile: "keys", asked: []string{atAWS + " GetCallerIdentity by KEYS"}},
		"static keys of the config file": {
			config: strings.Replace(keys, "[", "[profile ", 1), profile: "keys",
			asked: []string{atAWS + " GetCallerIdentity by KEYS"},
		},
		"an endpoint in the credentials file": {
			config: "[profile keys]\nregion = eu-west-1\n", credentials: keys + other, profile: "keys",
			asked: []string{"own:1 GetCallerIdentity by KEYS"},
		},
		"role over source_profile": {
			config: "[profile x]\n" + role + "source_profile = keys\n", credentials: keys, profile: "x",
			asked: []string{atAWS + " AssumeRole by KEYS", atAWS + " GetCallerIdentity by ROLE"},
		},
		"role over source_profile with AWS_ENDPOINT_URL": {
			config: "[profile x]\n" + role + "source_profile = keys\n", credentials: keys, profile: "x", env: []string{"AWS_ENDPOINT_URL", "http://own:1"},
			asked: []string{"own:1 AssumeRole by KEYS", "own:1 GetCallerIdentity by ROLE"},
		},
		"role over source_profile with the profile's endpoint": {
			config: "[profile x]\n" + other + role + "source_profile = keys\n", credentials: keys, profile: "x",
			asked: []string{"own:1 AssumeRole by KEYS", "own:1 GetCallerIdentity by ROLE"},
		},
		"role over source_profile with the source's endpoint": {
			config: "[profile x]\n" + role + "source_profile = keys\n[profile keys]\n" + other, credentials: keys, profile: "x",
			asked: []string{atAWS + " AssumeRole by KEYS", atAWS + " GetCallerIdentity by ROLE"},
		},
		"role over its own keys": {
			config: "[profile keys]\n" + other + role + "source_profile = keys\n", credentials: keys, profile: "keys",
			asked: []string{"own:1 AssumeRole by KEYS", "own:1 GetCallerIdentity by ROLE"},
		},
		"role over role": {
			config: "[profile x]\n" + other + role + "source_profile = y\n[profile y]\n" + role + "source_profile = keys\n", credentials: keys, profile: "x",
			asked: []string{"own:1 AssumeRole by KEYS", "own:1 AssumeRole by ROLE", "own:1 GetCallerIdentity by ROLE"},
		},
		"role over credential_source": {
			config: "[profile x]\n" + other + role + "credential_source = Environment\n", profile: "x", env: []string{"AWS_ACCESS_KEY_ID", "ENV", "AWS_SECRET_ACCESS_KEY", "s"},
			asked: []string{"own:1 AssumeRole by ENV", "own:1 GetCallerIdentity by ROLE"},
		},
		"role with an MFA code": {
			config: "[profile x]\n" + other + role + "source_profile = keys\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n", credentials: keys, profile: "x",
			asked: []string{"own:1 AssumeRole by KEYS", "own:1 GetCallerIdentity by ROLE"},
		},
		"SSO session": {
			config: "[profile x]\n" + other + "sso_session = corp\n" + signed + session, profile: "x",
			asked: []string{"own:1 GetRoleCredentials by nobody", "own:1 GetCallerIdentity by SSO"},
		},
		"SSO session at AWS": {
			config: "[profile x]\nsso_session = corp\n" + signed + session, profile: "x",
			asked: []string{"portal.sso.eu-west-1.amazonaws.com GetRoleCredentials by nobody", atAWS + " GetCallerIdentity by SSO"},
		},
		"SSO session that has to be renewed": {
			config: "[profile x]\n" + other + "sso_session = over\n" + signed + strings.Replace(session, "corp", "over", 1), profile: "x",
			asked: []string{"own:1 CreateToken by nobody", "own:1 GetRoleCredentials by nobody", "own:1 GetCallerIdentity by SSO"},
		},
		"legacy SSO": {
			config: "[profile x]\n" + other + signed + strings.TrimPrefix(session, "[sso-session corp]\n"), profile: "x",
			asked: []string{"own:1 GetRoleCredentials by nobody", "own:1 GetCallerIdentity by SSO"},
		},
		"role over SSO": {
			config: "[profile y]\nsso_session = corp\n" + signed + "[profile x]\n" + other + role + "source_profile = y\n" + session, profile: "x",
			asked: []string{"own:1 GetRoleCredentials by nobody", "own:1 AssumeRole by SSO", "own:1 GetCallerIdentity by ROLE"},
		},
		"a session of aws login": {
			config: "[profile x]\n" + other + "login_session = arn:aws:iam::123456789012:user/u\n", profile: "x",
			asked: []string{"own:1 GetCallerIdentity by LOGIN"},
		},
		"a session of aws login that has to be renewed": {
			config: "[profile x]\n" + other + "login_session = over\n", profile: "x",
			asked: []string{"own:1 CreateOAuth2Token by nobody", "own:1 GetCallerIdentity by RENEWED"},
		},
		"role over the keys of the computer": {
			config: "[profile x]\n" + other + role + "credential_source = Ec2InstanceMetadata\n", profile: "x", env: []string{"AWS_EC2_METADATA_DISABLED", "false"},
			asked: []string{
				"169.254.169.254 PUT /latest/api/token by nobody", "169.254.169.254 GET /latest/meta-data/iam/security-credentials/ by nobody",
				"169.254.169.254 GET /latest/meta-data/iam/security-credentials/computer by nobody",
				"own:1 AssumeRole by COMPUTER", "own:1 GetCallerIdentity by ROLE",
			},
		},
		"web identity": {
			config: "[profile x]\n" + other + role + "web_identity_token_file = HOME/.aws/token\n", profile: "x",
			asked: []string{"own:1 AssumeRoleWithWebIdentity by nobody", "own:1 GetCallerIdentity by WEB"},
		},
		"web identity of the environment": {
			env: []string{
				"AWS_WEB_IDENTITY_TOKEN_FILE", "HOME/.aws/token", "AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r",
				"AWS_ENDPOINT_URL_STS", "http://own:1",
			},
			asked: []string{"own:1 AssumeRoleWithWebIdentity by nobody", "own:1 GetCallerIdentity by WEB"},
		},
		"role of the environment's profile beside a web identity": {
			config: "[profile x]\n" + role + "source_profile = keys\n", credentials: keys,
			env:   []string{"AWS_WEB_IDENTITY_TOKEN_FILE", "HOME/.aws/token", "AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r", "AWS_PROFILE", "x"},
			asked: []string{atAWS + " AssumeRole by KEYS", atAWS + " GetCallerIdentity by ROLE"},
		},
		"services section": {
			config: "[profile keys]\n" + other + "services = near\n[services near]\nsts =\n  endpoint_url = http://sts:2\ns3 =\n  endpoint_url = http://s3:3\n", credentials: keys, profile: "keys",
			asked: []string{"sts:2 GetCallerIdentity by KEYS"},
		},
		"the environment's endpoint before a services section": {
			config: "[profile keys]\nservices = near\n[services near]\nsts =\n  endpoint_url = http://sts:2\n", credentials: keys, profile: "keys",
			env:   []string{"AWS_ENDPOINT_URL", "http://env:4"},
			asked: []string{"env:4 GetCallerIdentity by KEYS"},
		},
		"ignored endpoints": {
			config: "[profile keys]\n" + other + "ignore_configured_endpoint_urls = true\n", credentials: keys, profile: "keys",
			asked: []string{atAWS + " GetCallerIdentity by KEYS"},
		},
		"ignored endpoints of the environment": {
			config: "[profile keys]\n" + other, credentials: keys, profile: "keys", env: []string{"AWS_ENDPOINT_URL", "http://env:4", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"},
			asked: []string{atAWS + " GetCallerIdentity by KEYS"},
		},
		"a name in quotes by the environment": {
			config: "[profile 'my team']\n" + other, credentials: strings.Replace(keys, "keys", "my team", 1), env: []string{"AWS_PROFILE", "my team"},
			asked: []string{"own:1 GetCallerIdentity by KEYS"},
		},
		"role and sign-in below names in quotes": {
			config: "[profile 'my team']\n" + other + role + "source_profile = the keys\n[profile \"the keys\"]\nsso_session = my corp\n" + signed +
				strings.Replace(session, "corp", "'my corp'", 1), profile: "my team",
			asked: []string{"own:1 GetRoleCredentials by nobody", "own:1 AssumeRole by SSO", "own:1 GetCallerIdentity by ROLE"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := settled(t, c.config, c.credentials, c.env...)
			for key, text := range map[string]string{
				"corp": `"accessToken":"t","expiresAt":"2100-01-01T00:00:00Z"`, "my corp": `"accessToken":"t","expiresAt":"2100-01-01T00:00:00Z"`,
				"https://corp.example/start": `"accessToken":"t","expiresAt":"2100-01-01T00:00:00Z"`,
				"over":                       `"accessToken":"t","expiresAt":"2020-01-01T00:00:00Z","refreshToken":"r","clientId":"c","clientSecret":"s","registrationExpiresAt":"2100-01-01T00:00:00Z"`,
			} {
				keepSignIn(t, home, key, "{"+text+"}")
			}
			keepLogin(t, home, "arn:aws:iam::123456789012:user/u", `{"accessToken":{"accessKeyId":"LOGIN","secretAccessKey":"s","sessionToken":"t","accountId":"123456789012","expiresAt":"2100-01-01T00:00:00Z"},`+
				`"tokenType":"t","refreshToken":"r","clientId":"c","dpopKey":"k"}`)
			keepLogin(t, home, "over", `{"accessToken":{"accessKeyId":"LOGIN","secretAccessKey":"s","sessionToken":"t","accountId":"123456789012","expiresAt":"2020-01-01T00:00:00Z"},`+
				`"tokenType":"t","refreshToken":"r","clientId":"c","dpopKey":`+strconv.Quote(signingKey(t))+`}`)
			login := account.NewLogin(func(string, string) (string, error) { return "123456", nil })
			asked, err := identified(t, account.Access{Profile: c.profile, Login: login})
			if err != nil || !slices.Equal(asked, c.asked) {
				t.Errorf("asked is %q, %v, want %q", asked, err, c.asked)
			}
			if left, err := filepath.Glob(filepath.Join(home, "bothways-*")); err != nil || len(left) > 0 {
				t.Errorf("left behind are %v, %v", left, err)
			}
		})
	}
}

func TestAGivenEndpointIsForEveryCallAndNoSettingTurnsItAway(t *testing.T) {
	config := "[profile x]\n" + other + role + "source_profile = keys\nservices = near\nignore_configured_endpoint_urls = true\n[services near]\nsts =\n  endpoint_url = http://sts:2\n"
	settled(t, config, keys, "AWS_ENDPOINT_URL_STS", "http://env:4")
	asked, err := identified(t, account.Access{Profile: "x", Endpoint: "http://given:9"})
	if want := []string{"given:9 AssumeRole by KEYS", "given:9 GetCallerIdentity by ROLE"}; err != nil || !slices.Equal(asked, want) {
		t.Errorf("asked is %q, %v", asked, err)
	}
}

func TestEachServiceHasItsOwnEndpoint(t *testing.T) {
	settled(t, "[profile keys]\nservices = near\n[services near]\ns3 =\n  endpoint_url = http://s3:3\n", keys)
	clients, err := account.Access{Profile: "keys"}.Open(t.Context(), "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	if clients.Endpoint != "http://s3:3" || !clients.S3.Options().UsePathStyle || clients.STS.Options().BaseEndpoint != nil {
		t.Errorf("S3 is asked at %q, STS at %v", clients.Endpoint, clients.STS.Options().BaseEndpoint)
	}
}

func TestCredentialsOfAProgram(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the programs are of sh")
	}
	for name, c := range map[string]struct {
		config string
		asked  []string
	}{
		"by itself": {"[profile x]\n" + other + "credential_process = HOME/.aws/program\n", []string{"own:1 GetCallerIdentity by PROGRAM"}},
		"role over it": {
			"[profile x]\n" + other + role + "source_profile = y\n[profile y]\ncredential_process = HOME/.aws/program\n",
			[]string{"own:1 AssumeRole by PROGRAM", "own:1 GetCallerIdentity by ROLE"},
		},
		"below a name in quotes": {
			"[profile x]\n" + role + "source_profile = my program\n[profile 'my program']\ncredential_process = HOME/.aws/program # a comment\n",
			[]string{atAWS + " AssumeRole by PROGRAM", atAWS + " GetCallerIdentity by ROLE"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			home := settled(t, c.config, "")
			program := "#!/bin/sh\necho one >&2\necho two >&2\n" + `echo '{"Version":1,"AccessKeyId":"PROGRAM","SecretAccessKey":"s"}'` + "\n"
			if err := os.WriteFile(filepath.Join(home, ".aws", "program"), []byte(program), 0o700); err != nil {
				t.Fatal(err)
			}
			asked, err := identified(t, account.Access{Profile: "x"})
			if err != nil || !slices.Equal(asked, c.asked) {
				t.Errorf("asked is %q, %v, want %q", asked, err, c.asked)
			}
		})
	}
}

func TestWithoutAnyCredentialsItSaysSo(t *testing.T) {
	settled(t, "", "")
	_, err := identified(t, account.Access{})
	if said := apierror.Describe(err); !strings.Contains(said, "No usable credentials: choose a profile") {
		t.Errorf("it says %q", said)
	}
}

func TestCredentialsOfAContainerAreTheLastResort(t *testing.T) {
	container := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "let me in" {
			w.WriteHeader(http.StatusForbidden)
		}
		fmt.Fprint(w, `{"AccessKeyId":"CONTAINER","SecretAccessKey":"s","Token":"t","Expiration":"2100-01-01T00:00:00Z"}`)
	}))
	defer container.Close()
	for profile, asked := range map[string][]string{
		"":     {"own:1 GetCallerIdentity by CONTAINER"},
		"keys": {atAWS + " GetCallerIdentity by KEYS"},
		"x":    {"own:1 AssumeRole by CONTAINER", "own:1 GetCallerIdentity by ROLE"},
	} {
		settled(t, "[default]\n"+other+"[profile x]\n"+other+role+"credential_source = EcsContainer\n", keys,
			"AWS_CONTAINER_CREDENTIALS_FULL_URI", container.URL, "AWS_CONTAINER_AUTHORIZATION_TOKEN", "let me in")
		got, err := identified(t, account.Access{Profile: profile})
		if err != nil || !slices.Equal(got, asked) {
			t.Errorf("%q asks %q, %v", profile, got, err)
		}
	}
}
