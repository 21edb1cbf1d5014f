package account_test

import (
	"strings"
	"testing"

	"bothways/aws/account"
)

// A section that does not begin would leave its keys to nobody, and another
// source of credentials would be asked.
func TestABrokenHeaderIsNamedByItsLine(t *testing.T) {
	const good = "[x]\naws_access_key_id = A\naws_secret_access_key = s\n"
	for name, c := range map[string]struct{ config, credentials, says string }{
		"in the credentials": {"", good + "\n[pp\naws_access_key_id = PLANTED\n", `credentials, line 5: "[pp" begins a section`},
		"in the config":      {"# one\n[profile pp\r\nregion = eu-west-1\n", good, `config, line 2: "[profile pp" begins a section`},
	} {
		t.Run(name, func(t *testing.T) {
			settled(t, c.config, c.credentials)
			_, err := identified(t, account.Access{Profile: "x"})
			if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "PLANTED") {
				t.Errorf("it says %v", err)
			}
		})
	}
	settled(t, "[profile y]\ns3 =\n  [not a header\n", good)
	if _, err := identified(t, account.Access{Profile: "x"}); err != nil {
		t.Errorf("of a line that is indented it says %v", err)
	}
}
