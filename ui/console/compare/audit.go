package compare

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// gap is the shortest time between two frames of an audit.
const gap = 250 * time.Millisecond

// auditScreen compares both sides and lists what differs, by what is the matter.
type auditScreen struct {
	host.Quiet
	host host.Host
	do   *host.Engines
	from host.Place // where esc leads

	run      *host.Run // nil when nothing is being compared
	runID    string
	wanted   pair.Pair
	access   account.Access
	started  audit.Started
	progress audit.Progress
	result   *audit.Result
	stale    bool // what was found may hold no longer
	stopping bool
	failure  string

	list     widget.List
	moved    bool // somebody chose a line
	details  widget.Pane
	examples map[difference.Group][]difference.Difference // the first of each group
	open     *examples                                    // the versions of one group, or nil
}

func newAudit(h host.Host) *auditScreen {
	return &auditScreen{host: h, do: h.Engines(), from: host.Plan}
}

// Enter begins an audit, unless there is one of this pair that still holds.
func (s *auditScreen) Enter(from host.Place) tea.Cmd {
	if from != host.Audit {
		s.from = from
	}
	chosen := s.host.Chosen()
	same := s.wanted.ID() == chosen.Pair.ID() && s.wanted.Options.Prefix == chosen.Pair.Options.Prefix && s.access.Profile == chosen.Access.Profile && s.access.Sandbox == chosen.Access.Sandbox
	if same && !s.stale && (s.run != nil || s.result != nil) {
		return nil
	}
	return s.begin("")
}

// Drop implements host.Screen: the next visit compares anew.
func (s *auditScreen) Drop(host.Stale) { s.stale = true }

// begin compares in the background: anew, or where an earlier run stopped.
func (s *auditScreen) begin(resume string) tea.Cmd {
	if s.run != nil {
		s.run.Cancel()
	}
	chosen := s.host.Chosen()
	access, p := chosen.Access, chosen.Pair
	options := session.AuditOptions{Prefix: p.Options.Prefix, Resume: resume}
	if resume == "" {
		s.examples = map[difference.Group][]difference.Difference{}
	}
	s.wanted, s.access, s.stale, s.failure, s.result, s.open, s.stopping = p, access, false, "", nil, nil, false
	s.progress = audit.Progress{Done: -1, Left: -1}
	s.list, s.details, s.moved = widget.List{}, widget.Pane{}, false
	var cmd tea.Cmd
	s.run, cmd = s.host.Start("comparing both sides", gap, func(ctx context.Context, emit pair.Emit) error {
		_, err := s.do.Audit(ctx, access, p, options, emit) // the events say it all
		return err
	}, s.take)
	return cmd
}

// mostExamples is how many versions of a group are kept in memory: what is shown
// of a group at once, and all that there is where no journal is kept.
const mostExamples = 100

// take follows the audit's events.
func (s *auditScreen) take(b host.Batch) tea.Cmd {
	if b.Run != s.run { // one that was broken off
		return nil
	}
	for _, e := range b.Events {
		switch e := e.(type) {
		case session.Recording:
			s.runID = e.RunID
		case audit.Started:
			s.started = e
		case audit.Progress:
			s.count(func() { s.progress = e })
		case difference.Difference:
			g := difference.GroupOf(e)
			if kept := s.examples[g]; len(kept) < mostExamples {
				s.examples[g] = append(kept, e)
			}
		case audit.Result:
			s.result = &e
			s.count(func() { s.progress.Tally, s.progress.Requests = e.Tally, e.Requests })
		}
	}
	if b.Ended {
		s.run = nil
		if b.Err != nil && s.result == nil {
			s.failure = apierror.Describe(b.Err)
		}
	}
	if s.open != nil {
		return s.open.grown(s.total(s.open.group))
	}
	return nil
}

// count takes newer counts. The line that was chosen stays chosen; as long as none
// was, the worst is.
func (s *auditScreen) count(take func()) {
	before, any := s.selected()
	take()
	if !any || !s.moved {
		s.list.Selected = 0
		return
	}
	s.list.Selected = max(0, slices.IndexFunc(s.rows(), func(r words.Row) bool { return r.Group == before.Group && r.Counted == before.Counted }))
}

// Moving implements host.Screen.
func (s *auditScreen) Moving() bool { return s.run != nil || s.open != nil && s.open.reading }

// Pane implements host.Screen.
func (s *auditScreen) Pane() *widget.Pane {
	if s.open != nil {
		return &s.open.details
	}
	return &s.details
}

// Progress implements host.Screen.
func (s *auditScreen) Progress() (done, all int) {
	if s.run == nil || s.progress.Done < 0 {
		return 0, 0
	}
	return int(100 * s.progress.Done), 100
}

// rows are the lines of the table.
func (s *auditScreen) rows() []words.Row { return words.Rows(s.progress.Tally) }

// selected is the chosen line.
func (s *auditScreen) selected() (words.Row, bool) {
	rows := s.rows()
	if s.list.Selected < 0 || s.list.Selected >= len(rows) {
		return words.Row{}, false
	}
	return rows[s.list.Selected], true
}

