package replication_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

var testPair = pair.Pair{
	A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-test-one"},
	B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-test-two"},
	Options: pair.DefaultOptions(),
}

// lab is a sandbox and the world that reaches it in this process, in virtual
// time. Its wire counts the calls that change something, and can be told to
// do something before or after one of them.
type lab struct {
	box    *sandbox.Sandbox
	access account.Access
	world  survey.World
	wire   *wire
	// partner says that side B belongs to another account.
	partner bool
	tagged  string // the tags of what is written
}

func newLab(t *testing.T, p pair.Pair) *lab {
	t.Helper()
	return newLabIn(t, p, sandbox.Options{Seed: 7, Dir: t.TempDir()})
}

func newLabIn(t *testing.T, p pair.Pair, o sandbox.Options) *lab {
	t.Helper()
	box, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &lab{box: box, wire: &wire{next: box.Transport()}}
	key, secret := box.Credentials()
	access := account.Access{
		Endpoint:    "http://sandbox.invalid",
		Sandbox:     true,
		HTTPClient:  &http.Client{Transport: l.wire},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
	}
	l.access = access
	l.world = survey.World{Pair: p, RunID: "test"}
	if l.world.A, err = access.Open(t.Context(), p.A.Region); err != nil {
		t.Fatal(err)
	}
	if l.world.B, err = access.Open(t.Context(), p.B.Region); err != nil {
		t.Fatal(err)
	}
	return l
}

// survey looks, or fails the test.
func (l *lab) survey(t *testing.T) *survey.Survey {
	t.Helper()
	found, err := plan.Look(context.Background(), l.world)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func (l *lab) setUp(t *testing.T) plan.Plan {
	t.Helper()
	return plan.SetUp(l.survey(t))
}

func (l *lab) tearDown(t *testing.T, buckets bool) plan.Plan {
	t.Helper()
	return plan.TearDown(l.survey(t), plan.TearDownOptions{Buckets: buckets})
}

// refused holds a plan to not running and to having changed nothing since the
// wire was reset.
func (l *lab) refused(t *testing.T, proposed plan.Plan) {
	t.Helper()
	if err := plan.Apply(t.Context(), proposed, (&log{}).emit); err == nil {
		t.Error("the plan runs")
	}
	if calls := l.wire.reset(); len(calls) > 0 {
		t.Errorf("something was changed: %s", calls)
	}
}

// put writes an object of somebody else's.
func (l *lab) put(t *testing.T, side pair.SideName, key string) {
	t.Helper()
	clients := l.world.A
	if side == pair.B {
		clients = l.world.B
	}
	_, err := clients.S3.PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String(l.world.Pair.Side(side).Bucket), Key: aws.String(key), Body: strings.NewReader("decoy"),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// log keeps the steps' events of one run.
type log struct {
	mu   sync.Mutex
	all  []step.Event
	last map[string]step.Status
}

func (l *log) emit(e pair.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	st := e.(step.Event)
	if l.last == nil {
		l.last = map[string]step.Status{}
	}
	l.all = append(l.all, st)
	l.last[st.ID] = st.Status
}

// apply runs a plan and wants every step to end as told.
func apply(t *testing.T, proposed plan.Plan, want step.Status) {
	t.Helper()
	var events log
	if err := plan.Apply(context.Background(), proposed, events.emit); err != nil {
		t.Fatal(err)
	}
	for _, step := range proposed.Steps {
		if events.last[step.ID] != want {
			t.Errorf("%s ended %s, want %s", step.ID, events.last[step.ID], want)
		}
	}
}

// wire is the way to the sandbox.
type wire struct {
	next http.RoundTripper

	mu      sync.Mutex
	changes []string // the calls that changed something, in order
	before  func(n int, r *http.Request)
	after   func(n int, r *http.Request)
	// refuse is the number of the change that is refused for good, and so is
	// each of the same kind after it; refused says that it came.
	refuse  int
	refused bool
	refusal string
	// answer, where it returns something, is the answer in the sandbox's place.
	// Steps run side by side, so it is asked one call at a time.
	answer    func(r *http.Request) (*http.Response, error)
	answering sync.Mutex
}

// inPlace is the answer in the sandbox's place, or nil.
func (w *wire) inPlace(r *http.Request) (*http.Response, error) {
	if w.answer == nil {
		return nil, nil
	}
	w.answering.Lock()
	defer w.answering.Unlock()
	return w.answer(r)
}

// refuses says whether a change is one that is refused.
func (w *wire) refuses(n int, r *http.Request) bool {
	if w.refuse == 0 || n == 0 {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	kind := r.Method + r.URL.Path + r.URL.RawQuery
	if n == w.refuse {
		w.refused, w.refusal = true, kind
	}
	return w.refused && n >= w.refuse && kind == w.refusal
}

func accessDenied() *http.Response {
	return refusal(http.StatusForbidden, "AccessDenied")
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	n := w.count(r)
	if w.refuses(n, r) {
		return accessDenied(), nil
	}
	if response, err := w.inPlace(r); response != nil || err != nil {
		return response, err
	}
	if n > 0 && w.before != nil {
		w.before(n, r)
		if err := r.Context().Err(); err != nil {
			return nil, err
		}
	}
	response, err := w.next.RoundTrip(r)
	if n > 0 && w.after != nil {
		w.after(n, r)
	}
	return response, err
}

// form is the body of a call of IAM or STS, which name their action in it.
func (w *wire) form(r *http.Request) string {
	if r.Method != http.MethodPost || r.URL.RawQuery != "" {
		return ""
	}
	form, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(form))
	if err != nil {
		return ""
	}
	return string(form)
}

// count numbers the calls that change something from 1; other calls are 0.
func (w *wire) count(r *http.Request) int {
	name := r.Method + " " + r.URL.Path + "?" + r.URL.RawQuery
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return 0
	}
	if operation, isKMS := strings.CutPrefix(r.Header.Get("X-Amz-Target"), "TrentService."); isKMS {
		if strings.HasPrefix(operation, "Get") || strings.HasPrefix(operation, "Describe") || strings.HasPrefix(operation, "List") {
			return 0
		}
		name = operation
	} else if form := w.form(r); form != "" {
		if strings.Contains(form, "Action=Get") || strings.Contains(form, "Action=List") || strings.Contains(form, "Action=Simulate") || r.URL.Path == "/listRegions" {
			return 0
		}
		name = form
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.changes = append(w.changes, name)
	return len(w.changes)
}

func (w *wire) reset() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := w.changes
	w.changes, w.before, w.after, w.answer, w.refuse = nil, nil, nil, nil, 0
	return seen
}

func locatedIn(region string) *types.CreateBucketConfiguration {
	return &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)}
}

// applyAny runs a plan in which some things are there already.
func applyAny(t *testing.T, proposed plan.Plan) {
	t.Helper()
	if err := plan.Apply(context.Background(), proposed, func(pair.Event) {}); err != nil {
		t.Fatal(err)
	}
}

// isCanary says whether a change is one of a canary's object.
func isCanary(call string) bool { return strings.Contains(call, "/canary/") }
