package measure

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"
	"github.com/dustin/go-humanize"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/pair"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// leftOver is how many versions lie in the buckets from earlier runs, as it was
// when the setup was last opened.
type leftOver struct {
	of       pair.Pair
	versions map[pair.SideName]int
}

// lookForLeft looks in the background, whenever the setup is opened.
func (s *probeScreen) lookForLeft() tea.Cmd {
	s.left = leftOver{}
	if s.running() {
		return nil // what lies there is its own
	}
	access, of := s.host.Chosen().Access, s.host.Chosen().Pair
	return s.host.Ask("looking for what earlier runs left", func(ctx context.Context) host.Result {
		versions, err := s.do.LeftOver(ctx, access, of)
		return func() tea.Cmd {
			if err == nil && of == s.host.Chosen().Pair && !s.running() { // else nothing is known of it
				s.left = leftOver{of, versions}
			}
			return nil
		}
	})
}

// draw says what was left, and how it goes: in few words where there is no room.
func (l leftOver) draw(t widget.Theme, of pair.Pair, width int, narrow bool) []string {
	a, b := l.versions[pair.A], l.versions[pair.B]
	if l.of != of || a+b == 0 {
		return nil
	}
	words := fmt.Sprintf("%s in A and %s in B lie where canaries and probe objects go, from earlier runs or one that goes on. They alone are removed by x, then o.",
		english.Plural(a, "version", ""), humanize.Comma(int64(b)))
	if narrow {
		words = fmt.Sprintf("earlier runs left %d + %d versions: x, then o", a, b)
	}
	return widget.Hang(" "+t.Warn.Render("!")+" ", words, width-1)
}
