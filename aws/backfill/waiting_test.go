package backfill_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	jobtypes "github.com/aws/aws-sdk-go-v2/service/s3control/types"
	"github.com/aws/smithy-go/middleware"

	"bothways/aws/backfill"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/sandbox"
	"bothways/aws/sandbox/fault"
)

// older is a pair with so many versions on side A from before its rules.
func older(t *testing.T, n int) *lab {
	t.Helper()
	l := newLab(t)
	l.versioned()
	for i := range n {
		l.put(pair.A, keyOf("older", i), "x")
	}
	l.setUp()
	l.settle()
	return l
}

// An account has six places for jobs. Whoever has none is told so, and waits.
func TestAFullAccountIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := older(t, 3)
		p := l.prepare(l.asked())
		_, err := l.box.Inject(sandbox.Fault{
			Kind: fault.Broken, Operation: "CreateJob", Status: 400, Code: "TooManyRequestsException", Message: "too many jobs", For: fault.Span(3 * time.Hour),
		})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		var seen events
		result, err := backfill.Apply(t.Context(), p, seen.emit)
		if err != nil || result.Left() > 0 || result.There != 3 {
			t.Fatalf("%+v, %v", result, err)
		}
		if took := time.Since(begun); took < 2*time.Hour {
			t.Errorf("it took %s: then nothing was full", took)
		}
		told := false
		for _, e := range of[step.Event](&seen) {
			told = told || strings.Contains(e.Detail, "at most six")
		}
		if !told {
			t.Error("nobody is told what is waited for")
		}
		l.nothingOfOurs()
	})
}

// A job that wants to be confirmed says how, waits, and goes on once it is.
func TestAJobThatWantsToBeConfirmedSaysHow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := older(t, 2)
		l.confirming()
		p := l.prepare(l.asked())
		var seen events
		confirmed := false
		result, err := backfill.Apply(t.Context(), p, func(e pair.Event) {
			seen.emit(e)
			at, is := e.(backfill.Progress)
			if !is || at.State != "Suspended" || confirmed {
				return
			}
			for _, want := range []string{"waits for being confirmed, for 30 days", "update-job-status", "--requested-job-status Ready"} {
				if !strings.Contains(at.Note, want) {
					t.Errorf("nothing says %q: %q", want, at.Note)
				}
			}
			confirmed = true
			l.update(at.JobID, "Ready")
		})
		if err != nil || !confirmed || result.Left() > 0 || result.There != 2 {
			t.Fatalf("confirmed: %t; %+v, %v", confirmed, result, err)
		}
	})
}

// A job that S3 pauses for others of higher priority is shown as that, with the line
// that puts it first, and waited for however long that takes.
func TestAJobThatIsPausedSaysWhatForAndIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := older(t, 2)
		p := l.prepare(l.asked())
		var seen events
		since, paused := time.Time{}, 5*time.Hour
		l.wire.answer = func(r *http.Request) *http.Response {
			if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/v20180820/jobs/") || strings.HasSuffix(r.URL.Path, "/tagging") {
				return nil
			}
			out, err := l.wire.next.RoundTrip(r)
			if err != nil {
				return nil
			}
			text, err := io.ReadAll(out.Body)
			if err != nil {
				t.Error(err)
			}
			if since.IsZero() {
				since = time.Now()
			}
			if time.Since(since) < paused {
				text = regexp.MustCompile("<Status>[A-Za-z]+</Status>").ReplaceAll(text, []byte("<Status>Paused</Status>"))
			}
			out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
			return out
		}
		result, err := backfill.Apply(t.Context(), p, seen.emit)
		if err != nil || result.Left() > 0 || result.There != 2 || time.Since(since) < paused {
			t.Fatalf("%+v, %v", result, err)
		}
		notes := 0
		for _, at := range of[backfill.Progress](&seen) {
			if at.State != "Paused" {
				continue
			}
			notes++
			for _, want := range []string{"higher priority", "six places", "by itself", "update-job-priority", at.JobID} {
				if !strings.Contains(at.Note, want) {
					t.Errorf("nothing says %q: %q", want, at.Note)
				}
			}
		}
		if notes == 0 {
			t.Error("nobody is told that it is paused")
		}
		l.nothingOfOurs()
	})
}

// confirming has every job of side A wait for being confirmed.
func (l *lab) confirming() {
	options := l.world.A.Control.Options()
	options.APIOptions = append(options.APIOptions, func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("confirm", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) { //nolint:misspell // the SDK spells it so
			if job, is := in.Parameters.(*s3control.CreateJobInput); is {
				job.ConfirmationRequired = aws.Bool(true)
			}
			return next.HandleInitialize(ctx, in)
		}), middleware.Before)
	})
	l.world.A.Control = s3control.New(options)
}

// update changes a job of side A as its owner would.
func (l *lab) update(id string, status string) {
	l.Helper()
	who, err := l.world.A.Identify(context.Background())
	if err != nil {
		l.Error(err)
		return
	}
	_, err = l.world.A.Control.UpdateJobStatus(context.Background(), &s3control.UpdateJobStatusInput{
		AccountId: &who.Account, JobId: &id, RequestedJobStatus: requested(status),
	})
	if err != nil {
		l.Error(err)
	}
}

