package sandbox_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	control "github.com/aws/aws-sdk-go-v2/service/s3control/types"

	"bothways/aws/sandbox"
)

// jobber adds a user with a policy, and returns his client of S3 Control.
func (w *world) jobber(name, statements string) *s3control.Client {
	w.Helper()
	must(w, 0, w.sandbox.AddAccount(sandbox.Account{ID: account, Users: []sandbox.User{{
		Name: name, AccessKeyID: "AKIA" + strings.ToUpper(name), SecretAccessKey: "s",
		Policies: []json.RawMessage{json.RawMessage(`{"Version":"2012-10-17","Statement":[` + statements + `]}`)},
	}}}))
	config := w.config(ireland)
	config.Credentials = credentials.NewStaticCredentialsProvider("AKIA"+strings.ToUpper(name), "s", "")
	return s3control.NewFromConfig(config, func(o *s3control.Options) { o.BaseEndpoint = aws.String("http://127.0.0.1:9000") })
}

func TestWhatACallerOfBatchOperationsMayIsAsked(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoDistance: true})
	w.bucket("reports", ireland)
	role := w.batchRole("batch", batchActions...)
	in := order(role, w.manifest("reports", ireland, "a,b,c"))
	const allow = `{"Effect":"Allow","Action":["s3:CreateJob","iam:PassRole"],"Resource":"*"`
	for name, row := range map[string]struct{ statements, want string }{
		"all":       {allow + `}`, ""},
		"operation": {allow + `,"Condition":{"StringEquals":{"s3:RequestJobOperation":"S3PutObjectTagging"}}}`, "s3:CreateJob"},
		"priority":  {allow + `,"Condition":{"NumericLessThan":{"s3:RequestJobPriority":"10"}}}`, "s3:CreateJob"},
		"right":     {allow + `,"Condition":{"StringEqualsIfExists":{"s3:RequestJobOperation":"S3ReplicateObject","iam:PassedToService":"batchoperations.s3.amazonaws.com"}}}`, ""},
		"pass":      {allow + `,"Condition":{"StringEqualsIfExists":{"iam:PassedToService":"s3.amazonaws.com"}}}`, "iam:PassRole"},
	} {
		in.ClientRequestToken = &name
		_, err := w.jobber(name, row.statements).CreateJob(t.Context(), in)
		if row.want == "" && err != nil || row.want != "" && (code(err) != "AccessDenied" || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	in.ClientRequestToken, in.Tags = aws.String("tagged"), []control.S3Tag{{Key: aws.String("k"), Value: aws.String("v")}}
	if _, err := w.jobber("tagger", allow+`}`).CreateJob(t.Context(), in); code(err) != "AccessDenied" || !strings.Contains(err.Error(), "s3:PutJobTagging") {
		t.Errorf("tags without the right: %v", err)
	}
	id := w.create(in)
	existing := w.jobber("existing", `{"Effect":"Allow","Action":"s3:DescribeJob","Resource":"arn:aws:s3:eu-west-1:`+account+`:job/*"},
		{"Effect":"Allow","Action":"s3:UpdateJobStatus","Resource":"*","Condition":{"StringEquals":{"s3:ExistingJobOperation":"LambdaInvoke"}}}`)
	if _, err := existing.DescribeJob(t.Context(), &s3control.DescribeJobInput{AccountId: aws.String(account), JobId: &id}); err != nil {
		t.Error(err)
	}
	_, err := existing.UpdateJobStatus(t.Context(), &s3control.UpdateJobStatusInput{AccountId: aws.String(account), JobId: &id, RequestedJobStatus: "Cancelled"})
	if code(err) != "AccessDenied" {
		t.Errorf("an update of a job of another operation: %v", err)
	}
	if _, err := existing.ListJobs(t.Context(), &s3control.ListJobsInput{AccountId: aws.String(account)}); code(err) != "AccessDenied" {
		t.Errorf("a list without the right: %v", err)
	}
}

func TestJobsThatCanNotBeAreRefused(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoDistance: true})
	w.bucket("reports", ireland)
	role := w.batchRole("batch", batchActions...)
	m := w.manifest("reports", ireland, "a,b,c")
	for name, row := range map[string]struct {
		change func(*s3control.CreateJobInput)
		code   string
		says   string
	}{
		"another account's role": {func(in *s3control.CreateJobInput) { in.RoleArn = aws.String("arn:aws:iam::111122223333:role/r") }, "AccessDenied", "Cross-account pass role is not allowed"},
		"no role":                {func(in *s3control.CreateJobInput) { in.RoleArn = aws.String("role") }, "InvalidRequest", "role"},
		"another operation": {func(in *s3control.CreateJobInput) {
			in.Operation = &control.JobOperation{LambdaInvoke: &control.LambdaInvokeOperation{FunctionArn: aws.String("f")}}
		}, "NotImplemented", "LambdaInvoke"},
		"no operation": {func(in *s3control.CreateJobInput) { in.Operation = &control.JobOperation{} }, "InvalidRequest", "operation"},
		"both manifests": {func(in *s3control.CreateJobInput) {
			in.ManifestGenerator = &control.JobManifestGeneratorMemberS3JobManifestGenerator{Value: control.S3JobManifestGenerator{SourceBucket: aws.String("arn:aws:s3:::reports")}}
		}, "InvalidRequest", "either"},
		"no fields":      {func(in *s3control.CreateJobInput) { in.Manifest.Spec.Fields = nil }, "InvalidRequest", "Required fields are missing in the schema"},
		"no such format": {func(in *s3control.CreateJobInput) { in.Manifest.Spec.Format = "CSV" }, "InvalidRequest", "CSV"},
		"an inventory": {func(in *s3control.CreateJobInput) {
			in.Manifest.Spec.Format = control.JobManifestFormatS3InventoryReportCsv20161130
		}, "NotImplemented", "S3InventoryReport"},
		"a long token":     {func(in *s3control.CreateJobInput) { in.ClientRequestToken = aws.String(strings.Repeat("t", 65)) }, "InvalidRequest", "token"},
		"a low priority":   {func(in *s3control.CreateJobInput) { in.Priority = aws.Int32(-1) }, "InvalidRequest", "priority"},
		"a report nowhere": {func(in *s3control.CreateJobInput) { in.Report.Bucket = aws.String("reports") }, "InvalidRequest", "Invalid bucket ARN"},
		"another account":  {func(in *s3control.CreateJobInput) { in.AccountId = aws.String("111122223333") }, "AccessDenied", "Access Denied"},
	} {
		location, spec, report := *m.Location, *m.Spec, *order(role, m).Report
		in := order(role, &control.JobManifest{Location: &location, Spec: &spec})
		in.Report = &report
		row.change(in)
		_, err := w.control(ireland).CreateJob(t.Context(), in)
		if code(err) != row.code || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v, want %s with %q", name, err, row.code, row.says)
		}
	}
	if out, err := w.control(ireland).ListJobs(t.Context(), &s3control.ListJobsInput{AccountId: aws.String(account)}); len(must(t, out, err).Jobs) != 0 {
		t.Errorf("there are jobs: %+v", out.Jobs)
	}
	_, err := w.control(ireland).ListAccessPoints(t.Context(), &s3control.ListAccessPointsInput{AccountId: aws.String(account)})
	if code(err) != "NotImplemented" {
		t.Errorf("what the sandbox does not have: %v", err)
	}
}

