package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"bothways/aws/pair"
	"bothways/aws/replication"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/watch"
)

func (a *app) probeCommand() *cobra.Command {
	var f probeFlags
	c := &cobra.Command{
		Use:   "probe --a REGION/BUCKET --b REGION/BUCKET",
		Short: "Measure how long replication takes, in both directions and for every file size",
		Long: "Writes objects on both sides on a fixed schedule and polls the other side until each can be read there, and its origin until it shows COMPLETED. " +
			"Every duration comes with the interval that must contain the true instant. The objects are removed afterwards.\n\n" +
			"A time is quoted as the middle of its interval. The error of a --pace is how far that lies from the true time on average, as a share of the true time, simulated for delays that spread like S3's. The interval holds the true time at any pace.\n\n" +
			"The pair need not be of bothways' making: any two versioned buckets whose rules cover the probe objects do, also in another S3-compatible store with a profile and an endpoint for each side.",
		Example: probeExample,
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.settle(c.Context(), c.Flags().Changed); err != nil {
				return err
			}
			return a.probe(c.Context(), f)
		},
	}
	a.pairFlags(c)
	a.endpointFlags(c.Flags())
	f.add(c.Flags())
	return c
}

const probeExample = `bothways probe --sandbox --preset demo

# a long watch, for Prometheus to read
bothways probe --a eu-west-1/one --b ap-southeast-1/two --sizes 128KiB --every 10s --for 24h --metrics :9464

# two stores of one's own
bothways probe --a us-east-1/shared --endpoint-a https://s3.one.example --profile-a one \
               --b us-east-1/shared --endpoint-b https://s3.two.example --profile-b two`

func (a *app) probe(ctx context.Context, f probeFlags) error {
	p, err := a.sides()
	if err != nil {
		return err
	}
	if !a.elsewhere() {
		if err := p.Check(); err != nil {
			return wrongUsage("%w", err)
		}
	}
	if _, err := f.config(p, "check", true); err != nil {
		return err
	}
	w, err := a.open(ctx, p)
	if err != nil {
		return a.unmeasured(ctx, err)
	}
	defer func() { _ = w.close() }()
	foreign := a.flags.endpointA != "" || a.flags.endpointB != "" || w.A.Endpoint != w.B.Endpoint
	cfg, err := f.config(p, w.RunID, foreign)
	if err != nil {
		return err
	}
	cfg.Private = a.flags.sandbox
	cost := cfg.Estimate()
	if w.A.Endpoint == "" || w.B.Endpoint == "" {
		if err := f.affordable(cost); err != nil {
			return err
		}
	}
	out := a.newOutput()
	defer out.close()
	ctx = out.watched(ctx)
	if a.flags.sandbox { // it starts empty: make the pair first
		if err := a.furnish(ctx, w, out); err != nil {
			return a.unmeasured(ctx, err)
		}
	} else {
		if err := a.changing(p); err != nil {
			return err
		}
		out.record(a.openJournal("probe", w.RunID, w.access, first(w.A.Endpoint, w.B.Endpoint)))
	}
	following := watch.New()
	if f.metrics != "" {
		end, err := a.serveMetrics(ctx, f.metrics, following)
		if err != nil {
			return err
		}
		defer end()
	}
	out.emit(cost)
	err = a.measure(ctx, w, cfg, out, f.follow(following, out))
	if errors.Is(err, probe.ErrNotSetUp) {
		return ending{exitFailed, fmt.Errorf("%w. To set the pair up: %s; to probe all the same: --any-rules", err, a.line("apply", p))}
	}
	return err
}

// furnish makes the pair in a private sandbox.
func (a *app) furnish(ctx context.Context, w *world, out *output) error {
	found, err := replication.Look(ctx, w.World)
	if err != nil {
		return err
	}
	out.record(a.openJournal("probe", w.RunID, w.access, w.A.Endpoint))
	return out.finish(ctx, replication.Apply(ctx, replication.PlanSetUp(found), out.emit))
}

// measure runs the probe and sums it up, whatever way it ended: what was
// measured until then is not lost.
func (a *app) measure(ctx context.Context, w *world, cfg probe.Config, out *output, following *follower) error {
	runner, err := probe.New(cfg, probe.Clients{A: w.A.S3, B: w.B.S3})
	if err != nil {
		return ending{exitUsage, err}
	}
	following.watch.Follow(runner.LastMiss)
	stop := following.start(ctx, cfg)
	began := false
	runErr := runner.Run(ctx, func(e pair.Event) {
		if _, ok := e.(probe.RunEvent); ok {
			began = true
		}
		following.emit(e)
	})
	stop()
	if !began { // refused: there is nothing to sum up
		return a.unmeasured(ctx, out.finish(ctx, runErr))
	}
	collector := following.watch.Collector()
	for _, e := range collector.Events(collector.AtEnd(cfg)) {
		out.emit(e)
	}
	if out.journal != nil && out.journal.Path() != "" {
		kept := out.journal.Path()
		if out.warned {
			kept += " is incomplete, writing it failed"
		}
		a.hint("Raw samples: " + kept + "  (bothways report " + w.RunID + ")")
	}
	if err := out.finish(ctx, runErr); err != nil {
		return err
	}
	return measured(collector)
}

// unmeasured says of a run that a signal ended before its first probe that
// there is no result, and hands err on.
func (a *app) unmeasured(ctx context.Context, err error) error {
	if endedBySignal(ctx) {
		a.complain("stopped before the first probe: nothing was measured")
	}
	return err
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
