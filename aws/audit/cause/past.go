package cause

import "time"

const (
	// propagation is how long S3 may take until a rule that was written covers
	// what is put (S3 API reference, PutBucketReplication: "a while").
	propagation = 15 * time.Minute
	// applying is how long after its role bothways writes a rule at most, where
	// nothing comes between: it may wait 15 minutes for versioning.
	applying = 20 * time.Minute
)

// deed is what a run of bothways on this computer did to a direction's rule.
type deed struct {
	at   time.Time
	what deedKind
	run  string
}

type deedKind int

const (
	wrote  deedKind = iota // the rule stands from here on
	found                  // it stood already
	proved                 // a canary was replicated by it
	took                   // it was removed
)

// past is what is known of when a direction's rule stood.
type past struct {
	deeds []deed // in their order
	// role is when the role that the rule names was made, by IAM; no rule can
	// have replicated with it before. Zero: not known. ours says that bothways made
	// it, and so its rule soon after.
	role time.Time
	ours bool
	// backfilled is when the last backfill of the pair began on this computer: its
	// jobs give a status to what no rule took. Zero: none is known of.
	backfilled time.Time
}

// stood is how a rule stood at some time.
type stood int

const (
	unknown  stood = iota
	before         // it was not there yet
	coming         // it had just been written
	standing       // it stood, as far as is known
	away           // it had been removed
)

// at says how the rule stood at a time, and how that is known.
func (p past) at(t time.Time) (stood, string) {
	if !p.role.IsZero() && t.Before(p.role) {
		return before, "it was written on " + instant(t) + ", and the role that the rule names was made on " + instant(p.role) + ": before that the rule replicated nothing"
	}
	var last, next *deed
	for i, d := range p.deeds {
		if !d.at.After(t) {
			last = &p.deeds[i]
			continue
		}
		next = &p.deeds[i]
		break
	}
	switch {
	case last == nil && next != nil && next.what == wrote:
		return before, "it was written on " + instant(t) + ", and run " + next.run + " of bothways wrote the rule on " + instant(next.at)
	case last != nil && last.what == took:
		text := "run " + last.run + " of bothways removed the rule on " + instant(last.at)
		if next != nil && next.what == wrote {
			text += ", and run " + next.run + " wrote it again on " + instant(next.at)
		}
		return away, text + "; this was written on " + instant(t)
	case last != nil && last.what == wrote && t.Sub(last.at) < propagation:
		return coming, "it was written on " + instant(t) + ", within the minutes in which the rule that run " + last.run + " of bothways wrote on " + instant(last.at) + " came into force"
	case last != nil:
		return standing, "run " + last.run + " of bothways " + last.what.words() + " on " + instant(last.at) + ", before this was written on " + instant(t)
	case p.ours && !p.role.IsZero() && t.Sub(p.role) > applying:
		return standing, "bothways made the role of the rule on " + instant(p.role) + ", and writes the rule right after it; this was written on " + instant(t)
	}
	return unknown, "when the rule was written is not known: no run of bothways on this computer did it" +
		", and what IAM says of its role tells nothing for " + instant(t)
}

func (k deedKind) words() string {
	switch k {
	case proved:
		return "saw the rule replicate a canary"
	case found:
		return "found the rule there"
	case took:
		return "removed the rule"
	case wrote:
	}
	return "wrote the rule"
}
