package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatIsNoFileOfSettingsIsNotReadToItsEnd(t *testing.T) {
	large := filepath.Join(t.TempDir(), "large.json")
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, mostGiven+1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{os.DevNull: "it is a device", t.TempDir(): "it is a folder", large: "larger than 4 MiB"} {
		if _, err := readGiven(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
		if _, err := readFaults(path); err == nil || !strings.Contains(err.Error(), "--faults") || !strings.Contains(err.Error(), want) {
			t.Errorf("--faults %s: %v", path, err)
		}
	}
}
