package plan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/aws/upload"
)

// roleStepID is the ID of the step that makes direction d's role usable.
func roleStepID(s *survey.Survey, d pair.Direction) string {
	if wanted.RoleUse(s, d) == wanted.GuestRole {
		return step.KindRolePolicy.On(d)
	}
	return step.KindRole.On(d)
}

func roleStep(s *survey.Survey, d pair.Direction, w *wanted.Documents) step.Step {
	switch wanted.RoleUse(s, d) {
	case wanted.GuestRole:
		return guestRoleStep(s, d, w)
	case wanted.GivenRole:
		return givenRoleStep(s, d, w)
	case wanted.OwnRole:
	}
	found, p := s.Directions[d], s.World.Pair
	act := step.MakeRole{Clients: s.World.Clients(d.From()), Pair: p, Wanted: w.Directions[d], Exists: found.RoleExists}
	st := step.New(act, step.Step{
		ID: roleStepID(s, d), Direction: &d, Kind: step.KindRole, Title: "role",
		Target: "IAM " + w.Directions[d].RolePath + w.Directions[d].RoleName,
		Why:    fmt.Sprintf("S3 takes this role to read new versions in %s and to write replicas into %s, nothing else.", p.From(d).Bucket, p.To(d).Bucket),
		Undo:   "delete the policy and the role",
	})
	switch {
	case !found.RoleExists:
		st.Change, st.What = step.Create, roleInWords(s, d)+within(w.Directions[d].RoleBoundary)
	case wanted.RoleHolds(s, d):
		st.Change, st.What = step.Nothing, "in place, with the right policy"+within(w.Directions[d].RoleBoundary)
	default:
		st.Change, st.What = step.Modify, roleChange(s, d, w)
		st.Undo += boundaryUndo(found.Boundary, w.Directions[d])
	}
	return st
}

// roleInWords says what a role's policy lets it do.
func roleInWords(s *survey.Survey, d pair.Direction) string {
	text := "may read " + string(d.From()) + "'s new versions, may write replicas to " + string(d.To())
	switch from, to := len(wanted.KeysOf(s, d.From())) > 0, len(wanted.KeysOf(s, d.To())) > 0; {
	case from && to:
		text += ", may use the KMS keys of both"
	case from:
		text += ", may decrypt with the KMS key of " + string(d.From())
	case to:
		text += ", may encrypt with the KMS key of " + string(d.To())
	}
	return text
}

func guestRoleStep(s *survey.Survey, d pair.Direction, w *wanted.Documents) step.Step {
	found, p, direction := s.Directions[d], s.World.Pair, w.Directions[d]
	act := step.AddPolicy{Clients: s.World.Clients(d.From()), Wanted: direction}
	there, right := false, false
	if found.Others != nil {
		act.Base, there, right = found.Others.Policy, found.Others.PolicyThere, wanted.GuestPolicyHolds(s, d)
	}
	st := step.New(act, step.Step{
		ID: roleStepID(s, d), Direction: &d, Kind: step.KindRolePolicy, Title: "role policy",
		Target: "IAM " + direction.RolePath + direction.RoleName,
		Why:    fmt.Sprintf("All rules of a bucket share one role. The rules of others in %s take this one, so it needs the rights of ours too.", p.From(d).Bucket),
		Base:   act.Base,
		Undo:   "our policy is taken off again; the role and its other policies stay",
	})
	switch {
	case right:
		st.Change, st.What = step.Nothing, "our policy is on role "+direction.RoleName
		return st
	case there:
		st.Change, st.What = step.Modify, "our policy on role "+direction.RoleName+" differs -> put right"
	default:
		st.Change, st.What = step.Create, "+ our policy on role "+direction.RoleName+", which is not ours: "+roleInWords(s, d)
	}
	st.Others = "role " + direction.RoleName + ", which others made"
	return st
}

func givenRoleStep(s *survey.Survey, d pair.Direction, w *wanted.Documents) step.Step {
	direction := w.Directions[d]
	act := step.UseRole{Clients: s.World.Clients(d.From()), Name: direction.RoleName}
	return step.New(act, step.Step{
		ID: roleStepID(s, d), Direction: &d, Kind: step.KindRole, Title: "role", Change: step.Nothing,
		Target: "IAM " + direction.RolePath + direction.RoleName,
		What:   direction.RoleName + " is used as it is; the canary shows whether its rights suffice",
		Why:    "You gave this role: bothways looks at it and changes nothing about it.",
		Undo:   "nothing to undo",
	})
}

