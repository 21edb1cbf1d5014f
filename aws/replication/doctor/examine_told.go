package doctor

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// tell says what the objects that were looked at show.
func (p *Checkup) tell(ctx context.Context, found objects) {
	if len(found.seen)+len(found.unseen) == 0 {
		return
	}
	say := func(severity survey.Severity, cause Cause, missing, what, meaning, todo string, those []object) {
		if len(those) > 0 {
			p.add(Trouble{
				Severity: severity, Side: p.direction.From(), Cause: cause, Missing: missing,
				Title:   fmt.Sprintf("%d of the %d objects looked at in %s %s, such as %q", len(those), len(found.seen), p.fromBucket(), what, those[0].key),
				Meaning: meaning, Todo: todo,
			})
		}
	}
	const batch = "Bring them by S3 Batch Replication"
	failed := found.of(types.ReplicationStatusFailed)
	say(survey.Warning, CauseObjects, string(types.ReplicationStatusFailed), "read FAILED",
		"That is final: S3 tries no object again, and says the reason only in event notifications. "+kindsOf(failed), batch+", once what failed them is mended."+keysOf(failed), failed)
	say(survey.Warning, CauseObjects, string(types.ReplicationStatusPending), "read PENDING for longer than 15 minutes",
		"One of the regions is slow or out, or several destinations are waited for.", "Wait, or look at the AWS Health Dashboard.", found.of(types.ReplicationStatusPending))
	if p.Rule == nil {
		return // the rest is as it has to be
	}

	left := slices.DeleteFunc(found.of(""), func(o object) bool {
		return p.ruleFor(o.key) == nil && !strings.HasPrefix(o.key, meant(wanted.PrefixOf(*p.Rule)))
	})
	take := func(is func(object) bool) (those []object) {
		left = slices.DeleteFunc(left, func(o object) bool {
			if is(o) {
				those = append(those, o)
				return true
			}
			return false
		})
		return those
	}
	archived := take(func(o object) bool {
		return pair.ClassNamed(string(o.head.StorageClass)).Archive || o.head.ArchiveStatus != ""
	})
	say(survey.Note, CauseStorageClass, "archive", "lie in an archive and have no replication status",
		"S3 replicates nothing that lies in an archive.", "Restore what is needed, and copy it over itself.", archived)
	if !p.optsIn() && !p.from.KMSDefault { // else that was said of the bucket's default
		encrypted := take(object.isKMS)
		for _, o := range failed {
			if o.isKMS() { // of when it took them in
				encrypted = append(encrypted, o)
			}
		}
		say(survey.Warning, CauseKMS, "SseKmsEncryptedObjects", "are encrypted with KMS and not replicated",
			fmt.Sprintf("The rule %s leaves such objects out. %s", p.ruleID(), kindsOf(encrypted)),
			"Opt in with SseKmsEncryptedObjects and a key in "+p.world.Pair.To(p.direction).Region+", and give the role both keys. "+batch+".", encrypted)
	}
	if tags := wanted.TagsOf(*p.Rule); len(tags) > 0 {
		untagged := take(func(o object) bool { return int(aws.ToInt32(o.head.TagCount)) < len(tags) })
		say(survey.Note, CauseObjects, "tags", "lack the tags of the rule and have no replication status",
			"The rule wants "+tagWords(tags)+", from the moment an object is put.", "Put the tags with the objects. "+batch+" what lies there.", untagged)
	}
	say(survey.Note, CauseObjects, "", "have no replication status",
		"They were written before the rule was in force, or by somebody whose objects the bucket's owner can't read, or left out by encryption or tags. Live replication never takes them up.",
		batch+".", left)
	p.tellUnseen(ctx, found)
}

// kindsOf says how objects are encrypted and kept.
func kindsOf(all []object) string {
	var kinds []kind
	example, counts := map[kind]string{}, map[kind]int{}
	for _, o := range all {
		k := o.kind()
		if counts[k]++; counts[k] == 1 {
			kinds, example[k] = append(kinds, k), o.key
		}
	}
	if len(kinds) == 1 {
		return "They are " + kinds[0].String() + "."
	}
	words := make([]string, 0, len(kinds))
	for _, k := range kinds {
		words = append(words, fmt.Sprintf("%d %s (such as %q)", counts[k], k, example[k]))
	}
	return "Of them are " + strings.Join(words, "; ") + "."
}

