package measure

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"bothways/probe/report"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
	"bothways/ui/runs"
)

// runsScreen lists the earlier runs, to open one or to compare two.
type runsScreen struct {
	host.Quiet
	host host.Host
	past *resultsScreen // shows the run that is opened
	from host.Place     // where esc leads

	gen     int // of the run that is opened, or the comparison
	listing int // of the list
	reading bool
	all     []runs.Entry // the newest first
	others  int          // runs in which nothing was measured or compared
	// listable counts all other runs, before the filter.
	listable int
	entries  []runs.Entry // all other runs that the filter leaves
	filter   widget.Filter
	failure  string
	list     widget.List
	marked   []string // paths of at most two

	opening    string      // the path of the run that is being read, or ""
	comparison []string    // of the marked runs, while it is in front
	compared   widget.Pane // the comparison
}

// Drop implements host.Screen: what lies on this computer holds.
func (s *runsScreen) Drop(host.Stale) {}

func newRuns(h host.Host, past *resultsScreen) *runsScreen {
	return &runsScreen{host: h, past: past, from: host.Where}
}

// Enter reads the list, each time: runs end and begin meanwhile.
func (s *runsScreen) Enter(from host.Place) tea.Cmd {
	if from != host.Past && from != host.PastAudit {
		s.from, s.comparison = from, nil
		s.filter.Clear()
	}
	s.gen++
	s.listing++
	s.reading, s.failure, s.opening = true, "", ""
	listing, dir := s.listing, s.host.Settings().RunsDir
	return s.host.Ask("listing the runs", func(context.Context) host.Result {
		entries, err := runs.List(dir)
		return func() tea.Cmd { return s.listed(listing, entries, err) }
	})
}

// listed takes the list, of which the runs themselves are still to be read.
func (s *runsScreen) listed(listing int, entries []runs.Entry, err error) tea.Cmd {
	if listing != s.listing {
		return nil
	}
	s.reading = false
	if err != nil {
		s.failure = err.Error()
		return nil
	}
	before := s.all
	s.all = entries
	for i, e := range s.all {
		if at := slices.IndexFunc(before, func(b runs.Entry) bool { return e.Same(b) }); at >= 0 {
			s.all[i] = before[at]
		}
	}
	s.arrange()
	return s.readNext()
}

// readNext reads the newest run of which only the first lines were read. A long
// run takes its time, so each is shown as soon as it is read.
func (s *runsScreen) readNext() tea.Cmd {
	at := slices.IndexFunc(s.all, func(e runs.Entry) bool { return e.State == runs.Unread })
	s.reading = at >= 0 && s.host.At() == host.Runs
	if !s.reading {
		return nil
	}
	listing, entry, now := s.listing, s.all[at], s.host.Now()
	return s.host.Ask("reading a journal", func(context.Context) host.Result {
		entry.Read(now)
		return func() tea.Cmd { return s.runRead(listing, entry) }
	})
}

// runRead takes what became of one run.
func (s *runsScreen) runRead(listing int, entry runs.Entry) tea.Cmd {
	if listing != s.listing {
		return nil
	}
	for i := range s.all {
		if s.all[i].Path == entry.Path {
			s.all[i] = entry
		}
	}
	s.arrange()
	return s.readNext()
}

// unread counts the runs that are still to be read.
func (s *runsScreen) unread() (n int) {
	for _, e := range s.all {
		if e.State == runs.Unread {
			n++
		}
	}
	return n
}

// arrange picks the runs that are listed: audits, and those in which something was
// measured, or can't be known to have been, and those that began to.
func (s *runsScreen) arrange() {
	before, chosen := s.selected()
	worth := slices.DeleteFunc(slices.Clone(s.all), func(e runs.Entry) bool {
		return !e.Audit && e.Samples == 0 && e.State != runs.Unreadable && (e.State != runs.Unread || e.A == "")
	})
	s.others, s.listable = len(s.all)-len(worth), len(worth)
	s.marked = slices.DeleteFunc(s.marked, func(path string) bool {
		return !slices.ContainsFunc(worth, func(e runs.Entry) bool { return e.Path == path })
	})
	s.entries = slices.DeleteFunc(worth, func(e runs.Entry) bool { return !s.filter.Passes(searched(e)) })
	if at := s.At(before.Path); chosen && at >= 0 {
		s.list.Selected = at
	}
}

// searched is what a filter finds a run by: all that its row can show.
func searched(e runs.Entry) string {
	when := ""
	if !e.StartedAt.IsZero() {
		when = e.StartedAt.UTC().Format("2006-01-02 15:04")
	}
	return strings.Join([]string{e.RunID, when, e.A, e.B, string(e.State), e.Verdict, e.Access, widget.Choice(e.Audit, "audit", "")}, " ")
}

// Typing implements host.Screen.
func (s *runsScreen) Typing() *widget.Field {
	if s.comparison != nil || s.opening != "" {
		return nil
	}
	return s.filter.Typing()
}

// Fields implements host.Screen.
func (s *runsScreen) Fields() bool { return s.comparison == nil }

// Typed implements host.Screen.
func (s *runsScreen) Typed() tea.Cmd {
	s.list.Selected = 0
	s.entries = nil // nothing is chosen any more
	s.arrange()
	return nil
}

func (s *runsScreen) At(path string) int {
	return slices.IndexFunc(s.entries, func(e runs.Entry) bool { return e.Path == path })
}

func (s *runsScreen) selected() (runs.Entry, bool) {
	if s.list.Selected < 0 || s.list.Selected >= len(s.entries) {
		return runs.Entry{}, false
	}
	return s.entries[s.list.Selected], true
}

