package account_test

import (
	"go/build"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/account"
	"bothways/aws/sandbox"
)

// variables are all that the SDK's own list of the environment has, and those
// that its clients read besides.
func variables(t *testing.T) []string {
	t.Helper()
	sdk, err := build.Import("github.com/aws/aws-sdk-go-v2/config", ".", build.FindOnly)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{
		"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_IAM", "AWS_ENDPOINT_URL_ACCOUNT", "AWS_LOGIN_CACHE_DIRECTORY",
		"AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME", "_X_AMZN_TRACE_ID", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_NEW_RETRIES_2026",
		"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY",
	}
	for _, file := range []string{"env_config.go", "resolve_credentials.go"} {
		source, err := os.ReadFile(filepath.Join(sdk.Dir, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`"(AWS_[A-Z0-9_]+)"`).FindAllSubmatch(source, -1) {
			names = append(names, string(name[1]))
		}
	}
	if len(names) < 50 {
		t.Fatalf("the SDK's list is %q", names)
	}
	return names
}

func TestTheSandboxIsReachedWithoutTheUsersSettings(t *testing.T) {
	all := map[string]map[string]string{}
	garbage, switches := map[string]string{}, map[string]string{}
	for _, name := range variables(t) {
		garbage[name], switches[name] = "gar bage\x7f:/\\%zz", "true"
	}
	all["every variable is garbage"], all["every variable is true"] = garbage, switches
	all["FIPS"] = map[string]string{"AWS_USE_FIPS_ENDPOINT": "true"}
	all["dual-stack"] = map[string]string{"AWS_USE_DUALSTACK_ENDPOINT": "true"}
	all["a profile that is gone"] = map[string]string{"AWS_PROFILE": "gone"}
	all["ignored endpoints"] = map[string]string{"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
	all["endpoints elsewhere"] = map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1"}
	all["one attempt only"] = map[string]string{"AWS_MAX_ATTEMPTS": "1", "AWS_RETRY_MODE": "adaptive"}
	all["a mode that asks the computer's metadata"] = map[string]string{"AWS_DEFAULTS_MODE": "auto", "AWS_EC2_METADATA_DISABLED": "", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1"}
	for name, text := range map[string]string{
		"FIPS in the file":             "[default]\nuse_fips_endpoint = true\nmax_attempts = 1\ndefaults_mode = auto\n",
		"a bundle that is not there":   "[default]\nca_bundle = /nowhere\n",
		"a circle in the file":         "[default]\n" + role + "source_profile = y\n[profile y]\n" + role + "source_profile = default\n",
		"garbage in the file":          "[default\n\x00=\xff\xfe]]\n[profile ']\nretry_mode = gone\n",
		"numbers that are none":        "[default]\nmax_attempts = gone\nrequest_checksum_calculation = gone\naccount_id_endpoint_mode = gone\n",
		"a byte order mark before it":  "\ufeff[default]\nregion = x\n",
		"half of a pair of keys there": "[default]\naws_access_key_id = A\n",
	} {
		all[name] = map[string]string{"": text}
	}
	for name, settings := range all {
		t.Run(name, func(t *testing.T) {
			settled(t, settings[""], settings[""])
			box, err := sandbox.New(sandbox.Options{Seed: 1, NoDistance: true})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = box.Close() })
			endpoint, err := box.Listen(t.Context(), "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			for variable, value := range settings {
				if variable != "" {
					t.Setenv(variable, value)
				}
			}
			id, secret := box.Credentials()
			for way, access := range map[string]account.Access{
				"over TCP":   {Sandbox: true, Endpoint: endpoint},
				"in process": {Sandbox: true, Endpoint: "http://sandbox.test", HTTPClient: &http.Client{Transport: box.Transport()}},
			} {
				access.Credentials = credentials.NewStaticCredentialsProvider(id, secret, "")
				clients, err := access.Open(t.Context(), "eu-west-1")
				if err != nil {
					t.Fatalf("%s: %v", way, err)
				}
				if who, err := clients.Identify(t.Context()); err != nil || who.Endpoint != access.Endpoint {
					t.Errorf("%s, identity: %+v, %v", way, who, err)
				}
				if _, err := clients.Buckets(t.Context()); err != nil {
					t.Errorf("%s, buckets: %v", way, err)
				}
				if _, err := clients.IAM.ListRoles(t.Context(), &iam.ListRolesInput{}); err != nil && !strings.Contains(err.Error(), "NotImplemented") {
					t.Errorf("%s, roles: %v", way, err)
				}
				if _, err := clients.RegionStates(t.Context()); err != nil {
					t.Errorf("%s, regions: %v", way, err)
				}
				options := clients.S3.Options()
				if options.EndpointOptions.UseFIPSEndpoint != 0 || options.RetryMaxAttempts != 0 || options.Retryer.MaxAttempts() != 3 {
					t.Errorf("%s: the clients' options are of the user's settings", way)
				}
			}
		})
	}
}
