//go:build unix

package command_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	fistypes "github.com/aws/aws-sdk-go-v2/service/fis/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/drill/record"
)

// drilling kills drills with SIGKILL at random moments, and has the next commands
// name and undo what they left.
type drilling struct {
	*killing
	kind   record.Kind
	fis    map[string]*fis.Client // by region
	theirs string                 // all that stands, before any drill
	named  int                    // drills that the next command named
	stood  int                    // that had something of theirs in AWS when they died
	clean  int                    // after whose undo all was as before
}

func newDrilling(tb testing.TB, kind record.Kind) *drilling {
	tb.Helper()
	k := against(tb, "--time-scale", "10")
	d := &drilling{killing: k, kind: kind, fis: map[string]*fis.Client{}}
	config := aws.Config{BaseEndpoint: k.iam.Options().BaseEndpoint, Credentials: k.iam.Options().Credentials}
	for region := range k.s3 {
		config.Region = region
		d.fis[region] = fis.NewFromConfig(config)
	}
	k.consents = []string{"--merge"}
	k.plant()
	d.plantDrill()
	k.whole("apply")
	d.settle()
	d.theirs = d.stands()
	return d
}

// plantDrill makes what another pair's drill would have in the same account.
func (d *drilling) plantDrill() {
	d.tb.Helper()
	ctx := d.tb.Context()
	must := func(_ any, err error) {
		d.tb.Helper()
		if err != nil {
			d.tb.Fatal(err)
		}
	}
	region, _ := sideOf(0)
	archive, name := aws.String("their-archive"), aws.String("bothways-zzzzzz-fis-eu-west-1")
	must(d.s3[region].CreateBucket(ctx, &s3.CreateBucketInput{Bucket: archive, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)}}))
	must(d.s3[region].PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: archive, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("bothways:drill"), Value: aws.String("d9-zzzzzz-A")}}}}))
	role, err := d.iam.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: name, Path: aws.String("/bothways/"), AssumeRolePolicyDocument: aws.String(strings.Replace(theirTrust, "s3.amazonaws.com", "fis.amazonaws.com", 1)),
	})
	must(role, err)
	must(d.iam.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: name, PolicyName: aws.String("bothways-drill"), PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","tag:*"],"Resource":"*"}]}`),
	}))
	tags := map[string]string{"bothways:pair": "zzzzzz", "bothways:drill": "d9"}
	template, err := d.fis[region].CreateExperimentTemplate(ctx, &fis.CreateExperimentTemplateInput{
		ClientToken: aws.String("theirs"), Description: aws.String("theirs"), RoleArn: role.Role.Arn, Tags: tags,
		StopConditions: []fistypes.CreateExperimentTemplateStopConditionInput{{Source: aws.String("none")}},
		Targets: map[string]fistypes.CreateExperimentTemplateTargetInput{"B": {
			ResourceType: aws.String("aws:s3:bucket"), SelectionMode: aws.String("ALL"), ResourceTags: map[string]string{"bothways:drill": "d9-zzzzzz-A"},
		}},
		Actions: map[string]fistypes.CreateExperimentTemplateActionInput{"P": {
			ActionId: aws.String("aws:s3:bucket-pause-replication"), Targets: map[string]string{"Buckets": "B"}, Parameters: map[string]string{"duration": "PT12H", "region": "ap-southeast-1"},
		}},
	})
	must(template, err)
	must(d.fis[region].StartExperiment(ctx, &fis.StartExperimentInput{
		ClientToken: aws.String("theirs"), ExperimentTemplateId: template.ExperimentTemplate.Id, Tags: tags,
		ExperimentOptions: &fistypes.StartExperimentExperimentOptionsInput{ActionsMode: fistypes.ActionsModeSkipAll},
	}))
}

// settle waits until no experiment goes on: nobody ends one but its own duration.
func (d *drilling) settle() {
	d.tb.Helper()
	for deadline := time.Now().Add(patience); d.pausing() > 0; {
		if time.Now().After(deadline) {
			d.tb.Fatal("a pause does not end by itself")
		}
		time.Sleep(100 * time.Millisecond) // another process's time
	}
}

