package console

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

// place is a station of the rail.
type place int

// The places, in the order of the rail; tearing down, the doctor and the earlier
// runs lie beside it.
const (
	atWhere place = iota
	atSideA
	atSideB
	atOptions
	atPlan
	atApply
	atProbe
	atResults
	atTeardown
	atDoctor
	atRuns
	atPast
	places
)

var placeNames = [places]string{"Where", "Side A", "Side B", "Options", "Plan", "Apply", "Probe", "Results", "Tear down", "Doctor", "Earlier runs", "Results"}

// app is the one model.
type app struct {
	ctx context.Context //nolint:containedctx // the console's life; commands derive from it
	cfg Config
	do  engines
	now func() time.Time

	theme   widget.Theme
	dark    bool
	profile colorprofile.Profile
	layout  layout
	mouse   bool

	at      place
	screens [places]screen
	where   *whereScreen
	sides   [2]*sideScreen
	options *optionsScreen
	plan    *planScreen
	apply   *applyScreen
	probe   *probeScreen
	results *resultsScreen
	remove  *teardownScreen
	doctor  *doctorScreen
	past    *runsScreen // the earlier runs; screens[atPast] is the one that was opened

	// What was chosen so far.
	access   account.Access
	open     bool // an access is open and identified
	straight bool // everything was chosen on the command line: on to the options
	identity account.Identity
	// identityB is whose side B is, where access.Other reaches it.
	identityB account.Identity
	pair      pair.Pair

	runs          []*running
	warnedJournal bool
	question      *question // open, or nil
	login         *login    // what somebody has to do before credentials are there, or nil
	codes         chan codeWanted
	listening     bool                       // for questions for codes
	profiles      map[string]account.Profile // by name, once read
	quitting      bool                       // stopping the runs before the end
	stopBy        time.Time
	crash         *CrashError
	abort         func() // ends the program from outside Update

	help     bool
	helpPane widget.Pane
	notice   string

	ticks    int
	ticking  int // the generation of the tick chain that lives, 0: none
	tickGen  int
	blurred  bool
	overSSH  bool
	showsBar bool // the terminal has a progress bar
	dirty    bool
	frame    tea.View
	touched  []*touched // the pairs that this session wrote to

	incomplete map[string]error // journals that could not be written to their end, by path
}

func newApp(ctx context.Context, cfg Config) *app {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Working == nil {
		cfg.Working = func() func() { return func() {} }
	}
	a := &app{
		ctx: ctx, cfg: cfg, now: cfg.Now, dark: true, profile: colorprofile.TrueColor, mouse: true, dirty: true, incomplete: map[string]error{},
		codes: make(chan codeWanted), profiles: map[string]account.Profile{},
	}
	a.lookAround()
	a.do = realEngines(cfg.Session)
	if cfg.engines != nil {
		a.do = *cfg.engines
	}
	a.pair = a.startingPair()
	a.straight = cfg.Access != nil && cfg.Pair != nil && *cfg.Pair == a.pair && a.pair.Check() == nil
	a.where = newWhere(a)
	a.sides = [2]*sideScreen{newSide(a, pair.A), newSide(a, pair.B)}
	a.options = newOptions(a)
	a.plan = newPlan(a)
	a.apply = newApply(a)
	a.probe = newProbe(a)
	a.results = newResults(a)
	a.remove, a.doctor, a.past = newTeardown(a), newDoctor(a), newRuns(a)
	a.screens = [places]screen{a.where, a.sides[0], a.sides[1], a.options, a.plan, a.apply, a.probe, a.results, a.remove, a.doctor, a.past, newResults(a)}
	return a
}

// lookAround reads from the environment what the terminal is like, until it
// answers for itself.
func (a *app) lookAround() {
	for _, variable := range a.cfg.Environ {
		name, value, _ := strings.Cut(variable, "=")
		switch name {
		case "SSH_TTY":
			a.overSSH = value != ""
		case "WT_SESSION", "ConEmuANSI":
			a.showsBar = value != ""
		case "TERM_PROGRAM":
			a.showsBar = a.showsBar || value == "ghostty" || value == "WezTerm"
		case "COLORFGBG": // "15;0": the last number is the background's
			background := value[strings.LastIndex(value, ";")+1:]
			a.dark = background != "7" && background != "15"
		}
	}
	a.theme = widget.NewTheme(a.dark, a.profile)
}

// Init implements tea.Model. Nothing here waits for the disk or the network.
func (a *app) Init() tea.Cmd {
	first := a.screens[a.at].enter()
	if a.straight {
		first = tea.Batch(first, a.where.open())
	}
	return tea.Batch(tea.RequestBackgroundColor, first, a.tick())
}

// goTo brings a place to the front.
func (a *app) goTo(p place) tea.Cmd {
	a.at = p
	a.help, a.notice = false, ""
	return a.screens[p].enter()
}

// busy says in words what would be broken off by quitting now, or "".
func (a *app) busy() string {
	if len(a.runs) == 0 {
		return ""
	}
	if n := a.probe.inFlight(); n > 0 {
		return fmt.Sprintf("%d probes are in flight", n)
	}
	return "still " + a.runs[0].doing
}

// quit ends the console, after one question when something is running or would
// be lost.
func (a *app) quit() tea.Cmd {
	switch {
	case a.unkept() > 0:
		return a.unlessUnkept("q", "quits without", a.stopAndQuit)
	case a.busy() == "":
		return tea.Quit
	}
	a.question = &question{
		ask:   func() string { return widget.Upper(a.busy()) + ": stop and quit?" },
		yes:   a.stopAndQuit,
		again: "q",
		moot:  func() bool { return a.busy() == "" },
	}
	return nil
}

func (a *app) stopAndQuit() tea.Cmd {
	if len(a.runs) == 0 {
		return tea.Quit
	}
	a.quitting, a.stopBy = true, time.Now().Add(stopWithin)
	a.stopRuns()
	return tea.Tick(stopWithin, func(time.Time) tea.Msg { return tea.QuitMsg{} })
}
