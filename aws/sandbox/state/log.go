// Package state keeps a sandbox between runs: a log of changes in one file.
// Each is handed to the system before the next request sees it, so that a crash
// of the program loses nothing; Sync makes a crash of the computer lose nothing
// either.
package state

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
)

const (
	format  = 1
	logName = "sandbox.jsonl"
)

// entry is a line of the file.
type entry struct {
	Number uint64          `json:"n,omitempty"` // of the line; earlier versions wrote none
	Kind   string          `json:"kind"`
	Value  json.RawMessage `json:"value"`
}

// Log is the file of a directory. Its methods are safe for concurrent use; a
// nil Log keeps nothing.
type Log struct {
	dir      string
	held     *Lock
	complete int64 // bytes of the lines that were read whole
	emptied  bool  // the file was there, without a whole line

	mu      sync.Mutex
	file    file
	length  int64  // bytes of the whole lines in the file
	pending []byte // lines that the file had no room for
	unfit   error  // why pending is not written yet
	failed  error  // a failure after which what the file holds can't be known
	count   uint64
	lines   uint64 // in the file and pending
	room    room
	// syncing lets those who wait for the disk at the same time wait for it once.
	syncing sync.Mutex
	synced  uint64 // how many of the entries are on disk
}

// file is what a log is written to, an [os.File].
type file interface {
	io.WriteCloser
	Truncate(size int64) error
	Sync() error
}

// Open takes a directory for this process, makes it if need be, and hands
// all entries of the log to replay, in order.
func Open(dir string, replay func(kind string, value json.RawMessage) error) (*Log, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("opening the sandbox's state: %w", err)
	}
	if err := check(dir); err != nil {
		return nil, err
	}
	held, err := Hold(dir)
	if errors.Is(err, ErrHeld) {
		return nil, fmt.Errorf("another sandbox uses %s", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("opening the sandbox's state: %w", err)
	}
	l := &Log{dir: dir, held: held}
	if err := l.read(replay); err != nil {
		return nil, errors.Join(err, held.Release())
	}
	return l, nil
}

// check refuses a directory that holds something and isn't a sandbox's: what is
// kept there would be mixed with it.
func check(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("opening the sandbox's state: %w", err)
	}
	for _, name := range []string{logName, logName + ".new", spareName, LockName} {
		// A named pipe would wait for somebody at its other end.
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.Mode().IsRegular() {
			return fmt.Errorf("%s is not a sandbox's state: %s in it is no regular file. Give an empty directory, or one that a sandbox has made", dir, name)
		}
	}
	foreign := ""
	for _, e := range entries {
		switch e.Name() {
		case logName:
			return nil
		case logName + ".new", spareName, spareName + ".trial", LockName: // of a start that was cut off
		default:
			foreign = e.Name()
		}
	}
	if foreign != "" {
		return fmt.Errorf("%s is not a sandbox's state: it has no %s, but %q. Give an empty directory, or one that a sandbox has made", dir, logName, foreign)
	}
	return nil
}

// read hands over what the file holds. A last line that a crash cut off is
// overlooked; any other that can't be read is an error, which names it.
func (l *Log) read(replay func(string, json.RawMessage) error) error {
	f, err := os.Open(filepath.Join(l.dir, logName))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the sandbox's state: %w", err)
	}
	defer f.Close()
	reader := bufio.NewReaderSize(f, 1<<16)
	for number := uint64(1); ; number++ {
		line, err := reader.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			l.emptied = number == 1
			return nil // without its end the line was never complete
		}
		if err != nil {
			return fmt.Errorf("reading the sandbox's state: %w", err)
		}
		l.complete += int64(len(line))
		l.lines = number
		if err := handOver(line, number, replay); err != nil {
			return fmt.Errorf("%s, line %d: %w; move the directory away to begin anew", f.Name(), number, err)
		}
	}
}

// Emptied says that the file was there and had not even its first line, which no
// sandbox leaves behind: it puts a whole file in place.
func (l *Log) Emptied() bool { return l.emptied }

