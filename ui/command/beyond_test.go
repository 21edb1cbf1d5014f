package command_test

import (
	"slices"
	"testing"
)

// An audit says what no listing shows where that is asked for: first the random
// versions, then the settings of both buckets.
func TestAnAuditGoesBeyondListingsWhereThatIsAskedFor(t *testing.T) {
	u := sandboxOf(t, "--time-scale", "40", "--seed", "1")
	sides := []string{"--a", "eu-west-1/bothways-beyond-one", "--b", "ap-southeast-1/bothways-beyond-two"}
	if r := u.run(t, append([]string{"apply", "--yes"}, sides...)...); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	if r := u.run(t, append([]string{"probe", "--sizes", "1KiB", "--rounds", "2", "--keep"}, sides...)...); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	r := u.run(t, append([]string{"audit", "--json", "--deep", "10", "--settings"}, sides...)...)
	if r.code != 0 {
		t.Fatalf("%+v", r)
	}
	var names []string
	for _, e := range events(t, r.stdout) {
		name := e["event"].(string)
		names = append(names, name)
		switch name {
		case "deep":
			if whole := e["whole"].(map[string]any); whole["bad"].(float64) != 0 || whole["looked"].(float64) != e["drawn"].(float64) {
				t.Errorf("%v", e)
			}
		case "setting":
			if e["judgement"] == "differs" {
				t.Errorf("%v", e)
			}
		}
	}
	last := slices.Index(names, "audit_result")
	if last < 0 || slices.Index(names, "deep") < last || slices.Index(names, "setting") < slices.Index(names, "deep") || names[len(names)-1] != "settings" {
		t.Errorf("the events are %q", names)
	}
}
