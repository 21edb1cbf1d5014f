package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bothways/ui/config"
)

func TestEveryValueIsReadWithItsLine(t *testing.T) {
	got, err := config.Parse("config.yaml", []byte(`# mine
theme: dark
defaults:
  all:
    profile: work
  drill undo: {prefix: logs/}
  probe:
    sizes: [0, 128KiB]
    target: 15m
`))
	if err != nil {
		t.Fatal(err)
	}
	want := config.File{
		Path: "config.yaml", Theme: &config.Setting{Name: "theme", Values: []string{"dark"}, Line: 2},
		Defaults: []config.Block{
			{Command: config.All, Line: 4, Settings: []config.Setting{{Name: "profile", Values: []string{"work"}, Line: 5}}},
			{Command: "drill undo", Line: 6, Settings: []config.Setting{{Name: "prefix", Values: []string{"logs/"}, Line: 6}}},
			{Command: "probe", Line: 7, Settings: []config.Setting{
				{Name: "sizes", Values: []string{"0", "128KiB"}, Line: 8}, {Name: "target", Values: []string{"15m"}, Line: 9},
			}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAFileThatSaysNothingIsNoMistake(t *testing.T) {
	for _, text := range []string{"", "\n", "# only a word\n", "---\n", "theme: auto\ndefaults:\n", "defaults:\n  probe:\n", "\ufefftheme: dark\n"} {
		if _, err := config.Parse("c", []byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestWhatIsWrongIsNamedWithItsPlace(t *testing.T) {
	for text, says := range map[string][]string{
		"theme: dark\nthem: light":                          {`c:2: "them" is no part`, "theme and defaults", "is theme meant?"},
		"theme: dark\ntheme: light":                         {`c:2: `, `"theme" stands in line 1 already`},
		"defaults:\n  probe:\n    every: 1s\n    every: 2s": {`c:4: `, `"every" stands in line 3 already`},
		"theme:\n  dark: yes":                               {"c:2: theme: this is a mapping"},
		"theme:":                                            {"c:1: theme has no value"},
		`theme: ""`:                                         {"c:1: theme has no value"},
		"- theme":                                           {"c:1: the file: this is a list"},
		"just words":                                        {"c:1: the file: this is a single value"},
		"keys: {help: f1}":                                  {"c:1: keys: ", "bound anew"},
		"defaults: 12":                                      {"c:1: defaults: this is a single value", "target: 15m"},
		"defaults: {probe: {sizes: []}}":                    {"sizes has no value"},
		"defaults: {probe: {sizes: [[1]]}}":                 {"sizes: this is a list"},
		"targets: {probe: 15m}":                             {"c:1: targets", "defaults: {probe: {target: 15m}"},
		"theme: a: b":                                       {"c: it is no YAML", "mapping values"},
		"\tx: 1":                                            {"c: it is no YAML"},
		"a: *b":                                             {"c: it is no YAML"},
		"theme: &a dark\ndefaults: {all: {prefix: *a}}": {"c:2: prefix: this is an alias"},
		"theme: dark\n---\ntheme: light":                {"c:", "a second document"},
		"theme: \"\\e[2J\"":                             {"c:1: theme: ", "control characters"},
		"\"\\e[2J\": 1":                                 {"c:1: the file: this is no name"},
		"{}: 1":                                         {"this is no name"},
		"<<: {theme: dark}":                             {"takes nothing over"},
	} {
		_, err := config.Parse("c", []byte(text))
		if err == nil {
			t.Errorf("%q is taken", text)
			continue
		}
		for _, want := range says {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %q lacks %q", text, err, want)
			}
		}
		if strings.ContainsRune(err.Error(), '\x1b') {
			t.Errorf("%q: %q would be obeyed by a terminal", text, err)
		}
	}
}

func TestCredentialsAreRefusedAndNotRepeated(t *testing.T) {
	for _, text := range []string{
		"aws_secret_access_key: HUSH", "defaults: {all: {secret-access-key: HUSH}}", "defaults: {probe: {session_token: HUSH}}", "defaults: {Password: {x: HUSH}}",
		"defaults: {probe: {prefix: AKIAIOSFODNN7EXAMPLE}}",
	} {
		_, err := config.Parse("c", []byte(text))
		if err == nil || !strings.Contains(err.Error(), "credentials") || strings.Contains(err.Error(), "HUSH") || strings.Contains(err.Error(), "AKIA") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestOnlyARegularFileOfASizeIsRead(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, []byte("# "+strings.Repeat("x", 64<<10)), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{dir: "a folder", os.DevNull: "a device", large: "64 KiB"} {
		if _, err := config.Read(path); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := config.Read(filepath.Join(dir, "none")); !errors.Is(err, config.ErrNone) {
		t.Errorf("what is not there: %v", err)
	}
}

func TestTheFileLiesWhereTheDesktopSays(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("its folders have letters")
	}
	for _, c := range []struct {
		env  map[string]string
		want string
	}{
		{map[string]string{"HOME": "/home/u"}, "/home/u/.config/bothways/config.yaml"},
		{map[string]string{"HOME": "/home/u", "XDG_CONFIG_HOME": "/etc/xdg/u"}, "/etc/xdg/u/bothways/config.yaml"},
		{map[string]string{"HOME": "/home/u", "XDG_CONFIG_HOME": "here"}, "/home/u/.config/bothways/config.yaml"},
		{nil, ""},
	} {
		if got := config.Place(func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%v: %q", c.env, got)
		}
	}
}

func FuzzNoTextIsObeyedOrEndsTheProgram(f *testing.F) {
	f.Add("theme: dark\ndefaults: {probe: {sizes: [0, 1KiB]}}\n")
	f.Add("a: &a [*a]\n? {b: c}\n: !!binary x\n--- |\n x\n")
	f.Add("\x1b]0;x\x07: \"\\e[2J\"")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := config.Parse("c", []byte(text))
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\x07\r") {
			t.Errorf("%q would be obeyed by a terminal", err)
		}
		for _, b := range file.Defaults {
			for _, s := range b.Settings {
				if len(s.Values) == 0 || s.Line < 1 {
					t.Errorf("%+v", s)
				}
			}
		}
	})
}
