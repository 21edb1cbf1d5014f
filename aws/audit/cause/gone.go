package cause

import (
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// completed judges what S3 reports as replicated, and what the other side lacks.
func (w world) completed(d *difference.Difference, way way, f facts) {
	e, here := d.Entry(), f[d.Only()]
	on, off := way.covering(d.Key)
	var others []rule
	for _, r := range way.elsewhere {
		if len(d.Key) >= len(r.prefix) && d.Key[:len(r.prefix)] == r.prefix {
			others = append(others, r)
		}
	}
	if len(others) > 0 {
		how, known := way.past.at(e.Modified)
		switch {
		case len(on)+len(off) == 0:
			is(d, difference.NeverEligible, difference.NoRule, difference.Repair)
			say(d, "no rule takes its key %s; the rule %s takes it to another bucket, of which COMPLETED tells", way.direction.Arrow(), names(others))
			return
		case how == before:
			is(d, difference.NeverEligible, difference.BeforeRule, replicate(d, way, way.reasons(here)))
			say(d, "the rule %s takes its key to another bucket, of which COMPLETED tells: %s", names(others), known)
			return
		case how == unknown:
			unknownOf(d, "the rule "+names(others)+" takes its key to another bucket, too: whether COMPLETED tells of this pair can't be told, because "+known)
			return
		}
		say(d, "the rule %s takes its key to another bucket, too; COMPLETED comes when all have it", names(others))
	}
	w.gone(d, f)
}

// replicaAlone judges a replica whose original the other side lacks.
func (w world) replicaAlone(d *difference.Difference, way way, f facts) {
	back := w.ways[way.direction.Reverse()]
	on, off := back.covering(d.Key)
	switch {
	case back.unread != "":
		unknownOf(d, "where it came from can't be told: "+back.unread)
	case len(on)+len(off) == 0:
		how, known := back.past.at(d.Entry().Modified)
		if len(back.rules) == 0 && (how == away || how == standing) {
			say(d, "no rule goes %s now, but one did: %s", back.direction.Arrow(), known)
			w.gone(d, f)
			return
		}
		is(d, difference.NeverEligible, difference.IsReplica, replicate(d, way, way.reasons(f[d.Only()])))
		say(d, "no rule takes its key %s, as the rules read now, so it came from a third bucket: replicas are not replicated again, except by a batch job", back.direction.Arrow())
	default:
		say(d, "the rule %s takes its key %s: it came from there, unless a third bucket replicates to %s", names(append(on, off...)), back.direction.Arrow(), d.Only())
		w.gone(d, f)
	}
}

// gone judges what was on both sides and is on one: S3 replicates no deletion by
// version ID, and nothing that lifecycle does (S3 User Guide, "What does Amazon S3
// replicate?").
func (w world) gone(d *difference.Difference, f facts) {
	side := d.Only().Other() // where it is gone
	w.goneBy(d, side, f)
	switch {
	case w.superseded(d, f[d.Only()]):
	case d.Cause == difference.ByLifecycle:
		d.Remedy = difference.Look
		say(d, "give both sides the same lifecycle rules; a copy would be removed there again")
	case !d.Entry().Latest:
		d.Remedy = difference.Look
		say(d, "%s serves another version of the key: a copy in place would be served instead, on both sides", d.Only())
	case servesNewer(d, side):
		d.Remedy = difference.Look
		say(d, "%s serves something newer for the key: a copy in place would be served instead, on both sides", side)
	default:
		d.Remedy = difference.CopyInPlace
		say(d, "Batch Replication refuses what was deleted by its version ID: a copy in place is a new version, which replicates")
	}
}

// servesNewer says whether the side that lacks a version serves something, or a
// delete marker, that is newer.
func servesNewer(d *difference.Difference, side pair.SideName) bool {
	current := d.Serves(side)
	return current != nil && current.Modified.After(d.Entry().Modified)
}

func (w world) goneBy(d *difference.Difference, side pair.SideName, f facts) {
	e, here, other := d.Entry(), f[d.Only()], f[side]
	gone := func(c difference.Cause) { is(d, difference.Gone, c, difference.NoRemedy) }
	say(d, "so %s had it, and lost it", side)
	if w.sides[side].unread {
		gone(difference.Undetermined)
		say(d, "the lifecycle rules of %s can't be read: whether lifecycle removed it, or somebody by its version ID, can't be told", side)
		return
	}
	if !w.hasLifecycle(side, d.Key) {
		gone(difference.ByVersionID)
		say(d, "no lifecycle rule of %s removes anything of this key, so somebody deleted it by its version ID there, unless there was such a rule before", side)
		return
	}
	if other.versionsWhy != "" {
		gone(difference.Undetermined)
		say(d, "%s: whether lifecycle removed it can't be told", other.versionsWhy)
		return
	}
	// Lifecycle removes only what is noncurrent: since the next newer version, or
	// since the marker that it put itself and may have removed again.
	since, newer := other.since(e)
	by := "noncurrent there since " + instant(since)
	if since.IsZero() {
		expired, id := w.expires(side, d.Key, e, here)
		if expired.IsZero() {
			gone(difference.ByVersionID)
			say(d, "%s has nothing newer of this key, and none of its lifecycle rules expires what is current: it was deleted by its version ID", side)
			return
		}
		since, newer = expired, 1
		by = "expired there by the lifecycle rule " + id + " from " + instant(expired)
	}
	at, id := w.removes(side, d.Key, e, here, since, newer)
	switch {
	case at.IsZero():
		gone(difference.ByVersionID)
		say(d, "no lifecycle rule of %s removes noncurrent versions of this key: it was deleted by its version ID, unless there was such a rule before", side)
	case lookedAt(here, other).Before(at):
		gone(difference.ByVersionID)
		say(d, "the lifecycle rule %s of %s removes it not before %s: it was deleted by its version ID", id, side, instant(at))
	default:
		gone(difference.ByLifecycle)
		say(d, "it was %s, and the lifecycle rule %s of %s was to remove it from %s", by, id, side, instant(at))
		if here.tagsUnread != "" {
			say(d, "%s: whether that rule covers it hangs on them", here.tagsUnread)
			d.Cause = difference.Undetermined
		}
	}
}

func lookedAt(a, b fact) time.Time {
	if a.at.After(b.at) {
		return a.at
	}
	return b.at
}
