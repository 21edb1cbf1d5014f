package replication

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
)

// TearDownOptions says how far a tear-down goes.
type TearDownOptions struct {
	// Buckets removes the buckets that bothways made too, if they hold
	// nothing of others. A deleted name can be taken by somebody else, who
	// then gets its traffic (S3 User Guide, "Deleting a general purpose
	// bucket"), so the default is to keep them.
	Buckets bool
}

// PlanTearDown proposes the removal of everything that carries this pair's
// marks, in the order in which nothing is left dangling: both rules first, so
// that the clean-up is not replicated; then objects, once none is under way;
// then roles, policies and buckets.
// Where a side cannot be read, nothing is taken down: half a pair without its
// roles would fail for good for every new object.
func PlanTearDown(s *Survey, options TearDownOptions) Plan {
	return s.tearDown(options, s.misnamed())
}

// tearDown plans with what else blocks it.
func (s *Survey) tearDown(options TearDownOptions, blockers []Finding) Plan {
	plan := Plan{Pair: s.World.Pair, Accounts: s.accounts(), Purpose: TearDown, Findings: append(blockers, s.tearDownFindings(options, len(blockers) > 0)...)}
	if len(plan.Blocked()) > 0 {
		return plan
	}
	for _, d := range pair.Directions() {
		if own, _ := s.ownRules(d); len(own) > 0 {
			plan.Steps = append(plan.Steps, s.removeRuleStep(d))
		}
	}
	rules := ids(plan.Steps)
	for _, name := range pair.Sides() {
		if s.reachable(name) {
			plan.Steps = append(plan.Steps, s.removeObjectsStep(name, rules))
		}
	}
	objects := ids(plan.Steps)
	for _, name := range pair.Sides() {
		if own, _, err := s.statements(name); err == nil && len(own) > 0 {
			plan.Steps = append(plan.Steps, s.removePolicyStep(name, objects))
		}
	}
	for _, d := range pair.Directions() {
		direction := s.Directions[d]
		if s.guestOf(d) != nil {
			plan.Steps = append(plan.Steps, s.removeRolePolicyStep(d, objects))
		}
		if direction.RoleExists && direction.RoleMark == s.World.Pair.ID() {
			plan.Steps = append(plan.Steps, s.removeRoleStep(d, s.afterPolicy(plan, d.To(), objects)))
		}
	}
	if options.Buckets {
		for _, name := range pair.Sides() {
			if s.madeBucket(name) {
				plan.Steps = append(plan.Steps, s.removeBucketStep(name, s.afterPolicy(plan, name, objects)))
			}
		}
	}
	return plan
}

// PlanUndo proposes the removal of what one run of a set-up plan made: the
// steps that it created something in, by their last statuses. A step that
// failed or was cancelled may have taken effect, so it counts.
func PlanUndo(s *Survey, applied Plan, statuses map[string]Status) Plan {
	created := map[string]bool{}
	for _, step := range applied.Steps {
		switch statuses[step.ID] {
		case Done, Failed, Cancelled, Running:
			created[step.ID] = step.Change == Create
		case Pending, Already, Skipped: // nothing was tried
		}
	}
	// A run has just been there: its names are right.
	return s.tearDown(TearDownOptions{Buckets: true}, nil).limitedTo(created)
}

// limitedTo is what of a tear-down undoes the set-up steps that a run created
// something in. Nothing else is in it, whatever kinds of steps there are.
func (p Plan) limitedTo(created map[string]bool) Plan {
	undo := Plan{Pair: p.Pair, Accounts: p.Accounts, Purpose: TearDown, Findings: p.Findings}
	kept := map[string]bool{}
	for _, step := range p.Steps {
		others := slices.ContainsFunc(step.Undoes, func(id string) bool { return !created[id] })
		if step.Sweeps || len(step.Undoes) > 0 && !others {
			undo.Steps = append(undo.Steps, step)
			kept[step.ID] = true
		}
	}
	for i, step := range undo.Steps {
		var needs []string
		for _, need := range step.Needs {
			if kept[need] {
				needs = append(needs, need)
			}
		}
		undo.Steps[i].Needs = needs
	}
	return undo
}

