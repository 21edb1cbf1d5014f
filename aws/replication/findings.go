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
		found = append(found, s.denialFindings(name)...)
		found = append(found, s.rightsFindings(name, SetUp)...)
	}
	found = append(found, s.accountFindings()...)
	found = append(found, s.keyFindings()...)
	found = append(found, s.optionFindings()...)
	for _, d := range pair.Directions() {
		found = append(found, s.mergeFindings(d)...)
		found = append(found, s.othersRoleFindings(d)...)
	}
	for _, d := range pair.Directions() {
		found = append(found, s.unreadRole(d)...)
		for _, lack := range s.Directions[d].Lacks {
			found = append(found, finding(Warning, lack.Side, lack.Title, lack.Meaning+" "+lack.Todo))
		}
		if direction := s.Directions[d]; s.roleUse(d) == ownRole && direction.RoleExists && direction.RoleMark != s.World.Pair.ID() {
			found = append(found, finding(Blocker, d.From(), "a role named "+s.World.Pair.RoleName(d)+" is not ours",
				"It lacks the tag "+pair.TagKey+"="+s.World.Pair.ID()+", so bothways leaves it alone. Rename or delete it, or choose other buckets."))
		}
	}
	if s.firstVersioning() && !s.World.Pair.Options.Settle {
		found = append(found, finding(Note, "", "versioning is switched on for the first time",
			"AWS advises to wait 15 minutes before relying on it (S3 User Guide, enabling versioning). That is not waited for: the canaries show when each direction works, and single reads may still miss meanwhile. --settle waits."))
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
	found = append(found, s.lackFindings(name)...)
	if side.Versioning == types.BucketVersioningStatusSuspended {
		add(Warning, "versioning is suspended", "It will be switched on again; replication needs it on both sides.")
	}
	if side.MFADelete {
		add(Blocker, "MFA delete is on", "Versioning changes and deletes of versions would each need a code from the root user's device. Choose another bucket.")
	}
	if side.Retention {
		add(Blocker, "object lock gives every new object a retention", "Canaries and probes could not be deleted again. Choose another bucket.")
	} else if other := s.Sides[name.Other()]; side.ObjectLock && !other.ObjectLock && other.Exists {
		add(Blocker, "object lock is on here and not on the other side",
			"Locked objects replicate only into a bucket with object lock. Choose another bucket, or switch it on there, which can't be taken back: "+
				cli(s.World.clients(name.Other()), "s3api", "put-object-lock-configuration", "--bucket", s.World.Pair.Side(name.Other()).Bucket,
					"--object-lock-configuration", `{"ObjectLockEnabled":"Enabled"}`))
	} else if side.ObjectLock && !other.Exists {
		add(Note, "object lock is on here", "The bucket on side "+string(name.Other())+" is made with object lock too, because locked objects replicate only into such a bucket. It can't be switched off again.")
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

// count words a number of things: "1 rule", "2 rules".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func rank(s Severity) int { return slices.Index([]Severity{Blocker, Warning, Note}, s) }
