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
