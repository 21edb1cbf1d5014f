package evidence_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"bothways/aws/drill/evidence"
	"bothways/aws/drill/evidence/evidencetest"
	"bothways/aws/drill/record"
)

// A script that shares nothing with this program reckons every field again, of
// whole drills and of one that was cut off, and notices what is not so.
func TestAScriptThatIsNotOursReckonsTheSame(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not on this computer")
	}
	reckon := func(folder string) (string, error) {
		out, err := exec.CommandContext(t.Context(), python, "-B", "tries/recompute.py", folder).CombinedOutput()
		return string(out), err
	}
	for name, w := range map[string]evidencetest.Wish{
		"a cut":                {Seed: 10, Kind: record.Cut},
		"a pause":              {Seed: 11, Kind: record.Pause},
		"a slower pair":        {Seed: 13, Kind: record.Pause, Factor: 2.5},
		"a drill that crashed": {Seed: 14, Kind: record.Cut, CrashMS: 120_000},
	} {
		t.Run(name, func(t *testing.T) {
			to := folder(t, w, evidence.Options{Mask: w.Seed == 13})
			out, err := reckon(to)
			if err != nil || !strings.Contains(out, " 0 differ, 0 not looked at") {
				t.Fatalf("%v:\n%s", err, out)
			}
			path := filepath.Join(to, "report.json")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			other := strings.Replace(string(text), `"certain": `, `"certain": 1`, 1)
			if err := os.WriteFile(path, []byte(other), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := reckon(to); err == nil || !strings.Contains(out, "DIFFERS: /results/rpo/by_canaries/0/certain") {
				t.Errorf("a changed figure: %v:\n%.600s", err, out)
			}
		})
	}
}
