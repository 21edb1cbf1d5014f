//go:build unix

package command_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
)

// planted are differences of every kind that the sandbox plants, so many of each.
func planted(each int) string {
	var all []string
	for _, kind := range slices.Sorted(maps.Keys(found)) {
		prefix := ""
		if kind == "expired" || kind == "outside" {
			prefix = `, "prefix": "data/"`
		}
		all = append(all, fmt.Sprintf(`{"kind": %q, "count": %d%s}`, kind, each, prefix))
	}
	return strings.Join(all, ", ")
}

// found is as what an audit finds each kind that is planted; "": as none.
var found = map[string]string{
	"completed": "one side", "pending": "one side", "failed": "one side", "none": "one side", "replica": "one side", "young": "one side",
	"hard_deleted": "one side", "expired": "one side", "outside": "one side", "archived": "one side", "kms": "one side", "marker_missing": "one side",
	"marker_other_id": "", "order": "", "null_same": "",
	"reencrypted": "content", "different": "content", "size": "content", "null_later": "content", "null_other": "content",
	"conflict": "current", "conflict_deleted": "current",
}

// kindOf is the same of what an audit found.
func kindOf(k difference.Kind) string {
	switch k {
	case difference.OneSided:
		return "one side"
	case difference.OtherCurrent:
		return "current"
	case difference.OtherETag, difference.OtherSize, difference.OtherTime, difference.OtherKind:
	}
	return "content"
}

// auditing is a sandbox of generated buckets, and what was planted in them.
type auditing struct {
	*user
	tb    testing.TB
	truth []string
	rows  int
}

func newAuditing(tb testing.TB, keys, each int, flags ...string) *auditing {
	tb.Helper()
	file := generated(tb, keys, planted(each))
	text, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	// Keys of several versions, some of them markers, some null.
	text = []byte(strings.Replace(string(text), `"prefix": "data/", "count"`, `"prefix": "data/", "versions": {"least": 1, "most": 4}, "markers": 0.1, "nulls": 0.2, "count"`, 1))
	if err := os.WriteFile(file, text, 0o600); err != nil {
		tb.Fatal(err)
	}
	told := filepath.Join(tb.TempDir(), "planted.jsonl")
	a := &auditing{user: sandboxOf(tb, slices.Concat([]string{"--generate", file, "--truth-of-generated", told}, flags)...), tb: tb}
	lines, err := os.ReadFile(told)
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(lines)) {
		var one struct {
			Kind, Key string
			VersionID string `json:"version_id"`
		}
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			tb.Fatal(err)
		}
		switch kind, known := found[one.Kind]; {
		case !known:
			tb.Fatalf("the sandbox plants a kind that is not known here: %s", one.Kind)
		case kind == "current":
			a.truth = append(a.truth, kind+" "+one.Key)
		case kind != "":
			a.truth = append(a.truth, kind+" "+one.Key+" "+one.VersionID)
		}
	}
	slices.Sort(a.truth)
	return a
}

// line is an audit that goes on with the last one, or begins.
func (a *auditing) line() []string {
	line := slices.Concat([]string{"audit", "--progress", "0"}, auditedPair)
	if a.journal() != "" {
		line = append(line, "--resume", "newest")
	}
	return line
}

// journal is that of the audit that has begun to compare, or "".
func (a *auditing) journal() string {
	all, err := filepath.Glob(filepath.Join(a.home, ".local/state/bothways/runs/*.ndjson"))
	if err != nil {
		a.tb.Fatal(err)
	}
	for _, path := range all {
		if _, err := audit.Read(path); err == nil {
			return path
		}
	}
	return ""
}

// whole audits to the end.
func (a *auditing) whole() time.Duration {
	a.tb.Helper()
	begun := time.Now()
	if r := a.run(a.tb, a.line()...); r.code != 1 { // there are differences
		a.tb.Fatalf("the audit exits %d: %s\n%s", r.code, r.stderr, r.stdout)
	}
	return time.Since(begun)
}

// cut starts an audit, and kills it after some time. It says whether it came to
// its end before.
func (a *auditing) cut(after time.Duration) (ended bool) {
	a.tb.Helper()
	ctx, cancel := context.WithTimeout(a.tb.Context(), patience)
	defer cancel()
	c := a.command(ctx, a.line()...)
	if err := c.Start(); err != nil {
		a.tb.Fatal(err)
	}
	time.AfterFunc(after, func() { _ = c.Process.Kill() })
	_ = c.Wait() // its end is what this is about
	return c.ProcessState.Exited()
}

// check holds the rows of the audit to what was planted.
func (a *auditing) check() {
	a.tb.Helper()
	record, err := audit.Read(a.journal())
	if err != nil {
		a.tb.Fatal(err)
	}
	if !record.Complete() {
		a.tb.Errorf("it is not complete: %+v", record.Result)
	}
	var rows []string
	for d, err := range record.Differences() {
		if err != nil {
			a.tb.Fatal(err)
		}
		row := kindOf(d.Kind) + " " + d.Key
		if d.Kind != difference.OtherCurrent {
			row += " " + d.Entry().VersionID
		}
		rows = append(rows, row)
	}
	slices.Sort(rows)
	a.rows = len(rows)
	if !slices.Equal(rows, a.truth) {
		a.tb.Errorf("%d differences, planted were %d: invented or twice %.600q, missed %.600q", len(rows), len(a.truth), more(rows, a.truth), more(a.truth, rows))
	}
	t := record.Tally
	if listed := t.VersionsA + t.MarkersA; listed == 0 {
		a.tb.Error("nothing was listed")
	}
}

// more are those of which there are more in some than in others.
func more(some, others []string) []string {
	left := map[string]int{}
	for _, one := range others {
		left[one]++
	}
	var all []string
	for _, one := range some {
		if left[one]--; left[one] < 0 {
			all = append(all, one)
		}
	}
	return all
}

func TestAnAuditThatIsKilledFindsWhatWasPlanted(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills programs")
	}
	a := newAuditing(t, 5_000, 3, "--distances", "off")
	for range 3 {
		a.cut(rand.N(time.Second))
	}
	a.whole()
	a.check()
}

// BenchmarkAuditKill kills one audit of 10^5 versions again and again, goes on with
// it, and holds its rows to what was planted.
//
//	go test -run '^$' -bench AuditKill -benchtime 100x -timeout 60m ./ui/command
func BenchmarkAuditKill(b *testing.B) {
	a := newAuditing(b, 40_000, 20, "--time-scale", "20")
	killed := 0
	for range b.N {
		if a.cut(300*time.Millisecond + rand.N(3*time.Second)) {
			a.check()
			if err := os.RemoveAll(filepath.Join(a.home, ".local")); err != nil { // another one
				b.Fatal(err)
			}
		} else {
			killed++
		}
	}
	a.whole()
	a.check()
	b.ReportMetric(float64(killed), "killed")
	b.ReportMetric(float64(a.rows), "differences")
	b.ReportMetric(0, "ns/op")
}
