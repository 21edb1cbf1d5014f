package plain

import (
	"fmt"
	"strings"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/cost"
	"bothways/probe/wording"
)

// drillSentence words an event of a drill, or returns "" for those of others.
func drillSentence(e pair.Event) string {
	switch e := e.(type) {
	case record.Scope:
		return scopeLine(e)
	case record.Change:
		return changeLine(e)
	case record.Finding:
		return foundLine(e)
	case record.Configuration:
		if e.Moment == record.During {
			return fmt.Sprintf("During the fault the replication configuration of side %s reads %s.", e.Side, e.SHA256[:12])
		}
	case record.Isolation:
		return isolationLine(e)
	case record.Recovery:
		return recoveryLine(e)
	case record.Metric:
		return metricLine(e)
	case record.Compared:
		return comparedLine(e)
	case record.Conflict:
		return conflictLine(e)
	case record.Rang:
		return rangLine(e)
	case record.Note:
		return map[record.NoteKind]string{record.Remark: "Note: ", record.Deviation: "Otherwise than planned: "}[e.Kind] + e.Text
	case record.Cost:
		if e.Estimated {
			return fmt.Sprintf("The drill costs at most %s at list prices of %s.", cost.Sum(e.Dollars), e.PricesAsOf)
		}
		return fmt.Sprintf("The drill cost %s at list prices of %s.", cost.Sum(e.Dollars), e.PricesAsOf)
	case record.Experiment:
		return experimentLine(e)
	case record.Achieved:
		return achievedLine(e)
	case record.Result:
		return drilledLine(e)
	}
	return ""
}

func scopeLine(s record.Scope) string {
	line := fmt.Sprintf("Drill %s, of kind %s: A %s, B %s.", s.Drill, s.Kind, s.Pair.A, s.Pair.B)
	switch {
	case s.Kind == record.Alarm:
		words := make([]string, 0, 2)
		for _, d := range s.Failing() {
			words = append(words, d.Arrow())
		}
		line += fmt.Sprintf(" An object fails to replicate %s, for at most %s.", strings.Join(words, " and "), wording.Duration(s.Box))
	case s.Kind.Writes():
		line += fmt.Sprintf(" Side %s is taken to be lost, for at most %s.", s.Lost, wording.Duration(s.Box))
	}
	return line
}

func changeLine(c record.Change) string {
	name := strings.ReplaceAll(string(c.State), "_", " ")
	if !c.Reached {
		return "" // what it comes to is told
	}
	if c.Why == "" {
		return fmt.Sprintf("%-11s  %s", name, c.At.Local().Format("15:04:05"))
	}
	return fmt.Sprintf("%-11s  %s  %s", name, c.At.Local().Format("15:04:05"), c.Why)
}

func foundLine(f record.Finding) string {
	words := map[record.Level]string{record.Blocks: "Keeps the drill from running", record.Warns: "Warning", record.Notes: "Note"}[f.Level]
	line := words + ": " + f.Title + "."
	if f.Text != "" {
		line += " " + strings.TrimSuffix(f.Text, ".") + "."
	}
	if f.Todo != "" {
		line += " To do: " + strings.TrimSuffix(f.Todo, ".") + "."
	}
	return line
}

// undoLines are what undoes a drill without bothways, a line each.
func (w *Writer) undoLines(l record.Lines) {
	if len(l.CLI) == 0 {
		w.Line("Nothing in AWS is changed but canaries of the drill's own, which bothways clean removes, too.")
		return
	}
	w.Line("What undoes the drill without bothways:")
	for _, line := range l.CLI {
		w.Line("  %s", line)
	}
}

func isolationLine(i record.Isolation) string {
	if !i.Seen {
		return fmt.Sprintf("%s: isolation was not reached: %s in a row did not arrive.", i.Direction.Arrow(), wording.Count(i.Held, "canary"))
	}
	return fmt.Sprintf("%s is isolated: %d canaries in a row, each older than %s, are not there. The last that arrived was written %s after the start, the first of the row %s.",
		i.Direction.Arrow(), i.Held, wording.Milliseconds(i.OlderThanMS), wording.Milliseconds(i.LastArrivedMS), wording.Milliseconds(i.FirstHeldMS))
}

func recoveryLine(r record.Recovery) string {
	return fmt.Sprintf("%s took %s: %s.", r.Step, wording.Milliseconds(r.ToMS-r.FromMS), r.How)
}

