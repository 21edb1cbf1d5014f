// Package opened finds drills of a pair that were left open: by what this
// computer's journals say, and with those lost by the marks in AWS. It plans what
// takes back all that is left of them.
package opened

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sourcegraph/conc/pool"

	"bothways/aws/drill/record"
	"bothways/aws/drill/standing"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// Open is a drill that did not come to its end.
type Open struct {
	Drill string      `json:"drill"`
	Kind  record.Kind `json:"kind,omitempty"` // "" where only AWS knows of it
	// Since is when it was armed, or when the first of what it made was; zero
	// where neither is known.
	Since time.Time `json:"since,omitzero"`
	By    string    `json:"by,omitempty"` // an ARN, where that is known
	// Journal is its journal's file on this computer, or "". Running says that a
	// process writes it now: then it goes on, and is not left open.
	Journal string `json:"journal,omitempty"`
	Running bool   `json:"running,omitempty"`
	// Stands names what of it is in AWS, canaries left out.
	Stands []string `json:"stands,omitempty"`
	// Pauses says that an experiment goes on; Until is when AWS ends the last of
	// them by itself at the latest, zero where that is not known.
	Pauses bool      `json:"pauses,omitempty"`
	Until  time.Time `json:"until,omitzero"`

	// Fails says that a policy of it stands, by which objects of its own fail to
	// replicate.
	Fails bool `json:"fails,omitempty"`

	statements map[pair.Direction][]standing.Statement
	// pauses says that something of a pause stands.
	pauses bool
	// before are the hashes of the buckets' configurations from before it, as the
	// journal has them.
	before map[string]string
}

// EventName implements pair.Event.
func (Open) EventName() string { return "drill_open" }

// Words say it in a sentence, without a full stop and without what to do.
func (o Open) Words() string {
	if o.Running {
		return "drill " + o.Drill + " of this pair goes on in another process on this computer"
	}
	var known []string
	if !o.Since.IsZero() {
		known = append(known, "since "+o.Since.Local().Format(time.DateTime))
	}
	if o.By != "" {
		known = append(known, "begun by "+o.By)
	}
	text := "drill " + o.Drill + " is open"
	if len(known) > 0 {
		text += " (" + strings.Join(known, ", ") + ")"
	}
	switch {
	case o.Pauses && !o.Until.IsZero():
		return text + fmt.Sprintf("; it pauses replication until %s at the latest, when AWS ends that by itself", o.Until.Local().Format(time.DateTime))
	case o.Pauses:
		return text + "; it pauses replication until AWS ends that by itself"
	case o.Fails:
		return text + "; objects of its own fail to replicate until its policy is off the role, and all others replicate"
	case len(o.Stands) > 0:
		return text + "; it no longer pauses replication, but left things in AWS"
	}
	return text + "; only its canaries may be left"
}

// There names what of it is in AWS, in a sentence; "" is nothing but canaries,
// perhaps.
func (o Open) There() string {
	switch {
	case len(o.Stands) == 0:
		return ""
	case o.Running:
		return "It has in AWS now: " + strings.Join(o.Stands, ", ") + "."
	}
	return "It left in AWS: " + strings.Join(o.Stands, ", ") + "."
}

// Glance finds the drills of a pair that are open: those that the journals in a
// folder know of, and those whose marks are in AWS. In AWS it makes two requests a
// side, and more only where it finds something. What can't be read is passed over.
func Glance(ctx context.Context, w survey.World, dir string, own func(path string) bool) []Open {
	all := Journals(dir, w.Pair, own)
	found := make([]standing.Found, 2)
	places := places(w)
	group := pool.New()
	for i, p := range places {
		group.Go(func() {
			found[i] = standing.Glance(ctx, p)
			if len(found[i].Drills(w.Pair)) > 0 {
				found[i], _ = standing.Read(ctx, p) // its error is the context's
			}
		})
	}
	group.Wait()
	return merge(w.Pair, all, places, found)
}

// places are those of a world that nobody has surveyed.
func places(w survey.World) []standing.Place {
	p := w.Pair
	if p.Options.RolePrefix == "" {
		p.Options.RolePrefix = w.RolePrefix
	}
	all := make([]standing.Place, 0, 2)
	for _, d := range pair.Directions() {
		all = append(all, standing.Place{Clients: w.Clients(d.From()), Pair: w.Pair, Direction: d, Role: p.DrillRoleName(d)})
	}
	return all
}

// merge adds to what journals know what stands in AWS.
func merge(p pair.Pair, all []Open, places []standing.Place, found []standing.Found) []Open {
	for i, f := range found {
		for _, drill := range f.Drills(p) {
			at := slices.IndexFunc(all, func(o Open) bool { return o.Drill == drill })
			if at < 0 {
				all = append(all, Open{Drill: drill, Kind: record.Alarm})
				at = len(all) - 1
			}
			all[at].take(f.Of(p, drill), places[i])
			if all[at].Journal == "" && all[at].pauses {
				all[at].Kind = record.Pause
			}
		}
	}
	return all
}

func (o *Open) take(f standing.Found, p standing.Place) {
	o.Stands = append(o.Stands, f.Words(p)...)
	if len(f.Statements) > 0 {
		if o.Fails = true; o.statements == nil {
			o.statements = map[pair.Direction][]standing.Statement{}
		}
		o.statements[p.Direction] = f.Statements
	}
	f.Statements = nil
	o.pauses = o.pauses || !f.None()
	o.Pauses = o.Pauses || len(f.Experiments) > 0
	if until := f.PausesUntil(); until.After(o.Until) {
		o.Until = until
	}
	if f.Role != nil {
		if o.By == "" {
			o.By = f.Role.By
		}
		if o.Since.IsZero() {
			o.Since = f.Role.Created
		}
	}
	for _, t := range f.Templates {
		if o.Since.IsZero() {
			o.Since = t.Created
		}
	}
}
