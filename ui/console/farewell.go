package console

import (
	"fmt"
	"maps"
	"slices"

	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

// Farewell is what stays in the terminal after quitting. The caller prints
// it, lowered to the colours that its terminal has.
type Farewell struct {
	Lines []string // plain text, without escape sequences
}

// farewell sums up the session: the medians, the verdict, where the raw
// samples lie, and the command that takes everything down.
func (a *app) farewell() Farewell {
	var lines []string
	m := a.probe.m
	if m != nil && len(m.record.Samples) > 0 {
		lines = append(lines, "A "+m.cfg.Pair.A.String()+", B "+m.cfg.Pair.B.String())
		compared, looks := m.compared(), m.looks()
		texts := summaryLines(compared, m.flying(), 72)
		for _, d := range pair.Directions() {
			lines = append(lines, d.Arrow()+"  "+texts[d])
		}
		lines = append(lines, compared.CompareDirections(looks).Sentence, compared.CompareSizes(looks).Sentence)
		if a.probe.path != "" {
			lines = append(lines, "Raw samples: "+a.probe.path+incompleteText(a.incomplete[a.probe.path]))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(a.incomplete)) {
		if m == nil || path != a.probe.path {
			lines = append(lines, "The record "+path+incompleteText(a.incomplete[path]))
		}
	}
	if r := a.results; len(r.saved) > 0 {
		note := ""
		if m != nil && r.savedAt < len(m.record.Samples) {
			note = fmt.Sprintf(" (at %d of %s)", r.savedAt, widget.Count(len(m.record.Samples), "sample", "samples"))
		}
		lines = append(lines, "Saved: "+savedNames(r.saved)+" "+folderText(r.savedIn)+note)
	}
	lines = append(lines, a.remains()...)
	for i, line := range lines {
		lines[i] = widget.Clean(line)
		if a.cfg.ASCII {
			lines[i] = widget.ASCIIOf(lines[i])
		}
	}
	return Farewell{Lines: lines}
}

// incompleteText is what is added to the name of a journal that could not be
// written to its end, or nothing.
func incompleteText(err error) string {
	if err == nil {
		return ""
	}
	return " is incomplete, writing it failed: " + err.Error()
}

// remains says of every pair that this session wrote to what became of it, or
// how it is taken down.
func (a *app) remains() []string {
	var lines []string
	sandbox := false
	for _, t := range a.touched {
		switch {
		case t.access.Sandbox:
			sandbox = true
		case t.tornDown != "":
			lines = append(lines, t.tornDown)
		case t.stays():
			if m := a.probe.m; t.measured && m != nil && m.cfg.Pair.ID() == t.pair.ID() && len(m.uncleaned) > 0 && !m.cfg.Keep {
				lines = append(lines, widget.Count(len(m.uncleaned), "probe object", "probe objects")+" may be left under "+m.cfg.Pair.ProbePrefix()+"; the next line removes them, too.")
			}
			lines = append(lines, "Take it down, the buckets stay: "+destroyCommand(t.pair, t.access.Profile, t.access.Of(pair.B).Profile, false))
			if t.madeBuckets() {
				lines = append(lines, "With the buckets that bothways made: "+destroyCommand(t.pair, t.access.Profile, t.access.Of(pair.B).Profile, true))
			}
		}
	}
	if sandbox {
		lines = append(lines, "The sandbox is gone with this program: there is nothing to take down in it.")
	}
	return lines
}
