package command

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"bothways/aws/pair"
)

// takers are the commands that take a flag, each kind also all flags of the kinds
// below it.
type takers int

const (
	setUps    takers = iota // those that plan a set-up
	tearDowns               // destroy as well: it has to know what stands already
	everyPair               // whatever takes a pair
)

// optionRow is one option of a pair as a flag. One of switches, unswitches,
// text, tags and consent says what the flag sets.
type optionRow struct {
	name, help string
	takers     takers

	switches   func(*chosen) *bool // the flag switches it on
	unswitches func(*chosen) *bool // the flag switches it off
	text       func(*chosen) *string
	tags       func(*chosen) *pair.Tags // the flag can be repeated, one tag each
	consent    pair.Consent

	// implied says where the flag goes without saying, unless it is given in
	// so many words; nil: never.
	implied func(chosen) bool
	// spelt is the text as AWS spells it, and check says why it can't be; nil:
	// as it is, and anything can, until the pair as a whole is checked.
	spelt func(string) string
	check func(string) error
}

// optionTable lists the options in the order in which a command line to paste
// gives them, each with what it costs where it costs something.
func optionTable() []optionRow {
	return []optionRow{
		{
			name: "prefix", help: "replicate only keys that start with this",
			takers: everyPair, text: func(c *chosen) *string { return &c.Prefix }, check: pair.CheckPrefix,
		},
		{
			name: "filter-tag", help: "replicate only objects written with this tag, KEY=VALUE; can be repeated; delete markers don't replicate then",
			tags: func(c *chosen) *pair.Tags { return &c.FilterTags },
		},
		{
			name: "no-delete-markers", help: "do not replicate delete markers",
			unswitches: func(c *chosen) *bool { return &c.DeleteMarkers },
			// S3 refuses them together; where they are asked for, the pair's own check says so.
			implied: func(c chosen) bool { return c.FilterTags != "" },
		},
		{
			name: "no-replica-edits", help: "do not send edits of a replica's metadata back",
			unswitches: func(c *chosen) *bool { return &c.ReplicaModifications },
		},
		{
			name: "metrics", help: "switch CloudWatch's replication metrics on, billed as custom metrics (about 1.20 USD a rule and month)",
			switches: func(c *chosen) *bool { return &c.Metrics },
		},
		{
			name: "rtc", help: "switch S3 Replication Time Control on: 15 minutes for 99.9 % of objects, for 0.015 USD a GB and the metrics' price",
			switches: func(c *chosen) *bool { return &c.TimeControl },
		},
		{
			name: "keep-replica-owner", help: "with two accounts, leave replicas to the account that wrote the object",
			takers: tearDowns, switches: func(c *chosen) *bool { return &c.KeepReplicaOwner },
		},
		{
			name: "merge", help: "agree to writing beside what others made: their replication rules, role and bucket policy; theirs stay as they are",
			consent: pair.Merge,
		},
		{
			name: "convert-v1", help: "agree to rewriting replication rules of the first schema in the second, meaning the same; not turned back",
			consent: pair.ConvertV1,
		},
		{
			name: "outrank", help: "agree to our rule coming before rules of others for objects that both cover, where it says otherwise than theirs",
			consent: pair.Outrank,
		},
		{
			name: "keep-canaries", help: "agree to canaries where nothing can be deleted again: a few tiny objects stay in the buckets",
			consent: pair.KeepCanaries,
		},
		{
			name: "settle", help: "wait 15 minutes after versioning was switched on for the first time, as AWS advises",
			switches: func(c *chosen) *bool { return &c.Settle },
		},
		{
			name: "storage-class", help: "storage class of the replicas, such as STANDARD_IA; each has its own price and least duration",
			text: func(c *chosen) *string { return &c.StorageClass }, spelt: strings.ToUpper,
		},
		{
			name: "kms-a", help: "encrypt replicas on side A with the KMS key of this ARN (its bucket's default key if left out); KMS bills two requests an object",
			text: func(c *chosen) *string { return &c.KeyA },
		},
		{name: "kms-b", help: "the same for side B", text: func(c *chosen) *string { return &c.KeyB }},
		{
			name: "role-a-to-b", help: "role, by its ARN, to use as it is for A to B, instead of making one",
			takers: tearDowns, text: func(c *chosen) *string { return &c.RoleAtoB },
		},
		{
			name: "role-b-to-a", help: "role, by its ARN, to use as it is for B to A, instead of making one",
			takers: tearDowns, text: func(c *chosen) *string { return &c.RoleBtoA },
		},
		{
			name: "role-boundary", help: "permissions boundary, by its policy's ARN, of the roles that are made; with two accounts one of each, \"ARN ARN\"; none takes off what roles have",
			text: func(c *chosen) *string { return &c.RoleBoundary },
		},
		{
			name: "role-path", help: "path in IAM of the roles that are made, such as /team/ (/bothways/ if left out)",
			takers: tearDowns, text: func(c *chosen) *string { return &c.RolePath },
		},
		{
			name: "role-prefix", help: "what the names of the roles that are made begin with",
			takers: tearDowns, text: func(c *chosen) *string { return &c.RolePrefix },
		},
		{
			name: "tag", help: "a further tag, KEY=VALUE, for the buckets and roles that are made; can be repeated",
			tags: func(c *chosen) *pair.Tags { return &c.MadeTags },
		},
	}
}

