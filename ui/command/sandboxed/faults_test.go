package sandboxed

import (
	"os"
	"strings"
	"testing"
)

func TestWhatIsNoFileOfFaultsIsNamedWithItsFlag(t *testing.T) {
	for path, want := range map[string]string{os.DevNull: "it is a device", t.TempDir(): "it is a folder"} {
		if _, err := readFaults(path); err == nil || !strings.Contains(err.Error(), "--faults "+path) || !strings.Contains(err.Error(), want) {
			t.Errorf("--faults %s: %v", path, err)
		}
	}
}
