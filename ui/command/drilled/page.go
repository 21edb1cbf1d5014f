package drilled

import (
	"errors"
	"io"

	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/evidence/page"
	"bothways/aws/drill/evidence/trail"
	"bothways/aws/drill/record"
	"bothways/aws/journal"
	"bothways/aws/localfile"
	"bothways/ui/command/usage"
)

// Is says whether a journal is that of a drill. What can't be read is none: whoever
// looks for samples says so.
func Is(path string) (drill bool) {
	file, err := localfile.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	_, _ = journal.Scan(file, journal.LeaveOut, func(event string, _ []byte) error { // its error leaves what was read until then
		if drill = event == (record.Scope{}).EventName(); drill {
			return journal.ErrEnough
		}
		return nil
	})
	return drill
}

// Print writes the report of a drill's journal as Markdown or HTML, its figures
// reckoned anew.
func Print(w io.Writer, path, format, version string) (err error) {
	write := map[string]func(io.Writer, figures.Report) error{"markdown": page.Markdown, "html": page.HTML}[format]
	if write == nil {
		return usage.Wrong("--format: %q is not a format of a drill's report: give markdown or html; bothways drill report --to FOLDER writes all of its evidence", format)
	}
	file, err := localfile.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	found, err := trail.Read(file)
	if err != nil {
		return err
	}
	return write(w, figures.Of(found, version))
}
