package backfill_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/audit/difference"
	"bothways/aws/backfill"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

var testPair = pair.Pair{
	A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-fill-one"},
	B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-fill-two"},
	Options: pair.DefaultOptions(),
}

// lab is a sandbox and the world that reaches it in this process, in virtual
// time. Its wire counts the calls that change something.
type lab struct {
	*testing.T
	box    *sandbox.Sandbox
	world  survey.World
	wire   *wire
	access account.Access
}

func newLab(t *testing.T) *lab {
	t.Helper()
	return newLabOf(t, sandbox.Created)
}

// newLabOf is a lab whose sandbox tells the current version of a key in one way.
func newLabOf(t *testing.T, current sandbox.Current) *lab {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Seed: 7, Dir: t.TempDir(), Current: current})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	l := &lab{T: t, box: box, wire: &wire{next: box.Transport()}}
	key, secret := box.Credentials()
	l.access = account.Access{
		Endpoint: "http://sandbox.invalid", Sandbox: true, HTTPClient: &http.Client{Transport: l.wire},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
	}
	l.world = survey.World{Pair: testPair, RunID: "20261130-100000-test"}
	if l.world.A, err = l.access.Open(t.Context(), testPair.A.Region); err != nil {
		t.Fatal(err)
	}
	if l.world.B, err = l.access.Open(t.Context(), testPair.B.Region); err != nil {
		t.Fatal(err)
	}
	return l
}

// client is that of a side.
func (l *lab) client(side pair.SideName) *s3.Client { return l.world.Clients(side).S3 }

func (l *lab) bucket(side pair.SideName) *string { return aws.String(l.world.Pair.Side(side).Bucket) }

// versioned makes both buckets as their owner would, before there is a rule.
func (l *lab) versioned() {
	l.Helper()
	for _, side := range pair.Sides() {
		_, err := l.client(side).CreateBucket(l.Context(), &s3.CreateBucketInput{
			Bucket: l.bucket(side), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(testPair.Side(side).Region)},
		})
		if err != nil {
			l.Fatal(err)
		}
		_, err = l.client(side).PutBucketVersioning(l.Context(), &s3.PutBucketVersioningInput{
			Bucket: l.bucket(side), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		})
		if err != nil {
			l.Fatal(err)
		}
	}
}

// setUp makes the two replicate to each other.
func (l *lab) setUp() {
	l.Helper()
	found, err := plan.Look(l.Context(), l.world)
	if err != nil {
		l.Fatal(err)
	}
	if err := plan.Apply(l.Context(), plan.SetUp(found), func(pair.Event) {}); err != nil {
		l.Fatal(err)
	}
}

// put writes an object and returns its version.
func (l *lab) put(side pair.SideName, key, body string) string {
	l.Helper()
	out, err := l.client(side).PutObject(l.Context(), &s3.PutObjectInput{Bucket: l.bucket(side), Key: &key, Body: strings.NewReader(body)})
	if err != nil {
		l.Fatal(err)
	}
	return aws.ToString(out.VersionId)
}

// erase deletes a version for good.
func (l *lab) erase(side pair.SideName, key, version string) {
	l.Helper()
	if _, err := l.client(side).DeleteObject(l.Context(), &s3.DeleteObjectInput{Bucket: l.bucket(side), Key: &key, VersionId: &version}); err != nil {
		l.Fatal(err)
	}
}

// settle lets everything that is on its way arrive.
func (l *lab) settle() {
	l.Helper()
	time.Sleep(2 * time.Hour) // virtual
}

