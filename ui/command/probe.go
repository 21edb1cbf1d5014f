package command

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/spf13/cobra"

	"bothways/aws/pair"
	"bothways/aws/replication"
	"bothways/probe"
	"bothways/probe/stats"
)

// probeFlags are what a probe run is asked for.
type probeFlags struct {
	sizes        string
	rounds       int
	every, limit time.Duration
	pace         string
	keep         bool
}

func (a *app) probeCommand() *cobra.Command {
	var f probeFlags
	c := &cobra.Command{
		Use:   "probe --a REGION/BUCKET --b REGION/BUCKET",
		Short: "Measure how long replication takes, in both directions and for every file size",
		Long: "Writes objects on both sides on a fixed schedule and polls the other side until each can be read there. " +
			"Every duration comes with the interval that must contain the true instant. The objects are removed afterwards.",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return a.probe(c.Context(), f) },
	}
	a.pairFlags(c)
	a.optionFlags(c)
	flags := c.Flags()
	flags.StringVar(&f.sizes, "sizes", "", "file sizes such as 128KiB,4MiB (default 128 KiB doubling to 4 MiB)")
	flags.IntVar(&f.rounds, "rounds", 12, "passes over all sizes and both directions; 0 goes on until Ctrl-C")
	flags.DurationVar(&f.every, "every", 10*time.Second, "from the start of one round to the start of the next")
	flags.DurationVar(&f.limit, "limit", 15*time.Minute, "give a probe up after this long")
	flags.StringVar(&f.pace, "pace", string(probe.Normal), "how densely to poll: courteous, normal or fine")
	flags.BoolVar(&f.keep, "keep", false, "leave the probe objects in the buckets")
	return c
}

// config checks the flags before anything is asked of AWS.
func (f probeFlags) config(p pair.Pair, runID string) (probe.Config, error) {
	cfg := probe.Config{
		RunID: runID, Pair: p, Sizes: probe.DefaultSizes(), Rounds: f.rounds, Every: f.every, Limit: f.limit,
		Pace: probe.Pace(f.pace), Seed: rand.Uint64(), Keep: f.keep,
	}
	if f.sizes != "" {
		sizes, err := probe.ParseSizes(f.sizes)
		if err != nil {
			return cfg, wrongUsage("--sizes: %w", err)
		}
		cfg.Sizes = sizes
	}
	if err := cfg.Check(); err != nil {
		return cfg, wrongUsage("%w", err)
	}
	return cfg, nil
}

func (a *app) probe(ctx context.Context, f probeFlags) error {
	p, err := a.pair()
	if err != nil {
		return err
	}
	if _, err := f.config(p, "check"); err != nil {
		return err
	}
	w, err := a.open(ctx, p)
	if err != nil {
		return err
	}
	defer func() { _ = w.close() }()
	cfg, err := f.config(p, w.RunID)
	if err != nil {
		return err
	}
	out := a.newOutput()
	defer out.close()
	found, err := replication.Look(ctx, w.World)
	if err != nil {
		return err
	}
	if !a.flags.sandbox {
		if err := found.Probeable(); err != nil {
			return ending{exitFailed, fmt.Errorf("%w. To set the pair up: %s", err, a.line("apply", p))}
		}
	}
	out.record(a.openJournal("probe", w.RunID, w.access, w.A.Endpoint))
	ctx = out.watched(ctx)
	if a.flags.sandbox { // it starts empty: make the pair first
		if err := out.finish(ctx, replication.Apply(ctx, replication.PlanSetUp(found), out.emit)); err != nil {
			return err
		}
	}
	return a.measure(ctx, w, cfg, out)
}

// measure runs the probe and sums it up, whatever way it ended: what was
// measured until then is not lost.
func (a *app) measure(ctx context.Context, w *world, cfg probe.Config, out *output) error {
	runner, err := probe.New(cfg, probe.Clients{A: w.A.S3, B: w.B.S3})
	if err != nil {
		return ending{exitUsage, err}
	}
	out.emit(probe.Estimate(cfg))
	collector := stats.NewCollector()
	runErr := runner.Run(ctx, func(e pair.Event) {
		if sample, ok := e.(probe.Sample); ok {
			collector.Add(sample)
		}
		out.emit(e)
	})
	for _, e := range collector.Events() {
		out.emit(e)
	}
	if out.journal != nil && out.journal.Path() != "" {
		a.hint("Raw samples: " + out.journal.Path() + "  (bothways report " + w.RunID + ")")
	}
	if err := out.finish(ctx, runErr); err != nil {
		return err
	}
	return measured(collector)
}

// measured is an error where a direction yielded no duration, or an upload or
// a replication failed: what a script or a pipeline must not take for a result.
func measured(c *stats.Collector) error {
	for _, d := range pair.Directions() {
		s := c.Direction(d)
		if s.Replicated == 0 {
			return fmt.Errorf("%s: no object was seen to arrive", d.Arrow())
		}
		if s.Failed > 0 {
			return fmt.Errorf("%s: %d of %d probes failed, see above", d.Arrow(), s.Failed, s.Probes)
		}
	}
	return nil
}
