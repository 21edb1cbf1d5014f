package replication

import (
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

// PlanSetUp proposes what is missing between what the survey found and a pair
// that replicates both ways. The two sides and the two roles don't depend on
// each other, so nothing here is a cycle: each rule needs both buckets and its
// own role, each canary its rule.
func PlanSetUp(s *Survey) Plan {
	plan := Plan{Pair: s.World.Pair, Accounts: s.accounts(), Purpose: SetUp, Findings: s.findings(), Wanted: s.wanted()}
	for _, name := range pair.Sides() {
		plan.Steps = append(plan.Steps, s.bucketStep(name))
	}
	for _, name := range pair.Sides() {
		plan.Steps = append(plan.Steps, s.versioningStep(name))
	}
	plan.Steps = append(plan.Steps, s.settleSteps()...)
	for _, d := range pair.Directions() {
		plan.Steps = append(plan.Steps, s.roleStep(d))
	}
	for _, d := range pair.Directions() {
		plan.Steps = append(plan.Steps, s.ruleStep(d))
	}
	for _, d := range pair.Directions() {
		plan.Steps = append(plan.Steps, s.canaryStep(d, plan))
	}
	return plan
}

func stepID(kind string, side pair.SideName) string {
	return kind + "-" + map[pair.SideName]string{pair.A: "a", pair.B: "b"}[side]
}

func linkID(kind string, d pair.Direction) string { return kind + "-" + d.Slug() }

func (s *Survey) bucketStep(name pair.SideName) Step {
	found, side, clients := s.Sides[name], s.World.Pair.Side(name), s.World.clients(name)
	act := createBucket{clients: clients, side: side, owner: found.Identity.Account, pairID: s.World.Pair.ID()}
	step := Step{
		ID: stepID("bucket", name), Side: name, Title: "bucket",
		Call: "CreateBucket", Target: side.Region + " " + side.Bucket,
		Why:     "A direction needs a bucket at both ends.",
		Request: exactJSON(act.input()), CLI: act.cli(), action: act,
	}
	if found.Exists {
		step.Change, step.What = Nothing, side.Bucket+" is there"
		step.Undo = "nothing to undo: it was there before"
		if found.OwnMark == act.pairID {
			step.Undo = "bothways destroy --buckets removes it, if it holds nothing of others"
		}
		return step
	}
	step.Change, step.What = Create, side.Bucket+", private, encrypted, tagged "+pair.TagKey+"="+act.pairID
	step.Undo = "delete the bucket, if it holds nothing of others (undo of this run, or bothways destroy --buckets)"
	return step
}

func (s *Survey) versioningStep(name pair.SideName) Step {
	found, side := s.Sides[name], s.World.Pair.Side(name)
	act := enableVersioning{clients: s.World.clients(name), side: side, owner: found.Identity.Account, newBucket: !found.Exists}
	step := Step{
		ID: stepID("versioning", name), Side: name, Title: "versioning",
		Call: "PutBucketVersioning", Target: side.Region + " " + side.Bucket,
		Why:     "Replication copies versions: S3 refuses a rule unless both buckets keep them.",
		Request: exactJSON(act.input()), CLI: act.cli(),
		Needs: []string{stepID("bucket", name)}, action: act,
	}
	switch found.Versioning {
	case types.BucketVersioningStatusEnabled:
		step.Change, step.What, step.Undo = Nothing, "Enabled", "nothing to undo: it was on before"
	case types.BucketVersioningStatusSuspended:
		step.Change, step.What = Modify, "Suspended -> Enabled"
		step.Undo = "stays Enabled; suspend it by hand once the rules are gone"
	default:
		step.Change, step.What = Modify, "never set -> Enabled"
		step.Undo = "can be suspended later, never returned to never set"
	}
	return step
}

func (s *Survey) roleStep(d pair.Direction) Step {
	found, p := s.Links[d], s.World.Pair
	act := makeRole{clients: s.World.clients(d.From()), pair: p, direction: d, exists: found.RoleExists}
	step := Step{
		ID: linkID("role", d), Direction: &d, Title: "role",
		Call: act.call(), Target: "IAM " + pair.RolePath + p.RoleName(d),
		Why:     fmt.Sprintf("S3 takes this role to read new versions in %s and to write replicas into %s, nothing else.", p.From(d).Bucket, p.To(d).Bucket),
		Request: act.request(), CLI: act.cli(), Undo: "delete the policy and the role", action: act,
	}
	switch {
	case !found.RoleExists:
		step.Change, step.What = Create, "may read "+string(d.From())+"'s new versions, may write replicas to "+string(d.To())
	case found.TrustOK && found.PolicyOK:
		step.Change, step.What = Nothing, "in place, with the right policy"
	default:
		step.Change, step.What = Modify, "its trust or its policy differs from what is needed -> put right"
	}
	return step
}

func (s *Survey) ruleStep(d pair.Direction) Step {
	p, from := s.World.Pair, s.World.Pair.From(d)
	account := s.Sides[d.From()].Identity.Account
	act := putRule{
		clients: s.World.clients(d.From()), far: s.World.clients(d.To()), pair: p, direction: d,
		owner: account, farOwner: s.Sides[d.To()].Identity.Account,
		roleARN: s.roleARN(d), newBucket: !s.Sides[d.From()].Exists,
	}
	step := Step{
		ID: linkID("rule", d), Direction: &d, Title: "rule",
		Call: "PutBucketReplication", Target: from.Region + " " + from.Bucket,
		Why:     "Tells S3 to copy every new object that it covers to side " + string(d.To()) + ".",
		Request: exactJSON(act.input()), CLI: act.cli(),
		Undo:  "delete the replication configuration",
		Needs: []string{stepID("versioning", pair.A), stepID("versioning", pair.B), linkID("role", d)}, action: act,
	}
	own, _ := s.ownRules(d)
	switch {
	case s.ruleHolds(d):
		step.Change, step.What = Nothing, "in place: "+describeRule(p.Options)
	case len(own) > 0:
		step.Change, step.What = Modify, "differs from what is wanted -> "+describeRule(p.Options)
	default:
		step.Change, step.What = Create, describeRule(p.Options)
	}
	return step
}

func (s *Survey) canaryStep(d pair.Direction, plan Plan) Step {
	p := s.World.Pair
	changing := func(id string) bool {
		return slices.ContainsFunc(plan.Steps, func(other Step) bool { return other.ID == id && other.Change != Nothing })
	}
	act := canary{world: s.World, direction: d, owners: s.owners(), wanted: proof(p, d), roleIsNew: changing(linkID("role", d)), tries: &atomic.Int32{}}
	step := Step{
		ID: linkID("canary", d), Direction: &d, Title: "canary",
		Call: "PutObject, HeadObject", Target: p.From(d).String() + " to " + p.To(d).String(),
		Why:     "S3 accepts a rule without trying its role: only an object that arrives proves the direction.",
		What:    fmt.Sprintf("a %d-byte object, removed afterwards; what it proves is noted as a tag of the role", canarySize),
		Request: exactJSON(act.input(1)), CLI: act.cli(),
		Undo: "its versions are deleted on both sides", Change: Prove,
		Needs: []string{linkID("rule", d)}, action: act,
	}
	needsProof := changing(linkID("rule", d)) || changing(linkID("role", d)) ||
		changing(stepID("versioning", pair.A)) || changing(stepID("versioning", pair.B))
	if !needsProof && s.Links[d].Proven == act.wanted {
		step.Change, step.What = Nothing, "proven before, with this rule and this role"
	}
	return step
}

// roleARN is the role's ARN, or what it will be: IAM composes it of the
// account, the path and the name.
func (s *Survey) roleARN(d pair.Direction) string {
	if arn := s.Links[d].RoleARN; arn != "" {
		return arn
	}
	p := s.World.Pair
	return "arn:" + pair.PartitionOf(p.From(d).Region) + ":iam::" + s.Sides[d.From()].Identity.Account +
		":role" + pair.RolePath + p.RoleName(d)
}

func (s *Survey) accounts() map[pair.SideName]string {
	return map[pair.SideName]string{pair.A: s.Sides[pair.A].Identity.Account, pair.B: s.Sides[pair.B].Identity.Account}
}

func (s *Survey) owners() map[pair.SideName]*string {
	return map[pair.SideName]*string{
		pair.A: aws.String(s.Sides[pair.A].Identity.Account),
		pair.B: aws.String(s.Sides[pair.B].Identity.Account),
	}
}

func describeRule(o pair.Options) string {
	text := "all objects"
	if o.Prefix != "" {
		text = "objects under " + o.Prefix
	}
	if o.DeleteMarkers {
		text += ", delete markers"
	}
	if o.ReplicaModifications {
		text += ", replica edits"
	}
	if o.Metrics {
		text += ", CloudWatch metrics"
	}
	return text
}
