package doctor

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/probe/wording"
)

// Check is one thing that a direction's health rests on, and what was seen of it.
type Check struct {
	What  string  `json:"what"` // "versioning"
	Seen  Seen    `json:"seen"`
	Says  string  `json:"says"`
	cause []Cause // a trouble of these is said instead
}

// Seen is what came of looking at something.
type Seen string

// What can come of looking.
const (
	Fine  Seen = "fine"
	Open  Seen = "open" // not read, or not tried
	Amiss Seen = "amiss"
)

// evidence lists what was read of the direction and what it says. What is wrong
// with one is said in its place.
func (p *Checkup) evidence(found objects) []Check {
	checks := []Check{
		{"buckets", Fine, "both are there, in " + p.world.Pair.A.Region + " and " + p.world.Pair.B.Region, []Cause{CauseRegion, CauseBucket}},
		{"versioning", Fine, "Enabled on both sides", []Cause{CauseVersioning, CauseObjectLock}},
		{"rule", Open, "not read", []Cause{CauseRule, CauseStorageClass, CauseOwnership}},
		{"role", Open, "not read", []Cause{CauseRole, CauseTrust}},
		{"rights", Open, "not read", []Cause{CausePolicy}},
		{"policies", Fine, p.policiesSay(), []Cause{CauseBucketPolicy}},
		{"encryption", Fine, p.encryptionSays(), []Cause{CauseKMS}},
		{"objects", Fine, p.objectsSay(found), []Cause{CauseObjects, CauseLifecycle}},
	}
	say := func(what, says string) {
		at := slices.IndexFunc(checks, func(c Check) bool { return c.What == what })
		checks[at].Seen, checks[at].Says = Fine, says
	}
	if !p.known(p.direction.From()) || !p.known(p.direction.To()) {
		for i := range checks {
			checks[i].Seen, checks[i].Says = Open, "not read"
		}
	}
	if p.Rule != nil {
		say("rule", p.ruleSays())
	}
	if p.Role.readable {
		say("role", p.Role.Name+" is there, and S3 may take it")
	}
	if p.ruled > 0 {
		how := "as IAM simulates it"
		if p.byPolicies {
			how = "as its policies read"
		}
		say("rights", fmt.Sprintf("the role may take the %d actions that S3 needs, %s", p.ruled, how))
	}
	if p.from.PolicyUnread || p.to.PolicyUnread {
		checks[slices.IndexFunc(checks, func(c Check) bool { return c.What == "policies" })].Seen = Open
	}
	for i, c := range checks {
		for _, t := range p.Troubles {
			if !slices.Contains(c.cause, t.Cause) || checks[i].Seen == Amiss {
				continue
			}
			checks[i].Says, checks[i].Seen = t.Title, Amiss
			if t.Severity == survey.Note {
				checks[i].Seen = Open
			}
		}
	}
	return checks
}

func (p *Checkup) ruleSays() string {
	covers := "all objects"
	if prefix := wanted.PrefixOf(*p.Rule); prefix != "" {
		covers = fmt.Sprintf("what begins with %q", prefix)
	}
	for _, also := range []struct {
		is   bool
		what string
	}{{p.replicatesMarkers(), "delete markers"}, {p.syncs(), "edits of replicas"}} {
		if also.is {
			covers += ", " + also.what
		}
	}
	return p.ruleID() + " is Enabled: " + covers
}

func (p *Checkup) policiesSay() string {
	switch {
	case p.from.PolicyUnread || p.to.PolicyUnread:
		return "a bucket's policy can't be read"
	case p.from.Policy == "" && p.to.Policy == "":
		return "neither bucket has a policy"
	}
	return "no bucket policy denies the role anything"
}

func (p *Checkup) encryptionSays() string {
	if p.sourceKey == "" {
		return "new objects on " + string(p.direction.From()) + " need no key of KMS"
	}
	return "the role may use the key of KMS on " + string(p.direction.From())
}

// objectsSay counts the newest objects by their replication status.
func (p *Checkup) objectsSay(found objects) string {
	side := string(p.direction.From())
	if len(found.seen) == 0 {
		return "none on " + side + " that would show anything: it holds no object, or replicas alone"
	}
	counts := map[string]int{}
	var order []string
	for _, o := range found.seen {
		status := cmp.Or(string(o.head.ReplicationStatus), "no status")
		if counts[status]++; counts[status] == 1 {
			order = append(order, status)
		}
	}
	parts := make([]string, 0, len(order))
	for _, status := range order {
		parts = append(parts, fmt.Sprintf("%d %s", counts[status], status))
	}
	return fmt.Sprintf("of the newest on %s: %s", side, strings.Join(parts, ", "))
}

// canaryCheck is what only a canary can show.
func canaryCheck(h HealthEvent, asked bool) Check {
	c := Check{What: "canary", Seen: Open, Says: "not tried: only an object that arrives proves that all of this is in force"}
	switch {
	case h.State == Proven:
		c.Seen, c.Says = Fine, "read on the other side"
		if h.ReplicaMS > 0 {
			c.Says += " after " + wording.Duration(time.Duration(h.ReplicaMS)*time.Millisecond)
		}
	case h.Untried != "":
		c.Says = "not written: " + h.Untried
	case asked:
		c.Seen, c.Says = Amiss, h.Detail
	}
	return c
}
