package measure

import (
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/figure"
)

func TestTheViewsGoRoundAsTheFooterAndTheTitleSay(t *testing.T) {
	for _, scene := range []string{"probe", "results"} {
		a := sceneNamed(t, scene)
		a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		if scene == "results" {
			a.Update(tea.WindowSizeMsg{Width: 80, Height: 28}) // the title's line has room
			consoletest.Keys(a.App, "t")
		}
		for range 2 {
			for i, name := range chartViewNames {
				frame := consoletest.Text(a.App)
				footer := frame[strings.LastIndex(frame, "\n"):]
				next := chartViewNames[(i+1)%len(chartViewNames)]
				if !strings.Contains(frame, name+" (view "+string(rune('1'+i))+" of 3): "+figure.Title) {
					t.Errorf("%s: the title does not say %q:\n%s", scene, name, frame)
				}
				if !strings.Contains(footer, "v "+next) {
					t.Errorf("%s: after %q the footer does not name %q: %s", scene, name, next, footer)
				}
				consoletest.Keys(a.App, "v")
			}
		}
	}
}

func TestAViewThatHasNoRoomIsNotOffered(t *testing.T) {
	a := sceneNamed(t, "probe")
	a.Update(tea.WindowSizeMsg{Width: 60, Height: 16})
	frame := consoletest.Text(a.App)
	if strings.Contains(frame, "v over time") || !strings.Contains(frame, "all sizes ● A → B") {
		t.Errorf("bars only:\n%s", frame)
	}
	consoletest.Keys(a.App, "v")
	if frame := consoletest.Text(a.App); a.probe.charts.view != bySize || !strings.Contains(frame, "so few rows have room for bars") {
		t.Errorf("v does not say why it does nothing:\n%s", frame)
	}
	a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	consoletest.Text(a.App)
	consoletest.Keys(a.App, "v")
	if a.probe.charts.view != overTime {
		t.Error("with room v does nothing")
	}
}

func TestSavingLeavesTheNamesOfTheHistogramsLanes(t *testing.T) {
	for _, size := range [][2]int{{60, 16}, {80, 24}, {100, 30}} {
		a := sceneNamed(t, "results-histogram")
		a.Update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		for range 2 {
			frame := consoletest.Text(a.App)
			_, chart, found := strings.Cut(frame, "█ arrived")
			if !found || !strings.Contains(chart, "● A → B   n ") || !strings.Contains(chart, "◆ B → A   n ") {
				t.Errorf("at %v a lane has no name:\n%s", size, frame)
			}
			s := a.results
			a.Update(host.Result(reportsSaved{
				by: s, of: s.measured(), done: "saved ", folder: "/home/me/reports/of/november", samples: len(s.measured().record.Samples), revision: s.measured().revision,
				files: []string{"bothways-20261122-120000-abcd.json", "b.csv", "b.md", "b.html"},
			}.Deliver))
		}
		if !strings.Contains(consoletest.Text(a.App), "saved bothways-20261122") {
			t.Errorf("at %v nothing says what was saved", size)
		}
	}
}

// A style of a view that nobody sets draws plain text beside coloured one.
func TestEveryStyleOfAChartIsSetByTheScreen(t *testing.T) {
	a := sceneNamed(t, "probe")
	v := a.probe.charts.viewOf(a.Look(), time.Time{}, a.probe.m, 80, 24)
	var look func(name string, v reflect.Value)
	styles := 0
	look = func(name string, v reflect.Value) {
		switch {
		case v.Type() == reflect.TypeFor[lipgloss.Style]():
			styles++
			if style := v.Interface().(lipgloss.Style); style.Render("x") == "x" {
				t.Errorf("%s has no style: charts.viewOf gives it one of the theme's", name)
			}
		case v.Kind() == reflect.Array:
			for i := range v.Len() {
				look(name, v.Index(i))
			}
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					look(name+"."+v.Type().Field(i).Name, v.Field(i))
				}
			}
		}
	}
	look("View", reflect.ValueOf(v))
	if styles == 0 {
		t.Error("a view has no styles")
	}
}
