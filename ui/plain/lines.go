// Package plain writes events as lines: one JSON object a line for programs,
// or one sentence a line for people, logs and screen readers. It never writes
// an escape byte, whatever a name or an error contains.
package plain

import (
	"fmt"
	"io"
	"sync"

	"bothways/aws/audit"
	"bothways/aws/audit/athena"
	"bothways/aws/audit/deep"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/estimate"
	"bothways/aws/audit/inventory"
	"bothways/aws/audit/parity"
	auditreport "bothways/aws/audit/report"
	"bothways/aws/backfill"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/step"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/report"
	"bothways/probe/stats"
	"bothways/probe/watch"
	"bothways/probe/wording"
)

// Writer takes an engine's events. Its methods may be called from several
// goroutines. After the first failed write it writes nothing more; Err says
// why.
type Writer struct {
	mu   sync.Mutex
	out  io.Writer
	json bool
	err  error
	look *Look
	// about is what the next lines are about.
	about pair.Event
	// summed are the summaries that are not drawn yet.
	summed []stats.SummaryEvent
	// sizes are the verdicts on file size since their last one.
	sizes []stats.VerdictEvent
	audit auditing
}

// JSON writes each event as one JSON object a line.
func JSON(out io.Writer) *Writer { return &Writer{out: out, json: true} }

// Text writes the events that people want to follow as one line each.
func Text(out io.Writer) *Writer { return &Writer{out: out} }

// Look is how a terminal shows what a pipe gets as lines.
type Look struct {
	// Style gives a line that is about an event its colours.
	Style func(about pair.Event, line string) string
	// Table draws rows under a header.
	Table func(header []string, rows [][]string) string
	// Columns is the terminal's width.
	Columns func() int
}

// Drawn writes as Text does, with colours and tables.
func Drawn(out io.Writer, look Look) *Writer { return &Writer{out: out, look: &look} }

// Event writes one event.
func (w *Writer) Event(e pair.Event) {
	if w.look != nil {
		if summary, is := e.(stats.SummaryEvent); is && w.Wide() {
			w.mu.Lock()
			w.summed = append(w.summed, summary)
			w.mu.Unlock()
			return
		}
		w.Flush()
		w.mu.Lock()
		w.about = e
		w.mu.Unlock()
	}
	if w.json {
		line, err := pair.EncodeEvent(e)
		if err != nil {
			w.fail(err)
			return
		}
		w.write(string(line))
		return
	}
	if trouble, is := e.(doctor.Trouble); is {
		w.trouble(trouble)
		return
	}
	if left, is := e.(probe.LeftEvent); is {
		w.left(left)
		return
	}
	switch e := e.(type) {
	case record.Lines:
		w.undoLines(e)
		return
	case doctor.HealthEvent:
		w.health(e)
		return
	case audit.Started:
		w.takeStarted(e)
	case difference.Difference:
		w.takeDifference(e)
		return
	case auditreport.Mending:
		w.takeMending(e)
		return
	case audit.Result:
		w.audited(e)
		return
	case estimate.Result:
		w.estimatedWays(e)
		return
	}
	line := sentence(e)
	if line == "" {
		line = drillSentence(e)
	}
	if line != "" {
		w.write(wording.Visible(line))
	}
	if verdict, is := e.(stats.VerdictEvent); is {
		w.chance(verdict)
	}
}

// chance adds to the last of the verdicts on file size how often one of them
// shows a link where there is none.
func (w *Writer) chance(v stats.VerdictEvent) {
	if v.About != stats.AboutSizes {
		return
	}
	w.mu.Lock()
	w.sizes = append(w.sizes, v)
	all := w.sizes
	last := v.Direction != nil && *v.Direction == pair.BtoA
	if last {
		w.sizes = nil
	}
	w.mu.Unlock()
	if note := stats.ByChance(all); last && note != "" {
		w.write(note)
	}
}

