package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/apierror"
)

// server answers every request in the same way.
type server func(r *http.Request) *http.Response

// Do implements aws.HTTPClient.
func (s server) Do(r *http.Request) (*http.Response, error) { return s(r), nil }

func answering(status int, body io.Reader) server {
	return func(r *http.Request) *http.Response {
		return &http.Response{
			StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r, ContentLength: -1,
			Header: http.Header{}, Body: io.NopCloser(&onTheWire{r.Context(), body}),
		}
	}
}

// onTheWire is a body whose reading ends with its request.
type onTheWire struct {
	request context.Context
	from    io.Reader
}

func (b *onTheWire) Read(p []byte) (int, error) {
	if err := b.request.Err(); err != nil {
		return 0, err
	}
	return b.from.Read(p)
}

// dripping yields a byte a second, and never ends.
type dripping struct{}

func (dripping) Read(p []byte) (int, error) {
	time.Sleep(time.Second) // of virtual time
	p[0] = ' '
	return 1, nil
}

// endless yields spaces without end, and counts them.
type endless struct{ bytes int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.bytes += len(p)
	return len(p), nil
}

func ask(t *testing.T, s server) error {
	t.Helper()
	clients, err := Access{Endpoint: "http://127.0.0.1:9", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "x", ""), HTTPClient: s}.
		Open(t.Context(), "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = clients.S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("a-bucket")})
	return err
}

func TestAnAnswerIsBoundedInSizeAndTime(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   func() io.Reader
		says   string
	}{
		"an endless answer":         {200, func() io.Reader { return &endless{} }, "is longer than 16 MiB"},
		"an endless error":          {500, func() io.Reader { return &endless{} }, "is longer than 256 KiB"},
		"an answer that drips":      {200, func() io.Reader { return dripping{} }, "took longer than 1m0s"},
		"an error that drips":       {403, func() io.Reader { return dripping{} }, "took longer than 1m0s"},
		"an empty answer":           {200, func() io.Reader { return strings.NewReader("") }, "is empty"},
		"a page with an error":      {503, func() io.Reader { return strings.NewReader("<html><br></html>") }, "is HTTP 503 without an error of that service in it"},
		"a page that forbids":       {403, func() io.Reader { return strings.NewReader("<html><br></html>") }, "is HTTP 403 without an error of that service in it"},
		"an error without a word":   {500, func() io.Reader { return strings.NewReader("") }, "is HTTP 500 without an error of that service in it"},
		"a redirect without a word": {307, func() io.Reader { return strings.NewReader("") }, "is HTTP 307 without an error of that service in it"},
		"an answer that is cut off": {200, func() io.Reader { return strings.NewReader("<ListVersionsResult><Name>a-b") }, "can't be read: it is cut off, or is no XML"},
		"a page with a loose end":   {200, func() io.Reader { return strings.NewReader("<html><br></html>") }, "begins with <html>, and not with <ListVersionsResult>"},
		"the page of some gateway":  {200, func() io.Reader { return strings.NewReader("<html><body>Hello</body></html>") }, "begins with <html>, and not with <ListVersionsResult>"},
		"a list of another kind": {200, func() io.Reader {
			return strings.NewReader("<ListBucketResult><Name>a-bucket</Name></ListBucketResult>")
		}, "begins with <ListBucketResult>, and not with <ListVersionsResult>"},
		"tags without an end":   {200, func() io.Reader { return strings.NewReader("<ListVersionsResult>" + strings.Repeat("<a>", 5_000_000)) }, "has elements in more than 100 others"},
		"an error of such tags": {500, func() io.Reader { return strings.NewReader("<Error>" + strings.Repeat("<a>", 50_000)) }, "is HTTP 500 without an error of that service in it"},
		"a list of another bucket": {200, func() io.Reader {
			return strings.NewReader("<ListVersionsResult><Name>b-bucket</Name></ListVersionsResult>")
		}, "is of another bucket, \"b-bucket\""},
		"more, and not from where": {200, func() io.Reader {
			return strings.NewReader("<ListVersionsResult><Name>a-bucket</Name><IsTruncated>true</IsTruncated></ListVersionsResult>")
		}, "says that there is more, and not from where"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start, body := time.Now(), c.body()
				err := ask(t, answering(c.status, body))
				if _, is := errors.AsType[*AnswerError](err); !is || !strings.Contains(apierror.Describe(err), " to ListObjectVersions "+c.says) {
					t.Errorf("said: %s", apierror.Describe(err))
				}
				if e, is := body.(*endless); is && e.bytes > 3*(answerMost+1<<20) {
					t.Errorf("%d bytes were read", e.bytes)
				}
				if said := apierror.Describe(err); strings.Contains(said, "lack the right") || strings.Contains(said, "syntax error") || strings.Contains(said, "UnknownError") {
					t.Errorf("it says %s", said)
				}
				if c.status >= 300 && !strings.Contains(c.says, "longer") && apierror.StatusCode(err) != c.status {
					t.Errorf("of its status is known %d", apierror.StatusCode(err))
				}
				if took := time.Since(start); took > 5*time.Minute {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

// S3 answers at once that it puts an upload together, and then takes minutes.
func TestPuttingPartsTogetherMayTakeMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := `<CompleteMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><ETag>"e-2"</ETag></CompleteMultipartUploadResult>`
		clients, err := Access{
			Endpoint: "http://127.0.0.1:9", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "x", ""),
			HTTPClient: answering(200, io.MultiReader(io.LimitReader(dripping{}, 300), strings.NewReader(done))),
		}.Open(t.Context(), "eu-west-1")
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		out, err := clients.S3.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: aws.String("b"), Key: aws.String("k"), UploadId: aws.String("u")})
		if err != nil || aws.ToString(out.ETag) != `"e-2"` || time.Since(start) < 4*time.Minute {
			t.Errorf("after %s: %v", time.Since(start), err)
		}
	})
}

