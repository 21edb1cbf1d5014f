package drill_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	watch "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/drill"
	"bothways/aws/drill/alarm"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/sandbox"
	"bothways/probe"
)

// metered is a lab whose rules publish metrics, as somebody has them who has alarms.
func metered(t *testing.T, options sandbox.Options) *lab {
	t.Helper()
	l := newLab(t, options)
	l.world.Pair.Options.Metrics = true
	found, err := plan.Look(t.Context(), l.world)
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(t.Context(), plan.SetUp(found), func(pair.Event) {}); err != nil {
		t.Fatal(err)
	}
	return l
}

// hang puts up somebody's alarm on what fails in a direction.
func (l *lab) hang(name string, d pair.Direction, change func(*cloudwatch.PutMetricAlarmInput)) {
	l.Helper()
	in := &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, Namespace: aws.String(alarm.Namespace), MetricName: aws.String(alarm.Failed), Statistic: watch.StatisticSum,
		Dimensions: []watch.Dimension{
			{Name: aws.String("SourceBucket"), Value: aws.String(testPair.From(d).Bucket)},
			{Name: aws.String("DestinationBucket"), Value: aws.String(testPair.To(d).Bucket)},
			{Name: aws.String("RuleId"), Value: aws.String(testPair.RuleID(d))},
		},
		Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: watch.ComparisonOperatorGreaterThanOrEqualToThreshold,
		TreatMissingData: aws.String("notBreaching"), AlarmActions: []string{"arn:aws:sns:eu-west-1:000000000000:on-call"},
	}
	if change != nil {
		change(in)
	}
	if _, err := l.world.Clients(d.From()).Metrics.PutMetricAlarm(l.Context(), in); err != nil {
		l.Fatal(err)
	}
}

func (l *lab) alarmScope() record.Scope {
	s := l.pauseScope()
	s.Kind, s.Drill = record.Alarm, l.world.RunID
	s.Pair = l.world.Pair
	return s
}

// alarmed is a drill of kind alarm.
func (l *lab) alarmed(s record.Scope) drill.Config {
	fault := alarm.New(l.world, s)
	cfg := l.config(s, fault, probe.Clients{A: l.world.A.S3, B: l.world.B.S3})
	cfg.Alarm = fault
	return cfg
}

// nothingLeft fails where anything of a drill is on a role, or a version of what it
// wrote in a bucket.
func (l *lab) nothingLeft() {
	l.Helper()
	for _, side := range pair.Sides() {
		roles, err := l.world.Clients(side).IAM.ListRoles(l.Context(), &iam.ListRolesInput{})
		if err != nil {
			l.Fatal(err)
		}
		for _, r := range roles.Roles {
			policies, err := l.world.Clients(side).IAM.ListRolePolicies(l.Context(), &iam.ListRolePoliciesInput{RoleName: r.RoleName})
			if err != nil {
				l.Fatal(err)
			}
			for _, name := range policies.PolicyNames {
				if strings.Contains(name, "alarm") {
					l.Errorf("role %s has %s", *r.RoleName, name)
				}
			}
		}
		out, err := l.world.Clients(side).S3.ListObjectVersions(l.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(testPair.Side(side).Bucket), Prefix: aws.String(testPair.CanaryPrefix())})
		if err != nil {
			l.Fatal(err)
		}
		for _, v := range out.Versions {
			l.Errorf("%s is left on side %s", *v.Key, side)
		}
	}
}

// What a drill says of when an alarm rang holds what the alarm itself says, also
// where IAM takes a while to spread the policy.
func TestADrillRingsTheirAlarmsAndLeavesNothing(t *testing.T) {
	for what, options := range map[string]sandbox.Options{
		"at once": {Seed: 3}, "a slow IAM": {Seed: 3, Propagation: 40 * time.Second},
	} {
		t.Run(what, func(t *testing.T) {
			inTime(t, func(t *testing.T) {
				l := metered(t, options)
				time.Sleep(2 * time.Minute) // roles are known everywhere
				l.hang("theirs-a", pair.AtoB, nil)
				l.hang("theirs-b", pair.BtoA, nil)
				l.hang("another rule's", pair.AtoB, func(in *cloudwatch.PutMetricAlarmInput) { in.Dimensions[2].Value = aws.String("another") })
				time.Sleep(3 * time.Minute)
				began := time.Now()
				result, err := drill.Run(t.Context(), l.alarmed(l.alarmScope()), l.emit)
				if err != nil || result.Verdict != record.Passed || result.Undo != record.Complete {
					for _, f := range of[record.Finding](l) {
						t.Logf("%+v", f)
					}
					t.Fatalf("got %+v, %v", result, err)
				}
				rang := of[record.Rang](l)
				if len(rang) != 2 {
					t.Fatalf("%+v", rang)
				}
				for _, r := range rang {
					truth := r.Updated.Sub(began).Seconds() * 1000
					from := of[record.Instant](l)[0].At.Sub(began).Seconds() * 1000
					if !r.Rang || r.LowMS+from > truth || truth > r.HighMS+from || r.LowMS < r.FromMS || r.HighMS-r.FromMS > 150_000 {
						t.Errorf("%s rang at %v ms, it says %+v", r.Alarm, truth, r)
					}
				}
				if tries := len(of[record.ObjectStatus](l)); (what == "a slow IAM") != (tries > 8) {
					t.Errorf("%d changes of status: %+v", tries, of[record.ObjectStatus](l))
				}
				before := of[record.RolePolicies](l)
				if len(before) != 4 || before[0].SHA256 != before[2].SHA256 || before[1].SHA256 != before[3].SHA256 {
					t.Errorf("roles: %+v", before)
				}
				l.nothingLeft()
			})
		})
	}
}

// An alarm that takes more failures, or failures in several periods, gets them; one
// that takes too many is said not to have rung.
func TestAlarmsGetTheFailuresThatTheyTake(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := metered(t, sandbox.Options{Seed: 3})
		l.hang("many", pair.AtoB, func(in *cloudwatch.PutMetricAlarmInput) { in.Threshold = aws.Float64(5) })
		l.hang("two of three", pair.AtoB, func(in *cloudwatch.PutMetricAlarmInput) {
			in.EvaluationPeriods, in.DatapointsToAlarm = aws.Int32(3), aws.Int32(2)
		})
		l.hang("deaf", pair.AtoB, func(in *cloudwatch.PutMetricAlarmInput) { in.Threshold = aws.Float64(500) })
		time.Sleep(3 * time.Minute)
		s := l.alarmScope()
		s.Ways = []pair.Direction{pair.AtoB}
		result, err := drill.Run(t.Context(), l.alarmed(s), l.emit)
		if err != nil || result.Verdict != record.Failed || result.Undo != record.Complete || !strings.Contains(strings.Join(result.Why, ";"), "deaf was not seen to ring") {
			t.Errorf("got %+v, %v", result, err)
		}
		for _, r := range of[record.Rang](l) {
			if r.Rang != (r.Alarm != "deaf") || r.Unknown != "" {
				t.Errorf("%+v", r)
			}
		}
		if !slices.ContainsFunc(of[record.Finding](l), func(f record.Finding) bool { return strings.Contains(f.Title, "deaf takes 500 failures") }) {
			t.Error("nothing says beforehand that deaf takes 500")
		}
		l.nothingLeft()
	})
}
