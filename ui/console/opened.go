package console

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/drill/opened"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// opens are the drills of a pair that were left open. They stand on the first line
// of every screen of that pair.
type opens struct {
	all   []opened.Open
	of    string    // the pair and the access that were asked about
	at    time.Time // when
	gen   int
	stale bool // something changed since
}

// askAgain is for how long what AWS said of open drills is believed.
const askAgain = 30 * time.Second

// lookForOpens asks for open drills where a pair's screen comes to the front.
func (a *App) lookForOpens() tea.Cmd {
	o, now := &a.opens, a.cfg.Now()
	if !a.ofThePair() || a.do.Opened == nil {
		return nil
	}
	access, p := a.Access, a.Pair
	of := p.ID() + " " + access.Label()
	if of != o.of {
		o.all = nil
	}
	if of == o.of && !o.stale && now.Sub(o.at) < askAgain {
		return nil
	}
	o.of, o.at, o.stale = of, now, false
	o.gen++
	gen := o.gen
	return a.Ask("looking for open drills", func(ctx context.Context) host.Result {
		found := a.do.Opened(ctx, access, p)
		return func() tea.Cmd {
			if gen == o.gen {
				o.all = found
			}
			return nil
		}
	})
}

// ofThePair says whether a screen of a pair that was chosen is in front.
func (a *App) ofThePair() bool {
	return a.Open && a.front.Subject() == host.Sides && a.front != host.SideB && a.Pair.Check() == nil
}

// openLines say which drills are open, and which key takes them back.
func (a *App) openLines() []string {
	if len(a.opens.all) == 0 || !a.ofThePair() || a.front == host.UndoDrill || a.help || a.login != nil {
		return nil
	}
	t, first := a.theme, a.opens.all[0]
	first.By = "" // there is no room for it; the undo says it
	text := widget.Upper(first.Words()) + "."
	if n := len(a.opens.all) - 1; n > 0 {
		text += " " + widget.Count(n, "other is", "others are") + " open, too."
	}
	if first.Running {
		return mostLines(widget.Hang(" "+t.Warn.Render("!")+" ", widget.Clean(text), a.layout.width-1), a.layout.width)
	}
	lines := widget.Hang(" "+t.Bad.Render("✗")+" ", t.Key.Render("U")+" takes it back: "+widget.Clean(text), a.layout.width-1)
	return mostLines(lines, a.layout.width)
}

// mostOpenLines bounds what open drills take of a screen.
const mostOpenLines = 2

func mostLines(lines []string, width int) []string {
	if len(lines) <= mostOpenLines {
		return lines
	}
	lines = lines[:mostOpenLines]
	lines[mostOpenLines-1] = widget.Fit(lines[mostOpenLines-1]+" …", width-1)
	return lines
}

// undoOpens leads to what takes open drills back.
func (a *App) undoOpens() (b widget.Binding, any bool) {
	if len(a.openLines()) == 0 || a.opens.all[0].Running {
		return b, false
	}
	return widget.Bind("U", "take the open drill back", func() tea.Cmd { return a.GoTo(host.UndoDrill) }, "U").OrBriefly("undo drill"), true
}
