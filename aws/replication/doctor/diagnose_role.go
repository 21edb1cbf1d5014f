package doctor

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/apierror"
	"bothways/aws/policy"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// RoleFacts is what was read of the role that a configuration names.
type RoleFacts struct {
	Arn, Name string
	ID        string            // its unique ID, or "" where it is not known
	Bounded   bool              // a permissions boundary limits it
	Tags      map[string]string // nil where they are not known
	Exists    bool
	Planned   bool // it is still to be made
	readable  bool
	own       bool // it carries this pair's mark
	trust     *policy.Document
	trustText string
}

// ReadRole looks at the role, and at who may take it.
func (p *Checkup) ReadRole(ctx context.Context) error {
	r := &p.Role
	r.Arn = aws.ToString(p.Configuration.Role)
	r.Name = survey.RoleName(r.Arn)
	side := p.direction.From()
	if owner := p.from.Identity.Account; survey.AccountOf(r.Arn) != owner {
		p.add(Trouble{
			Severity: survey.Blocker, Side: side, Cause: CauseRole, Certainty: Likely, Missing: r.Arn,
			Title:   "the role " + r.Arn + " belongs to another account than bucket " + p.fromBucket(),
			Meaning: "S3 takes only roles of the account that owns the bucket where a direction starts.",
			Todo:    "Name a role of account " + owner + " in the configuration.", Apply: p.ownRule(),
		})
		return nil
	}
	out, err := p.world.Clients(side).IAM.GetRole(ctx, &iam.GetRoleInput{RoleName: &r.Name})
	switch {
	case apierror.Code(err) == "NoSuchEntity":
		p.add(Trouble{
			Severity: survey.Blocker, Side: side, Cause: CauseRole, Missing: r.Arn,
			Title:   "there is no role " + r.Arn,
			Meaning: "S3 accepts a configuration without looking its role up. " + nothingArrives,
			Todo:    "Make the role, or name another.", Apply: p.ownRule(),
		})
		return nil
	case apierror.Denied(err):
		p.add(Trouble{
			Severity: survey.Note, Side: side, Cause: CauseRole, Missing: "iam:GetRole", Certainty: Certain,
			Title:   "the role " + r.Name + " can't be read with these credentials",
			Meaning: "Whether S3 may take it is unknown.", Todo: "Grant iam:GetRole, or let a canary show it.",
		})
		r.Exists = true
		return nil
	case err != nil:
		return fmt.Errorf("read role %s: %w", r.Name, err)
	}
	r.ID, r.Bounded = aws.ToString(out.Role.RoleId), out.Role.PermissionsBoundary != nil
	r.Tags = survey.TagsOf(out.Role)
	r.Exists, r.readable, r.own = true, true, step.Marked(out.Role, p.world.Pair.ID())
	r.trustText = policy.Decode(aws.ToString(out.Role.AssumeRolePolicyDocument))
	if r.trust, err = policy.Parse(r.trustText); err != nil {
		p.add(Trouble{
			Severity: survey.Note, Side: side, Cause: CauseTrust, Title: "the trust policy of role " + r.Name + " can't be read: " + err.Error(),
			Meaning: "Whether S3 may take the role is unknown.",
		})
		return nil
	}
	p.trusts()
	return nil
}

func (p *Checkup) ownRule() bool {
	return p.Rule != nil && aws.ToString(p.Rule.ID) == p.world.Pair.RuleID(p.direction)
}

