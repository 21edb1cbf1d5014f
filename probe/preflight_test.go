package probe

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

func TestProbingIsRefusedWhereVersionsAnswer403(t *testing.T) {
	for _, before := range []bool{true, false} { // an earlier run left an object, or the run's first one shows it
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(3 * time.Second)
			if before {
				w.commit(bucketB, testPair().ProbePrefix()+"old", testPair().ID(), 1, `"e"`)
			}
			w.fault = func(request *http.Request) *http.Response {
				id := request.URL.Query().Get("versionId")
				if request.Method == http.MethodHead && id != "" && strings.HasPrefix(request.URL.Path, "/"+bucketB) && w.holds(bucketB, id) {
					return reply(403, nil, "")
				}
				return nil
			}
			begun := time.Now()
			events, err := probeWorld(t.Context(), t, w, testConfig())
			if err == nil || !strings.Contains(err.Error(), "s3:GetObjectVersion on "+bucketB) {
				t.Errorf("error %v", err)
			}
			if posted := w.requests["PUT "+bucketA]; before && posted > 0 {
				t.Errorf("%d objects were written", posted)
			}
			if took := time.Since(begun); took > 30*time.Second {
				t.Errorf("refused after %v", took)
			}
			if before && len(eventsOf[Sample](events)) > 0 {
				t.Error("there are samples")
			}
		})
	}
}

func TestProbingIsRefusedWhereAbsentObjectsAnswer403(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		w.fault = func(request *http.Request) *http.Response {
			if strings.Contains(request.URL.Path, bucketB) {
				return reply(403, nil, "")
			}
			return nil
		}
		events, err := probeWorld(t.Context(), t, w, testConfig())
		if err == nil || !strings.Contains(err.Error(), "s3:ListBucket") || !strings.Contains(err.Error(), "side B") {
			t.Errorf("error %v, want the side and the missing right", err)
		}
		if opened := eventsOf[RunEvent](events); len(opened) > 0 {
			t.Error("a run that was refused is reported as begun")
		}
		if w.requests["PUT "+bucketA] > 0 {
			t.Error("something was written")
		}
	})
}

func TestProbingWithoutUsableCredentialsIsRefusedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		clients := w.clients()
		clients.B = s3.New(clients.B.Options(), func(o *s3.Options) {
			o.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
				return aws.Credentials{}, errors.New("the session has ended")
			})
		})
		runner, err := New(testConfig(), clients)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		var events log
		if err := runner.Run(t.Context(), events.emit); err == nil || !strings.Contains(err.Error(), "the session has ended") {
			t.Errorf("error %v", err)
		}
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("refused after %v", took)
		}
	})
}

func TestASideThatIsDownForAMomentIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second)
		begun := time.Now()
		w.fault = func(*http.Request) *http.Response {
			if time.Since(begun) < 10*time.Second {
				return reply(503, nil, "")
			}
			return nil
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{1024}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil || len(eventsOf[Sample](events)) != 2 {
			t.Errorf("error %v, %d samples", err, len(eventsOf[Sample](events)))
		}
		told := 0
		for _, n := range eventsOf[NoticeEvent](events) {
			if strings.Contains(n.Text, "does not answer as it should") && strings.Contains(n.Text, "30 s") {
				told++
			}
		}
		if told < 1 || told > 2 {
			t.Errorf("%d notices say that a side is waited for, want one each", told)
		}
	})
}
