package drill_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/fis"
	fistypes "github.com/aws/aws-sdk-go-v2/service/fis/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/drill"
	"bothways/aws/drill/opened"
	"bothways/aws/drill/pause"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/sandbox"
)

func (l *lab) do(_ any, err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// fill gives side A's bucket as many tags as a bucket can have.
func (l *lab) fill() {
	l.Helper()
	set := make([]types.Tag, 50)
	for i := range set {
		set[i] = types.Tag{Key: aws.String(fmt.Sprint("theirs", i)), Value: aws.String("x")}
	}
	l.do(l.world.A.S3.PutBucketTagging(l.Context(), &s3.PutBucketTaggingInput{Bucket: &testPair.A.Bucket, Tagging: &types.Tagging{TagSet: set}}))
}

// others have an experiment of their own pause side A's bucket.
func (l *lab) others() {
	l.Helper()
	ctx, name := l.Context(), aws.String("theirs")
	l.do(l.world.A.S3.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: &testPair.A.Bucket, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: name, Value: aws.String("x")}}}}))
	role, err := l.world.A.IAM.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: name, AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"fis.amazonaws.com"},"Action":"sts:AssumeRole"}]}`),
	})
	l.do(role, err)
	l.do(l.world.A.IAM.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: name, PolicyName: name, PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","tag:*"],"Resource":"*"}]}`),
	}))
	template, err := l.world.A.FIS.CreateExperimentTemplate(ctx, &fis.CreateExperimentTemplateInput{
		ClientToken: name, Description: name, RoleArn: role.Role.Arn,
		StopConditions: []fistypes.CreateExperimentTemplateStopConditionInput{{Source: aws.String("none")}},
		Targets: map[string]fistypes.CreateExperimentTemplateTargetInput{"B": {
			ResourceType: aws.String("aws:s3:bucket"), SelectionMode: aws.String("ALL"), ResourceTags: map[string]string{"theirs": "x"},
		}},
		Actions: map[string]fistypes.CreateExperimentTemplateActionInput{"P": {
			ActionId: aws.String("aws:s3:bucket-pause-replication"), Targets: map[string]string{"Buckets": "B"}, Parameters: map[string]string{"duration": "PT12H", "region": testPair.B.Region},
		}},
	})
	l.do(template, err)
	l.do(l.world.A.FIS.StartExperiment(ctx, &fis.StartExperimentInput{ClientToken: name, ExperimentTemplateId: template.ExperimentTemplate.Id}))
	time.Sleep(time.Minute) // virtual
}

// answered has the wire answer some requests in place of the sandbox.
func (l *lab) answered(which func(*http.Request) bool, status int, code string) {
	l.wire.meddles(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if !which(r) {
			return next.RoundTrip(r)
		}
		header := http.Header{"X-Amzn-Errortype": {code}, "Content-Type": {"application/json"}}
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(`{"message":"as this test wants it"}`)), Request: r}, nil
	})
}

// Where an account has too many templates, the drill says so in AWS's words, and
// takes back what it had made until then.
func TestAQuotaOfAWSIsNamedAndNothingStays(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		theirs := l.decoy()
		l.answered(func(r *http.Request) bool {
			return r.Method == http.MethodPost && r.URL.Path == "/experimentTemplates" && strings.Contains(r.Header.Get("Authorization"), "/"+testPair.B.Region+"/")
		}, http.StatusPaymentRequired, "ServiceQuotaExceededException")
		result, err := drill.Run(t.Context(), l.paused(l.pauseScope()), l.emit)
		if err == nil || result.Verdict != record.Errored || result.Undo != record.Complete || !strings.Contains(result.Error, "ServiceQuotaExceededException") {
			t.Errorf("got %+v, %v", result, err)
		}
		l.wire.meddles(nil)
		if now := l.theirs(theirs); now != theirs.before {
			t.Errorf("after it stands\n%s\nwant\n%s", now, theirs.before)
		}
	})
}

// What isn't healthy is drilled only where that was asked for, and it is said.
func TestAPairWhoseSidesDifferIsDrilledOnlyWhereThatIsAskedFor(t *testing.T) {
	for _, anyway := range []bool{false, true} {
		inTime(t, func(t *testing.T) {
			l := newLab(t, sandbox.Options{Seed: 3})
			scope := l.scope(record.Cut)
			scope.Anyway = anyway
			cfg := l.cut(scope)
			cfg.Compare = func(_ context.Context, m record.Moment) (record.Compared, error) {
				return record.Compared{Clean: m != record.Before, Whole: true, Why: "7 versions differ"}, nil
			}
			result, err := drill.Run(t.Context(), cfg, l.emit)
			_, refused := errors.AsType[*drill.UnhealthyError](err)
			if refused == anyway || (result.Verdict == record.Passed) != anyway || result.Undo != record.Complete {
				t.Errorf("asked for: %t; got %+v, %v", anyway, result, err)
			}
			said := false
			for _, c := range of[record.Change](l) {
				said = said || c.State == record.Checked && strings.Contains(c.Why, "asked for all the same")
			}
			if said != anyway {
				t.Errorf("asked for: %t; it is said: %t", anyway, said)
			}
		})
	}
}

