package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Extension ends the name of every journal's file.
const Extension = ".ndjson"

// Folder is where this user's journals lie: $BOTHWAYS_HOME, else the
// operating system's place for a program's state. "" means that there is none.
func Folder(getenv func(string) string) string {
	if dir := getenv("BOTHWAYS_HOME"); dir != "" {
		return filepath.Join(dir, "runs")
	}
	if dir := getenv("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "bothways", "runs")
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		if dir, err := os.UserConfigDir(); err == nil {
			return filepath.Join(dir, "bothways", "runs")
		}
		return ""
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "state", "bothways", "runs")
}

// ErrNoFolder says that there is no folder of runs, and what to do about it.
var ErrNoFolder = errors.New("no folder is known in which runs are kept, as none of " + named() + " is set. Set BOTHWAYS_HOME to a folder of yours that can be written")

// named are the variables that Folder looks at.
func named() string {
	last := "HOME"
	if runtime.GOOS == "windows" {
		last = "AppData"
	}
	return "BOTHWAYS_HOME, XDG_STATE_HOME and " + last
}

// Entries are the files of a folder of runs in the order of their names; one that
// is not there has none.
func Entries(dir string) ([]os.DirEntry, error) {
	if dir == "" {
		return nil, ErrNoFolder
	}
	all, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for runs: %w", err)
	}
	return all, nil
}

// NewRunID names a run by its start in UTC, so that the names' order is that of
// the runs: the second in figures, about the millisecond as two letters or digits,
// and two more against runs of the same instant.
func NewRunID(now time.Time, random uint64) string {
	const letters = "234567abcdefghijklmnopqrstuvwxyz" // in the order of their bytes
	n := uint64(len(letters))
	part := uint64(now.Nanosecond()) * n * n / uint64(time.Second)
	suffix := []byte{letters[part/n], letters[part%n], letters[random%n], letters[random/n%n]}
	return now.UTC().Format("20060102-150405") + "-" + string(suffix)
}

// Find returns the file of the run that an ID or the beginning of one names.
func Find(dir, id string) (string, error) {
	all, err := Entries(dir)
	if err != nil {
		return "", err
	}
	var matching []string
	for _, e := range all {
		if strings.HasSuffix(e.Name(), Extension) && strings.HasPrefix(e.Name(), id) {
			matching = append(matching, e.Name())
		}
	}
	switch {
	case len(matching) == 0:
		return "", fmt.Errorf("no run %q in %s", id, dir)
	case len(matching) > 1:
		return "", fmt.Errorf("%d runs start with %q: give more of the name", len(matching), id)
	}
	return filepath.Join(dir, matching[0]), nil
}