// Take decodes the value of an entry and has it taken in.
func Take[T any](value json.RawMessage, take func(T) error) error {
	var record T
	if err := json.Unmarshal(value, &record); err != nil {
		return err
	}
	return take(record)
}

func handOver(line []byte, number uint64, replay func(string, json.RawMessage) error) error {
	var e entry
	if err := json.Unmarshal(line, &e); err != nil {
		return err
	}
	if e.Number > 0 && e.Number != number {
		return fmt.Errorf("it was written as line %d: lines before it were taken out, put in or changed in their order", e.Number)
	}
	if number > 1 {
		return replay(e.Kind, e.Value)
	}
	var version int
	if err := json.Unmarshal(e.Value, &version); err != nil || e.Kind != "format" || version != format {
		return fmt.Errorf("the format is %q %s, this program knows format %d", e.Kind, e.Value, format)
	}
	return nil
}

// Rewrite replaces the file with what dump writes, and keeps it open for
// Append. Where there is no room for that, the file stays as it was read, and
// full says why: what it holds can still be served.
func (l *Log) Rewrite(dump func(write func(kind string, value any))) (full, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = os.Remove(filepath.Join(l.dir, spareName)) // of a run that was killed
	path := filepath.Join(l.dir, logName)
	f, length, lines, full := writeAnew(path, dump)
	if full == nil {
		l.file, l.length, l.lines = f, length, lines
		return nil, SyncDir(l.dir)
	}
	_ = os.Remove(path + ".new") // it takes room, if it is there
	if l.complete == 0 {
		return nil, full
	}
	if f, err = l.goOn(path); err != nil {
		return nil, err
	}
	l.file, l.length = f, l.complete
	return full, nil
}

// Keep copies the file as it was read beside it, for when what it holds can't
// all be taken over. One that lies there already stays.
func (l *Log) Keep() (path string, err error) {
	path = filepath.Join(l.dir, logName+".before")
	from, err := os.Open(filepath.Join(l.dir, logName))
	if err != nil {
		return path, fmt.Errorf("keeping the sandbox's state: %w", err)
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // as in read
	if errors.Is(err, os.ErrExist) {
		return path, nil
	}
	if err == nil {
		_, err = io.Copy(to, from)
		err = errors.Join(err, to.Sync(), to.Close())
	}
	if err != nil {
		return path, fmt.Errorf("keeping the sandbox's state: %w", err)
	}
	return path, nil
}

// goOn opens the file as it was read, without a last line that was cut off.
func (l *Log) goOn(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // as in read
	if err != nil {
		return nil, fmt.Errorf("writing the sandbox's state: %w", err)
	}
	if err := f.Truncate(l.complete); err != nil {
		return nil, fmt.Errorf("writing the sandbox's state: %w", errors.Join(err, f.Close()))
	}
	return f, nil
}

// writeAnew replaces a file with what dump writes, or leaves it as it is.
func writeAnew(path string, dump func(write func(kind string, value any))) (f *os.File, length int64, lines uint64, err error) {
	f, err = os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // as in read
	if err != nil {
		return nil, 0, 0, fmt.Errorf("writing the sandbox's state: %w", err)
	}
	out := bufio.NewWriterSize(f, 1<<16)
	write := func(kind string, value any) {
		var encoded, line []byte
		if err == nil {
			encoded, err = json.Marshal(value)
		}
		if err == nil {
			line, err = encode(lines+1, kind, encoded)
		}
		if err == nil {
			lines, length = lines+1, length+int64(len(line))
			_, err = out.Write(line)
		}
	}
	write("format", format)
	dump(write)
	if err == nil {
		err = errors.Join(out.Flush(), f.Sync())
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return nil, 0, 0, fmt.Errorf("writing the sandbox's state: %w", errors.Join(err, f.Close()))
	}
	return f, length, lines, nil
}

// SyncDir brings the names of a directory's files to disk. Windows has no such
// call, and keeps names by itself.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir) //nolint:gosec // the directory that the user named
	if err != nil {
		return fmt.Errorf("writing the sandbox's state: %w", err)
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) { // a file system that has no such thing
		err = nil
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing the sandbox's state: %w", err)
	}
	return nil
}
