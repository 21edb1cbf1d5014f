package backfill_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/difference"
	"bothways/aws/backfill"
	"bothways/aws/backfill/inplace"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// serves is the version that a side serves for a key, "" for none.
func (l *lab) serves(side pair.SideName, key string) string {
	l.Helper()
	for at, e := range l.entries(side) {
		if at[0] == key && e.Latest && !e.Marker {
			return at[1]
		}
	}
	return ""
}

// hide places a delete marker on a side.
func (l *lab) hide(side pair.SideName, key string) {
	l.Helper()
	if _, err := l.client(side).DeleteObject(l.Context(), &s3.DeleteObjectInput{Bucket: l.bucket(side), Key: &key}); err != nil {
		l.Fatal(err)
	}
}

// alone does something on a side of which nothing travels.
func (l *lab) alone(side pair.SideName, do func()) {
	l.Helper()
	l.switched(side, types.ReplicationRuleStatusDisabled)
	do()
	l.settle()
	l.switched(side, types.ReplicationRuleStatusEnabled)
}

// A copy of what one side lost never hides what the other side got since: neither
// where the audit saw it, nor where it came later.
func TestACopyNeverHidesANewerWriteOfTheOtherSide(t *testing.T) {
	for name, seen := range map[string]bool{"seen by the audit": true, "written since": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				l.versioned()
				l.setUp()
				lost := l.put(pair.A, "k", "old")
				l.settle()
				l.erase(pair.B, "k", lost)
				asked := l.asked()
				newer := ""
				l.alone(pair.B, func() { newer = l.put(pair.B, "k", "newer") })
				if seen {
					rows := slices.DeleteFunc(l.differences(), func(d difference.Difference) bool { return d.Entry().VersionID == newer })
					asked.Rows = seq(rows)
				}
				asked.Copies = true
				result, _ := l.fill(asked)
				if l.settle(); result.Copied != 0 || l.serves(pair.B, "k") != newer {
					t.Errorf("%d copied; B serves %s, and wrote %s", result.Copied, l.serves(pair.B, "k"), newer)
				}
				if seen && result.Untried[backfill.NotCurrent] != 1 || !seen && result.Missing != 1 {
					t.Errorf("it is not told: %+v", result)
				}
			})
		})
	}
}

// A marker is repeated only while its side serves nothing, and never over what is
// newer than it.
func TestAMarkerNeverHidesANewerWrite(t *testing.T) {
	for name, write := range map[string]struct {
		side pair.SideName
		seen bool
	}{
		"on the marker's side, since":       {pair.A, false},
		"on the other side, since":          {pair.B, false},
		"on the other side, before the run": {pair.B, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				l.versioned()
				l.setUp()
				l.put(pair.A, "k", "old")
				l.settle()
				l.alone(pair.A, func() { l.hide(pair.A, "k") })
				asked := l.asked()
				newer := ""
				l.alone(write.side, func() { newer = l.put(write.side, "k", "newer") })
				if write.seen {
					asked.Rows = seq(slices.DeleteFunc(l.differences(), func(d difference.Difference) bool { return d.Entry().VersionID == newer }))
				}
				asked.Markers = true
				result, _ := l.fill(asked)
				if l.settle(); result.Marked != 0 || l.serves(write.side, "k") != newer {
					t.Errorf("%d placed; %s serves %q, and wrote %s", result.Marked, write.side, l.serves(write.side, "k"), newer)
				}
			})
		})
	}
}

// An agreement to markers is to those that the audit says are put right by one: of
// another it is not known that it was to travel, and the other side may be right.
func TestAMarkerIsPlacedOnlyWhereTheAuditSaysSo(t *testing.T) {
	for remedy, reason := range map[difference.Remedy]backfill.Reason{
		difference.PlaceMarker: "", difference.Look: backfill.Unclear, difference.Repair: backfill.Unclear, difference.Wait: backfill.Waiting, difference.NoRemedy: backfill.Unclear,
	} {
		t.Run(string(remedy), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				l.versioned()
				l.setUp()
				l.put(pair.A, "k", "x")
				l.settle()
				l.alone(pair.A, func() { l.hide(pair.A, "k") })
				asked := l.asked()
				rows := l.differences()
				for i := range rows {
					rows[i].Remedy = remedy
				}
				asked.Rows, asked.Markers = seq(rows), true
				if p := l.prepare(asked); p.Nothing() != (reason != "") || reason != "" && p.Untried[reason] != 1 {
					t.Errorf("%d steps, untried %v", len(p.Steps), p.Untried)
				}
			})
		})
	}
}

// A side that served nothing when it was judged, and serves something by now, is
// not what was judged.
func TestAMarkerIsNotPlacedOverWhatNobodyJudged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		version := l.put(pair.B, "k", "new")
		c := inplace.Copier{Clients: l.world.B, Side: testPair.B, Owner: l.box.AccountID()}
		if made, err := c.Mark(t.Context(), "k", "", inplace.Copier{Clients: l.world.A, Side: testPair.A, Owner: l.box.AccountID()}); !inplace.Stale(err) || l.serves(pair.B, "k") != version {
			t.Errorf("%q, %v", made, err)
		}
	})
}

