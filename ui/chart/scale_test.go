package chart

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRowsAreMonotonic(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		s := newScale(Range{}.Include(random(r)).Include(random(r)), 1+r.IntN(60))
		a, b := random(r), random(r)
		if a > b {
			a, b = b, a
		}
		if s.row(a) < s.row(b) {
			t.Fatalf("%+v: %v is drawn above %v", s, a, b)
		}
		if row := s.row(a); row < 0 || row >= s.rows {
			t.Fatalf("%+v: %v is in row %d", s, a, row)
		}
	}
}

// random is a duration from 1 ms to 30 hours, every scale as likely.
func random(r *rand.Rand) time.Duration {
	d := time.Millisecond
	for range r.IntN(26) {
		d *= 2
	}
	return d + time.Duration(r.Int64N(int64(d)))
}

func TestPointsOnATicksValueAreOnTheTicksRow(t *testing.T) {
	for low := range ladder {
		for _, high := range ladder[low+1:] {
			for _, height := range []int{6, 9, 16, 31, 60} {
				bounds := Range{ladder[low], high}
				for _, tick := range newScale(bounds, height-2).ticks() {
					// The value's own chart, with its range forced to bounds.
					p := &Plot{bounds: bounds}
					p.Add(Point{Size: 1024, Value: tick})
					lines := strings.Split(p.BySize(View{Width: 40, Height: height}), "\n")
					line := slices.IndexFunc(lines, func(l string) bool { return strings.ContainsRune(l, '●') })
					if label, _, _ := strings.Cut(lines[line], "┤"); strings.TrimSpace(label) != tickLabel(tick) {
						t.Fatalf("%v in %v, %d rows: drawn in the row labelled %q", tick, bounds, height, label)
					}
				}
			}
		}
	}
}

func TestTicksKeepTheirDistanceAndNameTheEnds(t *testing.T) {
	for low := range ladder {
		for _, high := range ladder[low+1:] {
			for rows := 6; rows < 60; rows++ {
				s := newScale(Range{ladder[low], high}, rows)
				seen := map[int]bool{}
				for _, tick := range s.ticks() {
					row := s.row(tick)
					if seen[row-1] || seen[row] || seen[row+1] {
						t.Fatalf("%v to %v in %d rows: labels touch at %v", ladder[low], high, rows, tick)
					}
					seen[row] = true
				}
				if !seen[0] || !seen[rows-1] {
					t.Fatalf("%v to %v in %d rows: an end has no label", ladder[low], high, rows)
				}
			}
		}
	}
}

func TestRangeOnlyWidensAndEndsOnTheLadder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		p := &Plot{}
		last, changes := p.Range(), 0
		for range 300 {
			value := random(r)
			p.Add(Point{Size: 1, Value: value, Kind: Kind(r.IntN(kinds))})
			p.SetFlights([]Flight{{Size: 1, Age: random(r)}})
			now := p.Range()
			if now.Low > last.Low || now.High < last.High {
				t.Fatalf("%v after %v", now, last)
			}
			if !slices.Contains(ladder, now.Low) || !slices.Contains(ladder, now.High) {
				t.Fatalf("%v is not on the ladder", now)
			}
			if value > now.High {
				t.Fatalf("%v is outside %v", value, now)
			}
			if now != last {
				changes++
			}
			last = now
		}
		if changes > len(ladder) {
			t.Fatalf("the axis moved %d times", changes)
		}
	}
}

func TestUsualSamplesDoNotMoveTheAxis(t *testing.T) {
	p := &Plot{}
	start := p.Range()
	for _, value := range []time.Duration{2500 * time.Millisecond, 4700 * time.Millisecond, 11100 * time.Millisecond} {
		p.Add(Point{Size: 1, Value: value})
	}
	p.SetFlights([]Flight{{Size: 1, Age: 100 * time.Millisecond}})
	if p.Range() != start {
		t.Errorf("%v, want %v", p.Range(), start)
	}
}

func TestTheTimeAxisHasRoomForNowAndWastesAtMostAThird(t *testing.T) {
	for now := ShortestSpan; now < 100*time.Hour; now += now/7 + time.Second {
		span := spanFor(now)
		if span < now || span > now*3/2+time.Second {
			t.Errorf("%v for %v", span, now)
		}
	}
}

func TestTickLabelsFitTheirColumn(t *testing.T) {
	seen := map[string]bool{}
	for _, d := range ladder {
		text := tickLabel(d)
		if len(text) > labelWidth || seen[text] {
			t.Errorf("%v: %q", d, text)
		}
		seen[text] = true
	}
}
