package measure

import (
	"strings"
	"testing"

	"bothways/probe/report"
	"bothways/ui/console"
	"bothways/ui/console/consoletest"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// scenes are the screens of measuring in the states that matter, for the drawings.
var scenes = []struct {
	name  string
	build func(t testing.TB, width, height int) *staged
}{
	{"probe-setup", func(t testing.TB, w, h int) *staged { return stage(t, host.Probe, w, h) }},
	{"probe-setup-time", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Probe, w, h)
		a.probe.setup.texts[setupLength] = widget.NewField("24h")
		return a
	}},
	{"probe", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Probe, w, h)
		measured(a, 7)
		goesOn(a)
		return a
	}},
	{"probe-time", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Probe, w, h)
		measured(a, 7)
		goesOn(a)
		consoletest.Keys(a.App, "v")
		return a
	}},
	{"probe-histogram", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Probe, w, h)
		measured(a, 7)
		goesOn(a)
		consoletest.Keys(a.App, "v", "v")
		return a
	}},
	{"probe-table", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Probe, w, h)
		measured(a, 12)
		consoletest.Keys(a.App, "t")
		return a
	}},
	{"results", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Results, w, h)
		measured(a, 12)
		a.probe.m.ended = a.Now()
		a.probe.path = "/home/me/.local/state/bothways/runs/20261122-120000-abcd.ndjson"
		a.results.saved = []string{"bothways-20261122-120000-abcd.json", "bothways-20261122-120000-abcd.csv", "bothways-20261122-120000-abcd.md"}
		a.results.savedAt, a.results.savedIn = len(a.probe.m.record.Samples), "/home/me/reports"
		return a
	}},
	{"results-troubled", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Results, w, h)
		measured(a, 12)
		a.probe.m.ended = a.Now()
		troubled(a.probe)
		return a
	}},
	{"results-histogram", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Results, w, h)
		measured(a, 12)
		a.probe.m.ended = a.Now()
		consoletest.Keys(a.App, "t", "v", "v")
		return a
	}},
	{"runs", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Runs, w, h)
		listed(a)
		a.past.marked = []string{a.past.entries[0].Path}
		return a
	}},
	{"runs-broken", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Runs, w, h)
		listed(a)
		consoletest.Keys(a.App, "down", "down", "down")
		return a
	}},
	{"runs-none", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Runs, w, h)
		a.past.reading = true
		a.past.listed(0, nil, nil)
		return a
	}},
	{"runs-compared", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Runs, w, h)
		listed(a)
		before, after := pastOf(t, 6, 1), pastOf(t, 7, 1.7)
		var text strings.Builder
		err := report.Compare(report.Compared{Origin: before.Origin(), Run: before.Run}, report.Compared{Origin: after.Origin(), Run: after.Run}).Write(&text, report.Text)
		a.past.runsCompared(0, text.String(), err)
		return a
	}},
	{"past", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Runs, w, h)
		a.past.opened(0, newPast(pastOf(t, 7, 1)), nil)
		return a
	}},
	{"past-time", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Runs, w, h)
		a.past.opened(0, newPast(pastOf(t, 7, 1)), nil)
		consoletest.Keys(a.App, "t", "v")
		return a
	}},
	{"help", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Probe, w, h)
		measured(a, 7)
		consoletest.Keys(a.App, "?")
		return a
	}},
	{"quit-unkept", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Results, w, h)
		measured(a, 12)
		consoletest.Keys(a.App, "q")
		return a
	}},
	{"quit", func(t testing.TB, w, h int) *staged {
		a := stage(t, host.Probe, w, h)
		measured(a, 7)
		a.probe.path = "/home/me/.local/state/bothways/runs/20261122-120000-abcd.ndjson"
		goesOn(a)
		a.Runs = append(a.Runs, a.probe.run)
		consoletest.Keys(a.App, "q")
		return a
	}},
}

// sceneNamed builds one of the scenes.
func sceneNamed(t *testing.T, name string) *staged {
	t.Helper()
	for _, scene := range scenes {
		if scene.name == name {
			return scene.build(t, 100, 30)
		}
	}
	t.Fatalf("no scene %q", name)
	return nil
}

// apps are the scenes as the checks take them.
func apps() []consoletest.Scene {
	all := make([]consoletest.Scene, 0, len(scenes))
	for _, s := range scenes {
		all = append(all, consoletest.Scene{Name: s.name, Build: func(t testing.TB, width, height int) *console.App { return s.build(t, width, height).App }})
	}
	return all
}
