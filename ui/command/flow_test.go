package command_test

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sandboxOf starts a sandbox in a process of its own and returns a user with
// its exported variables.
func sandboxOf(t testing.TB, args ...string) *user {
	t.Helper()
	u, _ := sandboxProcess(t, args...)
	return u
}

// sandboxProcess is sandboxOf with the process.
func sandboxProcess(t testing.TB, args ...string) (*user, *os.Process) {
	t.Helper()
	u := newUser(t)
	ctx, cancel := context.WithCancel(context.Background())
	c := u.command(ctx, append([]string{"sandbox"}, args...)...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		end := os.Interrupt
		if signal.Ignored(end) { // as in a shell's background, where the sandbox is to ignore it, too
			end = syscall.SIGTERM
		}
		_ = c.Process.Signal(end)
		late := time.AfterFunc(patience, cancel) // which kills it
		if err := c.Wait(); err != nil {
			t.Errorf("the sandbox ends with %v after Ctrl-C (killed after %s: %t)", err, patience, ctx.Err() != nil)
		}
		late.Stop()
		cancel()
	})
	lines := bufio.NewScanner(out)
	for range 4 {
		if !lines.Scan() {
			t.Fatalf("the sandbox exports too little: %v", lines.Err())
		}
		variable, ok := strings.CutPrefix(lines.Text(), "export ")
		if !ok {
			t.Fatalf("%q is not an export", lines.Text())
		}
		u.env = append(u.env, variable)
	}
	return u, c.Process
}

// events reads JSON lines and fails on anything else.
func events(t *testing.T, output string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(output) {
		var event map[string]any
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			t.Fatalf("%q is not a JSON object: %v", line, err)
		}
		all = append(all, event)
	}
	return all
}

func named(all []map[string]any, name string) (found []map[string]any) {
	for _, e := range all {
		if e["event"] == name {
			found = append(found, e)
		}
	}
	return found
}

var thePair = []string{"--a", "eu-west-1/bothways-flow-one", "--b", "ap-southeast-1/bothways-flow-two"}

func TestAPairIsMadeMeasuredAndTakenDownByCommands(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "40", "--seed", "1")
	with := func(command string, more ...string) []string {
		return slices.Concat([]string{command}, thePair, more)
	}
	if r := u.run(t, with("plan")...); r.code != 3 {
		t.Fatalf("the first plan exits %d: %s", r.code, r.stderr)
	}
	r := u.run(t, with("apply", "--yes", "--json")...)
	if r.code != 0 {
		t.Fatalf("apply exits %d: %s\n%s", r.code, r.stderr, r.stdout)
	}
	if r := u.run(t, with("plan")...); r.code != 0 {
		t.Errorf("the plan after apply exits %d: %s", r.code, r.stdout)
	}
	r = u.run(t, with("apply", "--yes", "--json")...)
	for id, status := range lastStatuses(events(t, r.stdout)) {
		if status != "already" {
			t.Errorf("in the second apply %s ends %s", id, status)
		}
	}
	r = u.run(t, with("probe", "--sizes", "128KiB,1MiB", "--rounds", "2", "--every", "200ms", "--json")...)
	if r.code != 0 {
		t.Fatalf("probe exits %d: %s", r.code, r.stderr)
	}
	checkProbe(t, events(t, r.stdout))
	checkReports(t, u)
	if r := u.run(t, with("destroy", "--yes", "--buckets")...); r.code != 0 {
		t.Errorf("destroy exits %d: %s\n%s", r.code, r.stderr, r.stdout)
	}
	if r := u.run(t, with("plan")...); r.code != 3 {
		t.Errorf("the plan after destroy exits %d", r.code)
	}
}

func lastStatuses(all []map[string]any) map[string]any {
	last := map[string]any{}
	for _, e := range named(all, "step") {
		last[e["id"].(string)] = e["status"]
	}
	return last
}

func checkProbe(t *testing.T, all []map[string]any) {
	t.Helper()
	count := map[any]int{}
	for _, s := range named(all, "sample") {
		bracket, duration := s["bracket_ms"].([]any), s["duration_ms"].(float64)
		if s["outcome"] != "replicated" || duration < bracket[0].(float64) || duration > bracket[1].(float64) {
			t.Errorf("the sample %v is not replicated within its bracket", s)
		}
		count[s["direction"]]++
	}
	if count["AtoB"] != 4 || count["BtoA"] != 4 {
		t.Errorf("samples: %v, want four each way", count)
	}
	loops := named(all, "loop")
	if len(loops) != 8 {
		t.Errorf("%d loop checks, want 8", len(loops))
	}
	for _, l := range loops {
		if l["ok"] != true || l["origin"] != "COMPLETED" || l["replica"] != "REPLICA" || l["origin_versions"] != 1.0 || l["replica_versions"] != 1.0 {
			t.Errorf("the loop check says %v", l)
		}
	}
	for _, c := range named(all, "cleaned") {
		if c["ok"] != true {
			t.Errorf("a probe object was not cleaned up: %v", c)
		}
	}
	if summaries := named(all, "summary"); len(summaries) != 6 {
		t.Errorf("%d summaries, want one a direction and one a size in each", len(summaries))
	}
}

