package command

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"bothways/aws/drill/record"
	"bothways/ui/command/configured"
	"bothways/ui/command/usage"
	"bothways/ui/config"
	"bothways/ui/console/host"
)

// settings are those of a file with a text.
func settings(t *testing.T, text string, env ...string) (*configured.Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := configured.Load(path, Process{Environ: env}.getenv)
	if err != nil {
		return s, err
	}
	return s, s.Check((&app{}).root())
}

// filled is a command after its words were read and the file has filled the rest.
func filled(t *testing.T, s *configured.Settings, words ...string) *cobra.Command {
	t.Helper()
	c, rest, err := (&app{}).root().Find(words)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.ParseFlags(rest); err != nil {
		t.Fatal(err)
	}
	if err := s.Fill(c); err != nil {
		t.Fatal(err)
	}
	return c
}

// A new flag that agrees to something must not slip into the file.
func TestTheFileKnowsOfEveryFlagWhetherItMayHoldADefault(t *testing.T) {
	for _, c := range withRooms((&app{}).root()) {
		name := strings.TrimPrefix(c.CommandPath(), "bothways ")
		if !c.HasParent() {
			name = configured.Console
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			_, err := settings(t, "defaults: {"+name+": {"+f.Name+": 1}}")
			if err != nil && (strings.Contains(err.Error(), "has no flag") || strings.Contains(err.Error(), "no command has")) {
				t.Errorf("--%s of %s: %v: give it a row in ui/command/configured", f.Name, name, err)
			}
		})
	}
}

func TestTheFileAgreesToNothing(t *testing.T) {
	for _, c := range withRooms((&app{}).root()) {
		for _, flag := range []string{"yes", "confirm", "buckets", "merge", "convert-v1", "outrank", "keep-canaries", "copies", "markers", "winner", "any-rules", "anyway", "canary", "expose", "sandbox", "a", "b", "json"} {
			if c.Flags().Lookup(flag) == nil || c.Name() == "config" || c.Name() == "runs" {
				continue
			}
			for _, command := range []string{config.All, strings.TrimPrefix(c.CommandPath(), "bothways ")} {
				if !c.HasParent() && command != config.All {
					command = configured.Console
				}
				if _, err := settings(t, "defaults: {"+command+": {"+flag+": true}}"); err == nil || !strings.Contains(err.Error(), flag+" has no default here: ") {
					t.Errorf("%s of %s: %v", flag, command, err)
				}
			}
		}
	}
}

func TestAWrongDefaultIsNamedWithItsLineAndWhatIsAllowed(t *testing.T) {
	for text, says := range map[string][]string{
		"theme: drak":                                  {":1: theme: ", `"drak" is none of auto, light, dark or high-contrast`, "is dark meant?"},
		"defaults:\n  prob: {sizes: 1}":                {`:2: defaults: there is no command "prob"`, "is probe meant?"},
		"defaults:\n  probe:\n    sizs: 1":             {":3: probe has no flag --sizs", "rounds, sizes", "is sizes meant?"},
		"defaults: {probe: {rounds: ten}}":             {":1: rounds: \"ten\": give a whole number"},
		"defaults: {probe: {every: 10}}":               {`every: "10": give a time with its unit`},
		"defaults: {probe: {sizes: 8 potatoes}}":       {"sizes: ", "8 potatoes"},
		"defaults: {probe: {sizes: [1KiB, potato]}}":   {"sizes: ", "potato"},
		"defaults: {probe: {target: soon}}":            {"target: ", "soon", "rtc"},
		"defaults: {probe: {preset: dem}}":             {"preset: ", "is demo meant?"},
		"defaults: {drill: {kind: cutt}}":              {"kind: ", "readiness, cut, pause or alarm", "is cut meant?"},
		"defaults: {all: {frobnicate: 1}}":             {"no command has a flag --frobnicate"},
		"defaults: {all: {metrics: true}}":             {"metrics is another flag of", "below the command that is meant"},
		"defaults: {plan: {rtc: yes}}":                 {`rtc: "yes": give true or false`},
		"defaults: {probe: {rounds: [1, 2]}}":          {"rounds takes one value, and here are 2"},
		"defaults: {sandbox: {delays: bursti}}":        {"delays: ", "bursti"},
		"defaults: {console: {theme: dark}}":           {"theme has no default here: write it at the top"},
		"defaults: {version: {json: true}}":            {`there is no command "version"`},
		"defaults: {probe: {prefix: \"a\\nb\"}}":       {"control characters"},
		"defaults: {audit: {athena: primary}}":         {"athena has no default here: it costs money"},
		"defaults: {probe: {secret_access_key: HUSH}}": {"credentials"},
	} {
		_, err := settings(t, text)
		for _, want := range says {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v, want %q", text, err, want)
			}
		}
	}
}

