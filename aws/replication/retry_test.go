package replication_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// said is a refusal with the service's own words and a request's ID.
func said(status int, code, message string) *http.Response {
	body := "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>"
	return &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"text/xml"}, "X-Amz-Request-Id": {"REQ123"}, "X-Amzn-Requestid": {"REQ123"}},
		Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func iamSaid(status int, code, message string) *http.Response {
	body := "<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code><Message>" + message + "</Message></Error><RequestId>REQ123</RequestId></ErrorResponse>"
	response := said(status, code, message)
	response.Body, response.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
	return response
}

// Which refusals pass by themselves, and which are final, after the table of
// S3's and IAM's own answers: a final one is met once and told word for word.
func TestOnlyWhatPassesByItselfIsTriedAgain(t *testing.T) {
	const (
		rule    = "PUT ?replication"
		bucket  = "PUT bucket"
		version = "PUT ?versioning"
		create  = "CreateRole"
		policy  = "PutRolePolicy"
	)
	type row struct {
		call, code, message string
		status              int
		retried             bool
		// world is what makes the same words mean something else.
		world string
	}
	for _, c := range []row{
		{rule, "NoSuchBucket", "The specified bucket does not exist", 404, true, ""},
		{rule, "NoSuchBucket", "The specified bucket does not exist", 404, false, "the far bucket is gone"},
		{rule, "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration", 400, true, ""},
		{rule, "InvalidRequest", "Destination bucket must have versioning enabled.", 400, true, ""},
		{rule, "InvalidRequest", "Destination bucket must have versioning enabled.", 400, false, "the far bucket is suspended"},
		{rule, "InvalidRequest", "Destination bucket must exist.", 400, true, ""},
		{rule, "InvalidRequest", "Destination bucket must exist.", 400, false, "the far bucket is gone"},
		{rule, "InvalidRequest", "Destination bucket cannot be the same as the source bucket.", 400, false, ""},
		{rule, "InvalidRequest", "Found duplicate priority 1.", 400, false, ""},
		{rule, "InvalidArgument", "Invalid Role specified in replication configuration", 400, false, ""},
		{rule, "MalformedXML", "The XML you provided was not well-formed", 400, false, ""},
		{rule, "OperationAborted", "A conflicting conditional operation is currently in progress against this resource. Please try again.", 409, true, ""},
		{rule, "InvalidBucketState", "An Object Lock configuration is present on this bucket", 409, false, ""},
		{rule, "SlowDown", "Please reduce your request rate.", 503, true, ""},
		{rule, "InternalError", "We encountered an internal error. Please try again.", 500, true, ""},
		{rule, "RequestTimeout", "Your socket connection to the server was not read from or written to within the timeout period.", 400, true, ""},
		{rule, "NotImplemented", "A header you provided implies functionality that is not implemented", 501, false, ""},
		{rule, "AccessDenied", "Access Denied", 403, true, ""},
		{rule, "AccessDenied", "Access Denied", 403, false, "the role is old"},
		{rule, "AccessDenied", "User: u is not authorized to perform: iam:PassRole on resource: r", 403, true, ""},
		{rule, "AccessDenied", "User: u is not authorized to perform: s3:PutReplicationConfiguration on resource: b", 403, false, ""},
		{bucket, "OperationAborted", "A conflicting conditional operation is currently in progress against this resource. Please try again.", 409, true, ""},
		{bucket, "BucketAlreadyExists", "The requested bucket name is not available.", 409, false, ""},
		{bucket, "TooManyBuckets", "You have attempted to create more buckets than allowed", 400, false, ""},
		{bucket, "AccessDenied", "Access Denied", 403, false, ""},
		{version, "NoSuchBucket", "The specified bucket does not exist", 404, true, ""},
		{version, "AccessDenied", "Access Denied", 403, false, ""},
		{create, "LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000", 409, false, ""},
		{create, "AccessDenied", "not authorized to perform: iam:CreateRole", 403, false, ""},
		{create, "ConcurrentModification", "The request was rejected because multiple requests were submitted simultaneously", 409, true, ""},
		{create, "Throttling", "Rate exceeded", 400, true, ""},
		{create, "ServiceFailure", "The request processing has failed because of an unknown error", 500, true, ""},
		{policy, "NoSuchEntity", "The role cannot be found.", 404, true, ""},
		{policy, "MalformedPolicyDocument", "Syntax errors in policy.", 400, false, ""},
	} {
		name := c.call + " " + c.code + " " + c.message
		if c.world != "" {
			name += ", when " + c.world
		}
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				if c.world == "the role is old" {
					applyAny(t, l.setUp(t))
					pass(2 * time.Minute)
					out := &s3.DeleteBucketReplicationInput{Bucket: aws.String(testPair.A.Bucket)}
					if _, err := l.world.A.S3.DeleteBucketReplication(t.Context(), out); err != nil {
						t.Fatal(err)
					}
				}
				proposed := l.setUp(t)
				const enough = 4 // more than the SDK asks again by itself
				met := 0
				l.wire.answer = func(r *http.Request) (*http.Response, error) {
					form := l.wire.form(r)
					if met > 0 && r.Method == http.MethodGet && r.URL.Query().Has("versioning") && strings.Contains(r.URL.Path, testPair.B.Bucket) {
						switch c.world {
						case "the far bucket is gone":
							return said(404, "NoSuchBucket", "The specified bucket does not exist"), nil
						case "the far bucket is suspended":
							response := said(200, "", "")
							response.Body = io.NopCloser(strings.NewReader("<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>"))
							response.ContentLength = -1
							return response, nil
						}
					}
					matches := map[string]bool{
						rule:    r.Method == http.MethodPut && r.URL.Query().Has("replication"),
						bucket:  r.Method == http.MethodPut && r.URL.RawQuery == "" && strings.Count(strings.Trim(r.URL.Path, "/"), "/") == 0,
						version: r.Method == http.MethodPut && r.URL.Query().Has("versioning"),
						create:  strings.Contains(form, "Action=CreateRole"),
						policy:  strings.Contains(form, "Action=PutRolePolicy"),
					}[c.call]
					near := strings.Contains(r.URL.Path, testPair.A.Bucket) || strings.Contains(form, "eu-west-1-to-")
					if !matches || !near || met == enough {
						return nil, nil
					}
					met++
					if form != "" {
						return iamSaid(c.status, c.code, c.message), nil
					}
					return said(c.status, c.code, c.message), nil
				}
				var events log
				err := plan.Apply(t.Context(), proposed, events.emit)
				if c.retried {
					if err != nil || met != enough {
						t.Fatalf("met %d times, then %v", met, err)
					}
					most := 3 * time.Minute
					if strings.Contains(strings.ToLower(c.message), "versioning") { // switched on for the first time: as long as AWS advises
						most = 15 * time.Minute
					}
					checkCountdown(t, events.all, c.code, most)
					return
				}
				if err == nil || met != 1 {
					t.Fatalf("met %d times, want once, then %v", met, err)
				}
				for _, e := range events.all {
					if e.Status == step.Failed && (!strings.Contains(e.Detail, c.code+": "+c.message) || !strings.Contains(e.Detail, "(request REQ123)")) {
						t.Errorf("the failure is told as %q", e.Detail)
					}
				}
			})
		})
	}
}