// A server that speaks for another service says nothing that STS would.
func TestAnErrorOfAnotherServiceIsToldWithItsStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for status, body := range map[int]string{500: "", 503: "<Error><Code>SlowDown</Code><Message>Slow.</Message></Error>", 301: "", 307: "<html></html>"} {
			clients, err := Access{
				Endpoint: "http://127.0.0.1:9", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "x", ""),
				HTTPClient: server(func(r *http.Request) *http.Response { return answering(status, strings.NewReader(body))(r) }),
			}.Open(t.Context(), "eu-west-1")
			if err != nil {
				t.Fatal(err)
			}
			_, err = clients.STS.GetCallerIdentity(t.Context(), nil)
			want := fmt.Sprintf("the answer of 127.0.0.1:9 to GetCallerIdentity is HTTP %d without an error of that service in it: is that the right endpoint", status)
			if said := apierror.Describe(err); !strings.Contains(said, want) || strings.Contains(said, "UnknownError") {
				t.Errorf("%d: %s", status, said)
			}
		}
	})
}

func TestALongMessageIsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := "<Error><Code>InternalError</Code><Message>" + strings.Repeat("all work and no play ", 10_000) + "</Message></Error>"
		if said := apierror.Describe(ask(t, answering(400, strings.NewReader(body)))); len(said) > 800 || !strings.Contains(said, "more characters)") {
			t.Errorf("%d bytes are said: %.300s", len(said), said)
		}
	})
}

