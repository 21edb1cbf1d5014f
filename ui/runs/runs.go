// Package runs reads back what the journals on this computer say about earlier
// runs: for the command line and the console.
package runs

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bothways/aws/audit"
	"bothways/aws/journal"
	"bothways/aws/localfile"
	"bothways/probe"
	"bothways/probe/report"
)

// Measured is a run read back in full.
type Measured struct {
	Path    string
	Opening journal.Opening
	// Passed are runs that can't be read, with the reason, and that may be newer
	// where the newest was asked for.
	Passed []string
	*report.Run
}

// Origin says where the run comes from, for its reports.
func (m *Measured) Origin() report.Origin {
	return report.Origin{Version: m.Opening.Version, Access: m.Opening.Access, Simulated: m.Opening.Sandbox, Notes: m.Opening.Notes}
}

// Path returns the journal's file that a name means: a file, a run's ID or the
// beginning of one, or, for "", the newest run in which something was measured,
// with those that were passed over because they can't be read.
func Path(dir, name string) (path string, passed []string, err error) {
	if name == "" {
		return journal.Newest(dir, probe.Sample{}.EventName())
	}
	if info, err := os.Stat(name); err == nil && !info.IsDir() {
		return name, nil, nil
	}
	path, err = journal.Find(dir, name)
	return path, nil, err
}

// Open reads the run that a name means, as Path does. A run without samples is
// an error, and so is a journal that is broken or of a newer version; all name
// the file.
func Open(dir, name string) (*Measured, error) { return open(dir, name, report.Read, nil) }

// OpenFar is Open for reports of runs of any length, see report.ReadFar, which tells
// now and then how many bytes of its file are read. The run is to be closed.
func OpenFar(dir, name string, told func(read, size int64)) (*Measured, error) {
	return open(dir, name, report.ReadFar, told)
}

func open(dir, name string, read func(io.Reader) (*report.Run, error), told func(read, size int64)) (*Measured, error) {
	path, passed, err := Path(dir, name)
	if err != nil {
		return nil, err
	}
	m := &Measured{Path: path, Passed: passed}
	if err := m.read(read, told); err != nil {
		return nil, fmt.Errorf("read the run %s: %w", path, err)
	}
	if m.N() == 0 {
		return nil, errors.Join(fmt.Errorf("the run %s has no samples: nothing was measured in it, and reports are of measurements and audits. bothways runs lists what there is", path), m.Close())
	}
	return m, nil
}

// counted tells how much of a file was read.
type counted struct {
	io.Reader
	read, size int64
	told       func(read, size int64)
}

// Read implements io.Reader.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	c.told(c.read, c.size)
	return n, err
}

func (m *Measured) read(read func(io.Reader) (*report.Run, error), told func(read, size int64)) (err error) {
	file, err := localfile.Open(m.Path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if m.Opening, err = journal.ReadOpening(file); err != nil {
		return err
	}
	var from io.Reader = file
	if info, failed := file.Stat(); failed == nil && told != nil {
		from = &counted{file, 0, info.Size(), told}
	}
	m.Run, err = read(from)
	return err
}

// NewestAudit is the journal of the newest run, where that is an audit: only
// audits have a file of rows beside it.
func NewestAudit(dir string) (path string, is bool) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return "", false
	}
	for _, f := range slices.Backward(files) {
		id, journaled := strings.CutSuffix(f.Name(), journal.Extension)
		if !journaled {
			continue
		}
		_, err := os.Stat(filepath.Join(dir, id+audit.RowsExtension))
		return filepath.Join(dir, f.Name()), err == nil
	}
	return "", false
}
