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
	"bothways/aws/audit/deep"
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

	settings *notes         // the buckets' settings, while they are in front, or nil
	closely  int            // random versions that are looked at closely; 0: none
	deep     *deep.Result   // what came of that, or nil
	sampled  []deep.Sampled // the first in which something differs
	samples  *notes         // those, while they are in front, or nil
	past     string         // the journal of an earlier audit that is shown; "": this one's
}

func newAudit(h host.Host) *auditScreen {
	return &auditScreen{host: h, do: h.Engines(), from: host.Plan}
}

// Enter begins an audit, unless there is one of this pair that still holds.
func (s *auditScreen) Enter(from host.Place) tea.Cmd {
	if from != host.Audit && from != host.Backfill && from != host.Doctor { // those lead back to here
		s.from = from
	}
	chosen := s.host.Chosen()
	same := s.wanted.ID() == chosen.Pair.ID() && s.wanted.Options.Prefix == chosen.Pair.Options.Prefix && s.access.Profile == chosen.Access.Profile && s.access.Sandbox == chosen.Access.Sandbox
	if same && !s.stale && (s.run != nil || s.result != nil) {
		return nil
	}
	s.closely = 0
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
	options := session.AuditOptions{Prefix: p.Options.Prefix, Resume: resume, Deep: s.closely}
	if resume == "" {
		s.examples = map[difference.Group][]difference.Difference{}
	}
	s.wanted, s.access, s.stale, s.failure, s.result, s.open, s.stopping = p, access, false, "", nil, nil, false
	s.progress = audit.Progress{Done: -1, Left: -1}
	s.list, s.details, s.moved = widget.List{}, widget.Pane{}, false
	s.deep, s.sampled, s.samples, s.settings = nil, nil, nil, nil
	s.started, s.runID = audit.Started{}, ""
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
		case deep.Sampled:
			if len(s.sampled) < mostExamples {
				s.sampled = append(s.sampled, e)
			}
		case deep.Result:
			s.deep = &e
		case audit.Result:
			s.result = &e
			s.count(func() { s.progress.Tally, s.progress.Requests = e.Tally, e.Requests })
		}
	}
	if b.Ended {
		s.run = nil
		if b.Err != nil && (s.result == nil || s.result.Complete) { // the deep samples, if there is a result
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
func (s *auditScreen) Moving() bool {
	return s.run != nil || s.open != nil && s.open.reading || s.settings != nil && s.settings.reading
}

// Pane implements host.Screen.
func (s *auditScreen) Pane() *widget.Pane {
	switch front := s.front(); {
	case front != nil:
		return &front.details
	case s.open != nil:
		return &s.open.details
	}
	return &s.details
}

// front are the notes that are in front, or nil.
func (s *auditScreen) front() *notes {
	if s.settings != nil {
		return s.settings
	}
	return s.samples
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
	if front := s.front(); front != nil {
		return front.Bindings(widget.Act(func() { s.settings, s.samples = nil, nil }))
	}
	if s.open != nil {
		return s.open.Bindings(widget.Act(func() { s.open = nil }))
	}
	back := widget.Bind("esc", strings.ToLower(s.from.Title()), func() tea.Cmd { return s.host.GoTo(s.from) }, "esc")
	again := widget.Bind("r", "compare again", func() tea.Cmd { return s.begin("") }, "r").OrBriefly("again")
	if s.failed() {
		return []widget.Binding{again, back}
	}
	var bindings []widget.Binding
	row, any := s.selected()
	if any && !row.Counted { // what was only counted is nowhere named
		bindings = append(bindings, widget.Bind("enter", "which ones", s.show, "enter"))
	}
	if s.past == "" {
		bindings = append(bindings, s.wayOut()...)
	}
	if any {
		bindings = append(bindings, s.list.Bindings("choose", len(s.rows()), widget.Act(func() { s.details, s.moved = widget.Pane{}, true }))...)
		bindings = append(bindings, s.details.Bindings("scroll the details")...)
	}
	if s.past != "" {
		return append(bindings, back)
	}
	if s.run != nil {
		return append(bindings, widget.Bind("s", "stop", widget.Act(func() {
			s.stopping = true
			s.run.Cancel()
		}), "s").OrOff(widget.Choice(s.stopping, "it is stopping", "")), back)
	}
	if s.result != nil {
		bindings = append(bindings, again)
	}
	return append(append(bindings, s.beyond()...), back)
}

// wayOut are the keys that lead on from what was found: each only where it does
// something.
func (s *auditScreen) wayOut() []widget.Binding {
	var bindings []widget.Binding
	doctor := widget.Bind("d", "what is broken", func() tea.Cmd { return s.host.GoTo(host.Doctor) }, "d").OrBriefly("doctor")
	switch {
	case s.run == nil && s.result != nil && !s.result.Complete:
		if s.runID != "" {
			bindings = append(bindings, widget.Bind("g", "go on where it stopped", func() tea.Cmd { return s.begin(s.runID) }, "g").OrBriefly("go on"))
		}
	case s.complete():
		m := mendingOf(s.progress.Tally)
		if m.Broken() {
			bindings = append(bindings, doctor)
			doctor = doctor.AsTwin() // once is enough
		}
		if m.Now() > 0 {
			bindings = append(bindings, widget.Bind("b", widget.Choice(s.readOnly(), "what puts it right", "put right"), func() tea.Cmd { return s.host.GoTo(host.Backfill) }, "b"))
		}
	}
	if s.run == nil && !doctor.Twin {
		bindings = append(bindings, doctor.AsMinor())
	}
	return bindings
}

// beyond are the keys for what no listing shows.
func (s *auditScreen) beyond() []widget.Binding {
	bindings := []widget.Binding{widget.Bind("p", "bucket settings", s.compareSettings, "p").OrBriefly("settings")}
	if s.complete() && words.Sum(s.progress.Tally).All > 0 {
		n := s.nextCloser()
		if n > 0 {
			bindings = append(bindings, widget.Bind("l", "look closely at "+words.Number(int64(n)), func() tea.Cmd {
				s.closely = n
				return s.begin("")
			}, "l").OrBriefly("look closely"))
		}
	}
	if len(s.sampled) > 0 {
		bindings = append(bindings, widget.Bind("i", "what differs in samples", widget.Act(func() { s.samples = s.samplesNotes() }), "i").OrBriefly("samples"))
	}
	return bindings
}

// complete says that the audit came to its end, and nothing goes on.
func (s *auditScreen) complete() bool { return s.run == nil && s.result != nil && s.result.Complete }

// failed says that nothing is there to be shown but a failure.
func (s *auditScreen) failed() bool { return s.failure != "" && s.result == nil }

// show opens the versions of the chosen line.
func (s *auditScreen) show() tea.Cmd {
	row, _ := s.selected()
	path := ""
	switch {
	case s.past != "" && s.started.Rows != "":
		path = audit.RowsOf(s.past)
	case s.started.Rows != "" && s.runID != "":
		path = rowsPath(s.host.Settings().RunsDir, s.started.Rows)
	}
	s.open = newExamples(s.host, row, s.wanted, path, s.examples[row.Group])
	access := s.access
	if s.past != "" { // whose access is not kept
		access = s.host.Chosen().Access
	}
	return tea.Batch(s.open.reach(s.do.Open, access), s.open.grown(row.Versions))
}

// Choose implements host.Screen.
func (s *auditScreen) Choose(line, _ int) {
	switch front := s.front(); {
	case front != nil:
		front.choose(line)
		return
	case s.open != nil:
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
		{Says: "about … left", Means: "from how close together the keys lie that were listed so far; nobody knows how many there are before the end"},
		{Says: "USD", Means: "what was asked for so far at AWS's list prices, without the traffic to this computer"},
	}
}

// Farewell implements host.Screen.
func (s *auditScreen) Farewell() []string {
	if s.result == nil || s.past != "" {
		return nil
	}
	lines := []string{"Audit of " + s.wanted.A.String() + " and " + s.wanted.B.String() + ": " + words.Headline(s.result.Tally, s.result.Complete, s.result.Lists)}
	if s.started.Rows != "" && s.runID != "" {
		lines = append(lines, "  all differences: bothways report "+s.runID+" --format csv")
	}
	return lines
}

// places are what people call the sides.
func places(p pair.Pair) words.Places {
	if p.A.Region == p.B.Region {
		return words.Places{pair.A: "side A", pair.B: "side B"}
	}
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
