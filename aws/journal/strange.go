package journal

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"bothways/aws/localfile"
)

// Strange names what lies in the runs' folder under the name of a journal and is
// no regular file, with what it is.
func Strange(dir string) []string {
	var strange []string
	entries, _ := os.ReadDir(dir) // whoever reads the runs says why it can't be read
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), Extension) || e.Type().IsRegular() {
			continue
		}
		if info, err := os.Stat(filepath.Join(dir, e.Name())); err == nil && !info.Mode().IsRegular() {
			strange = append(strange, fmt.Sprintf("%s is %s", e.Name(), localfile.Kind(info.Mode())))
		}
	}
	return strange
}

// readSmall reads a regular file of a few lines; of a longer one its first bytes.
func readSmall(path string) ([]byte, error) {
	file, err := localfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, 64<<10))
}
