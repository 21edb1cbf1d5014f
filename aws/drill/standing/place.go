// Package standing reads what drills left in AWS, by its marks alone, and takes
// it away again: the tag of a bucket, the role, the templates and the experiments
// of AWS FIS. What of them is not this pair's is left alone.
package standing

import (
	"time"

	"bothways/aws/account"
	"bothways/aws/drill/told"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// Place is where what pauses one direction lies: the Region and the account of
// its source.
type Place struct {
	Clients   *account.Clients
	Pair      pair.Pair
	Direction pair.Direction
	Account   string
	// Role is the name of the experiment's role.
	Role string
	// Replicates is the name of the role that S3 takes for the direction; "" is
	// read from the bucket's configuration.
	Replicates string
}

// At is the place of a direction, as a survey knows it. emit hears of what is
// changed there; nil: nobody does.
func At(s *survey.Survey, d pair.Direction, emit pair.Emit) Place {
	clients := s.World.Clients(d.From())
	if emit != nil {
		clients = told.Clients(clients, d.From(), emit)
	}
	return Place{
		Clients: clients, Pair: s.World.Pair, Direction: d, Account: s.Sides[d.From()].Identity.Account, Role: wanted.DrillRole(s, d, "", "").RoleName,
	}
}

func (p Place) bucket() pair.Side { return p.Pair.From(p.Direction) }

func (p Place) side() pair.SideName { return p.Direction.From() }

// Found is what stands in a place.
type Found struct {
	// Mark is the value of the bucket's drill tag, or "".
	Mark string
	// Role is the role of that name; nil where there is none.
	Role *Role
	// Statements are inline policies by which objects of drills fail to replicate.
	Statements  []Statement
	Templates   []Template
	Experiments []Experiment // those that have not ended
	// Unread says what could not be read, and why.
	Unread []string
}

// Role is the role of a drill's experiment.
type Role struct {
	ARN     string
	Ours    bool   // it carries the pair's mark
	Drill   string // by its tag, or ""
	By      string // who began the drill, or ""
	Created time.Time
}

// Statement is an inline policy of a drill on a role that S3 takes.
type Statement struct{ Role, Policy, Drill string }

// Template is an experiment template that carries the pair's mark.
type Template struct {
	ID, Drill string
	Created   time.Time
}

// Experiment is one that carries the pair's mark.
type Experiment struct {
	ID, Template, Drill string
	Status              string // in AWS's words
	Reason              string
	Created             time.Time
	Started, Ended      time.Time // by AWS's clock; zero where it has not
	// Ends is when AWS ends it by itself at the latest; zero where that is not
	// known yet.
	Ends time.Time
}

// Drills are the IDs of the drills of this pair that anything here is of, in the
// order of what was read.
func (f Found) Drills(p pair.Pair) []string {
	var all []string
	seen := map[string]bool{"": true}
	add := func(drill string) {
		if !seen[drill] {
			seen[drill] = true
			all = append(all, drill)
		}
	}
	if f.Role != nil && f.Role.Ours {
		add(f.Role.Drill)
	}
	if drill, own := p.DrillOf(f.Mark); own {
		add(drill)
	}
	for _, t := range f.Statements {
		add(t.Drill)
	}
	for _, t := range f.Templates {
		add(t.Drill)
	}
	for _, e := range f.Experiments {
		add(e.Drill)
	}
	return all
}

// Of is what of it one drill left.
func (f Found) Of(p pair.Pair, drill string) Found {
	one := Found{Unread: f.Unread}
	if of, own := p.DrillOf(f.Mark); own && of == drill {
		one.Mark = f.Mark
	}
	if f.Role != nil && f.Role.Ours && f.Role.Drill == drill {
		one.Role = f.Role
	}
	for _, t := range f.Statements {
		if t.Drill == drill {
			one.Statements = append(one.Statements, t)
		}
	}
	for _, t := range f.Templates {
		if t.Drill == drill {
			one.Templates = append(one.Templates, t)
		}
	}
	for _, e := range f.Experiments {
		if e.Drill == drill {
			one.Experiments = append(one.Experiments, e)
		}
	}
	return one
}

// None says whether nothing stands.
func (f Found) None() bool {
	return f.Mark == "" && f.Role == nil && len(f.Statements) == 0 && len(f.Templates) == 0 && len(f.Experiments) == 0
}

// Words name what stands, each in a few words.
func (f Found) Words(p Place) (all []string) {
	at := p.bucket()
	for _, e := range f.Experiments {
		all = append(all, "experiment "+e.ID+" in "+at.Region+" ("+e.Status+")")
	}
	if f.Mark != "" {
		all = append(all, "tag "+pair.DrillTagKey+"="+f.Mark+" on bucket "+at.Bucket)
	}
	for _, t := range f.Templates {
		all = append(all, "experiment template "+t.ID+" in "+at.Region)
	}
	if f.Role != nil {
		all = append(all, "role "+p.Role)
	}
	for _, t := range f.Statements {
		all = append(all, "inline policy "+t.Policy+" on role "+t.Role)
	}
	return all
}

// PausesUntil is when the last of its experiments ends by itself; zero without
// any, or where that is not known.
func (f Found) PausesUntil() (last time.Time) {
	for _, e := range f.Experiments {
		if e.Ends.After(last) {
			last = e.Ends
		}
	}
	return last
}
