package rooms

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"
)

func TestScreensLookAsDrawn(t *testing.T) {
	for _, sc := range scenes() {
		for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}, {200, 60}} {
			t.Run(fmt.Sprintf("%s-%dx%d", sc.name, size[0], size[1]), func(t *testing.T) {
				t.Parallel()
				play(t, size[0], size[1], func(s *stage) {
					sc.play(s)
					dark := s.text()
					s.send(tea.BackgroundColorMsg{Color: color.White})
					if light := s.text(); light != dark {
						s.t.Errorf("the text differs on a light background:\n%s", light)
					}
					golden.RequireEqual(s.t, dark)
				})
			})
		}
	}
}

func TestColoursLookAsDrawn(t *testing.T) {
	for _, sc := range scenes() {
		for name, background := range map[string]color.Color{"dark": color.Black, "light": color.White} {
			t.Run(sc.name+"-"+name, func(t *testing.T) {
				t.Parallel()
				play(t, 80, 24, func(s *stage) {
					sc.play(s)
					s.send(tea.BackgroundColorMsg{Color: background})
					golden.RequireEqual(s.t, strings.ReplaceAll(s.View().Content, "\x1b", "␛"))
				})
			})
		}
	}
}
