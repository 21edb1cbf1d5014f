package compare

import (
	"fmt"
	"slices"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// easel is the host of a screen that is only drawn.
type easel struct {
	host.Host
	look host.Look
}

func (e easel) Look() host.Look         { return e.look }
func (e easel) Settings() host.Settings { return host.Settings{} }

// filled is an audit's screen that was told of so many differences.
func filled(tb testing.TB, n int) *auditScreen {
	tb.Helper()
	s := &auditScreen{
		host:   easel{look: host.Look{Theme: widget.NewTheme(true, colorprofile.TrueColor), Spin: "◐", Width: 80, Height: 19}},
		wanted: pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "a"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "b"}},
		run:    &host.Run{}, examples: map[difference.Group][]difference.Difference{},
	}
	var tally difference.Tally
	batch := host.Batch{Run: s.run, Events: make([]pair.Event, 0, 100)}
	for i := range n {
		d := difference.Difference{Candidate: difference.Candidate{Key: fmt.Sprintf("key-%08d", i), Kind: difference.OneSided, A: &difference.Entry{VersionID: "v", Size: 1}}, Verdict: difference.Failed, Cause: difference.MissingRight, Remedy: difference.Repair}
		tally.Add(d)
		if batch.Events = append(batch.Events, d); len(batch.Events) == cap(batch.Events) {
			s.take(batch)
			batch.Events = batch.Events[:0]
		}
	}
	batch.Events = append(batch.Events, audit.Progress{Phase: audit.Listing, Tally: tally, Done: .5, PerSecond: 1, Left: 1})
	s.take(batch)
	return s
}

// What a frame takes must not grow with the differences: they are counts and the
// first hundred of each kind.
func TestAFrameOfManyDifferencesTakesWhatAFrameOfFewDoes(t *testing.T) {
	few, many := filled(t, 100), filled(t, 200_000)
	draw := func(s *auditScreen) float64 { return testing.AllocsPerRun(20, func() { s.Draw(80, 19) }) }
	if a, b := draw(few), draw(many); b > a*1.1 {
		t.Errorf("a frame allocates %.0f times with 100 differences and %.0f times with 200,000", a, b)
	}
}

// BenchmarkFrameOfRows draws the rows of one group, of which a window is in memory,
// far into ever more of them.
//
//	go test -run '^$' -bench FrameOfRows ./ui/console/compare
func BenchmarkFrameOfRows(b *testing.B) {
	for _, n := range []int64{100, 100_000, 10_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			look := easel{look: host.Look{Theme: widget.NewTheme(true, colorprofile.TrueColor), Spin: "◐", Width: 80, Height: 19}}
			d := difference.Difference{Candidate: difference.Candidate{Key: "key", Kind: difference.OneSided, A: &difference.Entry{VersionID: "v", Size: 1}}, Verdict: difference.Failed}
			x := newExamples(look, words.Row{Grouped: difference.Grouped{Group: difference.GroupOf(d)}}, pair.Pair{}, "", slices.Repeat([]difference.Difference{d}, held))
			x.clients = map[pair.SideName]*account.Clients{pair.A: {}, pair.B: {}}
			x.total, x.list.Selected = n, int(n/2)
			x.first = max(0, x.list.Selected-held/2)
			for b.Loop() {
				x.Draw(80, 19)
			}
		})
	}
}

// BenchmarkFrame draws a frame of an audit with ever more differences: it costs the
// same.
//
//	go test -run '^$' -bench Frame ./ui/console/compare
func BenchmarkFrame(b *testing.B) {
	for _, n := range []int{100, 100_000, 10_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := filled(b, n)
			for b.Loop() {
				s.Draw(80, 19)
			}
		})
	}
}
