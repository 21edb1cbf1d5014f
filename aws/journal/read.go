package journal

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"bothways/aws/localfile"
)

// longestOpening bounds the memory that a first line may take, in bytes.
const longestOpening = 1 << 20

// errTornOpening: the run died before it had written its first line.
var errTornOpening = errors.New("its first line is not that of a journal of bothways: it is cut off")

// ReadOpening reads a journal's first line and goes back to the file's start.
// A newer schema is refused: what it means is not known here.
func ReadOpening(file io.ReadSeeker) (Opening, error) {
	var line struct {
		Event string `json:"event"`
		Opening
	}
	lines := lineReader{in: bufio.NewReader(file), longest: longestOpening}
	first, ended, err := lines.next()
	if err != nil {
		return Opening{}, fmt.Errorf("read its first line: %w", err)
	}
	if err := json.Unmarshal(first, &line); err != nil || line.Event != (Opening{}).EventName() {
		if !ended {
			return Opening{}, errTornOpening
		}
		return Opening{}, errors.New("its first line is not that of a journal of bothways")
	}
	if line.Schema > Schema {
		return line.Opening, fmt.Errorf("it was written by bothways %s in schema %d; this version reads up to %d: use that version", line.Version, line.Schema, Schema)
	}
	// Earlier versions had only the words.
	line.Sandbox = line.Sandbox || line.Access == "sandbox"
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return line.Opening, fmt.Errorf("go back to its start: %w", err)
	}
	return line.Opening, nil
}

// Newest returns the newest run that has an event of a name. passed are those
// that can't be read, with the reason, and that may be newer.
func Newest(dir, event string) (path string, passed []string, err error) {
	return NewestBut(dir, event, func(string) bool { return false })
}

// NewestBut is Newest without the runs, by their files, that leave is true of. It is
// asked only about those that have such an event.
func NewestBut(dir, event string, leave func(path string) bool) (path string, passed []string, err error) {
	entries, err := Entries(dir)
	if err != nil {
		return "", nil, err
	}
	for _, e := range slices.Backward(entries) {
		if !strings.HasSuffix(e.Name(), Extension) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		has, err := holds(path, event)
		if err != nil {
			passed = append(passed, path+": "+reason(err))
			continue
		}
		if has && !leave(path) {
			return path, passed, nil
		}
	}
	unread := ""
	if len(passed) > 0 {
		unread = " (not read: " + strings.Join(passed, "; ") + ")"
	}
	return "", nil, fmt.Errorf("no runs with a %s in %s yet: bothways probe makes one%s", event, dir, unread)
}

// holds says whether a journal has a line of an event.
func holds(path, event string) (found bool, err error) {
	file, err := localfile.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	if _, err = Scan(file, LeaveOut, func(name string, _ []byte) error {
		if found = name == event; found {
			return ErrEnough
		}
		return nil
	}); err != nil {
		return false, err
	}
	return found, nil
}

// reason is why a file can't be read, without its name, which is said already.
func reason(err error) string {
	if failed, is := errors.AsType[*fs.PathError](err); is {
		return failed.Err.Error()
	}
	return err.Error()
}
