package console

import (
	"cmp"
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"bothways/aws/account"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// App is the one model.
type App struct {
	ctx context.Context //nolint:containedctx // the console's life; commands derive from it
	cfg Config
	do  host.Engines

	scheme  widget.Scheme
	theme   widget.Theme
	dark    bool
	profile colorprofile.Profile
	layout  layout
	mouse   bool

	front   host.Place
	station host.Place // of the rail: in front, or where one left it
	screens map[host.Place]host.Screen

	host.Choice
	host.Ledger

	runs          []*host.Run
	opens         opens
	warnedJournal bool
	question      *host.Question // open, or nil
	login         *login         // what somebody has to do before credentials are there, or nil
	codes         chan *login
	listening     bool // for questions for codes
	quitting      bool // stopping the runs before the end
	stopBy        time.Time
	abandoned     bool // whoever quits leaves open what would be put back
	crash         *host.CrashError
	abort         func() // ends the program from outside Update

	demo     *playing // nil: the user presses the keys
	palette  *palette // open, or nil
	help     bool
	helpPane widget.Pane
	notice   string
	warned   bool // it is of something amiss
	said     int  // notices so far
	expiring int  // the notice whose end is awaited

	ticks    int
	ticking  int // the generation of the tick chain that lives, 0: none
	tickGen  int
	blurred  bool
	overSSH  bool
	showsBar bool // the terminal has a progress bar
	dirty    bool
	frame    tea.View
}

// New makes the console's model, with the faces of all places. Everything that
// it starts ends with ctx.
func New(ctx context.Context, cfg Config, screens host.Screens) *App {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Working == nil {
		cfg.Working = func() func() { return func() {} }
	}
	a := &App{
		ctx: ctx, cfg: cfg, scheme: cmp.Or(cfg.Theme, widget.Auto), dark: true, profile: colorprofile.TrueColor, mouse: true, dirty: true, codes: make(chan *login), front: host.Where, station: host.Where,
		Choice: host.Choice{Profiles: map[string]account.Profile{}}, Ledger: host.Ledger{Incomplete: map[string]error{}},
	}
	if cfg.Width > 0 {
		a.layout = newLayout(cfg.Width, cfg.Height)
	}
	a.lookAround()
	a.do = RealEngines(cfg.Session)
	if cfg.Engines != nil {
		a.do = *cfg.Engines
	}
	a.screens = screens(a)
	if cfg.Demo != nil {
		a.demo = &playing{length: cfg.Demo.Length, cues: cues(cfg.Demo.Length)}
	}
	return a
}

// lookAround reads from the environment what the terminal is like, until it
// answers for itself.
func (a *App) lookAround() {
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
	a.paint()
}

// paint takes the colours for what is known of the terminal.
func (a *App) paint() { a.theme = a.scheme.Theme(a.dark, a.profile) }

// Init implements tea.Model. Nothing here waits for the disk or the network.
func (a *App) Init() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, a.screens[a.front].Enter(""), a.tick(), a.beatDemo())
}

// busy says in words what would be broken off by quitting now, or "".
func (a *App) busy() string {
	if len(a.runs) == 0 {
		return ""
	}
	if m := a.Measuring(); m != nil {
		if busy := m.Busy(); busy != "" {
			return busy
		}
	}
	return "still " + a.runs[0].Doing
}

// quit ends the console, after one question when something is running or would
// be lost.
func (a *App) quit() tea.Cmd {
	unkept, _ := a.Unkept()
	switch {
	case unkept > 0:
		return a.UnlessUnkept("q", "quits without", a.stopAndQuit)
	case a.busy() == "":
		return tea.Quit
	}
	if r := a.restores(); r != nil {
		a.Confirm(host.Question{
			Ask:   func() string { return "Still " + r.Doing + ": end it, put everything back, and quit?" },
			Yes:   a.stopAndQuit,
			Again: "q",
			Moot:  func() bool { return a.restores() != r },
		})
		return nil
	}
	a.Confirm(host.Question{
		Ask:   func() string { return widget.Upper(a.busy()) + ": stop and quit?" },
		Yes:   a.stopAndQuit,
		Again: "q",
		Moot:  func() bool { return a.busy() == "" },
	})
	return nil
}

func (a *App) stopAndQuit() tea.Cmd {
	if len(a.runs) == 0 {
		return tea.Quit
	}
	a.quitting, a.stopBy = true, time.Now().Add(stopWithin)
	a.stopRuns()
	if a.restores() != nil { // the end of the last run quits
		return nil
	}
	return tea.Tick(stopWithin, func(time.Time) tea.Msg { return tea.QuitMsg{} })
}

// restores is a run that puts back what it changed before it ends, or nil.
func (a *App) restores() *host.Run {
	for _, r := range a.runs {
		if r.Restores {
			return r
		}
	}
	return nil
}

// abandon asks whether to quit although something is being put back.
func (a *App) abandon() tea.Cmd {
	a.Confirm(host.Question{
		Ask: func() string { return "Quit at once, and leave the drill open? bothways drill undo takes it back." },
		Yes: func() tea.Cmd {
			a.abandoned = true
			return tea.Quit
		},
		Moot: func() bool { return a.restores() == nil },
	})
	return nil
}
