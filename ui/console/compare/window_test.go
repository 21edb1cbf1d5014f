package compare

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// written is a file of n rows, of which every third is of the group that it returns.
func written(tb testing.TB, n int) (path string, g difference.Group) {
	tb.Helper()
	path = filepath.Join(tb.TempDir(), "run.differences")
	file, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	for i := range n {
		d := difference.Difference{Candidate: difference.Candidate{Key: fmt.Sprintf("key-%d \"verdict\":\"failed\"", i), Kind: difference.OneSided, A: &difference.Entry{VersionID: "v"}}, Verdict: difference.Gone}
		if i%3 == 0 {
			d.Verdict = difference.Failed
			g = difference.GroupOf(d)
		}
		line, err := pair.EncodeEvent(d)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := file.Write(append(line, '\n')); err != nil {
			tb.Fatal(err)
		}
	}
	return path, g
}

func TestAWindowShowsTheRowsOfItsGroupWhereverItIs(t *testing.T) {
	path, g := written(t, 3000)
	w := &window{path: path, group: g}
	for _, from := range []int{0, 5, 700, 64, 990, 1} {
		rows, err := w.read(from, 20)
		if err != nil {
			t.Fatal(err)
		}
		if want := min(20, 1000-from); len(rows) != want {
			t.Fatalf("from %d there are %d rows, want %d", from, len(rows), want)
		}
		for i, d := range rows {
			if want := fmt.Sprintf("key-%d ", 3*(from+i)); d.Key[:len(want)] != want {
				t.Fatalf("row %d is %q", from+i, d.Key)
			}
		}
	}
	if rows, err := w.read(1000, 20); err != nil || len(rows) != 0 {
		t.Errorf("%d rows after the last, %v", len(rows), err)
	}
}

// An audit that goes on writes rows meanwhile, the last of them in part.
func TestAWindowGrowsWithItsFile(t *testing.T) {
	path, g := written(t, 6)
	w := &window{path: path, group: g}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	add := func(text []byte) {
		t.Helper()
		file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(text); err != nil {
			t.Fatal(err)
		}
		_ = file.Close()
	}
	has := func(want int) {
		t.Helper()
		if rows, err := w.read(0, 100); err != nil || len(rows) != want {
			t.Fatalf("%d rows, want %d, %v", len(rows), want, err)
		}
	}
	has(2)
	add(whole[:len(whole)-5])
	has(4) // its last row is of another group, and cut
	add(whole[len(whole)-5:])
	add(whole)
	has(6)
}

// What a page costs does not grow with the rows before it, once they were looked
// through.
func BenchmarkWindow(b *testing.B) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path, g := written(b, n)
			w := &window{path: path, group: g}
			if _, err := w.read(n/3-10, 10); err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				if rows, err := w.read((i*7919)%(n/3-10), 10); err != nil || len(rows) != 10 {
					b.Fatal(len(rows), err)
				}
			}
		})
	}
}
