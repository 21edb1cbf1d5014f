package rehearse

import (
	"slices"
	"strings"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

// made are the things of which a drill makes some in AWS, by the requests that make
// them and take them away.
var made = []struct{ by, gone, one, many string }{
	{"CreateRole", "DeleteRole", "role", "roles"},
	{"TagResource", "UntagResource", "bucket tag", "bucket tags"},
	{"CreateExperimentTemplate", "DeleteExperimentTemplate", "experiment template", "experiment templates"},
	{"PutMetricAlarm", "DeleteAlarms", "alarm", "alarms"},
	{"PutRolePolicy", "DeleteRolePolicy", "policy on a role", "policies on roles"},
	{"PutBucketPolicy", "DeleteBucketPolicy", "bucket policy", "bucket policies"},
}

// standing is what of a drill is in AWS now, as far as its requests say: one that
// was sent may have been done, until AWS says that it was not.
type standing struct {
	there       map[string]map[pair.SideName]bool // by the request that made it
	experiments map[string]record.Experiment      // by their IDs, as they were last read
}

func newStanding() standing {
	return standing{there: map[string]map[pair.SideName]bool{}, experiments: map[string]record.Experiment{}}
}

// call takes a request, or its answer.
func (s *standing) call(c record.Call) {
	for _, m := range made {
		switch {
		case c.Operation == m.by && (c.Begins || c.Outcome == "ok"):
			if s.there[m.by] == nil {
				s.there[m.by] = map[pair.SideName]bool{}
			}
			s.there[m.by][c.Side] = true
		case c.Operation == m.gone && !c.Begins && (c.Outcome == "ok" || strings.Contains(c.Outcome, "NotFound") || strings.Contains(c.Outcome, "NoSuch")):
			delete(s.there[m.by], c.Side)
		}
	}
}

// over are the states in which an experiment does nothing any more (AWS FIS User
// Guide, "Experiment states").
var over = []string{"completed", "stopped", "failed", "cancelled"}

// going are the experiments that may do something.
func (s *standing) going() (all []record.Experiment) {
	for _, e := range s.experiments {
		if !slices.Contains(over, e.State) {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b record.Experiment) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// words name what is there: "2 experiments, 2 bucket tags"; none is nothing.
func (s *standing) words() (all []string) {
	if n := len(s.going()); n > 0 {
		all = append(all, widget.Count(n, "experiment", "experiments"))
	}
	for _, m := range made {
		n := len(s.there[m.by])
		if m.by == "PutRolePolicy" && len(s.there["CreateRole"]) > 0 { // it is part of the drill's own role
			n = 0
		}
		if n > 0 {
			all = append(all, widget.Count(n, m.one, m.many))
		}
	}
	return all
}
