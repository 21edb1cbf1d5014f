package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnEstimateIsOneObjectAndAuditsNothing(t *testing.T) {
	u := sandboxOf(t, "--time-scale", "40", "--seed", "1")
	sides := []string{"--a", "eu-west-1/bothways-ways-one", "--b", "ap-southeast-1/bothways-ways-two"}
	if r := u.run(t, append([]string{"apply", "--yes"}, sides...)...); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	r := u.run(t, append([]string{"audit", "--estimate", "--json"}, sides...)...)
	all := events(t, r.stdout)
	if r.code != 0 || len(all) != 1 || all[0]["event"] != "audit_estimate" {
		t.Fatalf("%+v", r)
	}
	if ways := all[0]["ways"].([]any); len(ways) != 4 || all[0]["recommended"] != "listings, from here" || all[0]["reason"] == "" {
		t.Errorf("%s", r.stdout)
	}
	r = u.run(t, append([]string{"audit", "--estimate"}, sides...)...)
	for _, says := range []string{"A has exactly ", "B has exactly ", "were listed whole in", "inventories, compared by Athena", "Recommended: listings, from here: ", "Nothing was compared."} {
		if r.code != 0 || !strings.Contains(r.stdout, says) {
			t.Errorf("it lacks %q:\n%s%s", says, r.stdout, r.stderr)
		}
	}
	if strings.Contains(r.stdout, "comparing") {
		t.Errorf("it compares:\n%s", r.stdout)
	}
	path := filepath.Join(t.TempDir(), "compare.sql")
	if r := u.run(t, append([]string{"audit", "--sql", path}, sides...)...); r.code != 1 || !strings.Contains(r.stderr, "has no inventory") {
		t.Errorf("--sql without inventories exits %d: %s", r.code, r.stderr)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("there is a file without lists")
	}
	for _, with := range []string{"--deep=5", "--inventory", "--settings", "--resume=newest", "--since=7d"} {
		name, _, _ := strings.Cut(with, "=")
		if r := u.run(t, append([]string{"audit", "--estimate", with}, sides...)...); r.code != 2 || !strings.Contains(r.stderr, "--estimate and "+name) {
			t.Errorf("--estimate %s exits %d: %s", with, r.code, r.stderr)
		}
	}
}
