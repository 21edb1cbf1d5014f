package draw

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

func key(i int) []byte { return fmt.Appendf(nil, "key/%06d", i) }

// Every version has the same chance, wherever in the listing it stands.
func TestEveryVersionHasTheSameChance(t *testing.T) {
	const versions, most, runs = 200, 20, 4000
	counts := make([]int, versions)
	for run := range runs {
		d := New(most, rand.New(rand.NewPCG(1, uint64(run))).Uint64())
		for i := range versions {
			d.Offer(key(i), []byte("v"), 1)
		}
		if got := len(d.Drawn()); got != most {
			t.Fatalf("%d were drawn", got)
		}
		for _, v := range d.Drawn() {
			var i int
			if _, err := fmt.Sscanf(v.Key, "key/%d", &i); err != nil {
				t.Fatal(err)
			}
			counts[i]++
		}
	}
	// Each is drawn a tenth of the time; chi-square with 199 degrees of freedom
	// is above 285 once in 50,000, less here because draws are without replacement.
	expected, chi := float64(runs*most)/versions, 0.0
	for _, n := range counts {
		chi += math.Pow(float64(n)-expected, 2) / expected
	}
	if chi > 285 || chi < 100 {
		t.Errorf("chi-square is %.1f, counts %v", chi, counts)
	}
}

// What was offered twice, from several goroutines and in another order, is drawn
// as if it had been offered once.
func TestTheOrderAndRepetitionsDrawTheSame(t *testing.T) {
	once, often := New(50, 7), New(50, 7)
	for i := range 5000 {
		once.Offer(key(i), []byte("v"), int64(i))
	}
	var all sync.WaitGroup
	for part := range 4 {
		all.Go(func() {
			for i := 4999; i >= 0; i-- {
				if i%4 != part {
					often.Offer(key(i), []byte("v"), int64(i))
				}
			}
		})
	}
	all.Wait()
	if !slices.Equal(once.Drawn(), often.Drawn()) {
		t.Error("they drew otherwise")
	}
}

func TestFewVersionsAreAllDrawnAndNoDrawDrawsNone(t *testing.T) {
	d := New(10, 1)
	for i := range 3 {
		d.Offer(key(i), []byte("v"), 1)
		d.Offer(key(i), []byte("w"), 1)
	}
	if got := len(d.Drawn()); got != 6 {
		t.Errorf("%d of 6", got)
	}
	var none *Draw
	none.Offer(key(1), []byte("v"), 1)
	if len(none.Drawn()) != 0 {
		t.Error("something was drawn")
	}
}

func BenchmarkOffer(b *testing.B) {
	d := New(500, 1)
	k, id := []byte("a/usual/key/of/some/length/000000"), []byte("3sL4kqtJlcpXroDTDmJrmSpXd3dIbrHY")
	for i := range b.N {
		k[len(k)-1], k[len(k)-2], k[len(k)-3] = byte(i), byte(i>>8), byte(i>>16)
		d.Offer(k, id, 1)
	}
}
