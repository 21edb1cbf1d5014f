package sandbox_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"bothways/aws/sandbox"
	"bothways/aws/sandbox/fault"
)

// once is a client that does not try again.
func (w *world) once(region string) *s3.Client {
	return s3.New(w.s3(region).Options(), func(o *s3.Options) { o.RetryMaxAttempts = 1 })
}

func (w *world) inject(f sandbox.Fault) (lift func()) {
	w.Helper()
	lift, err := w.sandbox.Inject(f)
	if err != nil {
		w.Fatal(err)
	}
	return lift
}

func span(d time.Duration) fault.Span { return fault.Span(d) }

func TestEachKindOfFaultLooksAsItDoesOnAWS(t *testing.T) {
	head := func(w *world, ctx context.Context) error {
		_, err := w.once(ireland).HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String("here"), Key: aws.String("k")})
		return err
	}
	list := func(w *world, ctx context.Context) error {
		_, err := w.once(ireland).ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("here")})
		return err
	}
	identity := func(w *world, ctx context.Context) error {
		_, err := sts.NewFromConfig(w.config(ireland), func(o *sts.Options) {
			o.BaseEndpoint, o.RetryMaxAttempts = aws.String("http://127.0.0.1:9000"), 1
		}).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		return err
	}
	for name, row := range map[string]struct {
		fault sandbox.Fault
		call  func(*world, context.Context) error
		code  string
		is    error
		took  time.Duration
	}{
		"refused":               {sandbox.Fault{Kind: "refuse"}, list, "", syscall.ECONNREFUSED, 0},
		"reset":                 {sandbox.Fault{Kind: "reset"}, list, "", syscall.ECONNRESET, 0},
		"hanging":               {sandbox.Fault{Kind: "hang"}, list, "", context.DeadlineExceeded, time.Minute},
		"hanging, then reset":   {sandbox.Fault{Kind: "hang", Delay: span(9 * time.Second)}, list, "", syscall.ECONNRESET, 9 * time.Second},
		"delayed":               {sandbox.Fault{Kind: "delay", Delay: span(3 * time.Second)}, list, "", nil, 3 * time.Second},
		"SlowDown":              {sandbox.Fault{Kind: "slowdown"}, list, "SlowDown", nil, 0},
		"SlowDown of a HEAD":    {sandbox.Fault{Kind: "slowdown"}, head, "ServiceUnavailable", nil, 0},
		"throttled STS":         {sandbox.Fault{Kind: "slowdown"}, identity, "Throttling", nil, 0},
		"internal error":        {sandbox.Fault{Kind: "error"}, list, "InternalError", nil, 0},
		"an error of one's own": {sandbox.Fault{Kind: "error", Status: 409, Code: "OperationAborted"}, list, "OperationAborted", nil, 0},
		"expired token":         {sandbox.Fault{Kind: "expired"}, list, "ExpiredToken", nil, 0},
		"expired token of STS":  {sandbox.Fault{Kind: "expired"}, identity, "ExpiredToken", nil, 0},
		"a clock that is wrong": {sandbox.Fault{Kind: "skew", Offset: span(time.Hour)}, list, "RequestTimeTooSkewed", nil, 0},
		"another operation":     {sandbox.Fault{Kind: "slowdown", Operation: "HeadObject"}, list, "", nil, 0},
		"the operation":         {sandbox.Fault{Kind: "slowdown", Operation: "listobjectsv2"}, list, "SlowDown", nil, 0},
		"another region":        {sandbox.Fault{Kind: "slowdown", Region: singapore}, list, "", nil, 0},
		"another bucket":        {sandbox.Fault{Kind: "slowdown", Bucket: "there"}, list, "", nil, 0},
		"the key's prefix":      {sandbox.Fault{Kind: "error", Bucket: "here", Prefix: "k"}, head, "InternalServerError", nil, 0},
		"another prefix":        {sandbox.Fault{Kind: "error", Prefix: "x/"}, head, "", nil, 0},
		"OperationAborted":      {sandbox.Fault{Kind: "error", Code: "OperationAborted"}, list, "OperationAborted", nil, 0},
		"RequestTimeout":        {sandbox.Fault{Kind: "error", Code: "RequestTimeout"}, list, "RequestTimeout", nil, 0},
		"an operation of STS":   {sandbox.Fault{Kind: "error", Service: "sts", Operation: "GetCallerIdentity"}, identity, "InternalError", nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true})
				w.bucket("here", ireland)
				w.put("here", ireland, "k", "x")
				lift := w.inject(row.fault)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				start := time.Now()
				err := row.call(w, ctx)
				if took := time.Since(start); took != row.took {
					t.Errorf("took %v, want %v", took, row.took)
				}
				switch {
				case row.is != nil && !errors.Is(err, row.is):
					t.Errorf("got %v, want %v", err, row.is)
				case row.is == nil && code(err) != row.code:
					t.Errorf("got %q (%v), want %q", code(err), err, row.code)
				}
				lift()
				lift()
				if err := row.call(w, t.Context()); err != nil && row.code != "RequestTimeTooSkewed" {
					t.Errorf("after the fault: %v", err)
				}
			})
		})
	}
}