// What gets credentials reads through the same bound as what uses them.
func TestAnswersToCallsForCredentialsAreBoundedToo(t *testing.T) {
	home := t.TempDir()
	for name, value := range map[string]string{
		"HOME": home, "USERPROFILE": home, "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CA_BUNDLE": "", "AWS_PROFILE": "", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_CONFIG_FILE": filepath.Join(home, "config"),
	} {
		t.Setenv(name, value)
	}
	config := "[profile over]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = base\n[profile base]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = x\n"
	if err := os.WriteFile(filepath.Join(home, "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	body := &endless{}
	clients, err := Access{Profile: "over", Endpoint: "http://127.0.0.1:9", HTTPClient: answering(200, body)}.Open(t.Context(), "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = clients.Identify(t.Context())
	if said := apierror.Describe(err); !strings.Contains(said, "to AssumeRole is longer than 16 MiB") || body.bytes > 4*answerMost {
		t.Errorf("%d bytes were read, and it is said: %s", body.bytes, said)
	}
}

func TestAPageThatLeadsToItselfEndsTheList(t *testing.T) {
	for name, marks := range map[string]string{
		"plain":   `<NextKeyMarker>k</NextKeyMarker>`,
		"encoded": `<EncodingType>url</EncodingType><NextKeyMarker>a+b%2Bc%01</NextKeyMarker>`,
	} {
		t.Run(name, func(t *testing.T) {
			page := `<ListVersionsResult><Name>a-bucket</Name><IsTruncated>true</IsTruncated>` + marks + `<NextVersionIdMarker>v</NextVersionIdMarker></ListVersionsResult>`
			asked := 0
			clients, err := Access{
				Endpoint: "http://127.0.0.1:9", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "x", ""),
				HTTPClient: server(func(r *http.Request) *http.Response { asked++; return answering(200, strings.NewReader(page))(r) }),
			}.Open(t.Context(), "eu-west-1")
			if err != nil {
				t.Fatal(err)
			}
			for pages := s3.NewListObjectVersionsPaginator(clients.S3, &s3.ListObjectVersionsInput{Bucket: aws.String("a-bucket")}); err == nil && asked < 10 && pages.HasMorePages(); {
				_, err = pages.NextPage(t.Context())
			}
			if asked != 2 || !strings.Contains(apierror.Describe(err), "repeats its page for ever") {
				t.Errorf("after %d pages: %v", asked, err)
			}
		})
	}
}

// A header may echo it, too, and the ID of a request is one.
func TestATokenInAHeaderIsNotShown(t *testing.T) {
	const token = "IQoJb3JpZ2luX2VjE+PLANTED/PLANTED+PLANTED=="
	for name, method := range map[string]func(*s3.Client) error{
		"with a body": func(c *s3.Client) error {
			_, err := c.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("a-bucket")})
			return err
		},
		"without one": func(c *s3.Client) error {
			_, err := c.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("a-bucket")})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			clients, err := Access{
				Endpoint: "http://127.0.0.1:9", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "x", token),
				HTTPClient: server(func(r *http.Request) *http.Response {
					body := "<Error><Code>AccessDenied</Code></Error>"
					if r.Method == http.MethodHead {
						body = ""
					}
					answer := answering(403, strings.NewReader(body))(r)
					answer.Header.Set("X-Amz-Request-Id", "of "+token)
					answer.Header.Set("X-Amz-Id-2", token)
					return answer
				}),
			}.Open(t.Context(), "eu-west-1")
			if err != nil {
				t.Fatal(err)
			}
			err = method(clients.S3)
			if said := apierror.Describe(err) + err.Error(); !strings.Contains(said, "403") || strings.Contains(said, "PLANTED") {
				t.Errorf("it says %s", said)
			}
		})
	}
}

// A gateway may echo what it was sent. The session token is sent as it is.
func TestATokenThatAServerEchoesIsNotShown(t *testing.T) {
	const token = "IQoJb3JpZ2luX2VjE+PLANTED/PLANTED+PLANTED=="
	for name, body := range map[string]string{
		"a header":      "blocked. x-amz-security-token: " + token,
		"percent signs": "at ?t=" + url.QueryEscape(token),
		"JSON":          `{&quot;token&quot;:&quot;` + strings.ReplaceAll(token, "/", `\/`) + "&quot;}",
		"alone":         token,
	} {
		t.Run(name, func(t *testing.T) {
			clients, err := Access{
				Endpoint: "http://127.0.0.1:9", Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "x", token),
				HTTPClient: answering(403, strings.NewReader("<Error><Code>AccessDenied</Code><Message>"+body+"</Message></Error>")),
			}.Open(t.Context(), "eu-west-1")
			if err != nil {
				t.Fatal(err)
			}
			_, err = clients.S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("a-bucket")})
			if said := apierror.Describe(err) + err.Error() + apierror.Message(err); !strings.Contains(said, "AccessDenied") || strings.Contains(said, "PLANTED") {
				t.Errorf("it says %s", said)
			}
		})
	}
}
