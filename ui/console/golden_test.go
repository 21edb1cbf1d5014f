package console

import (
	"fmt"
	"image/color"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"
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
				golden.RequireEqualEscape(t, []byte(a.View().Content), true)
			})
		}
	}
}