func checkReports(t *testing.T, u *user) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(u.run(t, "report", "--format", "csv").stdout)).ReadAll()
	if err != nil || len(rows) != 9 {
		t.Errorf("the CSV has %d rows, %v; want a header and 8 samples", len(rows), err)
	}
	var shape map[string][]map[string]any
	if err := json.Unmarshal([]byte(u.run(t, "report", "--format", "lambda").stdout), &shape); err != nil || len(shape["AtoB"]) != 4 || len(shape["BtoA"]) != 4 {
		t.Errorf("the lambda shape is %v, %v", shape, err)
	}
	if text := u.run(t, "report").stdout; !strings.Contains(text, "A → B") || !strings.Contains(text, "| ") {
		t.Errorf("the Markdown report is\n%s", text)
	}
	if r := u.run(t, "report", "--format", "json"); !json.Valid([]byte(r.stdout)) {
		t.Errorf("the JSON report is not JSON:\n%s", r.stdout)
	}
	runs, err := filepath.Glob(filepath.Join(u.home, ".local/state/bothways/runs/*.ndjson"))
	if err != nil || len(runs) != 3 {
		t.Errorf("journals: %v, %v; want one of each apply and one of the probe", runs, err)
	}
}

func TestAPrivateSandboxNeedsNothing(t *testing.T) {
	t.Parallel()
	r := newUser(t).run(t, "plan", "--sandbox", "--json")
	all := events(t, r.stdout)
	if whole := named(all, "plan"); r.code != 3 || len(whole) != 1 || whole[0]["changes"] != whole[0]["steps"] || float64(len(named(all, "planned"))) != whole[0]["steps"] {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
}

func TestNothingRunsWithoutAYes(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "40")
	if r := u.run(t, slices.Concat([]string{"destroy", "--yes"}, thePair)...); r.code != 0 || !strings.Contains(r.stdout, "Nothing to take down") {
		t.Errorf("a destroy of nothing exits %d: %s%s", r.code, r.stdout, r.stderr)
	}
	without := func(command string) {
		t.Helper()
		r := u.run(t, append([]string{command}, thePair...)...)
		if r.code != 3 || !strings.Contains(r.stderr, "--yes") {
			t.Errorf("%s without --yes exits %d: %s", command, r.code, r.stderr)
		}
	}
	without("apply")
	if r := u.run(t, append([]string{"plan"}, thePair...)...); r.code != 3 {
		t.Error("apply without --yes changed something")
	}
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	without("destroy")
	if r := u.run(t, append([]string{"plan"}, thePair...)...); r.code != 0 {
		t.Error("destroy without --yes changed something")
	}
}

// Keys that are wrong everywhere must fail everywhere, and be seen nowhere.
func TestCredentialsAreSeenNowhere(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t)
	const secret, token = "PLANTED/secret+key/0123456789abcdefghijkl", "PLANTEDsessiontokenPLANTED"
	u.env = append(u.env, "AWS_SECRET_ACCESS_KEY="+secret, "AWS_SESSION_TOKEN="+token)
	var seen strings.Builder
	for _, args := range [][]string{{"plan"}, {"plan", "--json"}, {"apply", "--yes"}, {"probe"}, {"destroy", "--yes"}} {
		r := u.run(t, slices.Concat(args, thePair)...)
		if r.code != 1 || r.stderr == "" {
			t.Errorf("%s with wrong keys exits %d and says %q", args, r.code, r.stderr)
		}
		seen.WriteString(r.stdout + r.stderr)
	}
	seen.WriteString(u.written(t))
	if strings.Contains(seen.String(), "PLANTED") {
		t.Errorf("a planted credential is seen in\n%s", seen.String())
	}
}

// written is all that lies in the user's home.
func (u *user) written(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(u.home, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// An address can carry a password; what is said and kept of a run carries the
// address without it.
func TestPasswordsInAddressesAreSeenNowhere(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "40")
	address := ""
	for i, entry := range u.env {
		if name, value, _ := strings.Cut(entry, "="); name == "AWS_ENDPOINT_URL" {
			address = strings.Replace(value, "http://", "http://PLANTEDuser:PLANTED%40p%2Fw@", 1)
			u.env[i] = name + "=" + address
		}
	}
	sides := slices.Concat(thePair, []string{"--endpoint-a", address, "--endpoint-b", address})
	broken := strings.Replace(address, "PLANTED%40p%2Fw@", "PLANTED p@w@", 1)
	var seen strings.Builder
	for _, args := range [][]string{
		slices.Concat([]string{"plan"}, thePair), slices.Concat([]string{"apply", "--yes", "--json"}, thePair),
		slices.Concat([]string{"probe", "--rounds", "1", "--sizes", "0"}, sides), slices.Concat([]string{"probe", "--rounds", "1", "--sizes", "0", "--json"}, thePair),
		slices.Concat([]string{"doctor", "--json"}, thePair), slices.Concat([]string{"export", "--format", "cli"}, thePair),
		{"runs"},
		{"runs", "--json"},
		{"report", "last"},
		{"report", "last", "--format", "json"},
		slices.Concat([]string{"probe"}, thePair, []string{"--endpoint-a", broken}), slices.Concat([]string{"probe"}, thePair, []string{"--endpoint-a", "PLANTED:x@host"}),
		slices.Concat([]string{"probe"}, thePair, []string{"--endpoint-a", "http://127.0.0.1:1x/PLANTED@y"}),
		slices.Concat([]string{"destroy", "--yes", "--buckets"}, thePair),
	} {
		r := u.run(t, args...)
		seen.WriteString(r.stdout + r.stderr)
	}
	if !strings.Contains(seen.String(), "gone") {
		t.Errorf("the runs did nothing: %s", seen.String())
	}
	for line := range strings.Lines(seen.String() + u.written(t)) {
		if strings.Contains(line, "PLANTED") {
			t.Errorf("a planted password is seen in: %s", line)
		}
	}
}
