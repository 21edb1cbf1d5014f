package command_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// serving starts the sandbox command and returns what it says on standard
// error and the lines to export. It is ended with Ctrl-C at the end of the
// test.
func (u *user) serving(t *testing.T, args ...string) (exports []string, says func() string) {
	t.Helper()
	c := u.command(t.Context(), append([]string{"sandbox"}, args...)...)
	var notice strings.Builder
	c.Stderr = &notice
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for len(exports) < 4 && lines.Scan() {
		exports = append(exports, lines.Text())
	}
	return exports, func() string {
		t.Helper()
		end(t, c)
		return notice.String()
	}
}

// end ends a command with Ctrl-C.
func end(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("after Ctrl-C: %v", err)
	}
}

func TestSandboxRefusesFilesAndAddressesThatMakeNoSense(t *testing.T) {
	u := newUser(t)
	for name, text := range map[string]string{
		"users.json":    `{"accounts":[{"id":"12"}]}`,
		"policies.json": `{"accounts":[{"id":"111122223333","users":[{"name":"eve","access_key_id":"A","secret_access_key":"s","policies":[{"Statement":[]}]}]}]}`,
		"faults.json":   `{"faults":[{"fault":"explode"}]}`,
	} {
		if err := os.WriteFile(filepath.Join(u.home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		args []string
		says []string
	}{
		{[]string{"--users", "absent.json"}, []string{"--users", "absent.json"}},
		{[]string{"--users", "users.json"}, []string{"--users", "users.json", `"12"`}},
		{[]string{"--users", "policies.json"}, []string{"--users", "policies.json", "eve"}},
		{[]string{"--faults", "faults.json"}, []string{"--faults", "faults.json", "explode"}},
		{[]string{"--generate", "faults.json"}, []string{"--generate faults.json", `no "faults"`}},
		{[]string{"--generate", "faults.json", "--state", "kept"}, []string{"--generate faults.json", "--state kept"}},
		{[]string{"--truth-of-generated", "planted.jsonl"}, []string{"planted.jsonl", "--generate"}},
		{[]string{"--truth", "absent/truth"}, []string{"--truth", "absent"}},
		{[]string{"--listen", "0.0.0.0:0"}, []string{"0.0.0.0:0", "--expose"}},
	} {
		r := u.run(t, append([]string{"sandbox"}, row.args...)...)
		if r.code != 2 || r.stdout != "" {
			t.Errorf("%q exits %d and writes %q: %s", row.args, r.code, r.stdout, r.stderr)
		}
		for _, word := range row.says {
			if !strings.Contains(r.stderr, word) {
				t.Errorf("%q: %q does not mention %q", row.args, r.stderr, word)
			}
		}
	}
}

func TestTheFilesInTheSandboxsHelpAreTaken(t *testing.T) {
	u := newUser(t)
	help := u.run(t, "sandbox", "--help").stdout
	_, rest, _ := strings.Cut(help, "# users.json")
	users, rest, _ := strings.Cut(rest, "# faults.json")
	faults, rest, _ := strings.Cut(rest, "bothways sandbox --generate")
	_, rest, _ = strings.Cut(rest, "# generate.json")
	generated, _, _ := strings.Cut(rest, "\nFlags:")
	for name, text := range map[string]string{"users.json": users, "faults.json": faults, "generate.json": generated} {
		if err := os.WriteFile(filepath.Join(u.home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// The second time it replaces what it has written the first time.
	for range 2 {
		exports, stop := u.serving(t, "--users", "users.json", "--faults", "faults.json", "--generate", "generate.json", "--truth-of-generated", "planted.jsonl")
		if said := stop(); len(exports) != 4 {
			t.Errorf("with %s and %s and %s it says %s", users, faults, generated, said)
		}
		planted, err := os.ReadFile(filepath.Join(u.home, "planted.jsonl"))
		if err != nil || strings.Count(string(planted), "\n") != 25 {
			t.Errorf("of the planted differences it tells %s, %v", planted, err)
		}
	}
	if !strings.Contains(users, "kms_keys") {
		t.Errorf("no key of KMS in %s", users)
	}
}

func TestSandboxKeepsItsStateAndLeavesNothingElse(t *testing.T) {
	u := newUser(t)
	temporary := t.TempDir()
	u.env = append(u.env, "TMPDIR="+temporary)
	first, stop := u.serving(t, "--state", "kept", "--truth", "truth.jsonl")
	if notice := stop(); !strings.Contains(notice, "kept in kept") {
		t.Errorf("it says %q", notice)
	}
	second, stop := u.serving(t, "--state", "kept")
	stop()
	if len(first) != 4 || strings.Join(first[1:], " ") != strings.Join(second[1:], " ") {
		t.Errorf("the keys are %q, then %q", first, second)
	}
	_, stop = u.serving(t)
	stop()
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) != 0 {
		t.Errorf("it leaves %v, %v", left, err)
	}
}

func TestFaultsAreReadAgainWhenTheirFileChanges(t *testing.T) {
	u := newUser(t)
	save := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(u.home, "faults.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save(`{}`)
	c := u.command(t.Context(), "sandbox", "--faults", "faults.json")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	notices, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines, said := bufio.NewScanner(out), bufio.NewScanner(notices)
	lines.Scan()
	endpoint := strings.TrimPrefix(lines.Text(), "export AWS_ENDPOINT_URL=")
	status := func() int {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, endpoint+"/bucket", nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
	said.Scan() // what the sandbox says at its start
	for _, step := range []struct {
		file, says string
		status     int
	}{
		{`{"faults":[{"fault":"slowdown"}]}`, "read again; faults now: 1.", http.StatusServiceUnavailable},
		{`{"faults":[{"fault":"slow down"}]}`, `line 1, faults, entry 1: fault "slow down"`, http.StatusServiceUnavailable},
		{`{"faults":[]}`, "read again; faults now: 0.", http.StatusNotFound},
	} {
		save(step.file)
		if said.Scan(); !strings.Contains(said.Text(), step.says) {
			t.Errorf("after %s it says %q", step.file, said.Text())
		}
		if got := status(); got != step.status {
			t.Errorf("after %s a request is answered with %d", step.file, got)
		}
	}
	end(t, c)
}

func TestSandboxWarnsWhereOthersCanReachIt(t *testing.T) {
	exports, stop := newUser(t).serving(t, "--listen", "0.0.0.0:0", "--expose")
	if notice := stop(); !strings.HasPrefix(notice, "Warning: ") || len(exports) != 4 {
		t.Errorf("it says %q and exports %q", notice, exports)
	}
}

func TestOverTLSTheSandboxTellsWhomToTrust(t *testing.T) {
	u := newUser(t)
	temporary := filepath.Join(t.TempDir(), "it's here")
	if err := os.Mkdir(temporary, 0o700); err != nil {
		t.Fatal(err)
	}
	u.env = append(u.env, "TMPDIR="+temporary)
	c := u.command(t.Context(), "sandbox", "--tls", "--distances", "off")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var notice strings.Builder
	c.Stderr = &notice
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for lines := bufio.NewScanner(out); len(said) < 6 && lines.Scan(); {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		said[name] = value
	}
	// as a shell reads it
	bundle, err := exec.CommandContext(t.Context(), "sh", "-c", "printf %s "+said["AWS_CA_BUNDLE"]).Output()
	if err != nil {
		t.Fatal(err)
	}
	trusted, err := os.ReadFile(string(bundle))
	if err != nil {
		t.Fatalf("of %v: %v", said, err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(trusted)
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, said["AWS_ENDPOINT_URL"]+"/bucket", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	client.CloseIdleConnections()
	end(t, c)
	if answer.StatusCode != http.StatusNotFound || !strings.Contains(notice.String(), "No request waits for a distance") ||
		!strings.Contains(notice.String(), "made-up law, bursty:on=20s,off=1m40s,factor=1.5") {
		t.Errorf("it answers %s and says %s", answer.Status, notice.String())
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) != 0 {
		t.Errorf("it leaves %v, %v", left, err)
	}
	if r := u.run(t, "sandbox", "--distances", "near"); r.code != 2 || !strings.Contains(r.stderr, "on or off") {
		t.Errorf("--distances near exits %d: %s", r.code, r.stderr)
	}
}

func TestTheFilesOfTheHelpWork(t *testing.T) {
	u := newUser(t)
	help := u.run(t, "sandbox", "--help").stdout
	args := []string{}
	for _, name := range []string{"users", "faults"} {
		_, after, found := strings.Cut(help, "# "+name+".json")
		doc, err := firstJSON(after)
		if !found || err != nil {
			t.Fatalf("the help has no %s.json: %v\n%s", name, err, help)
		}
		if err := os.WriteFile(filepath.Join(u.home, name), doc, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--"+name, name)
	}
	exports, stop := u.serving(t, args...)
	if notice := stop(); len(exports) != 4 {
		t.Errorf("it exports %q and says %q", exports, notice)
	}
}

func firstJSON(text string) ([]byte, error) {
	var doc json.RawMessage
	err := json.NewDecoder(strings.NewReader(text)).Decode(&doc)
	return doc, err
}
