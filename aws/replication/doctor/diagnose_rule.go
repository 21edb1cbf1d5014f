package doctor

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// rules says what is wrong with the configuration and its rules. It reports
// whether there is a rule to look further into.
func (p *Checkup) rules() bool {
	side := p.direction.From()
	switch {
	case p.Configuration == nil:
		p.add(Trouble{
			Severity: survey.Blocker, Side: side, Cause: CauseRule, Missing: "replication configuration",
			Title:   "bucket " + p.fromBucket() + " has no replication configuration",
			Meaning: "Nothing replicates " + p.direction.Arrow() + ": each direction needs a rule of its own.",
			Todo:    "Write the rule.", Apply: true,
		})
		return false
	case p.Rule == nil:
		p.add(Trouble{
			Severity: survey.Blocker, Side: side, Cause: CauseRule, Missing: p.world.Pair.To(p.direction).BucketARN(),
			Title:   "no rule of bucket " + p.fromBucket() + " goes to " + p.toBucket() + "; they go to " + destinationsOf(p.Configuration.Rules),
			Meaning: "Nothing replicates " + p.direction.Arrow() + ". A replica is not replicated on to a third bucket, so another destination does not bring it here.",
			Todo:    "Put the ARN of the other side's bucket into the rule, or add a rule.", Apply: true,
		})
		return false
	}
	p.status()
	p.covering()
	p.firstSchema()
	p.account()
	p.markers()
	p.modifications()
	p.replicaClass()
	return true
}

func (p *Checkup) ruleID() string { return cmp.Or(aws.ToString(p.Rule.ID), "without an ID") }

func destinationsOf(rules []types.ReplicationRule) string {
	var names []string
	for _, r := range rules {
		if r.Destination == nil {
			continue
		}
		arn := aws.ToString(r.Destination.Bucket)
		names = append(names, arn[strings.LastIndex(arn, ":")+1:])
	}
	return strings.Join(names, ", ")
}

func (p *Checkup) status() {
	if wanted.Enabled(*p.Rule) {
		return
	}
	t := Trouble{
		Severity: survey.Blocker, Side: p.direction.From(), Cause: CauseRule, Missing: "Status",
		Title:   "the rule " + p.ruleID() + " of bucket " + p.fromBucket() + " is disabled",
		Meaning: "A disabled rule is no pause: what is written meanwhile is never replicated, not even when it is enabled again.",
		Todo:    "Enable it, then bring what was missed by S3 Batch Replication.",
		mend:    func(r *types.ReplicationRule) { r.Status = types.ReplicationRuleStatusEnabled }, Apply: p.ownRule(),
	}
	if p.offOnPurpose() {
		t.Todo = "If it is meant to be in force, enable it, then bring what was missed by S3 Batch Replication. Whoever wrote it may have switched it off on purpose."
	}
	p.add(t)
}

// offOnPurpose says whether the rule is a disabled one of others that no line is
// to wake: one of several may be off on purpose, and so may one that costs more.
func (p *Checkup) offOnPurpose() bool {
	return !wanted.Enabled(*p.Rule) && !p.ownRule() && (len(p.Configuration.Rules) > 1 || p.dear())
}

// dear says whether the rule costs more than requests and storage do while it is
// enabled: replication time control and metrics are billed by themselves.
func (p *Checkup) dear() bool {
	to := p.Rule.Destination
	return to.ReplicationTime != nil && to.ReplicationTime.Status == types.ReplicationTimeStatusEnabled ||
		to.Metrics != nil && to.Metrics.Status == types.MetricsStatusEnabled
}

// covering says what the rule leaves out.
func (p *Checkup) covering() {
	prefix, tags, wanted := wanted.PrefixOf(*p.Rule), wanted.TagsOf(*p.Rule), p.world.Pair.Options.Prefix
	side := p.direction.From()
	switch {
	case wanted != "" && !strings.HasPrefix(wanted, prefix):
		p.add(Trouble{
			Severity: survey.Blocker, Side: side, Cause: CauseRule, Missing: "Filter",
			Title:   fmt.Sprintf("the rule %s covers keys under %q, not those under %q", p.ruleID(), prefix, wanted),
			Meaning: "Objects under " + wanted + " are never replicated, and show no replication status.",
			Todo:    "Widen the filter, or look with the prefix that was meant (--prefix).", Apply: p.ownRule(),
		})
	case strings.HasPrefix(prefix, "/") || strings.HasSuffix(prefix, "*") || strings.HasPrefix(prefix, "s3://"):
		p.add(Trouble{
			Severity: survey.Warning, Side: side, Cause: CauseRule, Missing: "Filter", Certainty: Likely,
			Title:   fmt.Sprintf("the rule %s covers keys that start with %q, taken literally", p.ruleID(), prefix),
			Meaning: "S3 knows no patterns there, and keys have no / in front: hardly any key starts like that. All others show no replication status.",
			Todo:    "Give the plain beginning of the keys, such as docs/.",
		})
	case prefix != "" && wanted == "":
		p.add(Trouble{
			Severity: survey.Note, Side: side, Cause: CauseRule, Missing: "Filter",
			Title: fmt.Sprintf("the rule %s covers only keys under %q", p.ruleID(), prefix), Meaning: "Others are never replicated, and show no replication status.",
		})
	}
	if len(tags) > 0 {
		p.add(Trouble{
			Severity: survey.Note, Side: side, Cause: CauseRule, Missing: "Filter",
			Title:   fmt.Sprintf("the rule %s covers only objects with the tags %s", p.ruleID(), tagWords(tags)),
			Meaning: "S3 looks at the tags that come with the object when it is put: one that is tagged later is never replicated.",
		})
	}
}

