package console

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

// host is all that a screen may ask for. A screen knows neither the program
// around it nor other rooms' screens.
type host interface {
	surroundings
	conversation
	background

	// chosen is what was chosen so far, to be read and to be changed.
	chosen() *choice
	// drop tells every screen that something that it read holds no longer.
	drop(what stale)
	// written is what this session wrote to, and its records.
	written() *ledger
	// measuring is the measurement that goes on, or nil.
	measuring() *running
}

// surroundings are what a screen is drawn in.
type surroundings interface {
	look() look
	now() time.Time
	settings() settings
	// at is the place in front; goTo brings another one there.
	at() place
	goTo(p place) tea.Cmd
}

// conversation is what a screen says and asks beside what it draws.
type conversation interface {
	// say shows a notice; said is the one that stands.
	say(text string)
	said() string
	// confirm asks before something that can't be taken back.
	confirm(q question)
	// unlessUnkept does what would lose samples, after one question when there
	// are some. The key says how to do it without saving them.
	unlessUnkept(key, does string, do func() tea.Cmd) tea.Cmd
	// copy sends a text to the clipboard of the terminal's side.
	copy(text string) tea.Cmd
}

// background is what a screen has done while it goes on being drawn.
type background interface {
	// ask makes a command of a question to the outside.
	ask(doing string, question func(ctx context.Context) result) tea.Cmd
	// within is a context for a question that can be given up.
	within(most time.Duration) (context.Context, context.CancelFunc)
	// start runs an engine, whose events are recorded and come in batches.
	start(doing string, gap time.Duration, do work, take func(batch) tea.Cmd) (*running, tea.Cmd)
	// loggedIn is the access with a login that asks for codes here.
	loggedIn(access account.Access) (account.Access, tea.Cmd)
	// signIn signs a profile in by a browser, and then does something.
	signIn(access account.Access, then func() tea.Cmd) tea.Cmd
}

// look is how things are drawn now.
type look struct {
	theme         widget.Theme
	ascii, dark   bool
	beat          int    // of the clock that moves ages
	spin          string // the symbol of what is running
	width, height int    // of a screen
}

// settings are what the console was started with, as far as screens go by it.
type settings struct {
	readOnly string     // the reason why nothing may be changed, or ""
	given    *pair.Pair // what the command line chose already, or nil
	runsDir  string     // the folder with the journals of earlier runs, or ""
	saveDir  string     // the folder for saved reports; "" is the current one
}

// result is what a command brings back to the screen that asked. It changes
// the screen by itself, and drops itself when it comes too late.
type result interface {
	deliver() tea.Cmd
}

// stale is what holds no longer.
type stale string

const (
	staleCredentials  stale = "all that was read with other credentials"
	staleCredentialsB stale = "what was read of side B with other credentials"
	staleSurveys      stale = "what was read of a pair that is being changed"
)

// choice is what was chosen so far.
type choice struct {
	access   account.Access
	open     bool // an access is open and identified
	identity account.Identity
	// identityB is whose side B is, where access.Other reaches it.
	identityB account.Identity
	pair      pair.Pair
	consent   consent
	profiles  map[string]account.Profile // by name, once read
}

// consent is what was agreed to, and for which pair, by its ID: agreeing to
// one pair's is agreeing to nothing of another's.
type consent struct {
	to   pair.Consent
	pair string
}

// agreed is what was agreed to for the pair as it is chosen now.
func (c *choice) agreed() pair.Consent {
	if c.consent.pair != c.pair.ID() {
		return 0
	}
	return c.consent.to
}

// agree agrees to something for the pair as it is chosen now, or takes that back.
func (c *choice) agree(to pair.Consent) { c.consent = consent{c.agreed() ^ to, c.pair.ID()} }

// earlierRuns leads to the list of the earlier runs, which leads back.
func earlierRuns(h host) widget.Binding {
	return widget.Bind("r", "earlier runs", func() tea.Cmd { return h.goTo(atRuns) }, "r").
		OrOff(widget.Choice(h.settings().runsDir == "", "no folder with journals is known", ""))
}
