package plan

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// TearDownOptions says how far a tear-down goes.
type TearDownOptions struct {
	// Buckets removes the buckets that bothways made too, if they hold
	// nothing of others. A deleted name can be taken by somebody else, who
	// then gets its traffic (S3 User Guide, "Deleting a general purpose
	// bucket"), so the default is to keep them.
	Buckets bool
	// Marked says that something else was found which carries the pair's mark, so
	// that the names of its buckets are right.
	Marked bool
}

// TearDown proposes the removal of everything that carries this pair's
// marks, in the order in which nothing is left dangling: both rules first, so
// that the clean-up is not replicated; then objects, once none is under way;
// then roles, policies and buckets.
// Where a side cannot be read, nothing is taken down: half a pair without its
// roles would fail for good for every new object.
func TearDown(s *survey.Survey, options TearDownOptions) Plan {
	if options.Marked {
		return tearDown(s, options, nil)
	}
	return tearDown(s, options, misnamed(s))
}

// tearDown plans with what else blocks it.
func tearDown(s *survey.Survey, options TearDownOptions, blockers []survey.Finding) Plan {
	plan := Plan{Pair: asStands(s), Accounts: s.Accounts(), Purpose: pair.TearDown, Findings: append(blockers, tearDownFindings(s, options, len(blockers) > 0)...)}
	if len(plan.Blocked()) > 0 {
		return plan
	}
	for _, d := range pair.Directions() {
		if own, _ := s.OwnRules(d); len(own) > 0 {
			plan.Steps = append(plan.Steps, removeRuleStep(s, d))
		}
	}
	rules, flight := ids(plan.Steps), &step.Flight{}
	for _, name := range pair.Sides() {
		if s.Reachable(name) {
			plan.Steps = append(plan.Steps, removeObjectsStep(s, name, rules, flight))
		}
	}
	plan.Steps = append(plan.Steps, lateObjectsStep(s, plan.Steps, flight)...)
	objects := ids(plan.Steps)
	for _, name := range pair.Sides() {
		if own, _, err := wanted.Statements(s, name); err == nil && len(own) > 0 {
			plan.Steps = append(plan.Steps, removePolicyStep(s, name, objects))
		}
	}
	for _, d := range pair.Directions() {
		direction := s.Directions[d]
		if s.GuestOf(d) != nil {
			plan.Steps = append(plan.Steps, removeRolePolicyStep(s, d, objects))
		}
		if direction.RoleExists && direction.RoleMark == s.World.Pair.ID() {
			plan.Steps = append(plan.Steps, removeRoleStep(s, d, afterPolicy(plan, d.To(), objects)))
		}
	}
	if options.Buckets {
		for _, name := range pair.Sides() {
			if s.MadeBucket(name) {
				plan.Steps = append(plan.Steps, removeBucketStep(s, name, afterPolicy(plan, name, objects)))
			}
		}
	}
	return plan
}

// Undo proposes the removal of what one run of a set-up plan made: the
// steps that it created something in, by their last statuses. A step that
// failed or was cancelled may have taken effect, so it counts.
func Undo(s *survey.Survey, applied Plan, statuses map[string]step.Status) Plan {
	created := map[string]bool{}
	for _, st := range applied.Steps {
		switch statuses[st.ID] {
		case step.Done, step.Failed, step.Cancelled, step.Running:
			created[st.ID] = st.Change == step.Create
		case step.Pending, step.Already, step.Skipped: // nothing was tried
		}
	}
	// A run has just been there: its names are right.
	return tearDown(s, TearDownOptions{Buckets: true}, nil).limitedTo(created)
}

