package console

import (
	"image/color"

	"charm.land/lipgloss/v2"

	"bothways/aws/pair"
	"bothways/aws/replication"
)

// theme is every style that the screens use, by meaning. The terminal's own
// background stays; colours are lowered to what the terminal can show by the
// renderer, and no meaning is carried by colour alone.
type theme struct {
	Product, Badge, Title, Strong, Muted, Accent, Rule lipgloss.Style
	Good, Warn, Bad                                    lipgloss.Style
	Key, Does, Off                                     lipgloss.Style
	Selected, Cursor                                   lipgloss.Style
	Direction                                          [2]lipgloss.Style
}

func newTheme(isDark bool) theme {
	pick := lipgloss.LightDark(isDark)
	ink := func(light, dark string) lipgloss.Style {
		return lipgloss.NewStyle().Foreground(pick(lipgloss.Color(light), lipgloss.Color(dark)))
	}
	grey := ink("#5c6370", "#9aa3b2")
	accent := ink("#6a3ec0", "#b79aff")
	var badge color.Color = pick(lipgloss.Color("#ffffff"), lipgloss.Color("#101418"))
	return theme{
		Product:  lipgloss.NewStyle().Bold(true),
		Badge:    lipgloss.NewStyle().Bold(true).Foreground(badge).Background(pick(lipgloss.Color("#9a5b00"), lipgloss.Color("#f0b429"))),
		Title:    lipgloss.NewStyle().Bold(true),
		Strong:   lipgloss.NewStyle().Bold(true),
		Muted:    grey,
		Accent:   accent,
		Rule:     ink("#b0b6c0", "#4a5261"),
		Good:     ink("#1a7f37", "#4ec36b"),
		Warn:     ink("#9a5b00", "#f0b429"),
		Bad:      ink("#c01c28", "#ff6b6b"),
		Key:      accent.Bold(true),
		Does:     grey,
		Off:      ink("#8a909c", "#6b7280"),
		Selected: lipgloss.NewStyle().Bold(true),
		Cursor:   lipgloss.NewStyle().Reverse(true),
		Direction: [2]lipgloss.Style{
			pair.AtoB: ink("#0b62b8", "#58b4ff"),
			pair.BtoA: ink("#b5400a", "#ff9e4a"),
		},
	}
}

// status is a step's status as symbol, word and style.
func (t theme) status(s replication.Status) (symbol, word string, style lipgloss.Style) {
	switch s {
	case replication.Running:
		return "◐", "running", t.Accent
	case replication.Done:
		return "✓", "done", t.Good
	case replication.Already:
		return "✓", "already", t.Good
	case replication.Failed:
		return "✗", "failed", t.Bad
	case replication.Skipped:
		return "–", "skipped", t.Muted
	case replication.Cancelled:
		return "–", "cancelled", t.Warn
	case replication.Pending:
		return "·", "waiting", t.Muted
	}
	return "·", string(s), t.Muted
}

// change is a step's kind of change as the plan's first column.
func (t theme) change(c replication.Change) (symbol string, style lipgloss.Style) {
	switch c {
	case replication.Create:
		return "+", t.Good
	case replication.Modify:
		return "~", t.Warn
	case replication.Remove:
		return "-", t.Bad
	case replication.Prove:
		return "?", t.Accent
	case replication.Nothing:
		return "=", t.Muted
	}
	return " ", t.Muted
}

// finding is a finding's severity as symbol and style.
func (t theme) finding(s replication.Severity) (symbol string, style lipgloss.Style) {
	switch s {
	case replication.Blocker:
		return "✗", t.Bad
	case replication.Warning:
		return "!", t.Warn
	case replication.Note:
		return "i", t.Accent
	}
	return "i", t.Muted
}

// arrow draws a direction in its colour, the same on every screen.
func (t theme) arrow(d pair.Direction) string { return t.Direction[d].Render(d.Arrow()) }

// spin is the symbol of a running step at a tick of the clock.
func spin(ticks int) string { return string([]rune("◐◓◑◒")[ticks&3]) }
