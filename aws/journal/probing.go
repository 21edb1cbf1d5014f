package journal

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bothways/aws/localfile"
	"bothways/aws/pair"
)

// Intends is the first line of a probe's journal: it is on the disk before the
// probe looks whether another process changes the pair, so that of a probe and a
// change that begin together one at least sees the other.
type Intends struct {
	Pair pair.Pair `json:"pair"`
}

// EventName implements pair.Event.
func (Intends) EventName() string { return "probing" }

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
	file, err := localfile.Open(path)
	if err != nil {
		return nil
	}
	defer file.Close()
	opening, err := ReadOpening(file)
	if err != nil || opening.Sandbox {
		return nil
	}
	left, ours := firstLines, false
	if _, err := Scan(file, LeaveOut, func(event string, text []byte) error {
		if left--; left < 0 {
			return ErrEnough
		}
		if event != "probe" && event != (Intends{}).EventName() {
			return nil
		}
		var line struct {
			Pair pair.Pair `json:"pair"`
		}
		if err := json.Unmarshal(text, &line); err != nil {
			return err
		}
		ours = line.Pair.ID() == p.ID()
		return ErrEnough
	}); err != nil || !ours {
		return nil
	}
	return &opening
}