func (s *runsScreen) Pane() *widget.Pane {
	if s.comparison == nil {
		return nil
	}
	return &s.compared
}

func (s *runsScreen) Moving() bool { return s.reading || s.opening != "" }

func (s *runsScreen) Bindings() []widget.Binding {
	if s.comparison != nil {
		return append(s.compared.WholeBindings(), widget.Bind("esc", "earlier runs", widget.Act(func() { s.comparison = nil }), "esc"))
	}
	if s.opening != "" {
		return []widget.Binding{widget.Bind("esc", "stop reading", widget.Act(func() { s.gen, s.opening = s.gen+1, "" }), "esc")}
	}
	var bindings []widget.Binding
	if chosen, any := s.selected(); any {
		bindings = s.chosenBindings(chosen)
	}
	if c := s.host.Chosen(); c.Open && c.Pair.Check() == nil && s.filter.Typing() == nil {
		bindings = append(bindings, host.AuditThere(s.host))
	}
	bindings = append(bindings, s.filter.Bindings(s.listable > 1, func() { s.filter.Open() }, func() tea.Cmd {
		s.filter.Clear()
		s.arrange()
		return nil
	})...)
	if s.filter.On() { // which has esc
		return bindings
	}
	return append(bindings, widget.Bind("esc", strings.ToLower(s.from.Title()), func() tea.Cmd { return s.host.GoTo(s.from) }, "esc"))
}

// chosenBindings are what keys do to the run that is chosen.
func (s *runsScreen) chosenBindings(chosen runs.Entry) []widget.Binding {
	broken := ""
	if chosen.State == runs.Unreadable {
		broken = "the run can't be read: " + chosen.Error
	}
	open := widget.Bind("enter", "open", s.open, "enter").OrOff(broken)
	bindings := append([]widget.Binding{open}, s.list.Bindings("choose", len(s.entries), widget.Act(s.filter.Leave))...)
	if s.filter.Typing() != nil {
		return bindings
	}
	if chosen.Audit {
		broken = "audits are compared by bothways compare"
	}
	mark := widget.Bind("space", widget.Choice(s.isMarked(chosen), "unmark", "mark"), widget.Act(s.mark), "space").OrOff(broken)
	if len(s.marked) == 2 && !s.isMarked(chosen) {
		mark = mark.OrOff("two runs are marked already")
	}
	compare := widget.Bind("c", "compare", s.compare, "c").OrOff(widget.Choice(len(s.marked) < 2, "mark two runs with space first", ""))
	return append(bindings, mark, compare)
}

func (s *runsScreen) isMarked(e runs.Entry) bool { return slices.Contains(s.marked, e.Path) }

func (s *runsScreen) mark() {
	if chosen, any := s.selected(); any {
		if s.isMarked(chosen) {
			s.marked = slices.DeleteFunc(s.marked, func(path string) bool { return path == chosen.Path })
		} else {
			s.marked = append(s.marked, chosen.Path)
		}
	}
}

func (s *runsScreen) Choose(line, _ int) {
	if i := s.list.Hit(line); i >= 0 && s.comparison == nil && s.opening == "" {
		s.list.Selected = i
	}
}

// open reads the chosen run and shows it as results are shown.
func (s *runsScreen) open() tea.Cmd {
	chosen, _ := s.selected()
	if chosen.Audit {
		s.host.Chosen().Opened = chosen.Path
		return s.host.GoTo(host.PastAudit)
	}
	s.gen++
	s.opening, s.failure = chosen.Path, ""
	gen := s.gen
	return s.host.Ask("reading a run", func(context.Context) host.Result {
		found, err := runs.Open("", chosen.Path)
		if err != nil {
			return func() tea.Cmd { return s.opened(gen, nil, err) }
		}
		return func() tea.Cmd { return s.opened(gen, newPast(found), nil) }
	})
}

// opened takes an earlier run.
func (s *runsScreen) opened(gen int, run *pastRun, err error) tea.Cmd {
	if gen != s.gen || s.host.At() != host.Runs {
		return nil
	}
	s.opening = ""
	if err != nil {
		s.failure = err.Error()
		return nil
	}
	*s.past = *newPastResults(s.host)
	s.past.past = run
	return s.host.GoTo(host.Past)
}

// compare holds the later of the marked runs against the earlier one.
func (s *runsScreen) compare() tea.Cmd {
	paths := slices.Clone(s.marked)
	slices.SortFunc(paths, func(p, q string) int { return s.At(q) - s.At(p) }) // the list has the newest first
	s.gen++
	s.opening, s.failure = paths[1], ""
	gen := s.gen
	return s.host.Ask("comparing two runs", func(context.Context) host.Result {
		var sides [2]report.Compared
		for i, path := range paths {
			found, err := runs.Open("", path)
			if err != nil {
				return func() tea.Cmd { return s.runsCompared(gen, "", err) }
			}
			sides[i] = report.Compared{Origin: found.Origin(), Run: found.Run}
		}
		if twice := report.Twice(sides[:]); twice != "" {
			return func() tea.Cmd { return s.runsCompared(gen, "", errors.New(twice)) }
		}
		var text strings.Builder
		err := report.Compare(sides[0], sides[1]).Write(&text, report.Text)
		return func() tea.Cmd { return s.runsCompared(gen, text.String(), err) }
	})
}

// runsCompared takes a comparison as text.
func (s *runsScreen) runsCompared(gen int, text string, err error) tea.Cmd {
	if gen != s.gen || s.host.At() != host.Runs {
		return nil
	}
	s.opening, s.compared = "", widget.Pane{}
	if err != nil {
		s.failure = err.Error()
		return nil
	}
	s.comparison = strings.Split(strings.TrimRight(text, "\n"), "\n")
	return nil
}
