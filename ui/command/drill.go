package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"bothways/aws/drill"
	"bothways/aws/drill/opened"
	"bothways/aws/drill/record"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/ui/command/drilled"
	"bothways/ui/command/usage"
)

// drillFlags are those that only drill has.
type drillFlags struct {
	kind, lost, outage, confirm string
	box, every, drain, hold     time.Duration
	rpo, rto, decide            time.Duration
	least, conflicts            int
	by, operator, observer      string
	decision                    string
	title, scenario, reference  string
	anyway                      bool
	direction                   string
	alarms                      []string
	byHand, merge               bool
}

func (a *app) drillCommand() *cobra.Command {
	var f drillFlags
	c := &cobra.Command{
		Use:   "drill --kind readiness|cut|pause|alarm --a REGION/BUCKET --b REGION/BUCKET",
		Short: "Rehearse the loss of a side: what would be lost, how long until the other one serves, and everything put back",
		Long: "Rehearses the loss of one side, and says as intervals how much would be lost (RPO) and how long it takes until the other side serves (RTO).\n\n" +
			"readiness changes nothing: would it work? cut makes this process no longer reach one side, and nothing in AWS changes but canaries of its own. " +
			"pause has AWS FIS pause the replication both ways, in experiments that AWS ends by itself after --box. " +
			"alarm lets an object of its own fail to replicate and says how long it takes until your CloudWatch alarm rings.\n\n" +
			"A drill checks that the pair is healthy, measures the steady state with canaries in both directions, makes the fault, fails over, puts everything back, " +
			"waits until both sides hold the same, and measures the steady state again. Whatever ends it before its end, it first puts back what it changed.",
		Example: drillExample,
		Args:    usage.NoArguments,
		RunE:    func(c *cobra.Command, _ []string) error { return a.drill(c.Context(), f) },
	}
	a.pairFlags(c, everyPair)
	f.add(c)
	c.AddCommand(drilled.Commands(drilled.Host{
		Stdout: a.process.Stdout, Hint: a.hint, Folder: func() string { return journal.Folder(a.process.getenv) }, Version: version(a.process.Version),
	})...)
	c.AddCommand(a.drillUndoCommand())
	return c
}

