package doctor

import (
	"fmt"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// side is what was read of one side.
func (p *Checkup) survey(side pair.SideName) survey.Side {
	if side == p.direction.From() {
		return p.from
	}
	return p.to
}

// grantedByBucket says whether the bucket policy allows the role what its own
// policies don't: inside one account that does as well (IAM User Guide,
// "Policy evaluation logic"), and against a boundary where it names the role's
// session. A policy that names only the account leaves it to the role's own.
func (p *Checkup) grantedByBucket(n need, r survey.Ruling) policy.Match {
	if r.Reason != survey.Unallowed && r.Reason != survey.OutOfBounds || r.Explicit || !n.isS3() || p.survey(n.side).Identity.Account != survey.AccountOf(p.Role.Arn) {
		return policy.Match{}
	}
	document, err := policy.Parse(p.survey(n.side).Policy)
	if err != nil {
		return policy.Match{}
	}
	return document.Grants(p.Request(n), r.Reason == survey.OutOfBounds)
}

// bucketPolicies says what the policies of both buckets deny the role, and
// what that of another account's bucket does not allow it.
func (p *Checkup) bucketPolicies() {
	if p.Role.Arn == "" {
		return
	}
	needs := p.Needs()
	for _, side := range []pair.SideName{p.direction.From(), p.direction.To()} {
		found := p.survey(side)
		if !p.known(side) {
			continue
		}
		document, err := policy.Parse(found.Policy)
		if err != nil {
			continue // the survey says that it could not be read
		}
		p.Denials(side, document, needs)
		if side == p.direction.To() && p.otherAccount() && !found.PolicyUnread {
			p.notLetIn(document, needs)
		}
	}
}

// Denials groups by statement: one that denies ten actions is one trouble.
func (p *Checkup) Denials(side pair.SideName, document *policy.Document, needs []need) {
	bucket := p.world.Pair.Side(side).Bucket
	type hit struct {
		policy.Match
		lack    survey.Severity
		actions []string
		meaning string
	}
	var hits []*hit
	for _, n := range needs {
		if n.side != side || !n.isS3() {
			continue
		}
		for _, m := range p.denied(document, n) {
			i := slices.IndexFunc(hits, func(h *hit) bool { return h.Statement.Number == m.Statement.Number })
			if i < 0 {
				hits = append(hits, &hit{Match: m, lack: n.lack, meaning: n.meaning})
				i = len(hits) - 1
			}
			h := hits[i]
			if !slices.Contains(h.actions, n.action) {
				h.actions = append(h.actions, n.action)
			}
			if survey.Rank(n.lack) < survey.Rank(h.lack) {
				h.lack, h.meaning = n.lack, n.meaning
			}
			h.Answer = max(h.Answer, m.Answer)
		}
	}
	for _, h := range hits {
		name := h.Statement.Name()
		p.add(Trouble{
			Severity: h.lack, Side: side, Cause: CauseBucketPolicy, Certainty: certaintyOf(h.Answer), Missing: name,
			Title:   fmt.Sprintf("the bucket policy of %s denies role %s %s (%s)", bucket, p.Role.Name, survey.Shorter(h.actions), name),
			Meaning: h.meaning + whyItHits(h.Match),
			Todo:    fmt.Sprintf(`Except the role from the statement: "Condition": {"ArnNotEquals": {"aws:PrincipalArn": %q}}, beside its other conditions.`, p.Role.Arn),
		})
	}
}

// denied are the statements that deny a need: where another action does as
// well, they have to deny that too.
func (p *Checkup) denied(document *policy.Document, n need) []policy.Match {
	all := make([]policy.Match, 0, len(document.Statements))
	most := policy.Yes // as certain as the action that may pass most likely
	for _, action := range p.serving(n) {
		request := p.Request(n)
		request.Action = action
		worst := policy.No
		for _, m := range document.Denies(request) {
			worst = max(worst, m.Answer)
			all = append(all, m)
		}
		most = min(most, worst)
	}
	if most == policy.No {
		return nil
	}
	for i := range all {
		all[i].Answer = min(all[i].Answer, most)
	}
	return all
}

// serving are the actions that do for a need, of those that the role has.
func (p *Checkup) serving(n need) []string {
	if actions := p.serves[n.action]; len(actions) > 0 {
		return actions
	}
	return []string{n.action}
}

// whyItHits explains conditions that people mean for something else.
func whyItHits(m policy.Match) string {
	keys := m.Statement.ConditionKeys()
	network := slices.ContainsFunc(keys, func(k string) bool {
		return slices.Contains([]string{"aws:sourcevpce", "aws:sourcevpc", "aws:sourceip", "aws:vpcsourceip"}, k)
	})
	switch {
	case len(m.Unknown) > 0:
		return " Whether it hits hangs on " + strings.Join(m.Unknown, ", ") + ", which only S3 knows."
	case network:
		return " S3 replicates from inside AWS, through no endpoint or address of yours, so the condition holds against it."
	}
	return ""
}

// notLetIn says what the policy of another account's bucket does not allow:
// there both the role's and the bucket's policy must.
func (p *Checkup) notLetIn(document *policy.Document, needs []need) {
	to := p.direction.To()
	var told []string
	for _, n := range needs {
		if n.side != to || !n.isS3() || n.lack == survey.Note || slices.Contains(told, n.action) {
			continue
		}
		certainty := Certain
		switch document.Allows(p.Request(n)).Answer {
		case policy.Yes:
			continue
		case policy.Perhaps:
			certainty = Conceivable
		case policy.No:
		}
		told = append(told, n.action)
		p.add(Trouble{
			Severity: n.lack, Side: to, Cause: CauseBucketPolicy, Certainty: certainty, Missing: n.action,
			Title:   fmt.Sprintf("the bucket policy of %s does not allow role %s of account %s %s", p.toBucket(), p.Role.Name, survey.AccountOf(p.Role.Arn), n.action),
			Meaning: "The bucket belongs to account " + p.to.Identity.Account + ", so its policy must let the role in. " + n.meaning,
			Todo:    "Add a statement for the role to the bucket policy.", CLI: p.letIn(needs), Apply: p.ownRule(),
		})
	}
}

// letIn is a line for the AWS CLI that adds a statement for the role to the
// policy of the other account's bucket, and keeps what is in it as it is: for
// what the rules in force need, and the keys that they cover. For a rule of
// ours there is none: apply writes its statement.
func (p *Checkup) letIn(needs []need) string {
	parts, err := policy.TakeApart(p.to.Policy)
	if err != nil || p.ownRule() {
		return ""
	}
	byKeys := map[string][]string{}
	var order []string
	for _, n := range needs {
		if n.side != p.direction.To() || n.keys == "" {
			continue
		}
		if byKeys[n.keys] == nil {
			order = append(order, n.keys)
		}
		byKeys[n.keys] = append(byKeys[n.keys], n.action)
	}
	for _, keys := range order {
		parts.Statements = append(parts.Statements, policy.Draft{
			Effect: "Allow", Principal: map[string]string{"AWS": p.Role.Arn}, Action: byKeys[keys], Resource: keys,
		}.JSON())
	}
	return p.world.Clients(p.direction.To()).CLI("s3api", "put-bucket-policy", "--bucket", p.toBucket(), "--policy", parts.Text())
}
