package audit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/journal"
	"bothways/aws/pair"
)

// truth is what an audit must find of what was planted.
type truth struct {
	differences []string // as describe has them, sorted
	same, young int64
}

// plant puts so many keys on both shelves, with differences of every kind among
// them.
func plant(r *rand.Rand, s *shelves, keys int) *truth {
	t := &truth{}
	both := map[pair.SideName][]kept{}
	put := func(side pair.SideName, k kept) { both[side] = append(both[side], k) }
	finds := func(kind difference.Kind, id, key string, only pair.SideName) {
		t.differences = append(t.differences, fmt.Sprintf("%s %s %q %s", kind, id, key, only))
	}
	for i := range keys {
		key := name(r, i)
		id := func(n int) string { return fmt.Sprintf("%x.%d", i, n) }
		one := version(key, id(1), "content", true)
		one.Modified = old(r.IntN(1e6))
		side := pair.Sides()[r.IntN(2)]
		switch r.IntN(30) {
		case 0:
			put(side, one)
			finds(difference.OneSided, id(1), key, side)
		case 1:
			other := one
			other.ETag = "CONTENT"
			put(pair.A, one)
			put(pair.B, other)
			finds(difference.OtherETag, id(1), key, pair.A)
		case 2:
			other := one
			other.Size++
			put(pair.A, one)
			put(pair.B, other)
			finds(difference.OtherSize, id(1), key, pair.A)
		case 3:
			marker := kept{key, difference.Entry{VersionID: id(1), Marker: true, Latest: true, Modified: one.Modified}}
			put(side, one)
			put(side.Other(), marker)
			finds(difference.OtherKind, id(1), key, pair.A)
		case 4: // a null version written twice
			one.VersionID = "null"
			other := one
			other.Modified = old(2e6)
			put(pair.A, one)
			put(pair.B, other)
			finds(difference.OtherTime, "null", key, pair.A)
		case 5: // markers of other IDs and one time; the content below is the same
			one.Latest = false
			for n, side := range pair.Sides() {
				put(side, one)
				put(side, kept{key, difference.Entry{VersionID: id(5 + n), Marker: true, Latest: true, Modified: one.Modified.Add(time.Duration(n) * time.Second)}})
			}
			t.same += 2
		case 6: // a marker that stayed
			put(side, kept{key, difference.Entry{VersionID: id(2), Marker: true, Latest: true, Modified: one.Modified}})
			put(side.Other(), one)
			one.Latest = false
			put(side, one)
			t.same++
			finds(difference.OneSided, id(2), key, side)
		case 7: // the sides serve different versions
			two := version(key, id(2), "other", false)
			for _, side := range pair.Sides() {
				one.Latest, two.Latest = two.Latest, one.Latest
				put(side, one)
				put(side, two)
			}
			t.same += 2
			finds(difference.OtherCurrent, current(both[pair.A], key), key, pair.A)
		case 8: // too young to be judged
			one.Modified = time.Now().Add(time.Hour)
			put(side, one)
			t.young++
		case 9: // many versions, in another order on each side, one of them missing
			missing := r.IntN(9)
			for n := range 9 {
				v := version(key, id(n), "content", n == 8)
				v.Latest = v.Latest || missing == 8 && n == 7
				if n != missing {
					put(pair.A, v)
					t.same++
				}
				if missing == 8 && n == 8 {
					v.Latest = true
				}
				put(pair.B, v)
			}
			finds(difference.OneSided, id(missing), key, pair.B)
		case 10: // null versions of the same write
			one.VersionID = "null"
			put(pair.A, one)
			put(pair.B, one)
			t.same++
		default:
			put(pair.A, one)
			put(pair.B, one)
			t.same++
		}
	}
	for side, all := range both {
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		s.put(side, all...)
	}
	slices.Sort(t.differences)
	return t
}

func current(all []kept, key string) string {
	for _, k := range all {
		if k.key == key && k.Latest {
			return k.VersionID
		}
	}
	return ""
}

// name is the name of a key, of any shape.
func name(r *rand.Rand, i int) string {
	switch r.IntN(8) {
	case 0:
		return fmt.Sprintf("%c/😀 +%%%d", 'a'+rune(r.IntN(26)), i)
	case 1:
		return fmt.Sprintf("\x01\t%d\x7f", i)
	case 2:
		return fmt.Sprintf("日本/%d", i)
	case 3:
		return fmt.Sprintf("%s%d", strings.Repeat("long/", 150), i)
	}
	return fmt.Sprintf("data/%06d", i)
}

