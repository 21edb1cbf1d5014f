package doctor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
)

// bucketsThere says what keeps the buckets from being looked at.
func (p *Checkup) bucketsThere() {
	for _, side := range []pair.SideName{p.direction.From(), p.direction.To()} {
		found, want := p.survey(side), p.world.Pair.Side(side)
		t := Trouble{Severity: survey.Blocker, Side: side, Cause: CauseBucket, Missing: want.Bucket}
		switch {
		case found.RegionOff:
			t.Cause, t.Missing = CauseRegion, want.Region
			t.Title = "region " + want.Region + " is not enabled for account " + found.Identity.Account
			t.Meaning, t.Todo = "S3 replicates only between regions that the account has enabled.", "Enable it, which takes minutes to hours."
			t.CLI = p.world.Clients(side).CLI("account", "enable-region", "--region-name", want.Region)
		case slices.ContainsFunc(found.Refused, func(right string) bool { return strings.Contains(right, ": ") }): // it failed
			t.Cause, t.Missing = CauseOperator, strings.Join(found.Refused, ", ")
			t.Title = "what needs " + t.Missing + " could not be read on " + want.Bucket
			t.Meaning, t.Todo, t.Certainty = "Whether this direction replicates can't be told without.", "Look again.", Conceivable
		case found.Silent != "":
			t.Title = "bucket " + want.Bucket + " does not answer (" + found.Silent + ")"
			t.Meaning, t.Certainty = "Nothing can be told of it.", Conceivable
			t.Todo = "Look again; where it stays so, look at the AWS Health Dashboard."
		case found.Foreign:
			t.Title = "bucket " + want.Bucket + " is out of reach"
			t.Meaning = "It belongs to another account, or these credentials may not read it, so nothing can be told."
			t.Todo = "Use the profile that reaches it (--profile-" + map[pair.SideName]string{pair.A: "a", pair.B: "b"}[side] + "), or grant s3:ListBucket."
			if why := found.Refusals["s3:ListBucket"]; !why.Missing() {
				t.Title, t.Meaning, t.Todo = t.Title+": "+why.Words(), "Nothing of it can be read with these credentials, so nothing can be told.", why.Advice()
			}
		case !found.Exists:
			t.Title, t.Meaning = "there is no bucket "+want.Bucket, "A rule that goes to a missing bucket makes every object read FAILED."
			t.Todo, t.Apply = "Check the name, or make the bucket.", true
		case found.RealRegion != want.Region:
			t.Title = "bucket " + want.Bucket + " lies in " + found.RealRegion + ", not in " + want.Region
			t.Meaning = "Requests to the wrong region are refused."
			t.Todo = "Give side " + string(side) + " as " + found.RealRegion + "/" + want.Bucket + "."
		case len(found.Refused) > 0:
			lacks := strings.Join(found.Refused, ", ")
			t.Cause, t.Missing = CauseOperator, lacks
			t.Title = found.Identity.Name() + " lacks " + lacks + " on " + want.Bucket
			t.Meaning, t.Certainty = "Whether this direction replicates can't be told without.", Conceivable
			t.Todo = "Grant it to these credentials, or use others."
			if why := found.Refusals[found.Refused[0]]; !why.Missing() {
				t.Todo = why.Advice()
			}
		default:
			continue
		}
		p.add(t)
	}
	p.regionsOn()
}

// regionsOn says which region the account that owns the origin lacks.
func (p *Checkup) regionsOn() {
	for _, side := range pair.Sides() {
		region := p.world.Pair.Side(side).Region
		if state := p.from.Off(region); state != "" && !p.survey(side).RegionOff { // else it was said
			p.add(Trouble{
				Severity: survey.Blocker, Side: p.direction.From(), Cause: CauseRegion, Missing: region, Certainty: Likely,
				Title:   fmt.Sprintf("account %s, which owns %s, has not enabled region %s (%s)", p.from.Identity.Account, p.fromBucket(), region, state),
				Meaning: "The owner of the bucket where a direction starts must have both regions enabled.",
				Todo:    "Enable it, which takes minutes to hours.",
				CLI:     p.world.Clients(p.direction.From()).CLI("account", "enable-region", "--region-name", region),
			})
		}
	}
}

func (p *Checkup) versioning() {
	for _, side := range []pair.SideName{p.direction.From(), p.direction.To()} {
		found, bucket := p.survey(side), p.world.Pair.Side(side).Bucket
		if found.Versioning == types.BucketVersioningStatusEnabled || !p.known(side) || p.refused(side, "s3:GetBucketVersioning") {
			continue
		}
		state := "was never set"
		if found.Versioning != "" {
			state = "is " + string(found.Versioning)
		}
		meaning := "Replicas can't be written there: every object reads FAILED, for ever."
		if side == p.direction.From() {
			meaning = "S3 refuses a replication configuration without it, and applies none."
		}
		p.add(Trouble{
			Severity: survey.Blocker, Side: side, Cause: CauseVersioning, Missing: "versioning",
			Title: "versioning of " + bucket + " " + state, Meaning: meaning, Todo: "Switch it on.",
			CLI: step.New(step.EnableVersioning{Clients: p.world.Clients(side), Side: p.world.Pair.Side(side), Owner: found.Identity.Account}, step.Step{}).CLI, Apply: true,
		})
	}
}

