//go:build unix

package command_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The line that an audit and its report end with is run as it stands, and leaves
// nothing for the next audit to alarm about.
func TestTheLineThatAnAuditEndsWithPutsRightWhatItFound(t *testing.T) {
	u := sandboxOf(t, "--time-scale", "40", "--distances", "off", "--generate", generated(t, 20, `{"kind": "none", "count": 2}, {"kind": "hard_deleted", "count": 2}`))
	line := func(command string, flags ...string) []string {
		return slices.Concat([]string{command}, auditedPair, flags)
	}
	if r := u.run(t, line("apply", "--yes")...); r.code != 0 {
		t.Fatalf("apply exits %d: %s\n%s", r.code, r.stderr, r.stdout)
	}
	r := u.run(t, line("audit", "--progress", "0")...)
	goOn := regexp.MustCompile(`(?m)bothways backfill --a .*$`)
	said := goOn.FindString(r.stdout)
	if r.code != 1 || !strings.HasSuffix(said, " --copies --yes") {
		t.Fatalf("the audit exits %d and says %q:\n%s%s", r.code, said, r.stdout, r.stderr)
	}
	for _, format := range []string{"markdown", "html", "json"} {
		if r := u.run(t, "report", "--format", format); !strings.Contains(r.stdout, said) {
			t.Errorf("the %s report exits %d and has another line than %q: %.2000s\n%s", format, r.code, said, r.stdout, r.stderr)
		}
	}
	if r := u.run(t, "report", "--format", "csv"); strings.Count(r.stdout, "backfill --copies") != 2 {
		t.Errorf("the CSV does not name what agrees to copies:\n%s", r.stdout)
	}
	if r := u.run(t, line("audit", "--progress", "0", "--prefix", "date/")...); r.code != 1 || !strings.Contains(r.stderr, `no key of either side begins with that`) || !strings.Contains(r.stderr, `Side A has "data/"`) {
		t.Errorf("a prefix that no key has: it exits %d: %s", r.code, r.stderr)
	}
	if r := u.run(t, strings.Fields(said)[1:]...); r.code != 0 {
		t.Fatalf("%q exits %d: %s\n%s", said, r.code, r.stderr, r.stdout)
	}
	if r := u.run(t, line("audit", "--progress", "0")...); r.code != 0 || !strings.Contains(r.stdout, "older, and not missed") {
		t.Errorf("the next audit exits %d: %s\n%s", r.code, r.stderr, r.stdout)
	}
}

// What can't be told is never taken for fine: a nightly audit alarms of it alone.
func TestAnAuditThatCantTellEndsAsOneThatFoundSomething(t *testing.T) {
	t.Parallel()
	faults := filepath.Join(t.TempDir(), "faults.json")
	if err := os.WriteFile(faults, []byte(`{"faults": [{"fault": "error", "operation": "HeadObject", "status": 403, "code": "AccessDenied", "message": "no"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	u := sandboxOf(t, "--time-scale", "40", "--distances", "off", "--faults", faults, "--generate", generated(t, 20, `{"kind": "reencrypted", "count": 2}`))
	r := u.run(t, append([]string{"audit", "--progress", "0"}, auditedPair...)...)
	if r.code != 1 || !strings.Contains(r.stdout, "2 could not be told") || !strings.Contains(r.stdout, "nothing is known to be wrong") && !strings.Contains(r.stdout, "Nothing is known to be wrong") {
		t.Errorf("it exits %d and says:\n%s%s", r.code, r.stdout, r.stderr)
	}
}
