package measure

import (
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

// Unkept counts the samples that would be lost with this program: those of a
// run without a whole journal that were not saved either.
func (s *resultsScreen) Unkept() (samples int, keep func() tea.Cmd) {
	if s.past != nil {
		return 0, nil
	}
	m := s.live.m
	switch {
	case m == nil, s.live.path != "" && s.host.Written().Incomplete[s.live.path] == nil:
		return 0, nil
	case s.live.running() && len(s.saved) > 0:
		return 0, nil // they are saved anew at the run's end
	}
	return len(m.record.Samples) - s.savedAt, s.save
}

// Farewell sums up the measurement: the medians, the verdict, where the raw
// samples lie, and what else was not recorded to its end.
func (s *probeScreen) Farewell() []string {
	var lines []string
	m, incomplete := s.m, s.host.Written().Incomplete
	if m != nil && len(m.record.Samples) > 0 {
		lines = append(lines, "A "+m.cfg.Pair.A.String()+", B "+m.cfg.Pair.B.String())
		compared, looks := m.compared(), m.looks()
		texts := summaryLines(m.standing(compared), 72, plainly)
		for _, d := range pair.Directions() {
			lines = append(lines, d.Arrow()+"  "+texts[d])
		}
		lines = append(lines, compared.CompareDirections(looks).Sentence, compared.CompareSizes(looks).Sentence)
		if s.path != "" {
			lines = append(lines, "Raw samples: "+s.path+incompleteText(incomplete[s.path]))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(incomplete)) {
		if m == nil || path != s.path {
			lines = append(lines, "The record "+path+incompleteText(incomplete[path]))
		}
	}
	return lines
}

// Farewell names the files that were saved of it.
func (s *resultsScreen) Farewell() []string {
	if s.past != nil || len(s.saved) == 0 {
		return nil
	}
	note := ""
	if m := s.live.m; m != nil && s.savedAt < len(m.record.Samples) {
		note = " (at " + s.savedOf() + ")"
	}
	return []string{"Saved: " + savedNames(s.saved) + " " + folderText(s.savedIn) + note}
}

// incompleteText is what is added to the name of a journal that could not be
// written to its end, or nothing.
func incompleteText(err error) string {
	if err == nil {
		return ""
	}
	return " is incomplete, writing it failed: " + err.Error()
}

// Uncleaned says how many probe objects of a pair may be left, or nothing.
func (s *probeScreen) Uncleaned(p pair.Pair) string {
	m := s.m
	if m == nil || m.cfg.Pair.ID() != p.ID() || len(m.uncleaned) == 0 || m.cfg.Keep {
		return ""
	}
	return widget.Count(len(m.uncleaned), "probe object", "probe objects") + " may be left under " + m.cfg.Pair.ProbePrefix() + "; the next line removes them, too."
}
