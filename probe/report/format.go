package report

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"bothways/aws/apierror"
)

// Format is a kind of report file, by its name on the command line.
type Format string

// The formats. Each has its row in kinds.
const (
	JSON     Format = "json"
	CSV      Format = "csv"
	Markdown Format = "markdown"
	Lambda   Format = "lambda"
	HTML     Format = "html"
)

// Kind is what there is to know about a format: the flag's help, its
// completion and the files that the console saves come from here.
type Kind struct {
	Format Format
	Title  string // its name in text: "Markdown"
	Holds  string // what is in it, after its name
	// Extension is that of a file that the console saves, without its dot; ""
	// for one that is written only where it is asked for.
	Extension string
	// Samples: every sample can be read back from it as it was.
	Samples bool
	// Details explain more of it than a line; nil: there is no more to say.
	Details func() string

	write func(io.Writer, *Run, Options) error
}

// Kinds lists all formats, in the order of the help.
func Kinds() []Kind {
	return []Kind{
		{JSON, "JSON", "everything, so that all figures can be computed again", "json", true, nil, writeJSON},
		{CSV, "CSV", "one row a sample", "csv", true, csvHelp, writeCSV},
		{Markdown, "Markdown", "tables and charts to paste", "md", false, nil, writeMarkdown},
		// A file of it beside the JSON would only confuse: it is for programs that read the article's.
		{Lambda, "Lambda", "the shape of the 2019 article's Lambda function (arrivals only)", "", false, nil, writeLambda},
		{HTML, "HTML", "one page that needs nothing else, with everything of json in it", "html", true, nil, writeHTML},
	}
}

// Formats lists the names of all formats.
func Formats() []Format {
	kinds := Kinds()
	all := make([]Format, len(kinds))
	for i, k := range kinds {
		all[i] = k.Format
	}
	return all
}

// ParseFormat reads a format's name.
func ParseFormat(name string) (Format, error) {
	kind, err := kindOf(Format(name))
	return kind.Format, err
}

func kindOf(format Format) (Kind, error) {
	kinds := Kinds()
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Format == format })
	if i < 0 {
		return Kind{}, fmt.Errorf("%q is not a report format: use %s", format, names(Formats()))
	}
	return kinds[i], nil
}

// names joins the names of formats.
func names(formats []Format) string {
	texts := make([]string, len(formats))
	for i, f := range formats {
		texts[i] = string(f)
	}
	return strings.Join(texts, ", ")
}

// Text is a format of comparisons alone, for people at a terminal.
const Text Format = "text"

// ComparisonFormats lists the formats of a comparison.
func ComparisonFormats() []Format { return []Format{Text, JSON, Markdown} }

// ParseComparisonFormat reads the name of a comparison's format.
func ParseComparisonFormat(name string) (Format, error) {
	if all := ComparisonFormats(); !slices.Contains(all, Format(name)) {
		return "", fmt.Errorf("%q is not a format of a comparison: use %s", name, names(all))
	}
	return Format(name), nil
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
	kind, err := kindOf(format)
	if err == nil {
		run, options.Origin = run.rewritten(apierror.Redact), rewritten(options.Origin, apierror.Redact)
		err = kind.write(w, run, options)
		if run.far != nil {
			err = errors.Join(err, run.far.err())
		}
	}
	if err != nil {
		return fmt.Errorf("write %s report: %w", format, err)
	}
	return nil
}