func (p *Checkup) objectLock() {
	if !p.from.ObjectLock || p.to.ObjectLock || !p.known(p.direction.To()) || p.to.Missed("object lock") {
		return
	}
	p.add(Trouble{
		Severity: survey.Blocker, Side: p.direction.To(), Cause: CauseObjectLock, Missing: "object lock",
		Title:   "object lock is on in " + p.fromBucket() + " and off in " + p.toBucket(),
		Meaning: "S3 takes the configuration, and then every object reads FAILED.",
		Todo: "Switch object lock on there too; it can't be switched off again. First give the role of the other direction s3:GetObjectRetention and s3:GetObjectLegalHold there, " +
			"or all that it is to replicate reads FAILED from then on.",
	})
}

// unreadable says whether the account of the other bucket can't read what
// arrives in it: objects stay with the account that wrote them where ACLs are
// on and the rule does not say otherwise.
func (p *Checkup) unreadable() bool {
	return p.otherAccount() && !p.overridesOwner() && p.to.Ownership != types.ObjectOwnershipBucketOwnerEnforced && p.to.Ownership != ""
}

// aclsOff is what switching ACLs off does beside: it concerns all objects of a
// bucket, so that no line does it (S3 User Guide, "Controlling ownership of
// objects and disabling ACLs for your bucket").
const aclsOff = "BucketOwnerEnforced gives every object in it to its owner, no ACL lets anybody in any more, and uploads that bring another ACL are refused."

// ownership says who owns the replicas between two accounts.
func (p *Checkup) ownership() {
	to := p.direction.To()
	switch override := p.overridesOwner(); {
	case p.unreadable():
		p.add(Trouble{
			Severity: survey.Warning, Side: to, Cause: CauseOwnership, Missing: "AccessControlTranslation",
			Title:   fmt.Sprintf("replicas in %s stay the property of account %s", p.toBucket(), p.from.Identity.Account),
			Meaning: "ACLs are on in that bucket, so its own account can't read them.",
			Todo:    "Let the rule change the owner, with the right s3:ObjectOwnerOverrideToBucketOwner for the role. Or switch ACLs off there: " + aclsOff,
			Apply:   p.ownRule(),
		})
	case !p.otherAccount() && override:
		p.add(Trouble{
			Severity: survey.Warning, Side: p.direction.From(), Cause: CauseOwnership, Missing: "AccessControlTranslation",
			Title:   "the rule " + p.ruleID() + " changes the owner of replicas inside one account",
			Meaning: "That gains nothing, and changes of ACLs are no longer replicated.",
			Todo:    "Take AccessControlTranslation out of the rule.",
			mend:    func(r *types.ReplicationRule) { r.Destination.AccessControlTranslation = nil }, Apply: p.ownRule(),
		})
	}
	for _, side := range pair.Sides() {
		if p.survey(side).RequesterPays {
			p.add(Trouble{
				Severity: survey.Note, Side: side, Cause: CauseOwnership, Missing: "requestPayment",
				Title:   "requester pays is on for " + p.world.Pair.Side(side).Bucket,
				Meaning: "Other accounts' requests are refused unless they agree to pay, the probes of another account among them.",
			})
		}
	}
}

func (p *Checkup) lifecycle() {
	if p.from.Expires {
		p.add(Trouble{
			Severity: survey.Note, Side: p.direction.From(), Cause: CauseLifecycle, Missing: "lifecycle",
			Title:   "a lifecycle rule of " + p.fromBucket() + " expires objects, but not their noncurrent versions",
			Meaning: "What lifecycle rules do is never replicated, and what expires here stays as noncurrent versions, which cost storage.",
			Todo:    "Give both sides the same lifecycle rules, with NoncurrentVersionExpiration.",
		})
	}
	if title, meaning, todo := p.from.LeftWords(p.world.Pair.ObjectPrefix()); title != "" {
		p.add(Trouble{
			Severity: survey.Note, Side: p.direction.From(), Cause: CauseObjects, Missing: "left-overs",
			Title: title, Meaning: meaning, Todo: todo,
		})
	}
	if p.from.MFADelete {
		p.add(Trouble{
			Severity: survey.Note, Side: p.direction.From(), Cause: CauseVersioning, Missing: "MFA delete",
			Title: "MFA delete is on for " + p.fromBucket(), Meaning: "Canaries and probes could not be removed again, so none are written.",
		})
	}
}
