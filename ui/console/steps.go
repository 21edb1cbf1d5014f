package console

import (
	"strconv"
	"strings"
	"time"

	"bothways/aws/pair"
	"bothways/aws/replication"
	"bothways/probe/wording"
	"bothways/ui/console/widget"
)

// elapsed words a duration as every face does.
func elapsed(d time.Duration) string { return wording.Duration(d) }

// whereOf is the side or the direction that a step belongs to, coloured.
func whereOf(t widget.Theme, step replication.Step) string {
	if step.Direction != nil {
		return t.Arrow(*step.Direction)
	}
	return string(step.Side)
}

// planRow is one line of a plan: symbol, title, side or direction, change.
func planRow(t widget.Theme, step replication.Step, selected bool) string {
	symbol, style := t.Change(step.Change)
	title := widget.Pad(widget.Clean(step.Title), 12)
	if selected {
		title = t.Selected.Render(title)
	}
	what := widget.Clean(step.What)
	if step.Change == replication.Nothing {
		what = t.Muted.Render(what)
	}
	if step.Others != "" && step.Change != replication.Nothing {
		what = t.Warn.Render("!") + " " + what
	}
	return style.Render(symbol) + " " + title + " " + widget.Pad(whereOf(t, step), 6) + " " + what
}

// stepDetail is everything about a step, for a pane that scrolls.
func stepDetail(t widget.Theme, step replication.Step, width int) []string {
	var lines []string
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, widget.Hang("   "+t.Muted.Render(widget.Pad(label, 6))+" ", widget.CleanLines(text), width-1)...)
		}
	}
	head := " " + t.Title.Render(widget.Clean(step.Title)) + " " + whereOf(t, step) + "   "
	if step.Change == replication.Nothing {
		// Nothing is sent for it, so there is no request to review.
		lines = append(lines, widget.Fit(head+t.Muted.Render("already so, nothing is changed"), width))
		add("on", step.Target)
		add("why", step.Why)
		add("what", step.What)
		return lines
	}
	lines = append(lines, widget.Fit(head+widget.Clean(step.Call), width))
	add("on", step.Target)
	add("why", step.Why)
	add("what", step.What)
	if step.Others != "" {
		lines = append(lines, widget.Hang("   "+t.Warn.Render("others")+" ", widget.Clean(step.Others), width-1)...)
	}
	add("undo", step.Undo)
	add("cli", step.CLI)
	if step.Request != "" {
		lines = append(lines, "   "+t.Muted.Render("sent   exactly this:"))
		for line := range strings.SplitSeq(widget.CleanLines(step.Request), "\n") {
			text := strings.TrimLeft(line, " ")
			lines = append(lines, widget.Hang("   "+strings.Repeat(" ", min(len(line)-len(text), width/2)), text, width-1)...)
		}
	}
	return lines
}

// besideOthers counts the steps that write to what others made.
func besideOthers(plan replication.Plan) int {
	n := 0
	for _, step := range plan.Steps {
		if step.Others != "" {
			n++
		}
	}
	return n
}

// changesInWords counts a plan's changes, and those of them that touch what
// bothways did not make.
func changesInWords(plan replication.Plan) string {
	if plan.Purpose == replication.TearDown {
		text := widget.Count(plan.Changes(), "thing is", "things are") + " removed"
		if n := besideOthers(plan); n > 0 {
			text += ", " + strconv.Itoa(n) + " of them out of what others made, which stays"
		}
		return text + "."
	}
	fresh := map[pair.SideName]bool{}
	for _, step := range plan.Steps {
		if step.Change == replication.Create && step.Kind == replication.KindBucket {
			fresh[step.Side] = true
		}
	}
	yours, already := 0, 0
	for _, step := range plan.Steps {
		switch {
		case step.Change == replication.Nothing:
			already++
		case step.Others != "", step.Change == replication.Modify && !fresh[step.Side]:
			yours++
		}
	}
	text := widget.Count(plan.Changes(), "change", "changes") + ", " + widget.Count(yours, "thing", "things") + " of yours touched"
	if already > 0 {
		text += ", " + strconv.Itoa(already) + " already as wanted"
	}
	return text + "."
}

// destroyCommand is the command line that takes a pair down, quoted for a shell.
// profileB is side B's profile where it is another one.
func destroyCommand(p pair.Pair, profile, profileB string, buckets bool) string {
	text := "bothways destroy --a " + p.A.String() + " --b " + p.B.String()
	if p.Options.Prefix != "" {
		text += " --prefix " + replication.Quote(p.Options.Prefix)
	}
	if profile != "" {
		text += " --profile " + replication.Quote(profile)
	}
	if profileB != profile {
		text += " --profile-b " + replication.Quote(profileB)
	}
	if buckets {
		text += " --buckets"
	}
	return text + " --yes"
}