// keysOf says which keys to look at where nothing else explains it.
func keysOf(all []object) string {
	var keys []string
	for _, o := range all {
		if key := o.kind().key; key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if len(keys) == 0 {
		return ""
	}
	return " If nothing else explains them, look at the state and the key policy of " + survey.Named(keys) + "."
}

// tellUnseen says which objects HEAD did not show, and why.
func (p *Checkup) tellUnseen(ctx context.Context, found objects) {
	var denied, locked, rest []object
	for _, o := range found.unseen {
		switch {
		case apierror.Denied(o.err):
			denied = append(denied, o)
		case apierror.StatusCode(o.err) == http.StatusBadRequest:
			locked = append(locked, o)
		default:
			rest = append(rest, o)
		}
	}
	looked := len(found.seen) + len(found.unseen)
	count := func(those []object) string {
		return fmt.Sprintf("%d of the %d newest objects in %s", len(those), looked, p.fromBucket())
	}
	if foreign := p.foreign(ctx, denied); len(foreign) > 0 {
		p.strangers(count(foreign), foreign[0].key)
		denied = slices.DeleteFunc(denied, func(o object) bool {
			return slices.ContainsFunc(foreign, func(f object) bool { return f.key == o.key })
		})
	}
	if len(denied) > 0 {
		p.add(Trouble{
			Severity: survey.Note, Side: p.direction.From(), Cause: CauseOperator, Missing: "s3:GetObject",
			Title:   fmt.Sprintf("%s can't be looked at with these credentials, such as %q", count(denied), denied[0].key),
			Meaning: "Whether they replicate is unknown: a look at one needs s3:GetObject, and that it belongs to the bucket's owner. S3 replicates nothing else.",
		})
	}
	if len(locked) > 0 {
		p.add(Trouble{
			Severity: survey.Note, Side: p.direction.From(), Cause: CauseObjects, Missing: "SSE-C", Certainty: Likely,
			Title:   fmt.Sprintf("%s are under keys of their writers (SSE-C), such as %q", count(locked), locked[0].key),
			Meaning: "They can't be looked at without those keys. They replicate only into a bucket that takes SSE-C, which new buckets do not by default.",
		})
	}
	if len(rest) > 0 {
		p.add(Trouble{
			Severity: survey.Note, Side: p.direction.From(), Cause: CauseOperator, Missing: "HEAD",
			Title:   fmt.Sprintf("%s could not be looked at (%s), such as %q", count(rest), said(rest[0].err), rest[0].key),
			Meaning: "Whether they replicate is unknown.", Todo: "Look again.",
		})
	}
}

// foreign are the objects that belong to another account than their bucket.
// Where ACLs are off there are none.
func (p *Checkup) foreign(ctx context.Context, denied []object) []object {
	if len(denied) == 0 || p.from.Ownership == types.ObjectOwnershipBucketOwnerEnforced {
		return nil
	}
	acl, err := p.world.Clients(p.direction.From()).S3.GetBucketAcl(ctx, &s3.GetBucketAclInput{
		Bucket: aws.String(p.fromBucket()), ExpectedBucketOwner: aws.String(p.from.Identity.Account),
	})
	if err != nil || acl.Owner == nil {
		return nil // whose they are is unknown then, and said to be
	}
	return slices.DeleteFunc(slices.Clone(denied), func(o object) bool { return o.owner == "" || o.owner == aws.ToString(acl.Owner.ID) })
}

// strangers says that objects belong to others: S3 replicates only what the
// bucket's owner may read (S3 User Guide, "What does Amazon S3 replicate?").
func (p *Checkup) strangers(count, example string) {
	side := p.direction.From()
	t := Trouble{
		Severity: survey.Warning, Side: side, Cause: CauseOwnership, Certainty: Likely, Missing: "BucketOwnerEnforced",
		Title:   fmt.Sprintf("%s belong to another account, such as %q", count, example),
		Meaning: "ACLs are on in that bucket, so what another account writes stays its own. S3 replicates only what the bucket's owner may read: such objects get no replication status.",
		Todo:    "Switch ACLs off there: " + aclsOff + " Then bring them by S3 Batch Replication.",
	}
	if p.reverse().unreadable() { // they are replicas rather, of which that is said
		t.Severity = survey.Note
	}
	p.add(t)
}
