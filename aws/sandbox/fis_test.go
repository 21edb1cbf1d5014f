package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	drill "github.com/aws/aws-sdk-go-v2/service/fis/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
	behaves "bothways/aws/sandbox/fis"
	"bothways/aws/sandbox/replicate"
)

// still is a sandbox in which every delay is the same.
func still(t *testing.T, pauses behaves.Pauses) *world {
	return newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, Pauses: pauses})
}

func TestAPauseHoldsOneDirectionAndEndsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{})
		id := w.begin(w.drilled(nil))
		if got := w.stands(id); got != "pending pending" {
			t.Errorf("at once it is %s", got)
		}
		pass(1500 * time.Millisecond)
		if got := w.stands(id); got != "initiating pending" {
			t.Errorf("then it is %s", got)
		}
		pass(running)
		if got := w.stands(id); got != "running running" {
			t.Fatalf("then it is %s", w.failure(id))
		}
		begun := *w.experiment(id).Actions["Pause"].StartTime
		held := *w.put("side-a", ireland, "held", "x").VersionId
		w.put("side-b", singapore, "other way", "x")
		pass(time.Until(begun.Add(15*time.Minute - time.Second)))
		if got := w.status("side-a", ireland, "held"); got != "PENDING" {
			t.Errorf("while it is paused the origin reads %s", got)
		}
		if _, err := w.head("side-b", singapore, "held", held); err == nil {
			t.Error("it arrived in spite of the pause")
		}
		if _, err := w.head("side-a", ireland, "other way", ""); err != nil {
			t.Errorf("the other direction is not paused: %v", err)
		}
		out, err := w.s3(ireland).GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: aws.String("side-a")})
		if got := must(t, out, err).ReplicationConfiguration.Rules[0].Status; got != types.ReplicationRuleStatusEnabled {
			t.Errorf("the rule reads %s", got)
		}
		pass(time.Minute)
		e := w.experiment(id)
		if got := w.stands(id); got != "completed completed" || *e.State.Reason != "Experiment completed." {
			t.Errorf("at its end it is %s", got)
		}
		if took := e.EndTime.Sub(begun); took != 15*time.Minute {
			t.Errorf("it took %v", took)
		}
		if got := w.status("side-a", ireland, "held"); got != "COMPLETED" {
			t.Errorf("after the pause the origin reads %s", got)
		}
		if _, err := w.head("side-b", singapore, "held", held); err != nil {
			t.Error("it did not go on where it was paused")
		}
	})
}

func TestAPauseIsOfTheRulesThatTheParametersDescribe(t *testing.T) {
	for name, row := range map[string]struct {
		parameters map[string]string
		held       string // keys that stay behind
	}{
		"all rules to the region":   {map[string]string{"region": singapore}, "docs/k logs/k"},
		"those with a prefix":       {map[string]string{"region": singapore, "prefixes": "logs/, tmp/"}, "logs/k"},
		"those to a bucket":         {map[string]string{"region": singapore, "destinationBuckets": "side-b,another"}, "docs/k"},
		"no rule to another bucket": {map[string]string{"region": singapore, "destinationBuckets": "another"}, "failed"},
		"a prefix of keys, no rule": {map[string]string{"region": singapore, "prefixes": "logs/2026"}, "failed"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := still(t, behaves.Pauses{})
				template := w.drilled(func(in *fis.CreateExperimentTemplateInput) {
					row.parameters["duration"] = "PT1H"
					pause := in.Actions["Pause"]
					pause.Parameters = row.parameters
					in.Actions["Pause"] = pause
				})
				w.bucket("other", singapore)
				docs, logs := rule("side-b"), rule("other")
				docs.Filter.Prefix, logs.Filter.Prefix, logs.Priority = aws.String("docs/"), aws.String("logs/"), aws.Int32(2)
				must(t, 0, w.replicate("side-a", ireland, w.role("two", allActions...), docs, logs))
				id := w.begin(template)
				pass(running)
				if row.held == "failed" {
					if got := w.failure(id); !strings.HasPrefix(got, "failed|ConfigurationFailure|Action: Pause|000000000000|The bucket side-a has no") {
						t.Errorf("it is %s", got)
					}
					return
				}
				var behind []string
				for _, key := range []string{"docs/k", "logs/k"} {
					w.put("side-a", ireland, key, "x")
				}
				pass(time.Minute)
				for _, key := range []string{"docs/k", "logs/k"} {
					if w.status("side-a", ireland, key) == "PENDING" {
						behind = append(behind, key)
					}
				}
				if got := strings.Join(behind, " "); got != row.held {
					t.Errorf("held are %q", got)
				}
			})
		})
	}
}

func TestAStopEndsAPauseAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{})
		id := w.begin(w.drilled(nil))
		pass(running)
		w.put("side-a", ireland, "held", "x")
		pass(time.Minute)
		out, err := w.fis(ireland).StopExperiment(t.Context(), &fis.StopExperimentInput{Id: &id})
		if got := must(t, out, err).Experiment.State.Status; got != drill.ExperimentStatusStopping {
			t.Errorf("the answer says %s", got)
		}
		_, err = w.fis(ireland).StopExperiment(t.Context(), &fis.StopExperimentInput{Id: &id})
		must(t, 0, err) // again is the same
		pass(10 * time.Second)
		if got := w.stands(id); got != "stopped stopped" {
			t.Errorf("it is %s", got)
		}
		if got := w.status("side-a", ireland, "held"); got != "COMPLETED" {
			t.Errorf("the origin reads %s", got)
		}
		if _, err = w.fis(ireland).StopExperiment(t.Context(), &fis.StopExperimentInput{Id: &id}); code(err) != "ValidationException" {
			t.Errorf("stopping what has ended: %v", err)
		}
	})
}

// The tail is what existed when the pause began, or all, for a while.
func TestATailGoesThroughAtTheBeginning(t *testing.T) {
	for name, row := range map[string]struct {
		tail replicate.Tail
		want string
	}{
		"none":         {replicate.Tail{}, "PENDING PENDING PENDING"},
		"existing":     {replicate.Tail{For: 30 * time.Second, Share: 1}, "COMPLETED PENDING PENDING"},
		"too short":    {replicate.Tail{For: time.Second, Share: 1}, "PENDING PENDING PENDING"},
		"new ones too": {replicate.Tail{For: 30 * time.Second, Share: 1, New: true}, "COMPLETED COMPLETED PENDING"},
		"none of them": {replicate.Tail{For: 30 * time.Second, New: true}, "PENDING PENDING PENDING"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := still(t, behaves.Pauses{Tail: row.tail})
				id := w.begin(w.drilled(nil))
				pass(time.Until(w.experiment(id).CreationTime.Add(2900 * time.Millisecond)))
				w.put("side-a", ireland, "before", "x")
				pass(time.Second)
				w.put("side-a", ireland, "during", "x")
				pass(40 * time.Second)
				w.put("side-a", ireland, "later", "x")
				pass(time.Minute)
				got := w.status("side-a", ireland, "before") + " " + w.status("side-a", ireland, "during") + " " + w.status("side-a", ireland, "later")
				if got != row.want {
					t.Errorf("before, during, later: %s, want %s", got, row.want)
				}
			})
		})
	}
}

func TestAShareOfTheTailIsAShareOfTheVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{Tail: replicate.Tail{For: time.Hour, Share: 0.3, New: true}})
		w.begin(w.drilled(nil))
		pass(running)
		arrived := 0
		for i := range 400 {
			w.put("side-a", ireland, fmt.Sprint(i), "x")
		}
		pass(time.Minute)
		for i := range 400 {
			if w.status("side-a", ireland, fmt.Sprint(i)) == "COMPLETED" {
				arrived++
			}
		}
		if arrived < 85 || arrived > 155 {
			t.Errorf("%d of 400 went through", arrived)
		}
	})
}

// What was held goes on at a pace, the oldest first.
func TestTheDrainTakesTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{Drain: 2})
		id := w.begin(w.drilled(nil))
		pass(running)
		for i := range 20 {
			w.put("side-a", ireland, fmt.Sprintf("%02d", i), "x")
			pass(time.Second)
		}
		pass(20 * time.Minute)
		if got := w.stands(id); got != "completed completed" {
			t.Fatal(got)
		}
		ended := *w.experiment(id).EndTime
		if n := len(w.deliveries); n != 20 {
			t.Fatalf("%d arrived", n)
		}
		if !slices.IsSortedFunc(w.deliveries, func(a, b sandbox.Delivery) int { return a.CommittedAt.Compare(b.CommittedAt) }) {
			t.Error("they are not in the order in which they were written")
		}
		first, last := w.deliveries[0].VisibleAt.Sub(ended), w.deliveries[19].VisibleAt.Sub(ended)
		if first != exactly || last != exactly+9500*time.Millisecond {
			t.Errorf("the first arrived %v after the end, the last %v", first, last)
		}
	})
}

