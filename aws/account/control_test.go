package account_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3control"

	"bothways/aws/account"
	"bothways/aws/apierror"
)

// asked keeps the requests that go out and answers them all alike.
type asked struct {
	requests []*http.Request
	status   int
	body     string
}

func (a *asked) RoundTrip(r *http.Request) (*http.Response, error) {
	a.requests = append(a.requests, r)
	return &http.Response{StatusCode: a.status, Header: http.Header{"Content-Type": {"application/xml"}}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r}, nil
}

// The SDK puts the account before the host, which no address such as
// 111122223333.127.0.0.1 resolves: an endpoint of somebody's own is asked as it is.
func TestS3ControlIsAskedAtTheAddressThatWasGiven(t *testing.T) {
	wire := &asked{status: 200, body: `<ListJobsResult xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"></ListJobsResult>`}
	clients, err := account.Access{
		Endpoint: "http://127.0.0.1:9000", HTTPClient: &http.Client{Transport: wire}, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}.Open(t.Context(), "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clients.Control.ListJobs(t.Context(), &s3control.ListJobsInput{AccountId: aws.String("111122223333")}); err != nil {
		t.Fatal(err)
	}
	r := wire.requests[0]
	if r.URL.Host != "127.0.0.1:9000" || r.Host != "" && r.Host != "127.0.0.1:9000" || r.Header.Get("X-Amz-Account-Id") != "111122223333" || !strings.Contains(r.Header.Get("Authorization"), "host;") {
		t.Errorf("asked %s (host %q) with %v", r.URL, r.Host, r.Header)
	}
	wire.status, wire.body = 404, `<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchJob</Code><Message>The specified job does not exist</Message></Error><RequestId>1</RequestId></ErrorResponse>`
	if _, err := clients.Control.DescribeJob(t.Context(), &s3control.DescribeJobInput{AccountId: aws.String("111122223333"), JobId: aws.String("x")}); apierror.Code(err) != "NoSuchJob" {
		t.Errorf("its refusal reads as %v", err)
	}
}

// AWS itself is asked at the account's own host.
func TestS3ControlOfAWSIsAskedAtTheAccountsHost(t *testing.T) {
	for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3_CONTROL"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	wire := &asked{status: 200, body: `<ListJobsResult xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"></ListJobsResult>`}
	clients, err := account.Access{HTTPClient: &http.Client{Transport: wire}, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", "")}.Open(t.Context(), "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := clients.Control.ListJobs(t.Context(), &s3control.ListJobsInput{AccountId: aws.String("111122223333")}); err != nil {
		t.Fatal(err)
	}
	if host := wire.requests[0].URL.Host; host != "111122223333.s3-control.eu-west-1.amazonaws.com" {
		t.Errorf("asked %s", host)
	}
}
