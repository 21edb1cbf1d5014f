package alarm

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/drill/permitted"
	"bothways/aws/drill/record"
	"bothways/aws/drill/standing"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/aws/upload"
)

// Check implements drill.Fault.
func (f *Fault) Check(ctx context.Context) ([]record.Finding, error) {
	found, err := f.look(ctx)
	if err != nil {
		return nil, err
	}
	roles := map[pair.Direction]string{}
	for _, d := range f.scope.Failing() {
		roles[d], _ = f.role(d)
	}
	if err := found.LookAtRights(ctx, wanted.AlarmRights(*wanted.Compose(found), roles)); err != nil {
		return nil, err
	}
	var all []record.Finding
	for _, side := range pair.Sides() {
		all = append(all, permitted.Missing(found, side)...)
	}
	for _, d := range f.scope.Failing() {
		all = append(all, f.checkRole(d)...)
		all = append(all, f.checkRule(d)...)
		all = append(all, f.checkPlace(ctx, d)...)
	}
	bells, err := f.checkBells(ctx)
	return append(all, bells...), err
}

// checkRole looks at the role that is to get the policy.
func (f *Fault) checkRole(d pair.Direction) []record.Finding {
	arn, ours := f.role(d)
	switch {
	case arn == "":
		return []record.Finding{{
			Level: record.Blocks, Side: d.From(), Title: "nothing replicates " + d.Arrow() + ", so that nothing can fail to", Text: "Bucket " + f.world.Pair.From(d).Bucket + " has no replication configuration.", Todo: "bothways apply, then drill",
		}}
	case !ours && !f.world.Consent.To(pair.Merge):
		return []record.Finding{{
			Level: record.Blocks, Side: d.From(), Title: "role " + survey.RoleName(arn) + ", which replicates " + d.Arrow() + ", is not ours",
			Text: "The drill puts an inline policy of its own on it, which denies what lies under " + f.world.Pair.AlarmPrefix(f.scope.Drill) + " alone, and takes it off again. Its other policies are not touched.",
			Todo: "agree to that with --merge, or drill the other direction alone",
		}}
	}
	return nil
}

// ruling is the rule by which canaries of a direction are replicated.
type ruling struct {
	id      string
	metrics bool // S3 publishes what fails of it
}

// rule is that of the highest priority that covers them.
func (f *Fault) rule(d pair.Direction) (found ruling) {
	configuration := f.survey.Sides[d.From()].Replication
	if configuration == nil {
		return found
	}
	rules := slices.Clone(configuration.Rules)
	slices.SortStableFunc(rules, func(a, b types.ReplicationRule) int {
		return int(aws.ToInt32(b.Priority)) - int(aws.ToInt32(a.Priority))
	})
	for _, r := range rules {
		if upload.LeadsTo(r, f.world.Pair.To(d)) && upload.Covers(r, f.world.Pair.AlarmPrefix(f.scope.Drill), f.world.Pair.Options.FilterTags) {
			m := r.Destination.Metrics
			return ruling{aws.ToString(r.ID), m != nil && m.Status == types.MetricsStatusEnabled}
		}
	}
	return found
}

func (f *Fault) checkRule(d pair.Direction) []record.Finding {
	r := f.rule(d)
	switch {
	case f.survey.Sides[d.From()].Replication == nil || r.metrics:
		return nil
	case r.id == "":
		return []record.Finding{{
			Level: record.Blocks, Side: d.From(), Title: "no rule covers what the drill writes " + d.Arrow(), Text: "It writes under " + f.world.Pair.AlarmPrefix(f.scope.Drill) + ".", Todo: "bothways doctor says why",
		}}
	}
	level := record.Blocks
	if f.scope.ByHand {
		level = record.Warns
	}
	return []record.Finding{{
		Level: level, Side: d.From(), Title: "rule " + r.id + " has no metrics, so that S3 tells nobody of what fails " + d.Arrow(),
		Text: "Without them S3 publishes neither " + Failed + " nor the event s3:Replication:OperationFailedReplication.", Todo: "turn the pair's option metrics on (bothways apply --metrics); S3 publishes from 15 minutes afterwards on",
	}}
}

