package sandbox_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	drill "github.com/aws/aws-sdk-go-v2/service/fis/types"

	behaves "bothways/aws/sandbox/fis"
)

// A sandbox that ends, however it ends, takes nothing of a pause with it.
func TestAPauseGoesOnAfterARestartAndEndsByTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		w := again(t, dir)
		template := w.drilled(nil)
		id := w.begin(template)
		pass(running)
		begun := *w.experiment(id).Actions["Pause"].StartTime
		held := *w.put("side-a", ireland, "held", "x").VersionId
		pass(time.Minute)
		w.shut()
		pass(3 * time.Minute)

		w = again(t, dir)
		if got := w.stands(id); got != "running running" {
			t.Fatalf("after a restart it is %s", got)
		}
		if w.begin(template) != id {
			t.Error("its token begins another")
		}
		pass(time.Until(begun.Add(15*time.Minute - time.Second)))
		if _, err := w.head("side-b", singapore, "held", held); err == nil || w.status("side-a", ireland, "held") != "PENDING" {
			t.Error("the pause did not outlast the restart")
		}
		pass(time.Minute)
		if took := w.experiment(id).EndTime.Sub(begun); w.stands(id) != "completed completed" || took != 15*time.Minute {
			t.Errorf("after %v it is %s", took, w.stands(id))
		}
		if _, err := w.head("side-b", singapore, "held", held); err != nil {
			t.Error(err)
		}

		second, err := w.fis(ireland).StartExperiment(t.Context(), &fis.StartExperimentInput{ExperimentTemplateId: &template})
		id = *must(t, second, err).Experiment.Id
		pass(running)
		begun = *w.experiment(id).Actions["Pause"].StartTime
		late := *w.put("side-a", ireland, "late", "x").VersionId
		w.shut()
		pass(time.Hour) // its time is over while nothing runs
		w = again(t, dir)
		pass(time.Minute)
		if took := w.experiment(id).EndTime.Sub(begun); w.stands(id) != "completed completed" || took != 15*time.Minute {
			t.Errorf("after a long break and %v it is %s", took, w.stands(id))
		}
		if _, err := w.head("side-b", singapore, "late", late); err != nil {
			t.Error(err)
		}
	})
}

// At every moment of an experiment a restart leaves something that ends.
func TestARestartAtAnyMomentEndsAnExperiment(t *testing.T) {
	for _, moment := range []time.Duration{0, 1500 * time.Millisecond, 2999 * time.Millisecond, 3001 * time.Millisecond, time.Minute, time.Minute + time.Second, 4 * time.Minute} {
		t.Run(fmt.Sprint(moment), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				w := again(t, dir)
				id := w.begin(w.drilled(func(in *fis.CreateExperimentTemplateInput) {
					pause := in.Actions["Pause"]
					pause.Parameters = map[string]string{"duration": "PT3M", "region": singapore}
					then := pause
					then.StartAfter = []string{"Pause"}
					in.Actions["Pause"], in.Actions["Then"] = pause, then
				}))
				stops := moment == time.Minute+time.Second
				pass(moment)
				if stops {
					_, err := w.fis(ireland).StopExperiment(t.Context(), &fis.StopExperimentInput{Id: &id})
					must(t, 0, err)
				}
				w.shut()
				w = again(t, dir)
				pass(7 * time.Minute)
				want := "completed completed completed"
				if stops {
					want = "stopped stopped cancelled"
				}
				if got := w.stands(id); got != want {
					t.Errorf("it is %s", got)
				}
				w.put("side-a", ireland, "k", "x")
				pass(time.Minute)
				if got := w.status("side-a", ireland, "k"); got != "COMPLETED" {
					t.Errorf("afterwards the origin reads %s", got)
				}
			})
		})
	}
}

func TestActionsBeginOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{})
		id := w.begin(w.drilled(func(in *fis.CreateExperimentTemplateInput) {
			then := in.Actions["Pause"]
			then.StartAfter = []string{"Pause"}
			in.Actions["Then"] = then
		}))
		pass(running)
		for _, want := range []string{"running running pending", "running completed running", "completed completed completed"} {
			if got := w.stands(id); got != want {
				t.Errorf("it is %s, want %s", got, want)
			}
			pass(15 * time.Minute)
		}
	})
}

