package polling

import (
	"slices"
	"testing"
	"time"

	"bothways/aws/pair"
)

func sixSizes() []int64 {
	return []int64{128 << 10, 256 << 10, 512 << 10, 1 << 20, 2 << 20, 4 << 20}
}

func TestARoundStartsEveryCellOnceEvenlySpread(t *testing.T) {
	s := Schedule{Sizes: sixSizes(), Every: 12 * time.Second, Seed: 3}
	for n := 1; n <= 20; n++ {
		seen := map[Series]bool{}
		for i, c := range s.Round(n) {
			seen[c.Series] = true
			if want := time.Duration(n-1)*12*time.Second + time.Duration(i)*time.Second; c.Offset != want || c.Round != n {
				t.Errorf("round %d, start %d: offset %v, want %v", n, i, c.Offset, want)
			}
		}
		if len(seen) != 12 {
			t.Errorf("round %d has %d different cells, want 12", n, len(seen))
		}
	}
}

func TestTheTwoDirectionsOfASizeFollowEachOtherInChangingOrder(t *testing.T) {
	s := Schedule{Sizes: sixSizes(), Every: 10 * time.Second, Seed: 3}
	firsts := map[pair.Direction]int{}
	for n := 1; n <= 50; n++ {
		cells := s.Round(n)
		for i := 0; i < len(cells); i += 2 {
			if cells[i].Size != cells[i+1].Size || cells[i].Direction == cells[i+1].Direction {
				t.Fatalf("round %d: %+v is followed by %+v", n, cells[i], cells[i+1])
			}
			firsts[cells[i].Direction]++
		}
	}
	if firsts[pair.AtoB] < 100 || firsts[pair.BtoA] < 100 {
		t.Errorf("which direction goes first is lopsided: %v of 300", firsts)
	}
}

func TestTheOrderFollowsFromTheSeed(t *testing.T) {
	one := Schedule{Sizes: sixSizes(), Every: time.Second, Seed: 1}
	two := one
	two.Seed = 2
	if !slices.Equal(one.Round(4), one.Round(4)) {
		t.Error("the same seed gives two orders")
	}
	if slices.Equal(one.Round(4), two.Round(4)) {
		t.Error("two seeds give the same order")
	}
}

func TestASeriesBorrowsFromItsPoolUntilItHasFiveResultsOfItsOwn(t *testing.T) {
	m, now := NewMemory(), time.Unix(0, 0)
	small, large := Series{pair.AtoB, 128 << 10}, Series{pair.AtoB, 1 << 30}
	for range 5 {
		m.Add(Series{pair.AtoB, 4 << 20}, Bracket{7 * time.Second, 9 * time.Second})
	}
	if got := m.Outlook(small, now); !got.Warm || got.median != 8*time.Second {
		t.Errorf("a small size does not borrow: %+v", got)
	}
	if got := m.Outlook(large, now); got.Warm {
		t.Errorf("a large size borrows from small ones: %+v", got)
	}
	if got := m.Outlook(Series{pair.BtoA, 128 << 10}, now); got.Warm {
		t.Errorf("the other direction borrows: %+v", got)
	}
	for i := range 5 {
		m.Add(small, Bracket{time.Duration(i+1) * time.Second, time.Duration(i+1) * time.Second})
	}
	if got := m.Outlook(small, now); got.median != 3*time.Second {
		t.Errorf("own results do not go first: %+v", got)
	}
}

func TestOnlyTheLastThirtyResultsCount(t *testing.T) {
	var w window
	for range 30 {
		w.add(Bracket{time.Second, time.Second})
	}
	for range 30 {
		w.add(Bracket{9 * time.Second, 9 * time.Second})
	}
	var fresh window
	for range 30 {
		fresh.add(Bracket{9 * time.Second, 9 * time.Second})
	}
	if got, want := w.outlook(), fresh.outlook(); got.median != want.median || *got.curve != *want.curve {
		t.Errorf("old results are still there: median %v", got.median)
	}
}
