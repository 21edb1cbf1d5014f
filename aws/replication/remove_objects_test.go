package replication_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
)

// probe writes an object on side A as probing does.
func (l *lab) probe(t *testing.T, key string, held bool) {
	t.Helper()
	input := &s3.PutObjectInput{
		Bucket: aws.String(l.world.Pair.A.Bucket), Key: aws.String(l.world.Pair.ProbePrefix() + key), Body: strings.NewReader("p"),
		Metadata: map[string]string{pair.MetadataKey: l.world.Pair.ID()},
	}
	if held {
		input.ObjectLockLegalHoldStatus = types.ObjectLockLegalHoldStatusOn
	}
	if _, err := l.world.A.S3.PutObject(t.Context(), input); err != nil {
		t.Fatal(err)
	}
}

// detail is the last detail of a step.
func (l *log) detail(id string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := ""
	for _, e := range l.all {
		if e.ID == id {
			text = e.Detail
		}
	}
	return text
}

func TestAnObjectUnderLegalHoldKeepsNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.lockedBucket(t, pair.A)
		applyAny(t, l.setUp(t))
		l.probe(t, "held", true)
		l.probe(t, "free", false)
		pass(20 * time.Minute) // the replicas have landed
		var events log
		err := plan.Apply(context.Background(), l.tearDown(t, true), events.emit)
		if err == nil || !strings.Contains(err.Error(), "is kept: 1 of our own objects in it can't be deleted: "+testPair.ProbePrefix()+"held") {
			t.Errorf("the bucket with the replica that is held: %v", err)
		}
		if events.last["remove-bucket-b"] != step.Failed {
			t.Errorf("removing it ended %s", events.last["remove-bucket-b"])
		}
		for _, id := range []string{"remove-objects-a", "remove-objects-b", "remove-role-a-to-b", "remove-role-b-to-a"} {
			if events.last[id] != step.Done {
				t.Errorf("%s ended %s: %s", id, events.last[id], events.detail(id))
			}
		}
		said := events.detail("remove-objects-a")
		if !strings.Contains(said, "1 versions removed") || !strings.Contains(said, "1 of ours could not be deleted and stay: "+testPair.ProbePrefix()+"held (AccessDenied") {
			t.Errorf("of the object it says %q", said)
		}
		if roles, err := l.world.A.IAM.ListRoles(t.Context(), &iam.ListRolesInput{}); err != nil || len(roles.Roles) > 0 {
			t.Errorf("roles are left: %v, %v", roles.Roles, err)
		}
	})
}

// blind refuses to show some objects.
func (l *lab) blind(part string) {
	l.wire.answer = func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodHead && strings.Contains(r.URL.Path, part) {
			return refusal(http.StatusForbidden, ""), nil
		}
		return nil, nil
	}
}

func TestWhatCannotBeLookedAtIsNamedAndNotCalledRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		l.probe(t, "seen", false)
		l.probe(t, "unseen", false)
		proposed := l.tearDown(t, true)
		l.blind("/unseen")
		var events log
		err := plan.Apply(context.Background(), proposed, events.emit)
		if said := events.detail("remove-objects-a"); !strings.Contains(said, "1 versions removed") ||
			!strings.Contains(said, "1 under "+testPair.ObjectPrefix()+" could not be looked at") || !strings.Contains(said, "/unseen (") {
			t.Errorf("it says %q", said)
		}
		if err == nil || !strings.Contains(err.Error(), "/unseen (could not be looked at") {
			t.Errorf("of the bucket it says %v", err)
		}
	})
}

// A bare 400 tells of a customer's own key, under which nothing is ours, or of a
// gateway: what lies under a key of ours is not called removed for it.
func TestABare400MakesNothingOfOursSomebodyElses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		l.probe(t, "seen", false)
		ours := strings.TrimPrefix(testPair.ProbeKey("20260101-000000-abcd", "0a1b", 7, "ABCDEFG"), testPair.ProbePrefix())
		l.probe(t, ours, false)
		l.probe(t, "theirs", false)
		proposed := l.tearDown(t, false)
		l.wire.answer = func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodHead && (strings.HasSuffix(r.URL.Path, ours) || strings.HasSuffix(r.URL.Path, "theirs")) {
				return refusal(http.StatusBadRequest, ""), nil
			}
			return nil, nil
		}
		var events log
		err := plan.Apply(context.Background(), proposed, events.emit)
		if err == nil || !strings.Contains(err.Error(), "1 of ours could not be removed") || !strings.Contains(err.Error(), ours) || strings.Contains(err.Error(), "theirs") {
			t.Errorf("it says %v", err)
		}
	})
}

func TestATearDownThatMayLookAtNothingFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		applyAny(t, l.setUp(t))
		l.probe(t, "one", false)
		proposed := l.tearDown(t, false)
		l.blind("/" + testPair.ObjectPrefix())
		var events log
		err := plan.Apply(context.Background(), proposed, events.emit)
		if err == nil || events.last["remove-objects-a"] != step.Failed || !strings.Contains(err.Error(), "s3:GetObjectVersion") {
			t.Errorf("it ended %s: %v", events.last["remove-objects-a"], err)
		}
	})
}

// Looking at what is removed costs little beside removing it, and says how it
// goes.
func TestManyObjectsAreLookedAtSideBySideAndRemovedInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		apply(t, l.setUp(t), step.Done)
		for i := range 1100 {
			l.probe(t, fmt.Sprintf("%04d", i), false)
		}
		pass(20 * time.Minute) // the replicas have landed
		proposed := l.tearDown(t, false)
		var deletes, looks, most, now atomic.Int32
		l.wire.next = counted{l.wire.next, func(r *http.Request) func() {
			switch {
			case r.Method == http.MethodPost && strings.HasPrefix(r.URL.RawQuery, "delete="):
				deletes.Add(1)
			case r.Method == http.MethodHead:
				looks.Add(1)
				if n := now.Add(1); n > most.Load() {
					most.Store(n)
				}
				return func() { now.Add(-1) }
			}
			return func() {}
		}}
		var events log
		start := time.Now()
		if err := plan.Apply(t.Context(), proposed, events.emit); err != nil {
			t.Fatal(err)
		}
		took := time.Since(start)
		t.Logf("it takes %s", took)
		if took > 10*time.Second {
			t.Errorf("it takes %s", took)
		}
		if deletes.Load() != 4 || looks.Load() < 2200 || most.Load() < 100 {
			t.Errorf("%d deletions, %d looks, at most %d side by side", deletes.Load(), looks.Load(), most.Load())
		}
		said := map[string]bool{}
		for _, e := range events.all {
			said[e.Detail] = true
		}
		for _, want := range []string{"1,000 versions looked at so far", "1100 of 1100 versions removed so far"} {
			if !said[want] {
				t.Errorf("it never says %q", want)
			}
		}
	})
}

// counted tells of each request, and of its end.
type counted struct {
	next  http.RoundTripper
	begun func(*http.Request) (ended func())
}

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	defer c.begun(r)()
	return c.next.RoundTrip(r)
}
