package drill_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	fistypes "github.com/aws/aws-sdk-go-v2/service/fis/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/drill/opened"
	"bothways/aws/drill/pause"
	"bothways/aws/drill/record"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/aws/sandbox"
)

// decoys are things of others that look like a drill's.
type decoys struct {
	template, experiment string
	before               string // all of it, as it reads
}

// otherTag is the tag of others on both buckets.
const otherTag = "team"

// decoy puts up rules, tags, a role, a template and an experiment of others beside
// the pair.
func (l *lab) decoy() *decoys {
	l.Helper()
	ctx := l.Context()
	must := func(err error) {
		l.Helper()
		if err != nil {
			l.Fatal(err)
		}
	}
	region := testPair.A.Region
	other := "somebody-elses-archive"
	_, err := l.world.A.S3.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &other, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)}})
	must(err)
	_, err = l.world.A.S3.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: &other, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}})
	must(err)
	for _, side := range pair.Sides() {
		c, at := l.world.Clients(side), testPair.Side(side)
		tags := []control.Tag{{Key: aws.String(otherTag), Value: aws.String("storage")}, {Key: aws.String("bothways-drill"), Value: aws.String("theirs")}}
		_, err = c.Control.TagResource(ctx, &s3control.TagResourceInput{AccountId: aws.String("000000000000"), ResourceArn: aws.String(at.BucketARN()), Tags: tags})
		must(err)
		now, err := survey.ReadConfiguration(ctx, c.S3, at.Bucket, "000000000000")
		must(err)
		if side == pair.B {
			rule := types.ReplicationRule{
				ID: aws.String("theirs"), Priority: aws.Int32(77), Status: types.ReplicationRuleStatusEnabled, Filter: &types.ReplicationRuleFilter{Prefix: aws.String("archive/")},
				DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusDisabled},
				Destination:             &types.Destination{Bucket: aws.String("arn:aws:s3:::" + other)},
			}
			now.Whole.Rules = append(now.Whole.Rules, rule)
			_, err = c.S3.PutBucketReplication(ctx, &s3.PutBucketReplicationInput{Bucket: aws.String(at.Bucket), ReplicationConfiguration: now.Whole})
			must(err)
		}
	}
	_, err = l.world.A.Control.TagResource(ctx, &s3control.TagResourceInput{
		AccountId: aws.String("000000000000"), ResourceArn: aws.String("arn:aws:s3:::" + other), Tags: []control.Tag{{Key: aws.String("bothways:drill"), Value: aws.String("d9-zzzzzz-A")}},
	})
	must(err)
	name := "bothways-zzzzzz-fis-eu-west-1" // of another pair's drill
	role, err := l.world.A.IAM.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: &name, Path: aws.String(pair.RolePath), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"fis.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	must(err)
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","tag:*"],"Resource":"*"}]}`
	_, err = l.world.A.IAM.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("bothways-drill"), PolicyDocument: &policy})
	must(err)
	theirs := map[string]string{"bothways:pair": "zzzzzz", "bothways:drill": "d9"}
	template, err := l.world.A.FIS.CreateExperimentTemplate(ctx, &fis.CreateExperimentTemplateInput{
		ClientToken: aws.String("theirs"), Description: aws.String("theirs"), RoleArn: role.Role.Arn, Tags: theirs,
		StopConditions: []fistypes.CreateExperimentTemplateStopConditionInput{{Source: aws.String("none")}},
		Targets: map[string]fistypes.CreateExperimentTemplateTargetInput{"B": {
			ResourceType: aws.String("aws:s3:bucket"), SelectionMode: aws.String("ALL"), ResourceTags: map[string]string{"bothways:drill": "d9-zzzzzz-A"},
		}},
		Actions: map[string]fistypes.CreateExperimentTemplateActionInput{"P": {
			ActionId: aws.String("aws:s3:bucket-pause-replication"), Targets: map[string]string{"Buckets": "B"}, Parameters: map[string]string{"duration": "PT12H", "region": testPair.B.Region},
		}},
	})
	must(err)
	d := &decoys{template: *template.ExperimentTemplate.Id}
	begun, err := l.world.A.FIS.StartExperiment(ctx, &fis.StartExperimentInput{ClientToken: aws.String("theirs"), ExperimentTemplateId: &d.template, Tags: theirs, ExperimentOptions: &fistypes.StartExperimentExperimentOptionsInput{ActionsMode: fistypes.ActionsModeSkipAll}})
	must(err)
	d.experiment = *begun.Experiment.Id
	time.Sleep(time.Minute) // virtual
	d.before = l.theirs(d)
	return d
}

