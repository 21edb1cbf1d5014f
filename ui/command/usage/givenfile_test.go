package usage

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
		if _, err := ReadGiven(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}
