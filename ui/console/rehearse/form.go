package rehearse

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/drill/record"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// form is where a drill is asked for.
type form struct {
	scope   asked
	list    widget.List
	editing bool
	field   widget.Field
}

func (f *form) rows() []row { return rows(f.scope) }

func (f *form) selected() row {
	all := f.rows()
	f.list.Selected = max(0, min(f.list.Selected, len(all)-1))
	return all[f.list.Selected]
}

func (f *form) change() {
	r := f.selected()
	if r.change != nil {
		r.change(&f.scope)
		return
	}
	f.editing, f.field = true, widget.NewField(r.text(f.scope))
}

// take uses what was typed, if it can be that.
func (f *form) take() {
	if f.refusal() == nil {
		_ = f.selected().take(&f.scope, f.field.String()) // it was tried
		f.editing = false
	}
}

// refusal says what is wrong with what was typed.
func (f *form) refusal() error {
	tried := f.scope
	if err := f.selected().take(&tried, f.field.String()); err != nil {
		return err
	}
	return tried.Check()
}

func (s *drillScreen) formBindings() []widget.Binding {
	f := &s.form
	if f.editing {
		return []widget.Binding{
			widget.Bind("enter", "use this", widget.Act(f.take), "enter"),
			widget.Bind("esc", "as it was", widget.Act(func() { f.editing = false }), "esc"),
		}
	}
	start := widget.Bind("enter", widget.Choice(slices.Contains(record.States(f.scope.Kind), record.Baseline), "check and measure", "check"), s.start, "enter").OrOff(s.mayNot())
	bindings := append([]widget.Binding{start}, f.list.Bindings("choose", len(f.rows()), nil)...)
	bindings = append(bindings, widget.Bind("space", widget.Choice(f.selected().change == nil, "edit", "change"), widget.Act(f.change), "space", "e", "right", "left"))
	if s.course != nil {
		bindings = append(bindings, widget.Bind("v", "the last drill", widget.Act(func() { s.asks = false }), "v"))
	}
	return append(bindings, s.back())
}

// mayNot says why no drill can be begun now, or "".
func (s *drillScreen) mayNot() string {
	switch err := s.form.scope.Check(); {
	case err != nil:
		return err.Error()
	case s.form.scope.Kind.Writes() && s.host.Settings().ReadOnly != "":
		return s.host.Settings().ReadOnly
	case s.host.Measuring() != nil:
		return "a measurement goes on: stop it first"
	}
	return ""
}

// back leads to where one came from.
func (s *drillScreen) back() widget.Binding {
	return widget.Bind("esc", plain(s.from), func() tea.Cmd { return s.host.GoTo(s.from) }, "esc")
}

// The columns of the form.
const (
	nameWidth  = 13
	valueWidth = 14
)

func (s *drillScreen) drawForm(width, height int) []string {
	t, f := s.host.Look().Theme, &s.form
	all := f.rows()
	var tail []string
	wrong := s.mayNot()
	if f.editing {
		wrong = ""
		if err := f.refusal(); err != nil {
			wrong = err.Error()
		}
	}
	if wrong != "" {
		tail = append(tail, widget.Hang(" "+t.Bad.Render("✗")+" ", widget.Clean(wrong), width-1)...)
	}
	tail = append(tail, drawFacts(t, radius(f.scope.Scope, s.host.Chosen()), width)...)
	title := widget.Hang(t.Title.Render(" Rehearse the loss of a side")+"   ", f.scope.Pair.A.Region+" ⇄ "+f.scope.Pair.B.Region, width-1)
	if height < lowScreen {
		title = nil
	}
	if room := max(3, height-len(title)-1-leastTail); len(tail) > height-len(title)-1-min(len(all), room) {
		tail = tail[:max(0, height-len(title)-1-min(len(all), room))]
	}
	shown := max(3, min(len(all), height-len(title)-1-len(tail)))
	lines := append(title, f.list.Draw(t, len(all), len(title), width, shown, !f.editing, func(i, width int) string {
		return s.formRow(all[i], i == f.list.Selected, width)
	})...)
	return append(append(lines, t.Rule.Render(" "+widget.Dashes(width-2))), tail...)
}

// On a low screen the title gives way, and the rows leave so many lines to the
// blast radius.
const (
	lowScreen = 16
	leastTail = 7
)

func (s *drillScreen) formRow(r row, chosen bool, width int) string {
	t, f := s.host.Look().Theme, &s.form
	name := widget.Pad(r.name, nameWidth)
	if chosen {
		name = t.Selected.Render(name)
	}
	if chosen && f.editing {
		return name + f.field.Draw(t, max(2, width-nameWidth-1))
	}
	return name + widget.Pad(widget.Clean(r.value(f.scope)), valueWidth) + " " + t.Muted.Render(widget.Clean(r.means(f.scope)))
}

// asking says whether the form is in front.
func (s *drillScreen) asking() bool { return s.run == nil && (s.asks || s.course == nil) }

// renew proposes a drill of the pair that is chosen now, and keeps what was asked
// for otherwise.
func (s *drillScreen) renew(chosen *host.Choice) {
	if s.form.scope.Kind == "" {
		s.form.scope = usual(chosen.Pair, s.host.Settings().Defaults.Drill)
	}
	s.form.scope.Pair, s.form.scope.Prefix = chosen.Pair, chosen.Pair.Options.Prefix
}