// reachable says whether the side's bucket is there, where it should be.
func (s *Survey) reachable(name pair.SideName) bool {
	found := s.Sides[name]
	return found.Exists && found.RealRegion == s.World.Pair.Side(name).Region
}

func (s *Survey) madeBucket(name pair.SideName) bool {
	return s.reachable(name) && s.Sides[name].OwnMark == s.World.Pair.ID()
}

func (s *Survey) removeRuleStep(d pair.Direction) Step {
	from, side := s.World.Pair.From(d), s.Sides[d.From()]
	act := removeRule{
		clients: s.World.clients(d.From()), pair: s.World.Pair, direction: d, owner: side.Identity.Account,
		base: side.Replication, rest: s.withoutOwn(d),
	}
	step := Step{
		ID: removal(KindRule.on(d)), Direction: &d, Change: Remove, Kind: KindRule, Title: "rule", Undoes: []string{KindRule.on(d)},
		What: s.World.Pair.RuleID(d), Why: "First of all, so that the clean-up itself is not replicated.",
		Call: act.call(), Target: from.Region + " " + from.Bucket,
		Request: act.request(), CLI: act.cli(), Undo: "bothways apply", Base: exactJSON(side.Replication), action: act,
	}
	if _, others := s.ownRules(d); len(others) > 0 {
		step.What += "; " + count(len(others), "rule") + " of others (" + ruleNames(others) + ") and their role unchanged"
		step.Others = "the replication configuration of " + from.Bucket + ", which has " + count(len(others), "rule") + " of others"
	}
	return step
}

func (s *Survey) removeObjectsStep(name pair.SideName, needs []string) Step {
	p := s.World.Pair
	act := s.objects(name)
	return Step{
		ID: removal(KindObjects.onSide(name)), Side: name, Change: Remove, Kind: KindObjects, Title: "objects", Sweeps: true,
		What: "canaries and probes under " + act.where() + " that carry our mark, every version, once none is PENDING",
		Why:  "bothways cleans up what it wrote; objects of others are left alone, under that prefix too.",
		Call: "ListObjectVersions, HeadObject, DeleteObjects", Target: p.Side(name).Region + " " + p.Side(name).Bucket,
		Request: act.request(), CLI: act.cli(), Undo: "cannot be undone",
		Needs: needs, action: act,
	}
}

func (s *Survey) removeRoleStep(d pair.Direction, needs []string) Step {
	act := removeRole{
		clients: s.World.clients(d.From()), pair: s.World.Pair, direction: d,
		owner: s.Sides[d.From()].Identity.Account, roleARN: s.Directions[d].RoleARN,
	}
	return Step{
		ID: removal(KindRole.on(d)), Direction: &d, Change: Remove, Kind: KindRole, Title: "role", Undoes: []string{KindRole.on(d)},
		What: s.World.Pair.RoleName(d) + " and its policy", Why: "Only the rule used it; that is looked at again just before.",
		Call: "DeleteRolePolicy, DeleteRole", Target: "IAM " + pair.RolePath + s.World.Pair.RoleName(d),
		Request: exactJSON(act.policyInput()) + "\n" + exactJSON(act.roleInput()), CLI: act.cli(),
		Undo: "bothways apply", Needs: needs, action: act,
	}
}

func (s *Survey) removeRolePolicyStep(d pair.Direction, needs []string) Step {
	role := s.guestOf(d)
	act := removePolicy{clients: s.World.clients(d.From()), role: role.Name, name: s.World.Pair.GuestPolicyName(d)}
	path, _ := splitRole(role.ARN)
	return Step{
		ID: removal(KindRolePolicy.on(d)), Direction: &d, Change: Remove, Kind: KindRolePolicy, Title: "role policy", Undoes: []string{KindRolePolicy.on(d)},
		What: "our policy off role " + role.Name + ", which is not ours and stays with its other policies",
		Why:  "Only our rule needed it.",
		Call: "DeleteRolePolicy", Target: "IAM " + path + role.Name,
		Request: exactJSON(act.input()), CLI: act.cli(), Undo: "bothways apply --merge",
		Others: "role " + role.Name + ", which others made", Base: role.policy,
		Needs: needs, action: act,
	}
}

