package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"bothways/aws/account"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe/wording"
	"bothways/ui/command/configured"
	"bothways/ui/command/system"
	"bothways/ui/command/usage"
	"bothways/ui/console"
	"bothways/ui/console/host"
	"bothways/ui/console/rooms"
	"bothways/ui/console/widget"
)

// consoleFlags are the console's own.
type consoleFlags struct {
	ascii, noAnimation, readOnly bool
	theme                        string
}

// console opens the console, unless there is no terminal to show it on.
func (a *app) console(c *cobra.Command, _ []string) error { return a.open(c, nil) }

const demoExample = `bothways demo

# by itself, in five minutes
bothways demo --for 5m`

func (a *app) demoCommand() *cobra.Command {
	var length time.Duration
	c := &cobra.Command{
		Use:   "demo",
		Short: "Play a whole run in the console by itself, in the sandbox: for a talk",
		Long: "Opens the console in a private sandbox and presses the keys itself, from the first screen over the plan and its steps to the live chart and the results. " +
			"It says what is to be seen, and waits at each screen until you press space or Enter; with --for it goes on by itself, and takes that long. " +
			"Any other key ends it and does what it does, and the console is yours from there on.",
		Example: demoExample,
		Args:    usage.NoArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("for") && length < shortestDemo {
				return usage.Wrong("--for %v: nobody sees anything in less than %v", length, shortestDemo)
			}
			return a.open(c, &console.Demo{Length: length})
		},
	}
	c.Flags().DurationVar(&length, "for", 0, "go on by itself, and take this long, such as 5m; without it space goes on")
	a.drawingFlags(c)
	a.flags.simulation.Add(c)
	return c
}

// shortestDemo is how long a demo takes at least.
const shortestDemo = 30 * time.Second

// drawingFlags add how the console draws.
func (a *app) drawingFlags(c *cobra.Command) {
	c.Flags().BoolVar(&a.consoleFlags.ascii, "ascii", false, "draw with ASCII characters only")
	c.Flags().BoolVar(&a.consoleFlags.noAnimation, "no-animation", false, "no moving parts but the measurements")
	c.Flags().StringVar(&a.consoleFlags.theme, "theme", string(widget.Auto), "colours: "+usage.OneOf(widget.Schemes())+"; auto asks the terminal for its background, and so does high-contrast")
	usage.Completes(c, "theme", widget.Schemes())
}

// open opens the console, which may play a demo. That knows no other world than the
// sandbox.
func (a *app) open(c *cobra.Command, demo *console.Demo) error {
	if why := a.noScreen(); why != "" {
		a.complain("the console needs a terminal, and " + why + ". Without one, use the commands:")
		for _, line := range []string{
			"bothways plan  --a REGION/BUCKET --b REGION/BUCKET        what would be changed",
			"bothways apply --a REGION/BUCKET --b REGION/BUCKET --yes  set the pair up",
			"bothways probe --a REGION/BUCKET --b REGION/BUCKET        measure it",
			"With --sandbox they need no AWS account; with --json they write JSON lines. See bothways --help",
		} {
			_, _ = fmt.Fprintln(a.process.Stderr, "  "+line)
		}
		return usage.End(usage.Mistaken, nil)
	}
	scheme := widget.Scheme(a.consoleFlags.theme)
	if !slices.Contains(widget.Schemes(), scheme) {
		return usage.Wrong("--theme %q: give %s", scheme, usage.OneOf(widget.Schemes()))
	}
	defaults, err := a.formDefaults(c.Context())
	if err != nil {
		return err
	}
	p, err := a.preselected(defaults.Options)
	if err != nil {
		return err
	}
	box := &embedded{start: a.openSandbox}
	defer box.close()
	width, height, _ := term.GetSize(a.process.Stdout.Fd()) // the console asks again
	cfg := console.Config{
		Version: version(a.process.Version),
		Width:   width,
		Height:  height,
		Environ: a.process.Environ,
		Profiles: func() ([]account.Profile, error) {
			return account.Profiles(a.process.getenv)
		},
		OpenSandbox: box.open,
		Session:     a.session,
		RunsDir:     journal.Folder(a.process.getenv),
		Pair:        p,
		Profile:     cmp.Or(a.namedProfile(), a.flags.profile),
		Now:         time.Now,
		Tell:        a.hint,
		Theme:       scheme,
		Settings:    a.settings.InForce(),
		Defaults:    defaults,
		ASCII:       a.consoleFlags.ascii || !a.unicode(), NoAnimation: a.consoleFlags.noAnimation, ReadOnly: a.consoleFlags.readOnly,
	}
	if cfg.Demo = demo; demo != nil {
		cfg.Profiles, cfg.Profile, cfg.Pair, cfg.Defaults = nil, "", nil, host.Defaults{}
	}
	if cfg.Access, err = a.chosenAccess(c.Context(), box, c.Flags().Changed("profile")); err != nil {
		return err
	}
	processors := system.RestProcessors()
	defer processors.Restore()
	cfg.Working, cfg.Terminal = processors.Take, a.signals.Terminal
	farewell, err := console.Run(c.Context(), cfg, rooms.All)
	for _, line := range farewell.Lines {
		_, _ = fmt.Fprintln(a.process.Stdout, wording.Visible(line)) // a terminal that is gone hears no farewell
	}
	if system.EndedBySignal(c.Context()) {
		return usage.End(usage.Failed, nil) // the signal's own code replaces it
	}
	if crash, ok := errors.AsType[*host.CrashError](err); ok {
		return a.reportCrash(crash)
	}
	return err
}

