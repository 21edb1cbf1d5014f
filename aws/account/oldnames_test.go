package account_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
)

// A name that no host can have is asked for by path.
func TestABucketWithAnOldNameIsAskedForByPath(t *testing.T) {
	long := strings.Repeat("Long_", 51)
	for name, want := range map[string]string{
		"My_Legacy_Bucket": "s3.us-east-1.amazonaws.com HEAD /My_Legacy_Bucket by KEYS",
		"UPPER":            "s3.us-east-1.amazonaws.com HEAD /UPPER by KEYS",
		"two..dots":        "s3.us-east-1.amazonaws.com HEAD /two..dots by KEYS",
		"-dash":            "s3.us-east-1.amazonaws.com HEAD /-dash by KEYS",
		long:               "s3.us-east-1.amazonaws.com HEAD /" + long + " by KEYS",
		"plain":            "plain.s3.us-east-1.amazonaws.com HEAD / by KEYS",
	} {
		settled(t, "", keys)
		asked := &services{}
		clients, err := account.Access{Profile: "keys", HTTPClient: &http.Client{Transport: asked}}.Open(t.Context(), "us-east-1")
		if err != nil {
			t.Fatal(err)
		}
		_, err = clients.S3.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: &name})
		if err != nil || !slices.Equal(asked.asked, []string{want}) {
			t.Errorf("%s: asked is %q, %v", name, asked.asked, err)
		}
	}
}
