package choose

import (
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

func onOff(is bool) string {
	if is {
		return on
	}
	return off
}

// usualOptions are those that most pairs are asked about.
func usualOptions() []optionRow {
	return []optionRow{
		{
			name:  "prefix",
			means: "Only keys that start with it replicate; no prefix means all.",
			costs: "Every replicated object costs one PUT and the transfer between the regions.",
			value: func(p pair.Pair) string { return orNone(p.Options.Prefix) },
			text:  func(p pair.Pair) string { return p.Options.Prefix },
			take: func(p *pair.Pair, text string) error {
				if err := pair.CheckPrefix(text); err != nil {
					return err
				}
				p.Options.Prefix = text
				return nil
			},
		},
		{
			name:   "delete markers",
			means:  "A delete without a version ID hides the object on the other side, too.",
			costs:  "One request each. Deletes of a version are never replicated.",
			value:  func(p pair.Pair) string { return onOff(p.Options.DeleteMarkers) },
			change: func(p *pair.Pair) { p.Options.DeleteMarkers = !p.Options.DeleteMarkers },
			moot: func(p pair.Pair) string {
				if p.Options.FilterTags != "" {
					return "a rule that filters by tags can't replicate delete markers"
				}
				return ""
			},
		},
		{
			name:   "replica edits",
			means:  "Changes of tags, ACLs and locks on a replica go back to the other side.",
			costs:  "One request each. Without it the two sides drift apart.",
			value:  func(p pair.Pair) string { return onOff(p.Options.ReplicaModifications) },
			change: func(p *pair.Pair) { p.Options.ReplicaModifications = !p.Options.ReplicaModifications },
		},
		{
			name:   "metrics",
			means:  "CloudWatch shows pending bytes and operations, and latency.",
			costs:  "Custom metrics, about 1.20 USD a rule and month. Not needed for the probe.",
			value:  func(p pair.Pair) string { return onOff(p.Options.Metrics || p.Options.TimeControl) },
			change: func(p *pair.Pair) { p.Options.Metrics = !p.Options.Metrics },
			moot: func(p pair.Pair) string {
				if p.Options.TimeControl {
					return "time control brings the metrics along"
				}
				return ""
			},
		},
	}
}

// moreOptions are those that a pair can do without.
func moreOptions() []optionRow {
	return []optionRow{
		{
			name:  "filter tags",
			means: "Only objects that carry all these tags when they are written replicate: KEY=VALUE,KEY=VALUE.",
			costs: "Tags that are added later start nothing. Delete markers are not replicated then.",
			value: func(p pair.Pair) string { return orElse(p.Options.FilterTags.String(), "none") },
			text:  func(p pair.Pair) string { return p.Options.FilterTags.String() },
			take: func(p *pair.Pair, text string) error {
				tags, err := pair.ParseTags(text)
				if err == nil {
					p.Options.FilterTags, p.Options.DeleteMarkers = tags, p.Options.DeleteMarkers && tags == ""
				}
				return err
			},
		},
		{
			name:   "time control",
			means:  "AWS promises 99.9 % of objects within 15 minutes (older pages: 99.99 %) and reports those that are late.",
			costs:  "About 0.015 USD a gigabyte, and the metrics. Not in every region.",
			value:  func(p pair.Pair) string { return onOff(p.Options.TimeControl) },
			change: func(p *pair.Pair) { p.Options.TimeControl = !p.Options.TimeControl },
		},
		{
			name:   "storage class",
			means:  "The class of the replicas. As written: that of the object itself.",
			costs:  "Colder classes store cheaper, with a price for reading and a minimum stay.",
			value:  func(p pair.Pair) string { return orElse(p.Options.StorageClass, "as written") },
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
		{
			name:  "tags",
			means: "Further tags for the buckets and roles that bothways makes: KEY=VALUE,KEY=VALUE.",
			costs: "Nothing.",
			value: func(p pair.Pair) string { return orElse(p.Options.MadeTags.String(), "bothways' own mark only") },
			text:  func(p pair.Pair) string { return p.Options.MadeTags.String() },
			take: func(p *pair.Pair, text string) error {
				tags, err := pair.ParseTags(text)
				if err == nil {
					p.Options.MadeTags = tags
				}
				return err
			},
		},
		{
			name:   "settle",
			means:  "Wait 15 minutes after versioning was switched on for the first time, as AWS advises. It can be skipped while it runs.",
			costs:  "Time. The canaries prove each direction either way.",
			value:  func(p pair.Pair) string { return onOff(p.Options.Settle) },
			change: func(p *pair.Pair) { p.Options.Settle = !p.Options.Settle },
		},
	}
}

func keyRow(side pair.SideName, of func(*pair.Pair) *string) optionRow {
	return optionRow{
		name:  "KMS key " + string(side),
		means: "The key's ARN: objects encrypted with KMS replicate, and replicas on side " + string(side) + " are encrypted with it. Give one for each side.",
		costs: "KMS charges by the request; a key costs by the month. The key's own policy has to allow the role.",
		value: func(p pair.Pair) string { return orElse(*of(&p), "the bucket's own, if it has one") },
		text:  func(p pair.Pair) string { return *of(&p) },
		take: func(p *pair.Pair, text string) error {
			if err := pair.CheckKey(text, p.Side(side).Region); err != nil {
				return err
			}
			*of(p) = text
			return nil
		},
	}
}

func roleRow(d pair.Direction, of func(*pair.Pair) *string) optionRow {
	return optionRow{
		name:  "role " + d.Arrow(),
		means: "The ARN of a role that stands already; bothways changes nothing about it. None: bothways makes one.",
		costs: "Nothing. The canary shows whether it may do what it must.",
		value: func(p pair.Pair) string { return orElse(*of(&p), "made by bothways") },
		text:  func(p pair.Pair) string { return *of(&p) },
		take: func(p *pair.Pair, text string) error {
			if err := pair.CheckRole(text); err != nil {
				return err
			}
			*of(p) = text
			return nil
		},
	}
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// nextClass goes round: as written, then every class of S3.
func nextClass(class string) string {
	classes := append([]string{""}, pair.StorageClasses()...)
	return classes[(slices.Index(classes, class)+1)%len(classes)]
}
