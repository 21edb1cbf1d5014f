package report

import (
	"fmt"
	"io"

	"bothways/aws/apierror"
)

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
	kind, err := kindOf(format)
	if err == nil {
		run, options.Origin = run.rewritten(apierror.Redact), rewritten(options.Origin, apierror.Redact)
		err = kind.write(w, run, options)
	}
	if err != nil {
		return fmt.Errorf("write %s report: %w", format, err)
	}
	return nil
}
