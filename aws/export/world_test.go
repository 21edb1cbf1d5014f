package export

import (
	"net/http"
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
	box   *sandbox.Sandbox
	world survey.World
}

func newLab(t *testing.T, p pair.Pair, accounts ...sandbox.Account) *lab {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Seed: 1, Dir: t.TempDir(), Accounts: accounts})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	l := &lab{box: box}
	key, secret := box.Credentials()
	l.world = l.as(t, p, key, secret)
	return l
}

// as is the pair as somebody's credentials reach it.
func (l *lab) as(t *testing.T, p pair.Pair, key, secret string) survey.World {
	t.Helper()
	access := account.Access{
		Endpoint: "http://sandbox.invalid", HTTPClient: &http.Client{Transport: l.box.Transport()},
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
