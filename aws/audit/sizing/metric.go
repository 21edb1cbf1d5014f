package sizing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"bothways/aws/apierror"
)

// window is how far back the daily metric is looked for: it comes once a day,
// and not at once.
const window = 3 * 24 * time.Hour

// metric is the newest NumberOfObjects of a bucket: all versions, delete markers
// and parts of unfinished uploads in it (S3 User Guide, Amazon S3 daily storage
// metrics for buckets in CloudWatch). It takes cloudwatch:GetMetricStatistics.
func metric(ctx context.Context, client *cloudwatch.Client, bucket string) (n int64, at time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	now := time.Now()
	out, err := client.GetMetricStatistics(ctx, &cloudwatch.GetMetricStatisticsInput{
		Namespace: aws.String("AWS/S3"), MetricName: aws.String("NumberOfObjects"),
		Dimensions: []types.Dimension{
			{Name: aws.String("BucketName"), Value: &bucket}, {Name: aws.String("StorageType"), Value: aws.String("AllStorageTypes")},
		},
		StartTime: aws.Time(now.Add(-window)), EndTime: &now, Period: aws.Int32(24 * 60 * 60),
		Statistics: []types.Statistic{types.StatisticAverage},
	})
	if err != nil {
		return 0, at, fmt.Errorf("CloudWatch could not be asked for the rest: %s", apierror.Describe(err))
	}
	for _, point := range out.Datapoints { // in no order
		if point.Timestamp != nil && point.Average != nil && point.Timestamp.After(at) {
			n, at = int64(*point.Average), *point.Timestamp
		}
	}
	if at.IsZero() {
		return 0, at, errors.New("CloudWatch has no NumberOfObjects of the last three days")
	}
	return n, at, nil
}
