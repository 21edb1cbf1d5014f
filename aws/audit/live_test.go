package audit_test

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// While an audit goes on, versions are written, replicate, and are deleted by
// their IDs on one side a moment before the other. None of that is a difference.
func TestWhatGoesOnDuringAnAuditIsNoDifference(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newShelves()
		s.most = 100
		const keys = 4000
		key := func(i int) string { return fmt.Sprintf("k/%05d", i) }
		for i := range keys {
			s.put(pair.A, version(key(i), "v", "x", true))
			if i%100 != 50 {
				s.put(pair.B, version(key(i), "v", "x", true))
			}
		}
		s.before = func(*http.Request) (int, string) {
			time.Sleep(30 * time.Millisecond)
			return 0, ""
		}
		stop := make(chan struct{})
		go func() {
			defer close(stop)
			for i := range keys / 10 {
				time.Sleep(4 * time.Millisecond)
				young := version(key(i*10+1)+"/young", "y", "x", true)
				young.Modified = time.Now()
				s.put(pair.A, young)
				is := func(k kept) bool { return strings.HasPrefix(k.key, key(i*10+3)) }
				s.drop(pair.A, is)
				time.AfterFunc(time.Second, func() {
					s.put(pair.B, young)
					s.drop(pair.B, is)
				})
			}
		}()
		path := filepath.Join(t.TempDir(), "run.ndjson")
		if err := process(t.Context(), t, audit.Config{World: s.world()}, path, nil); err != nil {
			t.Fatal(err)
		}
		<-stop
		time.Sleep(2 * time.Second)
		record, err := audit.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		var got, want []string
		for d, err := range record.Differences() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, d.Key)
		}
		slices.Sort(got)
		for i := 50; i < keys; i += 100 {
			want = append(want, key(i))
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", without(got, want), without(want, got))
		}
		if passed := record.Tally.Verdicts[difference.Passed].Versions; passed == 0 {
			t.Error("nothing settled by itself: then nothing was tried")
		}
		t.Logf("%v", record.Tally.Verdicts)
	})
}

// A key may have more versions than are held at once.
func TestAKeyOfVeryManyVersionsIsComparedOnDisk(t *testing.T) {
	s := newShelves()
	const versions = 60_000
	for i := range versions {
		v := kept{"many", difference.Entry{VersionID: fmt.Sprintf("%08x", i*7919), Latest: i == 0, Modified: old(i), ETag: "e", Size: 1}}
		if i%10_000 != 5 {
			s.add(pair.A, v)
		}
		if i%20_000 != 7 {
			s.add(pair.B, v)
		}
	}
	s.put(pair.A, version("few", "1", "x", true))
	s.put(pair.B, version("few", "1", "x", true))
	dir := t.TempDir()
	path := filepath.Join(dir, "run.ndjson")
	if err := process(t.Context(), t, audit.Config{World: s.world(), Grace: time.Millisecond}, path, nil); err != nil {
		t.Fatal(err)
	}
	record, err := audit.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	sides := map[pair.SideName]int{}
	for d, err := range record.Differences() {
		if err != nil || d.Key != "many" || d.Kind != difference.OneSided || d.CurrentA == nil {
			t.Fatalf("%+v, %v", d, err)
		}
		sides[d.Only()]++
	}
	if sides[pair.B] != 6 || sides[pair.A] != 3 || record.Tally.Verdicts[difference.Same].Versions != versions-9+1 {
		t.Errorf("got %v and %v", sides, record.Tally.Verdicts)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.spill")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
