package wanted

import (
	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// FISPrincipal is the service that takes the role of an experiment (AWS FIS User
// Guide, "IAM roles for AWS FIS experiments").
const FISPrincipal = "fis.amazonaws.com"

// DrillRole is the role that AWS FIS takes to pause direction d in a drill. Its
// trust is for experiments of this account and Region alone, as the AWS FIS User
// Guide recommends ("Confused deputy prevention").
func DrillRole(s *survey.Survey, d pair.Direction, drill, by string) Direction {
	p, account := s.World.Pair, s.Sides[d.From()].Identity.Account
	partition := pair.PartitionOf(p.From(d).Region)
	name := prefixed(p, d, s.OwnRoleName(d), s.Directions[d].Own(p)).DrillRoleName(d)
	tags := batchTags(s, d)
	tags[pair.DrillTagKey] = drill
	description := "AWS FIS pauses replication from " + p.From(d).Bucket + " to " + p.To(d).Bucket + " for drill " + drill
	if by != "" {
		description += DrillBy + by
	}
	return Direction{
		Own: true, RoleName: name, RolePath: p.RolePath(),
		RoleARN:         "arn:" + partition + ":iam::" + account + ":role" + p.RolePath() + name,
		RoleDescription: description, RoleTags: tags, RoleBoundary: roleBoundary(s, d).arn,
		Trust:      drillTrust(p, d, account),
		PolicyName: p.DrillPolicyName(), Policy: drillPolicy(p, d),
	}
}

// PauseRole is the role of pauses of direction d that others than bothways start,
// such as a schedule. It may do what a drill's may.
func PauseRole(w Documents, d pair.Direction) Direction {
	account, direction := w.Sides[d.From()].Account, w.Directions[d]
	p := prefixed(w.Pair, d, direction.RoleName, direction.Own)
	boundary := direction.RoleBoundary
	if !direction.Own {
		boundary = p.Boundary(account)
	}
	tags := map[string]string{}
	for _, t := range p.Options.MadeTags.List() {
		tags[t.Key] = t.Value
	}
	name := p.PauseRoleName(d)
	return Direction{
		Own: true, RoleName: name, RolePath: p.RolePath(), RoleARN: "arn:" + pair.PartitionOf(p.From(d).Region) + ":iam::" + account + ":role" + p.RolePath() + name,
		RoleDescription: "AWS FIS pauses replication from " + p.From(d).Bucket + " to " + p.To(d).Bucket, RoleTags: tags, RoleBoundary: boundary,
		Trust: drillTrust(p, d, account), PolicyName: p.DrillPolicyName(), Policy: drillPolicy(p, d),
	}
}

// drillTrust is for experiments of an account and a Region alone.
func drillTrust(p pair.Pair, d pair.Direction, account string) string {
	return policy.Compose(policy.Draft{
		Effect: "Allow", Principal: map[string]string{"Service": FISPrincipal}, Action: "sts:AssumeRole",
		Condition: map[string]map[string]any{
			"StringEquals": {"aws:SourceAccount": account},
			"ArnLike":      {"aws:SourceArn": "arn:" + pair.PartitionOf(p.From(d).Region) + ":fis:" + p.From(d).Region + ":" + account + ":experiment/*"},
		},
	})
}

// DrillBy comes before who began a drill, in the description of its roles.
const DrillBy = ", begun by "

// drillPolicy is the least that the pause of one bucket needs (AWS FIS User
// Guide, "AWS FIS actions reference", aws:s3:bucket-pause-replication). The pause
// is a flagged write of the replication configuration, and nothing else may be
// written with it.
func drillPolicy(p pair.Pair, d pair.Direction) string {
	bucket := p.From(d).BucketARN()
	return policy.Compose(
		policy.Draft{
			Sid: "Pause", Effect: "Allow", Action: "s3:PauseReplication", Resource: bucket,
			Condition: map[string]map[string]any{"StringEquals": {"s3:DestinationRegion": p.To(d).Region}},
		},
		policy.Draft{
			Sid: "PauseWrites", Effect: "Allow", Action: []string{"s3:PutReplicationConfiguration", "s3:GetReplicationConfiguration"}, Resource: bucket,
			Condition: map[string]map[string]any{"BoolIfExists": {"s3:IsReplicationPauseRequest": "true"}},
		},
		policy.Draft{Sid: "FindByTag", Effect: "Allow", Action: []string{"s3:ListAllMyBuckets", "tag:GetResources"}, Resource: "*"},
	)
}

// prefixed is the pair with the beginning of names that its own role has, where
// none was asked for: whoever demanded that one demands it of others, too.
func prefixed(p pair.Pair, d pair.Direction, role string, own bool) pair.Pair {
	if prefix := p.PrefixOf(d, role); p.Options.RolePrefix == "" && own {
		p.Options.RolePrefix = prefix
	}
	return p
}