// said is what was said with a flag: a switch is on, or there is a text, or
// several where the flag can be repeated.
type said struct {
	on    bool
	text  string
	texts []string
}

// add adds the flag to a command's, to be kept in said.
func (r optionRow) add(f *pflag.FlagSet, said *said) {
	switch {
	case r.tags != nil:
		f.StringArrayVar(&said.texts, r.name, nil, r.help)
	case r.text != nil:
		f.StringVar(&said.text, r.name, "", r.help)
	default:
		f.BoolVar(&said.on, r.name, false, r.help)
	}
}

// read takes over what was said, whether or not it was given in so many words.
// An error goes on from the flag's name.
func (r optionRow) read(c *chosen, said said, given bool) error {
	on := said.on || !given && r.implied != nil && r.implied(*c)
	switch {
	case r.switches != nil:
		*r.switches(c) = on
	case r.unswitches != nil:
		*r.unswitches(c) = !on
	case r.consent != 0:
		if on {
			c.Consent |= r.consent
		}
	case r.tags != nil:
		tags, err := tagsOf(said.texts)
		*r.tags(c) = tags
		return err
	case r.text != nil:
		text := said.text
		if r.check != nil {
			if err := r.check(text); err != nil {
				return fmt.Errorf(": %w", err)
			}
		}
		if r.spelt != nil {
			text = r.spelt(text)
		}
		*r.text(c) = text
	}
	return nil
}

// say is what has to be said with the flag for what was chosen.
func (r optionRow) say(c chosen) (needed said) {
	switch {
	case r.implied != nil && r.implied(c):
	case r.switches != nil:
		needed.on = *r.switches(&c)
	case r.unswitches != nil:
		needed.on = !*r.unswitches(&c)
	case r.consent != 0:
		needed.on = c.To(r.consent)
	case r.tags != nil:
		for _, tag := range r.tags(&c).List() {
			needed.texts = append(needed.texts, tag.Key+"="+tag.Value)
		}
	case r.text != nil:
		needed.text = *r.text(&c)
	}
	return needed
}

// tagsOf reads the values of a flag that can be repeated. Each is one tag, so
// that its value can hold a comma.
func tagsOf(given []string) (pair.Tags, error) {
	all := make([]pair.Tag, 0, len(given))
	for _, text := range given {
		key, value, found := strings.Cut(text, "=")
		if !found {
			return "", fmt.Errorf(" %q: give it as KEY=VALUE, such as team=storage", text)
		}
		all = append(all, pair.Tag{Key: key, Value: value})
	}
	tags := pair.NewTags(all)
	if err := tags.Check(); err != nil {
		return "", fmt.Errorf(": %w", err)
	}
	return tags, nil
}
