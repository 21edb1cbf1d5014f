package sandbox_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/sandbox"
)

// backlog is a pair with objects on side A from before its rule, and a bucket
// for manifests and reports.
func backlog(t *testing.T, keys ...string) (w *world, versions map[string]string) {
	t.Helper()
	w = newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
	w.bucket("side-a", ireland)
	w.bucket("side-b", singapore)
	w.bucket("reports", ireland)
	versions = map[string]string{}
	for _, key := range keys {
		versions[key] = *w.put("side-a", ireland, key, "content of "+key).VersionId
	}
	must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), rule("side-b")))
	return w, versions
}

func TestAJobReplicatesWhatItsManifestLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one", "a key+/ü", "left alone")
		role := w.batchRole("batch", batchActions...)
		id := w.create(order(role, w.manifest("reports", ireland, "side-a,one,"+versions["one"], "side-a,a%20key%2B/%C3%BC,"+versions["a key+/ü"])))
		created := time.Now()
		var seen []control.JobStatus
		for {
			j := w.describe(id)
			if len(seen) == 0 || seen[len(seen)-1] != j.Status {
				seen = append(seen, j.Status)
			}
			if j.Status == "Active" && w.status("side-a", ireland, "one") == "" {
				t.Error("the task has begun and the object is not PENDING")
			}
			if j.TerminationDate != nil {
				break
			}
			pass(100 * time.Millisecond)
		}
		if want := []control.JobStatus{"New", "Preparing", "Ready", "Active", "Completing", "Complete"}; !slices.Equal(seen, want) {
			t.Errorf("it was %v, want %v", seen, want)
		}
		j := w.describe(id)
		if counts(j) != "Complete 2/2/0" || *j.ProgressSummary.Timers.ElapsedTimeInActiveSeconds < 4 || !j.CreationTime.Equal(created.Truncate(time.Millisecond)) ||
			*j.RoleArn != role || j.Operation.S3ReplicateObject == nil || *j.JobArn != "arn:aws:s3:eu-west-1:"+account+":job/"+id ||
			*j.Manifest.Location.ObjectArn != "arn:aws:s3:::reports/manifest.csv" || len(j.Manifest.Spec.Fields) != 3 || j.Report.ReportScope != "AllTasks" {
			t.Errorf("it ended as %s: %+v", counts(j), j)
		}
		for key, want := range map[string]string{"one": "COMPLETED", "a key+/ü": "COMPLETED", "left alone": ""} {
			if got := w.status("side-a", ireland, key); got != want {
				t.Errorf("%q reads %q, want %q", key, got, want)
			}
			if replica, err := w.head("side-b", singapore, key, versions[key]); (err == nil) != (want != "") || err == nil && replica.ReplicationStatus != "REPLICA" {
				t.Errorf("%q there: %+v, %v", key, replica, err)
			}
		}
		want := []string{
			"side-a,a%20key%2B/%C3%BC," + versions["a key+/ü"] + ",succeeded,200,,success",
			"side-a,one," + versions["one"] + ",succeeded,200,,success",
		}
		if got := w.report("reports", "out/", id); !slices.Equal(got, want) {
			t.Errorf("the report says %q", got)
		}
	})
}

func TestARepeatedRequestIsTheSameJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one")
		in := order(w.batchRole("batch", batchActions...), w.manifest("reports", ireland, "side-a,one,"+versions["one"]))
		id := w.create(in)
		if again := w.create(in); again != id {
			t.Errorf("the same request made %s after %s", again, id)
		}
		in.Priority = aws.Int32(11)
		_, err := w.control(ireland).CreateJob(t.Context(), in)
		if code(err) != "IdempotencyException" {
			t.Errorf("another request with the same token: %v", err)
		}
	})
}

