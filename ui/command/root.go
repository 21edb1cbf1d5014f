package command

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/spf13/cobra"

	"bothways/aws/account"
	"bothways/aws/account/httplog"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/ui/command/completion"
	"bothways/ui/command/configured"
	"bothways/ui/command/debug"
	"bothways/ui/command/help"
	"bothways/ui/command/sandboxed"
	"bothways/ui/command/system"
	"bothways/ui/command/usage"
	"bothways/ui/live"
)

// app is one run of the program: what the operating system gave it and what
// the flags say.
type app struct {
	process Process
	signals *system.Signals
	session *session.Session
	flags   flags
	debug   *debug.Log // nil: nobody asked for one
	// settings are those of the file; nil: the command takes none.
	settings *configured.Settings

	consoleFlags consoleFlags

	screening sync.Once
	shown     *live.Screen // see screen
}

// flags are those that several commands share.
type flags struct {
	a, b                        string
	config                      string // the file of settings
	profile, profileA, profileB string
	endpointA, endpointB        string
	options                     optionFlags
	sandbox, json, plain        bool
	debug                       string
	simulation                  sandboxed.Simulation
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "bothways",
		Short: "Two S3 buckets in two regions, each replicating to the other",
		Long: "Two S3 buckets in two regions, each replicating to the other: set up, proven, measured and undone.\n\n" +
			"Without a command the console opens. It starts in a sandbox, an AWS inside this program, so it needs no account. " +
			"The commands do the same without a screen.",
		Args: usage.NoArguments,
		RunE: a.console,
		PersistentPreRunE: func(c *cobra.Command, args []string) error {
			if err := cmp.Or(usage.NothingEmpty(c, args), usage.Spelt(c)); err != nil {
				return err
			}
			var err error
			if a.settings, err = configured.Bring(c, a.configuring()); err != nil {
				return err
			}
			if err := a.flags.simulation.Check(c); err != nil {
				return err
			}
			if own := c.Flags().Lookup("sandbox"); own != nil && c.HasParent() && !a.flags.sandbox {
				for _, flag := range []string{"time-scale", "delays"} {
					if c.Flags().Changed(flag) {
						return usage.Wrong("--%s is for a private sandbox, and there is none without --sandbox; for one that runs elsewhere, give it to bothways sandbox", flag)
					}
				}
			}
			return a.openDebug(c)
		},
	}
	root.PersistentFlags().StringVar(&a.flags.debug, "debug", "", "write what goes over the wire, and what is decided, into this file, without secrets and without contents: for a report of a bug")
	a.accessFlags(root)
	root.Flags().StringVarP(&a.flags.a, "a", "a", "", "side A as REGION/BUCKET, filled in beforehand")
	root.Flags().StringVarP(&a.flags.b, "b", "b", "", "side B as REGION/BUCKET, filled in beforehand")
	root.Flags().BoolVar(&a.consoleFlags.readOnly, "read-only", false, "look and plan only: nothing is changed in AWS")
	a.drawingFlags(root)
	root.PersistentFlags().StringVar(&a.flags.config, "config", "", "file of settings to read in place of the usual one, see bothways config")
	root.SetFlagErrorFunc(usage.FlagError)
	root.SilenceErrors, root.SilenceUsage = true, true // reported by whoever runs it
	root.Version = version(a.process.Version)
	help.Use(root, a.process.Stdout, a.process.Environ)
	for _, of := range []struct {
		id, title string
		commands  []*cobra.Command
	}{
		{"pair", "Set up and undo", []*cobra.Command{a.planCommand(), a.applyCommand(), a.destroyCommand(), a.cleanCommand(), a.exportCommand()}},
		{"proof", "Prove and measure", []*cobra.Command{a.doctorCommand(), a.probeCommand(), a.reportCommand(), a.compareCommand(), a.runsCommand()}},
		{"whole", "Audit and put right", []*cobra.Command{a.auditCommand(), a.backfillCommand(), a.inventoryCommand()}},
		{"loss", "Rehearse a loss", []*cobra.Command{a.drillCommand()}},
		{"box", "Without AWS", []*cobra.Command{a.demoCommand(), sandboxed.Command(&a.flags.simulation, sandboxed.Host{Stdout: a.process.Stdout, Stderr: a.process.Stderr, Complain: a.complain, Forgive: func() { a.signals.Forgive() }})}},
	} {
		root.AddGroup(&cobra.Group{ID: of.id, Title: of.title})
		for _, c := range of.commands {
			c.GroupID = of.id
			root.AddCommand(c)
		}
	}
	root.AddCommand(configured.Command(a.configuring()), help.Version(root.Version), help.Man())
	completion.Use(root, completion.Host{Getenv: a.process.getenv, Runs: func() string { return journal.Folder(a.process.getenv) }, Buckets: a.buckets})
	return root
}

// openDebug begins the debug log of a command that was asked for one.
func (a *app) openDebug(c *cobra.Command) error {
	if a.flags.debug == "" {
		return nil
	}
	log, err := debug.Open(a.flags.debug, debug.Run{Version: version(a.process.Version), Args: a.process.Args, Environ: a.process.Environ},
		func(text string) string { return redact(text, a.process.Environ) })
	if err != nil {
		return usage.Wrong("--debug %s: %w", a.flags.debug, err)
	}
	a.debug = log
	a.session.Follow(log.Event)
	c.SetContext(httplog.With(c.Context(), log.HTTP()))
	return nil
}

// configuring is what the file of settings is tried on.
func (a *app) configuring() configured.Host {
	return configured.Host{Stdout: a.process.Stdout, Named: &a.flags.config, Getenv: a.process.getenv, Root: func() *cobra.Command {
		return (&app{process: a.process, signals: a.signals, session: a.session}).root()
	}}
}