func (f *drillFlags) add(c *cobra.Command) {
	c.Flags().StringVar(&f.kind, "kind", string(record.Cut), "readiness, cut, pause or alarm")
	c.Flags().StringVar(&f.lost, "lost", "a", "the side that is taken to be lost: a or b")
	c.Flags().StringVar(&f.outage, "outage", string(record.Refused), "how the cut looks to who connects: refused, black_hole or slow")
	c.Flags().DurationVar(&f.box, "box", record.UsualBox, "the longest that the fault may last; then it is undone")
	c.Flags().DurationVar(&f.hold, "hold", 0, "how long after its beginning the fault is held (default: until the survivor serves)")
	c.Flags().DurationVar(&f.every, "every", time.Second, "time from one canary of a direction to the next")
	c.Flags().IntVar(&f.least, "canaries", record.UsualLeast, "canaries that have to arrive each way for a steady state")
	c.Flags().IntVar(&f.conflicts, "conflicts", 6, "pause: keys that are changed on both sides meanwhile; afterwards it is told which version each side serves")
	c.Flags().DurationVar(&f.drain, "drain", time.Hour, "the longest that what was held may take to arrive once the fault is undone")
	c.Flags().DurationVar(&f.rpo, "rpo", 0, "target: the most that may be lost, in time, such as 15m (default: none)")
	c.Flags().DurationVar(&f.rto, "rto", 0, "target: the longest until the other side serves, such as 5m (default: none)")
	c.Flags().DurationVar(&f.decide, "decide-after", 0, "how long deciding to fail over takes, for who rehearses without a person")
	c.Flags().StringVar(&f.by, "targets-by", "", "who set the targets, for the report")
	c.Flags().StringVar(&f.operator, "operator", "", "who carries the drill out, for the report")
	c.Flags().StringVar(&f.observer, "observer", "", "who looks on and takes notes, for the report")
	c.Flags().StringVar(&f.decision, "decision-maker", "", "who decides to fail over, for the report")
	c.Flags().StringVar(&f.title, "title", "", "title of the report")
	c.Flags().StringVar(&f.scenario, "scenario", "", "what is rehearsed, in words, for the report")
	c.Flags().StringVar(&f.reference, "reference", "", "reference to a risk or an impact analysis, for the report")
	c.Flags().BoolVar(&f.anyway, "anyway", false, "drill although the pair is not healthy")
	c.Flags().StringVar(&f.direction, "direction", "", "alarm: the direction in which an object fails, a-to-b or b-to-a (default: one in each)")
	c.Flags().StringArrayVar(&f.alarms, "alarm", nil, "alarm: the name of a CloudWatch alarm that is to ring; can be repeated (default: those on what fails to replicate)")
	c.Flags().BoolVar(&f.byHand, "by-hand", false, "alarm: press Enter when it rings, where no CloudWatch alarm is to be asked")
	c.Flags().BoolVar(&f.merge, "merge", false, "alarm: agree to a policy of the drill's own on a role that others made; it is taken off again")
	c.Flags().StringVar(&f.confirm, "confirm", "", "agree to the drill, by the pair's name: BUCKET-A/BUCKET-B")
	usage.Completes(c, "kind", record.Kinds())
	usage.Completes(c, "outage", []record.Outage{record.Refused, record.BlackHole, record.Slow})
	usage.Completes(c, "lost", []string{"a", "b"})
	usage.Completes(c, "direction", []string{"a-to-b", "b-to-a"})
}

const drillExample = `# in a private sandbox, with everything in it
bothways drill --sandbox

# what it would do, and what it says of the pair; nothing is changed
bothways drill --a eu-west-1/one --b ap-southeast-1/two

bothways drill --a eu-west-1/one --b ap-southeast-1/two --rpo 15m --rto 5m --confirm one/two

# does the alarm on failed replications ring, and after how long?
bothways drill --kind alarm --a eu-west-1/one --b ap-southeast-1/two --confirm one/two`

// scope is what the flags ask for.
func (f drillFlags) scope(p pair.Pair, prefix string) (record.Scope, error) {
	kind, err := record.ParseKind(f.kind)
	if err != nil {
		return record.Scope{}, usage.Wrong("--kind: %w", err)
	}
	outage, err := record.ParseOutage(f.outage)
	if err != nil {
		return record.Scope{}, usage.Wrong("--outage: %w", err)
	}
	lost := pair.SideName(strings.ToUpper(f.lost))
	s := record.Scope{
		Kind: kind, Pair: p, Lost: lost, Outage: outage, Prefix: prefix, Box: f.box, Hold: f.hold, Every: f.every, Least: f.least, Drain: f.drain,
		Targets: record.Targets{RPO: f.rpo, RTO: f.rto, By: f.by}, People: record.People{Operator: f.operator, Observer: f.observer, Decision: f.decision},
		Title: f.title, Scenario: f.scenario, Reference: f.reference, Anyway: f.anyway,
	}
	if kind == record.Pause {
		s.Conflicts = f.conflicts
	}
	s.Alarms, s.ByHand = f.alarms, f.byHand
	if f.direction != "" {
		way := slices.IndexFunc(pair.Directions(), func(d pair.Direction) bool {
			return strings.EqualFold(f.direction, d.Slug()) || f.direction == d.String()
		})
		if way < 0 {
			return s, usage.Wrong("--direction %s: give a-to-b or b-to-a", f.direction)
		}
		s.Ways = []pair.Direction{pair.Directions()[way]}
	}
	if err := s.Check(); err != nil {
		return s, usage.Wrong("%w", err)
	}
	return s, nil
}

