package command_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunsAreListedComparedAndReported(t *testing.T) {
	u := newUser(t)
	for range 3 {
		if r := u.run(t, "probe", "--sandbox", "--time-scale", "100", "--sizes", "1KiB,64KiB", "--rounds", "6", "--every", "1s"); r.code != 0 {
			t.Fatalf("exit %d: %s", r.code, r.stderr)
		}
	}
	list := u.run(t, "runs", "--json")
	var ids []string
	for _, e := range events(t, list.stdout) {
		if e["event"] != "listed" || e["samples"] != float64(24) || e["state"] != "complete" || e["command"] != "probe" || e["verdict"] == "" {
			t.Errorf("%v", e)
		}
		id, _ := e["run_id"].(string)
		ids = append(ids, id)
	}
	if list.code != 0 || len(ids) != 3 || ids[0] <= ids[1] {
		t.Fatalf("exit %d: %v", list.code, ids)
	}
	if r := u.run(t, "runs"); r.code != 0 || strings.Count(r.stdout, "complete     24 samples") != 3 {
		t.Errorf("exit %d:\n%s", r.code, r.stdout)
	}

	text := u.run(t, "compare", ids[1], ids[0])
	if text.code != 0 || !strings.Contains(text.stdout, "n = 12 each") || strings.Contains(text.stdout, "WARNING") {
		t.Errorf("exit %d:\n%s%s", text.code, text.stdout, text.stderr)
	}
	changes := 0
	for _, e := range events(t, u.run(t, "compare", ids[1], ids[0], "--json").stdout) {
		if e["event"] == "change" {
			changes++
		}
	}
	if changes != 6 {
		t.Errorf("%d changes, want both directions whole and by two sizes", changes)
	}
	if r := u.run(t, "compare", ids[1], ids[0], "--format", "markdown"); r.code != 0 || !strings.Contains(r.stdout, "| A → B | all |") {
		t.Errorf("exit %d:\n%s%s", r.code, r.stdout, r.stderr)
	}

	if r := u.run(t, "compare", ids[2]+","+ids[1], ids[0]); r.code != 0 || !strings.Contains(r.stdout, "2 runs before and 1 after, which differ by") {
		t.Errorf("exit %d:\n%s%s", r.code, r.stdout, r.stderr)
	}
	if r := u.run(t, "compare", ids[1]+","+ids[1], ids[0]); r.code != 2 || !strings.Contains(r.stderr, "named twice") {
		t.Errorf("exit %d:\n%s%s", r.code, r.stdout, r.stderr)
	}
	if r := u.run(t, "compare", ids[0], ids[0]); r.code != 2 || !strings.Contains(r.stderr, "named twice") || r.stdout != "" {
		t.Errorf("a run beside itself: exit %d:\n%s%s", r.code, r.stdout, r.stderr)
	}
	if r := u.run(t, "report", ids[0], ids[0]); r.code != 2 || !strings.Contains(r.stderr, "named twice") || r.stdout != "" {
		t.Errorf("exit %d:\n%s%s", r.code, r.stdout, r.stderr)
	}
	if r := u.run(t, "report", ids[0], ids[1], "--target", "1m"); r.code != 0 || !strings.Contains(r.stdout, "A → B: 24 of 24 within 1 min") || !strings.Contains(r.stdout, "2 runs of one pair taken together") {
		t.Errorf("exit %d:\n%s%s", r.code, r.stdout, r.stderr)
	}

	page := u.run(t, "report", ids[1], "--format", "html")
	_, rest, _ := strings.Cut(page.stdout, `id="bothways-report">`)
	embedded, _, _ := strings.Cut(rest, "</script>")
	var document struct {
		Samples []json.RawMessage `json:"samples"`
	}
	if err := json.Unmarshal([]byte(embedded), &document); err != nil || len(document.Samples) != 24 || strings.Count(page.stdout, "<svg") != 6 {
		t.Errorf("exit %d, %d samples, %d drawings: %v", page.code, len(document.Samples), strings.Count(page.stdout, "<svg"), err)
	}
	if !strings.Contains(page.stdout, "Sandbox: simulated distances") {
		t.Error("the page does not say that it is simulated")
	}
}

func TestRunsThatCannotBeReadAreNamed(t *testing.T) {
	u := newUser(t)
	if r := u.run(t, "runs"); r.code != 0 || !strings.Contains(r.stdout, "No runs in") {
		t.Errorf("exit %d: %s", r.code, r.stdout)
	}
	dir := filepath.Join(u.home, ".local", "state", "bothways", "runs")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"20270101-000000-aaaa": `{"event":"run","schema":99,"version":"9"}` + "\n" + `{"event":"sample"}` + "\n",
		"20260101-000000-bbbb": "\x1b]0;owned\x07",
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".ndjson"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if r := u.run(t, "runs"); r.code != 0 || strings.Count(r.stdout, "unreadable") != 2 || !strings.Contains(r.stdout, "schema 99") {
		t.Errorf("exit %d:\n%s", r.code, r.stdout)
	}
	for _, args := range [][]string{{"report"}, {"report", "2027"}, {"compare", "2027", "2026"}} {
		if r := u.run(t, args...); r.code != 1 || !strings.Contains(r.stderr, "20270101-000000-aaaa.ndjson") {
			t.Errorf("%v: exit %d: %s", args, r.code, r.stderr)
		}
	}
	for _, args := range [][]string{{"compare"}, {"compare", "one"}, {"compare", "a", "b", "c"}, {"compare", "a", "b", "--format", "csv"}, {"compare", "a,", "b"}, {"runs", "x"}, {"report", "--format", "pdf"}} {
		if r := u.run(t, args...); r.code != 2 {
			t.Errorf("%v: exit %d, want 2: %s", args, r.code, r.stderr)
		}
	}
}

func TestARunThatWasKilledAMomentAgoIsNotTakenForARunningOne(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	c := u.command(t.Context(), "probe", "--sandbox", "--time-scale", "100", "--sizes", "1KiB", "--rounds", "100", "--every", "10m", "--json")
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), `{"event":"sample"`) {
	}
	state := func() any {
		t.Helper()
		all := events(t, u.run(t, "runs", "--json").stdout)
		if len(all) != 1 {
			t.Fatalf("%d runs are listed", len(all))
		}
		return all[0]["state"]
	}
	if got := state(); got != "running" {
		t.Errorf("while it goes on: %v", got)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // its end is what this is about
	if got := state(); got != "interrupted" {
		t.Errorf("after it was killed: %v", got)
	}
}
