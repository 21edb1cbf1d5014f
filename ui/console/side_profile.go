package console

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
)

// otherProfile chooses the credentials that reach side B, where they are not
// side A's: the two buckets may belong to two accounts.
type otherProfile struct {
	app  *app
	list list

	opening int // the generation of the opening that is under way, 0: none
	gen     int
	cancel  context.CancelFunc
	since   time.Time
	failure string
	signIn  bool
}

// rows are side A's access and then every other profile.
func (o *otherProfile) rows() []whereRow {
	a := o.app
	same := a.access
	same.Other = nil
	rows := []whereRow{{access: same, name: "as side A", about: same.Label() + ", account " + a.identity.Account}}
	for _, row := range a.where.rows {
		if !row.sandbox && row.access.Profile != same.Profile {
			rows = append(rows, row)
		}
	}
	return rows
}

// profileBinding opens the choice, on side B of an AWS that has profiles.
func (s *sideScreen) profileBinding() []binding {
	if s.name != pair.B || s.app.access.Sandbox || s.app.access.Credentials != nil {
		return nil
	}
	return []binding{bind("p", "another profile", act(func() { s.profile = &otherProfile{app: s.app} }), "p")}
}

func (s *sideScreen) profileBindings() []binding {
	o := s.profile
	if o.opening != 0 {
		return []binding{bind("esc", "stop waiting", act(func() {
			o.cancel()
			o.opening = 0
		}), "esc")}
	}
	n := len(o.rows())
	move := func(by int) func() tea.Cmd {
		return act(func() { o.failure = ""; o.list.move(by, n) })
	}
	bindings := []binding{
		bind("enter", "take this profile", o.take, "enter"),
		bind("↑↓", "choose", move(-1), "up", "k"),
		bind("↓", "next", move(1), "down", "j").asTwin(),
	}
	if o.failure != "" && o.signIn {
		access := o.rows()[o.list.selected].access
		bindings = append(bindings, bind("l", "sign in here", func() tea.Cmd { return o.app.signIn(access, o.take) }, "l"))
	}
	return append(bindings, bind("esc", "back", act(func() { s.profile = nil }), "esc"))
}

// take opens the chosen access and asks who it belongs to, in the background.
func (o *otherProfile) take() tea.Cmd {
	a := o.app
	if o.list.selected == 0 {
		return a.reachB(nil, account.Identity{})
	}
	access, listen := a.loggedIn(o.rows()[o.list.selected].access)
	within := identifyWithin
	if a.profiles[access.Profile].Coded {
		within = codeWithin
	}
	ctx, cancel := context.WithTimeout(a.ctx, within)
	o.gen++
	o.opening, o.cancel, o.failure, o.since = o.gen, cancel, "", a.now()
	gen, region := o.gen, a.pair.B.Region
	return tea.Batch(listen, a.ask("opening "+access.Label(), func(context.Context) result {
		defer cancel()
		identity, err := a.do.identify(ctx, access, region)
		return otherIdentified{o, gen, access, identity, err}
	}))
}

// otherIdentified says who side B's credentials belong to.
type otherIdentified struct {
	choice   *otherProfile
	gen      int
	access   account.Access
	identity account.Identity
	err      error
}

func (r otherIdentified) deliver(a *app) tea.Cmd {
	o := r.choice
	if o != a.sides[1].profile || o.opening != r.gen {
		return nil
	}
	o.opening = 0
	if r.err != nil {
		o.failure, o.signIn = apierror.Describe(r.err), account.SignInNeeded(r.err)
		return nil
	}
	return a.reachB(&r.access, r.identity)
}

// reachB takes side B's access, nil for side A's, and reads its buckets anew.
func (a *app) reachB(access *account.Access, identity account.Identity) tea.Cmd {
	s := a.sides[1]
	s.profile = nil
	a.access.Other, a.identityB = access, identity
	s.forget()
	s.buckets = list{}
	a.plan.forget()
	a.probe.forget()
	return s.readBuckets()
}

func (o *otherProfile) draw(width, height int) []string {
	t := o.app.theme
	lines := hang(" ", "Whose credentials reach side B? Two accounts need a bucket policy on both sides, which the plan shows.", width-1)
	lines = append(lines, "")
	rows := o.rows()
	lines = append(lines, o.list.draw(t, len(rows), len(lines), width, max(1, height-len(lines)-5), true, func(i, _ int) string {
		name := pad(clean(rows[i].name), 20) + " "
		if i == o.list.selected {
			name = t.Selected.Render(name)
		}
		return name + t.Muted.Render(clean(rows[i].about))
	})...)
	switch {
	case o.opening != 0:
		lines = append(lines, "", " "+t.Accent.Render(o.app.spin())+" asking AWS who these credentials belong to, "+elapsed(o.app.now().Sub(o.since)))
	case o.failure != "":
		lines = append(lines, "", " "+t.Bad.Render("✗ That did not work."))
		lines = append(lines, hang("   ", clean(o.failure), width-1)...)
	}
	return lines
}

func (s *sideScreen) moving() bool { return s.profile != nil && s.profile.opening != 0 }
