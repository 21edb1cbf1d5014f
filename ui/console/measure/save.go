package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/probe/report"
	"bothways/ui/console/host"
	"bothways/ui/figure"
)

// save writes what was measured so far in all formats that have a file, into
// the folder that the field names.
func (s *resultsScreen) save() tea.Cmd {
	if s.saving {
		s.host.Say("still saving")
		return nil
	}
	s.asking = false
	return s.write("saved ", s.folder.String())
}

func (s *resultsScreen) write(done, folder string) tea.Cmd {
	m := s.measured()
	if m == nil || s.saving {
		return nil
	}
	s.saving, s.failed = true, ""
	run := m.report()
	options := figure.Options(run, s.origin())
	name := "bothways-" + m.cfg.RunID
	revision := m.revision
	return s.host.Ask("saving", func(context.Context) host.Result {
		files, err := saveReports(folder, name, run, options)
		return reportsSaved{s, m, done, folder, files, len(run.Samples), revision, err}.Deliver
	})
}

// origin says how the measurement reached AWS.
func (s *resultsScreen) origin() report.Origin {
	if s.past != nil {
		return s.past.origin
	}
	origin := report.Origin{Access: s.host.Chosen().Access.Label(), Simulated: s.host.Chosen().Access.Sandbox}
	switch endpoint := s.host.Chosen().Identity.Endpoint; {
	case s.host.Chosen().Access.Sandbox:
		origin.Notes = append(origin.Notes, s.host.Chosen().Access.Simulation())
	case endpoint != "":
		origin.Notes = append(origin.Notes, "Measured against "+endpoint+", not against AWS")
	}
	return origin
}

// saveAnew writes the files again at a run's end, where they were saved during
// it and lack what came since: samples, COMPLETED, what was left behind. The folder's field may be half typed: it is left alone.
func (s *resultsScreen) saveAnew() tea.Cmd {
	if len(s.saved) == 0 || s.revision == s.measured().revision {
		return nil
	}
	done := "saved anew "
	if said := s.host.Said(); said != "" { // how the run ended is said together with it
		done = said + "; " + done
	}
	return s.write(done, s.savedIn)
}

// reportsSaved brings the names of the files that were written.
type reportsSaved struct {
	by       *resultsScreen
	of       *measurement
	done     string // how the notice begins
	folder   string
	files    []string
	samples  int
	revision int
	err      error
}

// Deliver implements host.Result.
func (r reportsSaved) Deliver() tea.Cmd {
	s := r.by
	s.saving = false
	if r.of != s.measured() {
		return nil // another measurement began meanwhile
	}
	if r.err != nil {
		// The field stays closed: whoever types now means something else.
		s.failed = r.err.Error()
		s.host.Say("not saved; w saves elsewhere")
		return nil
	}
	s.saved, s.savedAt, s.revision, s.savedIn = r.files, r.samples, r.revision, r.folder
	s.host.Say(r.done + savedNames(r.files) + " " + folderText(r.folder))
	if !s.running() {
		return s.saveAnew() // the run ended while the files were written
	}
	return nil
}

// savedNames is the first file's name and the others' extensions.
func savedNames(files []string) string {
	names := filepath.Base(files[0])
	for _, name := range files[1:] {
		names += ", " + filepath.Ext(name)
	}
	return names
}

// folderText names a folder as it is found again.
func folderText(folder string) string {
	if whole, err := filepath.Abs(folder); err == nil {
		folder = whole
	}
	return "in " + folder
}

// saveReports writes the files. Each is complete or not there.
func saveReports(folder, name string, run *report.Run, options report.Options) ([]string, error) {
	sweep(folder)
	var files []string
	for _, kind := range report.Kinds() {
		if kind.Extension == "" {
			continue
		}
		path := filepath.Join(folder, name+"."+kind.Extension)
		if err := writeWhole(path, func(w io.Writer) error { return report.Write(w, run, kind.Format, options) }); err != nil {
			return files, fmt.Errorf("save %s: %w", path, err)
		}
		files = append(files, path)
	}
	return files, nil
}

// unfinished begins the name of a file that is still written.
const unfinished = ".bothways-"

// abandoned is how old such a file must be to be one that a killed run left:
// writing takes seconds.
const abandoned = time.Hour

// sweep removes what killed runs were writing in a folder.
func sweep(folder string) {
	found, _ := filepath.Glob(filepath.Join(folder, unfinished+"[0-9]*")) // what can't be listed is not swept
	for _, path := range found {
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > abandoned {
			_ = os.Remove(path) // the next one tries again
		}
	}
}

// writeWhole writes a file beside its place and moves it there at the end.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), unfinished+"*")
	if failed := (&fs.PathError{}); errors.As(err, &failed) {
		err = failed.Err // whose name for the file nobody knows
	}
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	if err := errors.Join(write(file), file.Close()); err != nil {
		return err
	}
	if err := os.Chmod(file.Name(), 0o644); err != nil { //nolint:gosec // a report is meant to be read by others
		return err
	}
	return os.Rename(file.Name(), path)
}
