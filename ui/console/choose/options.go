package choose

import (
	"cmp"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// optionsScreen chooses what both rules replicate, and how.
type optionsScreen struct {
	host.Quiet
	host    host.Host
	list    widget.List
	usual   []optionRow
	more    []optionRow
	open    bool // the further options are in the list
	editing bool
	field   widget.Field
}

// Drop implements host.Screen: options are chosen, not read.
func (s *optionsScreen) Drop(host.Stale) {}

func newOptions(h host.Host) *optionsScreen {
	s := &optionsScreen{host: h, usual: usualOptions(), more: moreOptions()}
	s.open = s.changed() > 0
	return s
}

func (s *optionsScreen) Enter(host.Place) tea.Cmd {
	s.editing = false
	return nil
}

// changed counts the further options that are not as usual.
func (s *optionsScreen) changed() int {
	n, usual := 0, pair.Pair{Options: pair.DefaultOptions()}
	for _, row := range s.more {
		if row.value(s.host.Chosen().Pair) != row.value(usual) {
			n++
		}
	}
	return n
}

// rows are the options in the list: the usual ones, the row that opens the
// further ones, and those where it is open.
func (s *optionsScreen) rows() []optionRow {
	rows := append([]optionRow(nil), s.usual...)
	rows = append(rows, optionRow{
		name:  "more options",
		means: "Filter by tags, time control, storage class, KMS keys, two accounts, roles, tags, settling.",
		costs: "None of them is needed for a pair that replicates everything both ways.",
		value: func(pair.Pair) string {
			if n := s.changed(); n > 0 {
				return fmt.Sprintf("%d of %d changed", n, len(s.more))
			}
			return fmt.Sprintf("%d, all as usual", len(s.more))
		},
		change: func(*pair.Pair) { s.open = !s.open },
	})
	if s.open {
		rows = append(rows, s.more...)
	}
	return rows
}

func (s *optionsScreen) selected() optionRow {
	rows := s.rows()
	s.list.Selected = max(0, min(s.list.Selected, len(rows)-1))
	return rows[s.list.Selected]
}

func (s *optionsScreen) Bindings() []widget.Binding {
	if s.editing {
		was := s.selected().text(s.host.Chosen().Pair)
		return []widget.Binding{
			widget.Bind("enter", "use this", widget.Act(s.take), "enter"),
			widget.Bind("esc", "as it was: "+widget.Clean(cmp.Or(was, "none")), widget.Act(func() { s.editing = false }), "esc"),
		}
	}
	row := s.selected()
	change := widget.Bind("space", "switch", widget.Act(s.Change), "space", "e")
	switch {
	case row.take != nil:
		change = change.Doing("edit")
	case s.list.Selected == len(s.usual):
		change = change.Doing(widget.Choice(s.open, "hide them", "show them"))
	case row.moot != nil:
		change = change.OrOff(row.moot(s.host.Chosen().Pair))
	}
	bindings := append([]widget.Binding{widget.Bind("enter", "plan", func() tea.Cmd { return s.host.GoTo(host.Plan) }, "enter").OrOff(s.wrong())},
		s.list.Bindings("choose", len(s.rows()), nil)...)
	return append(bindings, change, widget.Bind("esc", "back", func() tea.Cmd { return s.host.GoTo(host.SideB) }, "esc"))
}

// wrong says which options can't be together, or "".
func (s *optionsScreen) wrong() string {
	if err := s.host.Chosen().Pair.Check(); err != nil {
		return err.Error()
	}
	return ""
}

// take uses the text that was typed, if the option can be that.
func (s *optionsScreen) take() {
	if s.selected().take(&s.host.Chosen().Pair, s.field.String()) == nil {
		s.editing = false
	}
}

// refusal says what is wrong with the text that was typed, or "".
func (s *optionsScreen) refusal() string {
	tried := s.host.Chosen().Pair
	if err := s.selected().take(&tried, s.field.String()); err != nil {
		return err.Error()
	}
	return ""
}

func (s *optionsScreen) Change() {
	row := s.selected()
	if row.take == nil {
		row.change(&s.host.Chosen().Pair)
		return
	}
	s.editing = true
	s.field = widget.NewField(row.text(s.host.Chosen().Pair))
}

func (s *optionsScreen) Fields() bool { return true }

func (s *optionsScreen) Typing() *widget.Field {
	if s.editing {
		return &s.field
	}
	return nil
}

func (s *optionsScreen) Choose(line, _ int) {
	if i := s.list.Hit(line); i >= 0 && !s.editing {
		s.list.Selected = i
	}
}

func (s *optionsScreen) Draw(width, height int) []string {
	t, p, rows := s.host.Look().Theme, s.host.Chosen().Pair, s.rows()
	row := s.selected()
	var detail []string
	detail = append(detail, widget.Hang("   ", row.means, width-1)...)
	for _, line := range widget.Hang("   ", row.costs, width-1) {
		detail = append(detail, t.Muted.Render(line))
	}
	if row.moot != nil && row.moot(p) != "" {
		detail = append(detail, widget.Hang("   "+t.Warn.Render("!")+" ", row.moot(p), width-1)...)
	}
	wrong := s.wrong()
	if s.editing {
		wrong = s.refusal()
	}
	if wrong != "" {
		detail = append(detail, widget.Hang("   "+t.Bad.Render("✗")+" ", widget.Clean(wrong), width-1)...)
	}
	lines := []string{t.Title.Render(" What replicates, the same both ways"), ""}
	room := max(3, height-len(lines)-1-len(detail))
	lines = append(lines, s.list.Draw(t, len(rows), len(lines), width, room, true, func(i, width int) string {
		name := widget.Pad(rows[i].name, 16)
		if i == s.list.Selected {
			name = t.Selected.Render(name)
		}
		if i == s.list.Selected && s.editing {
			return name + " " + s.field.Draw(t, max(2, width-18))
		}
		value := s.valueOf(rows[i], p)
		if width >= 110 && i != s.list.Selected {
			return name + " " + widget.Pad(value, 26) + " " + t.Muted.Render(widget.Fit(rows[i].means, width-44))
		}
		return name + " " + value
	})...)
	lines = append(lines, t.Rule.Render(" "+widget.Dashes(width-2)))
	return append(lines, detail...)
}

func (s *optionsScreen) valueOf(row optionRow, p pair.Pair) string {
	t, value := s.host.Look().Theme, row.value(p)
	switch {
	case row.moot != nil && row.moot(p) != "":
		return t.Muted.Render("– " + value)
	case value == on:
		return t.Good.Render("✓ on")
	case value == off:
		return t.Muted.Render("– off")
	}
	return widget.Clean(value)
}