func tagWords(tags []types.Tag) string {
	words := make([]string, len(tags))
	for i, t := range tags {
		words[i] = aws.ToString(t.Key) + "=" + aws.ToString(t.Value)
	}
	return strings.Join(words, ", ")
}

func (p *Checkup) firstSchema() {
	if p.Rule.Filter != nil {
		return
	}
	p.add(Trouble{
		Severity: survey.Note, Side: p.direction.From(), Cause: CauseRule, Missing: "Filter",
		Title: "the rules of bucket " + p.fromBucket() + " are of the first schema (V1)",
		Meaning: "It always replicates delete markers, knows no replica modification sync and no priorities, and refuses rules of the second schema beside its own. " +
			"Tools that write a filter meet \"cannot be used for this version\".",
		Todo: "To convert it, give each rule a filter with its prefix, a priority and enabled DeleteMarkerReplication, which mean the same. " +
			"bothways does so only where it writes a rule of its own beside them (apply --merge --convert-v1).",
	})
}

func (p *Checkup) account() {
	named, owner := aws.ToString(p.Rule.Destination.Account), p.to.Identity.Account
	if named == "" || named == owner || !p.known(p.direction.To()) {
		return
	}
	p.add(Trouble{
		Severity: survey.Blocker, Side: p.direction.From(), Cause: CauseRule, Missing: "Destination.Account",
		Title:   fmt.Sprintf("the rule %s names account %s as the owner of %s, which belongs to %s", p.ruleID(), named, p.toBucket(), owner),
		Meaning: "S3 takes the configuration and then fails to write: " + strings.ToLower(nothingArrives[:1]) + nothingArrives[1:],
		Todo:    "Put the bucket's own account there.",
		mend:    func(r *types.ReplicationRule) { r.Destination.Account = aws.String(owner) }, Apply: p.ownRule(),
	})
}

// markers says where deletes go nowhere. Between two sides that differ it is
// likely a slip; where both leave them out it is a choice, and nothing to mend.
func (p *Checkup) markers() {
	if p.replicatesMarkers() {
		return
	}
	back := p.reverse()
	severity, meaning := survey.Note, "A delete on one side leaves the object on the other."
	if back.Rule != nil && back.replicatesMarkers() {
		severity, meaning = survey.Warning, "The other direction replicates them, so a delete reaches one side only, and the sides drift apart."
	}
	t := Trouble{
		Severity: severity, Side: p.direction.From(), Cause: CauseRule, Missing: "DeleteMarkerReplication",
		Title: "the rule " + p.ruleID() + " does not replicate delete markers", Meaning: meaning + " Deletes of a version never replicate.",
		Todo: "Enable DeleteMarkerReplication, if deletes shall reach the other side.", Apply: p.ownRule(),
	}
	switch {
	case len(wanted.TagsOf(*p.Rule)) > 0:
		t.Todo, t.Apply = "A rule that filters by tags can't.", false
	case severity == survey.Note:
		t.Apply = false
	default:
		t.mend = func(r *types.ReplicationRule) {
			r.DeleteMarkerReplication = &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusEnabled}
		}
	}
	p.add(t)
}

func (p *Checkup) reverse() *Checkup {
	back := &Checkup{world: p.world, direction: p.direction.Reverse(), from: p.to, to: p.from, Configuration: p.to.Replication}
	if back.Configuration != nil {
		back.Rule = back.choose(back.Configuration.Rules)
	}
	return back
}

func (p *Checkup) syncs() bool {
	c := p.Rule.SourceSelectionCriteria
	return c != nil && c.ReplicaModifications != nil && c.ReplicaModifications.Status == types.ReplicaModificationsStatusEnabled
}

// modifications says where edits of a replica's metadata do not come back: S3
// wants it on both sides (S3 User Guide, "Replicating metadata changes with
// replica modification sync").
func (p *Checkup) modifications() {
	if p.syncs() {
		return
	}
	back := p.reverse()
	if back.Rule == nil || !back.syncs() {
		return
	}
	t := Trouble{
		Severity: survey.Warning, Side: p.direction.From(), Cause: CauseRule, Missing: "ReplicaModifications",
		Title:   "replica modification sync is on for " + p.direction.Reverse().Arrow() + " only",
		Meaning: "It works only if both rules have it: tags, ACLs and locks that are changed on a replica do not come back.",
		Todo:    "Enable ReplicaModifications in the rule " + p.ruleID() + " too.", Apply: p.ownRule(),
	}
	if p.Rule.Filter != nil {
		t.mend = func(r *types.ReplicationRule) {
			criteriaOf(r).ReplicaModifications = &types.ReplicaModifications{Status: types.ReplicaModificationsStatusEnabled}
		}
	}
	p.add(t)
}

// criteriaOf gives a rule criteria of its own, to be changed.
func criteriaOf(r *types.ReplicationRule) *types.SourceSelectionCriteria {
	criteria := types.SourceSelectionCriteria{}
	if r.SourceSelectionCriteria != nil {
		criteria = *r.SourceSelectionCriteria
	}
	r.SourceSelectionCriteria = &criteria
	return r.SourceSelectionCriteria
}

func (p *Checkup) replicaClass() {
	if class := pair.ClassNamed(string(p.Rule.Destination.StorageClass)); class.Archive {
		p.add(Trouble{
			Severity: survey.Note, Side: p.direction.To(), Cause: CauseStorageClass, Missing: class.Name,
			Title:   "replicas are stored as " + class.Name,
			Meaning: "They arrive, but can't be read until they are restored, which takes hours.",
		})
	}
}