func TestWhatS3SaysDuringAPauseCanBeChosen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{Shows: replicate.Shows{DisabledRules: true, NoStatus: true}})
		read := func() types.ReplicationRuleStatus {
			out, err := w.s3(ireland).GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: aws.String("side-a")})
			return must(t, out, err).ReplicationConfiguration.Rules[0].Status
		}
		id := w.begin(w.drilled(nil))
		pass(running)
		w.put("side-a", ireland, "k", "x")
		pass(time.Minute)
		if status, rule := w.status("side-a", ireland, "k"), read(); status != "" || rule != types.ReplicationRuleStatusDisabled {
			t.Errorf("the origin reads %q, the rule %s", status, rule)
		}
		_, err := w.fis(ireland).StopExperiment(t.Context(), &fis.StopExperimentInput{Id: &id})
		must(t, 0, err)
		pass(time.Minute)
		if status, rule := w.status("side-a", ireland, "k"), read(); status != "COMPLETED" || rule != types.ReplicationRuleStatusEnabled {
			t.Errorf("afterwards the origin reads %q, the rule %s", status, rule)
		}
	})
}

func TestTimeScaleShortensAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, TimeScale: 10})
		id := w.begin(w.drilled(nil))
		pass(95 * time.Second)
		e := w.experiment(id)
		if took := e.EndTime.Sub(*e.Actions["Pause"].StartTime); e.State.Status != drill.ExperimentStatusCompleted || took != 90*time.Second {
			t.Errorf("after %v it is %s", took, e.State.Status)
		}
	})
}

func TestAPreviewTouchesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{})
		template := w.drilled(nil)
		out, err := w.fis(ireland).StartExperiment(t.Context(), &fis.StartExperimentInput{
			ExperimentTemplateId: &template, ExperimentOptions: &drill.StartExperimentExperimentOptionsInput{ActionsMode: drill.ActionsModeSkipAll},
		})
		id := *must(t, out, err).Experiment.Id
		pass(running)
		if got := w.stands(id); got != "completed skipped" {
			t.Errorf("it is %s", w.failure(id))
		}
		targets, err := w.fis(ireland).ListExperimentResolvedTargets(t.Context(), &fis.ListExperimentResolvedTargetsInput{ExperimentId: &id})
		if got := must(t, targets, err).ResolvedTargets; len(got) != 1 || *got[0].TargetName != "Side" || got[0].TargetInformation["arn"] != "arn:aws:s3:::side-a" {
			t.Errorf("the targets are %v", got)
		}
		w.put("side-a", ireland, "k", "x")
		pass(time.Minute)
		if got := w.status("side-a", ireland, "k"); got != "COMPLETED" {
			t.Errorf("the origin reads %s", got)
		}
	})
}

func TestOthersBucketsAndTagsAreLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{})
		template := w.drilled(nil)
		role := w.role("decoys", allActions...)
		for bucket, tag := range map[string]string{"decoy-a": "8-A", "decoy-b": ""} {
			w.bucket(bucket, ireland)
			if tag != "" {
				w.drillTag(bucket, ireland, tag)
			}
			must(t, 0, w.replicate(bucket, ireland, role, rule("side-b")))
		}
		w.bucket("decoy-c", singapore) // has the tag, elsewhere
		w.drillTag("decoy-c", singapore, "7-A")
		must(t, 0, w.replicate("decoy-c", singapore, role, rule("side-a")))
		id := w.begin(template)
		pass(running)
		for bucket, region := range map[string]string{"decoy-a": ireland, "decoy-b": ireland, "decoy-c": singapore, "side-a": ireland} {
			w.put(bucket, region, bucket, "x")
		}
		pass(time.Minute)
		for bucket, region := range map[string]string{"decoy-a": ireland, "decoy-b": ireland, "decoy-c": singapore} {
			if got := w.status(bucket, region, bucket); got != "COMPLETED" {
				t.Errorf("%s reads %s", bucket, got)
			}
		}
		if got := w.status("side-a", ireland, "side-a"); got != "PENDING" {
			t.Errorf("side-a reads %s, %s", got, w.failure(id))
		}
	})
}

// FIS makes a role of its own in the account, that nobody can change.
func TestTheFirstExperimentLinksARole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{})
		template := w.drilled(nil)
		name := aws.String("AWSServiceRoleForFIS")
		if _, err := w.iam().GetRole(t.Context(), &iam.GetRoleInput{RoleName: name}); code(err) != "NoSuchEntity" {
			t.Errorf("before: %v", err)
		}
		w.begin(template)
		out, err := w.iam().GetRole(t.Context(), &iam.GetRoleInput{RoleName: name})
		if got := *must(t, out, err).Role.Arn; got != "arn:aws:iam::000000000000:role/aws-service-role/fis.amazonaws.com/AWSServiceRoleForFIS" {
			t.Errorf("it is %s", got)
		}
		if _, err := w.iam().DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: name}); code(err) != "UnmodifiableEntity" {
			t.Errorf("deleting it: %v", err)
		}
	})
}
