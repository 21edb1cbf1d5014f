package journal

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bothways/aws/pair"
)

// firstLines of a journal are looked through for the probe's own: it is
// written before the first object.
const firstLines = 100

// Probing returns the newest run in dir that measures the pair right now, or
// nil. Runs in a private sandbox don't count, and neither do the journals that
// own names, such as this process's. What can't be read is passed over: its
// writer is at work, and nobody has to wait for the file.
func Probing(dir string, p pair.Pair, own func(path string) bool) *Opening {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range slices.Backward(entries) {
		name, is := strings.CutSuffix(e.Name(), lockExtension)
		path := filepath.Join(dir, name+Extension)
		if !is || own(path) || !Writing(path) {
			continue
		}
		if opening := probeOf(path, p); opening != nil {
			return opening
		}
	}
	return nil
}

// probeOf is a journal's opening, where it is of a probe of the pair.
func probeOf(path string, p pair.Pair) *Opening {
	file, err := os.Open(path) //nolint:gosec // a file of the journal's own folder
	if err != nil {
		return nil
	}
	defer file.Close()
	opening, err := ReadOpening(file)
	if err != nil || opening.Sandbox {
		return nil
	}
	lines := bufio.NewReader(io.LimitReader(file, 1<<20))
	for range firstLines {
		text, err := lines.ReadBytes('\n')
		if err != nil {
			return nil
		}
		var line struct {
			Event string    `json:"event"`
			Pair  pair.Pair `json:"pair"`
		}
		if json.Unmarshal(text, &line) == nil && line.Event == "probe" {
			if line.Pair.ID() == p.ID() {
				return &opening
			}
			return nil
		}
	}
	return nil
}