// The account stands in the host, in a header, or in both.
func TestTheAccountOfARequestToS3ControlIsNamedOnce(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoDistance: true})
	for _, row := range []struct {
		host, header string
		status       int
		says         string
	}{
		{account + ".127.0.0.1:9000", account, 200, "<ListJobsResult"},
		{account + ".localhost:9000", "", 200, "<ListJobsResult"},
		{account + ".s3-control.eu-west-1.amazonaws.com", account, 200, "<ListJobsResult"},
		{"127.0.0.1:9000", account, 200, "<ListJobsResult"},
		{"s3-control.eu-west-1.amazonaws.com", "", 400, "x-amz-account-id"},
		{"111122223333.localhost:9000", account, 400, "the host names 111122223333"},
		{"127.0.0.1:9000", "me", 400, "twelve digits"},
		{"127.0.0.1:9000", "", 404, "<Error><Code>NoSuchBucket</Code>"}, // a bucket of that name, in S3
	} {
		answer := w.rawAt(row.host, rawRequest{method: "GET", path: "/v20180820/jobs", header: map[string]string{"X-Amz-Account-Id": row.header}})
		if answer.status != row.status || !strings.Contains(answer.body, row.says) {
			t.Errorf("%s, %q: %d %s", row.host, row.header, answer.status, answer.body)
		}
		if row.status == 400 && !strings.Contains(answer.body, "<ErrorResponse") {
			t.Errorf("%s, %q: not wrapped: %s", row.host, row.header, answer.body)
		}
	}
	if answer := w.rawAt(account+".localhost:9000", rawRequest{method: "GET", path: "/v20180820/jobs", unsigned: true}); answer.status != 403 || !strings.Contains(answer.body, "<ErrorResponse") {
		t.Errorf("without a signature: %d %s", answer.status, answer.body)
	}
}

func TestFaultsHitS3Control(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoDistance: true, Faults: []sandbox.Fault{{Kind: "slowdown", Service: "s3control", Operation: "ListJobs"}}})
	client := w.control(ireland)
	_, err := client.ListJobs(t.Context(), &s3control.ListJobsInput{AccountId: aws.String(account)}, func(o *s3control.Options) { o.RetryMaxAttempts = 1 })
	if code(err) != "SlowDown" {
		t.Errorf("a fault of lists: %v", err)
	}
	_, err = client.DescribeJob(t.Context(), &s3control.DescribeJobInput{AccountId: aws.String(account), JobId: aws.String("none")})
	if code(err) != "NoSuchJob" {
		t.Errorf("it hits another operation: %v", err)
	}
}

func TestTagsOfJobs(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoDistance: true})
	w.bucket("reports", ireland)
	in := order(w.batchRole("batch", batchActions...), w.manifest("reports", ireland, "a,b,c"))
	in.Tags = []control.S3Tag{{Key: aws.String("a"), Value: aws.String("1")}}
	id, client := w.create(in), w.control(ireland)
	tags := func() (all string) {
		out, err := client.GetJobTagging(t.Context(), &s3control.GetJobTaggingInput{AccountId: aws.String(account), JobId: &id})
		for _, tag := range must(t, out, err).Tags {
			all += *tag.Key + "=" + *tag.Value + " "
		}
		return all
	}
	if got := tags(); got != "a=1 " {
		t.Errorf("created with %q", got)
	}
	_, err := client.PutJobTagging(t.Context(), &s3control.PutJobTaggingInput{AccountId: aws.String(account), JobId: &id, Tags: []control.S3Tag{{Key: aws.String("b"), Value: aws.String("2")}}})
	must(t, 0, err)
	if got := tags(); got != "b=2 " {
		t.Errorf("replaced by %q", got)
	}
	_, err = client.DeleteJobTagging(t.Context(), &s3control.DeleteJobTaggingInput{AccountId: aws.String(account), JobId: &id})
	must(t, 0, err)
	if got := tags(); got != "" {
		t.Errorf("deleted to %q", got)
	}
}
