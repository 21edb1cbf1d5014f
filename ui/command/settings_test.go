//go:build unix

package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The user's AWS settings are not meant for a sandbox.
func TestTheSandboxRunsWhateverTheUserHasSetForAWS(t *testing.T) {
	t.Parallel()
	for name, env := range map[string][]string{
		"FIPS":                   {"AWS_USE_FIPS_ENDPOINT=true"},
		"a profile that is gone": {"AWS_PROFILE=gone"},
		"ignored endpoints":      {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true"},
		"garbage":                {"AWS_MAX_ATTEMPTS=x", "AWS_RETRY_MODE=x", "AWS_CA_BUNDLE=/nowhere", "AWS_DEFAULTS_MODE=x", "AWS_S3_USE_ARN_REGION=x", "HTTP_PROXY=:%zz", "AWS_ENDPOINT_URL=http://127.0.0.1:1"},
		"a broken file":          {"AWS_CONFIG_FILE=broken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t, env...)
			broken := "\ufeff[default]\nsource_profile = default\nmax_attempts = x\nca_bundle = /nowhere\n"
			if err := os.WriteFile(filepath.Join(u.home, "broken"), []byte(broken), 0o600); err != nil {
				t.Fatal(err)
			}
			if r := u.run(t, "plan", "--sandbox", "--json"); r.code != 3 {
				t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
			}
			s := u.terminal(t, 80, 24)
			s.waitFor("1/8 Where")
			s.waitFor("Sandbox")
			s.press("\r")
			s.waitFor("2/8")
			s.press("\x03")
			s.end()
		})
	}
}

// A program that gets credentials neither writes over the screen nor takes the
// keys that are pressed there.
func TestAProgramForCredentialsLeavesTheScreenAlone(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	if err := os.MkdirAll(filepath.Join(u.home, ".aws"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		".aws/config": "[profile x]\ncredential_process = sh " + u.home + "/program\n",
		"program":     "echo the first line >&2\necho the second line >&2\nhead -c 1 > heard\n(head -c 1 < /dev/tty >> heard) 2> /dev/null\nexit 3\n",
	} {
		if err := os.WriteFile(filepath.Join(u.home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := u.terminal(t, 100, 30, "--profile", "x")
	s.waitFor("1/8 Where")
	s.press("\r")
	s.waitFor("credential_process failed")
	if raw := s.written(); strings.Contains(raw, "the first line\r\n") || strings.Contains(raw, "the first line\n") {
		t.Error("the program's words lie across the screen")
	}
	s.press("\x03")
	s.end()
	s.checkRestored()
	if heard, err := os.ReadFile(filepath.Join(u.home, "heard")); err != nil || len(heard) > 0 {
		t.Errorf("the program took %q, %v", heard, err)
	}
}
