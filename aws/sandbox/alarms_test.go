package sandbox_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	watch "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	drill "github.com/aws/aws-sdk-go-v2/service/fis/types"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// watch is a client of CloudWatch, which speaks CBOR.
func (w *world) watch(region string) *cloudwatch.Client {
	return cloudwatch.NewFromConfig(w.config(region), func(o *cloudwatch.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:9000") })
}

// onFailures is an alarm on failed replications from side-a to side-b.
func onFailures(name string) *cloudwatch.PutMetricAlarmInput {
	return &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, AlarmDescription: aws.String("somebody's"), Namespace: aws.String("AWS/S3"), MetricName: aws.String("OperationsFailedReplication"),
		Dimensions: []watch.Dimension{
			{Name: aws.String("SourceBucket"), Value: aws.String("side-a")},
			{Name: aws.String("DestinationBucket"), Value: aws.String("side-b")},
			{Name: aws.String("RuleId"), Value: aws.String("to-side-b")},
		},
		Statistic: watch.StatisticSum, Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1),
		ComparisonOperator: watch.ComparisonOperatorGreaterThanOrEqualToThreshold, TreatMissingData: aws.String("notBreaching"),
		Tags: []watch.Tag{{Key: aws.String("team"), Value: aws.String("storage")}},
	}
}

// alarm returns one in Ireland as it stands.
func (w *world) alarm(name string) watch.MetricAlarm {
	w.Helper()
	out, err := w.watch(ireland).DescribeAlarms(w.Context(), &cloudwatch.DescribeAlarmsInput{AlarmNames: []string{name}})
	if n := len(must(w, out, err).MetricAlarms); n != 1 {
		w.Fatalf("%d alarms are called %s", n, name)
	}
	return out.MetricAlarms[0]
}

// fails lets a replication from side A fail.
func (w *world) fails() {
	w.Helper()
	must(w, 0, w.versioning("side-b", singapore, types.BucketVersioningStatusSuspended))
	w.put("side-a", ireland, "failing "+time.Now().String(), "x")
}

func TestAnAlarmRingsWhenAReplicationFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := metered(t)
		pass(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)))
		_, err := w.watch(ireland).PutMetricAlarm(t.Context(), onFailures("theirs"))
		must(t, 0, err)
		if a := w.alarm("theirs"); a.StateValue != watch.StateValueInsufficientData || *a.Period != 60 || *a.Threshold != 1 || !*a.ActionsEnabled {
			t.Errorf("at first it is %s of %d s, threshold %v", a.StateValue, *a.Period, *a.Threshold)
		}
		pass(90 * time.Second)
		if a := w.alarm("theirs"); a.StateValue != watch.StateValueOk {
			t.Errorf("without a failure it is %s: %s", a.StateValue, *a.StateReason)
		}
		failed := time.Now()
		w.fails()
		pass(25 * time.Second)
		if a := w.alarm("theirs"); a.StateValue != watch.StateValueOk {
			t.Errorf("before the minute is over it is %s", a.StateValue)
		}
		pass(10 * time.Second)
		a := w.alarm("theirs")
		if want := failed.Truncate(time.Minute).Add(time.Minute); a.StateValue != watch.StateValueAlarm || !a.StateUpdatedTimestamp.Equal(want) {
			t.Errorf("then it is %s since %v, want %v: %s", a.StateValue, a.StateUpdatedTimestamp, want, *a.StateReason)
		}
		if !strings.HasPrefix(*a.StateReason, "Threshold Crossed: 1 out of the last 1 datapoints [1.0 (") {
			t.Errorf("it says %s", *a.StateReason)
		}
		pass(10 * time.Minute)
		if a := w.alarm("theirs"); a.StateValue != watch.StateValueOk {
			t.Errorf("long afterwards it is %s: %s", a.StateValue, *a.StateReason)
		}
		out, err := w.watch(ireland).DescribeAlarmHistory(t.Context(), &cloudwatch.DescribeAlarmHistoryInput{
			AlarmName: aws.String("theirs"), HistoryItemType: watch.HistoryItemTypeStateUpdate, ScanBy: watch.ScanByTimestampAscending,
		})
		var said []string
		for _, item := range must(t, out, err).AlarmHistoryItems {
			said = append(said, *item.HistorySummary)
		}
		if got := strings.Join(said, "; "); got != "Alarm updated from INSUFFICIENT_DATA to OK; Alarm updated from OK to ALARM; Alarm updated from ALARM to OK" {
			t.Errorf("its history is %s", got)
		}
	})
}