// checkPlace looks for other drills.
func (f *Fault) checkPlace(ctx context.Context, d pair.Direction) (all []record.Finding) {
	place := f.place(d, nil)
	found := standing.Glance(ctx, place)
	for _, other := range found.Drills(f.world.Pair) {
		all = append(all, record.Finding{
			Level: record.Blocks, Side: d.From(), Title: "drill " + other + " of this pair is open",
			Text: strings.Join(found.Of(f.world.Pair, other).Words(place), ", ") + ": one drill of a pair goes on at a time.", Todo: "end it where it runs, or: bothways drill undo",
		})
	}
	for _, what := range found.Unread {
		all = append(all, record.Finding{Level: record.Notes, Side: d.From(), Title: "not readable with these credentials: " + what, Text: "Whether something of another drill is there is not known."})
	}
	return all
}

// checkBells finds the alarms, and looks whether they can ring.
func (f *Fault) checkBells(ctx context.Context) (all []record.Finding, err error) {
	if f.scope.ByHand {
		return nil, nil
	}
	f.bells = nil
	block := func(side pair.SideName, title, text, todo string) {
		all = append(all, record.Finding{Level: record.Blocks, Side: side, Title: title, Text: text, Todo: todo})
	}
	take := func(side pair.SideName, found []Bell, err error) {
		if err == nil {
			f.bells = append(f.bells, found...)
			return
		}
		block(side, "the alarms of side "+string(side)+" can't be read", apierror.Describe(err), "allow cloudwatch:DescribeAlarms, or say that you see yourself when it rings (--by-hand)")
	}
	if len(f.scope.Alarms) > 0 {
		for _, side := range pair.Sides() {
			found, err := f.named(ctx, side)
			take(side, found, err)
		}
		for _, name := range f.scope.Alarms {
			if !slices.ContainsFunc(f.bells, func(b Bell) bool { return b.Name == name }) {
				block("", "no alarm is called "+name, "It was looked for in "+f.world.Pair.A.Region+" and "+f.world.Pair.B.Region+".", "see how it is written, and whose account it is in")
			}
		}
	} else {
		for _, d := range f.scope.Failing() {
			found, err := f.find(ctx, d)
			take(d.From(), found, err)
			if err == nil && len(found) == 0 {
				block(d.From(), "no alarm goes by what fails to replicate "+d.Arrow(),
					fmt.Sprintf("None in %s is on %s of rule %s.", f.world.Pair.From(d).Region, Failed, f.rule(d).id), "name one that is to ring (--alarm), or say that you see yourself when it rings (--by-hand)")
			}
		}
	}
	for _, b := range f.bells {
		all = append(all, b.findings(ctx)...)
	}
	return all, ctx.Err()
}

// findings say what keeps an alarm from ringing, or from being heard.
func (b Bell) findings(ctx context.Context) (all []record.Finding) {
	say := func(level record.Level, title, text, todo string) {
		all = append(all, record.Finding{Level: level, Side: b.Side, Title: title, Text: text, Todo: todo})
	}
	now, err := b.Look(ctx)
	switch {
	case err != nil:
		say(record.Blocks, "alarm "+b.Name+" can't be read", apierror.Describe(err), "allow cloudwatch:DescribeAlarms")
	case now.Rings:
		say(record.Blocks, "alarm "+b.Name+" rings already", now.Reason, "see to that first: whether it would ring can't be seen")
	}
	if !b.Tells {
		say(record.Warns, "alarm "+b.Name+" tells nobody", "It has no action for its state ALARM, or its actions are off. Whether it rings can be seen all the same.", "give it an action")
	}
	if b.Backwards {
		say(record.Warns, "alarm "+b.Name+" does not ring for more failures", "It compares with less than its threshold.", "see what it is for")
	}
	if b.Failures > MostFailures {
		say(record.Warns, fmt.Sprintf("alarm %s takes %d failures within %s", b.Name, b.Failures, b.Period), fmt.Sprintf("The drill makes %d.", MostFailures), "")
	}
	return all
}