// buckets are those that a profile has in a region, for the shell to complete.
func (a *app) buckets(ctx context.Context, profile, region string) ([]string, error) {
	clients, err := account.Access{Profile: profile}.Open(ctx, region)
	if err != nil {
		return nil, err
	}
	out, err := clients.S3.ListBuckets(ctx, &s3.ListBucketsInput{BucketRegion: &region})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, b := range out.Buckets {
		names = append(names, *b.Name)
	}
	return names, nil
}

// accessFlags adds the flags that choose between AWS and a sandbox.
func (a *app) accessFlags(c *cobra.Command) {
	c.Flags().BoolVar(&a.flags.sandbox, "sandbox", false, "use a private sandbox for this run instead of AWS")
	c.Flags().StringVar(&a.flags.profile, "profile", "", "profile of the AWS config files, for both sides")
	a.flags.simulation.Add(c)
}

// pairFlags adds the flags that name a pair and the way to it, and those of its
// options that commands of a kind make use of.
func (a *app) pairFlags(c *cobra.Command, of takers) {
	a.accessFlags(c)
	f := c.Flags()
	f.StringVarP(&a.flags.a, "a", "a", "", "side A as REGION/BUCKET")
	f.StringVarP(&a.flags.b, "b", "b", "", "side B as REGION/BUCKET")
	f.StringVar(&a.flags.profileA, "profile-a", "", "profile for side A, where it differs")
	f.StringVar(&a.flags.profileB, "profile-b", "", "profile for side B, where it differs")
	a.flags.options.add(f, of)
	f.BoolVar(&a.flags.json, "json", false, "write one JSON object a line on stdout, nothing else there")
	f.BoolVar(&a.flags.plain, "plain", false, "write one sentence a line, as into a pipe: no colours, no tables, no bars")
}

// pair reads the pair from the flags and checks that AWS could replicate it.
func (a *app) pair() (pair.Pair, error) {
	p, err := a.sides()
	if err != nil {
		return p, err
	}
	if err := p.Check(); err != nil {
		return p, usage.Wrong("%w", err)
	}
	return p, nil
}

// elsewhere says whether the sides may be two stores that are not AWS.
func (a *app) elsewhere() bool {
	return a.flags.endpointA != "" || a.flags.endpointB != "" || a.flags.profileA != a.flags.profileB
}

// sides reads the pair from the flags. Both sides are asked for, but a private
// sandbox starts empty, so any pair does there.
func (a *app) sides() (pair.Pair, error) {
	var p pair.Pair
	if a.flags.json && a.flags.plain {
		return p, usage.Wrong("--json and --plain ask for two different outputs: give one of them")
	}
	choice, err := a.flags.options.read()
	if err != nil {
		return p, err
	}
	p.Options, p.Given = choice.Options, choice.Given
	if err := a.parseSides(&p, true); err != nil {
		return p, err
	}
	if a.flags.sandbox && cmp.Or(a.flags.profile, a.flags.profileA, a.flags.profileB) != "" {
		return p, usage.Wrong("--sandbox has credentials of its own: leave --profile, --profile-a and --profile-b out")
	}
	if a.flags.sandbox && (a.flags.endpointA != "" || a.flags.endpointB != "") {
		return p, usage.Wrong("--sandbox has an endpoint of its own: leave --endpoint-a and --endpoint-b out")
	}
	if err := checkEndpoint("--endpoint-a", a.flags.endpointA); err != nil {
		return p, err
	}
	return p, checkEndpoint("--endpoint-b", a.flags.endpointB)
}

// parseSides reads the sides that are given. Where both are needed a sandbox has
// usual ones for those that are not.
func (a *app) parseSides(p *pair.Pair, needed bool) error {
	for _, side := range []struct {
		flag, text, usual string
		into              *pair.Side
	}{
		{"--a", a.flags.a, "eu-west-1/bothways-demo-eu-west-1", &p.A},
		{"--b", a.flags.b, "ap-southeast-1/bothways-demo-ap-southeast-1", &p.B},
	} {
		text := side.text
		switch {
		case text != "":
		case !needed:
			continue
		case a.flags.sandbox:
			text = side.usual
		default:
			return usage.Wrong("%s is missing: give it as REGION/BUCKET, such as %s", side.flag, side.usual)
		}
		parsed, err := pair.ParseSide(text)
		if err != nil {
			return usage.Wrong("%s: %w", side.flag, err)
		}
		*side.into = parsed
	}
	return nil
}

// line is another command for the same pair, ready to paste: with the profiles
// and the prefix that reach the same place.
func (a *app) line(command string, p pair.Pair) string {
	words := []string{"bothways", command, "--a", p.A.String(), "--b", p.B.String()}
	for _, flag := range [][2]string{
		{"--profile", a.flags.profile},
		{"--profile-a", a.flags.profileA},
		{"--profile-b", a.flags.profileB},
	} {
		if flag[1] != "" {
			words = append(words, flag[0], account.Quote(flag[1]))
		}
	}
	if a.flags.sandbox { // elsewhere it would be about buckets of AWS
		words = append(words, "--sandbox")
	}
	told := chosen{p.Options, p.Given, a.flags.options.consent()}
	switch command {
	case "apply", "plan": // with other options it would change what stands
		words = append(words, told.words(setUps)...)
	case "destroy": // which has to find it
		words = append(words, told.words(tearDowns)...)
	default:
		words = append(words, told.words(everyPair)...)
	}
	if !slices.Contains([]string{"plan", "doctor", "audit"}, command) { // those only read
		words = append(words, "--yes")
	}
	return strings.Join(words, " ")
}
