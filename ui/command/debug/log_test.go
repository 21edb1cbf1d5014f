package debug_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
	"bothways/aws/account/httplog"
	"bothways/aws/apierror"
	"bothways/ui/command/debug"
)

// begun is a log, and what it holds once it has ended.
func begun(t *testing.T, redact func(string) string) (log *debug.Log, records func() (text string, all []map[string]any)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	log, err := debug.Open(path, debug.Run{Version: "v1", Args: []string{"plan", "--endpoint-a", "http://me:planted-in-args@host"}, Environ: []string{"AWS_SECRET_ACCESS_KEY=planted/secret+of/the/environment"}}, redact)
	if err != nil {
		t.Fatal(err)
	}
	return log, func() (string, []map[string]any) {
		t.Helper()
		if err := log.Ended(0, nil); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var all []map[string]any
		for line := range strings.Lines(string(text)) {
			var record map[string]any
			if err := json.Unmarshal([]byte(line), &record); err != nil {
				t.Errorf("%q: %v", line, err)
			}
			all = append(all, record)
		}
		return string(text), all
	}
}

// A store that echoes whatever it was sent, in the headers, the body and the forms in
// which gateways do, has nothing of it in the log.
func TestNothingThatProvesWhoSomebodyIsComesIntoTheLog(t *testing.T) {
	const token = "planted/token+of==the&session0123456789ABCdef"
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "minioadmin", "AWS_SECRET_ACCESS_KEY": "planted/secret+of/the/environment", "AWS_SESSION_TOKEN": token,
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": "", "AWS_CA_BUNDLE": "", "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	signatures := make(chan string, 100)
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := r.Header.Get("Authorization")
		_, signature, _ := strings.Cut(given, "Signature=")
		signatures <- signature
		headers, err := json.Marshal(r.Header)
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("X-Amz-Request-Id", "ID-1 "+r.Header.Get("X-Amz-Security-Token"))
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, "<Error><Code>SignatureDoesNotMatch</Code><Message>no \u202e %s %s %s</Message><StringToSign>planted-to-sign\n</StringToSign>"+
			"<CanonicalRequest>x-amz-security-token:%s</CanonicalRequest><Key>wJalrXUtnFEMI/K7MDENG/bPxRfiCYPLANTEDKEY</Key></Error>",
			headers, given, r.URL, r.Header.Get("X-Amz-Security-Token")) // its reader may be gone
	}))
	defer echo.Close()
	log, records := begun(t, func(text string) string {
		return apierror.Redact(strings.ReplaceAll(text, "planted/secret+of/the/environment", "[redacted]"))
	})
	ctx := httplog.With(t.Context(), log.HTTP())
	clients, err := account.Access{Endpoint: strings.Replace(echo.URL, "://", "://me:planted-password@", 1)}.Open(ctx, "eu-west-1")
	if err != nil {
		t.Fatal(err)
	}
	_, err = clients.S3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String("one")})
	if err == nil {
		t.Error("the echo is taken for an answer")
	}
	_, err = clients.S3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: aws.String("one")})
	log.Said(fmt.Sprint(err))
	if _, err := clients.Identify(ctx); err == nil {
		t.Error("the echo is taken for an answer")
	}
	// A signed address, as somebody's browser has it.
	signed, _, err := v4.NewSigner().PresignHTTP(ctx, aws.Credentials{AccessKeyID: "minioadmin", SecretAccessKey: "planted", SessionToken: token},
		must(http.NewRequestWithContext(ctx, http.MethodGet, echo.URL+"/one/k?prefix=shown&X-Amz-Expires=60", nil)), "UNSIGNED-PAYLOAD", "s3", "eu-west-1", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	answer, err := log.HTTP().Client(http.DefaultClient).Do(must(http.NewRequestWithContext(ctx, http.MethodGet, signed, nil)))
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	echo.Close()
	if answer, err := log.HTTP().Client(http.DefaultClient).Do(must(http.NewRequestWithContext(ctx, http.MethodGet, signed, nil))); err == nil {
		_ = answer.Body.Close()
		t.Error("a server that is gone answers")
	}
	text, all := records()
	close(signatures)
	secret := slices.Collect(func(yield func(string) bool) {
		for signature := range signatures {
			if signature != "" && !yield(signature) {
				return
			}
		}
	})
	for _, planted := range append(secret, "planted", "session0123456789", "X-Amz-Signature=0", "PLANTEDKEY", "\u202e", "Basic ") {
		if at := strings.Index(text, planted); at >= 0 {
			t.Errorf("%q is written down: …%s…", planted, text[max(0, at-200):min(len(text), at+200)])
		}
	}
	for _, want := range []string{`"says":"<Error><Code>SignatureDoesNotMatch`, `\u202e`, `prefix=shown`, `&X-Amz-Signature&`, `"set":["AWS_SECRET_ACCESS_KEY"]`, "connection refused"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %s:\n%s", want, text)
		}
	}
	count := map[any]int{}
	for _, record := range all {
		count[record["msg"]]++
	}
	if count["request"] < 5 || count["request"] != count["answer"] {
		t.Errorf("it has %v", count)
	}
}

func must(r *http.Request, err error) *http.Request {
	if err != nil {
		panic(err)
	}
	return r
}

type told struct {
	Text  string         `json:"text"`
	More  map[string]any `json:"more"`
	Count int64          `json:"count"`
}

func (told) EventName() string { return "told" }

func TestWhatIsToldIsKeptWhole(t *testing.T) {
	log, records := begun(t, func(text string) string { return strings.ReplaceAll(text, "planted-in-args", "[redacted]") })
	log.Event(told{"two\nlines \x1b[31m", map[string]any{"planted-in-args": []string{"planted-in-args"}}, 1<<62 + 1})
	log.Event(told{Text: strings.Repeat("x", 1<<20)})
	text, all := records()
	if len(all) != 4 || strings.Contains(text, "planted") || strings.ContainsAny(text, "\x1b") || len(text) > 16<<10 ||
		!strings.Contains(text, `"count":4611686018427387905`) || !strings.Contains(text, `[cut]`) {
		t.Errorf("it has %d records:\n%s", len(all), text)
	}
	var none *debug.Log
	none.Event(told{})
	none.Said("nothing")
	if err := none.Ended(1, errors.New("x")); err != nil || none.HTTP() != nil || httplog.Of(context.Background()) != nil {
		t.Error("a log that nobody asked for does something")
	}
}
