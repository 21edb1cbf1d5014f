package rehearse

import (
	"fmt"
	"time"

	"bothways/aws/drill"
	"bothways/aws/drill/record"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/polling"
	"bothways/probe/wording"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// fact is a line of the blast radius: what is asked, and the answer.
type fact struct{ asks, says string }

// radius is the blast radius of a drill that is asked for, before anything is
// looked at: whose keys, how long, what changes, and for how much at most.
func radius(s record.Scope, chosen *host.Choice) []fact {
	keys := "every key of both buckets"
	if s.Prefix != "" {
		keys = "keys that start with " + s.Prefix
	}
	if s.Kind == record.Alarm {
		keys = "objects of its own alone, under its own prefix"
	}
	facts := []fact{{"whose", keys + "; " + chosen.Account()}}
	if s.Kind == record.Readiness {
		return append(facts, fact{"changes", "nothing: it reads settings, rights and both listings"})
	}
	most := "at most " + wording.Duration(s.Box)
	if scale := chosen.Access.TimeScale; s.Kind == record.Pause && scale > 0 && scale != 1 {
		most += fmt.Sprintf(" (%s in this sandbox)", wording.Duration(time.Duration(float64(s.Box)/scale)))
	}
	facts = append(facts, fact{"costs", price(s, chosen.Access.Sandbox)},
		fact{"how long", most + "; then it is undone" + widget.Choice(s.Kind == record.Alarm, "", ", and watched until both sides hold the same")})
	changes := ""
	switch s.Kind {
	case record.Cut:
		changes = "nothing in AWS but canaries, which it removes; this program alone is cut off from side " + string(s.Lost)
	case record.Pause:
		changes = "nobody's writes are replicated, either way, until it ends; then they arrive. 2 FIS experiments that end by themselves; 2 roles, tags and templates, which it removes"
	case record.Alarm:
		changes = "a policy on the role that S3 takes denies what lies under that prefix, and nothing else; it is taken off again"
	case record.Readiness:
	}
	return append(facts, fact{"changes", changes})
}

// price says what a drill costs at most: the canaries for as long as they may be
// written, and what AWS takes for the pause.
func price(s record.Scope, sandbox bool) string {
	s.Every = max(s.Every, time.Second)
	estimate := drill.Estimate(s, probe.Config{Pace: polling.Normal})
	if sandbox {
		return fmt.Sprintf("nothing in the sandbox; in AWS at most %s", cost.Sum(estimate.Dollars))
	}
	return fmt.Sprintf("at most %s, at AWS's list prices of %s", cost.Sum(estimate.Dollars), estimate.PricesAsOf)
}

// drawFacts are facts as lines.
func drawFacts(t widget.Theme, facts []fact, width int) (lines []string) {
	for _, f := range facts {
		lines = append(lines, widget.Hang("   "+t.Muted.Render(widget.Pad(f.asks, 9)), widget.Clean(f.says), width-1)...)
	}
	return lines
}
