package account_test

import (
	"strings"
	"testing"

	"bothways/aws/account"
)

// What stands behind an address may be a key, and no service can be asked there.
func TestAnAddressWithAQueryIsRefusedWithoutIt(t *testing.T) {
	for _, address := range []string{"http://127.0.0.1:1/?key=PLANTED", "http://127.0.0.1:1?PLANTED", "http://127.0.0.1:1/#PLANTED", "http://127.0.0.1:1/?"} {
		settled(t, "", "", "AWS_ACCESS_KEY_ID", "A", "AWS_SECRET_ACCESS_KEY", "s", "AWS_ENDPOINT_URL", address)
		_, err := identified(t, account.Access{})
		if err == nil || strings.Contains(err.Error(), "PLANTED") || !strings.Contains(err.Error(), "AWS_ENDPOINT_URL") || !strings.Contains(err.Error(), "? or #") {
			t.Errorf("of %s it says %v", address, err)
		}
	}
}
