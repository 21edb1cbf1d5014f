package export

import (
	"bytes"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

func demo() pair.Pair {
	return pair.Pair{
		A:       pair.Side{Region: "eu-west-1", Bucket: "export-a"},
		B:       pair.Side{Region: "ap-southeast-1", Bucket: "export-b"},
		Options: pair.DefaultOptions(),
	}
}

// lab is a sandbox in this process, and its pair reached by the real SDK.
type lab struct {
	box      *sandbox.Sandbox
	world    survey.World
	refusals refusals
}

// refusals are the answers of 403 that came to any of a lab's clients.
type refusals struct {
	next http.RoundTripper
	mu   sync.Mutex
	said []string
}

func (r *refusals) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.next.RoundTrip(request)
	if err != nil || response.StatusCode != http.StatusForbidden {
		return response, err
	}
	text, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(bytes.NewReader(text))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, request.Method+" "+request.URL.Path+"?"+request.URL.RawQuery+" "+string(text))
	return response, err
}

// take returns what came so far, and forgets it.
func (r *refusals) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	said := r.said
	r.said = nil
	return said
}

func newLab(t *testing.T, p pair.Pair, accounts ...sandbox.Account) *lab {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Seed: 1, Dir: t.TempDir(), Accounts: accounts})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	l := &lab{box: box, refusals: refusals{next: box.Transport()}}
	key, secret := box.Credentials()
	l.world = l.as(t, p, key, secret)
	return l
}

// as is the pair as somebody's credentials reach it.
func (l *lab) as(t *testing.T, p pair.Pair, key, secret string) survey.World {
	t.Helper()
	access := account.Access{
		Endpoint: "http://sandbox.invalid", HTTPClient: &http.Client{Transport: &l.refusals},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
	}
	w := survey.World{Pair: p, RunID: "export"}
	var err error
	if w.A, err = access.Open(t.Context(), p.A.Region); err != nil {
		t.Fatal(err)
	}
	if w.B, err = access.Open(t.Context(), p.B.Region); err != nil {
		t.Fatal(err)
	}
	return w
}

// planned surveys and plans.
func planned(t *testing.T, w survey.World) plan.Plan {
	t.Helper()
	found, err := plan.Look(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	return plan.SetUp(found)
}

func apply(t *testing.T, proposed plan.Plan) {
	t.Helper()
	if err := plan.Apply(t.Context(), proposed, func(pair.Event) {}); err != nil {
		t.Fatal(err)
	}
}
