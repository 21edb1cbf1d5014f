package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"
)

// states are those of jobs, as their ids are given.
func (w *world) states(ids ...string) string {
	w.Helper()
	var all []string
	for _, id := range ids {
		all = append(all, string(w.describe(id).Status))
	}
	return strings.Join(all, " ")
}

func (w *world) updateTo(id string, status control.RequestedJobStatus) error {
	_, err := w.control(ireland).UpdateJobStatus(w.Context(), &s3control.UpdateJobStatusInput{
		AccountId: aws.String(account), JobId: &id, RequestedJobStatus: status, StatusUpdateReason: aws.String("because"),
	})
	return err
}

func TestAJobThatIsNotSaidToNeedNoConfirmationWaitsForOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one")
		in := order(w.batchRole("batch", batchActions...), w.manifest("reports", ireland, "side-a,one,"+versions["one"]))
		in.ConfirmationRequired = nil
		id := w.create(in)
		if err := w.updateTo(id, "Ready"); code(err) != "JobStatusException" {
			t.Errorf("confirming a job that is new: %v", err)
		}
		pass(time.Hour)
		j := w.describe(id)
		if counts(j) != "Suspended 1/0/0" || *j.SuspendedCause != "AwaitingConfirmation" || j.SuspendedDate == nil || !*j.ConfirmationRequired {
			t.Errorf("it is %s: %+v", counts(j), j)
		}
		must(t, 0, w.updateTo(id, "Ready"))
		if j := w.ends(id); counts(j) != "Complete 1/1/0" || *j.StatusUpdateReason != "because" {
			t.Errorf("it ended as %s, %v", counts(j), j.StatusUpdateReason)
		}
		if err := w.updateTo(id, "Cancelled"); code(err) != "JobStatusException" {
			t.Errorf("cancelling a job that has ended: %v", err)
		}
		in.ClientRequestToken = aws.String("again")
		id = w.create(in)
		pass(30*24*time.Hour + time.Minute)
		if j := w.describe(id); counts(j) != "Failed 1/0/0" || len(j.FailureReasons) != 1 {
			t.Errorf("after 30 days it is %s, %+v", counts(j), j.FailureReasons)
		}
	})
}

func TestAJobThatIsCancelledReportsWhatItHasDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one")
		cold := *w.put("side-b", singapore, "elsewhere", "x").VersionId
		restore := w.sandbox.CutDirection(ireland, singapore)
		id := w.create(order(w.batchRole("batch", batchActions...), w.manifest("reports", ireland, "side-a,one,"+versions["one"], "side-b,elsewhere,"+cold)))
		pass(time.Minute)
		if got := counts(w.describe(id)); got != "Active 2/0/1" {
			t.Fatalf("it is %s", got)
		}
		must(t, 0, w.updateTo(id, "Cancelled"))
		if got := w.states(id); got != "Cancelling" {
			t.Errorf("it is %s", got)
		}
		pass(time.Minute)
		if got := counts(w.describe(id)); got != "Cancelled 2/0/1" {
			t.Errorf("it is %s", got)
		}
		if got := w.report("reports", "out/", id); len(got) != 1 || !strings.Contains(got[0], "SrcBucketInvalidRegion") {
			t.Errorf("the report says %q", got)
		}
		restore()
		pass(time.Minute)
		if got := w.status("side-a", ireland, "one"); got != "COMPLETED" {
			t.Errorf("what it began reads %s", got)
		}
	})
}

func TestJobsAreListedPageByPageTheNewestFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one")
		role, m := w.batchRole("batch", batchActions...), w.manifest("reports", ireland, "side-a,one,"+versions["one"])
		var want []string
		for i := range 5 {
			in := order(role, m)
			in.ClientRequestToken, in.Description = aws.String(fmt.Sprint(i)), aws.String(fmt.Sprint("job ", i))
			in.ConfirmationRequired = aws.Bool(i == 4)
			want = append(want, w.create(in))
			pass(time.Minute)
		}
		slices.Reverse(want)
		list := func(statuses ...control.JobStatus) (ids []string) {
			pages := s3control.NewListJobsPaginator(w.control(ireland), &s3control.ListJobsInput{
				AccountId: aws.String(account), JobStatuses: statuses, MaxResults: aws.Int32(2),
			})
			for pages.HasMorePages() {
				page, err := pages.NextPage(t.Context())
				for _, j := range must(t, page, err).Jobs {
					ids = append(ids, *j.JobId)
					if j.Operation != "S3ReplicateObject" || !strings.HasPrefix(*j.Description, "job ") || *j.ProgressSummary.TotalNumberOfTasks != 1 {
						t.Errorf("listed as %+v", j)
					}
				}
			}
			return ids
		}
		if got := list(); !slices.Equal(got, want) {
			t.Errorf("listed %q, want %q", got, want)
		}
		if got := list("Complete", "Failed"); !slices.Equal(got, want[1:]) {
			t.Errorf("listed %q as ended, want %q", got, want[1:])
		}
		_, err := w.control(ireland).ListJobs(t.Context(), &s3control.ListJobsInput{AccountId: aws.String(account), NextToken: aws.String("none")})
		if code(err) != "InvalidNextTokenException" {
			t.Errorf("a token of nobody: %v", err)
		}
		if out, err := w.control(singapore).ListJobs(t.Context(), &s3control.ListJobsInput{AccountId: aws.String(account)}); len(must(t, out, err).Jobs) != 0 {
			t.Errorf("jobs are listed in another region: %+v", out.Jobs)
		}
		pass(90*24*time.Hour - 2*time.Minute)
		if got := list(); len(got) == 0 {
			t.Error("the jobs are gone before 90 days have passed")
		}
		pass(24 * time.Hour)
		_, err = w.control(ireland).DescribeJob(t.Context(), &s3control.DescribeJobInput{AccountId: aws.String(account), JobId: &want[1]})
		refused(t, err, "NoSuchJob", "The specified job does not exist")
	})
}