// entries are the versions of a side, by key and version.
func (l *lab) entries(side pair.SideName) map[[2]string]difference.Entry {
	l.Helper()
	all := map[[2]string]difference.Entry{}
	pages := s3.NewListObjectVersionsPaginator(l.client(side), &s3.ListObjectVersionsInput{Bucket: l.bucket(side)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(l.Context())
		if err != nil {
			l.Fatal(err)
		}
		for _, v := range page.Versions {
			all[[2]string{*v.Key, *v.VersionId}] = difference.Entry{
				VersionID: *v.VersionId, Latest: *v.IsLatest, Modified: *v.LastModified, ETag: strings.Trim(*v.ETag, `"`), Size: *v.Size, Class: string(v.StorageClass),
			}
		}
		for _, m := range page.DeleteMarkers {
			all[[2]string{*m.Key, *m.VersionId}] = difference.Entry{VersionID: *m.VersionId, Marker: true, Latest: *m.IsLatest, Modified: *m.LastModified}
		}
	}
	return all
}

// differences compares the sides as an audit would, by existence and by what is
// served, with the remedies that AWS's rules lead to.
func (l *lab) differences() []difference.Difference {
	l.Helper()
	a, b := l.entries(pair.A), l.entries(pair.B)
	current := map[pair.SideName]map[string]difference.Entry{pair.A: {}, pair.B: {}}
	for side, all := range map[pair.SideName]map[[2]string]difference.Entry{pair.A: a, pair.B: b} {
		for at, e := range all {
			if e.Latest {
				current[side][at[0]] = e
			}
		}
	}
	var rows []difference.Difference
	for _, side := range pair.Sides() {
		own, far := a, b
		if side == pair.B {
			own, far = b, a
		}
		for at, e := range own {
			if _, both := far[at]; both || strings.HasPrefix(at[0], l.world.Pair.ObjectPrefix()) {
				continue
			}
			d := difference.Difference{Candidate: difference.Candidate{Key: at[0], Kind: difference.OneSided}}
			way := pair.AtoB
			if side == pair.A {
				d.A = &e
			} else {
				d.B, way = &e, pair.BtoA
			}
			for of, into := range map[pair.SideName]**difference.Entry{pair.A: &d.CurrentA, pair.B: &d.CurrentB} {
				if c, is := current[of][at[0]]; is && c.VersionID != at[1] {
					*into = &c
				}
			}
			d.Direction = &way
			l.judge(&d, side, e)
			rows = append(rows, d)
		}
	}
	for key, ours := range current[pair.A] {
		theirs, both := current[pair.B][key]
		if !both || ours.VersionID == theirs.VersionID {
			continue
		}
		_, there := b[[2]string{key, ours.VersionID}]
		_, here := a[[2]string{key, theirs.VersionID}]
		if there && here {
			rows = append(rows, difference.Difference{
				Candidate: difference.Candidate{Key: key, Kind: difference.OtherCurrent, A: &ours, B: &theirs}, Verdict: difference.Conflict, Cause: difference.BothWrote, Remedy: difference.ChooseWinner,
			})
		}
	}
	slices.SortFunc(rows, func(x, y difference.Difference) int {
		return strings.Compare(x.Key+x.Entry().VersionID, y.Key+y.Entry().VersionID)
	})
	return rows
}

// judge gives a one-sided version its verdict by its origin's status.
func (l *lab) judge(d *difference.Difference, side pair.SideName, e difference.Entry) {
	l.Helper()
	if there := d.Serves(side.Other()); e.Marker && e.Latest && there != nil && there.Marker {
		d.Verdict, d.Cause = difference.SameContent, difference.BothWrote
		return
	}
	if e.Marker {
		d.Verdict, d.Cause, d.Remedy = difference.MarkerStayed, difference.MarkersOff, difference.PlaceMarker
		return
	}
	head, err := l.client(side).HeadObject(l.Context(), &s3.HeadObjectInput{Bucket: l.bucket(side), Key: &d.Key, VersionId: &e.VersionID})
	if err != nil {
		l.Fatal(err)
	}
	switch head.ReplicationStatus {
	case types.ReplicationStatusFailed:
		d.Verdict, d.Cause, d.Remedy = difference.Failed, difference.MissingRight, difference.Repair
	case types.ReplicationStatusCompleted, types.ReplicationStatusComplete, types.ReplicationStatusReplica:
		d.Verdict, d.Cause, d.Remedy = difference.Gone, difference.ByVersionID, difference.CopyInPlace
	case types.ReplicationStatusPending:
		d.Verdict, d.Remedy = difference.InFlight, difference.Wait
	default:
		d.Verdict, d.Cause, d.Remedy = difference.NeverEligible, difference.BeforeRule, difference.Replicate
		if d.Hidden() {
			d.Remedy = difference.ReplicateHidden
		}
	}
}

// asked is a backfill of what the sides differ in now.
func (l *lab) asked() backfill.Asked {
	l.Helper()
	return backfill.Asked{
		Audit: backfill.Audit{RunID: "20261130-090000-audit", Pair: l.world.Pair, Finished: time.Now(), Complete: true},
		Rows:  seq(l.differences()),
	}
}

func seq(rows []difference.Difference) iter.Seq2[difference.Difference, error] {
	return func(yield func(difference.Difference, error) bool) {
		for _, d := range rows {
			if !yield(d, nil) {
				return
			}
		}
	}
}

// events keeps what a run tells.
type events struct {
	mu  sync.Mutex
	all []pair.Event
}

func (e *events) emit(one pair.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.all = append(e.all, one)
}

func of[E pair.Event](e *events) []E {
	e.mu.Lock()
	defer e.mu.Unlock()
	var found []E
	for _, one := range e.all {
		if is, ok := one.(E); ok {
			found = append(found, is)
		}
	}
	return found
}

func (l *lab) prepare(asked backfill.Asked) backfill.Plan {
	l.Helper()
	p, err := backfill.Prepare(l.Context(), l.world, asked)
	if err != nil {
		l.Fatal(err)
	}
	return p
}

// fill prepares and runs, or fails the test.
func (l *lab) fill(asked backfill.Asked) (backfill.Result, *events) {
	l.Helper()
	p := l.prepare(asked)
	if blocked := p.Blocked(); len(blocked) > 0 {
		l.Fatalf("the plan is blocked: %v", blocked)
	}
	var seen events
	result, err := backfill.Apply(l.Context(), p, seen.emit)
	if err != nil {
		for _, left := range of[backfill.Left](&seen) {
			l.Log(left)
		}
		l.Fatal(err)
	}
	return result, &seen
}

// nothingOfOurs wants no bucket, role or job of a backfill to stand.
func (l *lab) nothingOfOurs() {
	l.Helper()
	s, err := survey.Read(l.Context(), l.world)
	if err != nil {
		l.Fatal(err)
	}
	found, err := backfill.Find(l.Context(), s, nil)
	if err != nil {
		l.Fatal(err)
	}
	for d, f := range found {
		if !f.None() || f.BucketThere || f.RoleThere || len(f.Unread) > 0 {
			l.Errorf("%s: %+v stands", d.Arrow(), f)
		}
	}
}

var errDead = errors.New("this process is dead")

// wire is the way to the sandbox.
type wire struct {
	next http.RoundTripper

	mu      sync.Mutex
	changes []string
	before  func(n int, r *http.Request)
	after   func(n int, r *http.Request)
	answer  func(r *http.Request) *http.Response // in the sandbox's place, or nil
	dead    bool
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	n := w.count(r)
	w.mu.Lock()
	before, after, answer := w.before, w.after, w.answer
	w.mu.Unlock()
	if n > 0 && before != nil {
		before(n, r)
	}
	if w.isDead() {
		return nil, errDead
	}
	if answer != nil {
		if response := answer(r); response != nil {
			return response, nil
		}
	}
	response, err := w.next.RoundTrip(r)
	if n > 0 && after != nil {
		after(n, r)
	}
	if w.isDead() {
		return nil, errDead
	}
	return response, err
}

func (w *wire) isDead() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dead
}

