//go:build unix

package account_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials/logincreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"

	"bothways/aws/account"
)

// Whoever opens a named pipe waits until somebody writes to it, and a device of
// zeros fills the memory.
func TestOnlyFilesOfAModestSizeAreSettings(t *testing.T) {
	large := func(t *testing.T, path string) {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, 17<<20); err != nil {
			t.Fatal(err)
		}
	}
	const sso = "sso_account_id = 123456789012\nsso_role_name = admin\nsso_region = eu-west-1\nsso_start_url = https://corp.example/start\n"
	cached := func(find func() (string, error)) func(*testing.T, string) string {
		return func(t *testing.T, _ string) string {
			path, err := find()
			if err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			return path
		}
	}
	variable := func(name string) func(*testing.T, string) string {
		return func(t *testing.T, home string) string {
			t.Setenv(name, filepath.Join(home, "named"))
			return filepath.Join(home, "named")
		}
	}
	inHome := func(_ *testing.T, home string) string { return filepath.Join(home, "named") }
	for name, c := range map[string]struct {
		settings string
		place    func(t *testing.T, home string) string
		by       string
	}{
		"config":              {"", variable("AWS_CONFIG_FILE"), "AWS_CONFIG_FILE"},
		"credentials":         {"", variable("AWS_SHARED_CREDENTIALS_FILE"), "AWS_SHARED_CREDENTIALS_FILE"},
		"authorities":         {"", variable("AWS_CA_BUNDLE"), "AWS_CA_BUNDLE"},
		"token":               {"", variable("AWS_WEB_IDENTITY_TOKEN_FILE"), "AWS_WEB_IDENTITY_TOKEN_FILE"},
		"container's token":   {"", variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"), "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"},
		"profile's bundle":    {"ca_bundle = HOME/named\n", inHome, "ca_bundle of profile x"},
		"profile's token":     {"role_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = HOME/named\n", inHome, "web_identity_token_file of profile x"},
		"sign-in":             {sso, cached(func() (string, error) { return ssocreds.StandardCachedTokenFilepath("https://corp.example/start") }), "the sign-in of profile x"},
		"login":               {"login_session = me\n", cached(func() (string, error) { return logincreds.StandardCachedTokenFilepath("me", "") }), "the login of profile x"},
		"source's sign-in":    {"role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = y\n[profile y]\n" + sso, cached(func() (string, error) { return ssocreds.StandardCachedTokenFilepath("https://corp.example/start") }), "the sign-in of profile y"},
		"default config":      {"", func(_ *testing.T, home string) string { return filepath.Join(home, ".aws", "config") }, ""},
		"default credentials": {"", func(_ *testing.T, home string) string { return filepath.Join(home, ".aws", "credentials") }, ""},
	} {
		for what, made := range map[string]struct {
			put  func(t *testing.T, path string)
			says string
		}{
			"pipe": {func(t *testing.T, path string) {
				if err := syscall.Mkfifo(path, 0o600); err != nil {
					t.Fatal(err)
				}
			}, "it is a named pipe"},
			"link to a device": {func(t *testing.T, path string) {
				if err := os.Symlink("/dev/zero", path); err != nil {
					t.Fatal(err)
				}
			}, "it is a device"},
			"large": {large, "it is larger than 16 MiB"},
		} {
			t.Run(name+" as "+what, func(t *testing.T) {
				home := settled(t, "[profile x]\nregion = eu-west-1\n"+c.settings, "[x]\naws_access_key_id = A\naws_secret_access_key = s\n")
				path := c.place(t, home)
				_ = os.Remove(path)
				made.put(t, path)
				_, err := identified(t, account.Access{Profile: "x"})
				if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), made.says) || !strings.Contains(err.Error(), c.by) {
					t.Errorf("it says %v", err)
				}
			})
		}
	}
}

// So settings are switched off, for AWS's own tools too.
func TestTheNullDeviceIsAFileOfNoSettings(t *testing.T) {
	settled(t, "nonsense", "[default]\naws_access_key_id = A\naws_secret_access_key = s\n")
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	if asked, err := identified(t, account.Access{}); err != nil || len(asked) != 1 {
		t.Errorf("asked is %q, %v", asked, err)
	}
}

// What is wrong with one file is not hidden by what is overlooked in the other.
func TestAPipeBesideAFolderIsRefused(t *testing.T) {
	home := settled(t, "", "")
	pipe := filepath.Join(home, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", home)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", pipe)
	if _, err := identified(t, account.Access{}); err == nil || !strings.Contains(err.Error(), "it is a named pipe") {
		t.Errorf("it says %v", err)
	}
}
