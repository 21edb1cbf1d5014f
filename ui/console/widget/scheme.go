package widget

import (
	"image/color"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"bothways/aws/pair"
)

// Scheme is which colours somebody wants.
type Scheme string

// The schemes.
const (
	Auto  Scheme = "auto"  // for the background that the terminal says it has
	Light Scheme = "light" // for a light one, whatever it says
	Dark  Scheme = "dark"
	// HighContrast has no colour of less than seven to one to the background that the
	// terminal says it has (WCAG 2.2, 1.4.6), and no grey.
	HighContrast Scheme = "high-contrast"
)

// Schemes are all of them; Auto is the usual one.
func Schemes() []Scheme { return []Scheme{Auto, Light, Dark, HighContrast} }

// Theme is the scheme's on a terminal's background, with what that terminal can
// show.
func (s Scheme) Theme(isDark bool, profile colorprofile.Profile) Theme {
	switch s {
	case Light:
		return NewTheme(false, profile)
	case Dark:
		return NewTheme(true, profile)
	case HighContrast:
		return highContrast(isDark, profile)
	default: // Auto
		return NewTheme(isDark, profile)
	}
}

// highContrast leaves what is read to the terminal's own text colour, in which
// somebody reads everything else, and sets apart by weight and lines. Of the
// sixteen colours of old terminals it takes those only that are far from the
// background in all of their usual palettes.
func highContrast(isDark bool, profile colorprofile.Profile) Theme {
	pick := lipgloss.LightDark(isDark)
	own := lipgloss.NewStyle()
	bold := own.Bold(true)
	ink := func(light, dark string, light16, dark16 color.Color) lipgloss.Style {
		if profile == colorprofile.ANSI {
			return own.Foreground(pick(light16, dark16))
		}
		return own.Foreground(pick(lipgloss.Color(light), lipgloss.Color(dark)))
	}
	var text color.Color = lipgloss.NoColor{}
	return Theme{
		Product: bold, Title: bold, Strong: bold, Selected: bold.Reverse(true),
		Badge: bold.Reverse(true),
		Muted: own, Does: own, Rule: own,
		Off:    own.Italic(true),
		Accent: ink("#3f1a8c", "#d3c2ff", lipgloss.Blue, lipgloss.BrightCyan).Bold(true),
		Key:    bold.Underline(true),
		Good:   ink("#004d00", "#7dff9b", text, lipgloss.BrightGreen).Bold(true),
		Warn:   ink("#4a2a00", "#ffd60a", text, lipgloss.BrightYellow).Bold(true),
		Bad:    ink("#8a0014", "#ffb3b3", text, text).Bold(true).Underline(profile == colorprofile.ANSI),
		Cursor: own.Reverse(true),
		Direction: [2]lipgloss.Style{
			pair.AtoB: ink("#0000af", "#8fd3ff", lipgloss.Blue, lipgloss.BrightCyan).Bold(true),
			pair.BtoA: ink("#5f005f", "#ffbe7a", text, text).Bold(true),
		},
	}
}
