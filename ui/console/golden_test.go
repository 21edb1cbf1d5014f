package console

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/exp/golden"

	"bothways/ui/console/widget"
)

var backgrounds = []struct {
	name   string
	colour color.Color
}{{"dark", color.Black}, {"light", color.White}}

func TestScreensLookAsDrawn(t *testing.T) {
	for _, scene := range scenes {
		for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
			t.Run(fmt.Sprintf("%s-%dx%d", scene.name, size[0], size[1]), func(t *testing.T) {
				a := scene.build(t, size[0], size[1])
				dark := text(a)
				a.Update(tea.BackgroundColorMsg{Color: color.White})
				if light := text(a); light != dark {
					t.Errorf("the text differs on a light background:\n%s", light)
				}
				golden.RequireEqual(t, dark)
			})
		}
	}
}

func TestColoursLookAsDrawn(t *testing.T) {
	for _, scene := range scenes {
		for _, background := range backgrounds {
			t.Run(scene.name+"-"+background.name, func(t *testing.T) {
				a := scene.build(t, 80, 24)
				a.Update(tea.BackgroundColorMsg{Color: background.colour})
				golden.RequireEqual(t, strings.ReplaceAll(a.View().Content, "\x1b", "␛"))
			})
		}
	}
}

func TestSixteenColoursKeepTheMeaningsApart(t *testing.T) {
	for _, dark := range []bool{true, false} {
		theme := widget.NewTheme(dark, colorprofile.ANSI)
		seen := map[string]string{}
		for name, style := range map[string]lipgloss.Style{
			"A to B": theme.Direction[0], "B to A": theme.Direction[1], "good": theme.Good, "warn": theme.Warn, "bad": theme.Bad, "accent": theme.Accent,
		} {
			drawn := style.Render("x")
			if other, taken := seen[drawn]; taken {
				t.Errorf("dark %v: %s looks like %s", dark, name, other)
			}
			seen[drawn] = name
			if strings.Contains(drawn, "38;") {
				t.Errorf("dark %v: %s is not one of the sixteen: %q", dark, name, drawn)
			}
		}
	}
}