// A task that fails is in the report with its reason, and leaves the others
// alone.
func TestTheReportOfAJobTellsWhyTasksFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one", "deleted there", "deleted here")
		cold, err := w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("side-a"), Key: aws.String("cold"), StorageClass: types.StorageClassGlacier})
		must(t, cold, err)
		role := w.batchRole("batch", batchActions...)
		// The replica that the first job makes is deleted by its version's id.
		first := order(role, w.manifest("reports", ireland, "side-a,deleted%20there,"+versions["deleted there"]))
		first.ClientRequestToken = aws.String("first")
		if j := w.ends(w.create(first)); counts(j) != "Complete 1/1/0" {
			t.Fatal(counts(j))
		}
		for bucket, at := range map[string][2]string{"side-b": {singapore, "deleted there"}, "side-a": {ireland, "deleted here"}} {
			_, err := w.s3(at[0]).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &bucket, Key: &at[1], VersionId: aws.String(versions[at[1]])})
			must(t, 0, err)
		}
		in := order(role, w.manifest("reports", ireland,
			"side-a,one,"+versions["one"], "side-a,deleted%20there,"+versions["deleted there"], "side-a,deleted%20here,"+versions["deleted here"],
			"side-a,cold,"+*cold.VersionId, "side-a,one,", "side-b,one,"+versions["one"], "nowhere,one,"+versions["one"]))
		id := w.create(in)
		if j := w.ends(id); counts(j) != "Complete 7/1/6" {
			t.Errorf("it ended as %s", counts(j))
		}
		want := []string{
			"nowhere,one," + versions["one"] + ",failed,500,SrcBucketNotFound,Amazon S3 could not replicate the object",
			"side-a,cold," + *cold.VersionId + ",failed,500,SrcObjectNotEligible,Object is not eligible for replication",
			"side-a,deleted%20here," + versions["deleted here"] + ",failed,500,SrcVersionNotFound,Amazon S3 could not replicate the object",
			"side-a,deleted%20there," + versions["deleted there"] + ",failed,500,DstObjectHardDeleted,Amazon S3 could not replicate the object",
			"side-a,one," + versions["one"] + ",succeeded,200,,success",
			`side-a,one,\N,failed,400,InvalidRequest,Task failed due to missing VersionId`,
			"side-b,one," + versions["one"] + ",failed,500,SrcBucketInvalidRegion,Amazon S3 could not replicate the object",
		}
		slices.Sort(want)
		if got := w.report("reports", "out/", id); !slices.Equal(got, want) {
			t.Errorf("the report says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if got := w.status("side-a", ireland, "cold"); got != "" {
			t.Errorf("what is not eligible reads %q", got)
		}
		in.ClientRequestToken, in.Report.ReportScope = aws.String("third"), control.JobReportScopeFailedTasksOnly
		id = w.create(in)
		w.ends(id)
		if got := w.report("reports", "out/", id); len(got) != 6 || strings.Contains(strings.Join(got, ""), "succeeded") {
			t.Errorf("the report of failed tasks only says %q", got)
		}
	})
}

// What the role of a job may not do, and how that is told.
func TestTheRoleOfAJobIsHeldToItsRights(t *testing.T) {
	for name, row := range map[string]struct {
		without, counts, reason, tasks string
	}{
		"the manifest":    {"s3:GetObject", "Failed 0/0/0", "Reading the manifest is forbidden: AccessDenied", ""},
		"the replication": {"s3:InitiateReplication", "Complete 1/0/1", "", "InitiateReplicationNotPermitted"},
		"the report":      {"s3:PutObject", "Failed 1/1/0", "The job report could not be written to your report bucket. Please check your permissions.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, versions := backlog(t, "one")
				role := w.batchRole("batch", slices.DeleteFunc(slices.Clone(batchActions), func(action string) bool { return action == row.without })...)
				id := w.create(order(role, w.manifest("reports", ireland, "side-a,one,"+versions["one"])))
				j := w.ends(id)
				reason := ""
				for _, f := range j.FailureReasons {
					reason += *f.FailureReason
				}
				if counts(j) != row.counts || reason != row.reason {
					t.Errorf("it ended as %s because of %q", counts(j), reason)
				}
				if got := strings.Join(w.report("reports", "out/", id), ""); !strings.Contains(got, row.tasks) {
					t.Errorf("the report says %s", got)
				}
			})
		})
	}
}

func TestAJobWhoseRoleTrustsSomebodyElseFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one")
		id := w.create(order(w.role("other", batchActions...), w.manifest("reports", ireland, "side-a,one,"+versions["one"])))
		if j := w.ends(id); counts(j) != "Failed 0/0/0" || !strings.Contains(*j.FailureReasons[0].FailureReason, "sts:AssumeRole") {
			t.Errorf("it ended as %s: %+v", counts(j), j.FailureReasons)
		}
	})
}