// check holds a record to the truth.
func (t *truth) check(test *testing.T, path string) {
	test.Helper()
	record, err := audit.Read(path)
	if err != nil {
		test.Fatal(err)
	}
	var got []string
	for d, err := range record.Differences() {
		if err != nil {
			test.Fatal(err)
		}
		got = append(got, describe(d.Candidate))
	}
	slices.Sort(got)
	if !slices.Equal(got, t.differences) {
		test.Errorf("found %d, planted %d; invented or twice: %.400q; missed: %.400q", len(got), len(t.differences), without(got, t.differences), without(t.differences, got))
	}
	if same, young := record.Tally.Verdicts[difference.Same].Versions, record.Tally.Verdicts[difference.Young].Versions; same != t.same || young != t.young {
		test.Errorf("%d the same and %d young, planted %d and %d", same, young, t.same, t.young)
	}
	if !record.Complete() || record.Result.Tally.Verdicts[difference.Same] != record.Tally.Verdicts[difference.Same] {
		test.Errorf("the last result is %+v", record.Result)
	}
}

// without are those of some that others have fewer of.
func without(some, others []string) []string {
	left := map[string]int{}
	for _, o := range others {
		left[o]++
	}
	var more []string
	for _, one := range some {
		if left[one]--; left[one] < 0 {
			more = append(more, one)
		}
	}
	return more
}

// process runs an audit, or goes on with one, as a process would: once dead is
// closed nothing of it reaches the disk.
func process(ctx context.Context, test *testing.T, config audit.Config, path string, dead <-chan struct{}) error {
	test.Helper()
	var book *journal.Journal
	var err error
	if _, missing := os.Stat(path); missing != nil {
		book, err = journal.Create(filepath.Dir(path), journal.Opening{RunID: strings.TrimSuffix(filepath.Base(path), journal.Extension), Command: "audit", StartedAt: time.Now()})
	} else {
		if book, err = journal.Append(path); err == nil {
			config.Resume, err = audit.Read(path)
			if _, none := errors.AsType[*audit.NoAuditError](err); none { // it died before it had begun
				err = nil
			}
		}
	}
	if err != nil {
		test.Fatal(err)
	}
	defer book.Close()
	config.Rows = audit.RowsOf(path)
	_, err = audit.Run(ctx, config, func(e pair.Event) {
		select {
		case <-dead:
			return
		default:
		}
		switch e.(type) {
		case audit.Progress, difference.Difference:
		default:
			if err := book.Record(e); err != nil {
				test.Error(err)
			}
		}
	})
	return err
}

func TestEveryKindOfDifferenceIsFoundAmongMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelves()
		s.most = 200
		truth := plant(rand.New(rand.NewPCG(1, 1)), s, 20_000)
		s.before = func(*http.Request) (int, string) {
			time.Sleep(20 * time.Millisecond)
			return 0, ""
		}
		path := filepath.Join(t.TempDir(), "run.ndjson")
		begun := time.Now()
		if err := process(t.Context(), t, audit.Config{World: s.world()}, path, nil); err != nil {
			t.Fatal(err)
		}
		truth.check(t, path)
		t.Logf("%d requests in %s", s.lists, time.Since(begun))
	})
}

func TestFaultsOfTheWireLoseNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelves()
		s.most = 50
		r := rand.New(rand.NewPCG(2, 2))
		truth := plant(r, s, 3_000)
		var mu sync.Mutex
		n := 0
		s.before = func(*http.Request) (int, string) {
			time.Sleep(20 * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			n++
			switch k := r.IntN(20); {
			case n > 100 && n < 140 || k == 0: // an outage, too
				return broken, ""
			case k == 1:
				return http.StatusServiceUnavailable, "SlowDown"
			case k == 2:
				return http.StatusInternalServerError, "InternalError"
			}
			return 0, ""
		}
		path := filepath.Join(t.TempDir(), "run.ndjson")
		if err := process(t.Context(), t, audit.Config{World: s.world()}, path, nil); err != nil {
			t.Fatal(err)
		}
		truth.check(t, path)
	})
}