func ruleStep(s *survey.Survey, d pair.Direction, w *wanted.Documents) step.Step {
	p, from, side := s.World.Pair, s.World.Pair.From(d), s.Sides[d.From()]
	direction := w.Directions[d]
	act := step.PutRule{
		Clients: s.World.Clients(d.From()), Far: s.World.Clients(d.To()), Pair: p, Direction: d,
		Owner: side.Identity.Account, FarOwner: s.Sides[d.To()].Identity.Account,
		Wanted: direction.Configuration, Base: side.Replication,
		NewBucket: !side.Exists, Settles: s.FirstVersioning(),
	}
	st := step.New(act, step.Step{
		ID: step.KindRule.On(d), Direction: &d, Kind: step.KindRule, Title: "rule",
		Target: from.Region + " " + from.Bucket,
		Why:    "Tells S3 to copy every new object that it covers to side " + string(d.To()) + ".",
		Undo:   "delete the replication configuration",
		Needs:  []string{step.KindVersioning.OnSide(pair.A), step.KindVersioning.OnSide(pair.B), roleStepID(s, d)},
	})
	if s.TwoAccounts() {
		st.Needs = append(st.Needs, step.KindPolicy.OnSide(d.To()))
	}
	if side.Replication != nil {
		st.Base = wanted.ExactJSON(side.Replication)
	}
	own, others := s.OwnRules(d)
	words := wanted.DescribeRule(p.Options, direction.Rule) + deciding(direction)
	switch {
	case ruleHolds(s, d):
		st.Change, st.What = step.Nothing, "in place: "+words
		return st
	case len(own) > 0:
		st.Change, st.What = step.Modify, wanted.DescribeChange(own, direction.Rule, words)
	default:
		st.Change, st.What = step.Create, words
	}
	if len(others) > 0 {
		besideOthers(s, &st, d, direction)
	}
	return st
}