func TestAJobFailsWhenMoreThanHalfOfAThousandTasksHave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one")
		var lines []string
		for i := range 5000 {
			lines = append(lines, fmt.Sprintf("side-a,gone-%d,%s", i, versions["one"]))
		}
		id := w.create(order(w.batchRole("batch", batchActions...), w.manifest("reports", ireland, lines...)))
		j := w.ends(id)
		if counts(j) != "Failed 5000/0/1000" || len(j.FailureReasons) != 1 {
			t.Errorf("it ended as %s: %+v", counts(j), j.FailureReasons)
		}
		if got := w.report("reports", "out/", id); len(got) != 1000 {
			t.Errorf("the report has %d rows", len(got))
		}
		in := order(*j.RoleArn, w.manifest("reports", ireland, lines[:999]...))
		in.ClientRequestToken = aws.String("fewer")
		if j := w.ends(w.create(in)); counts(j) != "Complete 999/0/999" {
			t.Errorf("it ended as %s", counts(j))
		}
	})
}

func TestSixJobsRunAtOnceAndOthersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one")
		restore := w.sandbox.CutDirection(ireland, singapore)
		role, m := w.batchRole("batch", batchActions...), w.manifest("reports", ireland, "side-a,one,"+versions["one"])
		var ids []string
		for i := range 7 {
			in := order(role, m)
			in.ClientRequestToken = aws.String(fmt.Sprint(i))
			ids = append(ids, w.create(in))
		}
		pass(time.Minute)
		if got := w.states(ids...); strings.Count(got, "Active") != 6 || strings.Count(got, "Ready") != 1 {
			t.Errorf("they are %s", got)
		}
		restore()
		pass(time.Minute)
		if got := w.states(ids...); got != strings.TrimSpace(strings.Repeat("Complete ", 7)) {
			t.Errorf("they are %s", got)
		}
	})
}

func TestAJobOfAHigherPriorityPausesThoseOnOtherBuckets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one", "two")
		w.bucket("side-c", ireland)
		other := *w.put("side-c", ireland, "one", "x").VersionId
		must(t, 0, w.replicate("side-c", ireland, "arn:aws:iam::"+account+":role/r", rule("side-b")))
		restore := w.sandbox.CutDirection(ireland, singapore)
		role := w.batchRole("batch", batchActions...)
		begin := func(token string, priority int32, line string) string {
			in := order(role, w.manifest("reports", ireland, line))
			in.ClientRequestToken, in.Priority = &token, &priority
			id := w.create(in)
			pass(20 * time.Second)
			return id
		}
		low, same := begin("low", 1, "side-a,one,"+versions["one"]), begin("same", 2, "side-a,two,"+versions["two"])
		if got := w.states(low, same); got != "Active Active" {
			t.Errorf("on one bucket they are %s", got)
		}
		high := begin("high", 3, "side-c,one,"+other)
		if got := w.states(low, same, high); got != "Paused Paused Active" {
			t.Errorf("beside one of another bucket they are %s", got)
		}
		_, err := w.control(ireland).UpdateJobPriority(t.Context(), &s3control.UpdateJobPriorityInput{AccountId: aws.String(account), JobId: &low, Priority: 3})
		must(t, 0, err)
		if got := w.states(low, same, high); got != "Active Paused Active" {
			t.Errorf("with another priority they are %s", got)
		}
		restore()
		for _, id := range []string{low, same, high} {
			if got := counts(w.ends(id)); got != "Complete 1/1/0" {
				t.Errorf("one ended as %s", got)
			}
		}
	})
}
