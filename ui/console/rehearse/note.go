package rehearse

import (
	"strings"
	"time"

	"bothways/aws/drill/record"
	"bothways/ui/console/widget"
)

// mostWaiting is how many notes may wait until the drill takes them down: it does so
// at once, whatever else it does.
const mostWaiting = 16

// note is what somebody types while a drill goes on, for its report.
type note struct {
	asking bool
	field  widget.Field
	taken  chan string // to the drill that goes on
}

func (s *drillScreen) askNote() { s.note.asking, s.note.field = true, widget.NewField("") }

// takeNote hands a note to the drill, in whose journal it gets its time.
func (s *drillScreen) takeNote() {
	text := strings.TrimSpace(s.note.field.String())
	if text == "" {
		s.note.asking = false
		return
	}
	select {
	case s.note.taken <- text:
		s.note.asking = false
		s.host.Say("noted, for the report")
	default:
		s.host.Say("the note is not taken down: the drill is busy; enter tries again")
	}
}

// noteLine is the field for a note.
func (s *drillScreen) noteLine(width int) string {
	t := s.host.Look().Theme
	return widget.Fit(" "+t.Accent.Render("▸")+" note     "+s.note.field.Draw(t, max(2, width-13)), width)
}

// noted is a note on the drill's time line.
func (s *drillScreen) noted(n record.Note, width int) []string {
	t, text := s.host.Look().Theme, n.Text
	if n.By != "" {
		text = n.By + ": " + text
	}
	mark := t.Accent.Render("note")
	if n.Kind == record.Deviation {
		mark = t.Warn.Render("otherwise than planned")
	}
	return widget.Hang(" "+t.Muted.Render(s.at(n.At).Format(time.TimeOnly))+"  "+mark+"  ", widget.Clean(text), width-1)
}
