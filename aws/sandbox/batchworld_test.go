package sandbox_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"
)

// account is that of the operator.
const account = "000000000000"

// control is a client of S3 Control, which puts the account before the host.
func (w *world) control(region string) *s3control.Client {
	return s3control.NewFromConfig(w.config(region), func(o *s3control.Options) {
		o.BaseEndpoint = aws.String("http://127.0.0.1:9000")
	})
}

// batchActions are what the role of a job with its own manifest needs (S3 User
// Guide, Configuring an IAM role for S3 Batch Replication).
var batchActions = []string{"s3:InitiateReplication", "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"}

// batchRole makes a role that Batch Operations may assume.
func (w *world) batchRole(name string, actions ...string) string {
	w.Helper()
	out, err := w.iam().CreateRole(w.Context(), &iam.CreateRoleInput{
		RoleName: &name, AssumeRolePolicyDocument: aws.String(strings.ReplaceAll(trust, "s3.amazonaws.com", "batchoperations.s3.amazonaws.com")),
	})
	w.grant(name, actions...)
	return *must(w, out, err).Role.Arn
}

// manifest writes a list of objects and returns what a job says of it.
func (w *world) manifest(bucket, region string, lines ...string) *control.JobManifest {
	w.Helper()
	put := w.put(bucket, region, "manifest.csv", strings.Join(lines, "\n")+"\n")
	return &control.JobManifest{
		Location: &control.JobManifestLocation{ObjectArn: aws.String("arn:aws:s3:::" + bucket + "/manifest.csv"), ETag: put.ETag},
		Spec: &control.JobManifestSpec{
			Format: control.JobManifestFormatS3BatchOperationsCsv20180820,
			Fields: []control.JobManifestFieldName{control.JobManifestFieldNameBucket, control.JobManifestFieldNameKey, control.JobManifestFieldNameVersionId},
		},
	}
}

// order is a job that replicates what a manifest lists.
func order(role string, m *control.JobManifest) *s3control.CreateJobInput {
	return &s3control.CreateJobInput{
		AccountId: aws.String(account), ClientRequestToken: aws.String("token"), ConfirmationRequired: aws.Bool(false), Priority: aws.Int32(10),
		RoleArn: &role, Operation: &control.JobOperation{S3ReplicateObject: &control.S3ReplicateObjectOperation{}}, Manifest: m,
		Report: &control.JobReport{
			Enabled: true, Bucket: aws.String("arn:aws:s3:::reports"), Prefix: aws.String("out"),
			Format: control.JobReportFormatReportCsv20180820, ReportScope: control.JobReportScopeAllTasks,
		},
	}
}

// create begins a job in Ireland.
func (w *world) create(in *s3control.CreateJobInput) string {
	w.Helper()
	out, err := w.control(ireland).CreateJob(w.Context(), in)
	return *must(w, out, err).JobId
}

// describe returns a job in Ireland as it stands.
func (w *world) describe(id string) *control.JobDescriptor {
	w.Helper()
	out, err := w.control(ireland).DescribeJob(w.Context(), &s3control.DescribeJobInput{AccountId: aws.String(account), JobId: &id})
	return must(w, out, err).Job
}

// ends waits for a job in Ireland to end, for an hour at most.
func (w *world) ends(id string) *control.JobDescriptor {
	w.Helper()
	for range 3600 {
		if j := w.describe(id); j.TerminationDate != nil {
			return j
		}
		pass(time.Second)
	}
	w.Fatalf("the job has not ended: %+v", w.describe(id))
	return nil
}

// counts says how a job and its tasks ended.
func counts(j *control.JobDescriptor) string {
	p := j.ProgressSummary
	return fmt.Sprintf("%s %d/%d/%d", j.Status, *p.TotalNumberOfTasks, *p.NumberOfTasksSucceeded, *p.NumberOfTasksFailed)
}

// report returns the rows of a job's report, sorted, and nil if there is none.
func (w *world) report(bucket, prefix, id string) []string {
	w.Helper()
	var manifest struct {
		Format, ReportCreationDate, ReportSchema string
		Results                                  []struct{ TaskExecutionStatus, Bucket, MD5Checksum, Key string }
	}
	read := func(key string) []byte {
		out, err := w.s3(ireland).GetObject(w.Context(), &s3.GetObjectInput{Bucket: &bucket, Key: &key})
		if code(err) == "NoSuchKey" {
			return nil
		}
		defer must(w, out, err).Body.Close()
		if out.ServerSideEncryption != "AES256" {
			w.Errorf("%s is encrypted with %q", key, out.ServerSideEncryption)
		}
		text, err := io.ReadAll(out.Body)
		return must(w, text, err)
	}
	text := read(prefix + "job-" + id + "/manifest.json")
	if text == nil {
		return nil
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		w.Fatal(err)
	}
	rows := []string{}
	for _, file := range manifest.Results {
		content := read(file.Key)
		if sum := md5Of(string(content)); file.MD5Checksum != sum || file.Bucket != bucket {
			w.Errorf("%+v has the MD5 %s", file, sum)
		}
		lines, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
		for _, line := range must(w, lines, err) {
			if line[3] != file.TaskExecutionStatus {
				w.Errorf("%q is in the file of those that %s", line, file.TaskExecutionStatus)
			}
			rows = append(rows, strings.Join(line, ","))
		}
	}
	slices.Sort(rows)
	return rows
}
