package apierror_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
	"bothways/aws/sandbox"
	"bothways/aws/sandbox/fault"
)

// dated is a proxy whose clock is off by so much.
type dated struct {
	http.RoundTripper
	by time.Duration
}

func (d dated) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := d.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Header.Set("Date", time.Now().Add(d.by).UTC().Format(http.TimeFormat))
	}
	return answer, err
}

// A clock that is wrong, on whichever side, is told as that, with what both show,
// and never as a right that is missing.
func TestAWrongClockIsNoMissingRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			server, proxy time.Duration // how far they are ahead
			shown         string
		}{
			"the server's is ahead":     {3 * time.Hour, 3 * time.Hour, "2000-01-01 03:00:00 UTC"},
			"the server's is behind":    {-3 * time.Hour, -3 * time.Hour, "1999-12-31 21:00:00 UTC"},
			"a proxy's is ahead":        {0, 7 * time.Hour, "2000-01-01 07:00:00 UTC"},
			"a proxy's is behind":       {0, -48 * time.Hour, "1999-12-30 00:00:00 UTC"},
			"the service hides its own": {3 * time.Hour, 0, "which is the same"},
		} {
			o := sandbox.Options{NoDistance: true}
			if c.server != 0 {
				o.Faults = []sandbox.Fault{{Kind: "skew", Offset: fault.Span(c.server)}}
			}
			box, err := sandbox.New(o)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = box.Close() }()
			key, secret := box.Credentials()
			config := aws.Config{
				Region: "eu-west-1", Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""), BaseEndpoint: aws.String("http://sandbox.invalid"),
				HTTPClient: &http.Client{Transport: dated{box.Transport(), c.proxy}}, Retryer: func() aws.Retryer { return aws.NopRetryer{} },
			}
			var client *s3.Client
			var names *iam.Client
			calls := map[string]func() error{
				"HEAD": func() error {
					_, err := client.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("b")})
					return err
				},
				"GET": func() error {
					_, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("b")})
					return err
				},
				"IAM": func() error {
					_, err := names.ListRoles(t.Context(), &iam.ListRolesInput{})
					return err
				},
			}
			for call, ask := range calls {
				if call == "HEAD" && c.server != 0 && c.proxy == 0 {
					continue // nothing tells it from a right that is missing
				}
				client, names = s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true }), iam.NewFromConfig(config)
				var failed error
				for range 3 { // the SDK signs by the answer before
					if err := ask(); err != nil && apierror.StatusCode(err) == http.StatusForbidden {
						failed = fmt.Errorf("look: %w", err)
					}
				}
				if failed == nil {
					t.Errorf("%s, %s: nothing was refused", name, call)
					continue
				}
				said := apierror.Describe(failed)
				for _, words := range []string{"This computer's clock says 2000-01-01 00:00:00 UTC", c.shown} {
					if !strings.Contains(said, words) {
						t.Errorf("%s, %s: %s", name, call, said)
					}
				}
				if strings.Contains(said, "right to do") || apierror.Denied(failed) || apierror.Expired(failed) || !apierror.ClockWrong(failed) {
					t.Errorf("%s, %s is taken for something else: %s", name, call, said)
				}
			}
		}
	})
}

// Where the clocks agree, a HEAD that is refused lacks a right.
func TestAMissingRightIsNoWrongClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box, err := sandbox.New(sandbox.Options{NoDistance: true})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = box.Close() }()
		failed := from(t, dated{box.Transport(), 4 * time.Minute}, "AKIANOBODY", "x")
		if apierror.ClockWrong(failed) || !apierror.Denied(failed) {
			t.Error(apierror.Describe(failed))
		}
	})
}