// No steady state, no drill.
func TestAPairWithoutASteadyStateIsNotDrilled(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		l.do(nil, l.box.SetFaults([]sandbox.Fault{{Kind: "cut", From: testPair.A.Region, To: testPair.B.Region}}))
		result, err := drill.Run(t.Context(), l.cut(l.scope(record.Cut)), l.emit)
		if _, refused := errors.AsType[*drill.UnhealthyError](err); !refused || !strings.Contains(err.Error(), "steady state") || result.Verdict != record.Errored {
			t.Errorf("got %+v, %v", result, err)
		}
		for _, c := range of[record.Change](l) {
			if c.State == record.Armed {
				t.Error("it arms itself")
			}
		}
	})
}

// A pair in two accounts pauses in each of them, and an undo by both takes all
// back.
func TestAPauseOfAPairInTwoAccountsLeavesNothingInEither(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := apart(t)
		scope := l.pauseScope()
		scope.Accounts[pair.B], scope.Callers[pair.B] = partner, "arn:aws:iam::"+partner+":user/operator"
		result, err := drill.Run(t.Context(), l.paused(scope), l.emit)
		if err != nil || result.Verdict != record.Passed || result.Undo != record.Complete || len(result.Left) > 0 {
			t.Errorf("got %+v, %v", result, err)
		}
		l.wire.reset()
		if l.killed(9, true, func(ctx context.Context) { _ = pause.New(l.world, scope).Begin(ctx, l.emit) }) {
			open := l.find(t.TempDir())
			if len(open) != 1 || open[0].Drill != scope.Drill {
				t.Errorf("after a kill %+v is open", open)
			}
			if err := l.undo(t.Context(), open); err != nil {
				t.Error(err)
			}
			for _, o := range l.find(t.TempDir()) {
				t.Error(o.Words())
			}
		}
	})
}

const partner = "111111111111"

// apart is a lab whose side B is another account's.
func apart(t *testing.T) *lab {
	t.Helper()
	l := newBox(t, sandbox.Options{Seed: 3})
	user := sandbox.User{Name: "operator", AccessKeyID: "AKIAOPERATOROFSIDEB0", SecretAccessKey: "secret", Administrator: true}
	if err := l.box.AddAccount(sandbox.Account{ID: partner, Users: []sandbox.User{user}}); err != nil {
		t.Fatal(err)
	}
	access := l.access
	access.Credentials = credentials.NewStaticCredentialsProvider(user.AccessKeyID, user.SecretAccessKey, "")
	var err error
	if l.world.B, err = access.Open(t.Context(), testPair.B.Region); err != nil {
		t.Fatal(err)
	}
	found, err := plan.Look(t.Context(), l.world)
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Apply(t.Context(), plan.SetUp(found), func(pair.Event) {}); err != nil {
		t.Fatal(err)
	}
	return l
}

// Where the network of one side is gone at the end of a pause, what can be taken
// back is, the rest is named, and the next undo takes it.
func TestAPauseWhoseNetworkIsGoneOnOneSideIsTakenBackByTheNextUndo(t *testing.T) {
	inTime(t, func(t *testing.T) {
		l := newLab(t, sandbox.Options{Seed: 3})
		theirs, scope := l.decoy(), l.pauseScope()
		cfg := l.paused(scope)
		var gone atomic.Bool
		l.wire.meddles(func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
			if gone.Load() && strings.Contains(r.Header.Get("Authorization"), "/"+testPair.B.Region+"/") {
				return nil, errors.New("no route to host")
			}
			return next.RoundTrip(r)
		})
		cfg.Decide = func(context.Context) (string, error) {
			gone.Store(true)
			return "at once", nil
		}
		result, err := drill.Run(t.Context(), cfg, l.emit)
		if err == nil || result.Undo != record.Incomplete || len(result.Left) == 0 {
			t.Errorf("got %+v, %v", result, err)
		}
		gone.Store(false)
		open := opened.Glance(t.Context(), l.world, t.TempDir(), func(string) bool { return false })
		if len(open) != 1 || open[0].Drill != scope.Drill {
			t.Errorf("%+v is open", open)
		}
		if err := l.undo(t.Context(), open); err != nil {
			t.Error(err)
		}
		if now := l.theirs(theirs); now != theirs.before {
			t.Errorf("after the undo stands\n%s\nwant\n%s", now, theirs.before)
		}
	})
}