func TestWhatIsTypedComesBeforeTheFile(t *testing.T) {
	for _, c := range []struct {
		file  string
		words []string
		env   []string
		flag  string
		want  string
	}{
		{"defaults: {probe: {rounds: 3}}", []string{"probe"}, nil, "rounds", "3"},
		{"defaults: {probe: {rounds: 3}}", []string{"probe", "--rounds", "4"}, nil, "rounds", "4"},
		{"defaults: {probe: {rounds: 3}, all: {rounds: 2}}", []string{"probe"}, nil, "rounds", "3"},
		{"defaults: {all: {prefix: x/}}", []string{"destroy"}, nil, "prefix", "x/"},
		{"defaults: {drill undo: {prefix: x/}}", []string{"drill", "undo"}, nil, "prefix", "x/"},
		{"defaults: {drill undo: {prefix: x/}}", []string{"drill"}, nil, "prefix", ""},
		{"defaults: {probe: {sizes: [0, 128KiB]}}", []string{"probe"}, nil, "sizes", "0,128KiB"},
		{"defaults: {plan: {tag: [a=1, 'b=2,3']}}", []string{"plan"}, nil, "tag", `[a=1,"b=2,3"]`},
		{"defaults: {probe: {preset: STUDY}}", []string{"probe"}, nil, "preset", "study"},
		{"theme: dark", nil, nil, "theme", "dark"},
		{"theme: dark", []string{"--theme", "light"}, nil, "theme", "light"},
		// What is typed leaves these no place.
		{"defaults: {probe: {rounds: 3}}", []string{"probe", "--for", "1h"}, nil, "rounds", "12"},
		{"defaults: {probe: {for: 1h}}", []string{"probe", "--rounds", "2"}, nil, "for", "0s"},
		{"defaults: {probe: {rounds: 3}}", []string{"probe", "--preset", "demo"}, nil, "rounds", "12"},
		{"defaults: {all: {profile: work}}", []string{"plan", "--sandbox"}, nil, "profile", ""},
		{"defaults: {all: {profile-a: work}}", []string{"plan", "--profile", "mine"}, nil, "profile-a", ""},
		{"defaults: {audit: {athena-output: s3://b/}}", []string{"audit"}, nil, "athena-output", ""},
		{"defaults: {audit: {deep: 5}}", []string{"audit", "--estimate"}, nil, "deep", "0"},
		// The environment comes before the file.
		{"defaults: {all: {profile: work}}", []string{"plan"}, []string{"AWS_PROFILE=env"}, "profile", ""},
		{"defaults: {all: {profile: work}}", []string{"plan"}, []string{"AWS_ACCESS_KEY_ID=x"}, "profile", ""},
		{"defaults: {all: {profile: work}}", []string{"plan"}, nil, "profile", "work"},
	} {
		s, err := settings(t, c.file, c.env...)
		if err != nil {
			t.Errorf("%s: %v", c.file, err)
			continue
		}
		if got := filled(t, s, c.words...).Flags().Lookup(c.flag).Value.String(); got != c.want {
			t.Errorf("%s, bothways %v with %v: --%s is %q, want %q", c.file, c.words, c.env, c.flag, got, c.want)
		}
	}
}

// The example can be copied as it is, and any of its lines be made a setting.
func TestTheExampleIsAFileThatIsTaken(t *testing.T) {
	example := configured.Example((&app{}).root())
	if _, err := settings(t, example); err != nil {
		t.Errorf("as it is: %v", err)
	}
	on := regexp.MustCompile(`(?m)^#(\S|  )`).ReplaceAllString(example, "$1")
	placeholder := regexp.MustCompile(`(?m)^ {4}\S+: \[?[A-Z][A-Z0-9,=-]*\]?  #.*\n`)
	if n := len(placeholder.FindAllString(on, -1)); n < 10 {
		t.Fatalf("%d values are to be filled in: look here", n)
	}
	s, err := settings(t, placeholder.ReplaceAllString(on, ""))
	if err != nil {
		t.Fatal(err)
	}
	if s.Theme == nil || len(s.Defaults) < 8 {
		t.Errorf("it says %+v", s.File)
	}
}

func TestTheConsoleTakesTheDefaultsOfTheCommandsThatDoTheSame(t *testing.T) {
	s, err := settings(t, `
defaults:
  all: {prefix: logs/}
  apply: {storage-class: standard_ia}
  probe: {preset: study, every: 45s, target: 20m}
  drill: {kind: pause, rpo: 10m}
`)
	if err != nil {
		t.Fatal(err)
	}
	a := &app{settings: s}
	got, err := a.formDefaults(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if o := got.Options; o == nil || o.Prefix != "logs/" || o.StorageClass != "STANDARD_IA" || !o.DeleteMarkers {
		t.Errorf("options: %+v", o)
	}
	if want := (host.Measurement{Length: "30", Every: "45s", Limit: "20m", Target: "20m", Pace: "normal"}); got.Probe != want {
		t.Errorf("a measurement: %+v", got.Probe)
	}
	if d := got.Drill; d == nil || d.Kind != record.Pause || d.Targets.RPO != 10*time.Minute || d.Conflicts == 0 {
		t.Errorf("a drill: %+v", d)
	}
	for _, wrong := range []string{"probe: {rounds: -2}", "probe: {rounds: 2, for: 1h}", "drill: {box: 1s}", "apply: {tag: nothing}"} {
		s, err := settings(t, "defaults: {"+wrong+"}")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (&app{settings: s}).formDefaults(t.Context()); usage.CodeOf(err) != usage.Mistaken {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	if got, err := (&app{}).formDefaults(t.Context()); err != nil || got != (host.Defaults{}) {
		t.Errorf("without a file: %+v, %v", got, err)
	}
}