// limitedTo is what of a tear-down undoes the set-up steps that a run created
// something in. Nothing else is in it, whatever kinds of steps there are.
func (p Plan) limitedTo(created map[string]bool) Plan {
	undo := Plan{Pair: p.Pair, Accounts: p.Accounts, Purpose: pair.TearDown, Findings: p.Findings}
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

func removeRuleStep(s *survey.Survey, d pair.Direction) step.Step {
	from, side := s.World.Pair.From(d), s.Sides[d.From()]
	act := step.RemoveRule{
		Clients: s.World.Clients(d.From()), Pair: s.World.Pair, Direction: d, Owner: side.Identity.Account,
		Base: side.Replication, Rest: wanted.WithoutOwn(s, d),
	}
	st := step.New(act, step.Step{
		ID: step.Removal(step.KindRule.On(d)), Direction: &d, Change: step.Remove, Kind: step.KindRule, Title: "rule", Undoes: []string{step.KindRule.On(d)},
		What: s.World.Pair.RuleID(d), Why: "First of all, so that the clean-up itself is not replicated.",
		Target: from.Region + " " + from.Bucket,
		Undo:   "bothways apply, with the options that the pair was set up with", Base: wanted.ExactJSON(side.Replication),
	})
	if _, others := s.OwnRules(d); len(others) > 0 {
		st.What += "; " + english.Plural(len(others), "rule", "") + " of others (" + survey.RuleNames(others) + ") and their role unchanged"
		st.Others = "the replication configuration of " + from.Bucket + ", which has " + english.Plural(len(others), "rule", "") + " of others"
	}
	return st
}

func removeObjectsStep(s *survey.Survey, name pair.SideName, needs []string, flight *step.Flight) step.Step {
	p := s.World.Pair
	act := objects(s, name)
	act.Flight = flight
	return step.New(act, step.Step{
		ID: step.Removal(step.KindObjects.OnSide(name)), Side: name, Change: step.Remove, Kind: step.KindObjects, Title: "objects", Sweeps: true,
		What:   "canaries and probes under " + act.Where() + " that carry our mark, every version, once none is PENDING",
		Why:    "bothways cleans up what it wrote; objects of others are left alone, under that prefix too.",
		Target: p.Side(name).Region + " " + p.Side(name).Bucket,
		Undo:   "cannot be undone",
		Needs:  needs,
	})
}

// lateObjectsStep looks again at the sides of the removals of objects among the
// steps before it, where there are any.
func lateObjectsStep(s *survey.Survey, before []step.Step, flight *step.Flight) []step.Step {
	act := step.LateObjects{Flight: flight}
	var needs, targets []string
	for _, st := range before {
		if st.Kind == step.KindObjects {
			act.Sides = append(act.Sides, objects(s, st.Side))
			needs, targets = append(needs, st.ID), append(targets, st.Target)
		}
	}
	if len(needs) == 0 {
		return nil
	}
	return []step.Step{step.New(act, step.Step{
		ID: step.Removal(step.KindObjects.Late()), Change: step.Remove, Kind: step.KindObjects, Title: "late objects", Sweeps: true,
		What:   "what arrives of them while the other side is swept, until nothing more can come",
		Why:    "A replica that is on its way lands on a side that was swept already.",
		Target: strings.Join(targets, " and "),
		Undo:   "cannot be undone",
		Needs:  needs,
	})}
}

func removeRoleStep(s *survey.Survey, d pair.Direction, needs []string) step.Step {
	path, _ := survey.SplitRole(s.OwnRoleARN(d))
	act := step.RemoveRole{
		Clients: s.World.Clients(d.From()), Pair: s.World.Pair, Direction: d,
		Owner: s.Sides[d.From()].Identity.Account, RoleARN: s.Directions[d].RoleARN,
	}
	return step.New(act, step.Step{
		ID: step.Removal(step.KindRole.On(d)), Direction: &d, Change: step.Remove, Kind: step.KindRole, Title: "role", Undoes: []string{step.KindRole.On(d)},
		What: s.OwnRoleName(d) + " and its policy", Why: "Only the rule used it; that is looked at again just before.",
		Target: "IAM " + path + s.OwnRoleName(d),
		Undo:   "bothways apply, with the options that the pair was set up with", Needs: needs,
	})
}

func removeRolePolicyStep(s *survey.Survey, d pair.Direction, needs []string) step.Step {
	role := s.GuestOf(d)
	act := step.RemovePolicy{Clients: s.World.Clients(d.From()), Role: role.Name, Name: s.World.Pair.GuestPolicyName(d)}
	path, _ := survey.SplitRole(role.ARN)
	return step.New(act, step.Step{
		ID: step.Removal(step.KindRolePolicy.On(d)), Direction: &d, Change: step.Remove, Kind: step.KindRolePolicy, Title: "role policy", Undoes: []string{step.KindRolePolicy.On(d)},
		What:   "our policy off role " + role.Name + ", which is not ours and stays with its other policies",
		Why:    "Only our rule needed it.",
		Target: "IAM " + path + role.Name,
		Undo:   "bothways apply --merge, with the other options that the pair was set up with",
		Others: "role " + role.Name + ", which others made", Base: role.Policy,
		Needs: needs,
	})
}

func removePolicyStep(s *survey.Survey, name pair.SideName, needs []string) step.Step {
	p, found := s.World.Pair, s.Sides[name]
	rest, _ := wanted.PolicyWithoutOwn(s, name) // it was understood when the step was asked for
	act := step.WritePolicy{Clients: s.World.Clients(name), Pair: p, Side: p.Side(name), Owner: found.Identity.Account, Base: found.Policy, Wanted: rest}
	own, others, _ := wanted.Statements(s, name)
	st := step.New(act, step.Step{
		ID: step.Removal(step.KindPolicy.OnSide(name)), Side: name, Change: step.Remove, Kind: step.KindPolicy, Title: "policy", Undoes: []string{step.KindPolicy.OnSide(name)},
		What: "the bucket policy, which is ours alone", Why: "It let the other account's role in.",
		Target: p.Side(name).Region + " " + p.Side(name).Bucket,
		Undo:   "bothways apply, with the options that the pair was set up with", Base: found.Policy, Needs: needs,
	})
	if len(others) > 0 {
		st.What = "our " + english.Plural(len(own), "statement", "") + " out of the bucket policy; " + english.Plural(len(others), "statement", "") + " of others unchanged"
		st.Others = "the bucket policy of " + p.Side(name).Bucket + ", which has " + english.Plural(len(others), "statement", "") + " of others"
	}
	return st
}

// afterPolicy are the steps that come before a side's bucket is removed, and
// the role that its policy lets in: a policy that names a role which is gone
// reads otherwise (IAM User Guide, "AWS JSON policy elements: Principal"), and
// a policy of ours on a role of others is searched for while the bucket stands.
func afterPolicy(plan Plan, name pair.SideName, objects []string) []string {
	needs := append([]string(nil), objects...)
	for _, st := range plan.Steps {
		if st.Kind == step.KindPolicy && st.Side == name || st.Kind == step.KindRolePolicy && st.Direction.From() == name { // a bucket that is there leads to it
			needs = append(needs, st.ID)
		}
	}
	return needs
}

func removeBucketStep(s *survey.Survey, name pair.SideName, needs []string) step.Step {
	p := s.World.Pair
	act := step.RemoveBucket{Objects: objects(s, name)}
	return step.New(act, step.Step{
		ID: step.Removal(step.KindBucket.OnSide(name)), Side: name, Change: step.Remove, Kind: step.KindBucket, Title: "bucket", Undoes: []string{step.KindBucket.OnSide(name)},
		What: p.Side(name).Bucket, Why: "bothways made it. It is removed only if nothing of others is in it.",
		Target: p.Side(name).Region + " " + p.Side(name).Bucket,
		Undo:   "bothways apply makes a new, empty one, unless somebody takes the name first",
		Needs:  needs,
	})
}

func objects(s *survey.Survey, name pair.SideName) step.RemoveObjects {
	p := s.World.Pair
	return step.RemoveObjects{
		Clients: s.World.Clients(name), Side: p.Side(name), Pair: p, Prefixes: prefixes(s), Owner: s.Sides[name].Identity.Account,
		Unreadable: wanted.KeepsOwner(s, wanted.Incoming(name)) || wanted.LeavesOwner(s, wanted.Incoming(name)),
	}
}

// prefixes are those under which something of ours may lie: the pair's own,
// and those of the rules as they stand, which the doctor's canaries go under
// where the pair's prefix would not be covered.
func prefixes(s *survey.Survey) []string {
	all := []string{s.World.Pair.Options.Prefix}
	add := func(r types.ReplicationRule) {
		if prefix := wanted.PrefixOf(r); !slices.Contains(all, prefix) {
			all = append(all, prefix)
		}
	}
	for _, d := range pair.Directions() {
		if rule := doctor.NewCheckup(s, d).Rule; rule != nil {
			add(*rule)
		}
		own, _ := s.OwnRules(d)
		for _, r := range own {
			add(r)
		}
	}
	return all
}

func ids(steps []step.Step) []string {
	all := make([]string, len(steps))
	for i, s := range steps {
		all[i] = s.ID
	}
	return all
}
