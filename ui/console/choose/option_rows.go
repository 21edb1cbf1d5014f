package choose

import (
	"cmp"
	"slices"

	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

// optionRow is one option: what it is called, what it is now, what it means
// and what it costs. It is either switched or typed.
type optionRow struct {
	name         string
	value        func(pair.Pair) string
	means, costs string
	// change switches the option; nil where it is typed.
	change func(*pair.Pair)
	// text and take are the option as it is typed; take refuses what can't be.
	text func(pair.Pair) string
	take func(*pair.Pair, string) error
	// moot says why the option means nothing now, or is nil.
	moot func(pair.Pair) string
}

const (
	on  = "on"
	off = "off"
)

// switched is an option that is on or off.
func switched(name, means, costs string, of func(*pair.Pair) *bool) optionRow {
	return optionRow{
		name: name, means: means, costs: costs,
		value:  func(p pair.Pair) string { return widget.Choice(*of(&p), on, off) },
		change: func(p *pair.Pair) { *of(p) = !*of(p) },
	}
}

// unless says why the option means nothing where that holds.
func (r optionRow) unless(holds func(pair.Options) bool, reason string) optionRow {
	r.moot = func(p pair.Pair) string { return widget.Choice(holds(p.Options), reason, "") }
	return r
}

// typed is an option that is a text, which check may refuse; none is its value
// without one.
func typed(name, means, costs, none string, of func(*pair.Pair) *string, check func(pair.Pair, string) error) optionRow {
	return optionRow{
		name: name, means: means, costs: costs,
		value: func(p pair.Pair) string { return cmp.Or(*of(&p), none) },
		text:  func(p pair.Pair) string { return *of(&p) },
		take: func(p *pair.Pair, text string) error {
			if err := check(*p, text); err != nil {
				return err
			}
			*of(p) = text
			return nil
		},
	}
}

// tagged is an option that is tags; none is its value without any.
func tagged(name, means, costs, none string, of func(*pair.Pair) *pair.Tags) optionRow {
	return optionRow{
		name: name, means: means, costs: costs,
		value: func(p pair.Pair) string { return cmp.Or(of(&p).String(), none) },
		text:  func(p pair.Pair) string { return of(&p).String() },
		take: func(p *pair.Pair, text string) error {
			tags, err := pair.ParseTags(text)
			if err == nil {
				*of(p) = tags
			}
			return err
		},
	}
}

// usualOptions are those that most pairs are asked about.
func usualOptions() []optionRow {
	return []optionRow{
		typed("prefix", "Only keys that start with it replicate; no prefix means all.",
			"Every replicated object costs one PUT and the transfer between the regions.", "no prefix",
			func(p *pair.Pair) *string { return &p.Options.Prefix }, func(_ pair.Pair, text string) error { return pair.CheckPrefix(text) }),
		switched("delete markers", "A delete without a version ID hides the object on the other side, too.",
			"One request each. Deletes of a version are never replicated.",
			func(p *pair.Pair) *bool { return &p.Options.DeleteMarkers }).
			unless(func(o pair.Options) bool { return o.FilterTags != "" }, "a rule that filters by tags can't replicate delete markers"),
		switched("replica edits", "Changes of tags, ACLs and locks on a replica go back to the other side.",
			"One request each. Without it the two sides drift apart.",
			func(p *pair.Pair) *bool { return &p.Options.ReplicaModifications }),
		metricsRow(),
	}
}

// metricsRow also reads as on where time control brings the metrics along.
func metricsRow() optionRow {
	row := switched("metrics", "CloudWatch shows pending bytes and operations, and latency.",
		"Custom metrics, about 1.20 USD a rule and month. Not needed for the probe.",
		func(p *pair.Pair) *bool { return &p.Options.Metrics }).
		unless(func(o pair.Options) bool { return o.TimeControl }, "time control brings the metrics along")
	row.value = func(p pair.Pair) string { return widget.Choice(p.Options.Metrics || p.Options.TimeControl, on, off) }
	return row
}

// moreOptions are those that a pair can do without.
func moreOptions() []optionRow {
	return []optionRow{
		filterRow(),
		switched("time control", "AWS promises 99.9 % of objects within 15 minutes (older pages: 99.99 %) and reports those that are late.",
			"About 0.015 USD a gigabyte, and the metrics. Not in every region.",
			func(p *pair.Pair) *bool { return &p.Options.TimeControl }),
		{
			name:   "storage class",
			means:  "The class of the replicas. As written: that of the object itself.",
			costs:  "Colder classes store cheaper, with a price for reading and a minimum stay.",
			value:  func(p pair.Pair) string { return cmp.Or(p.Options.StorageClass, "as written") },
			change: func(p *pair.Pair) { p.Options.StorageClass = nextClass(p.Options.StorageClass) },
		},
		keyRow(pair.A, func(p *pair.Pair) *string { return &p.Given.KeyA }),
		keyRow(pair.B, func(p *pair.Pair) *string { return &p.Given.KeyB }),
		{
			name:  "replica owner",
			means: "With two accounts and ACLs on, who owns a replica: the account of the side that it is on, or the one that wrote it.",
			costs: "Nothing. Without two accounts it makes no difference.",
			value: func(p pair.Pair) string {
				return widget.Choice(p.Options.KeepReplicaOwner, "who wrote it", "the side it is on")
			},
			change: func(p *pair.Pair) { p.Options.KeepReplicaOwner = !p.Options.KeepReplicaOwner },
		},
		roleRow(pair.AtoB, func(p *pair.Pair) *string { return &p.Given.RoleAtoB }),
		roleRow(pair.BtoA, func(p *pair.Pair) *string { return &p.Given.RoleBtoA }),
		typed("role boundary", "The ARN of the policy that is the permissions boundary of the roles that bothways makes; with two accounts one of each, with a space between; none takes it off.",
			"Nothing. What it does not allow the roles can't do; the canary shows whether it lets them replicate.", "as it is",
			func(p *pair.Pair) *string { return &p.Options.RoleBoundary }, pair.Pair.CheckRoleBoundary),
		typed("role path", "The IAM path of the roles that bothways makes. It begins and ends with /.",
			"Nothing. A role that stands can't be moved, so it stays where it is.", pair.RolePath,
			func(p *pair.Pair) *string { return &p.Options.RolePath }, func(_ pair.Pair, text string) error { return pair.CheckRolePath(text) }),
		typed("role prefix", "What the names of the roles that bothways makes begin with.",
			"Nothing. A role that stands can't be renamed, so it keeps its name.", "none",
			func(p *pair.Pair) *string { return &p.Options.RolePrefix }, pair.Pair.CheckRolePrefix),
		tagged("tags", "Further tags for the buckets and roles that bothways makes: KEY=VALUE,KEY=VALUE.",
			"Nothing.", "bothways' own mark only", func(p *pair.Pair) *pair.Tags { return &p.Options.MadeTags }),
		switched("settle", "Wait 15 minutes after versioning was switched on for the first time, as AWS advises. It can be skipped while it runs.",
			"Time. The canaries prove each direction either way.",
			func(p *pair.Pair) *bool { return &p.Options.Settle }),
	}
}

// filterRow takes the delete markers along: they can't be replicated with it.
func filterRow() optionRow {
	row := tagged("filter tags", "Only objects that carry all these tags when they are written replicate: KEY=VALUE,KEY=VALUE.",
		"Tags that are added later start nothing. Delete markers are not replicated then.", "none",
		func(p *pair.Pair) *pair.Tags { return &p.Options.FilterTags })
	take := row.take
	row.take = func(p *pair.Pair, text string) error {
		err := take(p, text)
		if err == nil && p.Options.FilterTags != "" {
			p.Options.DeleteMarkers = false
		}
		return err
	}
	return row
}

func keyRow(side pair.SideName, of func(*pair.Pair) *string) optionRow {
	return typed("KMS key "+string(side),
		"The key's ARN: objects encrypted with KMS replicate, and replicas on side "+string(side)+" are encrypted with it. Give one for each side.",
		"KMS charges by the request; a key costs by the month. The key's own policy has to allow the role.",
		"the bucket's own, if it has one", of, func(p pair.Pair, text string) error { return pair.CheckKey(text, p.Side(side).Region) })
}

func roleRow(d pair.Direction, of func(*pair.Pair) *string) optionRow {
	return typed("role "+d.Arrow(), "The ARN of a role that stands already; bothways changes nothing about it. None: bothways makes one.",
		"Nothing. The canary shows whether it may do what it must.",
		"made by bothways", of, func(_ pair.Pair, text string) error { return pair.CheckRole(text) })
}

// nextClass goes round: as written, then every class of S3.
func nextClass(class string) string {
	classes := append([]string{""}, pair.StorageClasses()...)
	return classes[(slices.Index(classes, class)+1)%len(classes)]
}
