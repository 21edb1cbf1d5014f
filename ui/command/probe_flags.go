package command

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/polling"
	"bothways/probe/stats"
	"bothways/ui/command/usage"
)

// probeFlags are what a probe run is asked for.
type probeFlags struct {
	sizes, target        string
	preset, pace         string
	rounds               int
	every, limit, length time.Duration
	maxRate              int
	keep, anyRules, yes  bool
	metrics              string
	progress             time.Duration
}

// preset is what the name of a preset stands for.
type preset struct {
	pace   polling.Pace
	rounds int
	every  time.Duration
}

// presets are the paces, and two whole runs: the demo ends after two and a half
// minutes with 12 samples a size and direction, the study after 15 minutes
// with 30.
var presets = map[string]preset{
	string(polling.Courteous): {pace: polling.Courteous},
	string(polling.Normal):    {pace: polling.Normal},
	string(polling.Fine):      {pace: polling.Fine},
	"demo":                    {pace: polling.Normal, rounds: 12, every: 10 * time.Second},
	"study":                   {pace: polling.Normal, rounds: 30, every: 30 * time.Second},
}

const (
	defaultRounds   = 12
	defaultEvery    = 10 * time.Second
	defaultProgress = time.Minute
)

// pacesHelp names the paces with what each comes to.
func pacesHelp() string {
	paces := polling.Paces()
	texts := make([]string, len(paces))
	for i, pace := range paces {
		format := "%s (%d, %.0f %%)"
		if i == 0 {
			format = "%s (about %d HEADs a sample, error %.0f %%)"
		}
		texts[i] = fmt.Sprintf(format, pace, pace.Figures().LeastHEADs, 100*pace.Figures().Error)
	}
	return "how densely to poll: " + usage.OneOf(texts) + "; see above for the error"
}

func (f *probeFlags) add(c *cobra.Command) {
	flags := c.Flags()
	flags.StringVar(&f.sizes, "sizes", "", "file sizes such as 0,128KiB,4MiB,5GiB, up to 48.8 TiB (default 128 KiB doubling to 4 MiB)")
	flags.IntVar(&f.rounds, "rounds", defaultRounds, "passes over all sizes and both directions; 0 goes on until Ctrl-C")
	flags.DurationVar(&f.length, "for", 0, "start probes for this long, such as 24h, instead of a number of rounds")
	flags.DurationVar(&f.every, "every", defaultEvery, "from the start of one round to the start of the next")
	flags.DurationVar(&f.limit, "limit", 15*time.Minute, "give a probe up after this long")
	flags.StringVar(&f.target, "target", "", targetHelp)
	flags.StringVar(&f.preset, "preset", "", "courteous, normal or fine: as --pace; demo: 12 rounds in 2 min; study: 30 rounds in 15 min")
	flags.StringVar(&f.pace, "pace", string(polling.Normal), pacesHelp())
	flags.IntVar(&f.maxRate, "max-rate", 0, fmt.Sprintf("most requests a second at any moment, both sides together (default %d, or one and a half times what the schedule takes on average)", probe.DefaultMaxRate))
	flags.BoolVar(&f.keep, "keep", false, "leave the probe objects in the buckets")
	flags.BoolVar(&f.anyRules, "any-rules", false, "probe although no rule is seen that covers the probe objects")
	flags.BoolVar(&f.yes, "yes", false, fmt.Sprintf("run although the estimate is above %d USD", cost.AskAbove))
	flags.StringVar(&f.metrics, "metrics", "", "serve OpenMetrics on this address while probing, such as :9464; loopback unless it names a host")
	flags.DurationVar(&f.progress, "progress", defaultProgress, "how often to say meanwhile what the run shows so far (a run with a number of rounds says it up to five times on its way instead); 0: never")
	usage.Completes(c, "pace", polling.Paces())
	usage.Completes(c, "preset", slices.Sorted(maps.Keys(presets)))
}

// settle fills in what a preset stands for, but for what was asked for in so
// many words, typed or in the file of settings.
func (f *probeFlags) settle(ctx context.Context, typed, given func(flag string) bool) error {
	if f.preset != "" {
		named, known := presets[f.preset]
		if !known {
			return usage.Wrong("--preset %q is none of courteous, normal, fine, demo and study", f.preset)
		}
		if !given("pace") {
			f.pace = string(named.pace)
		}
		if named.rounds > 0 && !given("rounds") {
			f.rounds = named.rounds
		}
		if named.every > 0 && !given("every") {
			f.every = named.every
		}
	}
	if given("for") {
		switch {
		case f.length <= 0:
			return usage.Wrong("--for %v: give a time above zero, such as 24h", f.length)
		case given("rounds"):
			return usage.Wrong("--for and --rounds are two different ends of a run: give one of them")
		case presets[f.preset].rounds > 0:
			return usage.Wrong("--preset %s has a number of rounds, and --for is another end of a run: give one of them", f.preset)
		}
		f.rounds = 0
	}
	if given("max-rate") && f.maxRate < 1 {
		return usage.Wrong("--max-rate %d: give 1 request a second or more", f.maxRate)
	}
	target, err := readTarget(f.target)
	if err != nil {
		return err
	}
	if !typed("limit") {
		f.limit = max(f.limit, target)
	}
	if f.progress < 0 {
		return usage.Wrong("--progress %v: give a time above zero, or 0 for never", f.progress)
	}
	if f.metrics != "" {
		address, err := usage.ListenAddress(ctx, "--metrics", f.metrics, ":9464 or 127.0.0.1:9464")
		if err != nil {
			return err
		}
		f.metrics = address
	}
	return nil
}

// config checks the flags before anything is asked of AWS. Whether both sides
// are AWS is known later, so the sides may be any two stores here.
func (f probeFlags) config(p pair.Pair) (probe.Config, error) {
	cfg := probe.Config{
		RunID: "check", Pair: p, Sizes: probe.DefaultSizes(), Rounds: f.rounds, For: f.length, Every: f.every, Limit: f.limit,
		Pace: polling.Pace(f.pace), Seed: rand.Uint64(), MaxRate: f.maxRate, Keep: f.keep, Foreign: true, AnyRules: f.anyRules,
	}
	var err error
	if cfg.Target, err = readTarget(f.target); err != nil {
		return cfg, err
	}
	if f.sizes != "" {
		sizes, err := probe.ParseSizes(f.sizes)
		if err != nil {
			return cfg, usage.Wrong("--sizes: %w", err)
		}
		cfg.Sizes = sizes
	}
	if err := cfg.Check(); err != nil {
		return cfg, usage.Wrong("%w", err)
	}
	return cfg, nil
}

// endpoints are the flags of sides that are not AWS's own.
func (a *app) endpointFlags(flags *pflag.FlagSet) {
	flags.StringVar(&a.flags.endpointA, "endpoint-a", "", "address of side A's S3 where it is not AWS, such as https://minio.example:9000")
	flags.StringVar(&a.flags.endpointB, "endpoint-b", "", "address of side B's S3 where it is not AWS")
}

func checkEndpoint(flag, address string) error {
	if u, err := url.Parse(address); address == "" || err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https") {
		return nil
	}
	return usage.Wrong("%s %q is no URL: give one such as https://minio.example:9000, with what is special in a user's name or password written as %%XX", flag, apierror.PublicAddress(address))
}

const targetHelp = "say how many arrived within this long, such as 1m, or rtc for the 15 minutes of S3's Replication Time Control"

// readTarget reads the flag --target; "" is none.
func readTarget(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	target, err := stats.ParseTarget(text)
	if err != nil {
		return 0, usage.Wrong("--target: %w", err)
	}
	return target, nil
}
