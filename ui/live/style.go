package live

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
	"charm.land/lipgloss/v2/table"

	"bothways/aws/audit"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/watch"
	"bothways/ui/plain"
)

// ink is a style in one of the terminal's own sixteen colours, which fit its
// background. Words say the same without it.
func ink(colour color.Color) lipgloss.Style { return lipgloss.NewStyle().Foreground(colour) }

func accent() lipgloss.Style { return ink(lipgloss.Cyan) }
func good() lipgloss.Style   { return ink(lipgloss.Green) }
func warn() lipgloss.Style   { return ink(lipgloss.Yellow) }
func bad() lipgloss.Style    { return ink(lipgloss.Red) }
func muted() lipgloss.Style  { return lipgloss.NewStyle().Faint(true) }

func ofDirection(d pair.Direction) lipgloss.Style {
	if d == pair.AtoB {
		return ink(lipgloss.Cyan)
	}
	return ink(lipgloss.Magenta)
}

// Style gives a line that words an event its colours. What it says stays.
func Style(e pair.Event, line string) string {
	switch e := e.(type) {
	case step.Event:
		return begin(line, string(e.Status), map[step.Status]lipgloss.Style{
			step.Done: good(), step.Failed: bad(), step.Cancelled: warn(), step.Skipped: warn(), step.Already: muted(),
		}[e.Status])
	case probe.Sample:
		if e.Outcome != probe.Replicated {
			return arrow(warn().Render(line), e.Direction)
		}
		return arrow(line, e.Direction)
	case probe.CompletedEvent:
		return arrow(line, e.Direction)
	case watch.ProgressEvent:
		return arrow(line, e.Direction)
	case stats.SummaryEvent:
		return arrow(line, e.Direction)
	case probe.StallEvent:
		if e.Stalled {
			return warn().Render(line)
		}
	case probe.SleptEvent, probe.LeftEvent:
		return warn().Render(line)
	case stats.VerdictEvent, watch.StandingEvent:
		return lipgloss.NewStyle().Bold(true).Render(line)
	case doctor.Trouble:
		return begin(line, string(e.Severity), severity(e.Severity))
	case doctor.HealthEvent:
		return arrow(line, e.Direction)
	case doctor.DiagnosisEvent:
		if e.Healthy {
			return good().Render(line)
		}
		return bad().Render(line)
	case plain.FindingEvent:
		return begin(line, string(e.Severity), severity(e.Severity))
	case audit.Progress:
		return muted().Render(line)
	}
	return line
}

func severity(s survey.Severity) lipgloss.Style {
	return map[survey.Severity]lipgloss.Style{survey.Blocker: bad(), survey.Warning: warn(), survey.Note: accent()}[s]
}

// begin gives the word that a line begins with a style.
func begin(line, word string, style lipgloss.Style) string {
	rest, begins := strings.CutPrefix(line, word)
	if !begins {
		return line
	}
	return style.Render(word) + rest
}

func arrow(line string, d pair.Direction) string {
	before, after, has := strings.Cut(line, d.Arrow())
	if !has {
		return line
	}
	return before + ofDirection(d).Render(d.Arrow()) + after
}

// Table draws rows under a header, wrapped to the screen's width where they are
// wider.
func (s *Screen) Table(header []string, rows [][]string) string {
	drawn := table.New().Border(lipgloss.HiddenBorder()).BorderTop(false).BorderBottom(false).BorderLeft(false).BorderRight(false).
		BorderHeader(false).BorderColumn(false).Headers(header...).Rows(rows...).
		StyleFunc(func(row, _ int) lipgloss.Style {
			style := lipgloss.NewStyle().PaddingRight(2)
			if row == table.HeaderRow {
				return style.Bold(true)
			}
			return style
		})
	if columns := s.Columns(); lipgloss.Width(drawn.Render()) > columns {
		drawn = drawn.Width(columns).Wrap(true)
	}
	lines := strings.Split(drawn.Render(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