func (w *wire) die() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = true
}

// count numbers the calls that change something from 1; other calls are 0.
func (w *wire) count(r *http.Request) int {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return 0
	}
	name := r.Method + " " + r.URL.Path + "?" + r.URL.RawQuery
	if r.Method == http.MethodPost && r.URL.RawQuery == "" && r.URL.Path == "/" {
		form, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(form))
		text := string(form)
		if err != nil || strings.Contains(text, "Action=Get") || strings.Contains(text, "Action=List") || strings.Contains(text, "Action=Simulate") {
			return 0
		}
		name = text
	}
	if r.URL.Path == "/listRegions" || strings.Contains(r.Header.Get("X-Amz-Target"), "TrentService") {
		return 0
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
	w.changes, w.before, w.after, w.answer, w.dead = nil, nil, nil, nil, false
	return seen
}

// killed runs until change n, and lets nothing more out of the process then, as
// a kill would. It says whether there was a change n.
func (l *lab) killed(n int, after bool, work func(context.Context)) (reached bool) {
	l.wire.reset()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	die := func(call int, _ *http.Request) {
		if call == n {
			reached = true
			l.wire.die()
			cancel()
		}
	}
	l.wire.mu.Lock()
	if after {
		l.wire.after = die
	} else {
		l.wire.before = die
	}
	l.wire.mu.Unlock()
	work(ctx)
	l.wire.reset()
	return reached
}

func keyOf(kind string, n int) string { return fmt.Sprintf("%s/%05d", kind, n) }

// remove takes away what backfills left, as far as its process lives.
func (l *lab) remove(ctx context.Context) {
	s, err := survey.Read(ctx, l.world)
	if err != nil {
		return
	}
	found, err := backfill.Find(ctx, s, nil)
	if err != nil {
		return
	}
	_ = step.Apply(ctx, backfill.Removal(s, found), func(pair.Event) {}) // a dead run says nothing
}

// killedAtJob runs until a job was asked for, and then as killed does.
func (l *lab) killedAtJob(p backfill.Plan) {
	l.Helper()
	l.wire.reset()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	asked := false
	l.wire.mu.Lock()
	l.wire.after = func(_ int, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/v20180820/jobs") {
			asked = true
			l.wire.die()
			cancel()
		}
	}
	l.wire.mu.Unlock()
	var seen events
	_, _ = backfill.Apply(ctx, p, seen.emit)
	l.wire.reset()
	if !asked {
		for _, e := range of[step.Event](&seen) {
			l.Log(e.ID, e.Status, e.Detail)
		}
		l.Fatal("no job was asked for")
	}
}
