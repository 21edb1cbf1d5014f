package backfill

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/probe/cost"
	"bothways/probe/wording"
)

func finding(severity survey.Severity, side pair.SideName, title, meaning string) survey.Finding {
	return survey.Finding{Severity: severity, Side: side, Title: title, Meaning: meaning}
}

// price says what the plan costs.
func (r *run) price(all sums) cost.BatchEstimate {
	batch := cost.Batch{
		Pair: r.world.Pair, Jobs: map[pair.Direction]int{}, Tasks: map[pair.Direction]int64{}, Bytes: all.bytes, Copies: all.copies, CopyBytes: all.copyBytes,
		Looked: map[pair.SideName]int64{},
	}
	for side, sent := range r.heads {
		batch.Looked[side] = sent.Load()
	}
	for d, l := range r.ways {
		if l.finish { // it was paid for when it was asked for
			continue
		}
		batch.Jobs[d], batch.Tasks[d] = len(l.parts), total(l.parts)
	}
	return batch.Estimate()
}

// findings are what a reviewer should know, blockers first.
func (r *run) findings(p Plan, all sums) []survey.Finding {
	var found []survey.Finding
	add := func(f ...survey.Finding) { found = append(found, f...) }
	add(r.auditFindings()...)
	for _, d := range pair.Directions() {
		l := r.ways[d]
		side := r.s.Sides[d.From()]
		if len(l.parts) > 0 && side.Silent != "" {
			add(finding(survey.Blocker, d.From(), r.s.NotReached(d.From()), "Whether it is there is not known, so nothing is planned for it. Look again."))
		}
		add(r.placeFindings(l)...)
		add(r.ruleFindings(l, all)...)
		for _, what := range l.found.Unread {
			add(finding(survey.Note, d.From(), "not readable with these credentials: "+what, "Whether an earlier backfill left something there is not known."))
		}
	}
	for _, name := range pair.Sides() {
		add(plan.RightsFindings(r.s, name, pair.Backfill)...)
		if r.copies[name]+r.marks[name] > 0 {
			add(r.placeable(name)...)
		}
		if r.copies[name] > 0 {
			add(r.copyFindings(name)...)
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(all.untried)) {
		n, example := all.untried[reason], all.examples[reason]
		severity := survey.Note
		if reason == Unhealthy || reason == Unproven {
			severity = survey.Warning
		}
		if reason == Unproven {
			example.words, example.todo = "an earlier run's job goes first", "run this again when it has ended"
		}
		such := ""
		if key := all.example[reason]; key != "" {
			such = ", such as " + account.Quote(key)
		}
		todo := upper(example.advice())
		if example.line == "" { // which ends as it is to be typed
			todo += "."
		}
		add(finding(severity, "", fmt.Sprintf("%s left alone: %s", english.Plural(int(n), "difference is", "differences are"), reason),
			upper(strings.TrimSuffix(example.words, "."))+such+". "+todo))
	}
	if p.Looked.Unlooked > 0 && p.Looked.Versions >= mostLooked {
		add(finding(survey.Note, "", humanize.Comma(p.Looked.Unlooked)+" versions were not looked at again before this plan", "They are too many. Where an earlier backfill put them right, their tasks find nothing to do, and are paid for again: audit again to leave them out."))
	}
	if p.Price.Jobs > 0 || p.Price.Bytes > 0 {
		severity := survey.Note
		if p.Price.Dear() {
			severity = survey.Warning
		}
		add(finding(severity, "", "it costs about "+p.Price.AtMost(), fmt.Sprintf("%s at 0.25 USD, %s at 1.00 USD a million, %s of transfer between the regions, and the requests, %s HEADs before and after among them, at list prices of %s; storage of what is added comes to it.",
			english.Plural(p.Price.Jobs, "job", ""), english.Plural(int(p.Price.Tasks), "object", ""), wording.Size(p.Price.Bytes), humanize.Comma(p.Price.Heads), p.Price.PricesAsOf)))
	}
	slices.SortStableFunc(found, func(x, y survey.Finding) int { return survey.Rank(x.Severity) - survey.Rank(y.Severity) })
	return found
}

func upper(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func (r *run) auditFindings() []survey.Finding {
	a := r.asked.Audit
	var found []survey.Finding
	switch now := time.Now(); {
	case r.asked.Rows == nil:
		return nil
	case a.Finished.IsZero():
	case now.Sub(a.Finished) > old:
		found = append(found, finding(survey.Warning, "", "the audit is "+a.age(now)+" old",
			"What came or went since is not in it. Each version is looked at before it is copied, and all of them afterwards; an audit from today finds the rest."))
	default:
		found = append(found, finding(survey.Note, "", "the audit is "+a.age(now)+" old", "What came or went since is not in it."))
	}
	if !a.Complete {
		found = append(found, finding(survey.Warning, "", "the audit did not come to its end", "What it has not looked at is not put right here, and may be missing, too."))
	}
	if a.Prefix != "" {
		found = append(found, finding(survey.Note, "", fmt.Sprintf("the audit looked under %q alone", a.Prefix), "What lies elsewhere is not put right here."))
	}
	return found
}

// placeFindings are about the bucket and the role of a direction's job.
func (r *run) placeFindings(l *lane) []survey.Finding {
	var found []survey.Finding
	if len(l.parts) == 0 {
		return nil
	}
	side, name := l.d.From(), l.found.Bucket.Bucket
	flag := "--report-bucket-" + side.Slug()
	switch {
	case !l.found.Own && (name == r.world.Pair.A.Bucket || name == r.world.Pair.B.Bucket):
		found = append(found, finding(survey.Blocker, side, "the bucket for the job is one of the pair's own", "What the job writes would be replicated, too (S3 User Guide, \"Examples of S3 Batch Replication\"). Give another one to "+flag+", or none."))
	case l.found.Own && l.found.Foreign:
		found = append(found, finding(survey.Blocker, side, "the bucket "+name+" is somebody else's, or can't be looked at", "bothways would make it for the job. Give a bucket of yours in "+l.found.Bucket.Region+" to "+flag+"."))
	case l.found.Own && l.found.BucketThere && !l.found.BucketOurs:
		found = append(found, finding(survey.Blocker, side, "the bucket "+name+" is not ours", "It lacks the tag "+pair.TagKey+"="+r.world.Pair.ID()+". Give a bucket of yours in "+l.found.Bucket.Region+" to "+flag+", or tag it so."))
	case !l.found.Own && !l.found.BucketThere:
		found = append(found, finding(survey.Blocker, side, "the bucket "+name+" is not there, or not in "+l.found.Bucket.Region, "A job reads its manifest from a bucket in the region of the bucket that it works on. Give another one to "+flag+", or none: then bothways makes one, and removes it again."))
	}
	if l.found.RoleThere && !l.found.RoleOurs {
		found = append(found, finding(survey.Blocker, side, "a role named "+l.role.RoleName+" is not ours", "It lacks the tag "+pair.TagKey+"="+r.world.Pair.ID()+", so bothways leaves it alone. Rename or delete it."))
	}
	open := l.found.openJobs()
	switch {
	case l.finish && len(open) > 0:
		found = append(found, finding(survey.Warning, side, fmt.Sprintf("job %s of an earlier backfill goes on (%s)", open[0].ID, open[0].Status),
			"This run follows it to its end, looks at its versions and takes away what was made for it. To stop it: "+l.order.CancelLine(open[0].ID)))
	case l.finish:
		found = append(found, finding(survey.Warning, side, "an earlier backfill "+l.d.Arrow()+" was not finished", "Its job has ended. This run reads what came of it, looks at its versions and takes away what was made for it."))
	case len(open) > 0:
		found = append(found, finding(survey.Note, side, fmt.Sprintf("job %s of an earlier run goes on (%s)", open[0].ID, open[0].Status), "It has the same list, so this run goes on with it."))
	}
	return found
}

// ruleFindings are about the rules that a direction's tasks will run.
func (r *run) ruleFindings(l *lane, all sums) []survey.Finding {
	var found []survey.Finding
	if len(l.parts) == 0 || l.finish {
		return nil
	}
	side, n := l.d.From(), total(l.parts)
	switch uncovered := all.uncovered[l.d]; {
	case uncovered == n:
		found = append(found, finding(survey.Blocker, side, "no enabled rule "+l.d.Arrow()+" covers any of the "+english.Plural(int(n), "version", ""),
			"Batch Replication replicates by the bucket's own rules. bothways apply sets them up; bothways doctor says what is wrong with those that stand."))
	case uncovered > 0:
		found = append(found, finding(survey.Warning, side, fmt.Sprintf("%s of %s %s are covered by no enabled rule to the other side", humanize.Comma(uncovered), humanize.Comma(n), l.d.Arrow()),
			"Their tasks will fail. Widen the rule's filter first, or leave them."))
	}
	for _, name := range slices.Sorted(maps.Keys(all.others[l.d])) {
		found = append(found, finding(survey.Warning, side, fmt.Sprintf("rule %s of others runs, too, for %s of these versions", name, humanize.Comma(all.others[l.d][name])),
			"A batch job replicates by every rule of the bucket that covers a version, not by ours alone (S3 User Guide, \"Troubleshooting replication\"): it writes there too, and where that fails the task fails."))
	}
	if m := all.hidden[l.d]; m > 0 {
		found = append(found, finding(survey.Warning, side, fmt.Sprintf("side %s serves another version for the keys of %s of these versions", l.d.To(), humanize.Comma(m)),
			"Which one it serves afterwards AWS does not document: it may be the one that comes last. Audit again afterwards; where the sides serve different content then, --winner decides it."))
	}
	for _, name := range pair.Sides() {
		if expires(r.s.Sides[name].Lifecycle) {
			found = append(found, finding(survey.Warning, name, "lifecycle rules expire versions or markers here", "While a job runs, a delete marker may arrive before the versions that it hides, and be taken for one that hides nothing. AWS advises to disable such rules until the job has ended."))
		}
	}
	return found
}

func expires(rules []types.LifecycleRule) bool {
	return slices.ContainsFunc(rules, func(r types.LifecycleRule) bool {
		return r.Status == types.ExpirationStatusEnabled && (r.Expiration != nil || r.NoncurrentVersionExpiration != nil)
	})
}

// placeable blocks what is done in place where no version would be kept: there a
// copy replaces the null version, and a delete marker removes it for good (S3 User
// Guide, "Working with objects in a versioning-suspended bucket").
func (r *run) placeable(side pair.SideName) []survey.Finding {
	if r.s.Sides[side].Versioning == types.BucketVersioningStatusEnabled {
		return nil
	}
	return []survey.Finding{finding(survey.Blocker, side, "versioning is not on on side "+string(side)+", or can't be read",
		"What is copied in place or hidden by a delete marker there could be lost for good. Switch versioning on first (bothways apply), or leave out --copies, --winner and --markers.")}
}

func (r *run) copyFindings(side pair.SideName) []survey.Finding {
	found := []survey.Finding{finding(survey.Warning, side, fmt.Sprintf("%s on side %s %s a new version", english.Plural(int(r.copies[side]), "key", ""), side, english.PluralWord(int(r.copies[side]), "gets", "get")),
		"Each is written again with the same content, metadata, tags, class, encryption and retention; its version ID and its time are new, and notifications and lifecycle rules see a new object. Annotations may stay behind with the old version: AWS does not say.")}
	if n := r.revived[side]; n > 0 {
		found = append(found, finding(survey.Warning, side, fmt.Sprintf("%s brought back to side %s, where %s removed", english.Plural(int(n), "version is", "versions are"), side.Other(), english.PluralWord(int(n), "it was", "they were")),
			"A deletion by version ID may have been asked for, as by a person whose data it is. Where it was meant, leave out --copies, and delete the version on side "+string(side)+", too."))
	}
	if r.copier(side).ACLs {
		found = append(found, finding(survey.Warning, side, "ACLs are on, and copies lose theirs", "A copy is private to the account of these credentials. Set the ACLs that you need afterwards."))
	}
	return found
}
