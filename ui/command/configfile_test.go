//go:build unix

package command_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// configures writes the user's file of settings.
func (u *user) configures(t *testing.T, text string) (path string) {
	t.Helper()
	path = filepath.Join(u.home, ".config", "bothways", "config.yaml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConfigSaysWhatIsInForceAndWhy(t *testing.T) {
	u := newUser(t, "AWS_PROFILE=env")
	if r := u.run(t, "config"); r.code != 0 || !strings.Contains(r.stdout, ".config/bothways/config.yaml") || !strings.Contains(r.stdout, "no file") {
		t.Errorf("without a file it exits %d: %s%s", r.code, r.stdout, r.stderr)
	}
	path := u.configures(t, "theme: dark\ndefaults:\n  all: {profile: work}\n  probe: {rounds: 3}\n")
	said := strings.Join(strings.Fields(u.run(t, "config").stdout), " ")
	for _, want := range []string{"file " + path + " (the usual place)", "theme dark line 1", "all --profile work line 3, not in force: $AWS_PROFILE comes before it", "probe --rounds 3 line 4", "AWS_PROFILE env environment"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	said = strings.Join(strings.Fields(u.run(t, "config", "probe", "--every", "5s").stdout), " ")
	for _, want := range []string{"probe --every 5s typed", "probe --rounds 3 line 4", "probe --profile env environment, AWS_PROFILE", "probe --limit 15m0s built in"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in %s", want, said)
		}
	}
	for i, line := range strings.Split(strings.TrimSpace(u.run(t, "config", "--json").stdout), "\n") {
		var e struct{ Event, Setting, Value, From string }
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Event != []string{"config_file", "config_setting"}[min(i, 1)] || i > 0 && (e.From == "" || e.Value == "") {
			t.Errorf("%v: %s", err, line)
		}
	}
	if r := u.run(t, "config", "path"); r.stdout != path+"\n" {
		t.Errorf("the path is %q", r.stdout)
	}
}

func TestADefaultOfTheFileIsWhatACommandGoesBy(t *testing.T) {
	u := newUser(t)
	u.configures(t, "defaults: {all: {prefix: logs/}, plan: {storage-class: standard_ia}}")
	r := u.run(t, "plan", "--sandbox", "--json")
	if r.code != 3 || !strings.Contains(r.stdout, "logs/") || !strings.Contains(r.stdout, "STANDARD_IA") {
		t.Errorf("it exits %d: %s", r.code, r.stdout)
	}
	if r := u.run(t, "plan", "--sandbox", "--json", "--prefix", "other/"); strings.Contains(r.stdout, "logs/") || !strings.Contains(r.stdout, "other/") {
		t.Errorf("what is typed does not come first: %s", r.stdout)
	}
	other := filepath.Join(u.home, "other.yaml")
	if err := os.WriteFile(other, []byte("theme: dark"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := u.run(t, "plan", "--sandbox", "--json", "--config", other); strings.Contains(r.stdout, "logs/") {
		t.Errorf("another file does not come in place of the usual one: %s", r.stdout)
	}
	u.env = append(u.env, "BOTHWAYS_CONFIG="+other)
	if r := u.run(t, "plan", "--sandbox", "--json"); strings.Contains(r.stdout, "logs/") {
		t.Errorf("BOTHWAYS_CONFIG does not come in place of the usual one: %s", r.stdout)
	}
}

// What a command could not go by may come from a line that somebody wrote long ago.
func TestAMistakeNamesTheDefaultsThatWereTaken(t *testing.T) {
	u := newUser(t)
	path := u.configures(t, "defaults:\n  probe:\n    rounds: -2\n")
	r := u.run(t, "probe", "--sandbox")
	if r.code != 2 || !strings.Contains(r.stderr, path+": --rounds (line 3)") {
		t.Errorf("it exits %d: %s", r.code, r.stderr)
	}
}

func TestAFileThatIsWrongEndsEveryCommandAtOnce(t *testing.T) {
	u := newUser(t)
	path := u.configures(t, "theme: \"\\e[2Jdark\"\n")
	for _, args := range [][]string{{"plan", "--sandbox"}, {"config"}, {"audit", "--sandbox"}, {}} {
		r := u.run(t, args...)
		if r.code != 2 || !strings.Contains(r.stderr, path+":1: theme") || strings.Contains(r.stderr, "\x1b[2J") {
			t.Errorf("%v exits %d: %q", args, r.code, r.stderr)
		}
	}
	for _, args := range [][]string{{"version"}, {"--help"}, {"config", "example"}, {"config", "path"}, {"completion", "bash"}} {
		if r := u.run(t, args...); r.code != 0 {
			t.Errorf("%v goes by no settings, and exits %d: %s", args, r.code, r.stderr)
		}
	}
}

func TestWhatIsNoFileOfSettingsIsNamedAndNotWaitedFor(t *testing.T) {
	u := newUser(t)
	pipe, closed := filepath.Join(u.home, "pipe"), filepath.Join(u.home, "closed")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(closed, nil, 0); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{pipe: "a named pipe", u.home: "a folder", "/dev/zero": "a device", filepath.Join(u.home, "none"): "no such file", closed: "permission denied"} {
		if path == closed && os.Geteuid() == 0 {
			continue // who may read everything
		}
		for _, args := range [][]string{{"plan", "--sandbox"}, {"runs"}} { // one goes by settings, the other by none
			r := u.run(t, append(args, "--config", path)...)
			if r.code != 2 || !strings.Contains(r.stderr, path) || !strings.Contains(r.stderr, says) {
				t.Errorf("%v, %s: it exits %d: %s", args, path, r.code, r.stderr)
			}
		}
	}
}
