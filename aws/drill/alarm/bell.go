package alarm

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"bothways/aws/pair"
)

// The metric that alarms on failed replications go by: in the source's Region, by
// the minute, as long as anything is replicated (S3 User Guide, "Monitoring
// replication with metrics").
const (
	Namespace = "AWS/S3"
	Failed    = "OperationsFailedReplication"
)

// MostFailures is how many objects a drill makes to fail in a period of an alarm at
// most.
const MostFailures = 20

// Bell is an alarm that is to ring.
type Bell struct {
	Name string
	// Side is whose Region and account it is in.
	Side pair.SideName
	// Direction is the one whose failures it is about; nil: that can't be read off
	// it, as where it is composed of others.
	Direction *pair.Direction
	// Tells says that it has actions, and that they are on.
	Tells bool
	// Period is the time over which it counts; Periods is in how many of them it
	// takes failures, and Failures how many in each.
	Period            time.Duration
	Periods, Failures int
	// Backwards says that it does not ring for more failures.
	Backwards bool

	client *cloudwatch.Client
}

// Standing is how an alarm stands.
type Standing struct {
	State   string // in AWS's words
	Rings   bool
	Updated time.Time // by AWS's clock
	Reason  string
}

// Look asks how it stands.
func (b Bell) Look(ctx context.Context) (Standing, error) {
	out, err := b.client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{b.Name}, AlarmTypes: types.AlarmType("").Values()})
	if err != nil {
		return Standing{}, fmt.Errorf("ask CloudWatch for alarm %s: %w", b.Name, err)
	}
	for _, a := range out.MetricAlarms {
		return stands(a.StateValue, a.StateUpdatedTimestamp, a.StateReason), nil
	}
	for _, a := range out.CompositeAlarms {
		return stands(a.StateValue, a.StateUpdatedTimestamp, a.StateReason), nil
	}
	return Standing{}, fmt.Errorf("alarm %s is not there any more", b.Name)
}

func stands(state types.StateValue, updated *time.Time, reason *string) Standing {
	return Standing{string(state), state == types.StateValueAlarm, aws.ToTime(updated), aws.ToString(reason)}
}

// named finds alarms by their names in the Region of a side.
func (f *Fault) named(ctx context.Context, side pair.SideName) (all []Bell, err error) {
	if len(f.scope.Alarms) == 0 {
		return nil, nil
	}
	client := f.world.Clients(side).Metrics
	out, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: f.scope.Alarms, AlarmTypes: types.AlarmType("").Values()})
	if err != nil {
		return nil, fmt.Errorf("ask CloudWatch for alarms in %s: %w", f.world.Pair.Side(side).Region, err)
	}
	for _, a := range out.MetricAlarms {
		b := bellOf(a, side, client)
		for _, d := range pair.Directions() {
			if d.From() == side && f.about(a, d) {
				b.Direction = &d
			}
		}
		all = append(all, b)
	}
	for _, a := range out.CompositeAlarms {
		all = append(all, Bell{Name: aws.ToString(a.AlarmName), Side: side, Tells: aws.ToBool(a.ActionsEnabled) && len(a.AlarmActions) > 0, Period: time.Minute, Periods: 1, Failures: 1, client: client})
	}
	return all, nil
}

// find finds the alarms on the failures of a direction's rule.
func (f *Fault) find(ctx context.Context, d pair.Direction) (all []Bell, err error) {
	client := f.world.Clients(d.From()).Metrics
	pages := cloudwatch.NewDescribeAlarmsPaginator(client, &cloudwatch.DescribeAlarmsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("ask CloudWatch for alarms in %s: %w", f.world.Pair.From(d).Region, err)
		}
		for _, a := range page.MetricAlarms {
			if f.about(a, d) {
				b := bellOf(a, d.From(), client)
				b.Direction = &d
				all = append(all, b)
			}
		}
	}
	return all, nil
}

// about says whether an alarm goes by the failures of a direction, by itself or
// within an expression.
func (f *Fault) about(a types.MetricAlarm, d pair.Direction) bool {
	if aws.ToString(a.Namespace) == Namespace && aws.ToString(a.MetricName) == Failed && f.dimensioned(a.Dimensions, d) {
		return true
	}
	return slices.ContainsFunc(a.Metrics, func(q types.MetricDataQuery) bool {
		if q.MetricStat == nil || q.MetricStat.Metric == nil {
			return false
		}
		m := q.MetricStat.Metric
		return aws.ToString(m.Namespace) == Namespace && aws.ToString(m.MetricName) == Failed && f.dimensioned(m.Dimensions, d)
	})
}

// dimensioned says whether a metric is that of the rule by which the direction's
// canaries are replicated: S3 publishes it with all three dimensions.
func (f *Fault) dimensioned(all []types.Dimension, d pair.Direction) bool {
	wanted := map[string]string{"SourceBucket": f.world.Pair.From(d).Bucket, "DestinationBucket": f.world.Pair.To(d).Bucket, "RuleId": f.rule(d).id}
	for _, one := range all {
		if wanted[aws.ToString(one.Name)] != aws.ToString(one.Value) {
			return false
		}
	}
	return len(all) == len(wanted)
}

// bellOf reads off an alarm what it takes to ring it.
func bellOf(a types.MetricAlarm, side pair.SideName, client *cloudwatch.Client) Bell {
	b := Bell{
		Name: aws.ToString(a.AlarmName), Side: side, Tells: aws.ToBool(a.ActionsEnabled) && len(a.AlarmActions) > 0,
		Period: max(time.Duration(aws.ToInt32(a.Period))*time.Second, time.Minute), Periods: 1, Failures: 1, client: client,
	}
	b.Periods = max(int(aws.ToInt32(a.EvaluationPeriods)), 1)
	if m := aws.ToInt32(a.DatapointsToAlarm); m > 0 {
		b.Periods = int(m)
	}
	t := aws.ToFloat64(a.Threshold)
	switch a.ComparisonOperator {
	case types.ComparisonOperatorGreaterThanOrEqualToThreshold:
		t = math.Ceil(t)
	case types.ComparisonOperatorGreaterThanThreshold:
		t = math.Floor(t) + 1
	case types.ComparisonOperatorLessThanThreshold, types.ComparisonOperatorLessThanOrEqualToThreshold:
		b.Backwards = len(a.Metrics) == 0
		return b
	default: // a band of what is usual: what it takes is not known
		return b
	}
	if a.Statistic == types.StatisticSum && len(a.Metrics) == 0 {
		b.Failures = int(min(max(t, 1), 1e6))
	}
	return b
}
