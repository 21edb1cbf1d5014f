package console

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
)

// resultsScreen is the measurement's outcome, to read and to keep.
type resultsScreen struct {
	quiet
	app     *app
	scroll  int
	saving  bool
	saved   []string // files written
	savedAt int      // the number of samples in them
	savedIn string   // their folder
	failed  string   // why the last saving did not succeed
	folder  field    // where files go; "" is the current folder
	asking  bool     // the folder is being edited
}

func newResults(a *app) *resultsScreen {
	return &resultsScreen{app: a, folder: newField(a.cfg.SaveDir), savedIn: a.cfg.SaveDir}
}

// forget drops what was saved of an earlier measurement.
func (s *resultsScreen) forget() { s.saved, s.savedAt, s.failed = nil, 0, "" }

func (s *resultsScreen) enter() tea.Cmd {
	s.scroll = 0
	return nil
}

// describe words an error for people.
func describe(err error) string { return apierror.Describe(err) }

// interrupted says that somebody stopped the run.
func interrupted(err error) bool { return errors.Is(err, context.Canceled) }

func (s *resultsScreen) moving() bool { return s.app.probe.running() }

func (s *resultsScreen) bindings() []binding {
	if s.asking {
		return []binding{
			bind("enter", "save there", s.save, "enter"),
			bind("esc", "do not save", act(func() {
				s.asking, s.failed, s.folder = false, "", newField(s.savedIn)
			}), "esc"),
		}
	}
	probing := s.app.probe.running()
	bindings := []binding{
		bind("s", "save", s.save, "s"),
		bind("w", "elsewhere", act(func() { s.asking, s.failed = true, "" }), "w"),
	}
	if probing {
		bindings = append(bindings, bind("enter", "the live chart", func() tea.Cmd { return s.app.goTo(atProbe) }, "enter"))
	} else {
		bindings = append(bindings, bind("a", "measure again", func() tea.Cmd {
			s.app.probe.choosing = true
			return s.app.goTo(atProbe)
		}, "a"))
	}
	return append(bindings,
		bind("x", "tear down", func() tea.Cmd { return s.app.remove.beginTearDown(atResults) }, "x").orOff(s.app.readOnly()),
		bind("↑↓", "scroll", act(func() { s.scroll = max(0, s.scroll-1) }), "up", "k").asMinor(),
		bind("↓", "scroll down", act(func() { s.scroll++ }), "down", "j").asTwin(),
		bind("esc", "chart", func() tea.Cmd { return s.app.goTo(atProbe) }, "esc"))
}

func (s *resultsScreen) prompt() string {
	if s.asking {
		return "Save in which folder?"
	}
	return ""
}

func (s *resultsScreen) typing() *field {
	if s.asking {
		return &s.folder
	}
	return nil
}

func (s *resultsScreen) draw(width, height int) []string {
	m := s.app.probe.m
	if m == nil {
		return nil
	}
	t := s.app.theme
	lines := hang(" ", m.stats.CompareDirections().Sentence, width-1)
	lines = append(lines, hang(" ", m.stats.CompareSizes().Sentence, width-1)...)
	lines = append(lines, "")
	foot := s.foot(width)
	table := tableOf(t, m.stats, width)
	room := height - len(lines) - len(foot) - 1
	if room < min(6, len(table)) { // no room for three parts: all of it scrolls
		lines = append(append(append(lines, table...), ""), foot...)
		s.scroll = max(0, min(s.scroll, len(lines)-height+1))
		return scrolled(t, lines, s.scroll, height)
	}
	s.scroll = max(0, min(s.scroll, len(table)-room))
	lines = append(lines, scrolledTable(t, table, s.scroll, room)...)
	return append(append(lines, ""), foot...)
}

// stale says how many of the samples the saved files hold.
func (s *resultsScreen) stale() string {
	return "at " + strconv.Itoa(s.savedAt) + " of " + count(len(s.app.probe.m.samples), "sample", "samples") + ", s saves again"
}

// foot says where the raw samples are, what was saved and what is left over.
func (s *resultsScreen) foot(width int) []string {
	t, m := s.app.theme, s.app.probe.m
	var lines []string
	raw := "kept in memory only: save them"
	if path := s.app.probe.path; path != "" {
		raw = path + incompleteText(s.app.incomplete[path])
		if s.app.incomplete[path] != nil {
			raw += "; save them"
		}
	}
	lines = append(lines, hang(" "+t.Muted.Render("raw samples")+"  ", clean(raw), width-1)...)
	if s.failed != "" {
		lines = append(lines, hang(" "+t.Bad.Render("✗ not saved")+"  ", clean(s.failed)+"; w saves elsewhere", width-1)...)
	}
	switch {
	case s.asking:
		lines = append(lines, " "+t.Muted.Render("folder")+"  "+s.folder.draw(t, width-12))
	case s.saving:
		lines = append(lines, " "+t.Muted.Render("saving"))
	case len(s.saved) > 0 && s.savedAt < len(m.samples):
		lines = append(lines, hang(" "+t.Warn.Render("! saved")+"      ", clean(s.stale()+": "+savedNames(s.saved)+" "+folderText(s.savedIn)), width-1)...)
	case len(s.saved) > 0:
		lines = append(lines, hang(" "+t.Good.Render("✓ saved")+"      ", clean(savedNames(s.saved)+" "+folderText(s.savedIn)), width-1)...)
	}
	if s.app.probe.running() {
		lines = append(lines, hang(" "+t.Accent.Render(s.app.spin())+" ", s.app.probe.next(s.app.now())+"; enter shows it", width-1)...)
	}
	if n := len(m.loopsBad); n > 0 {
		lines = append(lines, hang(" "+t.Bad.Render("✗ loop check")+"  ", fmt.Sprintf("%s: %s", count(n, "object did not stay where it was sent", "objects did not stay where they were sent"), clean(m.loopsBad[0].Detail)), width-1)...)
	}
	if n := len(m.left); n > 0 && !m.cfg.Keep {
		lines = append(lines, hang(" "+t.Warn.Render("!")+" ", count(n, "version may be left", "versions may be left")+" under "+m.cfg.Pair.ProbePrefix()+"; tearing down removes them", width-1)...)
	}
	return lines
}
