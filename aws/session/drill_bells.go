package session

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"bothways/aws/drill/alarm"
	"bothways/aws/drill/record"
	"bothways/aws/replication/survey"
)

// hangBells puts up, in a private sandbox that has none, the alarms that a drill of
// an alarm is to ring: in an account they are there, and are somebody's.
func (s *Session) hangBells(ctx context.Context, world survey.World, scope record.Scope) error {
	if scope.Kind != record.Alarm || scope.ByHand || len(scope.Alarms) > 0 {
		return nil
	}
	for _, d := range scope.Failing() {
		client := world.Clients(d.From()).Metrics
		now, err := client.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{})
		if err != nil {
			return fmt.Errorf("look for alarms in the sandbox: %w", err)
		}
		if len(now.MetricAlarms) > 0 {
			continue
		}
		_, err = client.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
			AlarmName: aws.String("replication-failed-" + d.Slug()), AlarmDescription: aws.String("an example, as somebody may have it"),
			Namespace: aws.String(alarm.Namespace), MetricName: aws.String(alarm.Failed), Statistic: types.StatisticSum,
			Dimensions: []types.Dimension{
				{Name: aws.String("SourceBucket"), Value: aws.String(scope.Pair.From(d).Bucket)},
				{Name: aws.String("DestinationBucket"), Value: aws.String(scope.Pair.To(d).Bucket)},
				{Name: aws.String("RuleId"), Value: aws.String(scope.Pair.RuleID(d))},
			},
			Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold,
			TreatMissingData: aws.String("notBreaching"), AlarmActions: []string{"arn:aws:sns:" + scope.Pair.From(d).Region + ":000000000000:on-call"},
		})
		if err != nil {
			return fmt.Errorf("put up an example of an alarm in the sandbox: %w", err)
		}
	}
	return nil
}