func metricLine(m record.Metric) string {
	if m.Value == nil {
		return fmt.Sprintf("CloudWatch, %s, %s: nothing was published (%s).", m.Direction.Arrow(), m.Name, m.Why)
	}
	return fmt.Sprintf("CloudWatch, %s, %s: %g %s at %s.", m.Direction.Arrow(), m.Name, *m.Value, m.Unit, m.Stamp.UTC().Format("15:04 UTC"))
}

func comparedLine(c record.Compared) string {
	if c.Clean {
		return fmt.Sprintf("Compared %s: both sides hold the same.", wording.Count(int(c.Versions), "version"))
	}
	return fmt.Sprintf("Compared %s: %s.", wording.Count(int(c.Versions), "version"), c.Why)
}

func conflictLine(c record.Conflict) string {
	if c.Serves == nil {
		return ""
	}
	kind := strings.ReplaceAll(string(c.Kind), "_", " against ")
	switch {
	case c.Same == nil:
		return fmt.Sprintf("Conflict (%s) %s: what the sides serve is not known.", kind, c.Key)
	case *c.Same:
		return fmt.Sprintf("Conflict (%s) %s: both sides serve %s.", kind, c.Key, servedText(c.Serves[pair.A]))
	}
	return fmt.Sprintf("Conflict (%s) %s: A serves %s, B serves %s.", kind, c.Key, servedText(c.Serves[pair.A]), servedText(c.Serves[pair.B]))
}

func servedText(s record.Served) string {
	switch {
	case s.None:
		return "nothing"
	case s.Marker:
		return "a delete marker of side " + string(s.Of)
	}
	return "the version of side " + string(s.Of)
}

func rangLine(r record.Rang) string {
	after := func(ms float64) string { return wording.Milliseconds(ms - r.FromMS) }
	switch {
	case r.Unknown != "":
		return fmt.Sprintf("Whether the alarm %s rings is not known: %s.", r.Alarm, strings.TrimSuffix(r.Unknown, "."))
	case !r.Rang && r.How == record.ByHand:
		return fmt.Sprintf("Nobody said within %s that an alarm rang.", after(r.HighMS))
	case r.How == record.ByHand:
		return fmt.Sprintf("Somebody said that an alarm rang, %s after the failing object was written: %s.", after(r.HighMS), r.Reason)
	case !r.Rang:
		return fmt.Sprintf("The alarm %s did not ring within %s.", r.Alarm, after(r.HighMS))
	}
	return fmt.Sprintf("The alarm %s rang %s to %s after the failing object was written.", r.Alarm, after(r.LowMS), after(r.HighMS))
}

func experimentLine(e record.Experiment) string {
	line := fmt.Sprintf("AWS FIS, %s: experiment %s is %s", e.Direction.Arrow(), e.ID, e.State)
	if e.Reason != "" {
		line += ": " + strings.TrimSuffix(e.Reason, ".")
	}
	return line + "."
}

func achievedLine(a record.Achieved) string {
	var words []string
	for _, l := range a.Loss {
		text := fmt.Sprintf("RPO %s %s", l.Direction.Arrow(), interval(l.LowMS, l.HighMS))
		if l.HighMS == 0 {
			text = fmt.Sprintf("RPO %s 0: every canary that was acknowledged was there", l.Direction.Arrow())
		}
		words = append(words, fmt.Sprintf("%s (%d canaries; %d lost for certain, %d perhaps)", text, l.N, l.Certain, l.Possible))
	}
	if a.Recovery != nil {
		words = append(words, "RTO "+interval(a.Recovery.LowMS, a.Recovery.HighMS))
	}
	if len(words) == 0 {
		return ""
	}
	return strings.Join(words, ". ") + "."
}

func interval(lowMS, highMS float64) string {
	return wording.Milliseconds(lowMS) + " to " + wording.Milliseconds(highMS)
}

func drilledLine(r record.Result) string {
	line := strings.ToUpper(string(r.Verdict)) + ", undo " + string(r.Undo) + "."
	if len(r.Why) > 0 {
		line += " " + strings.Join(r.Why, "; ") + "."
	}
	if len(r.Unknown) > 0 {
		line += " Not part of the verdict: " + strings.Join(r.Unknown, "; ") + "."
	}
	if len(r.Left) > 0 {
		line += " Left behind: " + strings.Join(r.Left, ", ") + "."
	}
	return line
}
