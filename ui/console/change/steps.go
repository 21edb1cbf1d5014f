package change

import (
	"strconv"
	"strings"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/ui/console/widget"
)

// whereOf is the side or the direction that a step belongs to, coloured.
func whereOf(t widget.Theme, st step.Step) string {
	if st.Direction != nil {
		return t.Arrow(*st.Direction)
	}
	return string(st.Side)
}

// planRow is one line of a plan: symbol, title, side or direction, change.
func planRow(t widget.Theme, st step.Step, selected bool) string {
	symbol, style := t.Change(st.Change)
	title := widget.Pad(widget.Clean(st.Title), 12)
	if selected {
		title = t.Selected.Render(title)
	}
	what := widget.Clean(st.What)
	if st.Change == step.Nothing {
		what = t.Muted.Render(what)
	}
	if st.Others != "" && st.Change != step.Nothing {
		what = t.Warn.Render("!") + " " + what
	}
	return style.Render(symbol) + " " + title + " " + widget.Pad(whereOf(t, st), 6) + " " + what
}

// stepDetail is everything about a step, for a pane that scrolls.
func stepDetail(t widget.Theme, st step.Step, width int) []string {
	var lines []string
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, widget.Hang("   "+t.Muted.Render(widget.Pad(label, 6))+" ", widget.CleanLines(text), width-1)...)
		}
	}
	head := " " + t.Title.Render(widget.Clean(st.Title)) + " " + whereOf(t, st) + "   "
	if st.Change == step.Nothing {
		// Nothing is sent for it, so there is no request to review.
		lines = append(lines, widget.Fit(head+t.Muted.Render("already so, nothing is changed"), width))
		add("on", st.Target)
		add("why", st.Why)
		add("what", st.What)
		return lines
	}
	lines = append(lines, widget.Fit(head+widget.Clean(st.Call), width))
	add("on", st.Target)
	add("why", st.Why)
	add("what", st.What)
	if st.Others != "" {
		lines = append(lines, widget.Hang("   "+t.Warn.Render("others")+" ", widget.Clean(st.Others), width-1)...)
	}
	add("undo", st.Undo)
	add("cli", st.CLI)
	if st.Request != "" {
		lines = append(lines, "   "+t.Muted.Render("sent   exactly this:"))
		for line := range strings.SplitSeq(widget.CleanLines(st.Request), "\n") {
			text := strings.TrimLeft(line, " ")
			lines = append(lines, widget.Hang("   "+strings.Repeat(" ", min(len(line)-len(text), width/2)), text, width-1)...)
		}
	}
	return lines
}

// besideOthers counts the steps that write to what others made.
func besideOthers(proposed plan.Plan) int {
	n := 0
	for _, st := range proposed.Steps {
		if st.Others != "" {
			n++
		}
	}
	return n
}

// changesInWords counts a plan's changes, and those of them that touch what
// bothways did not make.
func changesInWords(proposed plan.Plan) string {
	if proposed.Purpose != pair.SetUp {
		text := widget.Count(proposed.Changes(), "thing is", "things are") + " removed"
		if n := besideOthers(proposed); n > 0 {
			text += ", " + strconv.Itoa(n) + " of them out of what others made, which stays"
		}
		return text + "."
	}
	fresh := map[pair.SideName]bool{}
	for _, st := range proposed.Steps {
		if st.Change == step.Create && st.Kind == step.KindBucket {
			fresh[st.Side] = true
		}
	}
	yours, already := 0, 0
	for _, st := range proposed.Steps {
		switch {
		case st.Change == step.Nothing:
			already++
		case st.Others != "", st.Change == step.Modify && !fresh[st.Side]:
			yours++
		}
	}
	text := widget.Count(proposed.Changes(), "change", "changes") + ", " + widget.Choice(yours == 0, "none", strconv.Itoa(yours)+" of them") + " to what you have already"
	if already > 0 {
		text += ", " + strconv.Itoa(already) + " already as wanted"
	}
	return text + "."
}

// destroyCommand is the command line that takes a pair down, quoted for a shell.
// profileB is side B's profile where it is another one. It says what destroy has
// to be told to find all that was made.
func destroyCommand(p pair.Pair, profile, profileB string, buckets bool) string {
	text := "bothways destroy --a " + p.A.String() + " --b " + p.B.String()
	for _, flag := range [][2]string{
		{"--prefix", p.Options.Prefix},
		{"--role-a-to-b", p.Given.RoleAtoB},
		{"--role-b-to-a", p.Given.RoleBtoA},
		{"--role-path", p.Options.RolePath},
		{"--role-prefix", p.Options.RolePrefix},
		{"--profile", profile},
	} {
		if flag[1] != "" {
			text += " " + flag[0] + " " + account.Quote(flag[1])
		}
	}
	if profileB != profile {
		text += " --profile-b " + account.Quote(profileB)
	}
	if buckets {
		text += " --buckets"
	}
	return text + " --yes"
}
