package widget

import (
	"cmp"
	"image/color"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// Theme is every style that the screens use, by meaning. The terminal's own
// background stays; colours are lowered to what the terminal can show by the
// renderer, and no meaning is carried by colour alone.
type Theme struct {
	Product, Badge, Title, Strong, Muted, Accent, Rule lipgloss.Style
	Good, Warn, Bad                                    lipgloss.Style
	Key, Does, Off                                     lipgloss.Style
	Selected, Cursor                                   lipgloss.Style
	Direction                                          [2]lipgloss.Style
}

// NewTheme chooses the colours for a background and for what the terminal can
// show. Lowering a colour to the sixteen of old terminals by distance would
// make some meanings alike, so those have colours of their own.
func NewTheme(isDark bool, profile colorprofile.Profile) Theme {
	pick := lipgloss.LightDark(isDark)
	tint := func(light, dark string, light16, dark16 color.Color) color.Color {
		if profile == colorprofile.ANSI {
			return pick(light16, dark16)
		}
		return pick(lipgloss.Color(light), lipgloss.Color(dark))
	}
	ink := func(light, dark string, light16, dark16 color.Color) lipgloss.Style {
		return lipgloss.NewStyle().Foreground(tint(light, dark, light16, dark16))
	}
	bold := lipgloss.NewStyle().Bold(true)
	grey := ink("#5c6370", "#9aa3b2", lipgloss.BrightBlack, lipgloss.White)
	accent := ink("#6a3ec0", "#b79aff", lipgloss.Blue, lipgloss.BrightBlue)
	return Theme{
		Product: bold, Title: bold, Strong: bold, Selected: bold,
		Badge: bold.Foreground(tint("#ffffff", "#101418", lipgloss.BrightWhite, lipgloss.Black)).
			Background(tint("#9a5b00", "#f0b429", lipgloss.Red, lipgloss.Yellow)),
		Muted:  grey,
		Accent: accent,
		Rule:   ink("#b0b6c0", "#4a5261", lipgloss.White, lipgloss.BrightBlack),
		Good:   ink("#1a7f37", "#4ec36b", lipgloss.Green, lipgloss.BrightGreen),
		Warn:   ink("#9a5b00", "#f0b429", lipgloss.Yellow, lipgloss.BrightYellow),
		Bad:    ink("#c01c28", "#ff6b6b", lipgloss.Red, lipgloss.BrightRed),
		Key:    accent.Bold(true),
		Does:   grey,
		Off:    ink("#8a909c", "#6b7280", lipgloss.BrightBlack, lipgloss.BrightBlack),
		Cursor: lipgloss.NewStyle().Reverse(true),
		Direction: [2]lipgloss.Style{
			pair.AtoB: ink("#0b62b8", "#58b4ff", lipgloss.Cyan, lipgloss.BrightCyan),
			pair.BtoA: ink("#b5400a", "#ff9e4a", lipgloss.Magenta, lipgloss.BrightMagenta),
		},
	}
}

// mark is a symbol with its style.
type mark struct {
	symbol string
	style  lipgloss.Style
}

// Status is a step's status as symbol, word and style.
func (t Theme) Status(s step.Status) (symbol, word string, style lipgloss.Style) {
	words := map[step.Status]string{step.Pending: "waiting"}
	m := marked(t, map[step.Status]mark{
		step.Running: {"◐", t.Accent}, step.Done: {"✓", t.Good}, step.Already: {"✓", t.Good}, step.Failed: {"✗", t.Bad},
		step.Skipped: {"–", t.Muted}, step.Cancelled: {"–", t.Warn},
	}, s, "·")
	return m.symbol, cmp.Or(words[s], string(s)), m.style
}

// Change is a step's kind of change as the plan's first column.
func (t Theme) Change(c step.Change) (symbol string, style lipgloss.Style) {
	m := marked(t, map[step.Change]mark{
		step.Create: {"+", t.Good}, step.Modify: {"~", t.Warn}, step.Remove: {"-", t.Bad}, step.Prove: {"»", t.Accent},
		step.Wait: {"…", t.Accent}, step.Nothing: {"=", t.Muted},
	}, c, " ")
	return m.symbol, m.style
}

// Finding is a finding's severity as symbol and style.
func (t Theme) Finding(s survey.Severity) (symbol string, style lipgloss.Style) {
	m := marked(t, map[survey.Severity]mark{survey.Blocker: {"✗", t.Bad}, survey.Warning: {"!", t.Warn}, survey.Note: {"i", t.Accent}}, s, "i")
	return m.symbol, m.style
}

// State is the symbol of where a direction stands.
func (t Theme) State(s doctor.State) (symbol string, style lipgloss.Style) {
	m := marked(t, map[doctor.State]mark{
		doctor.Proven: {"✓", t.Good}, doctor.Plausible: {"·", t.Good}, doctor.Doubtful: {"!", t.Warn}, doctor.Broken: {"✗", t.Bad},
	}, s, "·")
	return m.symbol, m.style
}

// Seen is the symbol of what came of looking at something.
func (t Theme) Seen(s doctor.Seen) (symbol string, style lipgloss.Style) {
	m := marked(t, map[doctor.Seen]mark{doctor.Fine: {"✓", t.Good}, doctor.Open: {"?", t.Warn}, doctor.Amiss: {"✗", t.Bad}}, s, "?")
	return m.symbol, m.style
}

// marked looks a mark up; what has none is muted, with another symbol.
func marked[K comparable](t Theme, marks map[K]mark, of K, otherwise string) mark {
	if m, known := marks[of]; known {
		return m
	}
	return mark{otherwise, t.Muted}
}

// Arrow draws a direction in its colour, the same on every screen.
func (t Theme) Arrow(d pair.Direction) string { return t.Direction[d].Render(d.Arrow()) }

// Spin is the symbol of a running step at a tick of the clock.
func Spin(ticks int) string { return string([]rune("◐◓◑◒")[ticks&3]) }
