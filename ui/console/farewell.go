package console

import (
	"fmt"

	"bothways/aws/pair"
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
	if m != nil && len(m.samples) > 0 {
		lines = append(lines, "A "+m.cfg.Pair.A.String()+", B "+m.cfg.Pair.B.String())
		texts := summaryLines(m.stats, 72)
		for _, d := range pair.Directions() {
			lines = append(lines, d.Arrow()+"  "+texts[d])
		}
		lines = append(lines, m.stats.CompareDirections().Sentence, m.stats.CompareSizes().Sentence)
		if a.probe.path != "" {
			lines = append(lines, "Raw samples: "+a.probe.path)
		}
	}
	if r := a.results; len(r.saved) > 0 {
		note := ""
		if m != nil && r.savedAt < len(m.samples) {
			note = fmt.Sprintf(" (at %d of %s)", r.savedAt, count(len(m.samples), "sample", "samples"))
		}
		lines = append(lines, "Saved: "+savedNames(r.saved)+" "+folderText(r.savedIn)+note)
	}
	switch {
	case a.access.Sandbox && a.apply.steps != nil:
		lines = append(lines, "The sandbox is gone with this program: there is nothing to take down.")
	case a.tornDown != "":
		lines = append(lines, a.tornDown)
	case a.apply.steps != nil && a.apply.steps.changed(), m != nil:
		if m != nil && len(m.uncleaned) > 0 && !m.cfg.Keep {
			lines = append(lines, count(len(m.uncleaned), "probe object", "probe objects")+" may be left under "+m.cfg.Pair.ProbePrefix()+"; the next line removes them, too.")
		}
		lines = append(lines, "Take it down, the buckets stay: "+destroyCommand(a.pair, a.access.Profile, false))
		if a.apply.steps != nil && a.apply.steps.madeBuckets() {
			lines = append(lines, "With the buckets that bothways made: "+destroyCommand(a.pair, a.access.Profile, true))
		}
	}
	for i, line := range lines {
		lines[i] = clean(line)
		if a.cfg.ASCII {
			lines[i] = asciiOf(lines[i])
		}
	}
	return Farewell{Lines: lines}
}
