package rehearse

import (
	"context"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
	"bothways/aws/drill/evidence"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// evidenceOf is the folder with the evidence of the last drill.
type evidenceOf struct {
	folder  widget.Field
	asking  bool // where to is being typed
	writing bool
	wrote   string   // the folder, once it is written
	missing []string // what the journal lacks
	failed  string
}

// endBindings are those of a drill that is over.
func (s *drillScreen) endBindings() []widget.Binding {
	e := &s.evidence
	if e.asking {
		return []widget.Binding{
			widget.Bind("enter", "write the evidence", s.write, "enter"),
			widget.Bind("esc", "don't", widget.Act(func() { e.asking = false }), "esc"),
		}
	}
	off := ""
	switch {
	case s.path == "":
		off = "no journal was kept"
	case e.writing:
		off = "it is being written"
	}
	bindings := []widget.Binding{
		widget.Bind("e", "write the evidence", widget.Act(s.askWhere), "e").OrOff(off).OrBriefly("evidence"),
		widget.Bind("a", "another drill", widget.Act(func() { s.asks = true }), "a"),
	}
	if len(s.course.lines) > 0 && !s.course.cleaned() {
		bindings = append(bindings, widget.Bind("c", "copy the lines that undo it", s.copyLines, "c").OrBriefly("copy undo lines"))
	}
	return append(append(bindings, s.pane.WholeBindings()...), host.AuditThere(s.host).AsMinor(), s.back())
}

// askWhere proposes a folder that names the drill.
func (s *drillScreen) askWhere() {
	name := "bothways-drill-" + s.runID
	s.evidence.asking, s.evidence.folder = true, widget.NewField(filepath.Join(s.host.Settings().SaveDir, name))
}

// write writes the folder beside the screen.
func (s *drillScreen) write() tea.Cmd {
	e := &s.evidence
	e.asking, e.writing, e.failed, e.wrote = false, true, "", ""
	of, from, to, version := s.course, s.path, e.folder.String(), s.host.Settings().Version
	return s.host.Ask("writing the evidence", func(ctx context.Context) host.Result {
		report, err := evidence.Write(ctx, from, to, evidence.Options{Version: version})
		return func() tea.Cmd {
			if s.course != of { // another drill began
				return nil
			}
			e.writing = false
			if err != nil {
				e.failed = apierror.Describe(err)
				return nil
			}
			e.missing = report.Journal.Missing
			if e.wrote = to; !filepath.IsAbs(to) {
				if whole, err := filepath.Abs(to); err == nil {
					e.wrote = whole
				}
			}
			return nil
		}
	})
}