func (s *Survey) removePolicyStep(name pair.SideName, needs []string) Step {
	p, found := s.World.Pair, s.Sides[name]
	rest, _ := s.policyWithoutOwn(name) // it was understood when the step was asked for
	act := writePolicy{clients: s.World.clients(name), side: p.Side(name), owner: found.Identity.Account, base: found.Policy, wanted: rest}
	own, others, _ := s.statements(name)
	step := Step{
		ID: removal(KindPolicy.onSide(name)), Side: name, Change: Remove, Kind: KindPolicy, Title: "policy", Undoes: []string{KindPolicy.onSide(name)},
		What: "the bucket policy, which is ours alone", Why: "It let the other account's role in.",
		Call: act.call(), Target: p.Side(name).Region + " " + p.Side(name).Bucket,
		Request: act.request(), CLI: act.cli(), Undo: "bothways apply", Base: found.Policy, Needs: needs, action: act,
	}
	if len(others) > 0 {
		step.What = "our " + count(len(own), "statement") + " out of the bucket policy; " + count(len(others), "statement") + " of others unchanged"
		step.Others = "the bucket policy of " + p.Side(name).Bucket + ", which has " + count(len(others), "statement") + " of others"
	}
	return step
}

// afterPolicy are the steps that come before a side's bucket is removed, and
// the role that its policy lets in: a policy that names a role which is gone
// reads otherwise (IAM User Guide, "AWS JSON policy elements: Principal"), and
// a policy of ours on a role of others is searched for while the bucket stands.
func (s *Survey) afterPolicy(plan Plan, name pair.SideName, objects []string) []string {
	needs := append([]string(nil), objects...)
	for _, step := range plan.Steps {
		if step.Kind == KindPolicy && step.Side == name || step.Kind == KindRolePolicy && step.Direction.From() == name { // a bucket that is there leads to it
			needs = append(needs, step.ID)
		}
	}
	return needs
}

func (s *Survey) removeBucketStep(name pair.SideName, needs []string) Step {
	p := s.World.Pair
	act := removeBucket{objects: s.objects(name)}
	return Step{
		ID: removal(KindBucket.onSide(name)), Side: name, Change: Remove, Kind: KindBucket, Title: "bucket", Undoes: []string{KindBucket.onSide(name)},
		What: p.Side(name).Bucket, Why: "bothways made it. It is removed only if nothing of others is in it.",
		Call: "DeleteBucket", Target: p.Side(name).Region + " " + p.Side(name).Bucket,
		Request: exactJSON(act.input()), CLI: act.cli(), Undo: "bothways apply makes a new, empty one, unless somebody takes the name first",
		Needs: needs, action: act,
	}
}

func (s *Survey) objects(name pair.SideName) removeObjects {
	p := s.World.Pair
	return removeObjects{
		clients: s.World.clients(name), side: p.Side(name), pair: p, rooms: s.rooms(), owner: s.Sides[name].Identity.Account,
		unreadable: s.keepsOwner(incoming(name)) || s.leavesOwner(incoming(name)),
	}
}

// rooms are the prefixes under which something of ours may lie: the pair's own,
// and those of the rules as they stand, which the doctor's canaries go under
// where the pair's prefix would not be covered.
func (s *Survey) rooms() []string {
	rooms := []string{s.World.Pair.ObjectPrefix()}
	add := func(r types.ReplicationRule) {
		at := s.World.Pair
		at.Options.Prefix = prefixOf(r)
		room := at.ObjectPrefix()
		if !slices.ContainsFunc(rooms, func(known string) bool { return strings.HasPrefix(room, known) }) {
			rooms = append(rooms, room)
		}
	}
	for _, d := range pair.Directions() {
		if rule := newCheckup(s, d).rule; rule != nil {
			add(*rule)
		}
		own, _ := s.ownRules(d)
		for _, r := range own {
			add(r)
		}
	}
	return rooms
}

func ids(steps []Step) []string {
	all := make([]string, len(steps))
	for i, s := range steps {
		all[i] = s.ID
	}
	return all
}