// trusts says what keeps S3 from taking the role.
func (p *Checkup) trusts() {
	r := &p.Role
	side := p.direction.From()
	take := policy.Request{Principal: "s3.amazonaws.com", Service: true, Action: "sts:AssumeRole"}
	for _, m := range r.trust.Denies(take) {
		p.add(Trouble{
			Severity: survey.Blocker, Side: side, Cause: CauseTrust, Certainty: certaintyOf(m.Answer), Missing: m.Statement.Name(),
			Title:   "the trust policy of role " + r.Name + " denies S3 the role (" + m.Statement.Name() + ")",
			Meaning: "S3 can't take the role. " + nothingArrives, Todo: "Except s3.amazonaws.com from the Deny in the trust policy, or take it out if it is for nothing else.",
			Apply: r.own,
		})
	}
	best := r.trust.Allows(take)
	switch best.Answer {
	case policy.Yes:
	case policy.Perhaps:
		p.add(Trouble{
			Severity: survey.Blocker, Side: side, Cause: CauseTrust, Certainty: Conceivable, Missing: strings.Join(best.Unknown, ", "),
			Title: "role " + r.Name + " lets S3 in only under conditions on " + strings.Join(best.Unknown, ", "),
			Meaning: "AWS's own examples for replication have none: where S3 does not send such a key, the condition is never met and " +
				"every object reads FAILED.",
			Todo: "If a canary fails, take the condition out.", Apply: r.own,
		})
	case policy.No:
		p.add(Trouble{
			Severity: survey.Blocker, Side: side, Cause: CauseTrust, Missing: "s3.amazonaws.com",
			Title:   "role " + r.Name + " does not trust s3.amazonaws.com" + p.trustsInstead(),
			Meaning: "S3 can't take the role. " + nothingArrives, Todo: "Let s3.amazonaws.com take it.",
			CLI: p.trusted(), Apply: r.own,
		})
	}
}

// trusted is a line for the AWS CLI that lets S3 take the role beside who may
// already, or "" where that would lose something. Our own role gets none: apply
// puts its trust right.
func (p *Checkup) trusted() string {
	parts, err := policy.TakeApart(p.Role.trustText)
	if err != nil || p.Role.own {
		return ""
	}
	parts.Statements = append(parts.Statements, wanted.Trust().JSON())
	return p.world.Clients(p.direction.From()).CLI("iam", "update-assume-role-policy", "--role-name", p.Role.Name, "--policy-document", parts.Text())
}

