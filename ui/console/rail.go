package console

import (
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// rail names all places and marks the present one, and those behind: nobody gets
// past one that is not finished. Beside the rail the place that led there is marked.
func (a *App) rail() string {
	return " " + strings.Join(a.railParts(), a.theme.Rule.Render(railApart))
}

const railApart = " ─ "

func (a *App) railParts() []string {
	t := a.theme
	var parts []string
	for i, p := range host.Rail() {
		name := fmt.Sprintf("%d %s", i+1, p.Title())
		switch {
		case p == a.front:
			parts = append(parts, t.Accent.Bold(true).Render("▸ "+name))
		case p == a.station:
			parts = append(parts, t.Accent.Render("▹ "+name))
		case p.Number() < a.station.Number():
			parts = append(parts, t.Good.Render(widget.Choice(a.cfg.ASCII, "x", "✓"))+" "+t.Muted.Render(name))
		default:
			parts = append(parts, t.Muted.Render(name))
		}
	}
	return parts
}

// railAt is the place that the rail names at a column, or "".
func (a *App) railAt(column int) host.Place {
	from := 1
	for i, part := range a.railParts() {
		to := from + ansi.StringWidth(part)
		if column >= from && column < to {
			return host.Rail()[i]
		}
		from = to + ansi.StringWidth(railApart)
	}
	return ""
}

// railBindings lead back to the places behind, by their numbers: as long as nothing
// runs that was begun with what they chose, and nothing would be lost.
func (a *App) railBindings() []widget.Binding {
	if unkept, _ := a.Unkept(); len(a.runs) > 0 || unkept > 0 {
		return nil
	}
	var bindings []widget.Binding
	for _, p := range host.Rail() {
		if p.Number() <= a.station.Number() && p.Number() <= host.Plan.Number() && p != a.front {
			bindings = append(bindings, widget.Bind(railKey(p), "to "+p.Title(), func() tea.Cmd { return a.GoTo(p) }, railKey(p)).AsMinor())
		}
	}
	return bindings
}

// railKey is the key that leads to a place of the rail: its number.
func railKey(p host.Place) string { return strconv.Itoa(p.Number()) }
