//go:build unix

package account_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"bothways/aws/account"
)

// Nobody is at the other end of these pipes: whoever opens one waits for ever.
func TestANamedPipeIsNoFileOfSettings(t *testing.T) {
	for _, variable := range []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CA_BUNDLE"} {
		t.Run(variable, func(t *testing.T) {
			home := settled(t, "[profile x]\nregion = eu-west-1\n", "[x]\naws_access_key_id = A\naws_secret_access_key = s\n")
			pipe := filepath.Join(home, "pipe")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			t.Setenv(variable, pipe)
			_, err := identified(t, account.Access{Profile: "x"})
			if err == nil || !strings.Contains(err.Error(), pipe+" is a named pipe") {
				t.Errorf("it says %v", err)
			}
		})
	}
}
