// Package host is what a screen of the console is, and what it may ask for. It
// is a package of its own because the rooms of the screens can't import what
// puts them together, and so that they know no more of the console than this.
package host

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

// Host is all that a screen may ask for. A screen knows neither the program
// around it nor other rooms' screens.
type Host interface {
	surroundings
	conversation
	background

	// Chosen is what was chosen so far, to be read and to be changed.
	Chosen() *Choice
	// Drop tells every screen that something that it read holds no longer.
	Drop(what Stale)
	// Written is what this session wrote to, and its records.
	Written() *Ledger
	// Measuring is the measurement that goes on, or nil.
	Measuring() *Run
}

// surroundings are what a screen is drawn in.
type surroundings interface {
	// Look is how things are drawn now.
	Look() Look
	// Now is the time by the console's clock.
	Now() time.Time
	// Settings are what the console was started with.
	Settings() Settings
	// At is the place in front; GoTo brings another one there.
	At() Place
	GoTo(p Place) tea.Cmd
}

// conversation is what a screen says and asks beside what it draws.
type conversation interface {
	// Say shows a notice, and Warn one of what is amiss; Said is the one that
	// stands.
	Say(text string)
	Warn(text string)
	Said() string
	// Confirm asks before something that can't be taken back.
	Confirm(q Question)
	// UnlessUnkept does what would lose samples, after one question when there
	// are some. The key says how to do it without saving them.
	UnlessUnkept(key, does string, do func() tea.Cmd) tea.Cmd
	// Copy sends a text to the clipboard of the terminal's side.
	Copy(text string) tea.Cmd
}

// background is what a screen has done while it goes on being drawn.
type background interface {
	// Engines are what is below the console.
	Engines() *Engines
	// Ask makes a command of a question to the outside.
	Ask(doing string, question func(ctx context.Context) Result) tea.Cmd
	// Within is a context for a question that can be given up.
	Within(most time.Duration) (context.Context, context.CancelFunc)
	// Start runs an engine, whose events are recorded and come in batches.
	Start(doing string, gap time.Duration, do Work, take func(Batch) tea.Cmd) (*Run, tea.Cmd)
	// LoggedIn is the access with a login that asks for codes here.
	LoggedIn(access account.Access) (account.Access, tea.Cmd)
	// SignIn signs a profile in by a browser, and then does something.
	SignIn(access account.Access, then func() tea.Cmd) tea.Cmd
}

// Look is how things are drawn now.
type Look struct {
	Theme         widget.Theme
	ASCII, Dark   bool
	Scheme        widget.Scheme
	Beat          int    // of the clock that moves ages
	Spin          string // the symbol of what is running
	Width, Height int    // of a screen
}

// Settings are what the console was started with, as far as screens go by it.
type Settings struct {
	Version  string     // of the program
	ReadOnly string     // the reason why nothing may be changed, or ""
	Given    *pair.Pair // what the command line chose already, or nil
	RunsDir  string     // the folder with the journals of earlier runs, or ""
	SaveDir  string     // the folder for saved reports; "" is the current one
	Defaults Defaults   // what forms begin with
	Ways     Ways
}

// Defaults are what the file of settings has forms begin with.
type Defaults struct {
	Options *pair.Options // of a pair; nil: the usual ones
	Probe   Measurement
	Drill   *record.Scope // but for the pair; nil: the usual one
}

// Measurement is what a measurement's form begins with, as it is typed; "" is as usual.
type Measurement struct{ Sizes, Length, Every, Limit, Target, Pace string }

// Ways are the ways to an AWS that the caller offers.
type Ways struct {
	Access *account.Access // as given on the command line, or nil
	// Profile is the one that the environment names, or "".
	Profile string
	// Profiles lists the local profiles; it reads local files only.
	Profiles func() ([]account.Profile, error)
	// OpenSandbox starts the sandbox in this program, once.
	OpenSandbox func(ctx context.Context) (account.Access, error)
}

// Result is what a command brings back to the screen that asked: called in Update
// it changes the screen by itself, and drops itself when it comes too late.
type Result func() tea.Cmd

// Stale is what holds no longer.
type Stale string

// What can hold no longer.
const (
	Credentials    Stale = "all that was read with other credentials"
	CredentialsOfB Stale = "what was read of side B with other credentials"
	Surveys        Stale = "what was read of a pair that is being changed"
)

// Choice is what was chosen so far.
type Choice struct {
	Access   account.Access
	Open     bool // an access is open and identified
	Identity account.Identity
	// IdentityB is whose side B is, where access.Other reaches it.
	IdentityB account.Identity
	Pair      pair.Pair
	consent   Consent
	Opened    string                     // the journal of the earlier audit that was opened, or ""
	Profiles  map[string]account.Profile // by name, once read
}

// Consent is what was agreed to, and for which pair, by its ID: agreeing to
// one pair's is agreeing to nothing of another's.
type Consent struct {
	to   pair.Consent
	pair string
}

// Agreed is what was agreed to for the pair as it is chosen now.
func (c *Choice) Agreed() pair.Consent {
	if c.consent.pair != c.Pair.ID() {
		return 0
	}
	return c.consent.to
}

// Agree agrees to something for the pair as it is chosen now, or takes that back.
func (c *Choice) Agree(to pair.Consent) { c.consent = Consent{c.Agreed() ^ to, c.Pair.ID()} }

// EarlierRuns leads to the list of the earlier runs, which leads back.
func EarlierRuns(h Host) widget.Binding {
	return widget.Bind("r", "earlier runs", func() tea.Cmd { return h.GoTo(Runs) }, "r").
		OrOff(widget.Choice(h.Settings().RunsDir == "", "no folder with journals is known", ""))
}

// AuditThere leads to the audit of the pair, which leads back.
func AuditThere(h Host) widget.Binding {
	return widget.Bind("u", "audit", func() tea.Cmd { return h.GoTo(Audit) }, "u")
}

// DrillThere leads to the rehearsal of the loss of a side, which leads back. Keys
// of drills are capitals.
func DrillThere(h Host) widget.Binding {
	return widget.Bind("D", "drill", func() tea.Cmd { return h.GoTo(Drill) }, "D")
}
