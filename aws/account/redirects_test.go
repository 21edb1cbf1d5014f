package account_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
	"bothways/aws/apierror"
)

// counted is a server on loopback that counts its requests.
func counted(t *testing.T, answer http.HandlerFunc) (address string, requests *atomic.Int32) {
	t.Helper()
	requests = &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) > 50 {
			w.WriteHeader(http.StatusTeapot) // else a loop would go on for ever
			return
		}
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, requests
}

func TestARedirectIsNotFollowedAndSaid(t *testing.T) {
	elsewhere, asked := counted(t, func(http.ResponseWriter, *http.Request) {})
	for _, status := range []int{301, 302, 303, 307, 308} {
		for name, location := range map[string]func(*http.Request) string{
			"itself":       func(r *http.Request) string { return "http://" + r.Host + r.URL.RequestURI() },
			"a path":       func(*http.Request) string { return "/next" },
			"another host": func(*http.Request) string { return elsewhere + "/next?secret=1" },
		} {
			t.Run(http.StatusText(status)+" to "+name, func(t *testing.T) {
				var to string
				address, requests := counted(t, func(w http.ResponseWriter, r *http.Request) {
					to, _, _ = strings.Cut(location(r), "?")
					w.Header().Set("Location", location(r))
					w.WriteHeader(status)
				})
				settled(t, "", "")
				for variable, value := range map[string]string{
					"AWS_ENDPOINT_URL": address, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "token",
				} {
					t.Setenv(variable, value)
				}
				for label, access := range map[string]account.Access{
					"own":        {Endpoint: address, Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "x", "token")},
					"the user's": {},
				} {
					clients, err := access.Open(t.Context(), "eu-west-1")
					if err != nil {
						t.Fatal(err)
					}
					for operation, call := range map[string]func() error{
						"HeadBucket": func() error {
							_, err := clients.S3.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("a-bucket")})
							return err
						},
						"PutObject": func() error {
							_, err := clients.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("a-bucket"), Key: aws.String("k"), Body: strings.NewReader("body")})
							return err
						},
						"GetCallerIdentity": func() error {
							_, err := clients.Identify(t.Context())
							return err
						},
					} {
						before := requests.Load()
						err := call()
						said := apierror.Describe(err)
						if n := requests.Load() - before; n != 1 {
							t.Errorf("%s, %s: %d requests", label, operation, n)
						}
						for _, want := range []string{operation, strings.TrimPrefix(address, "http://"), to} {
							if !strings.Contains(said, want) {
								t.Errorf("%s, %s says nothing of %s: %s", label, operation, want, said)
							}
						}
						if strings.Contains(said, "secret") || apierror.StatusCode(err) != status {
							t.Errorf("%s, %s: status %d, %s", label, operation, apierror.StatusCode(err), said)
						}
					}
				}
			})
		}
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("the other host had %d requests, with the session's token", n)
	}
}