// namedProfile is the profile that the environment names, or "". An endpoint of
// its own is meant to be asked, with the usual profile.
func (a *app) namedProfile() string {
	usual := ""
	if a.process.getenv("AWS_ENDPOINT_URL") != "" {
		usual = "default"
	}
	return cmp.Or(a.process.getenv("AWS_PROFILE"), a.process.getenv("AWS_DEFAULT_PROFILE"), usual)
}

// chosenAccess is the access that the flags chose already, or nil. A profile that is
// not typed is proposed and no more.
func (a *app) chosenAccess(ctx context.Context, box *embedded, typed bool) (*account.Access, error) {
	switch {
	case a.flags.sandbox:
		access, err := box.open(ctx)
		return &access, err
	case typed:
		return &account.Access{Profile: a.flags.profile}, nil
	}
	return nil, nil
}

// formDefaults are what the file of settings has the console's forms begin with: the
// defaults of the commands that do the same.
func (a *app) formDefaults(ctx context.Context) (d host.Defaults, err error) {
	if a.settings == nil || !a.settings.Found {
		return d, nil
	}
	other := &app{process: a.process, signals: a.signals, session: a.session}
	apply, _, err := other.root().Find([]string{"apply"})
	if err != nil {
		return d, fmt.Errorf("find what sets a pair up: %w", err)
	}
	if filled, err := a.settings.Filled(apply); err != nil || filled {
		chosen, wrong := other.flags.options.read()
		if err = cmp.Or(err, wrong); err != nil {
			return d, err
		}
		d.Options = &chosen.Options
	}
	var p probeFlags
	var f drillFlags
	probes, drills := &cobra.Command{Use: "probe"}, &cobra.Command{Use: "drill"}
	p.add(probes)
	f.add(drills)
	(&cobra.Command{Use: "bothways"}).AddCommand(probes, drills)
	some := pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "some-bucket"}, B: pair.Side{Region: "us-east-1", Bucket: "another-bucket"}, Options: pair.DefaultOptions()}
	if filled, err := a.settings.Filled(probes); err != nil {
		return d, err
	} else if filled {
		if err := p.settle(ctx, probes.Flags().Changed, configured.Given(probes.Flags())); err != nil {
			return d, err
		}
		if _, err := p.config(some); err != nil {
			return d, err
		}
		d.Probe = host.Measurement{Sizes: p.sizes, Length: strconv.Itoa(p.rounds), Every: wording.Typed(p.every), Limit: wording.Typed(p.limit), Target: p.target, Pace: p.pace}
		if p.length > 0 {
			d.Probe.Length = wording.Typed(p.length)
		}
	}
	if filled, err := a.settings.Filled(drills); err != nil {
		return d, err
	} else if filled {
		scope, err := f.scope(some, "")
		if err != nil {
			return d, err
		}
		scope.Conflicts = f.conflicts // whatever the kind, which the form changes
		d.Drill = &scope
	}
	return d, nil
}

// preselected reads the sides that were given on the command line, or nil.
func (a *app) preselected(options *pair.Options) (*pair.Pair, error) {
	if a.flags.a == "" && a.flags.b == "" {
		return nil, nil
	}
	p := pair.Pair{Options: pair.DefaultOptions()}
	if options != nil {
		p.Options = *options
	}
	return &p, a.parseSides(&p, false)
}

// noScreen says why there is no terminal to draw on, or "".
func (a *app) noScreen() string {
	switch {
	case !term.IsTerminal(a.process.Stdout.Fd()):
		return "standard output is not one"
	case !term.IsTerminal(a.process.Stdin.Fd()):
		return "standard input is not one"
	case a.process.getenv("TERM") == "dumb":
		return "TERM=dumb says that this one cannot place text"
	}
	return ""
}

// unicode says whether the locale is a UTF-8 one. An unset locale is taken for
// one, as terminals of today are.
func (a *app) unicode() bool {
	locale := strings.ToLower(cmp.Or(a.process.getenv("LC_ALL"), a.process.getenv("LC_CTYPE"), a.process.getenv("LANG")))
	return locale == "" || strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
}

// embedded is the console's sandbox, started when it is first chosen.
type embedded struct {
	start func(context.Context) (account.Access, func() error, error)

	mu     sync.Mutex
	access account.Access
	closer func() error
}

func (e *embedded) open(ctx context.Context) (account.Access, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closer != nil {
		return e.access, nil
	}
	// The sandbox lives until the console ends, whatever becomes of the
	// request that started it.
	access, closer, err := e.start(context.WithoutCancel(ctx))
	if err != nil {
		return account.Access{}, err
	}
	e.access, e.closer = access, closer
	return access, nil
}

func (e *embedded) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closer != nil {
		_ = e.closer() // nothing of a sandbox is worth a word after the last screen
	}
}
