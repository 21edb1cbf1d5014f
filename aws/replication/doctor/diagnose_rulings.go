package doctor

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/apierror"
	"bothways/aws/policy"
	"bothways/aws/replication/survey"
)

// rulings says of each need whether the role has it, by IAM's simulation, or
// where that is not permitted by reading the role's policies. Without either
// there are none, and a reason.
func (p *Checkup) rulings(ctx context.Context, needs []need) ([]survey.Ruling, string, error) {
	found, err := p.simulated(ctx, needs)
	if err == nil || ctx.Err() != nil || apierror.Expired(err) {
		return found, "", err
	}
	documents, readErr := p.policies(ctx)
	if readErr != nil {
		if ctx.Err() != nil || apierror.Expired(readErr) {
			return nil, "", readErr
		}
		return nil, "IAM refuses both to simulate it and to show its policies (" + cmp.Or(apierror.Code(readErr), "no answer") + ").", nil
	}
	p.byPolicies = true
	found = make([]survey.Ruling, len(needs))
	for i, n := range needs {
		found[i] = p.readOff(documents, n, n.action)
		if n.instead != "" {
			found[i] = p.weighed(n, found[i], p.readOff(documents, n, n.instead))
		}
	}
	return found, "", nil
}

// simulated asks IAM of each need, and of what would do instead.
func (p *Checkup) simulated(ctx context.Context, needs []need) ([]survey.Ruling, error) {
	questions := make([]policy.Request, 0, 2*len(needs))
	for _, n := range needs {
		for _, action := range []string{n.action, cmp.Or(n.instead, n.action)} {
			request := p.Request(n)
			request.Action = action
			questions = append(questions, request)
		}
	}
	answers, err := survey.Simulate(ctx, p.world.Clients(p.direction.From()).IAM, p.Role.Arn, questions)
	if err != nil {
		return nil, err
	}
	found := make([]survey.Ruling, len(needs))
	for i := range needs {
		found[i] = answers[2*i]
		if needs[i].instead != "" {
			found[i] = p.weighed(needs[i], answers[2*i], answers[2*i+1])
		}
	}
	return found, nil
}

// weighed is what is said of a need for which another action does as well, and
// remembers which of the two the role has.
func (p *Checkup) weighed(n need, own, instead survey.Ruling) survey.Ruling {
	if p.serves == nil {
		p.serves = map[string][]string{}
	}
	for action, ruling := range map[string]survey.Ruling{n.action: own, n.instead: instead} {
		if ruling.Allowed {
			p.serves[n.action] = append(p.serves[n.action], action)
		}
	}
	if !own.Allowed && instead.Allowed {
		return instead
	}
	return own
}

// policies reads the role's policies, its own and those attached to it.
func (p *Checkup) policies(ctx context.Context) ([]*policy.Document, error) {
	client, name := p.world.Clients(p.direction.From()).IAM, aws.String(p.Role.Name)
	var texts []string
	inline := iam.NewListRolePoliciesPaginator(client, &iam.ListRolePoliciesInput{RoleName: name})
	for inline.HasMorePages() {
		page, err := inline.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the policies of role %s: %w", *name, err)
		}
		for _, policyName := range page.PolicyNames {
			out, err := client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: name, PolicyName: &policyName})
			if err != nil {
				return nil, fmt.Errorf("read the policy %s of role %s: %w", policyName, *name, err)
			}
			texts = append(texts, aws.ToString(out.PolicyDocument))
		}
	}
	attached := iam.NewListAttachedRolePoliciesPaginator(client, &iam.ListAttachedRolePoliciesInput{RoleName: name})
	for attached.HasMorePages() {
		page, err := attached.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the policies attached to role %s: %w", *name, err)
		}
		for _, a := range page.AttachedPolicies {
			text, err := readManaged(ctx, client, aws.ToString(a.PolicyArn))
			if err != nil {
				return nil, err
			}
			texts = append(texts, text)
		}
	}
	documents := make([]*policy.Document, 0, len(texts))
	for _, text := range texts {
		document, err := policy.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("role %s: %w", *name, err)
		}
		documents = append(documents, document)
	}
	return documents, nil
}

func readManaged(ctx context.Context, client *iam.Client, arn string) (string, error) {
	head, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
	if err != nil {
		return "", fmt.Errorf("read the policy %s: %w", arn, err)
	}
	out, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: head.Policy.DefaultVersionId})
	if err != nil {
		return "", fmt.Errorf("read the policy %s: %w", arn, err)
	}
	return aws.ToString(out.PolicyVersion.Document), nil
}

// readOff matches one action against policies that were read. Of a key with
// several possible values each has to do.
func (p *Checkup) readOff(documents []*policy.Document, n need, action string) survey.Ruling {
	request := p.Request(n)
	request.Action = action
	result := survey.Ruling{By: survey.NoPolicyAllows}
	for _, d := range documents {
		for _, m := range d.Denies(request) {
			if m.Answer == policy.Yes {
				return survey.Ruling{Reason: survey.Denied, By: "a Deny in its policy (" + m.Statement.Name() + ")"}
			}
			result.Unknown = append(result.Unknown, m.Unknown...)
		}
		switch m := d.Allows(request); m.Answer {
		case policy.Yes:
			result.Allowed = true
		case policy.Perhaps:
			result.Unknown = append(result.Unknown, m.Unknown...)
		case policy.No:
		}
	}
	return result
}

// Request is what is known of S3's request for a need. Replication comes from
// inside AWS, through no network or endpoint of anybody's own, so conditions
// on those are never met (S3 User Guide, "Troubleshooting replication"). The
// role's ID begins aws:userid; what its session is called only S3 knows.
func (p *Checkup) Request(n need) policy.Request {
	r := policy.Request{
		Principal: p.Role.Arn, Bounded: p.Role.Bounded, Action: n.action, Resource: n.resource,
		Context: map[string][]string{
			"aws:principalarn": {p.Role.Arn}, "aws:principalaccount": {survey.AccountOf(p.Role.Arn)}, "aws:principaltype": {"AssumedRole"},
			"aws:principalisawsservice": {"false"}, "aws:viaawsservice": {"false"}, "aws:username": nil,
		},
		Either: map[string][][]string{},
		Begins: map[string]string{"aws:userid": cmp.Or(p.Role.ID, roleIDs)},
	}
	if p.Role.ID != "" {
		r.Begins["aws:userid"] += ":"
	}
	if p.Role.Tags != nil {
		r.Context["aws:principaltag/"] = nil
	}
	for key, value := range p.Role.Tags {
		r.Context["aws:principaltag/"+strings.ToLower(key)] = []string{value}
	}
	for _, absent := range []string{
		"aws:SourceVpce", "aws:SourceVpc", "aws:SourceIp", "aws:VpcSourceIp", "aws:MultiFactorAuthPresent", "aws:MultiFactorAuthAge", "aws:Referer",
	} {
		r.Context[strings.ToLower(absent)] = nil
	}
	if !n.isS3() { // whether S3 acts for the role as it does for people is not documented
		delete(r.Context, "aws:viaawsservice")
	}
	for key, values := range n.context {
		if len(values) > 1 {
			r.Either[key] = [][]string{{values[0]}, {values[1]}}
		} else {
			r.Context[key] = values
		}
	}
	return r
}

// roleIDs is how the IDs of roles begin (IAM User Guide, "IAM identifiers").
const roleIDs = "AROA"
