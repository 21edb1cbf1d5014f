package measure

import (
	"fmt"

	"bothways/probe"
	"bothways/probe/report"
	"bothways/ui/console/widget"
)

// loopText says how many objects stayed where they were sent.
func (m *measurement) loopText(t widget.Theme) string {
	checked := len(m.record.Loops)
	text := fmt.Sprintf("%d of %d stayed where they were sent", checked-len(m.loopsBad), checked)
	switch {
	case checked == 0:
		return t.Muted.Render("none yet")
	case len(m.loopsBad) > 0:
		return t.Bad.Render("✗ "+text) + ": " + widget.Clean(m.loopsBad[0].Detail)
	}
	return t.Good.Render("✓") + " " + text
}

// contentText says what comparing the checksums of both sides showed, or "".
func (m *measurement) contentText(t widget.Theme) string {
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
// are no loss yet. They are gathered from all samples once after each change, not
// each time that they are drawn.
func (m *measurement) facts(origin report.Origin) []report.Fact {
	now := factsAt{m.revision, m.ended.IsZero(), origin.Version, origin.Access}
	if m.known == nil || now != m.knownAt {
		run := m.record
		if now.running {
			run.Unfinished = nil
		}
		m.known, m.knownAt = report.Facts(&run, origin), now
	}
	return m.known
}

// factsAt is all that the facts of a measurement depend on.
type factsAt struct {
	revision        int
	running         bool
	version, access string
}
