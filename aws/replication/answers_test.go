package replication_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// strange are answers that read as a success and come from no service of AWS.
var strange = map[string]string{
	"an empty one":             "",
	"an element of its own":    "<Captive/>",
	"JSON with nothing in it":  "{}",
	"a list of nothing":        "<L><Rule/><Rule><Filter/></Rule><Role/><Version/><Contents/><Upload/><TagSet><Tag/></TagSet><Grant/></L>",
	"a page of a portal":       "<!doctype html><html><body><h1>Sign in</h1></body></html>",
	"one that is not finished": `<?xml version="1.0"?><ReplicationConfiguration><Rule><ID>x`,
}

var actionOf = regexp.MustCompile(`Action=(\w+)`)

// kindOf names what a request asks for.
func (w *wire) kindOf(r *http.Request) string {
	if action := actionOf.FindStringSubmatch(w.form(r)); action != nil {
		return action[1]
	}
	what := "an object"
	if strings.Count(strings.Trim(r.URL.Path, "/"), "/") == 0 {
		what = "a bucket"
	}
	names := slices.Sorted(maps.Keys(r.URL.Query()))
	return r.Method + " " + what + " " + strings.Join(names, "&")
}

// answering lets one kind of request be answered in the sandbox's place, and
// notes all kinds that come.
func (l *lab) answering(kind, body string, seen map[string]bool) {
	l.wire.answer = func(r *http.Request) (*http.Response, error) {
		k := l.wire.kindOf(r)
		seen[k] = true
		if k != kind {
			return nil, nil
		}
		return &http.Response{
			StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
			Header: http.Header{"Content-Type": {"application/xml"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
		}, nil
	}
}

// calm runs work and turns a panic into an error of the test.
func calm(t *testing.T, what string, work func() error) {
	t.Helper()
	defer func() {
		if value := recover(); value != nil {
			t.Errorf("%s: panic: %v\n%s", what, value, debug.Stack())
		}
	}()
	if err := work(); err != nil {
		if said := apierror.Describe(err); said == "" || len(said) > 1500 {
			t.Errorf("%s: %d bytes are said: %.200s", what, len(said), said)
		}
	}
}

func TestAnAnswerThatIsNoneIsNoPanic(t *testing.T) {
	all := func(ctx context.Context, l *lab) error {
		found, err := plan.Look(ctx, l.world)
		if err != nil {
			return err
		}
		for _, p := range []plan.Plan{plan.SetUp(found), plan.CleanUp(found), plan.TearDown(found, plan.TearDownOptions{Buckets: true})} {
			if err := plan.Apply(ctx, p, (&log{}).emit); err != nil {
				return fmt.Errorf("apply: %w", err)
			}
		}
		return nil
	}
	ask := func(ctx context.Context, l *lab) error {
		_, err := doctor.Examine(ctx, l.world, doctor.ExamineOptions{Canaries: true}, func(pair.Event) {})
		return err
	}
	seen := map[string]bool{}
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.answering("", "", seen)
		apply(t, l.setUp(t), step.Done)
		if err := ask(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		apply(t, l.tearDown(t, true), step.Done)
	})
	kinds := slices.Sorted(maps.Keys(seen))
	if len(kinds) < 30 {
		t.Fatalf("only %d kinds of requests are seen: %s", len(kinds), kinds)
	}
	names := slices.Sorted(maps.Keys(strange))
	for i, kind := range kinds {
		if i%stride != 0 {
			continue
		}
		for _, name := range slices.Compact([]string{"an empty one", names[i%len(names)]}) {
			t.Run(kind+", "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					l := newLab(t, testPair)
					l.plant(t)
					l.answering(kind, strange[name], map[string]bool{})
					calm(t, "a free pair", func() error { return all(t.Context(), l) })
					l.wire.answer = nil
					if err := plan.Apply(t.Context(), l.setUp(t), (&log{}).emit); err != nil {
						t.Logf("what was left is not set up: %v", err)
					}
					l.answering(kind, strange[name], map[string]bool{})
					calm(t, "the doctor", func() error { return ask(t.Context(), l) })
					calm(t, "a standing pair", func() error { return all(t.Context(), l) })
				})
			})
		}
	}
}
