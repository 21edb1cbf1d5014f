package iam_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdkiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/wire"
)

const (
	account = "111122223333"
	// adminKey and adminSecret belong to the user admin, who may do everything.
	adminKey, adminSecret = "AKIAADMINADMINADMIN1", "admin secret"

	trustS3 = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},` +
		`"Action":"sts:AssumeRole"}]}`
	trustAccount = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"111122223333"},` +
		`"Action":"sts:AssumeRole"}]}`
	replicate = `{"Version":"2012-10-17","Statement":[{"Sid":"Destination","Effect":"Allow","Action":"s3:ReplicateObject",` +
		`"Resource":"arn:aws:s3:::b/*"}]}`
)

// front is the smallest front door: it checks signatures and hands requests to IAM or STS by the credential scope.
type front struct {
	directory *iam.Directory
	verifier  sigv4.Verifier
}

// RoundTrip implements http.RoundTripper without a network.
func (f *front) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	recorder := httptest.NewRecorder()
	result, err := f.verifier.Verify(r, f.directory.Key, time.Now())
	if err != nil {
		wire.Refuse(recorder, r, "iam", err) // both services' errors look alike
		return recorder.Result(), nil
	}
	_, principal, _ := f.directory.Lookup(result.AccessKeyID)
	serve := f.directory.ServeIAM
	if result.Service == "sts" {
		serve = f.directory.ServeSTS
	}
	if err := serve(recorder, r, principal); err != nil {
		wire.Refuse(recorder, r, result.Service, err)
	}
	return recorder.Result(), nil
}

// world is an account with an administrator.
func world() *front { return slowWorld(0) }

// slowWorld is one in which changes take a while to be seen.
func slowWorld(propagation time.Duration) *front {
	f := &front{directory: iam.New(account, propagation)}
	// Without policies of its own nothing about a user can be wrong.
	_ = f.directory.PutUser(iam.NewUser{Name: "admin", AccessKeyID: adminKey, Key: sigv4.Key{SecretAccessKey: adminSecret}, Administrator: true})
	return f
}

func (f *front) config(accessKeyID, secret, token string) aws.Config {
	return aws.Config{
		Region:           "eu-west-1",
		BaseEndpoint:     aws.String("https://sandbox.test"),
		Credentials:      credentials.NewStaticCredentialsProvider(accessKeyID, secret, token),
		HTTPClient:       &http.Client{Transport: f},
		RetryMaxAttempts: 1,
	}
}

func (f *front) iam() *sdkiam.Client {
	return sdkiam.NewFromConfig(f.config(adminKey, adminSecret, ""))
}

func (f *front) sts() *sts.Client {
	return sts.NewFromConfig(f.config(adminKey, adminSecret, ""))
}

// user adds a user with policies and returns clients that sign as this user.
func (f *front) user(t *testing.T, name string, policies ...string) (*sdkiam.Client, *sts.Client) {
	t.Helper()
	if err := f.directory.AddUser(name, "AKIA"+name, name+" secret", policies...); err != nil {
		t.Fatal(err)
	}
	config := f.config("AKIA"+name, name+" secret", "")
	return sdkiam.NewFromConfig(config), sts.NewFromConfig(config)
}

// role makes a role by the API.
func (f *front) role(t *testing.T, name, trust string) *sdkiam.CreateRoleOutput {
	t.Helper()
	out, err := f.iam().CreateRole(t.Context(), &sdkiam.CreateRoleInput{
		RoleName: aws.String(name), Path: aws.String("/bothways/"), AssumeRolePolicyDocument: aws.String(trust),
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (f *front) putPolicy(t *testing.T, role, name, document string) {
	t.Helper()
	if _, err := f.iam().PutRolePolicy(t.Context(), &sdkiam.PutRolePolicyInput{
		RoleName: aws.String(role), PolicyName: aws.String(name), PolicyDocument: aws.String(document),
	}); err != nil {
		t.Fatal(err)
	}
}

// limitRole sets the permissions boundary of a role to a policy document; "" removes it.
func (f *front) limitRole(t *testing.T, role, document string) {
	t.Helper()
	var err error
	if document == "" {
		_, err = f.iam().DeleteRolePermissionsBoundary(t.Context(), &sdkiam.DeleteRolePermissionsBoundaryInput{RoleName: aws.String(role)})
	} else {
		var made *sdkiam.CreatePolicyOutput
		made, err = f.iam().CreatePolicy(t.Context(), &sdkiam.CreatePolicyInput{
			PolicyName: aws.String("boundary-of-" + role), PolicyDocument: aws.String(document),
		})
		if err == nil {
			_, err = f.iam().PutRolePermissionsBoundary(t.Context(), &sdkiam.PutRolePermissionsBoundaryInput{
				RoleName: aws.String(role), PermissionsBoundary: made.Policy.Arn,
			})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// wantError checks the code on the wire, the HTTP status and, if it is not "", the message.
func wantError(t *testing.T, err error, code string, status int, message string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) {
		t.Errorf("got %v, want %s", err, code)
		return
	}
	if api.ErrorCode() != code {
		t.Errorf("code %q (%v), want %q", api.ErrorCode(), err, code)
	}
	var response interface{ HTTPStatusCode() int }
	if errors.As(err, &response) && response.HTTPStatusCode() != status {
		t.Errorf("%s: status %d, want %d", code, response.HTTPStatusCode(), status)
	}
	if message != "" && api.ErrorMessage() != message {
		t.Errorf("%s: message\n\t%q, want\n\t%q", code, api.ErrorMessage(), message)
	}
}