func TestTargetsAreSelected(t *testing.T) {
	for _, row := range []struct {
		buckets int
		mode    string
		empty   drill.EmptyTargetResolutionMode
		want    string
	}{
		{3, "ALL", drill.EmptyTargetResolutionModeFail, "3 running running"},
		{3, "COUNT(2)", drill.EmptyTargetResolutionModeFail, "2 running running"},
		{3, "COUNT(9)", drill.EmptyTargetResolutionModeFail, "3 running running"},
		{3, "PERCENT(50)", drill.EmptyTargetResolutionModeFail, "1 running running"}, // rounded down
		{3, "PERCENT(30)", drill.EmptyTargetResolutionModeFail, "0 failed cancelled failed|InvalidTarget|Target: Side|000000000000|Target resolution returned empty set"},
		{0, "ALL", drill.EmptyTargetResolutionModeFail, "0 failed cancelled failed|InvalidTarget|Target: Side|000000000000|Target resolution returned empty set"},
		{0, "ALL", drill.EmptyTargetResolutionModeSkip, "0 completed skipped"},
		{21, "ALL", drill.EmptyTargetResolutionModeFail, "0 failed cancelled failed|QuotaExceededFailure|"},
		{21, "COUNT(20)", drill.EmptyTargetResolutionModeFail, "20 running running"},
	} {
		t.Run(fmt.Sprint(row.buckets, row.mode, row.empty), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := still(t, behaves.Pauses{})
				w.bucket("side-b", singapore)
				role := w.role("r", allActions...)
				for i := range row.buckets {
					name := fmt.Sprint("source-", i)
					w.bucket(name, ireland)
					w.drillTag(name, ireland, "7-A")
					must(t, 0, w.replicate(name, ireland, role, rule("side-b")))
				}
				in := template(w.fisRole("fis-7", fisTrust, strings.ReplaceAll(fisRights, "arn:aws:s3:::side-a", "*")))
				side := in.Targets["Side"]
				side.SelectionMode = &row.mode
				in.Targets["Side"] = side
				in.ExperimentOptions.EmptyTargetResolutionMode = row.empty
				out, err := w.fis(ireland).CreateExperimentTemplate(t.Context(), in)
				id := w.begin(*must(t, out, err).ExperimentTemplate.Id)
				pass(running)
				targets, err := w.fis(ireland).ListExperimentResolvedTargets(t.Context(), &fis.ListExperimentResolvedTargetsInput{ExperimentId: &id})
				got := fmt.Sprint(len(must(t, targets, err).ResolvedTargets), " ", w.stands(id))
				if why := w.failure(id); strings.HasPrefix(why, "failed") {
					got += " " + why
				}
				if !strings.HasPrefix(got, row.want) {
					t.Errorf("it is %s", got)
				}
			})
		})
	}
}

// While the lever is engaged nothing runs, in this region alone.
func TestTheSafetyLeverStopsAndPrevents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{})
		template := w.drilled(nil)
		client := w.fis(ireland)
		turn := func(status drill.SafetyLeverStatusInput, why string) error {
			_, err := client.UpdateSafetyLeverState(t.Context(), &fis.UpdateSafetyLeverStateInput{
				Id: aws.String("default"), State: &drill.UpdateSafetyLeverStateInput{Status: status, Reason: &why},
			})
			return err
		}
		lever := func(region string) string {
			out, err := w.fis(region).GetSafetyLever(t.Context(), &fis.GetSafetyLeverInput{Id: aws.String("default")})
			state := must(t, out, err).SafetyLever.State
			return string(state.Status) + aws.ToString(state.Reason)
		}
		if got := lever(ireland); got != "disengaged" {
			t.Errorf("at first it is %s", got)
		}
		id := w.begin(template)
		pass(running)
		w.put("side-a", ireland, "held", "x")
		must(t, 0, turn(drill.SafetyLeverStatusInputEngaged, "freeze"))
		if here, there := lever(ireland), lever(singapore); here != "engagedfreeze" || there != "disengaged" {
			t.Errorf("it is %s here, %s there", here, there)
		}
		pass(10 * time.Second)
		if got := w.stands(id); got != "stopped stopped" || w.status("side-a", ireland, "held") != "COMPLETED" {
			t.Errorf("what ran is %s", got)
		}
		begin := func() string {
			out, err := client.StartExperiment(t.Context(), &fis.StartExperimentInput{ExperimentTemplateId: &template})
			id := *must(t, out, err).Experiment.Id
			pass(running)
			return w.stands(id)
		}
		if got := begin(); got != "cancelled cancelled" {
			t.Errorf("what is started then is %s", got)
		}
		if err := turn(drill.SafetyLeverStatusInputEngaged, "another"); code(err) != "ConflictException" {
			t.Errorf("another reason: %v", err)
		}
		must(t, 0, turn(drill.SafetyLeverStatusInputDisengaged, "over"))
		if got := begin(); got != "running running" {
			t.Errorf("what is started afterwards is %s", got)
		}
	})
}

// Experiments are found by their tags, page by page, with nothing else known.
func TestAnOpenDrillIsFoundByItsTags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := still(t, behaves.Pauses{})
		id := w.begin(w.drilled(nil))
		client := w.fis(ireland)
		found, pages := "", 0
		for range 4 {
			_, err := client.StartExperiment(t.Context(), &fis.StartExperimentInput{ExperimentTemplateId: w.experiment(id).ExperimentTemplateId})
			must(t, 0, err)
		}
		for list := fis.NewListExperimentsPaginator(client, &fis.ListExperimentsInput{MaxResults: aws.Int32(2)}); list.HasMorePages(); pages++ {
			out, err := list.NextPage(t.Context())
			for _, e := range must(t, out, err).Experiments {
				if e.Tags["bothways:drill"] == "7" {
					found += *e.Id
				}
			}
		}
		if found != id || pages != 3 {
			t.Errorf("found %q in %d pages", found, pages)
		}
		resource := w.experiment(id).Arn
		_, err := client.TagResource(t.Context(), &fis.TagResourceInput{ResourceArn: resource, Tags: map[string]string{"state": "open"}})
		must(t, 0, err)
		_, err = client.UntagResource(t.Context(), &fis.UntagResourceInput{ResourceArn: resource, TagKeys: []string{"bothways:drill"}})
		must(t, 0, err)
		tags, err := client.ListTagsForResource(t.Context(), &fis.ListTagsForResourceInput{ResourceArn: resource})
		if got := must(t, tags, err).Tags; len(got) != 1 || got["state"] != "open" {
			t.Errorf("the tags are %v", got)
		}
		if _, err := client.TagResource(t.Context(), &fis.TagResourceInput{ResourceArn: aws.String("arn:aws:fis:eu-west-1:000000000000:experiment/EXPnone"), Tags: map[string]string{"a": "b"}}); code(err) != "ResourceNotFoundException" {
			t.Errorf("of nothing: %v", err)
		}
	})
}
