package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/ui/command/configured"
	"bothways/ui/command/system"
	"bothways/ui/command/usage"
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
		Args:    usage.NoArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.settle(c.Context(), c.Flags().Changed, configured.Given(c.Flags())); err != nil {
				return err
			}
			return a.probe(c.Context(), f)
		},
	}
	a.pairFlags(c, everyPair)
	a.endpointFlags(c.Flags())
	f.add(c)
	return c
}

const probeExample = `bothways probe --sandbox --preset demo

# a long watch, for Prometheus to read
bothways probe --a eu-west-1/one --b ap-southeast-1/two --sizes 128KiB --every 10s --for 24h --metrics :9464

# two stores of one's own
bothways probe --a us-east-1/shared --endpoint-a https://s3.one.example --profile-a one --b us-east-1/shared --endpoint-b https://s3.two.example --profile-b two`

func (a *app) probe(ctx context.Context, f probeFlags) error {
	p, err := a.sides()
	if err != nil {
		return err
	}
	if !a.elsewhere() {
		if err := p.Check(); err != nil {
			return usage.Wrong("%w", err)
		}
	}
	cfg, err := f.config(p)
	if err != nil {
		return err
	}
	access, closer, err := a.reachPair(ctx, p)
	if err != nil {
		return a.unmeasured(ctx, err)
	}
	defer closer()
	cfg.Private, cfg.Foreign = a.flags.sandbox, a.flags.endpointA != "" || a.flags.endpointB != ""
	run, err := a.prepare(ctx, access, session.Measurement{Config: cfg, SetUp: a.flags.sandbox, Progress: f.progress, AnyPrice: f.yes})
	if err != nil {
		return a.unmeasured(ctx, err)
	}
	out := a.newOutput()
	running, stop := out.watched(ctx)
	defer stop()
	if f.metrics != "" {
		end, err := a.serveMetrics(running, f.metrics, run.Watch())
		if err != nil {
			return err
		}
		defer end()
	}
	var left probe.LeftEvent
	err = out.finish(ctx, run.Run(running, func(e pair.Event) {
		if some, is := e.(probe.LeftEvent); is {
			left = some
		}
		out.emit(e)
	}))
	switch {
	case errors.Is(err, probe.ErrNotSetUp):
		return usage.End(usage.Failed, fmt.Errorf("%w. What is missing, and what puts it right: %s; to probe all the same: --any-rules", err, a.line("doctor", p)))
	case run.Measured() == nil:
		return a.unmeasured(ctx, err)
	}
	a.sayWhereSamplesAre(out.recording)
	if err != nil {
		return err
	}
	if err := measured(run.Measured()); err != nil {
		return err
	}
	if refused := left.Refused(); len(refused) > 0 {
		return fmt.Errorf("%s could not be removed, see above: %s/%s (%s)", probe.LeftText(refused), refused[0].Bucket, refused[0].Key, refused[0].Why)
	}
	return nil
}

// prepare makes a measurement of what is asked for, that somebody is willing
// to pay.
func (a *app) prepare(ctx context.Context, access account.Access, asked session.Measurement) (*session.Probing, error) {
	run, err := a.session.Probe(ctx, access, asked)
	if _, invalid := errors.AsType[*session.InvalidError](err); invalid {
		return nil, usage.Wrong("%w", err)
	}
	if dear, ok := errors.AsType[*session.DearError](err); ok {
		return nil, usage.Wrong("%w: say --yes to run it all the same, or choose smaller --sizes or fewer rounds", dear)
	}
	return run, err
}

// sayWhereSamplesAre names the journal, where there is one.
func (a *app) sayWhereSamplesAre(kept session.Recording) {
	how := ""
	if kept.Err != nil {
		how = " is incomplete, writing it failed"
	}
	if kept.Path != "" {
		a.hint("Raw samples: " + kept.Path + how + "  (bothways report " + kept.RunID + ")")
	}
}

// unmeasured says of a run that a signal ended before its first probe that
// there is no result, and hands err on.
func (a *app) unmeasured(ctx context.Context, err error) error {
	if system.EndedBySignal(ctx) {
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