// total is how many versions a group has by now.
func (s *auditScreen) total(g difference.Group) int64 {
	for _, have := range s.progress.Tally.Groups {
		if have.Group == g {
			return have.Versions
		}
	}
	return 0
}

// Bindings implements host.Screen.
func (s *auditScreen) Bindings() []widget.Binding {
	if s.open != nil {
		return s.open.Bindings(widget.Act(func() { s.open = nil }))
	}
	back := widget.Bind("esc", strings.ToLower(s.from.Title()), func() tea.Cmd { return s.host.GoTo(s.from) }, "esc")
	if s.failure != "" {
		return []widget.Binding{widget.Bind("r", "compare again", func() tea.Cmd { return s.begin("") }, "r"), back}
	}
	var bindings []widget.Binding
	row, any := s.selected()
	if any {
		none := ""
		if row.Counted {
			none = "these were counted, and none of them is named"
		}
		bindings = append(bindings, widget.Bind("enter", "which ones", s.show, "enter").OrOff(none))
		bindings = append(bindings, s.list.ArrowBindings("choose", len(s.rows()), widget.Act(func() { s.details, s.moved = widget.Pane{}, true }))...)
		bindings = append(bindings, s.details.Bindings("scroll the details")...)
	}
	if s.mendable() {
		bindings = append(bindings, widget.Bind("b", "put right", func() tea.Cmd { return s.host.GoTo(host.Backfill) }, "b").OrOff(s.notYet()))
	}
	switch {
	case s.run != nil:
		bindings = append(bindings, widget.Bind("s", "stop", widget.Act(func() {
			s.stopping = true
			s.run.Cancel()
		}), "s").OrOff(widget.Choice(s.stopping, "it is stopping", "")))
	case s.result != nil && !s.result.Complete && s.runID != "":
		bindings = append(bindings, widget.Bind("g", "go on where it stopped", func() tea.Cmd { return s.begin(s.runID) }, "g").OrBriefly("go on"))
	}
	if s.run == nil {
		bindings = append(bindings, widget.Bind("r", "compare again", func() tea.Cmd { return s.begin("") }, "r"))
	}
	return append(bindings, widget.Bind("d", "doctor", func() tea.Cmd { return s.host.GoTo(host.Doctor) }, "d").AsMinor(), back)
}

// mendable says whether a backfill has something to do.
func (s *auditScreen) mendable() bool {
	sum := words.Sum(s.progress.Tally)
	return sum.Backfill.Versions+sum.Choice.Versions+sum.Repair.Versions > 0
}

// notYet says why nothing can be put right now, or "".
func (s *auditScreen) notYet() string {
	switch {
	case s.run != nil:
		return "the audit goes on: wait for its end"
	case s.result == nil || !s.result.Complete:
		return "the audit did not come to its end: g goes on with it"
	}
	return ""
}

// show opens the versions of the chosen line.
func (s *auditScreen) show() tea.Cmd {
	row, _ := s.selected()
	path := ""
	if s.started.Rows != "" && s.runID != "" {
		path = rowsPath(s.host.Settings().RunsDir, s.started.Rows)
	}
	s.open = newExamples(s.host, row, s.wanted, path, s.examples[row.Group])
	return s.open.grown(row.Versions)
}

// Choose implements host.Screen.
func (s *auditScreen) Choose(line, _ int) {
	if s.open != nil {
		s.open.choose(line)
		return
	}
	if i := s.list.Hit(line); i >= 0 {
		s.list.Selected, s.details, s.moved = i, widget.Pane{}, true
	}
}

// Words implements host.Screen.
func (s *auditScreen) Words() []widget.Word {
	return []widget.Word{
		{Says: "✓ … ? ✗", Means: "as it should be; should come right by itself; not known to be right; not as it should be"},
		{Says: "files", Means: "different names (keys); one file may have several versions"},
		{Says: "versions", Means: "every state of a file that S3 keeps, deletions among them"},
		{Says: "looked at twice", Means: "both sides were asked again before a difference counted, as what is under way differs for a moment"},
		{Says: "USD", Means: "what was asked for so far at AWS's list prices, without the traffic to this computer"},
	}
}

// Farewell implements host.Screen.
func (s *auditScreen) Farewell() []string {
	if s.result == nil {
		return nil
	}
	lines := []string{"Audit of " + s.wanted.A.String() + " and " + s.wanted.B.String() + ": " + words.Headline(s.result.Tally, s.result.Complete)}
	if s.started.Rows != "" && s.runID != "" {
		lines = append(lines, "  all differences: bothways report "+s.runID+" --format csv")
	}
	return lines
}

// places are what people call the sides.
func places(p pair.Pair) words.Places {
	named := words.Places{}
	for _, side := range pair.Sides() {
		named[side] = p.Side(side).Region
		for _, r := range account.Regions() {
			if r.Code == p.Side(side).Region {
				named[side] = r.Place
				if _, inside, has := strings.Cut(r.Place, "("); has {
					named[side] = strings.TrimSuffix(inside, ")")
				}
			}
		}
	}
	return named
}
