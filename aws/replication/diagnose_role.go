package replication

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/policy"
)

// roleFacts is what was read of the role that a configuration names.
type roleFacts struct {
	arn, name string
	exists    bool
	readable  bool
	own       bool // it carries this pair's mark
	trust     *policy.Document
}

// roleName is the last part of a role's ARN: paths are no part of the name.
func roleName(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }

// readRole looks at the role, and at who may take it.
func (p *checkup) readRole(ctx context.Context) error {
	r := &p.role
	r.arn = aws.ToString(p.configuration.Role)
	r.name = roleName(r.arn)
	side := p.direction.From()
	if owner := p.from.Identity.Account; accountOf(r.arn) != owner {
		p.add(Trouble{
			Severity: Blocker, Side: side, Cause: CauseRole, Certainty: Likely, Missing: r.arn,
			Title:   "the role " + r.arn + " belongs to another account than bucket " + p.fromBucket(),
			Meaning: "S3 takes only roles of the account that owns the bucket where a direction starts.",
			Todo:    "Name a role of account " + owner + " in the configuration.", Apply: p.ownRule(),
		})
		return nil
	}
	out, err := p.world.clients(side).IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &r.name})
	switch {
	case apierror.Code(err) == "NoSuchEntity":
		p.add(Trouble{
			Severity: Blocker, Side: side, Cause: CauseRole, Missing: r.arn,
			Title:   "there is no role " + r.arn,
			Meaning: "S3 accepts a configuration without looking its role up. " + nothingArrives,
			Todo:    "Make the role, or name another.", Apply: p.ownRule(),
		})
		return nil
	case apierror.Denied(err):
		p.add(Trouble{
			Severity: Note, Side: side, Cause: CauseRole, Missing: "iam:GetRole", Certainty: Certain,
			Title:   "the role " + r.name + " can't be read with these credentials",
			Meaning: "Whether S3 may take it is unknown.", Todo: "Grant iam:GetRole, or let a canary show it.",
		})
		r.exists = true
		return nil
	case err != nil:
		return fmt.Errorf("read role %s: %w", r.name, err)
	}
	r.exists, r.readable, r.own = true, true, marked(out.Role, p.world.Pair.ID())
	if r.trust, err = policy.Parse(aws.ToString(out.Role.AssumeRolePolicyDocument)); err != nil {
		p.add(Trouble{
			Severity: Note, Side: side, Cause: CauseTrust, Title: "the trust policy of role " + r.name + " can't be read: " + err.Error(),
			Meaning: "Whether S3 may take the role is unknown.",
		})
		return nil
	}
	p.trusts()
	return nil
}

func (p *checkup) ownRule() bool {
	return p.rule != nil && aws.ToString(p.rule.ID) == p.world.Pair.RuleID(p.direction)
}

// trusts says what keeps S3 from taking the role.
func (p *checkup) trusts() {
	r := &p.role
	side := p.direction.From()
	take := policy.Request{Principal: "s3.amazonaws.com", Service: true, Action: "sts:AssumeRole"}
	fix := cli(p.world.clients(side), "iam", "update-assume-role-policy", "--role-name", r.name, "--policy-document", trustPolicy())
	for _, m := range r.trust.Denies(take) {
		p.add(Trouble{
			Severity: Blocker, Side: side, Cause: CauseTrust, Certainty: certaintyOf(m.Answer), Missing: m.Statement.Name(),
			Title:   "the trust policy of role " + r.name + " denies S3 the role (" + m.Statement.Name() + ")",
			Meaning: "S3 can't take the role. " + nothingArrives, Todo: "Take the Deny out of the trust policy.",
			CLI: fix, Apply: r.own,
		})
	}
	best := r.trust.Allows(take)
	switch best.Answer {
	case policy.Yes:
	case policy.Perhaps:
		p.add(Trouble{
			Severity: Blocker, Side: side, Cause: CauseTrust, Certainty: Conceivable, Missing: strings.Join(best.Unknown, ", "),
			Title: "role " + r.name + " lets S3 in only under conditions on " + strings.Join(best.Unknown, ", "),
			Meaning: "AWS's own examples for replication have none: where S3 does not send such a key, the condition is never met and " +
				"every object reads FAILED.",
			Todo: "If a canary fails, take the condition out.", CLI: fix, Apply: r.own,
		})
	case policy.No:
		p.add(Trouble{
			Severity: Blocker, Side: side, Cause: CauseTrust, Missing: "s3.amazonaws.com",
			Title:   "role " + r.name + " does not trust s3.amazonaws.com" + p.trustsInstead(),
			Meaning: "S3 can't take the role. " + nothingArrives, Todo: "Let s3.amazonaws.com take it.",
			CLI: fix, Apply: r.own,
		})
	}
}

