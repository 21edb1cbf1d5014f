package console

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

// app is the one model.
type app struct {
	ctx context.Context //nolint:containedctx // the console's life; commands derive from it
	cfg Config
	do  engines

	theme   widget.Theme
	dark    bool
	profile colorprofile.Profile
	layout  layout
	mouse   bool

	front   place
	screens map[place]screen

	choice
	ledger

	runs          []*running
	warnedJournal bool
	question      *question // open, or nil
	login         *login    // what somebody has to do before credentials are there, or nil
	codes         chan codeWanted
	listening     bool // for questions for codes
	quitting      bool // stopping the runs before the end
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
}

func newApp(ctx context.Context, cfg Config) *app {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Working == nil {
		cfg.Working = func() func() { return func() {} }
	}
	a := &app{
		ctx: ctx, cfg: cfg, layout: newLayout(cfg.Width, cfg.Height), dark: true, profile: colorprofile.TrueColor, mouse: true, dirty: true, codes: make(chan codeWanted), front: atWhere,
		choice: choice{pair: startingPair(cfg.Pair, cfg.Now()), profiles: map[string]account.Profile{}}, ledger: ledger{incomplete: map[string]error{}},
	}
	a.lookAround()
	a.do = realEngines(cfg.Session)
	if cfg.engines != nil {
		a.do = *cfg.engines
	}
	a.screens = newScreens(a, &a.do, ways{access: cfg.Access, profiles: cfg.Profiles, openSandbox: cfg.OpenSandbox})
	return a
}

// newScreens are the faces of all places.
func newScreens(h host, do *engines, w ways) map[place]screen {
	where := newWhere(h, do, w)
	sideA := newSide(h, do, pair.A, where, nil)
	remove := newTeardown(h, do)
	apply := newApply(h, do, remove)
	probe := newProbe(h, do)
	results, past := newResults(h, probe), newPastResults(h)
	probe.results = results
	return map[place]screen{
		atWhere: where, atSideA: sideA, atSideB: newSide(h, do, pair.B, where, sideA), atOptions: newOptions(h),
		atPlan: newPlan(h, do, apply, remove), atApply: apply, atTeardown: remove, atDoctor: newDoctor(h, do),
		atProbe: probe, atResults: results, atRuns: newRuns(h, past), atPast: past,
	}
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
	return tea.Batch(tea.RequestBackgroundColor, a.screens[a.front].enter(""), a.tick())
}

// busy says in words what would be broken off by quitting now, or "".
func (a *app) busy() string {
	if len(a.runs) == 0 {
		return ""
	}
	if m := a.measuring(); m != nil {
		if busy := m.busy(); busy != "" {
			return busy
		}
	}
	return "still " + a.runs[0].doing
}

// quit ends the console, after one question when something is running or would
// be lost.
func (a *app) quit() tea.Cmd {
	unkept, _ := a.unkept()
	switch {
	case unkept > 0:
		return a.unlessUnkept("q", "quits without", a.stopAndQuit)
	case a.busy() == "":
		return tea.Quit
	}
	a.confirm(question{
		ask:   func() string { return widget.Upper(a.busy()) + ": stop and quit?" },
		yes:   a.stopAndQuit,
		again: "q",
		moot:  func() bool { return a.busy() == "" },
	})
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
