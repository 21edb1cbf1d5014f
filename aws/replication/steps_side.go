package replication

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/policy"
)

func (s *Survey) bucketStep(name pair.SideName, w *Wanted) Step {
	found, side, clients := s.Sides[name], s.World.Pair.Side(name), s.World.clients(name)
	act := createBucket{clients: clients, side: side, owner: found.Identity.Account, wanted: w.Sides[name], exists: found.Exists}
	id := s.World.Pair.ID()
	step := Step{
		ID: KindBucket.onSide(name), Side: name, Kind: KindBucket, Title: "bucket",
		Call: "CreateBucket", Target: side.Region + " " + side.Bucket,
		Why:     "A direction needs a bucket at both ends.",
		Request: exactJSON(act.input()), CLI: act.cli(), action: act,
	}
	if found.Exists {
		step.Change, step.What = Nothing, side.Bucket+" is there"
		step.Undo = "nothing to undo: it was there before"
		if found.OwnMark == id {
			step.Undo = "bothways destroy --buckets removes it, if it holds nothing of others"
		}
		return step
	}
	step.Change, step.What = Create, side.Bucket+", private, encrypted, tagged "+pair.TagKey+"="+id
	if tags := s.World.Pair.Options.MadeTags; tags != "" {
		step.What += "," + tags.String()
	}
	if w.Sides[name].Locked {
		step.What += ", with object lock, as side " + string(name.Other()) + " has it"
	}
	step.Undo = "delete the bucket, if it holds nothing of others (undo of this run, or bothways destroy --buckets)"
	return step
}

func (s *Survey) versioningStep(name pair.SideName) Step {
	found, side := s.Sides[name], s.World.Pair.Side(name)
	act := enableVersioning{clients: s.World.clients(name), side: side, owner: found.Identity.Account, newBucket: !found.Exists}
	step := Step{
		ID: KindVersioning.onSide(name), Side: name, Kind: KindVersioning, Title: "versioning",
		Call: "PutBucketVersioning", Target: side.Region + " " + side.Bucket,
		Why:     "Replication copies versions: S3 refuses a rule unless both buckets keep them.",
		Request: exactJSON(act.input()), CLI: act.cli(),
		Needs: []string{KindBucket.onSide(name)}, action: act,
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

// policyStep lets the other account's role in; there is none within one
// account.
func (s *Survey) policyStep(name pair.SideName, w *Wanted) (Step, bool) {
	if !s.twoAccounts() {
		return Step{}, false
	}
	found, p, d := s.Sides[name], s.World.Pair, incoming(name)
	act := writePolicy{
		clients: s.World.clients(name), side: p.Side(name), owner: found.Identity.Account,
		base: found.Policy, wanted: w.Sides[name].Policy,
		newBucket: !found.Exists, newRole: w.Directions[d].Own && (!s.Directions[d].RoleExists || s.roleIsYoung(d)),
	}
	step := Step{
		ID: KindPolicy.onSide(name), Side: name, Kind: KindPolicy, Title: "policy",
		Call: act.call(), Target: p.Side(name).Region + " " + p.Side(name).Bucket,
		Why:     fmt.Sprintf("Side %s is another account: its role gets in only if this bucket's policy says so.", name.Other()),
		Request: act.request(), CLI: act.cli(), Base: found.Policy,
		Undo:  "our statements are taken out again",
		Needs: []string{KindBucket.onSide(name), s.roleStepID(d)}, action: act,
	}
	own, others, _ := s.statements(name) // a policy that can't be understood blocks the plan
	account, role := s.Sides[name.Other()].Identity.Account, w.Directions[d].RoleName
	switch {
	case policy.Same(found.Policy, act.wanted):
		step.Change, step.What = Nothing, "lets the role of account "+account+" in"
		return step, true
	case len(own) > 0:
		step.Change, step.What = Modify, "our statements differ -> let role "+role+" of account "+account+" write replicas"
	case len(others) > 0:
		step.Change, step.What = Create, fmt.Sprintf("+ beside %s of others (unchanged): let role %s of account %s write replicas", count(len(others), "statement"), role, account)
	default:
		step.Change, step.What = Create, "none -> lets role "+role+" of account "+account+" write replicas"
	}
	if len(others) > 0 {
		step.Others = "the bucket policy of " + p.Side(name).Bucket + ", which has " + count(len(others), "statement") + " of others"
	}
	return step, true
}
