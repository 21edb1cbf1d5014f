package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// unknown stands for what is not known.
const unknown = "not known"

func headline(r figures.Report) string {
	verdict := r.Verdict.Recorded
	if verdict == "" {
		return "NO RESULT: the journal ends before the drill does. What is there is below."
	}
	text := strings.ToUpper(verdict)
	changed, untold := proofs(r)
	switch {
	case len(changed) > 0:
		text += ", and NOT everything is as it was: " + strings.Join(changed, "; ")
	case r.Restoration.Undo != string(record.Complete):
		text += ", and NOT everything is known to be as it was: undo " + cmp.Or(r.Restoration.Undo, unknown)
	case len(untold) > 0:
		text += ", and undo complete; not known: " + strings.Join(untold, "; ")
	default:
		text += ", and everything is as it was"
	}
	text += "."
	if n := len(r.Verdict.Unknown); n > 0 {
		text += " Not part of the verdict: " + strings.Join(r.Verdict.Unknown, "; ") + "."
	}
	return text
}

// proofs are those of the restoration that say no, and those that say nothing.
func proofs(r figures.Report) (changed, untold []string) {
	const configurations, tags, roles = "both configurations are what they were", "the buckets' tags are what they were", "the roles may do what they might"
	switch read := bothTimes(r); {
	case read && !r.Restoration.Equal:
		changed = append(changed, "not so that "+configurations)
	case !read:
		untold = append(untold, "whether "+configurations)
	}
	for _, one := range []struct {
		equal *bool
		what  string
		when  bool // it is asked at all
	}{{r.Restoration.TagsEqual, tags, true}, {r.Restoration.RolesEqual, roles, r.Restoration.RolesEqual != nil}} {
		switch {
		case !one.when:
		case one.equal == nil:
			untold = append(untold, "whether "+one.what)
		case !*one.equal:
			changed = append(changed, "not so that "+one.what)
		}
	}
	if len(r.Restoration.Left) > 0 {
		changed = append(changed, wording.Count(len(r.Restoration.Left), "thing")+" left behind")
	}
	return changed, untold
}

// bothTimes says whether both configurations were read before and after.
func bothTimes(r figures.Report) bool {
	for _, side := range pair.Sides() {
		for _, m := range []record.Moment{record.Before, record.After} {
			if !slices.ContainsFunc(r.Restoration.Configurations, func(c figures.Configuration) bool { return c.Side == side && c.Moment == m }) {
				return false
			}
		}
	}
	return true
}

func class(r figures.Report) string {
	changed, untold := proofs(r)
	switch {
	case r.Verdict.Recorded == string(record.Failed) || r.Verdict.Recorded == string(record.Errored) || r.Restoration.Undo == string(record.Incomplete) || len(changed) > 0:
		return "wrong"
	case len(untold) == 0 && len(r.Verdict.Unknown) == 0 && r.Verdict.Recorded == string(record.Passed) && len(r.Journal.Missing) == 0:
		return "good"
	}
	return "open"
}

func cards(r figures.Report) []card {
	if r.Drill.Kind == string(record.Readiness) {
		return nil
	}
	all := []card{}
	for _, l := range r.Results.RPO.ByCanaries {
		c := card{Name: "RPO " + l.Direction.Arrow(), Figure: lossText(l), Detail: lossDetail(l)}
		if l.Endangered {
			c.Name += ", the lost side's writes"
			c.Detail += "; " + against(r.Results.RPO.Held, r.Plan.RPOTargetMS, record.Kind(r.Drill.Kind).NoRPO())
			c.Class = classOf(r.Results.RPO.Held)
		}
		all = append(all, c)
	}
	rto := r.Results.RTO
	if rto.LowMS != nil {
		c := card{Name: "RTO", Figure: "over " + length(*rto.LowMS), Detail: "no write was read back on the survivor", Class: "wrong"}
		if rto.HighMS != nil {
			c.Figure, c.Detail, c.Class = between(rto.LowMS, rto.HighMS), against(rto.Held, r.Plan.RTOTargetMS, record.Kind(r.Drill.Kind).NoRTO()), classOf(rto.Held)
		}
		all = append(all, c)
	}
	for _, a := range r.Results.Alarms {
		c := card{Name: "Alarm " + a.Name, Figure: between(a.LowMS, a.HighMS), Detail: "until it rang, from the writing of the object that failed", Class: "good"}
		switch {
		case a.Unknown != "":
			c.Figure, c.Detail, c.Class = unknown, a.Unknown, "open"
		case !a.Rang:
			c.Figure, c.Detail, c.Class = "silent", "not within "+lengths(a.LowMS), "wrong"
		}
		all = append(all, c)
	}
	if c := r.Results.Convergence; r.Drill.Kind != string(record.Alarm) && c.ByAudit.LowMS != nil {
		one := card{Name: "Convergence", Figure: between(c.ByAudit.LowMS, c.ByAudit.HighMS), Detail: "from the fault's end, by audit; clean twice: " + yes(c.Twice)}
		if !c.Twice {
			one.Class = "wrong"
		}
		all = append(all, one)
	}
	return all
}

func lossText(l figures.Loss) string {
	switch {
	case l.HighMS == 0:
		return "nothing was missing"
	case l.LowMS == 0:
		return "at most " + length(l.HighMS)
	}
	return between(&l.LowMS, &l.HighMS)
}

func lossDetail(l figures.Loss) string {
	text := fmt.Sprintf("%d of %d canaries missing for certain", l.Certain, l.N)
	if l.Possible > 0 {
		text += fmt.Sprintf(", of %d it is not known", l.Possible)
	}
	if l.Holes > 0 {
		text += fmt.Sprintf(", %d of them holes", l.Holes)
	}
	return text
}

// against says how a figure stands to its target; why is why a drill of this kind
// does not compare it, "" where it does.
func against(held string, target *float64, why string) string {
	if target == nil {
		return "no target was set"
	}
	switch held {
	case "met":
		return "target " + length(*target) + " met"
	case "missed":
		return "target " + length(*target) + " missed"
	case "cannot_be_told":
		return "target " + length(*target) + " lies within the interval: it can't be told"
	}
	return "not compared with the target of " + length(*target) + ", because " + cmp.Or(why, "it was not measured")
}

func classOf(held string) string {
	return map[string]string{"met": "good", "missed": "wrong", "cannot_be_told": "open"}[held]
}

// between writes an interval of lengths.
func between(low, high *float64) string {
	switch {
	case low == nil && high == nil:
		return unknown
	case low == nil:
		return "at most " + length(*high)
	case high == nil:
		return "over " + length(*low)
	}
	from, to := length(*low), length(*high)
	if from == to {
		return from
	}
	return from + " to " + to
}

func length(ms float64) string { return wording.Milliseconds(ms) }

// lengths writes a length that may not be known.
func lengths(ms *float64) string {
	if ms == nil {
		return unknown
	}
	return length(*ms)
}

// since writes an instant on the canaries' clock.
func since(ms *float64) string {
	if ms == nil {
		return ""
	}
	return fmt.Sprintf("%.3f s", *ms/1000)
}

func instant(at time.Time) string {
	if at.IsZero() {
		return unknown
	}
	return at.UTC().Format("2006-01-02 15:04:05 UTC")
}

func optionalInstant(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format("2006-01-02 15:04:05.000")
}

// knownInstant is an instant that AWS may not have told.
func knownInstant(at time.Time) string {
	if at.IsZero() {
		return "not known"
	}
	return optionalInstant(&at)
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
