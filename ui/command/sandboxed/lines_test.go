package sandboxed

import (
	"os"
	"path/filepath"
	"testing"
)

func TestATruthFileIsWrittenOnAndNothingElseIsEmptied(t *testing.T) {
	const ours = `{"bucket":"b","key":"k","version_id":"v","committed_at":"2026-01-02T03:04:05Z","visible_at":"2026-01-02T03:04:06Z"}` + "\n"
	for name, c := range map[string]struct {
		holds   string
		refused bool
	}{
		"nothing":             {"", false},
		"an earlier truth":    {ours, false},
		"a letter":            {"Dear all,\n", true},
		"JSON of others":      {`{"bucket":"b"}` + "\n", true},
		"no line, much of it": {string(make([]byte, 1<<20)), true},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
			if err := os.WriteFile(path, []byte(c.holds), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(path, link); err != nil {
				t.Skip(err)
			}
			want := c.holds
			for _, way := range []string{path, link} {
				file, err := openLines(way, isTruth)
				if (err != nil) != c.refused {
					t.Fatalf("%s: %v", way, err)
				}
				if err == nil {
					if _, err := file.WriteString(ours); err != nil {
						t.Fatal(err)
					}
					want += ours
					_ = file.Close()
				}
			}
			if now, err := os.ReadFile(path); err != nil || string(now) != want {
				t.Errorf("the file holds %d bytes, want %d", len(now), len(want))
			}
		})
	}
	if file, err := openLines(filepath.Join(t.TempDir(), "new"), isTruth); err != nil {
		t.Error(err)
	} else {
		_ = file.Close()
	}
}

func TestALineSaysWhatItsFileIsFor(t *testing.T) {
	const message = `{"Records":[{"eventVersion":"2.1","eventSource":"aws:s3"}]}`
	const truth = `{"bucket":"b","visible_at":"2026-01-02T03:04:06Z"}`
	for line, want := range map[string][2]bool{message: {false, true}, truth: {true, false}, `{"Records":[]}`: {}, "x": {}} {
		if got := [2]bool{isTruth([]byte(line)), isMessage([]byte(line))}; got != want {
			t.Errorf("%s: %v, want %v", line, got, want)
		}
	}
}
