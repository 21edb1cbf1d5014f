package choose

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/probe/wording"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// identifyWithin bounds opening an account: a laptop without a network must
// get its answer, too.
const identifyWithin = 20 * time.Second

// codeWithin bounds it where somebody has to look at an MFA device.
const codeWithin = 10 * time.Minute

// identifying asks AWS, in the background, who credentials belong to.
type identifying struct {
	host host.Host

	opening int // the generation of the opening that is under way, 0: none
	gen     int
	cancel  context.CancelFunc
	since   time.Time
	failure string // why the last opening failed
	signIn  bool   // a sign-in would help
}

// identify opens an access in a region, and starts what it reaches first where
// that is not nil.
func (o *identifying) identify(name string, access account.Access, region string, start func(context.Context) (account.Access, error),
	answer func(gen int, access account.Access, identity account.Identity, err error) tea.Cmd,
) tea.Cmd {
	access, listen := o.host.LoggedIn(access)
	within := identifyWithin
	if o.host.Chosen().Profiles[access.Profile].Coded { // somebody has to look at a device first
		within = codeWithin
	}
	ctx, cancel := o.host.Within(within)
	o.gen++
	o.opening, o.cancel, o.failure, o.signIn, o.since = o.gen, cancel, "", false, o.host.Now()
	gen := o.gen
	return tea.Batch(listen, o.host.Ask("opening "+name, func(context.Context) host.Result {
		defer cancel()
		var identity account.Identity
		var err error
		if start != nil {
			access, err = start(ctx)
		}
		if err == nil {
			identity, err = o.host.Engines().Identify(ctx, access, region)
		}
		return func() tea.Cmd { return answer(gen, access, identity, err) }
	}))
}

// ended says whether an opening succeeded; one that was given up did not.
func (o *identifying) ended(gen int, err error) bool {
	if gen != o.opening {
		return false
	}
	o.opening = 0
	if err != nil {
		o.failure, o.signIn = apierror.Describe(err), account.SignInNeeded(err)
	}
	return err == nil
}

func (o *identifying) stop() {
	o.cancel()
	o.opening = 0
}

// signInBinding signs in where that helps, and tries again.
func (o *identifying) signInBinding(access account.Access, again func() tea.Cmd) []widget.Binding {
	if o.failure == "" || !o.signIn {
		return nil
	}
	return []widget.Binding{widget.Bind("l", "sign in here", func() tea.Cmd { return o.host.SignIn(access, again) }, "l")}
}

// Draw says what is under way, or went wrong.
func (o *identifying) Draw(width int) []string {
	t := o.host.Look().Theme
	switch {
	case o.opening != 0:
		return []string{"", " " + t.Accent.Render(o.host.Look().Spin) + " asking AWS who these credentials belong to, " + wording.Duration(o.host.Now().Sub(o.since))}
	case o.failure != "":
		return append([]string{"", " " + t.Bad.Render("✗ That did not work.")}, widget.Hang("   ", widget.Clean(o.failure), width-1)...)
	}
	return nil
}

// otherProfile chooses the credentials that reach side B, where they are not
// side A's: the two buckets may belong to two accounts.
type otherProfile struct {
	identifying
	side *sideScreen // side B's
	list widget.List
}

// rows are side A's access and then every other profile.
func (o *otherProfile) rows() []whereRow {
	same := o.host.Chosen().Access
	same.Other = nil
	rows := []whereRow{{access: same, name: "as side A", about: same.Label() + ", account " + o.host.Chosen().Identity.Account}}
	for _, row := range o.side.where.rows {
		if !row.sandbox && row.access.Profile != same.Profile {
			rows = append(rows, row)
		}
	}
	return rows
}

// profileBinding opens the choice, on side B of an AWS that has profiles.
func (s *sideScreen) profileBinding() []widget.Binding {
	if s.name != pair.B || s.host.Chosen().Access.Sandbox || s.host.Chosen().Access.Credentials != nil {
		return nil
	}
	return []widget.Binding{widget.Bind("p", "another profile", widget.Act(func() { s.profile = &otherProfile{identifying: identifying{host: s.host}, side: s} }), "p")}
}

func (s *sideScreen) profileBindings() []widget.Binding {
	o := s.profile
	if o.opening != 0 {
		return []widget.Binding{widget.Bind("esc", "stop waiting", widget.Act(o.stop), "esc")}
	}
	bindings := append([]widget.Binding{widget.Bind("enter", "take this profile", o.take, "enter")},
		o.list.Bindings("choose", len(o.rows()), widget.Act(func() { o.failure = "" }))...)
	bindings = append(bindings, o.signInBinding(o.rows()[o.list.Selected].access, o.take)...)
	return append(bindings, widget.Bind("esc", "back", widget.Act(func() { s.profile = nil }), "esc"))
}

// take opens the chosen access and asks who it belongs to, in the background.
func (o *otherProfile) take() tea.Cmd {
	if o.list.Selected == 0 {
		return o.side.reach(nil, account.Identity{})
	}
	access := o.rows()[o.list.Selected].access
	return o.identify(access.Label(), access, o.host.Chosen().Pair.B.Region, nil, o.identified)
}

// identified hears who side B's credentials belong to.
func (o *otherProfile) identified(gen int, access account.Access, identity account.Identity, err error) tea.Cmd {
	if o != o.side.profile || !o.ended(gen, err) {
		return nil
	}
	return o.side.reach(&access, identity)
}

// reach takes side B's access, nil for side A's, and reads its buckets anew.
func (s *sideScreen) reach(access *account.Access, identity account.Identity) tea.Cmd {
	c := s.host.Chosen()
	s.profile = nil
	c.Access.Other, c.IdentityB = access, identity
	s.forget()
	s.buckets = widget.List{}
	s.host.Drop(host.CredentialsOfB)
	return s.readBuckets()
}

func (o *otherProfile) Draw(width, height int) []string {
	t := o.host.Look().Theme
	lines := widget.Hang(" ", "Whose credentials reach side B? Two accounts need a bucket policy on both sides, which the plan shows.", width-1)
	lines = append(lines, "")
	rows := o.rows()
	lines = append(lines, o.list.Draw(t, len(rows), len(lines), width, max(1, height-len(lines)-5), true, func(i, _ int) string {
		name := widget.Pad(widget.Clean(rows[i].name), 20) + " "
		if i == o.list.Selected {
			name = t.Selected.Render(name)
		}
		return name + t.Muted.Render(widget.Clean(rows[i].about))
	})...)
	return append(lines, o.identifying.Draw(width)...)
}

func (s *sideScreen) Moving() bool { return s.profile != nil && s.profile.opening != 0 }
