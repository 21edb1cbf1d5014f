package page

import (
	"strings"
	"testing"

	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// The headline says of everything that it is as it was only where each proof says so.
func TestTheHeadlineGoesByTheProofs(t *testing.T) {
	yes, no := true, false
	whole := func() figures.Report {
		r := figures.Report{Drill: figures.Identification{Kind: string(record.Pause)}}
		r.Verdict.Recorded, r.Restoration.Undo, r.Restoration.Equal, r.Restoration.TagsEqual = string(record.Passed), string(record.Complete), true, &yes
		for _, side := range pair.Sides() {
			for _, m := range []record.Moment{record.Before, record.After} {
				r.Restoration.Configurations = append(r.Restoration.Configurations, figures.Configuration{Side: side, Moment: m})
			}
		}
		return r
	}
	for name, one := range map[string]struct {
		but    func(r *figures.Report)
		all    bool // everything is as it was
		says   string
		looked string
	}{
		"all is back":              {func(*figures.Report) {}, true, "PASSED", "good"},
		"tags changed":             {func(r *figures.Report) { r.Restoration.TagsEqual = &no }, false, "NOT everything is as it was: not so that the buckets' tags", "wrong"},
		"tags unread":              {func(r *figures.Report) { r.Restoration.TagsEqual = nil }, false, "not known: whether the buckets' tags", "open"},
		"configuration changed":    {func(r *figures.Report) { r.Restoration.Equal = false }, false, "not so that both configurations", "wrong"},
		"configuration read once":  {func(r *figures.Report) { r.Restoration.Configurations = r.Restoration.Configurations[:2] }, false, "not known: whether both configurations", "open"},
		"roles changed":            {func(r *figures.Report) { r.Restoration.RolesEqual = &no }, false, "not so that the roles", "wrong"},
		"something is not known":   {func(r *figures.Report) { r.Verdict.Unknown = []string{"the lag is not known"} }, true, "Not part of the verdict: the lag is not known", "open"},
		"the drill says it itself": {func(r *figures.Report) { r.Restoration.Undo = string(record.Incomplete) }, false, "NOT everything is known to be as it was", "wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			r := whole()
			one.but(&r)
			if got := headline(r); strings.Contains(got, "and everything is as it was") != one.all || !strings.Contains(got, one.says) || class(r) != one.looked {
				t.Errorf("%s: %q", class(r), got)
			}
		})
	}
}

// A target that is not compared says why.
func TestATargetThatIsNotComparedSaysWhy(t *testing.T) {
	target := 10_000.0
	if got := against("no_target", &target, record.Pause.NoRPO()); !strings.HasPrefix(got, "not compared with the target of 10 s, because a pause") {
		t.Error(got)
	}
}
