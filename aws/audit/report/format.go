package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Format is a kind of report, by its name on the command line.
type Format string

// The formats of an audit's report.
const (
	JSON     Format = "json"
	CSV      Format = "csv"
	Markdown Format = "markdown"
	HTML     Format = "html"
)

// Kind is what there is to know about a format.
type Kind struct {
	Format Format
	Holds  string // what is in it, after its name
	write  func(io.Writer, Audit) error
}

// Kinds lists all formats, in the order of the help.
func Kinds() []Kind {
	return []Kind{
		{JSON, "everything, one JSON object a line: the audit, its differences, its result", writeJSON},
		{CSV, "one row a difference", writeCSV},
		{Markdown, "the verdict, tables and examples to paste", writeMarkdown},
		{HTML, "one page that needs nothing else, with the first differences", writeHTML},
	}
}

// Formats lists the names of all formats.
func Formats() []Format {
	kinds := Kinds()
	names := make([]Format, len(kinds))
	for i, k := range kinds {
		names[i] = k.Format
	}
	return names
}

// ParseFormat reads a format's name.
func ParseFormat(name string) (Format, error) {
	if all := Formats(); !slices.Contains(all, Format(name)) {
		return "", fmt.Errorf("%q is not a format of an audit's report: use %s", name, joined(all))
	}
	return Format(name), nil
}

// Write writes the audit in a format. What looks like a credential in an answer of
// AWS is left out of all of them.
func Write(w io.Writer, a Audit, format Format) error {
	for _, k := range Kinds() {
		if k.Format != format {
			continue
		}
		if err := k.write(w, a.redacted()); err != nil {
			return fmt.Errorf("write %s report: %w", format, err)
		}
		return nil
	}
	return fmt.Errorf("%q is not a format of an audit's report: use %s", format, joined(Formats()))
}

func joined(formats []Format) string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}
