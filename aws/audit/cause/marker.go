package cause

import (
	"time"

	"bothways/aws/audit/difference"
	"bothways/probe/wording"
)

// marker judges a delete marker that one side alone has. Markers have no
// replication status (HEAD of one is 405), so it is told from rules, dates, and
// from the objects that were written about when it was made; and less is certain.
func (w world) marker(d *difference.Difference, way way, f facts) {
	side, e := d.Only(), d.Entry()
	if w.hidesNothing(d) {
		return
	}
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
			stays(difference.BeforeRule, placed(d))
		} else {
			stays(difference.WhileDisabled, placed(d))
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
		stays(difference.MarkersOff, placed(d))
		if len(on[0].tags) > 0 {
			say(d, "the rule %s filters by tags, and such a rule replicates no delete markers", on[0].id)
		} else {
			say(d, "the rule %s does not replicate delete markers", on[0].id)
		}
		return
	}
	if at, id := w.expiry(d, f); !at.IsZero() && !e.Modified.Before(at) {
		stays(difference.MarkerOfExpiry, difference.Look)
		say(d, "the lifecycle rule %s of %s was to expire the version below from %s, and S3 replicates no markers of lifecycle: give both sides the same lifecycle rules", id, side, instant(at))
		return
	}
	say(d, "the rule %s replicates delete markers", takes.id)
	about, seen := here.about.tells()
	switch {
	case how == before, how == coming:
		say(d, "%s", known)
		stays(difference.BeforeRule, placed(d))
	case how == away:
		say(d, "%s", known)
		stays(difference.WhileDisabled, placed(d))
	case about == away:
		say(d, "%s: so the rule was disabled or gone when this was made", seen)
		stays(difference.WhileDisabled, placed(d))
	default:
		w.coveredMarker(d, way, here, about, seen)
		return
	}
	tellReasons(d, way, way.markerReasons())
}

// coveredMarker judges a marker of which nothing says that the rule was gone when it
// was made.
func (w world) coveredMarker(d *difference.Difference, way way, here fact, about stood, seen string) {
	side := d.Only()
	age := here.at.Sub(d.Entry().Modified)
	young := age <= way.times.limit(0)
	if reasons := way.markerReasons(); len(reasons) > 0 {
		is(d, difference.MarkerStayed, causeOf(reasons[0].Cause), difference.Repair)
		tellReasons(d, way, reasons)
		return
	}
	say(d, "it is %s old; %s", wording.Duration(age), way.times.words(0))
	say(d, "%s", seen)
	switch {
	case young && (about == standing || way.times.measured() && !here.about.doubtful()):
		is(d, difference.InFlight, difference.NoCause, difference.Wait)
		return
	case young:
		is(d, difference.Unknown, difference.Undetermined, difference.Wait)
		say(d, "it may be on its way, or have been made while the rule was disabled or gone: markers have no status that tells, and nothing else does so far")
		return
	}
	is(d, difference.MarkerStayed, difference.Undetermined, difference.Look)
	other := side.Other()
	text := "it may have been made while the rule was disabled or gone, or it may have failed"
	if about == standing {
		text = "it may have failed"
	}
	text += "; or somebody deleted it on " + string(other) + " by its version ID, which brings the file back there (an undelete): markers have no status that tells"
	if id, does := w.tidiesMarkers(other, d.Key); does {
		text += "; the lifecycle rule " + id + " of " + string(other) + " removes markers without versions, too"
	}
	say(d, "%s", text)
	say(d, "if the deletion is meant, delete the key on %s, too; if %s is right, delete the marker on %s by its version ID", other, other, side)
}

// doubtful says that something was left by the rule about when a marker was made.
func (s surroundings) doubtful() bool {
	for _, w := range []*witness{s.before, s.after, s.withLeft} {
		if w != nil && !w.taken {
			return true
		}
	}
	return false
}

// placed is what puts right a marker that did not travel, where that is meant: one
// that hides nothing newer is repeated.
func placed(d *difference.Difference) difference.Remedy {
	if !d.Entry().Latest || servesNewer(d, d.Only().Other()) {
		say(d, "one side serves something newer by now, which the marker does not hide: put that right first")
		return difference.Look
	}
	return difference.PlaceMarker
}

// served says what a GET of the key reads on both sides.
func served(d *difference.Difference) {
	side, e := d.Only(), d.Entry()
	current := d.Serves(side.Other())
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
