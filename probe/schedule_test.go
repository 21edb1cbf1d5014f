package probe

import (
	"slices"
	"testing"
	"time"

	"bothways/aws/pair"
)

func TestARoundStartsEveryCellOnceEvenlySpread(t *testing.T) {
	s := schedule{sizes: DefaultSizes(), every: 12 * time.Second, seed: 3}
	for n := 1; n <= 20; n++ {
		seen := map[series]bool{}
		for i, c := range s.round(n) {
			seen[series{c.direction, c.size}] = true
			if want := time.Duration(n-1)*12*time.Second + time.Duration(i)*time.Second; c.offset != want || c.round != n {
				t.Errorf("round %d, start %d: offset %v, want %v", n, i, c.offset, want)
			}
		}
		if len(seen) != 12 {
			t.Errorf("round %d has %d different cells, want 12", n, len(seen))
		}
	}
}

func TestTheTwoDirectionsOfASizeFollowEachOtherInChangingOrder(t *testing.T) {
	s := schedule{sizes: DefaultSizes(), every: 10 * time.Second, seed: 3}
	firsts := map[pair.Direction]int{}
	for n := 1; n <= 50; n++ {
		cells := s.round(n)
		for i := 0; i < len(cells); i += 2 {
			if cells[i].size != cells[i+1].size || cells[i].direction == cells[i+1].direction {
				t.Fatalf("round %d: %+v is followed by %+v", n, cells[i], cells[i+1])
			}
			firsts[cells[i].direction]++
		}
	}
	if firsts[pair.AtoB] < 100 || firsts[pair.BtoA] < 100 {
		t.Errorf("which direction goes first is lopsided: %v of 300", firsts)
	}
}

func TestTheOrderFollowsFromTheSeed(t *testing.T) {
	one := schedule{sizes: DefaultSizes(), every: time.Second, seed: 1}
	two := one
	two.seed = 2
	if !slices.Equal(one.round(4), one.round(4)) {
		t.Error("the same seed gives two orders")
	}
	if slices.Equal(one.round(4), two.round(4)) {
		t.Error("two seeds give the same order")
	}
}

func TestASeriesBorrowsFromItsPoolUntilItHasFiveResultsOfItsOwn(t *testing.T) {
	m := newMemory()
	small, large := series{pair.AtoB, 128 << 10}, series{pair.AtoB, 1 << 30}
	for range 5 {
		m.add(series{pair.AtoB, 4 << 20}, bracket{7 * time.Second, 9 * time.Second})
	}
	if got := m.outlook(small); !got.warm || got.median != 8*time.Second {
		t.Errorf("a small size does not borrow: %+v", got)
	}
	if got := m.outlook(large); got.warm {
		t.Errorf("a large size borrows from small ones: %+v", got)
	}
	if got := m.outlook(series{pair.BtoA, 128 << 10}); got.warm {
		t.Errorf("the other direction borrows: %+v", got)
	}
	for i := range 5 {
		m.add(small, bracket{time.Duration(i+1) * time.Second, time.Duration(i+1) * time.Second})
	}
	if got := m.outlook(small); got.median != 3*time.Second {
		t.Errorf("own results do not go first: %+v", got)
	}
}

func TestOnlyTheLastThirtyResultsCount(t *testing.T) {
	var w window
	for range 30 {
		w.add(bracket{time.Second, time.Second})
	}
	for range 30 {
		w.add(bracket{9 * time.Second, 9 * time.Second})
	}
	var fresh window
	for range 30 {
		fresh.add(bracket{9 * time.Second, 9 * time.Second})
	}
	if got, want := w.outlook(), fresh.outlook(); got.median != want.median || *got.curve != *want.curve {
		t.Errorf("old results are still there: median %v", got.median)
	}
}
