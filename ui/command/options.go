package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"bothways/aws/pair"
	"bothways/aws/replication"
)

// optionFlags are the flags that say what the rules replicate, how, and what
// may be touched for it.
type optionFlags struct {
	prefix                   string
	filterTags, madeTags     []string
	noDeleteMarkers, noEdits bool
	sets                     []*pflag.FlagSet // of every command that has these flags
	metrics, timeControl     bool
	storageClass             string
	keyA, keyB               string
	keepReplicaOwner         bool
	roleAtoB, roleBtoA       string
	merge, convertV1, settle bool
}

func (o *optionFlags) prefixFlag(f *pflag.FlagSet) {
	f.StringVar(&o.prefix, "prefix", "", "replicate only keys that start with this")
}

// givenFlags adds those that say what stands already, which a tear-down has to
// know too.
func (a *app) givenFlags(c *cobra.Command) {
	o, f := &a.flags.options, c.Flags()
	f.BoolVar(&o.keepReplicaOwner, "keep-replica-owner", false, "with two accounts, leave replicas to the account that wrote the object")
	f.StringVar(&o.roleAtoB, "role-a-to-b", "", "role, by its ARN, to use as it is for A to B, instead of making one")
	f.StringVar(&o.roleBtoA, "role-b-to-a", "", "role, by its ARN, to use as it is for B to A, instead of making one")
}

// optionFlags adds all of them to a command that plans a set-up, each with what
// it costs where it costs something.
func (a *app) optionFlags(c *cobra.Command) {
	a.givenFlags(c)
	o, f := &a.flags.options, c.Flags()
	f.StringArrayVar(&o.filterTags, "filter-tag", nil, "replicate only objects written with this tag, KEY=VALUE; can be repeated; delete markers don't replicate then")
	f.BoolVar(&o.noDeleteMarkers, "no-delete-markers", false, "do not replicate delete markers")
	f.BoolVar(&o.noEdits, "no-replica-edits", false, "do not send edits of a replica's metadata back")
	f.BoolVar(&o.metrics, "metrics", false, "switch CloudWatch's replication metrics on, billed as custom metrics (about 1.20 USD a rule and month)")
	f.BoolVar(&o.timeControl, "rtc", false, "switch S3 Replication Time Control on: 15 minutes for 99.9 % of objects, for 0.015 USD a GB and the metrics' price")
	f.StringVar(&o.storageClass, "storage-class", "", "storage class of the replicas, such as STANDARD_IA; each has its own price and least duration")
	f.StringVar(&o.keyA, "kms-a", "", "encrypt replicas on side A with the KMS key of this ARN (its bucket's default key if left out); KMS bills two requests an object")
	f.StringVar(&o.keyB, "kms-b", "", "the same for side B")
	f.StringArrayVar(&o.madeTags, "tag", nil, "a further tag, KEY=VALUE, for the buckets and roles that are made; can be repeated")
	f.BoolVar(&o.merge, "merge", false, "agree to writing beside what others made: their replication rules, role and bucket policy; theirs stay as they are")
	f.BoolVar(&o.convertV1, "convert-v1", false, "agree to rewriting replication rules of the first schema in the second, meaning the same; not turned back")
	f.BoolVar(&o.settle, "settle", false, "wait 15 minutes after versioning was switched on for the first time, as AWS advises")
	o.sets = append(o.sets, f)
}

// markersAsked says whether delete markers were asked for in so many words.
func (o *optionFlags) markersAsked() bool {
	given := slices.ContainsFunc(o.sets, func(f *pflag.FlagSet) bool { return f.Changed("no-delete-markers") })
	return given && !o.noDeleteMarkers
}

// read makes the options of a pair from the flags. A filter by tags switches
// delete markers off, which S3 refuses together with it, unless they were
// asked for: then the pair's own check says so.
func (o *optionFlags) read() (pair.Options, error) {
	options := pair.DefaultOptions()
	if err := pair.CheckPrefix(o.prefix); err != nil {
		return options, wrongUsage("--prefix: %w", err)
	}
	filter, err := tagsOf("--filter-tag", o.filterTags)
	if err != nil {
		return options, err
	}
	made, err := tagsOf("--tag", o.madeTags)
	if err != nil {
		return options, err
	}
	options.Prefix, options.FilterTags, options.MadeTags = o.prefix, filter, made
	options.DeleteMarkers = !o.noDeleteMarkers && (filter == "" || o.markersAsked())
	options.ReplicaModifications = !o.noEdits
	options.Metrics, options.TimeControl = o.metrics, o.timeControl
	options.StorageClass = strings.ToUpper(o.storageClass)
	options.KeepReplicaOwner, options.Settle = o.keepReplicaOwner, o.settle
	return options, nil
}

// given are what stands already, from the flags.
func (o *optionFlags) given() pair.Given {
	return pair.Given{KeyA: o.keyA, KeyB: o.keyB, RoleAtoB: o.roleAtoB, RoleBtoA: o.roleBtoA}
}

// consent is what the flags agree to.
func (o *optionFlags) consent() (agreed pair.Consent) {
	if o.merge {
		agreed |= pair.Merge
	}
	if o.convertV1 {
		agreed |= pair.ConvertV1
	}
	return agreed
}

// optionWords writes what a pair's set-up was told as the flags that say so,
// but for the prefix.
func optionWords(p pair.Pair, agreed pair.Consent) []string {
	o, given := p.Options, p.Given
	var words []string
	for _, tag := range o.FilterTags.List() {
		words = append(words, "--filter-tag", replication.Quote(tag.Key+"="+tag.Value))
	}
	for _, flag := range []struct {
		name string
		on   bool
	}{
		{"--no-delete-markers", !o.DeleteMarkers && o.FilterTags == ""},
		{"--no-replica-edits", !o.ReplicaModifications},
		{"--metrics", o.Metrics},
		{"--rtc", o.TimeControl},
		{"--keep-replica-owner", o.KeepReplicaOwner},
		{"--merge", agreed.To(pair.Merge)},
		{"--convert-v1", agreed.To(pair.ConvertV1)},
		{"--settle", o.Settle},
	} {
		if flag.on {
			words = append(words, flag.name)
		}
	}
	for _, flag := range [][2]string{
		{"--storage-class", o.StorageClass},
		{"--kms-a", given.KeyA},
		{"--kms-b", given.KeyB},
		{"--role-a-to-b", given.RoleAtoB},
		{"--role-b-to-a", given.RoleBtoA},
	} {
		if flag[1] != "" {
			words = append(words, flag[0], replication.Quote(flag[1]))
		}
	}
	for _, tag := range o.MadeTags.List() {
		words = append(words, "--tag", replication.Quote(tag.Key+"="+tag.Value))
	}
	return words
}

// tagsOf reads the values of a flag that can be repeated. Each is one tag, so
// that its value can hold a comma.
func tagsOf(flag string, given []string) (pair.Tags, error) {
	all := make([]pair.Tag, 0, len(given))
	for _, text := range given {
		key, value, found := strings.Cut(text, "=")
		if !found {
			return "", wrongUsage("%s %q: give it as KEY=VALUE, such as team=storage", flag, text)
		}
		all = append(all, pair.Tag{Key: key, Value: value})
	}
	tags := pair.NewTags(all)
	if err := tags.Check(); err != nil {
		return "", wrongUsage("%s: %w", flag, err)
	}
	return tags, nil
}
