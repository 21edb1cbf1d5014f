package replication_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
)

const deadID = "AROAEXAMPLEEXAMPLE123"

// bury makes S3 show a statement's principal as one that was deleted, and
// refuse a policy that names it.
func (l *lab) bury(side pair.SideName) {
	next := l.wire.next
	l.wire.next = roundTripper(func(r *http.Request) (*http.Response, error) {
		if !r.URL.Query().Has("policy") || !strings.Contains(r.URL.Path, l.world.Pair.Side(side).Bucket) {
			return next.RoundTrip(r)
		}
		if r.Method == http.MethodPut {
			body, err := io.ReadAll(r.Body)
			if err != nil || strings.Contains(string(body), deadID) {
				response := refusal(http.StatusBadRequest, "MalformedPolicy")
				response.Body = io.NopCloser(strings.NewReader(`<Error><Code>MalformedPolicy</Code><Message>Invalid principal in policy</Message></Error>`))
				response.ContentLength = -1
				return response, err
			}
			r.Body = io.NopCloser(strings.NewReader(string(body)))
		}
		response, err := next.RoundTrip(r)
		if err != nil || r.Method != http.MethodGet || response.StatusCode != http.StatusOK {
			return response, err
		}
		body, err := io.ReadAll(response.Body)
		shown := strings.Replace(string(body), `"Effect":"Deny","Principal":"*"`, `"Effect":"Deny","Principal":{"AWS":"`+deadID+`"}`, 1)
		response.Body, response.ContentLength = io.NopCloser(strings.NewReader(shown)), int64(len(shown))
		response.Header.Del("Content-Length")
		return response, err
	})
}

func TestAPolicyThatNamesADeletedPrincipalIsNotJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.partnered(t)
		l.bucket(t, pair.B)
		l.theirPolicy(t, pair.B)
		l.agreed()
		l.bury(pair.B)
		f := about(l.setUp(t), "no longer exist")
		if f == nil || f.Severity != survey.Blocker || !strings.Contains(f.Title, deadID+" (statement Their <first>)") {
			t.Errorf("the plan says %v", f)
		}
	})
}

func TestATearDownSaysWhatADeletedPrincipalKeepsItFromAndDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.partnered(t)
		l.bucket(t, pair.B)
		l.theirPolicy(t, pair.B)
		l.agreed()
		applyAny(t, l.setUp(t))
		l.bury(pair.B)
		proposed := l.tearDown(t, false)
		if f := about(proposed, "no longer exist"); f == nil || f.Severity != survey.Warning {
			t.Errorf("the plan says %v", proposed.Findings)
		}
		start := time.Now()
		err := plan.Apply(context.Background(), proposed, (&log{}).emit)
		if err == nil || !strings.Contains(err.Error(), deadID) || time.Since(start) > time.Minute {
			t.Errorf("after %s it says %v", time.Since(start), err)
		}
	})
}