// theirs is all that a drill must leave as it is, in words: decoys, tags and both
// configurations.
func (l *lab) theirs(d *decoys) string {
	l.Helper()
	var all []string
	for _, side := range pair.Sides() {
		c, at := l.world.Clients(side), testPair.Side(side)
		now, err := survey.ReadConfiguration(l.Context(), c.S3, at.Bucket, "000000000000")
		if err != nil {
			l.Fatal(err)
		}
		tags, err := c.S3.GetBucketTagging(l.Context(), &s3.GetBucketTaggingInput{Bucket: aws.String(at.Bucket)})
		if err != nil {
			l.Fatal(err)
		}
		set := make([]string, 0, len(tags.TagSet))
		for _, t := range tags.TagSet {
			set = append(set, *t.Key+"="+*t.Value)
		}
		slices.Sort(set)
		all = append(all, wanted.Canonical(now.Whole), strings.Join(set, ","))
		roles, err := c.IAM.ListRoles(l.Context(), &iam.ListRolesInput{})
		if err != nil {
			l.Fatal(err)
		}
		for _, r := range roles.Roles {
			if *r.RoleName != wanted.LinkedRole {
				all = append(all, *r.RoleName)
			}
		}
		templates, err := c.FIS.ListExperimentTemplates(l.Context(), &fis.ListExperimentTemplatesInput{})
		if err != nil {
			l.Fatal(err)
		}
		for _, t := range templates.ExperimentTemplates {
			all = append(all, *t.Id)
		}
		experiments, err := c.FIS.ListExperiments(l.Context(), &fis.ListExperimentsInput{})
		if err != nil {
			l.Fatal(err)
		}
		for _, e := range experiments.Experiments {
			if e.State.Status == fistypes.ExperimentStatusRunning || *e.Id == d.experiment {
				all = append(all, *e.Id+" "+string(e.State.Status))
			}
		}
	}
	return strings.Join(all, "\n")
}

// surveyed is the pair as it stands.
func (l *lab) surveyed() *survey.Survey {
	l.Helper()
	found, err := survey.Read(l.Context(), l.world)
	if err != nil {
		l.Fatal(err)
	}
	return found
}

// find finds the open drills, by a folder of journals.
func (l *lab) find(dir string) []opened.Open {
	l.Helper()
	all, unread, err := opened.Find(l.Context(), l.surveyed(), dir, func(string) bool { return false })
	if err != nil || len(unread) > 0 {
		l.Fatalf("%v, unread: %v", err, unread)
	}
	return all
}

// undo takes back what is left of open drills, as far as its process lives.
func (l *lab) undo(ctx context.Context, all []opened.Open) error {
	found, err := survey.Read(ctx, l.world)
	if err != nil {
		return err
	}
	return step.Apply(ctx, opened.Undo(found, all, l.emit), l.emit)
}

// journalled begins a drill's journal in a folder, and returns what writes it.
func (l *lab) journalled(dir string, s record.Scope) pair.Emit {
	l.Helper()
	j, err := journal.Create(dir, journal.Opening{RunID: s.Drill, Command: opened.DrillCommand, Access: "test", StartedAt: time.Now()})
	if err != nil {
		l.Fatal(err)
	}
	l.Cleanup(func() { _ = j.Close() })
	write := func(e pair.Event) {
		if err := j.Record(e); err != nil {
			l.Error(err)
		}
	}
	write(s)
	write(record.Change{Drill: s.Drill, State: record.Armed, Reached: true, At: time.Now()})
	return write
}

