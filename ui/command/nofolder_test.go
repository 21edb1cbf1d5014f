package command_test

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Where no variable says in which folder runs are kept, whatever reads them says
// so, and what to set; what can do without goes on and says it, too.
func TestWithoutAFolderOfRunsItIsSaidWhatIsMissing(t *testing.T) {
	u := newUser(t)
	u.env = slices.DeleteFunc(u.env, func(entry string) bool {
		return strings.HasPrefix(entry, "HOME=") || strings.HasPrefix(entry, "XDG_STATE_HOME=") || strings.HasPrefix(entry, "BOTHWAYS_HOME=")
	})
	const missing = "no folder is known in which runs are kept, as none of BOTHWAYS_HOME, XDG_STATE_HOME and "
	const set = "Set BOTHWAYS_HOME to a folder of yours that can be written"
	pair := []string{"--a", "eu-west-1/folder-a", "--b", "us-east-1/folder-b", "--sandbox"}
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"runs"}, 1},
		{[]string{"runs", "--json"}, 1},
		{[]string{"report"}, 1},
		{[]string{"report", "2026"}, 1},
		{[]string{"compare", "2026", "2027"}, 1},
		{[]string{"drill", "report", "--to", "evidence"}, 1},
		{[]string{"drill", "report", "2026", "--to", "evidence"}, 1},
		{append([]string{"backfill"}, pair...), 1},
		{append(append([]string{"audit"}, pair...), "--resume=2026"), 1},
		{[]string{"probe", "--rounds", "1", "--sizes", "1KiB", "--time-scale", "1000", "--sandbox"}, 0},
	} {
		r := u.run(t, c.args...)
		if r.code == 0 != (c.code == 0) || strings.Count(r.stderr, missing) != 1 || strings.Count(r.stderr, set) != 1 || strings.Contains(r.stdout+r.stderr, " in  ") {
			t.Errorf("%q: exit %d\n%s%s", c.args, r.code, r.stdout, r.stderr)
		}
	}
	if entries, err := os.ReadDir(u.home); err != nil || len(entries) > 0 {
		t.Errorf("files were left: %v, %v", entries, err)
	}
}
