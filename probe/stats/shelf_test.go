package stats

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
)

func shelfOf(t testing.TB) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "values"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

func TestShelvedValuesAgreeWithASortedSlice(t *testing.T) {
	// Few that stay in memory, one more than that, several stretches, and as many
	// as take two levels of them.
	for _, n := range []int{1, 100, recentCap - 1, recentCap, recentCap + 1, 5*recentCap + 77, mergedAtOnce*recentCap + 3*recentCap + 1} {
		r := rand.New(rand.NewPCG(uint64(n), 2))
		o := ordered{far: &shelved{on: &shelf{to: shelfOf(t)}}}
		var want []float64
		check := func() {
			slices.Sort(want)
			if o.n != len(want) {
				t.Fatalf("n = %d, want %d", o.n, len(want))
			}
			var read []float64
			for i := range o.pieces() {
				read = append(read, o.piece(i)...)
			}
			if !slices.Equal(read, want) {
				t.Fatalf("%d: what is read in pieces differs", n)
			}
			for range 200 {
				k := r.IntN(len(want))
				if got := o.at(k); got != want[k] {
					t.Fatalf("%d: at(%d) = %v, want %v", n, k, got, want[k])
				}
				v := want[k] + float64(r.IntN(3)-1)*1e-12
				below, _ := slices.BinarySearch(want, v)
				upTo, _ := slices.BinarySearch(want, math.Nextafter(v, math.Inf(1)))
				if o.below(v) != below || o.upTo(v) != upTo {
					t.Fatalf("%d: %d below %v and %d up to it, want %d and %d", n, o.below(v), v, o.upTo(v), below, upTo)
				}
			}
		}
		for i := range n {
			v := math.Floor(1e4*r.ExpFloat64()) / 7 // with ties
			o.add(v)
			want = append(want, v)
			if i == n/3 {
				check() // and goes on
			}
		}
		copied := o.snapshot()
		check()
		copied.add(-1)
		if copied.at(0) != -1 || copied.n != o.n+1 || o.at(0) == -1 {
			t.Errorf("%d: a snapshot is not one", n)
		}
	}
}

// Every figure is computed of shelved values exactly as of those in memory.
func TestAShelvedCollectorSaysTheSame(t *testing.T) {
	for seed, n := range []int{0, 1, 40, 3000, 30_000} {
		r := rand.New(rand.NewPCG(uint64(seed), 9))
		near, far := NewCollector(), NewShelved(shelfOf(t))
		for _, s := range simulated(r, n) {
			s.CorrectedMS, s.LateMS, s.Late = s.DurationMS+20, 1000*r.Float64(), r.IntN(3) == 0
			switch r.IntN(40) {
			case 0:
				s.LeftCensored, s.BracketMS[0] = true, 0
			case 1:
				s.Held, s.DurationMS = s.Outcome == probe.Replicated, max(s.DurationMS, s.BracketMS[1])
			}
			near.Add(s)
			far.Add(s)
		}
		for _, looks := range []Looks{Once, Anytime} {
			if a, b := near.Verdicts(looks), far.Verdicts(looks); !reflect.DeepEqual(a, b) {
				t.Errorf("%d samples: the verdicts are %+v and %+v", n, a, b)
			}
		}
		for _, d := range pair.Directions() {
			if a, b := near.Direction(d), far.Direction(d); !reflect.DeepEqual(a, b) {
				t.Errorf("%d samples, %s: %+v and %+v", n, d.Arrow(), a, b)
			}
		}
		if a, b := near.Cells(), far.Cells(); !reflect.DeepEqual(a, b) {
			t.Errorf("%d samples: the cells are %+v and %+v", n, a, b)
		}
		if err := far.Err(); err != nil {
			t.Error(err)
		}
	}
}

// fullShelf has no room, or loses what it has.
type fullShelf struct{ writes, reads error }

func (f fullShelf) WriteAt(p []byte, _ int64) (int, error) { return len(p), f.writes }
func (f fullShelf) ReadAt(p []byte, _ int64) (int, error)  { return len(p), f.reads }

func TestAShelfThatFailsIsSaid(t *testing.T) {
	failure := errors.New("no space left on device")
	for name, shelf := range map[string]fullShelf{"writing": {writes: failure}, "reading": {reads: failure}} {
		c := NewShelved(shelf)
		for _, s := range simulated(rand.New(rand.NewPCG(1, 1)), 6*recentCap) {
			c.Add(s)
		}
		_ = c.Verdicts(Once)
		if err := c.Err(); !errors.Is(err, failure) {
			t.Errorf("%s fails and is said to be %v", name, err)
		}
	}
	if err := NewCollector().Err(); err != nil {
		t.Error(err)
	}
}
