package account_test

import (
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/sandbox"
)

// sandboxed reaches a sandbox in this process.
func sandboxed(t *testing.T) (*sandbox.Sandbox, *account.Clients) {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Seed: 1, NoDistance: true, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	id, secret := box.Credentials()
	access := account.Access{
		Sandbox: true, Endpoint: "http://sandbox.test", HTTPClient: &http.Client{Transport: box.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
	}
	clients, err := access.Open(t.Context(), "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	return box, clients
}

func TestAGlanceTellsFreeNamesFromOursAndOthers(t *testing.T) {
	box, clients := sandboxed(t)
	others := sandbox.Account{ID: "999999999999", Buckets: []sandbox.AccountBucket{{Name: "somebody-elses", Region: "eu-west-1"}}}
	if err := box.AddAccount(others); err != nil {
		t.Fatal(err)
	}
	_, err := clients.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{
		Bucket:                    aws.String("mine"),
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = clients.S3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
		Bucket: aws.String("mine"), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]account.Description{
		"nobodys":        {Holder: account.Nobody},
		"somebody-elses": {Holder: account.Others, Region: "eu-west-1"},
		"mine":           {Holder: account.Ours, Region: "eu-west-1", Versioning: "Suspended"},
	} {
		got, err := clients.DescribeBucket(t.Context(), name)
		if err != nil || got.Holder != want.Holder || got.Region != want.Region || got.Versioning != want.Versioning {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
