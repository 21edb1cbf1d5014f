package sandbox_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/sandbox"
)

// A job runs every rule that covers an object, so that the broken rule of
// somebody else makes its tasks fail.
func TestATaskReplicatesByEveryRule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one")
		w.bucket("side-c", singapore)
		second := rule("side-c")
		second.Priority = aws.Int32(2)
		must(t, 0, w.replicate("side-a", ireland, "arn:aws:iam::"+account+":role/r", rule("side-b"), second))
		must(t, 0, w.versioning("side-c", singapore, types.BucketVersioningStatusSuspended))
		role := w.batchRole("batch", batchActions...)
		in := order(role, w.manifest("reports", ireland, "side-a,one,"+versions["one"]))
		id := w.create(in)
		if got := counts(w.ends(id)); got != "Complete 1/0/1" {
			t.Errorf("it ended as %s", got)
		}
		if got := strings.Join(w.report("reports", "out/", id), ""); !strings.Contains(got, "failed,500,DstBucketUnversioned,") {
			t.Errorf("the report says %s", got)
		}
		if got := w.status("side-a", ireland, "one"); got != "FAILED" {
			t.Errorf("the origin reads %s", got)
		}
		if _, err := w.head("side-b", singapore, "one", versions["one"]); err != nil {
			t.Errorf("the other rule did not run: %v", err)
		}
		// Once it is mended, what had FAILED is COMPLETED by another job.
		must(t, 0, w.versioning("side-c", singapore, types.BucketVersioningStatusEnabled))
		in.ClientRequestToken = aws.String("mended")
		if got := counts(w.ends(w.create(in))); got != "Complete 1/1/0" {
			t.Errorf("after that it ended as %s", got)
		}
		if got := w.status("side-a", ireland, "one"); got != "COMPLETED" {
			t.Errorf("after that the origin reads %s", got)
		}
	})
}

// What the ordinary replication does first is no longer pending for a job.
func TestATaskThatComesTooLateSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		live := 20 * time.Second
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: func(string, string, int64, *rand.Rand) time.Duration {
			defer func() { live = time.Minute }() // for all after the first
			return live
		}})
		w.pair()
		w.bucket("reports", ireland)
		version := *w.put("side-a", ireland, "live", "x").VersionId
		id := w.create(order(w.batchRole("batch", batchActions...), w.manifest("reports", ireland, "side-a,live,"+version)))
		if got := counts(w.ends(id)); got != "Complete 1/0/1" {
			t.Errorf("it ended as %s", got)
		}
		if got := strings.Join(w.report("reports", "out/", id), ""); !strings.Contains(got, "SrcReplicationNotPending") {
			t.Errorf("the report says %s", got)
		}
		if got := w.status("side-a", ireland, "live"); got != "COMPLETED" {
			t.Errorf("the origin reads %s", got)
		}
	})
}

// Replicas and delete markers are replicated, too, where a rule covers them.
func TestAJobReplicatesReplicasAndDeleteMarkers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _ := backlog(t)
		w.bucket("side-c", singapore)
		must(t, 0, w.replicate("side-b", singapore, "arn:aws:iam::"+account+":role/r", rule("side-c")))
		live := *w.put("side-a", ireland, "k", "x").VersionId
		marker, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("k")})
		must(t, marker, err)
		pass(time.Minute)
		in := order(w.batchRole("batch", batchActions...), nil)
		w.bucket("reports-there", singapore)
		put := w.put("reports-there", singapore, "m", fmt.Sprintf("side-b,k,%s\nside-b,k,%s\n", live, *marker.VersionId))
		in.Manifest = &control.JobManifest{
			Location: &control.JobManifestLocation{ObjectArn: aws.String("arn:aws:s3:::reports-there/m"), ETag: put.ETag},
			Spec:     w.manifest("reports", ireland, "x").Spec,
		}
		in.Report = &control.JobReport{Enabled: false}
		out, err := w.control(singapore).CreateJob(t.Context(), in)
		id := *must(t, out, err).JobId
		pass(time.Minute)
		got, err := w.control(singapore).DescribeJob(t.Context(), &s3control.DescribeJobInput{AccountId: aws.String(account), JobId: &id})
		if counts(must(t, got, err).Job) != "Complete 2/2/0" {
			t.Errorf("it is %s", counts(got.Job))
		}
		list, err := w.s3(singapore).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("side-c")})
		if must(t, list, err); len(list.Versions) != 1 || len(list.DeleteMarkers) != 1 {
			t.Errorf("there are %d versions and %d markers", len(list.Versions), len(list.DeleteMarkers))
		}
		if replica, err := w.head("side-b", singapore, "k", live); err != nil || replica.ReplicationStatus != "REPLICA" {
			t.Errorf("the replica that was replicated reads %v, %v", replica, err)
		}
	})
}

// A report is an object as any other: in the source bucket it is replicated.
func TestAReportInTheSourceIsReplicated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one")
		in := order(w.batchRole("batch", batchActions...), w.manifest("reports", ireland, "side-a,one,"+versions["one"]))
		in.Report.Bucket, in.Report.Prefix = aws.String("arn:aws:s3:::side-a"), nil
		id := w.create(in)
		w.ends(id)
		if got := w.report("side-a", "", id); len(got) != 1 {
			t.Errorf("the report says %q", got)
		}
		pass(time.Minute)
		if _, err := w.head("side-b", singapore, "job-"+id+"/manifest.json", ""); err != nil {
			t.Errorf("the replica of the report: %v", err)
		}
	})
}

