package replication

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

// findings says what the survey saw that a reviewer of a set-up should know,
// blockers first.
func (s *Survey) findings() []Finding {
	var found []Finding
	for _, name := range pair.Sides() {
		found = append(found, s.regionFindings(name)...)
		found = append(found, s.sideFindings(name)...)
		found = append(found, s.policyFindings(name)...)
		found = append(found, s.rightsFindings(name, SetUp)...)
	}
	a, b := s.Sides[pair.A].Identity.Account, s.Sides[pair.B].Identity.Account
	if a != b {
		found = append(found, finding(Blocker, "", fmt.Sprintf("side A is account %s, side B is account %s", a, b),
			"Replication between two accounts needs bucket policies on both sides, which bothways does not set up yet. Use one profile for both sides."))
	}
	for _, d := range pair.Directions() {
		for _, lack := range s.Links[d].Lacks {
			found = append(found, finding(lack.asFinding(), lack.Side, lack.Title, lack.Meaning+" "+lack.Todo))
		}
		if link := s.Links[d]; link.RoleExists && link.RoleMark != s.World.Pair.ID() {
			found = append(found, finding(Blocker, d.From(), "a role named "+s.World.Pair.RoleName(d)+" is not ours",
				"It lacks the tag "+pair.TagKey+"="+s.World.Pair.ID()+", so bothways leaves it alone. Rename or delete it, or choose other buckets."))
		}
	}
	if s.firstVersioning() {
		found = append(found, finding(Note, "", "versioning is switched on for the first time",
			"AWS advises to wait 15 minutes before relying on it (S3 User Guide, enabling versioning). The canaries show when each direction works; single reads may still miss meanwhile."))
	}
	slices.SortStableFunc(found, func(x, y Finding) int { return rank(x.Severity) - rank(y.Severity) })
	return found
}

func (s *Survey) sideFindings(name pair.SideName) []Finding {
	side, want := s.Sides[name], s.World.Pair.Side(name)
	var found []Finding
	add := func(severity Severity, title, meaning string) {
		found = append(found, finding(severity, name, title, meaning))
	}
	if side.Foreign {
		add(Blocker, "bucket "+want.Bucket+" is out of reach",
			"The name is taken: by another account, or by a bucket of yours that these credentials may not read. Choose another name, or grant s3:ListBucket.")
		return found
	}
	if side.Exists && side.RealRegion != want.Region {
		add(Blocker, "bucket "+want.Bucket+" lies in "+side.RealRegion,
			"Give side "+string(name)+" as "+side.RealRegion+"/"+want.Bucket+", or choose another bucket in "+want.Region+".")
		return found
	}
	direction := pair.AtoB
	if name == pair.B {
		direction = pair.BtoA
	}
	if _, others := s.ownRules(direction); len(others) > 0 {
		add(Blocker, fmt.Sprintf("%d replication rule(s) that are not this pair's: %s", len(others), ruleNames(others)),
			"S3 replaces the whole configuration at every write, and all its rules share one role, so bothways leaves it alone. Remove the rules, or choose another bucket.")
	}
	if side.Versioning == types.BucketVersioningStatusSuspended {
		add(Warning, "versioning is suspended", "It will be switched on again; replication needs it on both sides.")
	}
	if side.MFADelete {
		add(Blocker, "MFA delete is on", "Versioning changes and deletes of versions would each need a code from the root user's device. Choose another bucket.")
	}
	if side.KMSDefault {
		add(Blocker, "new objects are encrypted with a KMS key",
			"Such objects are not replicated unless the rule and the role name the keys, which bothways does not set up yet. Choose a bucket with SSE-S3.")
	}
	if side.Retention {
		add(Blocker, "object lock gives every new object a retention", "Canaries and probes could not be deleted again. Choose another bucket.")
	} else if side.ObjectLock != s.Sides[name.Other()].ObjectLock && side.ObjectLock {
		add(Blocker, "object lock is on here and not on the other side", "Locked objects replicate only into a bucket with object lock. Choose another bucket, or switch it on there.")
	}
	if side.RequesterPays {
		add(Warning, "requester pays is on", "Replication goes on as usual, but requests of another account, probes among them, are refused unless they agree to pay.")
	}
	if side.Expires {
		add(Warning, "a lifecycle rule expires objects but not their noncurrent versions", "With versioning on, expired objects stay as noncurrent versions and cost storage. Add NoncurrentVersionExpiration.")
	}
	if len(side.Unread) > 0 {
		add(Note, "not readable with these credentials: "+strings.Join(side.Unread, ", "), "Whether it lies in the way is unknown. The canary will show it.")
	}
	return found
}

func (s *Survey) firstVersioning() bool {
	for _, side := range s.Sides {
		if side.Versioning == "" {
			return true
		}
	}
	return false
}

func ruleNames(rules []types.ReplicationRule) string {
	var names []string
	for i, r := range rules {
		if i == 3 {
			names = append(names, "…")
			break
		}
		names = append(names, aws.ToString(r.ID))
	}
	return strings.Join(names, ", ")
}

func rank(s Severity) int { return slices.Index([]Severity{Blocker, Warning, Note}, s) }
