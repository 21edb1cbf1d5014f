// Package console is the terminal console: choose two sides, review the plan,
// apply it, watch the measurement, take everything down. It is the only
// package that knows Bubble Tea. There is one model, app; the screens are
// plain structs with methods.
package console

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// stopWithin bounds the time from the decision to quit until the terminal is
// given back.
const stopWithin = 900 * time.Millisecond

// Config is what the console needs from its caller.
type Config struct {
	Version string
	// Profiles lists the local profiles. It reads local files only.
	Profiles func() ([]account.Profile, error)
	// OpenSandbox starts the embedded sandbox, once; later calls return the
	// same access.
	OpenSandbox func(ctx context.Context) (account.Access, error)
	// Session runs the engines, with its locks and journals.
	Session *session.Session
	// Width and Height are the terminal's size in columns and rows as the console
	// starts, so that there is something to draw at once; 0: it asks.
	Width, Height int
	// Environ is the environment, for the terminal's capabilities.
	Environ []string
	// Access and Pair are what the command line chose already, or nil.
	Access *account.Access
	Pair   *pair.Pair
	// Profile is the one that the environment names, or "".
	Profile string
	// Now is the clock for what is shown; nil means time.Now.
	Now func() time.Time
	// RunsDir is the folder in which the journals of earlier runs lie; "": none
	// is known.
	RunsDir string
	// SaveDir is the folder for saved reports; "" is the current one.
	SaveDir string
	// ASCII draws with ASCII alone; NoAnimation keeps running symbols still.
	ASCII, NoAnimation bool
	// Theme is which colours are wanted; "" is for the terminal's background.
	Theme widget.Scheme
	// Settings says which file of settings is in force, or "".
	Settings string
	// Defaults are what forms begin with.
	Defaults host.Defaults
	// Working is told when an engine begins to work; what it returns is called
	// when that engine ends. nil: nobody wants to know.
	Working func() (ended func())
	// Terminal is told what gives the terminal back, for an end that does not
	// wait for the console and while it is stopped, and what takes it again. nil:
	// there is no such end.
	Terminal func(giveBack, takeBack func())
	// Tell says something to the user once the terminal is given back; nil: nothing
	// is said.
	Tell func(text string)
	// ReadOnly lets nothing be changed in AWS.
	ReadOnly bool
	// Demo has it play a run by itself; nil: it does not.
	Demo *Demo

	// Engines are what the screens ask of the packages below; nil means the
	// session's.
	Engines *host.Engines
}

// Run shows the console until the user quits or ctx ends, and returns what is
// to stay in the terminal afterwards. It handles no signals: the caller ends
// ctx on them. After a panic anywhere the terminal is restored and the error
// is a *CrashError.
func Run(ctx context.Context, cfg Config, all host.Screens, opts ...tea.ProgramOption) (Farewell, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a := New(ctx, cfg, all)
	options := append([]tea.ProgramOption{
		tea.WithContext(ctx), tea.WithFPS(host.FramesPerSecond), tea.WithoutSignalHandler(),
	}, opts...)
	if cfg.Environ != nil {
		options = append(options, tea.WithEnvironment(cfg.Environ))
	}
	program := tea.NewProgram(a, options...)
	a.abort = func() { go program.Quit() }
	if cfg.Terminal != nil {
		// A terminal that is gone can be neither given back nor taken.
		cfg.Terminal(func() { _ = program.ReleaseTerminal() }, func() { _ = program.RestoreTerminal() })
	}
	_, err := program.Run()
	a.stopRuns()
	if a.stopBy.IsZero() {
		a.stopBy = time.Now().Add(stopWithin)
	}
	a.awaitRuns(time.Until(a.stopBy))
	a.awaitRestored(cfg.Tell)
	if a.crash != nil {
		return a.Farewell(), a.crash
	}
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return a.Farewell(), context.Cause(ctx)
	}
	return a.Farewell(), err
}
