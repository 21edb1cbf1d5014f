package spill

import (
	"fmt"
	"io"
	"os"
)

// mostText is held before a text goes to disk, in bytes.
const mostText = 1 << 20

// Text is a text that is written once and read once, on disk where it is long.
type Text struct {
	Dir string // where its file lies; "": the system's folder for such files

	held []byte
	file *os.File // nil: all is held
}

// Write implements io.Writer.
func (t *Text) Write(p []byte) (int, error) {
	t.held = append(t.held, p...)
	if len(t.held) < mostText {
		return len(p), nil
	}
	if t.file == nil {
		file, err := os.CreateTemp(folder(t.Dir), pattern)
		if err != nil {
			return 0, fmt.Errorf("keep differences on disk: %w", err)
		}
		_ = os.Remove(file.Name()) // where that can't be done yet, Close does it
		t.file = file
	}
	if _, err := t.file.Write(t.held); err != nil {
		return 0, fmt.Errorf("keep differences on disk: %w", err)
	}
	t.held = t.held[:0]
	return len(p), nil
}

// WriteTo implements io.WriterTo.
func (t *Text) WriteTo(w io.Writer) (int64, error) {
	var n int64
	if t.file != nil {
		if _, err := t.file.Seek(0, io.SeekStart); err != nil {
			return 0, fmt.Errorf("read differences from disk: %w", err)
		}
		var err error
		if n, err = io.Copy(w, t.file); err != nil {
			return n, err
		}
	}
	m, err := w.Write(t.held)
	return n + int64(m), err
}

// Close removes the file.
func (t *Text) Close() {
	if t.file != nil {
		_ = t.file.Close()
		_ = os.Remove(t.file.Name()) // mostly it is gone already
	}
}