// checkCountdown wants each new try announced with its reason and the time
// that is left, which shrinks from no more than the most.
func checkCountdown(t *testing.T, all []step.Event, code string, most time.Duration) {
	t.Helper()
	told := 0
	left := time.Hour
	for _, e := range all {
		if e.Attempt < 2 || e.Status != step.Running || !strings.Contains(e.Detail, code) {
			continue
		}
		told++
		_, after, found := strings.Cut(e.Detail, "for up to ")
		text, _, ends := strings.Cut(after, " more.")
		if !found || !ends {
			t.Fatalf("%q says no end", e.Detail)
		}
		now, err := time.ParseDuration(strings.NewReplacer(" min", "m", " ", "").Replace(text))
		if err != nil || now > left || now > most {
			t.Errorf("%s is left after %s, %v", now, left, err)
		}
		left = now
	}
	if told == 0 {
		t.Error("no new try was announced")
	}
}

func TestPatienceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		proposed := l.setUp(t)
		l.wire.answer = func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPut && r.URL.Query().Has("replication") {
				return said(409, "OperationAborted", "Please try again."), nil
			}
			return nil, nil
		}
		start := time.Now()
		var events log
		err := plan.Apply(t.Context(), proposed, events.emit)
		if err == nil || !strings.Contains(err.Error(), "gave up after ") {
			t.Errorf("apply says %v", err)
		}
		if took := time.Since(start); took < 2*time.Minute || took > 4*time.Minute {
			t.Errorf("it gave up after %s", took)
		}
	})
}

func settling(on bool) pair.Pair {
	p := testPair
	p.Options.Settle = on
	return p
}

func TestSettlingIsWaitedForOnlyWhereItIsWanted(t *testing.T) {
	for _, on := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			l := newLab(t, settling(on))
			proposed := l.setUp(t)
			told := false
			for _, f := range proposed.Findings {
				told = told || strings.Contains(f.Meaning, "not waited for")
			}
			start := time.Now()
			var events log
			if err := plan.Apply(t.Context(), proposed, events.emit); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); told == on || on != (took >= 15*time.Minute) || took > 16*time.Minute {
				t.Errorf("with settling %t it took %s, and the findings say that it is not waited for: %t", on, took, told)
			}
			if !on {
				return
			}
			for _, e := range events.all {
				if strings.HasPrefix(e.ID, "canary") && e.Status == step.Done && e.At.Sub(start) > 5*time.Minute {
					t.Errorf("%s waited for the settling", e.ID)
				}
			}
			if events.last["settle"] != step.Done {
				t.Errorf("the settling ended %s", events.last["settle"])
			}
			if changes := l.setUp(t).Changes(); changes != 0 {
				t.Errorf("the next plan has %d changes", changes)
			}
		})
	}
}

func TestSettlingCanBeSkippedWhileItRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, settling(true))
		proposed := l.setUp(t)
		time.AfterFunc(3*time.Minute, func() {
			if !proposed.Skip("settle") || proposed.Skip("rule-a-to-b") {
				t.Error("something else than the wait is skipped")
			}
		})
		start := time.Now()
		var events log
		if err := plan.Apply(t.Context(), proposed, events.emit); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 3*time.Minute+time.Second {
			t.Errorf("it took %s", took)
		}
		if events.last["settle"] != step.Skipped || events.last["canary-a-to-b"] != step.Done {
			t.Errorf("the steps ended %v", events.last)
		}
	})
}
