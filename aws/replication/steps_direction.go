package replication

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"

	"bothways/aws/pair"
)

// roleStepID is the ID of the step that makes direction d's role usable.
func (s *Survey) roleStepID(d pair.Direction) string {
	if s.roleUse(d) == guestRole {
		return KindRolePolicy.on(d)
	}
	return KindRole.on(d)
}

func (s *Survey) roleStep(d pair.Direction, w *Wanted) Step {
	switch s.roleUse(d) {
	case guestRole:
		return s.guestRoleStep(d, w)
	case givenRole:
		return s.givenRoleStep(d, w)
	case ownRole:
	}
	found, p := s.Directions[d], s.World.Pair
	act := makeRole{clients: s.World.clients(d.From()), pair: p, direction: d, wanted: w.Directions[d], exists: found.RoleExists}
	step := Step{
		ID: s.roleStepID(d), Direction: &d, Kind: KindRole, Title: "role",
		Call: act.call(), Target: "IAM " + pair.RolePath + p.RoleName(d),
		Why:     fmt.Sprintf("S3 takes this role to read new versions in %s and to write replicas into %s, nothing else.", p.From(d).Bucket, p.To(d).Bucket),
		Request: act.request(), CLI: act.cli(), Undo: "delete the policy and the role", action: act,
	}
	switch {
	case !found.RoleExists:
		step.Change, step.What = Create, s.roleInWords(d)
	case found.TrustOK && found.PolicyOK:
		step.Change, step.What = Nothing, "in place, with the right policy"
	default:
		step.Change, step.What = Modify, "its trust or its policy differs from what is needed -> put right"
	}
	return step
}

// roleInWords says what a role's policy lets it do.
func (s *Survey) roleInWords(d pair.Direction) string {
	text := "may read " + string(d.From()) + "'s new versions, may write replicas to " + string(d.To())
	switch from, to := len(s.keysOf(d.From())) > 0, len(s.keysOf(d.To())) > 0; {
	case from && to:
		text += ", may use the KMS keys of both"
	case from:
		text += ", may decrypt with the KMS key of " + string(d.From())
	case to:
		text += ", may encrypt with the KMS key of " + string(d.To())
	}
	return text
}

func (s *Survey) guestRoleStep(d pair.Direction, w *Wanted) Step {
	found, p, direction := s.Directions[d], s.World.Pair, w.Directions[d]
	act := addPolicy{clients: s.World.clients(d.From()), wanted: direction}
	there, right := false, false
	if found.Others != nil {
		act.base, there, right = found.Others.policy, found.Others.PolicyThere, found.Others.PolicyOK
	}
	step := Step{
		ID: s.roleStepID(d), Direction: &d, Kind: KindRolePolicy, Title: "role policy",
		Call: "PutRolePolicy", Target: "IAM " + direction.RolePath + direction.RoleName,
		Why:     fmt.Sprintf("All rules of a bucket share one role. The rules of others in %s take this one, so it needs the rights of ours too.", p.From(d).Bucket),
		Request: exactJSON(act.input()), CLI: act.cli(), Base: act.base,
		Undo: "our policy is taken off again; the role and its other policies stay", action: act,
	}
	switch {
	case right:
		step.Change, step.What = Nothing, "our policy is on role "+direction.RoleName
		return step
	case there:
		step.Change, step.What = Modify, "our policy on role "+direction.RoleName+" differs -> put right"
	default:
		step.Change, step.What = Create, "+ our policy on role "+direction.RoleName+", which is not ours: "+s.roleInWords(d)
	}
	step.Others = "role " + direction.RoleName + ", which others made"
	return step
}

func (s *Survey) givenRoleStep(d pair.Direction, w *Wanted) Step {
	direction := w.Directions[d]
	act := useRole{clients: s.World.clients(d.From()), name: direction.RoleName}
	request := map[string]string{"RoleName": direction.RoleName}
	return Step{
		ID: s.roleStepID(d), Direction: &d, Kind: KindRole, Title: "role", Change: Nothing,
		Call: "GetRole", Target: "IAM " + direction.RolePath + direction.RoleName,
		What:    direction.RoleName + " is used as it is; the canary shows whether its rights suffice",
		Why:     "You gave this role: bothways looks at it and changes nothing about it.",
		Request: exactJSON(&request), CLI: cli(act.clients, "iam", "get-role", "--role-name", direction.RoleName),
		Undo: "nothing to undo", action: act,
	}
}

