package replication_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
	"bothways/aws/sandbox/fault"
)

// keys are those of all versions in a side's bucket, each once.
func (l *lab) keys(t *testing.T, side pair.SideName) []string {
	t.Helper()
	out, err := l.clients(side).S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(l.world.Pair.Side(side).Bucket)})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, v := range out.Versions {
		keys = append(keys, *v.Key)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// What a run that was killed left is told by the next plan and by the doctor,
// and goes without the pair that it lies in.
func TestACleanUpRemovesWhatRunsLeftAndNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		if f := leftOf(l.setUp(t).Findings); f != "" {
			t.Errorf("nothing was left, and yet: %s", f)
		}
		for _, key := range []string{"killed-1", "killed-2"} {
			l.probe(t, key, false)
		}
		theirs := testPair.ProbePrefix() + "theirs"
		l.put(t, pair.A, theirs)
		l.put(t, pair.A, "a-file.txt")
		upload, err := l.world.B.S3.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: &testPair.B.Bucket, Key: aws.String(testPair.ProbeKey("test", "00ff", 1, "ABCDEFGH"))})
		if err != nil {
			t.Fatal(err)
		}
		pass(20 * time.Minute) // the replicas have landed

		proposed := l.setUp(t)
		if f := leftOf(proposed.Findings); !strings.Contains(f, "3 versions lie") || !strings.Contains(f, "bothways clean") {
			t.Errorf("the plan says %q", f)
		}
		found := l.survey(t)
		diagnosis, err := doctor.Examine(t.Context(), l.world, doctor.ExamineOptions{}, func(pair.Event) {})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(diagnosis.Troubles, func(x doctor.Trouble) bool {
			return x.Missing == "left-overs" && x.Severity == survey.Note && strings.Contains(x.Todo, "bothways clean")
		}) || !diagnosis.Healthy() {
			t.Errorf("the doctor says %v", diagnosis.Troubles)
		}

		clean := plan.CleanUp(found)
		if clean.Purpose != pair.CleanUp || slices.ContainsFunc(clean.Steps, func(s step.Step) bool { return s.Kind != step.KindObjects }) {
			t.Errorf("the plan removes %v", clean.Steps)
		}
		if err := plan.Apply(context.Background(), clean, (&log{}).emit); err != nil {
			t.Fatal(err)
		}
		for _, side := range pair.Sides() {
			if got := l.keys(t, side); !slices.Equal(got, []string{"a-file.txt", theirs}) {
				t.Errorf("side %s holds %s", side, got)
			}
		}
		if _, err := l.world.B.S3.ListParts(t.Context(), &s3.ListPartsInput{Bucket: &testPair.B.Bucket, Key: upload.Key, UploadId: upload.UploadId}); err == nil {
			t.Error("the unfinished upload is still there")
		}
		if again := l.setUp(t); again.Changes() > 0 {
			t.Errorf("the pair was changed: %v", again.Steps)
		}
	})
}

func leftOf(findings []survey.Finding) string {
	for _, f := range findings {
		if strings.Contains(f.Title, "where canaries and probe objects go") {
			return f.Title + " " + f.Meaning
		}
	}
	return ""
}

func TestACleanUpOfNothingSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		clean := plan.CleanUp(l.survey(t))
		if len(clean.Steps) > 0 || len(clean.Blocked()) > 0 {
			t.Errorf("%v %v", clean.Steps, clean.Findings)
		}
	})
}

// A side is swept while the other one waits for what is under way, which then lands
// where nobody would look any more.
func TestWhatArrivesAfterItsSideWasSweptIsRemoved(t *testing.T) {
	for name, removal := range map[string]func(*survey.Survey) plan.Plan{
		"clean":   plan.CleanUp,
		"destroy": func(s *survey.Survey) plan.Plan { return plan.TearDown(s, plan.TearDownOptions{}) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				applyAny(t, l.setUp(t))
				l.probe(t, "killed", false)
				var events log
				if err := plan.Apply(t.Context(), removal(l.survey(t)), events.emit); err != nil {
					t.Fatal(err)
				}
				// Without its rules the pair sends nothing more.
				if said := events.detail("remove-objects-late"); said != "1 late version removed" && name == "clean" {
					t.Errorf("it says %q", said)
				}
				pass(20 * time.Minute)
				for _, side := range pair.Sides() {
					if got := l.keys(t, side); len(got) > 0 {
						t.Errorf("side %s holds %s", side, got)
					}
				}
			})
		})
	}
}

// What was removed before it had landed may still come: AWS does not say, so it is
// looked for as long as that can be. What had landed is not waited for.
func TestACleanUpLooksForAsLongAsSomethingMayCome(t *testing.T) {
	for _, row := range []struct {
		name   string
		landed bool
		most   time.Duration
		least  time.Duration
	}{{"all had landed", true, 5 * time.Second, 0}, {"one had not", false, 4 * time.Minute, 3 * time.Minute}} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				applyAny(t, l.setUp(t))
				if !row.landed {
					if _, err := l.box.Inject(sandbox.Fault{Kind: fault.Cut, From: "eu-west-1", To: "ap-southeast-1"}); err != nil {
						t.Fatal(err)
					}
				}
				l.probe(t, "killed", false)
				if row.landed {
					pass(20 * time.Minute)
				}
				clean, began := plan.CleanUp(l.survey(t)), time.Now()
				var events log
				if err := plan.Apply(t.Context(), clean, events.emit); err != nil {
					t.Fatal(err)
				}
				if took := time.Since(began); took < row.least || took > row.most {
					t.Errorf("it took %s", took)
				}
				if waited := slices.ContainsFunc(events.all, func(e step.Event) bool {
					return strings.Contains(e.Detail, "1 object was removed before landing on the other side; looking for")
				}); waited == row.landed {
					t.Errorf("it says that it waits: %t", waited)
				}
			})
		})
	}
}