func (a *app) drill(ctx context.Context, f drillFlags) error {
	p, err := a.pair()
	if err != nil {
		return err
	}
	if f.kind == string(record.Alarm) && a.flags.sandbox { // without metrics nobody hears of what fails
		p.Options.Metrics = true
	}
	scope, err := f.scope(p, p.Options.Prefix)
	if err != nil {
		return err
	}
	if f.confirm != "" && f.confirm != drill.Name(p) {
		return usage.Wrong("--confirm %s: the pair's name is %s", f.confirm, drill.Name(p))
	}
	access, closer, err := a.reach(ctx) // which drills are open the drill itself says
	if err != nil {
		return err
	}
	defer closer()
	out := a.newOutput()
	running, stop := out.watched(ctx)
	defer stop()
	result, err := a.session.Drill(running, access, session.DrillOptions{
		Scope: scope, SetUp: a.flags.sandbox,
		Confirm: func(_ context.Context, r drill.Radius) error {
			if f.confirm == "" && !a.flags.sandbox {
				for _, line := range r.Words() {
					out.lines.Line("%s", line)
				}
				return drill.ErrUnconfirmed
			}
			return nil
		},
		Decide: f.decides, Heard: a.heard, Agreed: f.agreed(),
	}, a.drilled(out))
	if errors.Is(err, drill.ErrUnconfirmed) {
		a.hint("To run it, say --confirm " + drill.Name(p))
		return usage.End(usage.Changes, nil)
	}
	if stands, open := errors.AsType[*opened.StandsError](err); open && !stands.Open.Running {
		err = fmt.Errorf("%w: %s", err, a.line("drill undo", p))
	}
	if err := out.finish(ctx, err); err != nil {
		return err
	}
	if result.Verdict != record.Passed || result.Undo != record.Complete {
		return usage.End(usage.Failed, nil)
	}
	return nil
}

// decides waits for as long as somebody is said to take.
func (f drillFlags) decides(ctx context.Context) (string, error) {
	if f.decide <= 0 {
		return "nobody had to decide: it is done at once", nil
	}
	timer := time.NewTimer(f.decide)
	defer timer.Stop()
	select {
	case <-timer.C:
		return fmt.Sprintf("as long as --decide-after says (%s)", f.decide), nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// agreed is what was agreed to of what others made.
func (f drillFlags) agreed() pair.Consent {
	if f.merge {
		return pair.Merge
	}
	return 0
}

// heard waits until somebody presses Enter.
func (a *app) heard(ctx context.Context) (string, error) {
	a.hint("Press Enter when the alarm reaches you.")
	read := make(chan error, 1)
	go func() { // ends with the process where nobody presses anything
		_, err := bufio.NewReader(a.process.Stdin).ReadString('\n')
		read <- err
	}()
	select {
	case err := <-read:
		if err != nil {
			return "", fmt.Errorf("standard input ended before anybody said that the alarm rang: %w", err)
		}
		return "Enter was pressed", nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// standsEvery is how often a line says how the directions stand.
const standsEvery = 10 * time.Second

// drilled shows a drill's events. For people the canaries are summed up.
func (a *app) drilled(out *output) pair.Emit {
	if a.flags.json {
		return out.emit
	}
	told := map[pair.Direction]time.Time{}
	return func(e pair.Event) {
		switch e := e.(type) {
		case probe.Sample, probe.CompletedEvent, probe.RunEvent, probe.LoopEvent:
		case record.Backlog:
			if e.At.Sub(told[e.Direction]) >= standsEvery {
				told[e.Direction] = e.At
				out.lines.Line("%s  %d written, %d arrived, %d missing, the oldest %s", e.Direction.Arrow(), e.Posted, e.Arrived, e.Missing, probe.Duration(e.OldestMS).Round(time.Second))
			}
		default:
			out.emit(e)
		}
	}
}
