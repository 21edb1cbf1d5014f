package plan

import (
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/probe/wording"
)

func bucketStep(s *survey.Survey, name pair.SideName, w *wanted.Documents) step.Step {
	found, side, clients := s.Sides[name], s.World.Pair.Side(name), s.World.Clients(name)
	act := step.CreateBucket{Clients: clients, Side: side, Owner: found.Identity.Account, Wanted: w.Sides[name], Exists: found.Exists}
	id := s.World.Pair.ID()
	st := step.New(act, step.Step{
		ID: step.KindBucket.OnSide(name), Side: name, Kind: step.KindBucket, Title: "bucket",
		Target: side.Region + " " + side.Bucket,
		Why:    "A direction needs a bucket at both ends.",
	})
	if found.Exists {
		st.Change, st.What = step.Nothing, side.Bucket+" is there"
		st.Undo = "nothing to undo: it was there before"
		if found.OwnMark == id {
			st.Undo = "bothways destroy --buckets removes it, if it holds nothing of others"
		}
		return st
	}
	st.Change, st.What = step.Create, side.Bucket+", private, encrypted, tagged "+pair.TagKey+"="+id
	if tags := s.World.Pair.Options.MadeTags; tags != "" {
		st.What += "," + tags.String()
	}
	if w.Sides[name].Locked {
		st.What += ", with object lock, as side " + string(name.Other()) + " has it"
	}
	st.Undo = "delete the bucket, if it holds nothing of others (undo of this run, or bothways destroy --buckets)"
	return st
}

func versioningStep(s *survey.Survey, name pair.SideName) step.Step {
	found, side := s.Sides[name], s.World.Pair.Side(name)
	act := step.EnableVersioning{Clients: s.World.Clients(name), Side: side, Owner: found.Identity.Account, NewBucket: !found.Exists}
	st := step.New(act, step.Step{
		ID: step.KindVersioning.OnSide(name), Side: name, Kind: step.KindVersioning, Title: "versioning",
		Target: side.Region + " " + side.Bucket,
		Why:    "Replication copies versions: S3 refuses a rule unless both buckets keep them.",
		Needs:  []string{step.KindBucket.OnSide(name)},
	})
	switch found.Versioning {
	case types.BucketVersioningStatusEnabled:
		st.Change, st.What, st.Undo = step.Nothing, "Enabled", "nothing to undo: it was on before"
	case types.BucketVersioningStatusSuspended:
		st.Change, st.What = step.Modify, "Suspended -> Enabled"
		st.Undo = "stays Enabled; suspend it by hand once the rules are gone"
	default:
		st.Change, st.What = step.Modify, "never set -> Enabled"
		st.Undo = "can be suspended later, never returned to never set"
	}
	return st
}

// policyStep lets the other account's role in; there is none within one
// account.
func policyStep(s *survey.Survey, name pair.SideName, w *wanted.Documents) (step.Step, bool) {
	if !s.TwoAccounts() {
		return step.Step{}, false
	}
	found, p, d := s.Sides[name], s.World.Pair, wanted.Incoming(name)
	act := step.WritePolicy{
		Clients: s.World.Clients(name), Pair: p, Side: p.Side(name), Owner: found.Identity.Account,
		Base: found.Policy, Wanted: w.Sides[name].Policy,
		NewBucket: !found.Exists, NewRole: w.Directions[d].Own && (!s.Directions[d].RoleExists || roleIsYoung(s, d)),
	}
	st := step.New(act, step.Step{
		ID: step.KindPolicy.OnSide(name), Side: name, Kind: step.KindPolicy, Title: "policy",
		Target: p.Side(name).Region + " " + p.Side(name).Bucket,
		Why:    fmt.Sprintf("Side %s is another account: its role gets in only if this bucket's policy says so.", name.Other()),
		Base:   found.Policy,
		Undo:   "our statements are taken out again",
		Needs:  []string{step.KindBucket.OnSide(name), roleStepID(s, d)},
	})
	own, others, _ := wanted.Statements(s, name) // a policy that can't be understood blocks the plan
	account, role := s.Sides[name.Other()].Identity.Account, w.Directions[d].RoleName
	switch {
	case policy.Same(found.Policy, act.Wanted):
		st.Change, st.What = step.Nothing, "lets the role of account "+account+" in"
		return st, true
	case len(own) > 0:
		st.Change, st.What = step.Modify, "our statements differ -> let role "+role+" of account "+account+" write replicas"
	case len(others) > 0:
		st.Change, st.What = step.Create, fmt.Sprintf("+ beside %s of others (unchanged): let role %s of account %s write replicas", english.Plural(len(others), "statement", ""), role, account)
	default:
		st.Change, st.What = step.Create, "none -> lets role "+role+" of account "+account+" write replicas"
	}
	if len(others) > 0 {
		st.Others = "the bucket policy of " + p.Side(name).Bucket + ", which has " + english.Plural(len(others), "statement", "") + " of others"
	}
	return st, true
}

// settleSteps is the wait after first-time versioning, where it is wanted.
// Nothing needs it: S3 refuses a rule until versioning has settled, which the
// rules' steps bear with for as long, and the canaries prove what works
// already. It is for who writes objects once apply has ended.
func settleSteps(s *survey.Survey) []step.Step {
	if !s.World.Pair.Options.Settle || !s.FirstVersioning() {
		return nil
	}
	var needs []string
	for _, name := range pair.Sides() {
		if s.Sides[name].Versioning == "" {
			needs = append(needs, step.KindVersioning.OnSide(name))
		}
	}
	return []step.Step{step.New(step.Settle{Skipped: make(chan struct{}), Once: &sync.Once{}}, step.Step{
		ID: string(step.KindSettle), Kind: step.KindSettle, Title: "settle", Change: step.Wait, Needs: needs,
		What:   fmt.Sprintf("wait %s after versioning reads Enabled; can be skipped", wording.Duration(step.Settling)),
		Why:    "Until versioning has settled everywhere, single reads of new objects may miss (S3 API reference, PutBucketVersioning).",
		Target: "this computer", Undo: "nothing to undo",
	})}
}