func TestWhatAFaultDoesNotSayIsAsAWSHasIt(t *testing.T) {
	w := quick(t)
	w.bucket("here", ireland)
	for _, row := range []struct {
		fault         sandbox.Fault
		status        int
		code, message string
	}{
		{sandbox.Fault{Kind: "slowdown"}, 503, "SlowDown", "Please reduce your request rate."},
		{sandbox.Fault{Kind: "error"}, 500, "InternalError", "We encountered an internal error. Please try again."},
		{sandbox.Fault{Kind: "error", Status: 503}, 503, "ServiceUnavailable", "Service is unable to handle request."},
		{sandbox.Fault{Kind: "error", Status: 502}, 502, "BadGateway", "We encountered an internal error. Please try again."},
		{sandbox.Fault{Kind: "error", Code: "OperationAborted"}, 409, "OperationAborted", "A conflicting conditional operation is currently in progress against this resource. Please try again."},
		{sandbox.Fault{Kind: "error", Code: "RequestTimeout"}, 400, "RequestTimeout", "Your socket connection to the server was not read from or written to within the timeout period."},
		{sandbox.Fault{Kind: "expired"}, 400, "ExpiredToken", "The provided token has expired."},
		{sandbox.Fault{Kind: "skew", Offset: span(16 * time.Minute)}, 403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."},
		{sandbox.Fault{Kind: "skew", Offset: span(-16 * time.Minute)}, 403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."},
		{sandbox.Fault{Kind: "error", Code: "Odd", Message: "In words of one's own."}, 500, "Odd", "In words of one's own."},
		{sandbox.Fault{Kind: "error", Code: "SlowDown", Status: 500, Message: "Later."}, 500, "SlowDown", "Later."},
	} {
		lift := w.inject(row.fault)
		w.raw(rawRequest{method: http.MethodGet, path: "/here"}).want(t, row.status, row.code, row.message)
		lift()
	}
}

func TestTheSDKCorrectsItsClockAndTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.bucket("here", ireland)
		w.inject(sandbox.Fault{Kind: "skew", Offset: span(time.Hour), For: span(time.Hour)})
		client := w.s3(ireland)
		for range 2 { // in the second hour the clock is right again
			if _, err := client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("here")}); err != nil {
				t.Error(err)
			}
			pass(time.Hour)
		}
	})
}

func TestFaultsOfReplicationKeepPendingAndCatchUp(t *testing.T) {
	for name, f := range map[string]sandbox.Fault{
		"outage of the destination": {Kind: "outage", Region: singapore},
		"a direction that is cut":   {Kind: "cut", From: ireland, To: singapore},
		"pause":                     {Kind: "pause", Bucket: "side-a"},
		"slow day":                  {Kind: "slow", From: ireland, Factor: 1000},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
				w.pair()
				f.At, f.For = span(time.Minute), span(time.Hour)
				w.inject(f)
				pass(2 * time.Minute)
				w.put("side-a", ireland, "k", "x")
				pass(30 * time.Minute)
				if got := w.status("side-a", ireland, "k"); got != "PENDING" {
					t.Errorf("during the fault it reads %s", got)
				}
				pass(time.Hour) // a slow day's delay was drawn while it lasted
				if got := w.status("side-a", ireland, "k"); got != "COMPLETED" {
					t.Errorf("after the fault it reads %s", got)
				}
				w.put("side-a", ireland, "after", "x")
				pass(time.Minute)
				if got := w.status("side-a", ireland, "after"); got != "COMPLETED" {
					t.Errorf("what is put afterwards reads %s", got)
				}
			})
		})
	}
}

func TestACutDirectionLetsTheOtherOnePass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.pair()
		defer w.sandbox.CutDirection(ireland, singapore)()
		w.put("side-a", ireland, "there", "x")
		w.put("side-b", singapore, "back", "x")
		pass(time.Hour)
		if a, b := w.status("side-a", ireland, "there"), w.status("side-b", singapore, "back"); a != "PENDING" || b != "COMPLETED" {
			t.Errorf("cut direction reads %s, the other one %s", a, b)
		}
	})
}

func TestFaultsOverLoopbackBreakTheConnection(t *testing.T) {
	w := newWorld(t, sandbox.Options{NoDistance: true})
	endpoint, err := w.sandbox.Listen(t.Context(), "")
	must(t, 0, err)
	for _, f := range []sandbox.Fault{{Kind: "reset"}, {Kind: "refuse"}, {Kind: "hang", Delay: span(time.Millisecond)}} {
		lift := w.inject(f)
		request := must2(http.NewRequestWithContext(t.Context(), http.MethodPut, endpoint+"/bucket", strings.NewReader("x")))(t)
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = response.Body.Close()
			t.Errorf("%s is answered with %s", f.Kind, response.Status)
		}
		lift()
	}
}

func must2[T any](answer T, err error) func(testing.TB) T {
	return func(t testing.TB) T { t.Helper(); return must(t, answer, err) }
}
