package replication_test

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/sandbox"
)

// The distances of the comparison: side A and side B, and IAM's one endpoint.
const (
	nearTrip = 60 * time.Millisecond
	farTrip  = 180 * time.Millisecond
	iamTrip  = 90 * time.Millisecond
)

func tripTo(region string) time.Duration {
	switch region {
	case testPair.A.Region:
		return nearTrip
	case testPair.B.Region:
		return farTrip
	}
	return iamTrip
}

// paths is what applying a new pair took, and what it is held against.
type paths struct {
	took time.Duration
	// longest is the plan's longest path: the most time that any chain of
	// steps took, each step by its own clock.
	longest time.Duration
	// least is the longest path if every step made its changes only, in one
	// round trip each, without looking before or after, and if every replica
	// were read the moment it is there.
	least time.Duration
	// calls don't count the polls for the canaries. deep is how many of them
	// were waited for one after another.
	calls, polls, deep int
	// The same work by the AWS CLI, one line after another as the plan names
	// them, each in a process and on a connection of its own, and the replicas
	// read the moment they are there.
	script                  time.Duration
	scriptCalls, scriptDeep int
}

// connecting is how many round trips a new connection and its first call take:
// TCP, TLS 1.3, and the call.
const connecting = 3

// flight is one call on its way.
type flight struct{ sent, answered time.Time }

// measurePaths applies a new pair in virtual time.
func measurePaths(t *testing.T) (p paths) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		arrived, posted := map[string]time.Time{}, map[string]time.Time{} // canaries by key
		var flights []flight
		l := newLabIn(t, testPair, sandbox.Options{
			Seed: 7, Dir: t.TempDir(), RTT: tripTo,
			OnDelivery: func(d sandbox.Delivery) {
				mu.Lock()
				defer mu.Unlock()
				arrived[d.Key] = time.Now()
			},
		})
		proposed := l.setUp(t)
		next := l.wire.next
		l.wire.next = roundTripper(func(r *http.Request) (*http.Response, error) {
			sent := time.Now()
			response, err := next.RoundTrip(r)
			mu.Lock()
			defer mu.Unlock()
			_, key, canary := strings.Cut(r.URL.Path, "/"+testPair.CanaryPrefix())
			switch {
			case canary && r.Method == http.MethodHead:
				p.polls++
				return response, err
			case canary && r.Method == http.MethodPut:
				posted[testPair.CanaryPrefix()+key] = time.Now()
			}
			flights = append(flights, flight{sent, time.Now()})
			return response, err
		})
		var events log
		start := time.Now()
		if err := plan.Apply(t.Context(), proposed, events.emit); err != nil {
			t.Fatal(err)
		}
		p.took = time.Since(start)

		p.calls, p.deep = len(flights), deepest(flights)
		p.hold(proposed, events.all, lags(arrived, posted))
	})
	return p
}

// lags is how long the replica of each direction's canary took.
func lags(arrived, posted map[string]time.Time) map[pair.Direction]time.Duration {
	found := map[pair.Direction]time.Duration{}
	for key, at := range arrived {
		d := pair.AtoB
		if strings.Contains(key, pair.BtoA.Slug()) {
			d = pair.BtoA
		}
		found[d] = at.Sub(posted[key])
	}
	return found
}

// hold computes what the run is held against.
func (p *paths) hold(plan plan.Plan, events []step.Event, lags map[pair.Direction]time.Duration) {
	own, least := map[string]time.Duration{}, map[string]time.Duration{}
	for _, e := range events {
		if e.Status == step.Done {
			own[e.ID] = time.Duration(e.ElapsedMS) * time.Millisecond
		}
	}
	for _, st := range plan.Steps {
		trip := nearTrip
		switch {
		case st.Kind == step.KindRole:
			trip = iamTrip
		case st.Side == pair.B, st.Direction != nil && st.Direction.From() == pair.B:
			trip = farTrip
		}
		least[st.ID] = trip
		if st.Kind == step.KindRole { // the role and its policy
			least[st.ID] += trip
		}
		if st.Kind == step.KindCanary {
			least[st.ID] += lags[*st.Direction]
			p.script += lags[*st.Direction]
		}
		for line := range strings.SplitSeq(st.CLI, "&&") {
			if strings.HasPrefix(strings.TrimSpace(line), "aws ") {
				p.scriptCalls++
				p.scriptDeep += connecting
				p.script += connecting * trip
			}
		}
	}
	p.longest, p.least = longestOf(plan, own), longestOf(plan, least)
}

// deepest is the most calls of which each was sent after the one before it was
// answered.
func deepest(flights []flight) (depth int) {
	slices.SortFunc(flights, func(x, y flight) int { return x.answered.Compare(y.answered) })
	var last time.Time
	for _, f := range flights {
		if !f.sent.Before(last) {
			depth, last = depth+1, f.answered
		}
	}
	return depth
}

func longestOf(plan plan.Plan, took map[string]time.Duration) (longest time.Duration) {
	ends := map[string]time.Duration{}
	for _, step := range plan.Steps {
		var begins time.Duration
		for _, need := range step.Needs {
			begins = max(begins, ends[need])
		}
		ends[step.ID] = begins + took[step.ID]
		longest = max(longest, ends[step.ID])
	}
	return longest
}

// The steps that don't need each other run side by side, and none asks more
// than it must before it lets the next one begin.
func TestApplyingTakesAtMostAFifthMoreThanItsLongestPath(t *testing.T) {
	p := measurePaths(t)
	for name, path := range map[string]time.Duration{"of the steps as they ran": p.longest, "of their changes alone": p.least} {
		if ratio := float64(p.took) / float64(path); ratio > 1.2 {
			t.Errorf("applying took %s, %.2f times the longest path %s, %s", p.took, ratio, name, path)
		}
	}
	if p.script < p.took || p.scriptDeep < p.deep {
		t.Errorf("a script would be faster: %+v", p)
	}
}

// BenchmarkLongestPath prints what applying a new pair takes, in virtual time,
// beside its longest path and beside a script: go test -run '^$' -bench
// LongestPath -benchtime 1x ./aws/replication. Connections are open already,
// as they are after a survey.
func BenchmarkLongestPath(b *testing.B) {
	var p paths
	for b.Loop() {
		// Virtual time is only for tests, so the measuring is one.
		all := func(string, string) (bool, error) { return true, nil }
		if !testing.RunTests(all, []testing.InternalTest{{Name: "path", F: func(t *testing.T) { p = measurePaths(t) }}}) {
			b.Fatal("it could not be measured")
		}
	}
	b.Logf("round trips: %s to side A, %s to side B, %s to IAM", nearTrip, farTrip, iamTrip)
	b.Logf("applying took %.2f s: %.2f times the longest path of the steps as they ran (%.2f s), %.2f times that of their changes alone (%.2f s)",
		p.took.Seconds(), float64(p.took)/float64(p.longest), p.longest.Seconds(), float64(p.took)/float64(p.least), p.least.Seconds())
	b.Logf("%d calls and %d polls, %d one after another; the plan's AWS CLI lines are %d calls and %d round trips one after another, %.2f s: %.1f times the round trips, %.1f times the time, without looking before and after",
		p.calls, p.polls, p.deep, p.scriptCalls, p.scriptDeep, p.script.Seconds(),
		float64(p.scriptDeep)/float64(p.deep), p.script.Seconds()/p.took.Seconds())
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(p.took)/float64(p.longest), "longest-paths")
	b.ReportMetric(float64(p.took)/float64(p.least), "least-paths")
	b.ReportMetric(float64(p.scriptDeep)/float64(p.deep), "x-script-trips")
}
