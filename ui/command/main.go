// Package command is the command line: flags become a pair and its options,
// endings become exit codes, and here alone it is decided which world is
// used, AWS or the sandbox in this process.
package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"bothways/aws/apierror"
	"bothways/aws/journal"
	"bothways/aws/session"
	"bothways/probe/wording"
	"bothways/ui/command/system"
	"bothways/ui/command/usage"
	"bothways/ui/console/host"
)

// Process is what the operating system gives to the program.
type Process struct {
	Version        string
	Args           []string
	Stdin          *os.File
	Stdout, Stderr *os.File
	Environ        []string
}

// getenv looks a variable up in the process's own environment.
func (p Process) getenv(name string) string {
	for _, entry := range p.Environ {
		if key, value, ok := strings.Cut(entry, "="); ok && key == name {
			return value
		}
	}
	return ""
}

// Main runs the program and returns its exit code.
func Main(ctx context.Context, process Process) int {
	ctx, signals := system.WatchSignals(ctx)
	defer signals.Stop()

	app := &app{process: process, signals: signals, session: session.New(version(process.Version), journal.Folder(process.getenv))}
	root := app.root()
	root.SetArgs(process.Args)
	root.SetIn(process.Stdin)
	stdout := &written{File: process.Stdout}
	root.SetOut(stdout)
	root.SetErr(process.Stderr)

	err := cmp.Or(app.execute(ctx, root), stdout.failed)
	app.screen().Close()
	if app.unread(err) { // who has enough has got what was asked for
		err = nil
	}
	code, signalled := signals.ExitCode()
	if !signalled {
		code = usage.CodeOf(err)
		if err != nil {
			app.reportError(err)
			app.sayDefaults(err)
		}
	}
	if lost := app.debug.Ended(code, err); lost != nil {
		app.complain(lost.Error()) // of its own log alone: the run is what it is without it
	}
	return code
}

// execute runs the commands. A panic ends a command as it ends the console.
func (a *app) execute(ctx context.Context, root *cobra.Command) error {
	var failed error
	for _, c := range withRooms(root) {
		run := c.RunE
		if run == nil {
			continue
		}
		c.RunE = func(c *cobra.Command, args []string) error {
			crash, err := host.Guard(c.Name(), func() error { return run(c, args) })
			if failed = err; crash != nil {
				failed = a.reportCrash(crash)
			}
			return nil
		}
	}
	return cmp.Or(root.ExecuteContext(ctx), failed)
}

// withRooms is a command and all those below it.
func withRooms(c *cobra.Command) (all []*cobra.Command) {
	all = append(all, c)
	for _, child := range c.Commands() {
		all = append(all, withRooms(child)...)
	}
	return all
}

// reportError says what went wrong, once, on stderr.
func (a *app) reportError(err error) {
	if text := apierror.Describe(err); text != "" { // else everything was said already
		for line := range strings.Lines(text) { // joined errors are a line each
			a.complain(strings.TrimRight(line, "\n"))
		}
	}
}

// sayDefaults names the defaults of the file that a command could not go by, or may
// not have.
func (a *app) sayDefaults(err error) {
	if usage.CodeOf(err) != usage.Mistaken || a.settings == nil || len(a.settings.Taken) == 0 {
		return
	}
	taken := make([]string, len(a.settings.Taken))
	for i, t := range a.settings.Taken {
		taken[i] = fmt.Sprintf("--%s (line %d)", t.Flag, t.Line)
	}
	a.complain("defaults were taken from " + a.settings.Path + ": " + strings.Join(taken, ", "))
}

// complain writes a line for people to stderr. With stderr gone there is
// nobody left to tell.
func (a *app) complain(text string) {
	a.debug.Said(text)
	a.shown.Above(func() { _, _ = fmt.Fprintln(a.process.Stderr, "bothways: "+wording.Visible(text)) })
}

// version is the release's, or what the Go tool recorded of the build.
func version(release string) string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// written is standard output for what writes to it and does not say whether it
// could, as the help does. It stays a file, so that a terminal is seen in it.
type written struct {
	*os.File
	failed error // the first
}

// Write implements io.Writer.
func (w *written) Write(text []byte) (int, error) {
	n, err := w.File.Write(text)
	if w.failed == nil && !errors.Is(err, syscall.EPIPE) { // a reader that has enough is no failure
		w.failed = err
	}
	return n, err
}

// WriteString implements io.StringWriter.
func (w *written) WriteString(text string) (int, error) { return w.Write([]byte(text)) }