// deciding names the rules of others that decide, otherwise than ours, for
// objects that both cover, or is "".
func deciding(direction wanted.Direction) string {
	var names []string
	objects := ""
	for _, r := range wanted.OutrankedBy(direction.Rule, direction.Configuration.Rules) {
		if len(r.Changes) > 0 {
			names, objects = append(names, r.ID), r.Objects
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return " (but for " + objects + " " + names[0] + " decides, otherwise)"
	}
	return " (but for what they cover " + survey.Named(names) + " decide, otherwise)"
}

// besideOthers says what becomes of the rules of others when ours is written.
func besideOthers(s *survey.Survey, st *step.Step, d pair.Direction, direction wanted.Direction) {
	_, others := s.OwnRules(d)
	stay := "unchanged"
	st.Undo = "our rule is taken out again, the rules of others stay"
	if wanted.FirstSchema(s.Sides[d.From()].Replication) {
		stay = "rewritten in the second schema to mean the same"
		st.Undo += "; in the second schema: that is not turned back"
	}
	theirs := english.Plural(len(others), "rule", "") + " of others"
	st.What = fmt.Sprintf("+ beside %s (%s, %s): %s; priority %d", theirs, survey.RuleNames(others), stay, st.What, aws.ToInt32(direction.Rule.Priority))
	st.Others = "the replication configuration of " + s.World.Pair.From(d).Bucket + ", which has " + theirs
}

func canaryStep(s *survey.Survey, d pair.Direction, w *wanted.Documents, plan Plan) step.Step {
	p := s.World.Pair
	changing := func(id string) bool {
		return slices.ContainsFunc(plan.Steps, func(other step.Step) bool { return other.ID == id && other.Change != step.Nothing })
	}
	use, proven := wanted.RoleUse(s, d), wanted.Proven(s, d)
	changes := changing(step.KindRule.On(d)) || changing(roleStepID(s, d)) || changing(step.KindPolicy.OnSide(d.To()))
	standing, _ := s.OwnRules(d)
	// Another run may have made the change and ended before its proof.
	stood := len(standing) > 0 && (changes || proven != "" && proven != wanted.Proof(s, d))
	act := step.Canary{
		World: s.World, Direction: d, Owners: s.Accounts(), Wanted: wanted.Proof(s, d), Keeps: proofKeeper(s, d, w),
		RoleIsNew: changing(roleStepID(s, d)) || changing(step.KindPolicy.OnSide(d.To())) || roleIsYoung(s, d),
		Stood:     stood, Replica: replicaLook(w.Directions[d], stood, w.Sides[d.From()].Canary),
		Upload: w.Sides[d.From()].Canary, Unreadable: wanted.KeepsOwner(s, d), Sent: &step.Canaries{},
		Explain: func(ctx context.Context) (bool, error) { return doctor.Explain(ctx, s.World, d) },
	}
	st := step.New(act, step.Step{
		ID: step.KindCanary.On(d), Direction: &d, Kind: step.KindCanary, Title: "canary",
		Target: p.From(d).String() + " to " + p.To(d).String(),
		Why:    "S3 accepts a rule without trying its role: only an object that arrives proves the direction.",
		Undo:   "its versions are deleted on both sides", Change: step.Prove,
		Needs: []string{step.KindRule.On(d)},
	})
	after := "removed afterwards"
	if sides := keeps(s); sides != "" {
		after, st.Undo = "which can't be removed from "+sides, "its versions stay on "+sides
	}
	objects := fmt.Sprintf("a %d-byte object, %s", step.CanarySize, after)
	if stood {
		objects = fmt.Sprintf("two %d-byte objects, %s apart, %s", step.CanarySize, step.CanaryGap, after)
		st.Why += " Changed settings take a while to be in force and S3 does not say when: so both have to arrive, the second with the rule's storage class and key."
	}
	var proves string
	switch {
	case use == wanted.OwnRole:
		proves = "what it proves is noted as a tag of the role"
	case act.Keeps != nil:
		proves = "what it proves is noted in our policy on the role, in the name of a statement"
	case use == wanted.GuestRole:
		proves = "the role is not ours, so what it proves is noted in our policy on it with --merge alone, and each run proves anew until then"
	default:
		proves = "the role is used as it is, so nothing is noted on it and each run proves anew"
	}
	st.What = objects + "; " + proves
	needsProof := changes || changing(step.KindVersioning.OnSide(pair.A)) || changing(step.KindVersioning.OnSide(pair.B))
	if !needsProof && proven == act.Wanted {
		st.Change, st.What = step.Nothing, "proven before, with this rule and this role"
	}
	return st
}

// proofKeeper is where what a canary of direction d proves is kept, or nil. Our
// policy on a role of others is written with consent alone.
func proofKeeper(s *survey.Survey, d pair.Direction, w *wanted.Documents) step.ProofKeeper {
	clients, direction := s.World.Clients(d.From()), w.Directions[d]
	switch wanted.RoleUse(s, d) {
	case wanted.OwnRole:
		return step.RoleTag{World: s.World, Direction: d, Role: direction.RoleName}
	case wanted.GuestRole:
		if s.World.Consent.To(pair.Merge) {
			return step.GuestPolicy{Clients: clients, Role: direction.RoleName, Name: direction.PolicyName, Policy: direction.Policy}
		}
	case wanted.GivenRole:
	}
	return nil
}

// roleIsYoung says whether direction d's role of ours is so new that it may
// not be seen everywhere yet, whichever run made it.
func roleIsYoung(s *survey.Survey, d pair.Direction) bool {
	direction := s.Directions[d]
	return wanted.RoleUse(s, d) == wanted.OwnRole && direction.RoleExists && direction.Age < step.RolePatience
}

// replicaLook is what direction d's rule wants of a canary's replica. A key
// that is named by an alias is not compared: HEAD tells the key's own ARN.
func replicaLook(direction wanted.Direction, stood bool, canary upload.Headers) step.ReplicaLook {
	look := step.ReplicaLook{
		Class: cmp.Or(direction.Rule.Destination.StorageClass, canary.Class, types.StorageClassStandard), // else as the canary's own
		Key:   wanted.ReplicaKey(&direction.Rule),
	}
	if !strings.Contains(look.Key, ":key/") || canary.Encryption == types.ServerSideEncryptionAes256 {
		look.Key = ""
	}
	look.Compared = stood || look.Key != "" || look.Class != types.StorageClassStandard
	return look
}
