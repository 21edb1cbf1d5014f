package sandbox

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"bothways/aws/sandbox/fault"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/wire"
)

// A new service can't be half done: faults know it by name, and it refuses in
// a protocol of its own.
func TestAServiceIsKnownEverywhere(t *testing.T) {
	for _, s := range services {
		f := fault.Fault{Kind: fault.SlowDown, Service: s.name}
		if err := f.Check(vocabulary); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		if wire.IsXML(s.name) != (s.name == "s3") {
			t.Errorf("%s refuses as S3 does: it lacks a row of the protocols in wire/refuse.go", s.name)
		}
		r := httptest.NewRequest(http.MethodPost, "/listRegions", strings.NewReader("Action=None"))
		r.Header.Set("X-Amz-Target", "TrentService.None")
		if s.name == "s3control" {
			r = httptest.NewRequest(http.MethodGet, "/v20180820/jobs", nil)
		}
		if s.name == "fis" {
			r = httptest.NewRequest(http.MethodGet, "/experiments", nil)
		}
		if s.operation(r) == "" && s.name != "s3" {
			t.Errorf("%s finds no operation", s.name)
		}
		if s.has("NoSuchOperation") || len(s.operations()) == 0 || s.serve == nil {
			t.Errorf("%s is not whole", s.name)
		}
		for _, name := range s.operations() {
			if !s.has(strings.ToLower(name)) {
				t.Errorf("faults do not know %s of %s", name, s.name)
			}
		}
	}
}

// What people are told of the sandbox names every service.
func TestPeopleAreToldOfEveryService(t *testing.T) {
	titles := map[string]string{
		"s3": "S3", "iam": "IAM", "sts": "STS", "account": "account regions", "kms": "KMS", "s3control": "S3's Batch Replication", "monitoring": "CloudWatch's metrics and alarms of replication",
		"fis": "FIS's pause of replication",
	}
	told := ""
	for i, s := range services {
		switch title := titles[s.name]; {
		case title == "":
			t.Errorf("what is %s called on the page on the sandbox?", s.name)
		case i == 0:
			told = title
		case i == len(services)-1:
			told += " and " + title
		default:
			told += ", " + title
		}
	}
	for file, sentence := range map[string]string{"../../docs/sandbox.md": "`bothways sandbox` is " + told + ".", "../../ui/command/sandboxed/command.go": "Runs an AWS of " + told + " on"} {
		if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), sentence) {
			t.Errorf("%s does not say %q, %v", file, sentence, err)
		}
	}
}

// freeForAll is what a caller without any policy may do all the same, and why.
var freeForAll = map[string]string{
	"GetCallerIdentity": "it needs no permission (AWS STS API Reference)",
	"GetSessionToken":   "it needs no permission, and gives no more than the caller has (AWS STS API Reference)",
}

// asked is a request for an operation of a service that is known here, nil for
// one that is held to its permission elsewhere.
func asked(service, operation string) (r *http.Request, known bool) {
	switch service {
	case "iam", "sts", "monitoring":
		form := url.Values{"Action": {operation}, "RoleArn": {"arn:aws:iam::" + accountID + ":role/none"}, "RoleSessionName": {"nobody"}}
		r = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	case "kms":
		r = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"KeyId":"a-key","TargetKeyId":"a-key","AliasName":"alias/a"}`))
		r.Header.Set("X-Amz-Target", "TrentService."+operation)
	case "s3control":
		method, path := http.MethodGet, map[string]string{
			"CreateJob": "jobs", "ListJobs": "jobs", "DescribeJob": "jobs/one", "UpdateJobStatus": "jobs/one/status", "UpdateJobPriority": "jobs/one/priority",
			"GetJobTagging": "jobs/one/tagging", "PutJobTagging": "jobs/one/tagging", "DeleteJobTagging": "jobs/one/tagging",
			"TagResource": "tags/arn:aws:s3:::theirs", "UntagResource": "tags/arn:aws:s3:::theirs", "ListTagsForResource": "tags/arn:aws:s3:::none",
		}[operation]
		switch {
		case strings.HasPrefix(operation, "Create"), strings.HasPrefix(operation, "Update"), operation == "TagResource":
			method = http.MethodPost
		case strings.HasPrefix(operation, "Put"):
			method = http.MethodPut
		case strings.HasPrefix(operation, "Delete"), operation == "UntagResource":
			method = http.MethodDelete
		}
		r = httptest.NewRequest(method, "/v20180820/"+path, nil)
		r.Header.Set("X-Amz-Account-Id", accountID)
	case "fis":
		way := map[string]string{
			"CreateExperimentTemplate": "POST /experimentTemplates", "ListExperimentTemplates": "GET /experimentTemplates",
			"GetExperimentTemplate": "GET /experimentTemplates/one", "DeleteExperimentTemplate": "DELETE /experimentTemplates/one",
			"StartExperiment": "POST /experiments", "ListExperiments": "GET /experiments", "GetExperiment": "GET /experiments/one",
			"StopExperiment": "DELETE /experiments/one", "ListExperimentResolvedTargets": "GET /experiments/one/resolvedTargets",
			"GetSafetyLever": "GET /safetyLevers/default", "UpdateSafetyLeverState": "PATCH /safetyLevers/default/state",
			"TagResource": "POST /tags/arn:aws:fis:x", "UntagResource": "DELETE /tags/arn:aws:fis:x", "ListTagsForResource": "GET /tags/arn:aws:fis:x",
		}[operation]
		method, path, _ := strings.Cut(way, " ")
		r = httptest.NewRequest(method, path, nil)
	case "account":
		r = httptest.NewRequest(http.MethodPost, "/"+operation, nil)
	case "s3": // one of each level; each row of its table has a permission, says s3/table_test.go
		switch operation {
		case "ListBuckets":
			r = httptest.NewRequest(http.MethodGet, "/", nil)
		case "GetBucketPolicy":
			r = httptest.NewRequest(http.MethodGet, "/theirs?policy", nil)
		case "PutObject":
			r = httptest.NewRequest(http.MethodPut, "/theirs/k", nil)
		}
	default:
		return nil, false
	}
	return r, true
}

// Whoever has no policy may do nothing, whichever service he asks.
func TestEveryOperationAsksWhetherTheCallerMay(t *testing.T) {
	s, err := New(Options{NoDistance: true, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if _, err := s.store.Create("theirs", "us-east-1", accountID); err != nil {
		t.Fatal(err)
	}
	if err := s.directory.AddUser("nobody", "AKIANOBODY", "secret"); err != nil {
		t.Fatal(err)
	}
	_, nobody, _ := s.accounts.Lookup("AKIANOBODY")
	for _, known := range services {
		for _, operation := range known.operations() {
			r, said := asked(known.name, operation)
			if !said {
				t.Fatalf("how is an operation of %s asked for? Say so in the function asked", known.name)
			}
			if r == nil {
				continue
			}
			answer := httptest.NewRecorder()
			s.dispatch(answer, r, &sigv4.Result{Service: known.name, Region: "us-east-1"}, nobody)
			words := answer.Header().Get("X-Amzn-Errortype") + answer.Body.String()
			denied := answer.Code >= http.StatusBadRequest && strings.Contains(words, "AccessDenied") // KMS answers 400
			if denied == (freeForAll[operation] != "") {
				t.Errorf("%s of %s answers %d to a caller without any policy, %s\nwhat serves it has to ask Authorize of iam.Accounts, or freeForAll to say why not",
					operation, known.name, answer.Code, words)
			}
		}
	}
}