// trustsInstead names the services that the role trusts, for the eye to see
// the slip.
func (p *checkup) trustsInstead() string {
	var services []string
	for _, s := range p.role.trust.Statements {
		services = append(services, s.Services()...)
	}
	if len(services) == 0 {
		return ""
	}
	return ", only " + strings.Join(services, ", ")
}

func certaintyOf(a policy.Answer) Certainty {
	if a == policy.Yes {
		return Certain
	}
	return Conceivable
}

// rights says which of the actions that S3 needs the role may not take.
func (p *checkup) rights(ctx context.Context) error {
	if !p.role.readable {
		return nil
	}
	needs := p.needs()
	rulings, how, err := p.rulings(ctx, needs)
	if err != nil {
		return err
	}
	if rulings == nil {
		p.add(Trouble{
			Severity: Note, Side: p.direction.From(), Cause: CausePolicy, Missing: "iam:SimulatePrincipalPolicy",
			Title:   "what role " + p.role.name + " may do can't be read with these credentials",
			Meaning: how, Todo: "Grant iam:SimulatePrincipalPolicy, or let a canary show it.",
		})
		return nil
	}
	var missing []need
	for i, n := range needs {
		if rulings[i].Allowed || p.grantedByBucket(n) {
			continue
		}
		missing = append(missing, n)
	}
	if len(missing) == len(needs) {
		p.add(p.noRights(needs, rulings[0]))
		return nil
	}
	for i, n := range needs {
		if !rulings[i].Allowed && !p.grantedByBucket(n) {
			p.add(p.missingRight(n, rulings[i]))
		}
	}
	return nil
}

func (p *checkup) missingRight(n need, r ruling) Trouble {
	where := p.world.Pair.Side(n.side).Bucket
	if !n.isS3() {
		where = n.resource
	}
	t := Trouble{
		Severity: n.lack, Side: n.side, Cause: CausePolicy, Certainty: Likely, Missing: n.action,
		Title:   fmt.Sprintf("role %s may not %s on side %s (%s): %s", p.role.name, n.action, n.side, where, r.By),
		Meaning: n.meaning, Todo: "Allow it in a policy of the role.",
		CLI: p.grant("bothways-"+strings.ToLower(n.action[strings.Index(n.action, ":")+1:]+"-"+string(n.side)), []need{n}), Apply: p.role.own,
	}
	if n.action[:4] == "kms:" {
		t.Cause = CauseKMS
	}
	if len(r.Unknown) > 0 && r.Reason != denied {
		t.Certainty = Conceivable
		t.Meaning += " It hangs on conditions that can't be seen from here: " + strings.Join(r.Unknown, ", ") + "."
	}
	if r.Reason != unallowed {
		t.Todo, t.CLI, t.Apply = "Except the role from what denies it: "+r.By+".", "", false
	}
	return t
}

func (p *checkup) noRights(needs []need, r ruling) Trouble {
	actions := make([]string, 0, len(needs))
	for _, n := range needs {
		actions = append(actions, n.action)
	}
	return Trouble{
		Severity: Blocker, Side: p.direction.From(), Cause: CausePolicy, Certainty: Likely, Missing: strings.Join(actions, ", "),
		Title:   fmt.Sprintf("role %s may do nothing that replication from %s to %s needs: %s", p.role.name, p.fromBucket(), p.toBucket(), r.By),
		Meaning: nothingArrives, Todo: "Give it the policy, for these very buckets and keys.",
		CLI: p.grant("bothways-replication-"+p.direction.Slug(), needs), Apply: p.role.own,
	}
}

// grant is a line for the AWS CLI that gives the role some rights, and leaves
// its other policies alone.
//
// Our own role gets none: apply puts its one policy right, and a second policy
// would keep destroy from removing the role.
func (p *checkup) grant(name string, needs []need) string {
	if p.role.own {
		return ""
	}
	var statements []policy.Draft
	for _, n := range needs {
		resource := n.resource
		if strings.HasSuffix(resource, "/"+p.exampleKey()) {
			resource = strings.TrimSuffix(resource, p.exampleKey()) + prefixOf(*p.rule) + "*"
		}
		if last := len(statements) - 1; last >= 0 && statements[last].Resource == resource {
			statements[last].Action = append(statements[last].Action.([]string), n.action)
			continue
		}
		statements = append(statements, policy.Draft{Effect: "Allow", Action: []string{n.action}, Resource: resource})
	}
	return cli(p.world.clients(p.direction.From()), "iam", "put-role-policy", "--role-name", p.role.name,
		"--policy-name", name, "--policy-document", policy.Compose(statements...))
}

// otherAccount says whether the two sides belong to two accounts.
func (p *checkup) otherAccount() bool {
	return p.from.Identity.Account != p.to.Identity.Account
}

// ownerOf is the account that owns a side's bucket.
func (p *checkup) ownerOf(side pair.SideName) string {
	if side == p.direction.From() {
		return p.from.Identity.Account
	}
	return p.to.Identity.Account
}
