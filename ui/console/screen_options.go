package console

import (
	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
)

// The rows of the options.
const (
	optionPrefix = iota
	optionMarkers
	optionEdits
	optionMetrics
	optionRows
)

// optionsScreen chooses what both rules replicate.
type optionsScreen struct {
	quiet
	app     *app
	list    list
	editing bool
	prefix  field
	was     string
	tops    [optionRows]int // the body lines that the rows were drawn on
}

func newOptions(a *app) *optionsScreen {
	return &optionsScreen{app: a, prefix: newField(a.pair.Options.Prefix)}
}

func (s *optionsScreen) enter() tea.Cmd {
	s.editing = false
	return nil
}

func (s *optionsScreen) bindings() []binding {
	if s.editing {
		return []binding{
			bind("enter", "use this prefix", act(s.take), "enter"),
			bind("esc", "as it was: "+orNone(s.was), act(func() {
				s.prefix, s.editing = newField(s.was), false
			}), "esc"),
		}
	}
	move := func(by int) func() tea.Cmd { return act(func() { s.list.move(by, optionRows) }) }
	change := "switch"
	if s.list.selected == optionPrefix {
		change = "edit"
	}
	return []binding{
		bind("enter", "plan", func() tea.Cmd { return s.app.goTo(atPlan) }, "enter"),
		bind("↑↓", "choose", move(-1), "up", "k"),
		bind("↓", "next", move(1), "down", "j").asTwin(),
		bind("space", change, act(s.change), "space", "e"),
		bind("esc", "back", func() tea.Cmd { return s.app.goTo(atSideB) }, "esc"),
	}
}

// take uses the prefix that was typed, if keys can start with it.
func (s *optionsScreen) take() {
	if pair.CheckPrefix(s.prefix.String()) == nil {
		s.app.pair.Options.Prefix, s.editing = s.prefix.String(), false
	}
}

func orNone(prefix string) string {
	if prefix == "" {
		return "no prefix"
	}
	return clean(prefix)
}

func (s *optionsScreen) change() {
	o := &s.app.pair.Options
	switch s.list.selected {
	case optionPrefix:
		s.was, s.editing = o.Prefix, true
		s.prefix = newField(o.Prefix)
	case optionMarkers:
		o.DeleteMarkers = !o.DeleteMarkers
	case optionEdits:
		o.ReplicaModifications = !o.ReplicaModifications
	case optionMetrics:
		o.Metrics = !o.Metrics
	}
}

func (s *optionsScreen) typing() *field {
	if s.editing {
		return &s.prefix
	}
	return nil
}

func (s *optionsScreen) choose(line, _ int) {
	if s.editing {
		return
	}
	for i, top := range s.tops {
		if line >= top {
			s.list.selected = i
		}
	}
}

// optionText is a row's name, what it means and what it costs.
type optionText struct{ name, value, means, costs string }

func (s *optionsScreen) texts(o pair.Options) [optionRows]optionText {
	onOff := func(on bool) string {
		if on {
			return "on"
		}
		return "off"
	}
	return [optionRows]optionText{
		{"prefix", orNone(o.Prefix), "Only keys that start with it replicate; no prefix means all.", "Every replicated object costs one PUT and the transfer between the regions."},
		{"delete markers", onOff(o.DeleteMarkers), "A delete without a version ID hides the object on the other side, too.", "One request each. Deletes of a version are never replicated."},
		{"replica edits", onOff(o.ReplicaModifications), "Changes of tags, ACLs and locks on a replica go back to the other side.", "One request each. Without it the two sides drift apart."},
		{"metrics", onOff(o.Metrics), "CloudWatch shows pending bytes and operations, and latency.", "Charged as CloudWatch custom metrics, per rule. Not needed for the probe."},
	}
}

func (s *optionsScreen) draw(width, height int) []string {
	t := s.app.theme
	lines := []string{t.Title.Render(" What replicates, the same both ways"), ""}
	for i, text := range s.texts(s.app.pair.Options) {
		marker, name := "   ", pad(text.name, 16)
		if i == s.list.selected {
			marker, name = " "+t.Accent.Render("▸")+" ", t.Selected.Render(name)
		}
		value := clean(text.value)
		switch {
		case i == optionPrefix && s.editing:
			value = s.prefix.draw(t, max(2, width-22))
		case text.value == "on":
			value = t.Good.Render("✓ on")
		case text.value == "off":
			value = t.Muted.Render("– off")
		}
		s.tops[i] = len(lines)
		lines = append(lines, fit(marker+name+" "+value, width))
		if height >= 2+3*optionRows || i == s.list.selected {
			lines = append(lines, hang("      ", text.means, width)...)
			lines = append(lines, hang("      ", t.Muted.Render(text.costs), width)...)
		}
		if err := pair.CheckPrefix(s.prefix.String()); i == optionPrefix && s.editing && err != nil {
			lines = append(lines, hang("    "+t.Bad.Render("✗")+" ", clean(err.Error()), width-1)...)
		}
	}
	return lines
}
