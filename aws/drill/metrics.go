package drill

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	watch "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/upload"
)

// published are the metrics of what waits to be replicated, with their units. S3
// publishes them in the Region of the destination, by the minute and best effort
// (S3 User Guide, "Monitoring replication with metrics").
func published() [][2]string {
	return [][2]string{{"ReplicationLatency", "Seconds"}, {"OperationsPendingReplication", "Count"}, {"BytesPendingReplication", "Bytes"}}
}

// tellsOf is how much earlier than the cut a data point may be that tells of it.
const tellsOf = 15 * time.Minute

// metrics asks CloudWatch how each direction stood at the cut. It is asked once
// both sides hold the same again, when the minute of the cut has been published.
func (r *run) metrics(ctx context.Context) {
	if r.froze.IsZero() {
		return
	}
	for _, d := range pair.Directions() {
		rule, why := r.metered(ctx, d)
		for _, m := range published() {
			said := record.Metric{Direction: d, Moment: record.During, Name: m[0], Unit: m[1], Why: why}
			if why == "" {
				r.point(ctx, rule, &said)
			}
			r.emit(said)
		}
	}
}

// point asks for the data point of the minute of the cut, or the newest before.
func (r *run) point(ctx context.Context, rule string, m *record.Metric) {
	p := r.Scope.Pair
	out, err := r.World.Clients(m.Direction.To()).Metrics.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace: aws.String("AWS/S3"), MetricName: &m.Name, Period: aws.Int32(60), Statistics: []watch.Statistic{watch.StatisticMaximum},
		StartTime: aws.Time(r.froze.Add(-tellsOf)), EndTime: aws.Time(r.froze),
		Dimensions: []watch.Dimension{
			{Name: aws.String("SourceBucket"), Value: aws.String(p.From(m.Direction).Bucket)},
			{Name: aws.String("DestinationBucket"), Value: aws.String(p.To(m.Direction).Bucket)},
			{Name: aws.String("RuleId"), Value: &rule},
		},
	})
	if err != nil {
		m.Why = "CloudWatch could not be asked: " + apierror.Describe(err)
		return
	}
	for _, point := range out.Datapoints { // in no order
		if point.Timestamp != nil && point.Maximum != nil && point.Timestamp.After(m.Stamp) {
			m.Value, m.Stamp = point.Maximum, *point.Timestamp
		}
	}
	if m.Value == nil {
		m.Why = fmt.Sprintf("CloudWatch has no data point of the %d minutes before the cut", int(tellsOf.Minutes()))
	}
}

// metered is the rule by which a direction's canaries are replicated, or why it
// publishes nothing.
func (r *run) metered(ctx context.Context, d pair.Direction) (rule, why string) {
	found, err := survey.ReadConfiguration(ctx, r.World.Clients(d.From()).S3, r.Scope.Pair.From(d).Bucket, r.Scope.Accounts[d.From()])
	if err != nil {
		return "", "the rules could not be read: " + apierror.Describe(err)
	}
	if found.Whole == nil {
		return "", "there are no rules"
	}
	rules := slices.Clone(found.Whole.Rules)
	slices.SortStableFunc(rules, func(a, b types.ReplicationRule) int {
		return int(aws.ToInt32(b.Priority)) - int(aws.ToInt32(a.Priority))
	})
	for _, one := range rules {
		if !upload.LeadsTo(one, r.Scope.Pair.To(d)) || !upload.Covers(one, r.Scope.Pair.ProbePrefix(), r.Scope.Pair.Options.FilterTags) {
			continue
		}
		if m := one.Destination.Metrics; m == nil || m.Status != types.MetricsStatusEnabled {
			return "", "metrics are off on the rule " + aws.ToString(one.ID)
		}
		return aws.ToString(one.ID), ""
	}
	return "", "no rule covers what the drill writes"
}
