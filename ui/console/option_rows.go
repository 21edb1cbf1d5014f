package console

import (
	"slices"

	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

// optionRow is one option: what it is called, what it is now, what it means
// and what it costs. It is either switched or typed.
type optionRow struct {
	name         string
	value        func(pair.Options) string
	means, costs string
	// change switches the option; nil where it is typed.
	change func(*pair.Options)
	// text and take are the option as it is typed; take refuses what can't be.
	text func(pair.Options) string
	take func(*pair.Options, string, pair.Pair) error
	// moot says why the option means nothing now, or is nil.
	moot func(pair.Options) string
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
			value: func(o pair.Options) string { return orNone(o.Prefix) },
			text:  func(o pair.Options) string { return o.Prefix },
			take: func(o *pair.Options, text string, _ pair.Pair) error {
				if err := pair.CheckPrefix(text); err != nil {
					return err
				}
				o.Prefix = text
				return nil
			},
		},
		{
			name:   "delete markers",
			means:  "A delete without a version ID hides the object on the other side, too.",
			costs:  "One request each. Deletes of a version are never replicated.",
			value:  func(o pair.Options) string { return onOff(o.DeleteMarkers) },
			change: func(o *pair.Options) { o.DeleteMarkers = !o.DeleteMarkers },
			moot: func(o pair.Options) string {
				if o.FilterTags != "" {
					return "a rule that filters by tags can't replicate delete markers"
				}
				return ""
			},
		},
		{
			name:   "replica edits",
			means:  "Changes of tags, ACLs and locks on a replica go back to the other side.",
			costs:  "One request each. Without it the two sides drift apart.",
			value:  func(o pair.Options) string { return onOff(o.ReplicaModifications) },
			change: func(o *pair.Options) { o.ReplicaModifications = !o.ReplicaModifications },
		},
		{
			name:   "metrics",
			means:  "CloudWatch shows pending bytes and operations, and latency.",
			costs:  "Custom metrics, about 1.20 USD a rule and month. Not needed for the probe.",
			value:  func(o pair.Options) string { return onOff(o.Metrics || o.TimeControl) },
			change: func(o *pair.Options) { o.Metrics = !o.Metrics },
			moot: func(o pair.Options) string {
				if o.TimeControl {
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
			value: func(o pair.Options) string { return orElse(o.FilterTags.String(), "none") },
			text:  func(o pair.Options) string { return o.FilterTags.String() },
			take: func(o *pair.Options, text string, _ pair.Pair) error {
				tags, err := pair.ParseTags(text)
				if err == nil {
					o.FilterTags, o.DeleteMarkers = tags, o.DeleteMarkers && tags == ""
				}
				return err
			},
		},
		{
			name:   "time control",
			means:  "AWS promises 99.9 % of objects within 15 minutes (older pages: 99.99 %) and reports those that are late.",
			costs:  "About 0.015 USD a gigabyte, and the metrics. Not in every region.",
			value:  func(o pair.Options) string { return onOff(o.TimeControl) },
			change: func(o *pair.Options) { o.TimeControl = !o.TimeControl },
		},
		{
			name:   "storage class",
			means:  "The class of the replicas. As written: that of the object itself.",
			costs:  "Colder classes store cheaper, with a price for reading and a minimum stay.",
			value:  func(o pair.Options) string { return orElse(o.StorageClass, "as written") },
			change: func(o *pair.Options) { o.StorageClass = nextClass(o.StorageClass) },
		},
		keyRow(pair.A, func(o *pair.Options) *string { return &o.KeyA }),
		keyRow(pair.B, func(o *pair.Options) *string { return &o.KeyB }),
		{
			name:  "replica owner",
			means: "With two accounts and ACLs on, who owns a replica: the account of the side that it is on, or the one that wrote it.",
			costs: "Nothing. Without two accounts it makes no difference.",
			value: func(o pair.Options) string {
				return widget.Choice(o.KeepReplicaOwner, "who wrote it", "the side it is on")
			},
			change: func(o *pair.Options) { o.KeepReplicaOwner = !o.KeepReplicaOwner },
		},
		roleRow(pair.AtoB, func(o *pair.Options) *string { return &o.RoleAtoB }),
		roleRow(pair.BtoA, func(o *pair.Options) *string { return &o.RoleBtoA }),
		{
			name:  "tags",
			means: "Further tags for the buckets and roles that bothways makes: KEY=VALUE,KEY=VALUE.",
			costs: "Nothing.",
			value: func(o pair.Options) string { return orElse(o.MadeTags.String(), "bothways' own mark only") },
			text:  func(o pair.Options) string { return o.MadeTags.String() },
			take: func(o *pair.Options, text string, _ pair.Pair) error {
				tags, err := pair.ParseTags(text)
				if err == nil {
					o.MadeTags = tags
				}
				return err
			},
		},
		{
			name:   "settle",
			means:  "Wait 15 minutes after versioning was switched on for the first time, as AWS advises. It can be skipped while it runs.",
			costs:  "Time. The canaries prove each direction either way.",
			value:  func(o pair.Options) string { return onOff(o.Settle) },
			change: func(o *pair.Options) { o.Settle = !o.Settle },
		},
	}
}

func keyRow(side pair.SideName, of func(*pair.Options) *string) optionRow {
	return optionRow{
		name:  "KMS key " + string(side),
		means: "The key's ARN: objects encrypted with KMS replicate, and replicas on side " + string(side) + " are encrypted with it. Give one for each side.",
		costs: "KMS charges by the request; a key costs by the month. The key's own policy has to allow the role.",
		value: func(o pair.Options) string { return orElse(*of(&o), "the bucket's own, if it has one") },
		text:  func(o pair.Options) string { return *of(&o) },
		take: func(o *pair.Options, text string, p pair.Pair) error {
			if err := pair.CheckKey(text, p.Side(side).Region); err != nil {
				return err
			}
			*of(o) = text
			return nil
		},
	}
}

func roleRow(d pair.Direction, of func(*pair.Options) *string) optionRow {
	return optionRow{
		name:  "role " + d.Arrow(),
		means: "The ARN of a role that stands already; bothways changes nothing about it. None: bothways makes one.",
		costs: "Nothing. The canary shows whether it may do what it must.",
		value: func(o pair.Options) string { return orElse(*of(&o), "made by bothways") },
		text:  func(o pair.Options) string { return *of(&o) },
		take: func(o *pair.Options, text string, _ pair.Pair) error {
			if err := pair.CheckRole(text); err != nil {
				return err
			}
			*of(o) = text
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
