package compare

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/dustin/go-humanize"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// The table's columns. What tells two rows apart comes before how large they are:
// the cause first, then the files, then the size.
const (
	labelWidth  = 33
	whereWidth  = 11
	markerWidth = 3 // of the list
	numberWidth = 12
	sizeWidth   = 11
	causeWidth  = 26
	causeFrom   = markerWidth + 2 + labelWidth + whereWidth + numberWidth + 12 // columns, from which there is room for part of a cause
	filesFrom   = markerWidth + 2 + labelWidth + whereWidth + 2*numberWidth + causeWidth
	sizeFrom    = filesFrom + sizeWidth
)

// label is how wide what is the matter may be: on the narrowest screens it is cut,
// and stands whole in the details.
func (s *auditScreen) label() int {
	if whole := s.host.Look().Width; whole < narrow {
		return max(labelWidth-11, min(labelWidth, whole-markerWidth-2-whereWidth-s.counts()-moreWidth))
	}
	return labelWidth
}

// counts is how wide the versions' column is.
func (s *auditScreen) counts() int {
	if s.host.Look().Width < narrow {
		return numberWidth - 2
	}
	return numberWidth
}

// narrow is the width below which the table's first column gives way.
const narrow = 72

func (s *auditScreen) head(width int) string {
	t := s.host.Look().Theme
	head := "     " + widget.Pad("", s.label()) + widget.Pad("only in", whereWidth)
	if width >= filesFrom {
		head += left("files", numberWidth)
	}
	head += left("versions", s.counts())
	if width >= sizeFrom {
		head += left("size", sizeWidth)
	}
	if width >= causeFrom {
		head += "  why"
	}
	return t.Muted.Render(widget.Fit(head, width))
}

func left(text string, width int) string {
	return strings.Repeat(" ", max(0, width-lipgloss.Width(text))) + text
}

// number is a count in a column, apart from what stands before it: in digits where
// there is room for them.
func number(n int64, width int) string {
	text := words.Number(n)
	if len(text) >= width {
		value, unit := humanize.ComputeSI(float64(n))
		text = humanize.FtoaWithDigits(value, 2) + " " + unit
	}
	return left(text, width)
}

// row is one line of the table.
func (s *auditScreen) row(r words.Row, selected bool, width int) string {
	t := s.host.Look().Theme
	style := severityStyle(t, r.Verdict.Severity())
	label := widget.Pad(widget.Fit(words.Label(r.Verdict), s.label()-1), s.label())
	if selected {
		label = t.Selected.Render(label)
	}
	line := style.Render(words.Symbol(r.Verdict)) + " " + label + s.where(r)
	whole := s.host.Look().Width // as the head, whatever the list takes
	if whole >= filesFrom {
		if r.Counted {
			line += left("", numberWidth)
		} else {
			line += number(r.Keys, numberWidth)
		}
	}
	line += number(r.Versions, s.counts())
	if whole >= sizeFrom {
		line += left(wording.Size(r.Bytes), sizeWidth)
	}
	if whole >= causeFrom {
		line += "  " + t.Muted.Render(widget.Clean(words.Cause(r.Cause)))
	}
	return widget.Fit(line, width)
}

// where is the place that alone has it, in the colour of the way that leads from it.
func (s *auditScreen) where(r words.Row) string {
	t := s.host.Look().Theme
	if r.Only == "" {
		return widget.Pad("", whereWidth)
	}
	way := pair.AtoB
	if r.Only == pair.B {
		way = pair.BtoA
	}
	place := widget.Fit(widget.Clean(places(s.wanted)[r.Only]), whereWidth-1)
	return widget.Pad(t.Direction[way].Render(place), whereWidth)
}

func severityStyle(t widget.Theme, severity difference.Severity) lipgloss.Style {
	switch severity {
	case difference.Fine:
		return t.Good
	case difference.Waiting:
		return t.Accent
	case difference.Open:
		return t.Warn
	case difference.Wrong:
	}
	return t.Bad
}

// detail is everything about the chosen line.
func (s *auditScreen) detail(width int) []string {
	r, any := s.selected()
	if !any {
		return nil
	}
	t := s.host.Look().Theme
	title := words.Label(r.Verdict)
	lines := widget.Hang(" ", t.Title.Render(widget.Upper(title)), width-1)
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, widget.Hang("   "+t.Muted.Render(widget.Pad(label, 7))+" ", widget.Clean(text), width-1)...)
		}
	}
	add("means", words.Meaning(r.Verdict))
	add("why", words.Cause(r.Cause))
	if d, ok := r.Way.Direction(); ok {
		lines = append(lines, "   "+t.Muted.Render(widget.Pad("way", 7))+" "+t.Arrow(d))
	}
	if !r.Counted {
		add("do", words.Remedy(r.Remedy))
	}
	for i, d := range s.examples[r.Group] {
		if i == 3 {
			break
		}
		add(widget.Choice(i == 0, "such as", ""), words.Example(d))
	}
	return lines
}
