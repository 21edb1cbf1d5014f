package plan

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// findings says what the survey saw that a reviewer of a set-up should know,
// blockers first. proves are the sides that the plan writes canaries on.
func findings(s *survey.Survey, proves map[pair.SideName]bool) []survey.Finding {
	var found []survey.Finding
	for _, name := range pair.Sides() {
		found = append(found, regionFindings(s, name)...)
		found = append(found, sideFindings(s, name)...)
		found = append(found, denialFindings(s, name, proves)...)
		found = append(found, rightsFindings(s, name, pair.SetUp)...)
	}
	found = append(found, accountFindings(s)...)
	found = append(found, keyFindings(s)...)
	found = append(found, optionFindings(s)...)
	found = append(found, leftFindings(s)...)
	for _, t := range doctor.OneSidedLifecycles(s) {
		found = append(found, finding(t.Severity, t.Side, t.Title, t.Meaning+" "+t.Todo))
	}
	for _, d := range pair.Directions() {
		found = append(found, mergeFindings(s, d)...)
		found = append(found, othersRoleFindings(s, d)...)
		found = append(found, madeRoleFindings(s, d)...)
	}
	for _, d := range pair.Directions() {
		found = append(found, unreadRole(s, d)...)
		found = append(found, s.Directions[d].Lacks...)
		if direction := s.Directions[d]; wanted.RoleUse(s, d) == wanted.OwnRole && direction.RoleExists && direction.RoleMark != s.World.Pair.ID() {
			found = append(found, finding(survey.Blocker, d.From(), "a role named "+s.OwnRoleName(d)+" is not ours",
				"It lacks the tag "+pair.TagKey+"="+s.World.Pair.ID()+", so bothways leaves it alone. Rename or delete it, or choose other buckets."))
		}
	}
	if s.FirstVersioning() && !s.World.Pair.Options.Settle {
		found = append(found, finding(survey.Note, "", "versioning is switched on for the first time",
			"AWS advises to wait 15 minutes before relying on it (S3 User Guide, enabling versioning). That is not waited for: the canaries show when each direction works, and single reads may still miss meanwhile. --settle waits."))
	}
	slices.SortStableFunc(found, func(x, y survey.Finding) int { return survey.Rank(x.Severity) - survey.Rank(y.Severity) })
	return found
}

func sideFindings(s *survey.Survey, name pair.SideName) []survey.Finding {
	side, want := s.Sides[name], s.World.Pair.Side(name)
	var found []survey.Finding
	add := func(severity survey.Severity, title, meaning string) {
		found = append(found, finding(severity, name, title, meaning))
	}
	if side.Foreign {
		if why := side.Refusals["s3:ListBucket"]; !why.Missing() {
			add(survey.Blocker, "bucket "+want.Bucket+" is out of reach: "+why.Words(), why.Advice())
			return found
		}
		add(survey.Blocker, "bucket "+want.Bucket+" is out of reach",
			"The name is taken: by another account, or by a bucket of yours that these credentials may not read. Choose another name, or grant s3:ListBucket.")
		return found
	}
	if side.Silent != "" {
		add(survey.Blocker, s.NotReached(name), "Whether it is there is not known, so nothing is planned for it. Look again.")
		return found
	}
	if side.Exists && side.RealRegion != want.Region {
		add(survey.Blocker, "bucket "+want.Bucket+" lies in "+side.RealRegion,
			"Give side "+string(name)+" as "+side.RealRegion+"/"+want.Bucket+", or choose another bucket in "+want.Region+".")
		return found
	}
	if err := want.CheckNewBucket(); err != nil && side.Absent() {
		add(survey.Blocker, "bucket "+want.Bucket+" is not there, and no new bucket can be named so",
			"S3's rules for new buckets: "+err.Error()+". Give another name, or look at how the one that you mean is written.")
		return found
	}
	found = append(found, lackFindings(s, name)...)
	if side.Versioning == types.BucketVersioningStatusSuspended {
		add(survey.Warning, "versioning is suspended", "It will be switched on again; replication needs it on both sides.")
	}
	if side.MFADelete {
		add(survey.Blocker, "MFA delete is on", "Versioning changes and deletes of versions would each need a code from the root user's device. Choose another bucket.")
	}
	if side.Retention {
		add(survey.Blocker, "object lock gives every new object a retention", "Canaries and probes could not be deleted again. Choose another bucket.")
	} else if other := s.Sides[name.Other()]; side.ObjectLock && !other.ObjectLock && other.Exists {
		add(survey.Blocker, "object lock is on here and not on the other side",
			"Locked objects replicate only into a bucket with object lock. Choose another bucket, or switch it on there, which can't be taken back: "+
				"rules that stand there already fail from then on until their role has s3:GetObjectRetention and s3:GetObjectLegalHold, which this plan would give to its own.")
	} else if side.ObjectLock && other.Absent() {
		add(survey.Note, "object lock is on here", "The bucket on side "+string(name.Other())+" is made with object lock too, because locked objects replicate only into such a bucket. It can't be switched off again.")
	}
	if side.RequesterPays {
		add(survey.Warning, "requester pays is on", "Replication goes on as usual, but requests of another account, probes among them, are refused unless they agree to pay.")
	}
	if side.Expires {
		add(survey.Warning, "a lifecycle rule expires objects but not their noncurrent versions", "With versioning on, expired objects stay as noncurrent versions and cost storage. Add NoncurrentVersionExpiration.")
	}
	if len(side.Unread) > 0 {
		add(survey.Note, "not readable with these credentials: "+strings.Join(side.Unread, ", "), "Whether it lies in the way is unknown. The canary will show it.")
	}
	return found
}

func finding(severity survey.Severity, side pair.SideName, title, meaning string) survey.Finding {
	return survey.Finding{Severity: severity, Side: side, Title: title, Meaning: meaning}
}

// agreeable is a finding about what of others is changed: until that was agreed
// to it blocks the plan.
func agreeable(s *survey.Survey, to pair.Consent, agreed survey.Severity, side pair.SideName, title, meaning string) survey.Finding {
	if s.World.Consent.To(to) {
		return finding(agreed, side, title, meaning+" You agreed to that.")
	}
	ask := finding(survey.Blocker, side, title, meaning+" Agree with --"+to.String()+", or choose another bucket.")
	ask.Consent = to
	return ask
}