// Where versioning is suspended a copy would replace the null version and a marker
// would remove it: neither is done.
func TestNothingIsDoneInPlaceWithoutVersioning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		version := l.put(pair.A, "k", "x")
		if _, err := l.client(pair.A).PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{
			Bucket: l.bucket(pair.A), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusSuspended},
		}); err != nil {
			t.Fatal(err)
		}
		asked := l.asked()
		way := pair.AtoB
		entry := l.entries(pair.A)[[2]string{"k", version}]
		asked.Rows = seq([]difference.Difference{{
			Candidate: difference.Candidate{Key: "k", Kind: difference.OneSided, A: &entry}, Verdict: difference.Gone, Remedy: difference.CopyInPlace, Direction: &way,
		}})
		asked.Copies = true
		p := l.prepare(asked)
		if blocked := p.Blocked(); len(blocked) != 1 || !strings.Contains(blocked[0].Title, "versioning is not on on side A") {
			t.Errorf("blocked by %v", blocked)
		}
		if len(p.Steps) > 0 {
			t.Errorf("%d steps would run", len(p.Steps))
		}
	})
}

// What lies in somebody's own bucket where a manifest would go is not written over.
func TestAnObjectOfOthersInTheManifestsPlaceStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.put(pair.A, "before", "x")
		l.setUp()
		l.settle()
		theirs, key := aws.String("their-own-bucket"), aws.String(testPair.BackfillPrefix(pair.AtoB)+"manifest-1.csv")
		if _, err := l.client(pair.A).CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: theirs, CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(testPair.A.Region)}}); err != nil {
			t.Fatal(err)
		}
		if _, err := l.client(pair.A).PutObject(t.Context(), &s3.PutObjectInput{Bucket: theirs, Key: key, Body: strings.NewReader("theirs")}); err != nil {
			t.Fatal(err)
		}
		asked := l.asked()
		asked.Buckets = map[pair.SideName]string{pair.A: *theirs}
		var seen events
		if _, err := backfill.Apply(t.Context(), l.prepare(asked), seen.emit); err == nil {
			t.Error("it ran")
		}
		out, err := l.client(pair.A).GetObject(t.Context(), &s3.GetObjectInput{Bucket: theirs, Key: key})
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(out.Body); err != nil || string(text) != "theirs" {
			t.Errorf("it reads %q, %v", text, err)
		}
	})
}

// HEAD of what is under a key of its writer is answered with 400: that is not
// known, and keeps nothing else from being looked at and taken away.
func TestWhatIsUnderAKeyOfItsWriterIsUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.put(pair.A, "open", "x")
		l.put(pair.A, "sealed", "x")
		l.setUp()
		l.settle()
		asked := l.asked()
		p := l.prepare(asked)
		l.wire.mu.Lock()
		l.wire.answer = func(r *http.Request) *http.Response {
			if r.Method != http.MethodHead || !strings.HasSuffix(r.URL.Path, "/sealed") {
				return nil
			}
			return &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{}, Body: http.NoBody, Request: r}
		}
		l.wire.mu.Unlock()
		result, err := backfill.Apply(t.Context(), p, (&events{}).emit)
		if err != nil || result.There != 1 || result.Unknown != 1 {
			t.Errorf("%+v, %v", result, err)
		}
		l.wire.reset()
		l.nothingOfOurs()
	})
}

// What a copy brings back, and what a backfill may change of what is served, is
// said before anybody agrees.
func TestAPlanSaysWhatItBringsBackAndWhatItMayServe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.put(pair.A, "both", "of A")
		l.put(pair.B, "both", "of B")
		l.setUp()
		lost := l.put(pair.A, "lost", "x")
		l.settle()
		l.erase(pair.B, "lost", lost)
		asked := l.asked()
		asked.Copies = true
		p := l.prepare(asked)
		for _, want := range []string{"1 version is brought back to side B, where it was removed", "side B serves another version for the keys of 1 of these versions"} {
			if !slices.ContainsFunc(p.Findings, func(f survey.Finding) bool { return f.Severity == survey.Warning && f.Title == want }) {
				t.Errorf("no warning says %q: %v", want, p.Findings)
			}
		}
	})
}

// A look at very many versions outlasts the patience of a step: what passes by
// itself late in it ends it as little as early on.
func TestALookThatHasGoneOnForLongOutlivesAFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.versioned()
		l.put(pair.A, "slow", "x")
		l.setUp()
		l.settle()
		p := l.prepare(l.asked())
		faults := 0
		l.wire.mu.Lock()
		l.wire.answer = func(r *http.Request) *http.Response {
			if r.Method != http.MethodHead || !strings.HasSuffix(r.URL.Path, "/slow") || faults == 8 {
				return nil
			}
			if faults++; faults == 1 {
				time.Sleep(time.Hour) // virtual: that of those before it
			}
			return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Body: http.NoBody, Request: r}
		}
		l.wire.mu.Unlock()
		result, err := backfill.Apply(t.Context(), p, (&events{}).emit)
		if err != nil || result.There != 1 || faults != 8 {
			t.Errorf("%+v after %d faults, %v", result, faults, err)
		}
		l.wire.reset()
		l.nothingOfOurs()
	})
}
