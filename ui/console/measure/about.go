package measure

import (
	"slices"

	"bothways/ui/console/widget"
)

// explained are a measurement's sentences, which have no room beside a chart, and
// what its words and marks mean.
func explained(t widget.Theme, m *measurement, ascii bool, more [][]string, width int) (lines []string) {
	section := func(title string, blocks ...[]string) {
		text := slices.Concat(blocks...)
		if len(text) == 0 {
			return
		}
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(append(lines, t.Title.Render(" "+title)), text...)
	}
	hang := func(texts ...string) (all []string) {
		for _, text := range texts {
			all = append(all, widget.Hang("   ", text, width-1)...)
		}
		return all
	}
	c, looks := m.compared(), m.looks()
	section("What the samples show",
		hang(c.CompareDirections(looks).Sentence, c.CompareSizes(looks).Sentence),
		sizesIn(t, m, width), looksNote(t, m, width), hang(m.targetLines()...), hang(m.levels().lines...))
	section("How it goes", more...)
	words := func(all []widget.Word) (text []string) {
		for _, w := range all {
			text = append(text, widget.Hang("   "+t.Strong.Render(widget.Pad(w.Says, widget.WordWidth)), w.Means, width-1)...)
		}
		return text
	}
	section("The marks", words(chartWords(ascii)))
	section("The words", words(figureWords()))
	return lines
}

// aboutLines explain the live screen.
func (s *probeScreen) aboutLines(width int) []string {
	l := s.host.Look()
	m, now := s.seen()
	var more [][]string
	for _, part := range s.checks() {
		more = append(more, widget.Hang("   ", part, width-1))
	}
	if content := m.contentText(l.Theme); content != "" {
		more = append(more, widget.Hang("   "+l.Theme.Muted.Render("content")+"  ", content, width-1))
	}
	for _, a := range m.alarms(now) {
		more = append(more, widget.Hang(" "+l.Theme.Bad.Render("✗")+" ", widget.Clean(a.text), width-1))
	}
	return explained(l.Theme, m, l.ASCII, more, width)
}

// aboutBindings explain what is shown, or scroll through that.
func aboutBindings(about *bool, reading *widget.Pane) []widget.Binding {
	toggle := widget.Bind("i", widget.Choice(*about, "back to the chart", "explain"), widget.Act(func() { *about, *reading = !*about, widget.Pane{} }), "i").OrBriefly(widget.Choice(*about, "back", "explain"))
	if !*about {
		return []widget.Binding{toggle}
	}
	back := widget.Bind("esc", "back", widget.Act(func() { *about = false }), "esc")
	return append([]widget.Binding{toggle, back}, reading.WholeBindings()...)
}
