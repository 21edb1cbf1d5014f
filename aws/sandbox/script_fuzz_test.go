package sandbox_test

import (
	"strings"
	"testing"

	"bothways/aws/sandbox"
)

// Whatever the file, it is taken whole or refused with its line.
func FuzzParseScript(f *testing.F) {
	f.Add([]byte(`{"settling":{"name_free":"1s"},"faults":[{"fault":"hang","for":"1m"},{"fault":"slow","factor":1e3,"share":0.5}]}`))
	f.Add([]byte(`{"faults":[{"fault":"error","status":503,"requests":2,"destinations":null}]}`))
	f.Add([]byte(people))
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, err := sandbox.ParseScript(file); err != nil && !strings.Contains(err.Error(), "line ") && !strings.HasPrefix(err.Error(), "settling: ") {
			t.Errorf("%q is refused without a line: %v", file, err)
		}
		accounts, err := sandbox.ParseAccounts(file)
		if err == nil && len(accounts) == 0 {
			t.Errorf("%q gives no account and no error", file)
		}
	})
}
