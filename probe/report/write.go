package report

import (
	"fmt"
	"io"
	"strings"
)

// Format is a kind of report file.
type Format string

// The formats.
const (
	JSON     Format = "json"     // everything, so that all figures can be computed again
	CSV      Format = "csv"      // one row a sample
	Markdown Format = "markdown" // tables, verdicts and the chart, ready to paste
	Lambda   Format = "lambda"   // the shape of the 2019 article's Lambda function
)

// Formats lists all formats.
func Formats() []Format { return []Format{JSON, CSV, Markdown, Lambda} }

// ParseFormat reads a format's name.
func ParseFormat(name string) (Format, error) {
	names := make([]string, 0, len(Formats()))
	for _, f := range Formats() {
		if name == string(f) {
			return f, nil
		}
		names = append(names, string(f))
	}
	return "", fmt.Errorf("%q is not a report format: use %s", name, strings.Join(names, ", "))
}

// Options are what a report cannot take from the journal. Only Markdown uses
// them.
type Options struct {
	// Chart is a drawing as text, put into a code block; empty for none.
	Chart string
	// Notes are lines for the top, such as "Sandbox: simulated distances".
	Notes []string
}

// Write writes the run in a format.
func Write(w io.Writer, run *Run, format Format, options Options) error {
	var err error
	switch format {
	case JSON:
		err = writeJSON(w, run)
	case CSV:
		err = writeCSV(w, run)
	case Markdown:
		err = writeMarkdown(w, run, options)
	case Lambda:
		err = writeLambda(w, run)
	default:
		_, err = ParseFormat(string(format))
	}
	if err != nil {
		return fmt.Errorf("write %s report: %w", format, err)
	}
	return nil
}
