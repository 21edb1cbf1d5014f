package choose

import (
	"cmp"
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// whereScreen chooses the sandbox or an account.
type whereScreen struct {
	host.Quiet
	identifying
	ways host.Ways

	rows    []whereRow
	loading bool
	note    string // why the profiles could not be read
	list    widget.List
	chosen  bool // somebody moved, or the console began with what is in front

	filter widget.Filter

	straight bool // everything was chosen on the command line: on to the options
}

// Drop implements host.Screen: the profiles are read from local files, and hold.
func (s *whereScreen) Drop(host.Stale) {}

// whereRow is one way to reach an AWS.
type whereRow struct {
	access  account.Access
	sandbox bool
	name    string
	region  string
	about   string
}

func newWhere(h host.Host) *whereScreen {
	w := h.Settings().Ways
	s := &whereScreen{identifying: identifying{host: h}, ways: w, loading: true}
	given, all := h.Settings().Given, h.Chosen().Pair
	s.straight = w.Access != nil && given != nil && *given == all && all.Check() == nil
	if w.Access != nil {
		s.rows = append(s.rows, whereRow{access: *w.Access, sandbox: w.Access.Sandbox, name: w.Access.Label(), about: "as given on the command line"})
	}
	if w.OpenSandbox != nil && (w.Access == nil || !w.Access.Sandbox) {
		s.rows = append(s.rows, whereRow{sandbox: true, name: "Sandbox", about: "an AWS inside this program: no account, nothing leaves this computer, all times are simulated"})
	}
	return s
}

func (s *whereScreen) Enter(host.Place) tea.Cmd {
	read := s.readProfiles()
	if s.straight && s.opening == 0 {
		return tea.Batch(read, s.open())
	}
	return read
}

func (s *whereScreen) readProfiles() tea.Cmd {
	if !s.loading || s.ways.Profiles == nil {
		s.loading = false
		return nil
	}
	return s.host.Ask("reading the profiles", func(context.Context) host.Result {
		found, err := s.ways.Profiles()
		return func() tea.Cmd { return s.profilesRead(found, err) }
	})
}

// profilesRead takes the local profiles.
func (s *whereScreen) profilesRead(found []account.Profile, err error) tea.Cmd {
	if !s.loading {
		return nil
	}
	s.loading = false
	if err != nil {
		s.note = err.Error()
	}
	for _, p := range found {
		s.host.Chosen().Profiles[p.Name] = p
		row := whereRow{access: account.Access{Profile: p.Name}, name: "profile " + p.Name, region: p.Region, about: p.Kind}
		if p.Name == "" {
			row.name = "environment"
		}
		s.rows = append(s.rows, row)
	}
	s.preselect()
	return nil
}

// preselect puts the way in front that the environment names: its keys, or else
// the profile of AWS_PROFILE. Flags come first already.
func (s *whereScreen) preselect() {
	if s.chosen || s.ways.Access != nil || s.opening != 0 || s.filter.On() {
		return
	}
	for _, named := range []func(whereRow) bool{
		func(r whereRow) bool { return !r.sandbox && r.access.Profile == "" },
		func(r whereRow) bool { return s.ways.Profile != "" && r.access.Profile == s.ways.Profile },
	} {
		if at := slices.IndexFunc(s.rows, named); at >= 0 {
			s.list.Selected, s.chosen = at, true
			return
		}
	}
}

// visible are the rows that the filter leaves.
func (s *whereScreen) visible() []whereRow {
	return slices.DeleteFunc(slices.Clone(s.rows), func(r whereRow) bool { return !s.filter.Passes(r.name + " " + r.region + " " + r.about) })
}

func (s *whereScreen) Bindings() []widget.Binding {
	rows := s.visible()
	bindings := []widget.Binding{}
	if s.opening == 0 {
		if len(rows) > 1 {
			bindings = append(bindings, s.list.Bindings("choose", len(rows), widget.Act(func() {
				s.failure, s.chosen = "", true
				s.filter.Leave()
			}))...)
		}
		if len(rows) > 0 {
			bindings = append(bindings, widget.Bind("enter", "go on", s.open, "enter"))
		}
		if s.list.Selected < len(rows) {
			bindings = append(bindings, s.signInBinding(rows[s.list.Selected].access, s.open)...)
		}
		bindings = append(bindings, s.filter.Bindings(len(s.rows) > 3, s.find, widget.Act(s.filter.Clear))...)
		if s.filter.Typing() == nil {
			bindings = append(bindings, host.EarlierRuns(s.host))
		}
		return bindings
	}
	return append(bindings, widget.Bind("esc", "stop waiting", widget.Act(s.stop), "esc"))
}

// find opens the filter, which proposes the profiles' names.
func (s *whereScreen) find() {
	names := make([]string, len(s.rows))
	for i, row := range s.rows {
		names[i] = row.access.Profile
	}
	s.filter.Open(names...)
}

func (s *whereScreen) Fields() bool { return true }

func (s *whereScreen) Typing() *widget.Field {
	if s.opening != 0 {
		return nil
	}
	return s.filter.Typing()
}

func (s *whereScreen) Choose(line, _ int) {
	if i := s.list.Hit(line); i >= 0 && s.opening == 0 {
		s.list.Selected, s.chosen = i, true
	}
}

func (s *whereScreen) Moving() bool { return s.opening != 0 }

// open reaches the chosen AWS and asks who we are, in the background.
func (s *whereScreen) open() tea.Cmd {
	rows := s.visible()
	if s.list.Selected >= len(rows) {
		return nil
	}
	row := rows[s.list.Selected]
	var start func(context.Context) (account.Access, error)
	if row.sandbox && row.access.Credentials == nil {
		start = s.ways.OpenSandbox
	}
	return s.identify(row.name, row.access, cmp.Or(row.region, defaultRegionA), start, s.identified)
}

func (s *whereScreen) stop() {
	s.identifying.stop()
	s.straight = false
}

// identified hears who the credentials belong to.
func (s *whereScreen) identified(gen int, access account.Access, identity account.Identity, err error) tea.Cmd {
	if !s.ended(gen, err) {
		s.straight = s.straight && s.opening != 0 // another one may be under way
		return nil
	}
	c := s.host.Chosen()
	changed := !c.Open || c.Identity != identity || c.Access.Label() != access.Label()
	if !changed { // the same account again: side B's stays
		access.Other = c.Access.Other
	}
	c.Access, c.Identity, c.Open = access, identity, true
	if changed {
		s.host.Drop(host.Credentials)
	}
	if s.straight {
		s.straight = false
		return s.host.GoTo(host.Options) // esc leads back to the sides
	}
	return s.host.GoTo(host.SideA)
}

func (s *whereScreen) Draw(width, height int) []string {
	t := s.host.Look().Theme
	lines := widget.Hang(" ", "Two S3 buckets in two regions, each replicating to the other: set up, proven, measured, undone. Nothing is changed before you have seen the plan.", width-1)
	lines = append(lines, "")
	if s.filter.On() {
		lines = append(lines, " "+s.filter.Draw(t, width-2), "")
	}
	tail := s.tail(width)
	rows := s.visible()
	room := max(1, height-len(lines)-len(tail))
	lines = append(lines, s.list.Draw(t, len(rows), len(lines), width, room, true, func(i, width int) string {
		row := rows[i]
		name := widget.Pad(widget.Clean(row.name), 20) + " "
		if i == s.list.Selected {
			name = t.Selected.Render(name)
		}
		if row.sandbox {
			if width < 110 {
				return name + "an AWS inside this program, no account needed"
			}
			return name + row.about
		}
		return name + widget.Pad(widget.Clean(row.region), 16) + t.Muted.Render(widget.Clean(row.about))
	})...)
	if len(rows) == 0 {
		lines = append(lines, t.Muted.Render("   nothing matches: esc shows all"))
	}
	return append(lines, tail...)
}

// ownAccount says on one line how to use one's own account, on a computer that knows
// none.
func ownAccount(width int) string {
	if width < 110 {
		return "Your own account: aws configure sso, then start again."
	}
	return "Your own account: run aws configure sso (or aws configure, for keys), then start bothways again; its profiles stand here."
}

// tail is what stands below the list: what is under way or went wrong, and
// for the sandbox what it is.
func (s *whereScreen) tail(width int) []string {
	t := s.host.Look().Theme
	lines := s.identifying.Draw(width)
	rows := s.visible()
	switch {
	case s.opening != 0:
	case s.failure != "":
		what := "Enter tries again; the sandbox needs no credentials."
		if s.signIn {
			what = "The sign-in is missing or over: l signs in here, or run aws sso login --profile " + rows[s.list.Selected].access.Profile + " and press enter."
		}
		lines = append(lines, widget.Hang("   ", widget.Clean(what), width-1)...)
	case s.loading:
		lines = append(lines, "", t.Muted.Render("   reading the local profiles"))
	case s.list.Selected < len(rows) && rows[s.list.Selected].sandbox && width < 120:
		lines = append(lines, "")
		lines = append(lines, widget.Hang("   ", "The sandbox is an AWS inside this program: real HTTP, real replication between regions, simulated distances and delays. Nothing leaves this computer.", width-1)...)
	}
	if s.host.Settings().Ways.Profiles != nil && !s.loading && s.opening == 0 && s.note == "" && !slices.ContainsFunc(s.rows, func(r whereRow) bool { return !r.sandbox }) {
		lines = append(lines, "")
		lines = append(lines, widget.Hang("   ", ownAccount(width), width-1)...)
	}
	if s.note != "" {
		lines = append(lines, widget.Hang(" "+t.Warn.Render("!")+" ", widget.Clean(s.note), width-1)...)
	}
	return lines
}