func (s *Survey) ruleStep(d pair.Direction, w *Wanted) Step {
	p, from, side := s.World.Pair, s.World.Pair.From(d), s.Sides[d.From()]
	direction := w.Directions[d]
	act := putRule{
		clients: s.World.clients(d.From()), far: s.World.clients(d.To()), pair: p, direction: d,
		owner: side.Identity.Account, farOwner: s.Sides[d.To()].Identity.Account,
		wanted: direction.Configuration, base: side.Replication,
		newBucket: !side.Exists, settles: s.firstVersioning(),
	}
	step := Step{
		ID: KindRule.on(d), Direction: &d, Kind: KindRule, Title: "rule",
		Call: "PutBucketReplication", Target: from.Region + " " + from.Bucket,
		Why:     "Tells S3 to copy every new object that it covers to side " + string(d.To()) + ".",
		Request: exactJSON(act.input()), CLI: act.cli(),
		Undo:  "delete the replication configuration",
		Needs: []string{KindVersioning.onSide(pair.A), KindVersioning.onSide(pair.B), s.roleStepID(d)}, action: act,
	}
	if s.twoAccounts() {
		step.Needs = append(step.Needs, KindPolicy.onSide(d.To()))
	}
	if side.Replication != nil {
		step.Base = exactJSON(side.Replication)
	}
	own, others := s.ownRules(d)
	words := describeRule(p.Options, direction.Rule)
	switch {
	case s.ruleHolds(d):
		step.Change, step.What = Nothing, "in place: "+words
		return step
	case len(own) > 0:
		step.Change, step.What = Modify, describeChange(own, direction.Rule, words)
	default:
		step.Change, step.What = Create, words
	}
	if len(others) > 0 {
		s.besideOthers(&step, d, direction)
	}
	return step
}

// besideOthers says what becomes of the rules of others when ours is written.
func (s *Survey) besideOthers(step *Step, d pair.Direction, direction WantedDirection) {
	_, others := s.ownRules(d)
	stay := "unchanged"
	step.Undo = "our rule is taken out again, the rules of others stay"
	if firstSchema(s.Sides[d.From()].Replication) {
		stay = "rewritten in the second schema to mean the same"
		step.Undo += "; in the second schema: that is not turned back"
	}
	theirs := count(len(others), "rule") + " of others"
	step.What = fmt.Sprintf("+ beside %s (%s, %s): %s; priority %d", theirs, ruleNames(others), stay, step.What, aws.ToInt32(direction.Rule.Priority))
	step.Others = "the replication configuration of " + s.World.Pair.From(d).Bucket + ", which has " + theirs
}

func (s *Survey) canaryStep(d pair.Direction, w *Wanted, plan Plan) Step {
	p := s.World.Pair
	changing := func(id string) bool {
		return slices.ContainsFunc(plan.Steps, func(other Step) bool { return other.ID == id && other.Change != Nothing })
	}
	own, direction := s.roleUse(d) == ownRole, s.Directions[d]
	changes := changing(KindRule.on(d)) || changing(s.roleStepID(d)) || changing(KindPolicy.onSide(d.To()))
	standing, _ := s.ownRules(d)
	// Another run may have made the change and ended before its proof.
	stood := len(standing) > 0 && (changes || own && direction.Proven != "" && direction.Proven != s.proof(d))
	act := canary{
		world: s.World, direction: d, owners: s.accounts(), wanted: s.proof(d), keepsProof: own,
		roleIsNew: changing(s.roleStepID(d)) || changing(KindPolicy.onSide(d.To())) || s.roleIsYoung(d),
		stood:     stood, replica: s.replicaLook(w.Directions[d], stood),
		tags: p.Options.FilterTags, encryption: s.canaryKey(d), unreadable: s.keepsOwner(d), sent: &canaries{},
	}
	step := Step{
		ID: KindCanary.on(d), Direction: &d, Kind: KindCanary, Title: "canary",
		Call: "PutObject, HeadObject", Target: p.From(d).String() + " to " + p.To(d).String(),
		Why:     "S3 accepts a rule without trying its role: only an object that arrives proves the direction.",
		Request: exactJSON(act.input(1)), CLI: act.cli(),
		Undo: "its versions are deleted on both sides", Change: Prove,
		Needs: []string{KindRule.on(d)}, action: act,
	}
	objects, proves := fmt.Sprintf("a %d-byte object, removed afterwards", canarySize), "what it proves is noted as a tag of the role"
	if stood {
		objects = fmt.Sprintf("two %d-byte objects, %s apart, removed afterwards", canarySize, canaryGap)
		step.Why += " Changed settings take a while to be in force and S3 does not say when: so both have to arrive, the second with the rule's storage class and key."
	}
	if !own {
		proves = "the role is not ours, so nothing is noted on it and each run proves anew"
	}
	step.What = objects + "; " + proves
	if !own {
		return step
	}
	needsProof := changes || changing(KindVersioning.onSide(pair.A)) || changing(KindVersioning.onSide(pair.B))
	if !needsProof && direction.Proven == act.wanted {
		step.Change, step.What = Nothing, "proven before, with this rule and this role"
	}
	return step
}

// canaryKey is the KMS key that a canary is written under, so that it proves
// the keys too; "" where the bucket does that by itself, or no key is set.
func (s *Survey) canaryKey(d pair.Direction) string {
	if s.Sides[d.From()].KMSDefault {
		return ""
	}
	return s.key(d.From())
}
