package cause

import (
	"fmt"
	"strings"

	"bothways/aws/audit/difference"
)

// neverTaken judges what has no replication status: no rule took it when it was
// written, and none will.
func (w world) neverTaken(d *difference.Difference, way way, here fact) {
	e := d.Entry()
	never := func(c difference.Cause, r difference.Remedy) { is(d, difference.NeverEligible, c, r) }
	on, off := way.covering(d.Key)
	how, known := way.past.at(e.Modified)
	switch {
	case here.archived:
		never(difference.Archived, difference.Restore)
		say(d, "it lies in %s, from where S3 replicates nothing", archiveWords(here))
		if how == before || e.VersionID == nullID {
			say(d, "it is from before the rule, too: %s", known)
		}
		return
	case e.VersionID == nullID:
		never(difference.BeforeRule, replicate(d, way, way.reasons(here)))
		say(d, "it is the null version: it was written while versioning was off or suspended, when a bucket can have no rule")
	case way.unread != "":
		never(difference.Undetermined, difference.Look)
		say(d, "%s", way.unread)
	case len(on) == 0 && len(off) > 0:
		w.disabled(d, off, how, known)
	case len(on) == 0 && len(way.rules) > 0:
		never(difference.OutsideFilter, difference.Widen)
		say(d, "the %s %s of %s do not cover the key", plural(len(way.rules), "rule"), names(way.rules), way.direction.Arrow())
		if !strings.HasPrefix(d.Key, w.prefix) {
			d.Remedy = difference.Look
			say(d, "neither does what this pair is meant to replicate, %q: widen it if that is not meant", w.prefix)
		}
	case len(on) == 0:
		never(difference.NoRule, difference.Repair)
		say(d, "no rule of %s goes %s now", way.direction.From(), way.direction.Arrow())
	default:
		w.covered(d, way, on, here, how, known)
	}
}

// disabled judges what only a disabled rule covers.
func (w world) disabled(d *difference.Difference, off []rule, how stood, known string) {
	say(d, "the only %s that covers the key %s, is disabled now", plural(len(off), "rule"), names(off))
	say(d, "%s", known)
	if how == before || how == coming {
		is(d, difference.NeverEligible, difference.BeforeRule, difference.Repair)
		return
	}
	is(d, difference.NeverEligible, difference.WhileDisabled, difference.Repair)
}

// covered judges what an enabled rule covers by its key, and what has no status
// all the same.
func (w world) covered(d *difference.Difference, way way, on []rule, here fact, how stood, known string) {
	never := func(c difference.Cause, r difference.Remedy) { is(d, difference.NeverEligible, c, r) }
	var takes []rule
	var untagged, unread bool
	for _, r := range on {
		switch {
		case len(r.tags) == 0, here.tagCount >= len(r.tags) && here.tagsUnread == "" && tagged(here.tags, r.tags):
			takes = append(takes, r)
		case here.tagCount >= len(r.tags) && here.tagsUnread != "":
			unread = true
		default:
			untagged = true
		}
	}
	switch {
	case len(takes) == 0 && unread:
		never(difference.Undetermined, difference.Look)
		say(d, "the rule %s goes by tags, and %s", names(on), here.tagsUnread)
		return
	case len(takes) == 0 && untagged:
		never(difference.OutsideFilter, difference.Look)
		say(d, "the rule %s takes objects with certain tags only, which this lacks: S3 looks at those of the moment when it is put", names(on))
		return
	}
	if r := takes[0]; here.isKMS() && !r.kms {
		never(difference.KMSNotOptedIn, difference.Widen)
		say(d, "on %s it is %s, and the rule %s takes nothing that is encrypted with KMS", d.Only(), here.encryptionWords(), r.id)
		return
	}
	say(d, "the rule %s covers it now", takes[0].id)
	say(d, "%s", known)
	switch how {
	case before, coming:
		never(difference.BeforeRule, replicate(d, way, way.reasons(here)))
	case away:
		never(difference.WhileDisabled, replicate(d, way, way.reasons(here)))
	case standing:
		never(difference.WhileDisabled, replicate(d, way, way.reasons(here)))
		say(d, "so the rule was disabled, gone or narrower when it was written: what is written meanwhile is never taken up")
	default:
		never(difference.Undetermined, replicate(d, way, way.reasons(here)))
		say(d, "so it is from before the rule, or from a time when the rule was disabled, gone or narrower")
	}
	if len(takes[0].tags) > 0 {
		say(d, "it has the tags that the rule wants now; it may have got them later")
	}
}

func names(rules []rule) string {
	all := make([]string, 0, len(rules))
	for _, r := range rules {
		name := r.id
		if name == "" {
			name = "without an ID"
		}
		if r.prefix != "" {
			name += fmt.Sprintf(" (under %q)", r.prefix)
		}
		all = append(all, name)
	}
	if len(all) > mostReasons {
		return strings.Join(all[:mostReasons], ", ") + fmt.Sprintf(" and %d more", len(all)-mostReasons)
	}
	return strings.Join(all, ", ")
}

func plural(n int, what string) string {
	if n == 1 {
		return what
	}
	return what + "s"
}