// trustsInstead names the services that the role trusts, for the eye to see
// the slip.
func (p *Checkup) trustsInstead() string {
	var services []string
	for _, s := range p.Role.trust.Statements {
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

// Rights says which of the actions that S3 needs the role may not take.
func (p *Checkup) Rights(ctx context.Context) error {
	if !p.Role.Exists {
		return nil
	}
	needs := p.Needs()
	rulings, how, err := p.rulings(ctx, needs)
	if err != nil {
		return err
	}
	if rulings == nil {
		p.add(Trouble{
			Severity: survey.Note, Side: p.direction.From(), Cause: CausePolicy, Missing: "iam:SimulatePrincipalPolicy",
			Title:   "what role " + p.Role.Name + " may do can't be read with these credentials",
			Meaning: how, Todo: "Grant iam:SimulatePrincipalPolicy, or let a canary show it.",
		})
		return nil
	}
	p.ruled = len(needs)
	var missing []lack
	for i, n := range needs {
		if rulings[i].Allowed {
			continue
		}
		granted := p.grantedByBucket(n, rulings[i])
		if !n.isS3() {
			granted = p.grantedByKey(n, rulings[i])
		}
		if granted.Answer == policy.Yes {
			continue
		}
		rulings[i].Unknown = append(rulings[i].Unknown, granted.Unknown...)
		missing = append(missing, lack{n, rulings[i]})
	}
	also, err := p.masked(ctx, missing)
	if err != nil {
		return err
	}
	if len(missing) == len(needs) {
		missing = p.summed(missing)
	}
	p.missingRights(missing)
	p.missingRights(also)
	return nil
}

// lack is a need that the role may not take, and what is said of that.
type lack struct {
	need
	survey.Ruling
}

// missingRights makes one trouble of what lacks for one reason under several
// prefixes.
func (p *Checkup) missingRights(all []lack) {
	var groups [][]lack
	for _, l := range all {
		i := slices.IndexFunc(groups, func(g []lack) bool {
			return g[0].action == l.action && g[0].side == l.side && (l.isS3() || g[0].resource == l.resource) && g[0].Reason == l.Reason && g[0].By == l.By
		})
		if i < 0 {
			groups = append(groups, []lack{l})
		} else {
			groups[i] = append(groups[i], l)
		}
	}
	for _, g := range groups {
		p.add(p.missingRight(g))
	}
}

func (p *Checkup) missingRight(same []lack) Trouble {
	needs := make([]need, 0, len(same))
	n, r := same[0].need, same[0].Ruling
	for _, l := range same {
		needs = append(needs, l.need)
		if survey.Rank(l.lack) < survey.Rank(n.lack) {
			n.lack, n.meaning = l.lack, l.meaning
		}
	}
	where := p.world.Pair.Side(n.side).Bucket
	if !n.isS3() {
		where = n.resource
	}
	t := Trouble{
		Severity: n.lack, Side: n.side, Cause: CausePolicy, Certainty: Likely, Missing: n.action,
		Title:   fmt.Sprintf("role %s may not %s on side %s (%s): %s", p.Role.Name, n.action, n.side, where, r.By),
		Meaning: n.meaning, Todo: "Allow it in a policy of the role.",
		CLI: p.grant("bothways-"+strings.ToLower(n.action[strings.Index(n.action, ":")+1:]+"-"+string(n.side)), needs), Apply: p.Role.own,
	}
	if n.action[:4] == "kms:" {
		t.Cause = CauseKMS
	}
	if len(r.Unknown) > 0 && r.Reason != survey.Denied {
		t.Certainty = Conceivable
		t.Meaning += " It hangs on conditions that can't be seen from here: " + strings.Join(r.Unknown, ", ") + "."
	}
	if r.Reason != survey.Unallowed {
		t.Todo, t.CLI, t.Apply = "Except the role from what denies it: "+r.By+".", "", false
		switch r.Reason {
		case survey.OutOfBounds:
			t.Todo = "Have the boundary allow it: no policy of the role can, because " + r.By + "."
		case survey.Organisation:
			t.Todo = "Have who runs the organisation except the role: no policy of the account can, because " + r.By + "."
		case survey.Denied, survey.Unallowed:
		}
	}
	return t
}

func (p *Checkup) noRights(needs []need, r survey.Ruling) Trouble {
	var actions []string
	for _, n := range needs {
		if !slices.Contains(actions, n.action) {
			actions = append(actions, n.action)
		}
	}
	return Trouble{
		Severity: survey.Blocker, Side: p.direction.From(), Cause: CausePolicy, Certainty: Likely, Missing: strings.Join(actions, ", "),
		Title:   fmt.Sprintf("role %s may do nothing that replication from %s to %s needs: %s", p.Role.Name, p.fromBucket(), p.toBucket(), r.By),
		Meaning: nothingArrives, Todo: "Give it the policy, for these very buckets and keys.",
		CLI: p.grant("bothways-replication-"+p.direction.Slug(), needs), Apply: p.Role.own,
	}
}

// grant is a line for the AWS CLI that gives the role some rights, and leaves
// its other policies alone: its name says what is in it, so that it takes the
// place of none that says something else.
//
// Our own role gets none: apply puts its one policy right, and a second policy
// would keep destroy from removing the role. Nor is there one for what a rule
// would need that is off on purpose.
func (p *Checkup) grant(name string, needs []need) string {
	if p.Role.own || p.Rule != nil && p.offOnPurpose() && len(p.enabled()) == 0 {
		return ""
	}
	var statements []policy.Draft
	for _, n := range needs {
		resource := cmp.Or(n.keys, n.resource)
		if last := len(statements) - 1; last >= 0 && statements[last].Resource == resource {
			statements[last].Action = append(statements[last].Action.([]string), n.action)
			continue
		}
		statements = append(statements, policy.Draft{Effect: "Allow", Action: []string{n.action}, Resource: resource})
	}
	document := policy.Compose(statements...)
	sum := sha256.Sum256([]byte(document))
	return p.world.Clients(p.direction.From()).CLI("iam", "put-role-policy", "--role-name", p.Role.Name,
		"--policy-name", name+"-"+hex.EncodeToString(sum[:4]), "--policy-document", document)
}

// otherAccount says whether the two sides belong to two accounts.
func (p *Checkup) otherAccount() bool {
	from, to := p.from.Identity.Account, p.to.Identity.Account
	return from != to && from != "" && to != ""
}
