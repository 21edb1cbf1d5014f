// Package evidence keeps what a drill leaves for those who ask for it: a folder
// with the report, the canaries, the journal and the configurations, of which
// every byte is checked.
package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/evidence/page"
	"bothways/aws/drill/evidence/trail"
	"bothways/aws/localfile"
	"bothways/aws/pair"
)

// The files of a folder that others are made from, or that check them.
const (
	journalFile   = "journal.ndjson"
	reportFile    = "report.json"
	samplesFile   = "samples.csv"
	undoFile      = "undo.txt"
	sumsFile      = "SHA256SUMS"
	signatureFile = "SHA256SUMS.sig"
)

// Options say how a folder is written.
type Options struct {
	Version string // of bothways
	Mask    bool   // leave account IDs out
	// Sign is the file of a key that ssh-keygen signs with; "" for none.
	Sign string
}

// Write writes the evidence of the drill whose journal lies at from into a folder,
// which must not be there yet, or be empty. It is there whole or not at all.
func Write(ctx context.Context, from, to string, options Options) (figures.Report, error) {
	if err := vacant(to); err != nil {
		return figures.Report{}, err
	}
	parent := filepath.Dir(filepath.Clean(to))
	if err := os.MkdirAll(parent, 0o755); err != nil { //nolint:gosec // what others are to read
		return figures.Report{}, fmt.Errorf("make the folder %s: %w", parent, err)
	}
	making, err := os.MkdirTemp(parent, ".bothways-drill-")
	if err != nil {
		return figures.Report{}, fmt.Errorf("make a folder in %s: %w", parent, err)
	}
	defer os.RemoveAll(making) // nothing, once it has its name
	report, err := fill(making, from, options)
	if err != nil {
		return report, err
	}
	if options.Sign != "" {
		if err := sign(ctx, making, options.Sign); err != nil {
			return report, err
		}
	}
	if err := os.Chmod(making, 0o755); err != nil { //nolint:gosec // what others are to read
		return report, fmt.Errorf("open the folder to others: %w", err)
	}
	if err := os.Rename(making, to); err != nil {
		return report, fmt.Errorf("give the folder its name %s: %w", to, err)
	}
	return report, nil
}

// vacant refuses a folder that has something in it.
func vacant(to string) error {
	entries, err := os.ReadDir(to)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look into %s: %w", to, err)
	case len(entries) > 0:
		return fmt.Errorf("the folder %s is not empty: give one that is not there yet", to)
	}
	if err := os.Remove(to); err != nil { // an empty one makes room on every system
		return fmt.Errorf("make room for %s: %w", to, err)
	}
	return nil
}

func fill(folder, from string, options Options) (figures.Report, error) {
	if err := copyJournal(filepath.Join(folder, journalFile), from, options.Mask); err != nil {
		return figures.Report{}, err
	}
	t, err := readTrail(filepath.Join(folder, journalFile))
	if err != nil {
		return figures.Report{}, err
	}
	report := figures.Of(t, options.Version)
	files, err := made(t, report)
	if err != nil {
		return report, err
	}
	pages, err := pages(report)
	if err != nil {
		return report, err
	}
	maps.Copy(files, pages)
	for name, content := range files {
		if err := put(folder, name, content); err != nil {
			return report, err
		}
	}
	text, err := sums(folder)
	if err != nil {
		return report, err
	}
	return report, put(folder, sumsFile, text)
}

// made are the files that follow from the journal byte for byte.
func made(t *trail.Trail, report figures.Report) (map[string][]byte, error) {
	var samples bytes.Buffer
	if err := page.CSV(&samples, figures.Rows(t)); err != nil {
		return nil, fmt.Errorf("write %s: %w", samplesFile, err)
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", reportFile, err)
	}
	files := map[string][]byte{
		samplesFile: samples.Bytes(), reportFile: append(pair.EscapeJSON(text), '\n'), undoFile: []byte(page.Undo(report)),
	}
	for at, i := range figures.Chosen(t) {
		files[at.File()] = []byte(t.Configurations[i].Document)
	}
	return files, nil
}

// pages are the files for people: they say what the report says, in the words of the
// version that writes them.
func pages(report figures.Report) (map[string][]byte, error) {
	files := map[string][]byte{"method.md": []byte(page.Method), "articles.md": []byte(page.Articles)}
	for name, write := range map[string]func(io.Writer, figures.Report) error{"report.md": page.Markdown, "report.html": page.HTML} {
		var out bytes.Buffer
		if err := write(&out, report); err != nil {
			return nil, fmt.Errorf("write %s: %w", name, err)
		}
		files[name] = out.Bytes()
	}
	return files, nil
}

func copyJournal(to, from string, mask bool) (err error) {
	in, err := localfile.Open(from)
	if err != nil {
		return fmt.Errorf("open the journal %s: %w", from, err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // what others are to read
	if err != nil {
		return fmt.Errorf("write %s: %w", journalFile, err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := trail.Copy(out, in, mask); err != nil {
		return fmt.Errorf("copy the journal %s: %w", from, err)
	}
	return out.Sync()
}

func readTrail(path string) (*trail.Trail, error) {
	file, err := localfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return trail.Read(file)
}

func put(folder, name string, content []byte) (err error) {
	path := filepath.Join(folder, filepath.FromSlash(name))
	if strings.Contains(name, "/") {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // what others are to read
			return fmt.Errorf("make the folder of %s: %w", name, err)
		}
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // the same
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := out.Write(content); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return out.Sync()
}