// A kill before or after any change of a pause leaves what the next command
// names, and what an undo takes back: with the journal and without.
func TestAPauseKilledAnywhereIsNamedAndTakenBack(t *testing.T) {
	kills := 0
	for _, after := range []bool{false, true} {
		for n := 1; ; n += stride {
			reached := false
			inTime(t, func(t *testing.T) {
				l := newLab(t, sandbox.Options{Seed: 3})
				theirs, scope, runs := l.decoy(), l.pauseScope(), t.TempDir()
				scope.Drill = "20000101-000000-" + fmt.Sprint(n)
				keep := n%2 == 0 // else the journal is lost
				emit := l.journalled(runs, scope)
				reached = l.killed(n, after, func(ctx context.Context) {
					fault := pause.New(l.world, scope)
					if _, err := fault.Check(ctx); err != nil {
						return
					}
					if fault.Begin(ctx, emit) == nil && fault.End(ctx, emit) == nil {
						_ = fault.Remove(ctx, emit) // a dead run says nothing
					}
				})
				if !reached {
					return
				}
				if !keep {
					for _, path := range glob(t, filepath.Join(runs, "*")) {
						if err := os.Remove(path); err != nil {
							t.Fatal(err)
						}
					}
				}
				changed := l.theirs(theirs) != theirs.before
				open := l.find(runs)
				if changed && (len(open) != 1 || open[0].Drill != scope.Drill || len(open[0].Stands) == 0) {
					t.Errorf("killed at change %d (after it: %t): %+v is open", n, after, open)
				}
				glanced := opened.Glance(t.Context(), l.world, runs, func(string) bool { return false })
				if len(glanced) != len(open) {
					t.Errorf("killed at change %d (after it: %t): a glance finds %+v, a look %+v", n, after, glanced, open)
				}
				if n%3 == 0 { // nobody comes for hours
					time.Sleep(scope.Box + time.Hour)
					for _, o := range l.find(runs) {
						if o.Pauses {
							t.Errorf("killed at change %d (after it: %t): %s", n, after, o.Words())
						}
					}
				}
				if err := l.undo(t.Context(), open); err != nil {
					t.Errorf("killed at change %d (after it: %t): %v", n, after, err)
				}
				if now := l.theirs(theirs); now != theirs.before {
					t.Errorf("killed at change %d (after it: %t), then undone:\n%s\nwant\n%s", n, after, now, theirs.before)
				}
				for _, o := range l.find(t.TempDir()) {
					t.Errorf("killed at change %d (after it: %t), then undone: %s", n, after, o.Words())
				}
			})
			if !reached {
				break
			}
			kills += stride
		}
	}
	if kills < 2*20 {
		t.Errorf("only %d kills were tried", kills)
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	found, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// An undo that is killed anywhere is completed by the next one.
func TestAnUndoKilledAnywhereIsCompletedByTheNext(t *testing.T) {
	kills := 0
	for _, after := range []bool{false, true} {
		for n := 1; ; n += stride {
			reached := false
			inTime(t, func(t *testing.T) {
				l := newLab(t, sandbox.Options{Seed: 3})
				theirs := l.decoy()
				if err := pause.New(l.world, l.pauseScope()).Begin(t.Context(), l.emit); err != nil {
					t.Fatal(err)
				}
				reached = l.killed(n, after, func(ctx context.Context) { _ = l.undo(ctx, l.find("")) })
				open := l.find("")
				if err := l.undo(t.Context(), open); err != nil {
					t.Error(err)
				}
				if now := l.theirs(theirs); now != theirs.before {
					t.Errorf("killed at change %d (after it: %t), then undone:\n%s\nwant\n%s", n, after, now, theirs.before)
				}
			})
			if !reached {
				break
			}
			kills += stride
		}
	}
	if kills < 2*8 {
		t.Errorf("only %d kills were tried", kills)
	}
}
