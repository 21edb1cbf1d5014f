package widget_test

import (
	"fmt"
	"image/color"
	"math"
	"reflect"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"bothways/ui/console/widget"
)

// contrast is that of WCAG 2.2 between two colours.
func contrast(a, b color.Color) float64 {
	light := func(c color.Color) float64 {
		r, g, b, _ := c.RGBA()
		linear := func(v uint32) float64 {
			s := float64(v) / 0xffff
			if s > 0.04045 {
				return math.Pow((s+0.055)/1.055, 2.4)
			}
			return s / 12.92
		}
		return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
	}
	x, y := light(a), light(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// inks are all colours of a theme, by the style that has them.
func inks(theme widget.Theme) map[string]lipgloss.Style {
	all := map[string]lipgloss.Style{}
	fields := reflect.ValueOf(theme)
	for i := range fields.NumField() {
		name := fields.Type().Field(i).Name
		switch style := fields.Field(i).Interface().(type) {
		case lipgloss.Style:
			all[name] = style
		case [2]lipgloss.Style:
			all[name+" A to B"], all[name+" B to A"] = style[0], style[1]
		}
	}
	return all
}

// Seven to one is what WCAG asks of text that everybody can read.
func TestHighContrastIsSevenToOneOnEveryUsualBackground(t *testing.T) {
	backgrounds := map[bool][]color.Color{
		true:  {color.Black, lipgloss.Color("#1e1e1e"), lipgloss.Color("#0c0c0c"), lipgloss.Color("#002b36")},
		false: {color.White, lipgloss.Color("#fdf6e3"), lipgloss.Color("#f5f5f5")},
	}
	for dark, all := range backgrounds {
		for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256, colorprofile.ANSI} {
			styles := inks(widget.HighContrast.Theme(dark, profile))
			if len(styles) < 15 {
				t.Fatalf("only %d styles are found: look here", len(styles))
			}
			for name, style := range styles {
				if _, none := style.GetBackground().(lipgloss.NoColor); !none {
					t.Errorf("%s has a background of its own, which nobody has measured", name)
				}
				ink := style.GetForeground()
				if _, own := ink.(lipgloss.NoColor); own {
					continue // the terminal's, as everything else is read in
				}
				for _, background := range all {
					if profile == colorprofile.ANSI && background != color.Black && background != color.White {
						continue // whoever chose that background chose these colours, too
					}
					if c := contrast(profile.Convert(ink), background); c < 7 {
						t.Errorf("%s on %v with %s: %.1f to 1", name, background, profile, c)
					}
				}
			}
		}
	}
}

func TestHighContrastTellsWhatIsGoodFromWhatIsNot(t *testing.T) {
	for _, dark := range []bool{true, false} {
		for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256} {
			theme := widget.HighContrast.Theme(dark, profile)
			seen := map[string]string{}
			for name, style := range map[string]lipgloss.Style{"good": theme.Good, "warn": theme.Warn, "bad": theme.Bad, "A to B": theme.Direction[0], "B to A": theme.Direction[1]} {
				ink := fmt.Sprint(profile.Convert(style.GetForeground()))
				if other := seen[ink]; other != "" {
					t.Errorf("dark %v, %s: %s looks as %s does", dark, profile, name, other)
				}
				seen[ink] = name
			}
		}
	}
}

func TestASchemeOtherThanAutoDoesNotAskTheTerminal(t *testing.T) {
	for scheme, dark := range map[widget.Scheme]bool{widget.Light: false, widget.Dark: true} {
		want := widget.NewTheme(dark, colorprofile.TrueColor)
		for _, says := range []bool{true, false} {
			if !reflect.DeepEqual(scheme.Theme(says, colorprofile.TrueColor), want) {
				t.Errorf("%s follows a terminal that says dark: %v", scheme, says)
			}
		}
	}
}
