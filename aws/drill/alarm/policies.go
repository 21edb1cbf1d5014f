package alarm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/drill/record"
	"bothways/aws/drill/standing"
	"bothways/aws/pair"
	"bothways/aws/policy"
)

// may is all that says what a role may do, as IAM has it.
type may struct {
	Trust    json.RawMessage            `json:"trust"`
	Boundary string                     `json:"boundary"`
	Inline   map[string]json.RawMessage `json:"inline"`
	Attached []string                   `json:"attached"`
}

// policies reads what the role of a direction may do, the drill's own policies left
// out.
func (f *Fault) policies(ctx context.Context, d pair.Direction, m record.Moment) (record.RolePolicies, error) {
	place := f.place(d, nil)
	role, client := place.Replicates, place.Clients.IAM
	out, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: &role})
	if err != nil {
		return record.RolePolicies{}, fmt.Errorf("read role %s: %w", role, err)
	}
	now := may{Trust: plain(out.Role.AssumeRolePolicyDocument), Inline: map[string]json.RawMessage{}, Attached: []string{}}
	if b := out.Role.PermissionsBoundary; b != nil {
		now.Boundary = aws.ToString(b.PermissionsBoundaryArn)
	}
	names, err := standing.InlinePolicies(ctx, client, role)
	if err != nil {
		return record.RolePolicies{}, err
	}
	for _, name := range names {
		if f.ours(name) {
			continue
		}
		out, err := client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &role, PolicyName: &name})
		if err != nil {
			return record.RolePolicies{}, fmt.Errorf("read the policy %s of role %s: %w", name, role, err)
		}
		now.Inline[name] = plain(out.PolicyDocument)
	}
	pages := iam.NewListAttachedRolePoliciesPaginator(client, &iam.ListAttachedRolePoliciesInput{RoleName: &role})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return record.RolePolicies{}, fmt.Errorf("list the policies attached to role %s: %w", role, err)
		}
		for _, a := range page.AttachedPolicies {
			now.Attached = append(now.Attached, aws.ToString(a.PolicyArn))
		}
	}
	slices.Sort(now.Attached)
	text, err := json.Marshal(now)
	if err != nil {
		return record.RolePolicies{}, fmt.Errorf("write down what role %s may do: %w", role, err)
	}
	sum := sha256.Sum256(text)
	return record.RolePolicies{Side: d.From(), Role: role, Moment: m, Document: string(text), SHA256: hex.EncodeToString(sum[:]), At: time.Now()}, nil
}

// ours says whether a policy is one of this drill.
func (f *Fault) ours(name string) bool {
	return slices.ContainsFunc(pair.Directions(), func(d pair.Direction) bool { return name == f.world.Pair.AlarmPolicyName(d, f.scope.Drill) })
}

// plain is a policy as canonical JSON, its members sorted; what is no JSON stands as
// text.
func plain(document *string) json.RawMessage {
	text := policy.Decode(aws.ToString(document))
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		value = text
	}
	sorted, err := json.Marshal(value)
	if err != nil {
		return json.RawMessage(`null`)
	}
	return sorted
}
