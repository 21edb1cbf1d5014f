package generate

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"time"
)

// plant is a difference at its place.
type plant struct {
	place   uint64
	kind    string
	version int // its number within the key, from 1, the oldest
	// odd is the bucket that has it not, or otherwise; origin the one where it
	// was written.
	odd, origin int
	after       time.Duration
}

// draw finds places for all differences, each at a key of its own.
func (s *Set) draw(differences []Difference) error {
	draw := rand.New(rand.NewPCG(s.seed, 0))
	taken := map[uint64]bool{}
	for i, d := range differences {
		first, end := s.Seek(d.Prefix), s.total
		if beyond, more := after(d.Prefix); more {
			end = s.Seek(beyond)
		}
		if free := end - first - s.takenWithin(taken, first, end); free < uint64(d.Count) {
			return fmt.Errorf("differences, entry %d: %d of kind %s at keys of their own, and keys that begin with %q are free only %d times; give less, or more keys",
				i+1, d.Count, d.Kind, d.Prefix, free)
		}
		for range d.Count {
			place := first + draw.Uint64N(end-first)
			for taken[place] {
				place = first + draw.Uint64N(end-first)
			}
			taken[place] = true
			s.plants = append(s.plants, s.plant(draw, place, d))
		}
	}
	slices.SortFunc(s.plants, func(a, b plant) int { return cmp.Compare(a.place, b.place) })
	return nil
}

func (s *Set) takenWithin(taken map[uint64]bool, first, end uint64) (n uint64) {
	for place := range taken {
		if place >= first && place < end {
			n++
		}
	}
	return n
}

func (s *Set) plant(draw *rand.Rand, place uint64, d Difference) plant {
	p := plant{place: place, kind: d.Kind, origin: draw.IntN(len(s.buckets)), after: time.Duration(d.After)}
	p.odd = (p.origin + 1 + draw.IntN(len(s.buckets)-1)) % len(s.buckets)
	kind := kinds[d.Kind]
	switch {
	case kind.missing == origin, kind.missing == either && draw.IntN(2) == 0:
		p.odd = p.origin
	case kind.missing == nowhere && kind.swapped == 0 && draw.IntN(2) == 0:
		p.odd = p.origin
	}
	count := s.count(place, &p)
	switch {
	case kind.newest, kind.swapped > 0:
		p.version = count
	case kind.null:
		p.version = 1
	default:
		p.version = 1 + draw.IntN(count)
	}
	return p
}

// plantAt returns the difference at a place, nil if there is none.
func (s *Set) plantAt(place uint64) *plant {
	i := sort.Search(len(s.plants), func(i int) bool { return s.plants[i].place >= place })
	if i < len(s.plants) && s.plants[i].place == place {
		return &s.plants[i]
	}
	return nil
}

// after returns the least string above all that begin with a prefix.
func after(prefix string) (string, bool) {
	for last := len(prefix) - 1; last >= 0; last-- {
		if prefix[last] < 0xff {
			return prefix[:last] + string([]byte{prefix[last] + 1}), true
		}
	}
	return "", false
}