// pausing counts the experiments that go on.
func (d *drilling) pausing() (n int) {
	d.tb.Helper()
	for _, client := range d.fis {
		pages := fis.NewListExperimentsPaginator(client, &fis.ListExperimentsInput{})
		for pages.HasMorePages() {
			page, err := pages.NextPage(d.tb.Context())
			if err != nil {
				d.tb.Fatal(err)
			}
			for _, e := range page.Experiments {
				switch e.State.Status {
				case fistypes.ExperimentStatusCompleted, fistypes.ExperimentStatusStopped, fistypes.ExperimentStatusFailed, fistypes.ExperimentStatusCancelled:
				default:
					n++
				}
			}
		}
	}
	return n
}

// stands is all that a drill must leave as it was, in words, a line each: what
// is configured, what others made, and every version of every bucket.
func (d *drilling) stands() string {
	return strings.Join(slices.Concat(d.configured(), d.lies()), "\n")
}

// configured is stands without the objects.
func (d *drilling) configured() (all []string) {
	d.tb.Helper()
	ctx := d.tb.Context()
	note := func(err error, what string, parts ...any) {
		d.tb.Helper()
		if err != nil {
			d.tb.Fatal(err)
		}
		text, err := json.Marshal(parts)
		if err != nil {
			d.tb.Fatal(err)
		}
		all = append(all, what+" "+string(text))
	}
	roles, err := d.iam.ListRoles(ctx, &iam.ListRolesInput{})
	note(err, "roles")
	for _, r := range roles.Roles {
		policies, err := d.iam.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: r.RoleName})
		note(err, "role "+*r.RoleName, r.AssumeRolePolicyDocument)
		for _, name := range policies.PolicyNames {
			p, err := d.iam.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: r.RoleName, PolicyName: &name})
			note(err, "policy "+name, p.PolicyDocument)
		}
	}
	for i := range 2 {
		region, bucket := sideOf(i)
		rules, err := d.s3[region].GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &bucket})
		note(err, "rules of "+bucket, rules.ReplicationConfiguration)
		tags, err := d.s3[region].GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: &bucket})
		note(err, "tags of "+bucket, tags.TagSet)
		templates, err := d.fis[region].ListExperimentTemplates(ctx, &fis.ListExperimentTemplatesInput{})
		note(err, "templates", templates.ExperimentTemplates)
	}
	return all
}

// lies is every version of both buckets.
func (d *drilling) lies() (all []string) {
	d.tb.Helper()
	for i := range 2 {
		region, bucket := sideOf(i)
		pages := s3.NewListObjectVersionsPaginator(d.s3[region], &s3.ListObjectVersionsInput{Bucket: &bucket})
		for pages.HasMorePages() {
			page, err := pages.NextPage(d.tb.Context())
			if err != nil {
				d.tb.Fatal(err)
			}
			for _, v := range page.Versions {
				all = append(all, fmt.Sprint(bucket, " ", *v.Key, " ", *v.VersionId, " ", *v.ETag))
			}
			for _, m := range page.DeleteMarkers {
				all = append(all, fmt.Sprint(bucket, " marker ", *m.Key, " ", *m.VersionId))
			}
		}
	}
	return all
}

// state is a random one of the drill's, but for the first and the last, in which it
// does nothing.
func (d *drilling) state() record.State {
	states := record.States(d.kind)
	return states[1+rand.N(len(states)-2)]
}

