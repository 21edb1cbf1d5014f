package console

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/apierror"
)

// resultsScreen is the measurement's outcome, to read and to keep.
type resultsScreen struct {
	quiet
	app    *app
	scroll int
	saving bool
	saved  []string // files written
	failed string   // why the last saving did not succeed
	folder field    // where files go; "" is the current folder
	asking bool     // the folder is being edited
}

func newResults(a *app) *resultsScreen {
	return &resultsScreen{app: a, folder: newField(a.cfg.SaveDir)}
}

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
			bind("esc", "do not save", act(func() { s.asking = false }), "esc"),
		}
	}
	probing := s.app.probe.running()
	bindings := []binding{
		bind("s", "save", s.save, "s"),
		bind("w", "save elsewhere", act(func() { s.asking = true }), "w").asMinor(),
	}
	if probing {
		bindings = append(bindings, bind("enter", "the live chart", func() tea.Cmd { return s.app.goTo(atProbe) }, "enter"))
	} else {
		bindings = append(bindings, bind("a", "measure again", func() tea.Cmd {
			s.app.probe.choosing = true
			return s.app.goTo(atProbe)
		}, "a", "enter"))
	}
	return append(bindings,
		bind("x", "tear down", func() tea.Cmd { return s.app.remove.beginTearDown(atResults) }, "x").orOff(s.app.readOnly()),
		bind("↑↓", "scroll", act(func() { s.scroll = max(0, s.scroll-1) }), "up", "k").asMinor(),
		bind("↓", "scroll down", act(func() { s.scroll++ }), "down", "j").asMinor(),
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
	room := max(3, height-len(lines)-len(foot)-1)
	s.scroll = max(0, min(s.scroll, len(table)-room))
	lines = append(lines, scrolledTable(t, table, s.scroll, room)...)
	return append(append(lines, ""), foot...)
}

// foot says where the raw samples are, what was saved and what is left over.
func (s *resultsScreen) foot(width int) []string {
	t, m := s.app.theme, s.app.probe.m
	var lines []string
	raw := "kept in memory only: save them"
	if path := s.app.probe.path; path != "" {
		raw = path
	}
	lines = append(lines, hang(" "+t.Muted.Render("raw samples")+"  ", clean(raw), width-1)...)
	switch {
	case s.asking:
		lines = append(lines, " "+t.Muted.Render("folder")+"  "+s.folder.draw(t, width-12))
	case s.saving:
		lines = append(lines, " "+t.Muted.Render("saving"))
	case s.failed != "":
		lines = append(lines, hang(" "+t.Bad.Render("✗ not saved")+"  ", clean(s.failed), width-1)...)
	case len(s.saved) > 0:
		folder := "in the current folder"
		if dir := filepath.Dir(s.saved[0]); dir != "." {
			folder = "in " + dir
		}
		names := filepath.Base(s.saved[0])
		for _, name := range s.saved[1:] {
			names += ", " + filepath.Ext(name)
		}
		lines = append(lines, hang(" "+t.Good.Render("✓ saved")+"      ", clean(names+" "+folder), width-1)...)
	}
	if n := len(m.loopsBad); n > 0 {
		lines = append(lines, hang(" "+t.Bad.Render("✗ loop check")+"  ", fmt.Sprintf("%s: %s", count(n, "object did not stay where it was sent", "objects did not stay where they were sent"), clean(m.loopsBad[0].Detail)), width-1)...)
	}
	if n := len(m.left); n > 0 && !m.cfg.Keep {
		lines = append(lines, hang(" "+t.Warn.Render("!")+" ", count(n, "version may be left", "versions may be left")+" under "+m.cfg.Pair.ProbePrefix()+"; tearing down removes them", width-1)...)
	}
	return lines
}
