package cause

import (
	"time"

	"bothways/aws/audit/difference"
	"bothways/probe/wording"
)

// marker judges a delete marker that one side alone has. Markers have no
// replication status (HEAD of one is 405), so more is told from rules and dates
// than of objects, and less is certain.
func (w world) marker(d *difference.Difference, way way, f facts) {
	side, e := d.Only(), d.Entry()
	here := f[side]
	served(d)
	stays := func(c difference.Cause, r difference.Remedy) { is(d, difference.MarkerStayed, c, r) }
	if way.unread != "" {
		stays(difference.Undetermined, difference.Look)
		say(d, "%s", way.unread)
		return
	}
	on, off := way.covering(d.Key)
	how, known := way.past.at(e.Modified)
	takes := way.takesMarkers(d.Key)
	switch {
	case len(on) == 0 && len(off) > 0:
		say(d, "the rule %s, which covers the key, is disabled now", names(off))
		say(d, "%s", known)
		if how == before {
			stays(difference.BeforeRule, difference.Look)
		} else {
			stays(difference.WhileDisabled, difference.Repair)
		}
		return
	case len(on) == 0 && len(way.rules) > 0:
		stays(difference.OutsideFilter, difference.Look)
		say(d, "the %s %s of %s do not cover the key", plural(len(way.rules), "rule"), names(way.rules), way.direction.Arrow())
		return
	case len(on) == 0:
		stays(difference.NoRule, difference.Repair)
		say(d, "no rule of %s goes %s now", side, way.direction.Arrow())
		return
	case takes == nil:
		stays(difference.MarkersOff, difference.Look)
		if len(on[0].tags) > 0 {
			say(d, "the rule %s filters by tags, and such a rule replicates no delete markers", on[0].id)
		} else {
			say(d, "the rule %s does not replicate delete markers", on[0].id)
		}
		return
	}
	age := here.at.Sub(e.Modified)
	if limit := way.times.limit(0); age <= limit && len(way.markerReasons()) == 0 {
		is(d, difference.InFlight, difference.NoCause, difference.Wait)
		say(d, "the rule %s replicates delete markers, and this one is %s old; %s", takes.id, wording.Duration(age), way.times.words(0))
		return
	}
	if at, id := w.expiry(d, f); !at.IsZero() && !e.Modified.Before(at) {
		stays(difference.MarkerOfExpiry, difference.Look)
		say(d, "the lifecycle rule %s of %s was to expire the version below from %s, and S3 replicates no markers of lifecycle: give both sides the same lifecycle rules", id, side, instant(at))
		return
	}
	say(d, "the rule %s replicates delete markers", takes.id)
	switch how {
	case before, coming:
		stays(difference.BeforeRule, replicate(d, way, way.markerReasons()))
		say(d, "%s", known)
		return
	case away:
		stays(difference.WhileDisabled, replicate(d, way, way.markerReasons()))
		say(d, "%s", known)
		return
	case standing, unknown: // neither tells anything of a marker
	}
	if reasons := way.markerReasons(); len(reasons) > 0 {
		stays(causeOf(reasons[0].Cause), difference.Repair)
		tellReasons(d, way, reasons)
		return
	}
	stays(difference.Undetermined, difference.Look)
	text := "it may have been made while the rule was disabled or gone, it may have failed, or it came from " + string(side.Other()) + " and was deleted there by its version ID: markers have no status that tells"
	if id, does := w.tidiesMarkers(side.Other(), d.Key); does {
		text += "; the lifecycle rule " + id + " of " + string(side.Other()) + " removes markers without versions, too"
	}
	say(d, "%s", text)
	if way.times.measured() {
		say(d, "it is %s old; %s", wording.Duration(age), way.times.words(0))
	}
}

// served says what a GET of the key reads on both sides.
func served(d *difference.Difference) {
	side, e := d.Only(), d.Entry()
	current := d.CurrentA
	if side.Other() == "B" {
		current = d.CurrentB
	}
	if e.Latest && current != nil && !current.Marker {
		say(d, "%s serves nothing for the key, %s the version %s of %s", side, side.Other(), current.VersionID, instant(current.Modified))
	}
}

// expiry is when lifecycle was to put a marker over the version below this one on
// its side, and by which rule; zero: no rule does, or the version is not known.
func (w world) expiry(d *difference.Difference, f facts) (time.Time, string) {
	here, e := f[d.Only()], d.Entry()
	var below *difference.Entry
	for i, v := range here.versions {
		if v.VersionID == e.VersionID || v.Modified.After(e.Modified) {
			continue
		}
		if below == nil || v.Modified.After(below.Modified) {
			below = &here.versions[i]
		}
	}
	if below == nil || below.Marker {
		return time.Time{}, ""
	}
	return w.expires(d.Only(), d.Key, *below, fact{})
}