func TestAReportThatCanNotBeWrittenFailsTheJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one")
		w.plainBucket("elsewhere", singapore)
		role := w.batchRole("batch", batchActions...)
		m := w.manifest("reports", ireland, "side-a,one,"+versions["one"])
		for name, change := range map[string]func(*control.JobReport){
			"no bucket":     func(r *control.JobReport) { r.Bucket = aws.String("arn:aws:s3:::nowhere") },
			"another owner": func(r *control.JobReport) { r.ExpectedBucketOwner = aws.String("111122223333") },
			"other region":  func(r *control.JobReport) { r.Bucket = aws.String("arn:aws:s3:::elsewhere") },
		} {
			in := order(role, m)
			in.ClientRequestToken = &name
			change(in.Report)
			j := w.ends(w.create(in))
			if counts(j) != "Failed 1/1/0" || !strings.HasPrefix(*j.FailureReasons[0].FailureReason, "The job report could not be written to your report bucket.") {
				t.Errorf("%s: it ended as %s: %+v", name, counts(j), j.FailureReasons)
			}
		}
	})
}

// Manifests that can't be read, and why.
func TestAManifestThatCanNotBeReadFailsTheJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, versions := backlog(t, "one")
		role := w.batchRole("batch", append([]string{"s3:ListBucket"}, batchActions...)...)
		line := "side-a,one," + versions["one"]
		for name, row := range map[string]struct {
			lines  string
			change func(*control.JobManifest)
			code   string
			says   string
		}{
			"other bytes":  {line, func(m *control.JobManifest) { m.Location.ETag = aws.String("0123") }, "", "ETag"},
			"not there":    {line, func(m *control.JobManifest) { m.Location.ObjectArn = aws.String("arn:aws:s3:::reports/none") }, "", "Not Found"},
			"two columns":  {"side-a,one", nil, "InvalidManifestContent", "not properly formatted"},
			"a bad escape": {"side-a,%zz,v", nil, "InvalidManifestContent", "Invalid object key format"},
			"a mark":       {"\ufeff" + line, nil, "InvalidManifestContent", "not properly formatted"},
			"nothing":      {"", nil, "InvalidManifestContent", "Invalid Manifest Content"},
		} {
			m := w.manifest("reports", ireland, row.lines)
			if row.change != nil {
				row.change(m)
			}
			in := order(role, m)
			in.ClientRequestToken = &name
			j := w.ends(w.create(in))
			if counts(j) != "Failed 0/0/0" || aws.ToString(j.FailureReasons[0].FailureCode) != row.code || !strings.Contains(*j.FailureReasons[0].FailureReason, row.says) {
				t.Errorf("%s: it ended as %s: %s %s", name, counts(j), aws.ToString(j.FailureReasons[0].FailureCode), *j.FailureReasons[0].FailureReason)
			}
		}
		// Without the column of versions it is the newest that is meant.
		m := w.manifest("reports", ireland, "side-a,one")
		m.Spec.Fields = m.Spec.Fields[:2]
		in := order(role, m)
		in.ClientRequestToken = aws.String("newest")
		id := w.create(in)
		if got := counts(w.ends(id)); got != "Complete 1/1/0" {
			t.Errorf("without versions it ended as %s", got)
		}
		if got := w.report("reports", "out/", id); !slices.Equal(got, []string{"side-a,one,,succeeded,200,,success"}) {
			t.Errorf("without versions the report says %q", got)
		}
	})
}

// A sandbox of the same state goes on with its jobs, and remembers what was
// deleted by its id.
func TestJobsGoOnAfterARestart(t *testing.T) {
	dir := t.TempDir()
	id, versions := "", map[string]string{}
	options := sandbox.Options{NoDistance: true, Delay: fixed, State: dir, AccessKeyID: "AKIA", SecretAccessKey: "s"}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, options)
		w.bucket("side-a", ireland)
		w.bucket("side-b", singapore)
		w.bucket("reports", ireland)
		must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), rule("side-b")))
		role := w.batchRole("batch", batchActions...) // early: the next sandbox begins at the same instant
		versions["gone"] = *w.put("side-a", ireland, "gone", "x").VersionId
		pass(time.Minute)
		_, err := w.s3(singapore).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-b"), Key: aws.String("gone"), VersionId: aws.String(versions["gone"])})
		must(t, 0, err)
		w.sandbox.CutDirection(ireland, singapore)
		lines := []string{"side-b,early,null", "side-a,gone," + versions["gone"]}
		for i := range 300 {
			key := fmt.Sprint("k", i)
			versions[key] = *w.put("side-a", ireland, key, "x").VersionId
			lines = append(lines, "side-a,"+key+","+versions[key])
		}
		id = w.create(order(role, w.manifest("reports", ireland, lines...)))
		pass(time.Minute)
		if got := counts(w.describe(id)); got != "Active 302/0/1" {
			t.Errorf("before the restart it is %s", got)
		}
	})
	for range 2 { // the second one reads what the first has rewritten
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, options)
			if got := counts(w.describe(id)); got != "Active 302/0/1" && got != "Complete 302/300/2" {
				t.Errorf("after the restart it is %s", got)
			}
			if got := counts(w.ends(id)); got != "Complete 302/300/2" {
				t.Errorf("it ended as %s", got)
			}
			rows := w.report("reports", "out/", id)
			if len(rows) != 302 || !slices.Contains(rows, "side-a,gone,"+versions["gone"]+",failed,500,DstObjectHardDeleted,Amazon S3 could not replicate the object") {
				t.Errorf("the report has %d rows", len(rows))
			}
		})
	}
}