// die starts a drill, and kills it a random while after it entered a state. It
// returns the drill's ID, and whether its journal leaves it open.
func (d *drilling) die(at record.State) (id string, open bool) {
	d.tb.Helper()
	ctx, cancel := context.WithTimeout(d.tb.Context(), 2*patience)
	defer cancel()
	line := slices.Concat([]string{"drill", "--json", "--kind", string(d.kind), "--anyway"}, thePair)
	if d.kind != record.Readiness {
		line = append(line, "--confirm", drillName(), "--canaries", "3", "--every", "250ms", "--box", "2m", "--drain", "2m")
	}
	if d.kind == record.Alarm {
		line = append(line, "--by-hand", "--merge")
	}
	c := d.command(ctx, line...)
	in, out := io.Pipe() // a hand that never presses a key
	defer out.Close()
	c.Stdin = in
	c.WaitDelay = time.Second
	said, err := c.StdoutPipe()
	if err != nil {
		d.tb.Fatal(err)
	}
	var told strings.Builder
	c.Stderr = &told
	if err := c.Start(); err != nil {
		d.tb.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	lines.Buffer(nil, 1<<20)
	armed, cleaned := false, false
	for lines.Scan() {
		var e struct {
			Event, Drill string
			State        record.State
			Reached      bool
		}
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		switch e.Event {
		case "drill":
			id = e.Drill
		case "drill_state":
			armed = armed || e.State == record.Armed && e.Reached
			cleaned = cleaned || e.State == record.Cleaned && e.Reached
			if e.State == at && !e.Reached {
				time.AfterFunc(rand.N(1500*time.Millisecond), func() { _ = c.Process.Kill() })
			}
		}
	}
	_ = in.Close()
	_ = c.Wait() // its end is what this is about
	if !c.ProcessState.Exited() {
		d.died++
	}
	if id == "" {
		d.tb.Fatalf("no drill began: %s", told.String())
	}
	return id, armed && !cleaned
}

func drillName() string {
	_, a := sideOf(0)
	_, b := sideOf(1)
	return a + "/" + b
}

// once kills a drill. Every other time its journal is lost, too, and of each two
// once nobody comes before AWS has ended the pause by itself.
func (d *drilling) once(n int, at record.State) {
	d.tb.Helper()
	id, open := d.die(at)
	lost, late := n%2 == 1, n%4 >= 2
	if lost {
		if err := os.RemoveAll(filepath.Join(d.home, ".local")); err != nil {
			d.tb.Fatal(err)
		}
	}
	if late {
		d.settle()
	}
	before := strings.Join(d.configured(), "\n")
	marked := !strings.HasPrefix(d.theirs, before+"\n")
	if marked {
		d.stood++
	}
	if marked || open && !lost {
		next := d.run(d.tb, slices.Concat([]string{"plan"}, d.consents, thePair)...)
		if !strings.Contains(next.stderr, "rill "+id+" is open") {
			d.tb.Fatalf("the next command does not name drill %s (journal lost: %t): exit %d: %s%s", id, lost, next.code, next.stderr, next.stdout)
		}
		d.named++
	}
	if r := d.run(d.tb, slices.Concat([]string{"drill", "undo", "--yes"}, thePair)...); r.code != 0 {
		d.tb.Fatalf("drill undo exits %d: %s%s", r.code, r.stderr, r.stdout)
	}
	d.settle()
	if now := d.stands(); now != d.theirs {
		d.tb.Fatalf("after drill %s was killed and undone (journal lost: %t, marked: %t, open: %t):\n%s", id, lost, marked, open, differing(now, d.theirs))
	}
	if r := d.run(d.tb, slices.Concat([]string{"plan"}, d.consents, thePair)...); strings.Contains(r.stderr, "is open") {
		d.tb.Fatalf("after its undo drill %s is still named: %s", id, r.stderr)
	}
	d.clean++
}

func differing(now, was string) string {
	a, b := strings.Split(now, "\n"), strings.Split(was, "\n")
	return "more: " + strings.Join(more(a, b), "\n      ") + "\nless: " + strings.Join(more(b, a), "\n      ")
}

// TestAKilledDrillIsNamedAndUndone is the same, once, while the pause is made.
func TestAKilledDrillIsNamedAndUndone(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills programs")
	}
	t.Parallel()
	newDrilling(t, record.Pause).once(0, record.Isolating)
}

// worldsEach is how many sandboxes are drilled side by side for each processor: a
// drill waits for most of its time.
const worldsEach = 3

// BenchmarkDrillKill kills drills of each kind again and again, in several sandboxes
// at once:
//
//	go test -run '^$' -bench DrillKill -benchtime 100x -timeout 2h ./ui/command
//
// With -cpu 1 there are half as many sandboxes as on two processors.
func BenchmarkDrillKill(b *testing.B) {
	for _, kind := range record.Kinds() {
		b.Run(string(kind), func(b *testing.B) {
			var (
				counting                  sync.Mutex
				begun                     atomic.Int64
				died, stood, named, clean int
			)
			b.SetParallelism(worldsEach)
			b.RunParallel(func(next *testing.PB) {
				var d *drilling
				for next.Next() {
					if d == nil { // there may be more worlds than drills
						d = newDrilling(b, kind)
					}
					d.once(int(begun.Add(1)), d.state())
				}
				if d != nil {
					counting.Lock()
					defer counting.Unlock()
					died, stood, named, clean = died+d.died, stood+d.stood, named+d.named, clean+d.clean
				}
			})
			b.ReportMetric(float64(died), "killed")
			b.ReportMetric(float64(stood), "with-marks")
			b.ReportMetric(float64(named), "named")
			b.ReportMetric(float64(clean), "clean")
		})
	}
}