// Line writes a line of text that is not an event; JSON output has none.
func (w *Writer) Line(format string, values ...any) {
	if !w.json {
		w.write(wording.Visible(fmt.Sprintf(format, values...)))
	}
}

// Err is the first failure to write.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

func (w *Writer) write(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err != nil {
		return
	}
	if w.look != nil && line != "" {
		line = w.look.Style(w.about, line)
	}
	if _, err := io.WriteString(w.out, line+"\n"); err != nil {
		w.err = fmt.Errorf("write the output: %w", err)
	}
}

func (w *Writer) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = err
	}
}

// sentence words an event, or returns "" for those that only a program needs.
func sentence(e pair.Event) string {
	switch e := e.(type) {
	case step.Event:
		return stepLine(e)
	case backfill.Job:
		return jobLine(e)
	case backfill.Copy:
		return copyLine(e)
	case backfill.Left:
		return leftLine(e)
	case backfill.Looked:
		return lookedLine(e)
	case backfill.Result:
		return backfillLine(e)
	case cost.BatchEstimate:
		return batchCost(e)
	case doctor.ExaminingEvent:
		return examiningLine(e)
	case doctor.HealthEvent:
		return healthLine(e)
	case doctor.DiagnosisEvent:
		return diagnosisLine(e)
	case audit.Started:
		return auditStartedLine(e)
	case audit.Progress:
		return auditProgressLine(e)
	case inventory.Lists:
		return listsLine(e)
	case athena.Plan:
		return e.What()
	case athena.Left:
		return e.What()
	case athena.Spent:
		return fmt.Sprintf("Athena read %s, as it is billed: about %.2f USD, and what the transfer between regions costs", wording.Size(e.Scanned), e.Dollars)
	case inventory.Statuses:
		return statusesLine(e)
	case parity.Setting:
		return settingLine(e)
	case parity.Compared:
		return settingsLine(e)
	case deep.Sampled:
		return sampledLine(e)
	case deep.Result:
		return e.Says
	case probe.RunEvent:
		return fmt.Sprintf("measuring A %s and B %s", e.Pair.A, e.Pair.B)
	case probe.RTTEvent:
		return fmt.Sprintf("round trip to side %s: %s (least of %d)", e.Side, wording.Milliseconds(e.MinMS), e.N)
	case probe.BiasEvent:
		return biasLine(e)
	case probe.Sample:
		return sampleLine(e)
	case probe.CompletedEvent:
		return completedLine(e)
	case probe.StallEvent:
		return stallLine(e)
	case probe.SleptEvent:
		return "warning: " + report.SleptText(e)
	case watch.ProgressEvent:
		return progressLine(e)
	case watch.StandingEvent:
		return standingLine(e)
	case cost.Usage:
		return counted(e)
	case probe.LoopEvent:
		switch {
		case e.OK:
			return ""
		case e.Unknown:
			return fmt.Sprintf("loop check of %s %s could not be made: %s", e.Direction.Arrow(), e.Key, e.Detail)
		}
		return fmt.Sprintf("loop check of %s %s: NOT as it should be: %s", e.Direction.Arrow(), e.Key, e.Detail)
	case cost.Estimate:
		return estimated(e)
	case probe.NoticeEvent:
		return string(e.Level) + ": " + e.Text
	case stats.VerdictEvent:
		return e.Line()
	case stats.SummaryEvent:
		return summaryLine(e)
	case stats.WithinEvent:
		if e.SizeBytes != nil {
			return "" // a program may want each size
		}
		return e.Sentence
	}
	return ""
}

func stepLine(e step.Event) string {
	if e.Status == step.Pending {
		return ""
	}
	line := fmt.Sprintf("%-9s %-22s", e.Status, e.ID)
	if e.Attempt > 1 {
		line += fmt.Sprintf(" try %d", e.Attempt)
	}
	if e.Status.Final() && e.ElapsedMS > 0 {
		line += " " + wording.Milliseconds(float64(e.ElapsedMS))
	}
	if e.Detail != "" {
		line += "  " + e.Detail
	}
	return line
}
