package console

import (
	"fmt"

	"bothways/probe"
	"bothways/probe/report"
)

// loopText says how many objects stayed where they were sent.
func (m *measurement) loopText(t theme) string {
	checked := len(m.record.Loops)
	text := fmt.Sprintf("%d of %d stayed where they were sent", checked-len(m.loopsBad), checked)
	switch {
	case checked == 0:
		return t.Muted.Render("none yet")
	case len(m.loopsBad) > 0:
		return t.Bad.Render("✗ "+text) + ": " + clean(m.loopsBad[0].Detail)
	}
	return t.Good.Render("✓") + " " + text
}

// contentText says what comparing the checksums of both sides showed, or "".
func (m *measurement) contentText(t theme) string {
	same, other, unknown := m.contents[probe.SameContent], m.contents[probe.OtherContent], m.contents[probe.UnknownContent]
	if same+other+unknown == 0 {
		return ""
	}
	text := fmt.Sprintf("%d of %d the same on both sides", same, same+other+unknown)
	if other > 0 {
		return t.Bad.Render(fmt.Sprintf("✗ %d different", other)) + ", " + text
	}
	if unknown > 0 {
		return t.Warn.Render("!") + fmt.Sprintf(" %s, %d not known", text, unknown)
	}
	return t.Good.Render("✓") + " " + text
}

// facts say how the run was measured. The probes in flight of one that goes on
// are no loss yet.
func (m *measurement) facts(origin report.Origin) []report.Fact {
	run := m.record
	if m.ended.IsZero() {
		run.Unfinished = nil
	}
	return report.Facts(&run, origin)
}
