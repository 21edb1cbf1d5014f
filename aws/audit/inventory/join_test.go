package inventory_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
)

func TestTheJoinFindsWhatTheListingsShow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.plant()
		found := l.found()
		direct, directly := l.rows(audit.Config{CutOff: found.CutOff()})
		kinds := map[difference.Kind]bool{}
		for _, kind := range []difference.Kind{
			difference.OneSided, difference.OtherETag, difference.OtherSize, difference.OtherKind, difference.OtherTime, difference.OtherCurrent,
		} {
			for _, row := range direct {
				kinds[kind] = kinds[kind] || len(row) > len(kind) && row[:len(kind)] == string(kind)
			}
		}
		if len(kinds) != 6 || slices.Contains(slices.Collect(maps.Values(kinds)), false) {
			t.Fatalf("not every kind is there: %v", kinds)
		}
		for name, budget := range map[string]int64{"in one slice": 0, "in slices": 4 << 10, "in slices of slices": 300} {
			dir := t.TempDir()
			var statuses inventory.Statuses
			join := inventory.Join{World: l.world, Lists: found, Dir: dir, Budget: budget, Told: func(e pair.Event) { statuses = e.(inventory.Statuses) }}
			rows, tally := l.rows(audit.Config{CutOff: found.CutOff(), Source: join.Source})
			if diff := cmp.Diff(direct, rows); diff != "" {
				t.Errorf("%s: direct (-) and joined (+):\n%s", name, diff)
			}
			if diff := cmp.Diff(asText(t, directly), asText(t, tally)); diff != "" {
				t.Errorf("%s: the counts, direct (-) and joined (+):\n%s", name, diff)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) > 0 {
				t.Errorf("%s: left behind: %v", name, left)
			}
			if statuses.A["COMPLETED"] < 300 || statuses.B["REPLICA"] < 300 || statuses.A[""] == 0 {
				t.Errorf("%s: statuses %v", name, statuses)
			}
		}
	})
}

func TestTheJoinKeepsToThePrefix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.plant()
		found := l.found()
		direct, directly := l.rows(audit.Config{CutOff: found.CutOff(), Prefix: "null/"})
		rows, tally := l.rows(audit.Config{
			CutOff: found.CutOff(), Prefix: "null/", Since: time.Time{},
			Source: inventory.Join{World: l.world, Lists: found, Dir: t.TempDir(), Prefix: "null/"}.Source,
		})
		if diff := cmp.Diff(direct, rows) + cmp.Diff(asText(t, directly), asText(t, tally)); diff != "" {
			t.Errorf("direct (-) and joined (+):\n%s", diff)
		}
	})
}

func asText(t *testing.T, tally difference.Tally) string {
	t.Helper()
	text, err := json.MarshalIndent(tally, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