// With nothing replicated there is no metric at all, and the treatment decides.
func TestMissingDataAreTreatedAsTheAlarmSays(t *testing.T) {
	for treatment, want := range map[string]watch.StateValue{
		"missing": watch.StateValueInsufficientData, "ignore": watch.StateValueAlarm,
		"notBreaching": watch.StateValueOk, "breaching": watch.StateValueAlarm,
	} {
		synctest.Test(t, func(t *testing.T) {
			w := metered(t)
			in := onFailures("theirs")
			in.TreatMissingData = &treatment
			_, err := w.watch(ireland).PutMetricAlarm(t.Context(), in)
			must(t, 0, err)
			w.fails()
			pass(90 * time.Second)
			if a := w.alarm("theirs"); a.StateValue != watch.StateValueAlarm {
				t.Errorf("%s: after a failure it is %s", treatment, a.StateValue)
			}
			pass(time.Hour)
			if a := w.alarm("theirs"); a.StateValue != want {
				t.Errorf("%s: an hour later it is %s, want %s", treatment, a.StateValue, want)
			}
		})
	}
}

func TestMOutOfNPeriodsRing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := metered(t)
		pass(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute)))
		in := onFailures("two of three")
		in.EvaluationPeriods, in.DatapointsToAlarm = aws.Int32(3), aws.Int32(2)
		_, err := w.watch(ireland).PutMetricAlarm(t.Context(), in)
		must(t, 0, err)
		w.fails()
		pass(3 * time.Minute)
		if a := w.alarm("two of three"); a.StateValue != watch.StateValueOk {
			t.Errorf("one failure: %s", a.StateValue)
		}
		w.fails()
		pass(time.Minute)
		w.fails()
		pass(time.Minute)
		if a := w.alarm("two of three"); a.StateValue != watch.StateValueAlarm {
			t.Errorf("two in a row: %s, %s", a.StateValue, *a.StateReason)
		}
	})
}

func TestAlarmsPassFasterWithTimeScale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, TimeScale: 10})
		w.bucket("side-a", ireland)
		w.bucket("side-b", singapore)
		r := rule("side-b")
		r.Destination.Metrics = &types.Metrics{Status: types.MetricsStatusEnabled}
		must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), r))
		_, err := w.watch(ireland).PutMetricAlarm(t.Context(), onFailures("theirs"))
		must(t, 0, err)
		begun := time.Now()
		w.fails()
		pass(13 * time.Second)
		if a := w.alarm("theirs"); a.StateValue != watch.StateValueAlarm && a.StateValue != watch.StateValueOk || len(w.history("theirs", "to ALARM")) != 1 {
			t.Errorf("after %v it is %s", time.Since(begun), a.StateValue)
		}
	})
}

// history returns when a state was entered.
func (w *world) history(name, summary string) (at []time.Time) {
	w.Helper()
	out, err := w.watch(ireland).DescribeAlarmHistory(w.Context(), &cloudwatch.DescribeAlarmHistoryInput{AlarmName: &name})
	for _, item := range must(w, out, err).AlarmHistoryItems {
		if strings.HasSuffix(*item.HistorySummary, summary) {
			at = append(at, *item.Timestamp)
		}
	}
	return at
}

func TestAlarmsAreSetDeletedAndKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		w := again(t, dir)
		client := w.watch(ireland)
		for _, name := range []string{"a", "b"} {
			in := onFailures(name)
			in.TreatMissingData = aws.String("ignore")
			_, err := client.PutMetricAlarm(t.Context(), in)
			must(t, 0, err)
		}
		_, err := client.SetAlarmState(t.Context(), &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("a"), StateValue: watch.StateValueAlarm, StateReason: aws.String("a try")})
		must(t, 0, err)
		_, err = client.DeleteAlarms(t.Context(), &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"b", "none"}})
		if code(err) != "ResourceNotFound" {
			t.Errorf("deleting one of them that is not there: %v", err)
		}
		_, err = client.DeleteAlarms(t.Context(), &cloudwatch.DeleteAlarmsInput{AlarmNames: []string{"b"}})
		must(t, 0, err)
		w.shut()
		w = again(t, dir)
		pass(5 * time.Minute)
		if a := w.alarm("a"); a.StateValue != watch.StateValueAlarm || *a.StateReason != "a try" {
			t.Errorf("after a restart it is %s: %s", a.StateValue, *a.StateReason)
		}
		out, err := w.watch(ireland).DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{})
		if n := len(must(t, out, err).MetricAlarms); n != 1 {
			t.Errorf("%d alarms are left", n)
		}
		there, err := w.watch(singapore).DescribeAlarms(t.Context(), &cloudwatch.DescribeAlarmsInput{})
		if n := len(must(t, there, err).MetricAlarms); n != 0 {
			t.Errorf("%d alarms are in another region", n)
		}
		tags, err := w.watch(ireland).ListTagsForResource(t.Context(), &cloudwatch.ListTagsForResourceInput{ResourceARN: w.alarm("a").AlarmArn})
		if got := must(t, tags, err).Tags; len(got) != 1 || *got[0].Value != "storage" {
			t.Errorf("its tags are %v", got)
		}
	})
}

func TestWhatNoAlarmCanBeIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := again(t, t.TempDir())
		for name, change := range map[string]func(*cloudwatch.PutMetricAlarmInput){
			"no statistic":    func(in *cloudwatch.PutMetricAlarmInput) { in.Statistic = "" },
			"a percentile":    func(in *cloudwatch.PutMetricAlarmInput) { in.ExtendedStatistic = aws.String("p99") },
			"half a minute":   func(in *cloudwatch.PutMetricAlarmInput) { in.Period = aws.Int32(30) },
			"no period":       func(in *cloudwatch.PutMetricAlarmInput) { in.Period = nil },
			"no periods":      func(in *cloudwatch.PutMetricAlarmInput) { in.EvaluationPeriods = aws.Int32(0) },
			"2 of 1":          func(in *cloudwatch.PutMetricAlarmInput) { in.DatapointsToAlarm = aws.Int32(2) },
			"more than a day": func(in *cloudwatch.PutMetricAlarmInput) { in.EvaluationPeriods = aws.Int32(1441) },
			"no threshold":    func(in *cloudwatch.PutMetricAlarmInput) { in.Threshold = nil },
			"an anomaly": func(in *cloudwatch.PutMetricAlarmInput) {
				in.ComparisonOperator = watch.ComparisonOperatorGreaterThanUpperThreshold
			},
			"no treatment":        func(in *cloudwatch.PutMetricAlarmInput) { in.TreatMissingData = aws.String("perhaps") },
			"no metric":           func(in *cloudwatch.PutMetricAlarmInput) { in.MetricName = nil },
			"expressions instead": func(in *cloudwatch.PutMetricAlarmInput) { in.Metrics = []watch.MetricDataQuery{{Id: aws.String("m")}} },
		} {
			in := onFailures("theirs")
			change(in)
			if _, err := w.watch(ireland).PutMetricAlarm(t.Context(), in); err == nil || code(err) == "InternalServiceFault" {
				t.Errorf("%s: %v", name, err)
			}
		}
		must(t, 0, w.sandbox.Directory().AddUser("narrow", "AKIANARROW", "secret", `{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Action":"cloudwatch:*","Resource":"arn:aws:cloudwatch:eu-west-1:000000000000:alarm:mine-*"}]}`))
		c := w.config(ireland)
		c.Credentials = credentials.NewStaticCredentialsProvider("AKIANARROW", "secret", "")
		narrow := cloudwatch.NewFromConfig(c, func(o *cloudwatch.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:9000") })
		_, err := narrow.PutMetricAlarm(t.Context(), onFailures("mine-1"))
		must(t, 0, err)
		if _, err := narrow.PutMetricAlarm(t.Context(), onFailures("theirs")); !strings.Contains(code(err), "AccessDenied") {
			t.Errorf("another alarm: %v", err)
		}
	})
}

// An alarm that is a stop condition ends an experiment.
func TestAStopConditionEndsAnExperiment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		in := onFailures("stop")
		in.TreatMissingData = aws.String("ignore")
		_, err := w.watch(ireland).PutMetricAlarm(t.Context(), in)
		must(t, 0, err)
		id := w.begin(w.drilled(func(in *fis.CreateExperimentTemplateInput) {
			in.StopConditions = []drill.CreateExperimentTemplateStopConditionInput{
				{Source: aws.String("aws:cloudwatch:alarm"), Value: aws.String("arn:aws:cloudwatch:eu-west-1:000000000000:alarm:stop")},
			}
		}))
		pass(time.Minute)
		if got := w.stands(id); got != "running running" {
			t.Fatalf("it is %s", w.failure(id))
		}
		_, err = w.watch(ireland).SetAlarmState(t.Context(), &cloudwatch.SetAlarmStateInput{AlarmName: aws.String("stop"), StateValue: watch.StateValueAlarm, StateReason: aws.String("enough")})
		must(t, 0, err)
		pass(15 * time.Second)
		if got := w.stands(id); got != "stopped stopped" || *w.experiment(id).State.Reason != "Experiment halted by stop condition." {
			t.Errorf("it is %s: %s", got, *w.experiment(id).State.Reason)
		}
	})
}