// A job that its owner cancels ends the run with what is left, which the next one
// puts right by another job.
func TestACancelledJobLeavesTheRestToTheNextRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := older(t, 40)
		asked := l.asked()
		p := l.prepare(asked)
		cancelled := ""
		var seen events
		result, err := backfill.Apply(t.Context(), p, func(e pair.Event) {
			seen.emit(e)
			if at, is := e.(backfill.Progress); is && cancelled == "" && (at.State == "Preparing" || at.State == "Ready" || at.State == "Active") {
				cancelled = at.JobID
				l.update(at.JobID, "Cancelled")
			}
		})
		if err != nil || cancelled == "" || result.Left() == 0 {
			t.Fatalf("cancelled %q: %+v, %v", cancelled, result, err)
		}
		said := false
		for _, e := range of[step.Event](&seen) {
			said = said || strings.Contains(e.Detail, "somebody cancelled it")
		}
		if !said {
			t.Error("nothing says that somebody cancelled it")
		}
		l.world.RunID = "20261130-110000-again"
		if result, _ := l.fill(asked); result.Left() > 0 {
			t.Errorf("the next run leaves %+v", result)
		}
		l.settle()
		if rows := l.differences(); len(rows) > 0 {
			t.Errorf("%d differences after, such as %+v", len(rows), rows[0])
		}
		l.nothingOfOurs()
	})
}

// S3 forgets jobs 90 days after their end. A run that comes back then asks for
// another, and finds what the first one did.
func TestAJobThatS3HasForgottenIsNoObstacle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := older(t, 3)
		asked := l.asked()
		p := l.prepare(asked)
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := backfill.Apply(ctx, p, func(e pair.Event) {
			if _, is := e.(backfill.Job); is {
				cancel()
			}
		}); err == nil {
			t.Fatal("it was to be interrupted")
		}
		time.Sleep(100 * 24 * time.Hour)
		l.put(pair.A, "new", "x")
		l.settle()
		l.world.RunID = "20261130-110000-again"
		result, _ := l.fill(asked)
		if result.Left() > 0 || result.Alone() > 0 {
			t.Errorf("%+v", result)
		}
		l.nothingOfOurs()
	})
}

// More than a job takes is split over several, each with a manifest of its own.
func TestWhatIsTooMuchForOneJobIsSplit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := older(t, 25)
		asked := l.asked()
		asked.MostTasks = 10
		p := l.prepare(asked)
		var seen events
		result, err := backfill.Apply(t.Context(), p, seen.emit)
		if err != nil || result.Left() > 0 || result.There != 25 {
			t.Fatalf("%+v, %v", result, err)
		}
		jobs := map[string]bool{}
		for _, j := range of[backfill.Job](&seen) {
			jobs[j.ID] = true
		}
		if len(jobs) != 3 {
			t.Errorf("%d jobs, want 3", len(jobs))
		}
		if rows := l.differences(); len(rows) > 0 {
			t.Errorf("%d differences after", len(rows))
		}
		l.nothingOfOurs()
	})
}

// A bucket of one's own takes manifests and reports, encrypted with a key of its
// account. It stays, and what others keep in it, and nothing of the run stays there.
func TestAReportBucketOfOnesOwnStaysAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := older(t, 3)
		name := aws.String("bothways-fill-reports-of-theirs")
		if _, err := l.client(pair.A).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(testPair.A.Region)}}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.client(pair.A).PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{Bucket: name, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms}}},
		}}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.client(pair.A).PutObject(t.Context(), &s3.PutObjectInput{Bucket: name, Key: aws.String("theirs"), Body: strings.NewReader("x")}); err != nil {
			t.Fatal(err)
		}
		asked := l.asked()
		asked.Buckets = map[pair.SideName]string{pair.A: *name}
		result, _ := l.fill(asked)
		if result.Left() > 0 || result.There != 3 {
			t.Errorf("%+v", result)
		}
		out, err := l.client(pair.A).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: name})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Versions) != 1 || *out.Versions[0].Key != "theirs" || len(out.DeleteMarkers) > 0 {
			t.Errorf("%d versions and %d markers lie in their bucket", len(out.Versions), len(out.DeleteMarkers))
		}
		l.nothingOfOurs()
	})
}

// A list that is encrypted with a key of KMS can't be read by a job, so manifests are
// written with S3's own keys whatever their bucket would take; a bucket whose policy
// wants its owner's key refuses that, and is named with what helps.
func TestABucketThatWantsACustomersKeyIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := older(t, 3)
		name := "bothways-fill-with-their-key"
		if _, err := l.client(pair.A).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(testPair.A.Region)}}); err != nil {
			t.Fatal(err)
		}
		key := "arn:aws:kms:" + testPair.A.Region + ":000000000000:key/11111111-2222-3333-4444-555555555555"
		// Nobody may use it, neither these credentials nor the job's role.
		if err := l.box.PutKMSKey(sandbox.KMSKey{ARN: key, State: "Disabled"}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.client(pair.A).PutBucketEncryption(t.Context(), &s3.PutBucketEncryptionInput{Bucket: &name, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
			Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: &key}}},
		}}); err != nil {
			t.Fatal(err)
		}
		wants := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::` + name + `/*","Condition":{"StringNotEquals":{"s3:x-amz-server-side-encryption":"aws:kms"}}}]}`
		if _, err := l.client(pair.A).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &name, Policy: &wants}); err != nil {
			t.Fatal(err)
		}
		asked := l.asked()
		asked.Buckets = map[pair.SideName]string{pair.A: name}
		_, err := backfill.Apply(t.Context(), l.prepare(asked), func(pair.Event) {})
		if err == nil {
			t.Fatal("it was written against the policy")
		}
		for _, want := range []string{name, "SSE-S3", "--report-bucket-a"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("nothing says %q: %v", want, err)
			}
		}
		if _, err := l.client(pair.A).DeleteBucketPolicy(t.Context(), &s3.DeleteBucketPolicyInput{Bucket: &name}); err != nil {
			t.Fatal(err)
		}
		if result, _ := l.fill(asked); result.Left() > 0 || result.There != 3 {
			t.Errorf("%+v", result)
		}
		l.nothingOfOurs()
	})
}

func requested(status string) jobtypes.RequestedJobStatus { return jobtypes.RequestedJobStatus(status) }
