package sandbox_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// Who asks whether to go on is told so, be there something to send or not.
func TestWhoAsksWhetherToGoOnIsTold(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	endpoint, err := w.sandbox.Listen(t.Context(), "")
	must(t, endpoint, err)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(endpoint, "http://"))
	must(t, conn, err)
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for range 2 { // the connection stays in step
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, endpoint+"/box/k", nil)
		must(t, request, err)
		request.Header.Set("Expect", "100-continue")
		w.sign(request, "UNSIGNED-PAYLOAD", ireland)
		must(t, 0, request.Write(conn))
		for _, want := range []int{http.StatusContinue, http.StatusOK} {
			answer, err := http.ReadResponse(answers, request)
			if err != nil {
				t.Fatal(err)
			}
			_ = answer.Body.Close()
			if answer.StatusCode != want {
				t.Fatalf("got %s, want %d", answer.Status, want)
			}
		}
	}
}

// The commonest hardening of all can be tried: it lets in whom nobody can
// listen to, and nobody else.
func TestADenyWithoutTLSLetsInOverTLS(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::box","arn:aws:s3:::box/*"],
		"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`
	_, err := w.s3(ireland).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("box"), Policy: &policy})
	must(t, 0, err)
	plain, err := w.sandbox.Listen(t.Context(), "")
	must(t, plain, err)
	secure, authority, err := w.sandbox.ListenTLS(t.Context(), "127.0.0.1:0")
	must(t, secure, err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	for endpoint, want := range map[string]string{plain: "AccessDenied", secure: "", strings.Replace(secure, "127.0.0.1", "localhost", 1): ""} {
		config := w.config(ireland)
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
		config.HTTPClient = &http.Client{Transport: transport}
		client := s3.NewFromConfig(config, func(o *s3.Options) { o.BaseEndpoint, o.UsePathStyle = &endpoint, true })
		_, err := client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("box"), Key: aws.String("k"), Body: strings.NewReader("content")})
		if got := code(err); got != want {
			t.Errorf("at %s a put is answered with %q", endpoint, got)
		}
		transport.CloseIdleConnections()
	}
}

func TestAPolicyHasItsLength(t *testing.T) {
	w := quick(t)
	w.plainBucket("box", ireland)
	of := func(length int) error {
		policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":{"AWS":"000000000000"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::box/*"}]`
		policy += strings.Repeat(" ", length-len(policy)-1) + "}"
		_, err := w.s3(ireland).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: aws.String("box"), Policy: &policy})
		return err
	}
	must(t, 0, of(20480))
	if got := code(of(20481)); got != "PolicyTooLarge" {
		t.Errorf("one that is too long is answered with %q", got)
	}
}

func TestConditionsSeeTheTagsOfARequest(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoDistance: true, Accounts: []sandbox.Account{{ID: "000000000000", Users: []sandbox.User{{
		Name: "tagger", AccessKeyID: "AKIATAGGER", SecretAccessKey: "secret", Policies: []json.RawMessage{[]byte(`{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Action":["s3:CreateBucket","s3:TagResource"],"Resource":"*","Condition":{"StringEquals":{"aws:RequestTag/team":"a","s3:locationconstraint":"eu-west-1"}}},
			{"Effect":"Allow","Action":"s3:PutObjectTagging","Resource":"*","Condition":{"StringEquals":{"s3:RequestObjectTag/team":"a"}}}]}`)},
	}}}}})
	w.plainBucket("box", ireland)
	w.put("box", ireland, "k", "content")
	client := w.as(ireland, "AKIATAGGER", "secret")
	for team, want := range map[string]string{"a": "", "b": "AccessDenied"} {
		tags := []types.Tag{{Key: aws.String("team"), Value: &team}}
		_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{
			Bucket: aws.String("of-team-" + team), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: ireland, Tags: tags},
		})
		if got := code(err); got != want {
			t.Errorf("a bucket of %s: %q", team, got)
		}
		_, err = client.PutObjectTagging(t.Context(), &s3.PutObjectTaggingInput{Bucket: aws.String("box"), Key: aws.String("k"), Tagging: &types.Tagging{TagSet: tags}})
		if got := code(err); got != want {
			t.Errorf("an object of %s: %q", team, got)
		}
	}
}
