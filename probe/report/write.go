package report

import (
	"fmt"
	"io"
	"strings"

	"bothways/aws/apierror"
)

// Format is a kind of report file.
type Format string

// The formats.
const (
	JSON     Format = "json"     // everything, so that all figures can be computed again
	CSV      Format = "csv"      // one row a sample
	Markdown Format = "markdown" // tables, verdicts and the chart, ready to paste
	Lambda   Format = "lambda"   // the shape of the 2019 article's Lambda function
	HTML     Format = "html"     // one page that needs nothing else, with everything of the JSON in it
)

// Formats lists all formats.
func Formats() []Format { return []Format{JSON, CSV, Markdown, Lambda, HTML} }

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

// Options are what a report cannot take from the samples.
type Options struct {
	Origin
	// Charts makes drawings as text, for Markdown; nil for none.
	Charts func() []Chart
	// Drawings makes the same as SVG, for HTML; nil for none.
	Drawings func() []Drawing
}

// Origin says where a run comes from.
type Origin struct {
	Version string `json:"version,omitempty"` // of bothways when it measured
	Access  string `json:"access,omitempty"`  // how AWS was reached, in words
	// Simulated: it was measured in a private sandbox.
	Simulated bool `json:"simulated,omitempty"`
	// Notes are what a reader of the numbers must know, such as "Sandbox:
	// simulated distances".
	Notes []string `json:"notes"`
}

// Chart is a drawing as text.
type Chart struct{ Title, Text string }

// Drawing is a drawing as SVG, which its maker has escaped: for a page, and
// for a narrow one such as a phone's. Head and Rows are the same as a table.
type Drawing struct {
	Title, Caption string
	Wide, Narrow   string
	Head           []string
	Rows           [][]string
}

// Write writes the run in a format. What looks like a credential in an answer
// of AWS is left out of all of them.
func Write(w io.Writer, run *Run, format Format, options Options) error {
	run, options.Origin = run.rewritten(apierror.Redact), rewritten(options.Origin, apierror.Redact)
	var err error
	switch format {
	case JSON:
		err = writeJSON(w, run, options.Origin)
	case CSV:
		err = writeCSV(w, run, options.Origin)
	case Markdown:
		err = writeMarkdown(w, run, options)
	case Lambda:
		err = writeLambda(w, run)
	case HTML:
		err = writeHTML(w, run, options)
	default:
		_, err = ParseFormat(string(format))
	}
	if err != nil {
		return fmt.Errorf("write %s report: %w", format, err)
	}
	return nil
}
