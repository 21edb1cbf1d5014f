package survey

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// Ruling is what IAM's simulation says of one action on one resource. It knows
// the policies of the principal, its boundary and the organisation's service
// control policies; not bucket policies, resource control policies, session
// policies or those of VPC endpoints (IAM API reference,
// SimulatePrincipalPolicy). So it is likely, never certain.
type Ruling struct {
	Allowed bool
	// Reason is why it is not allowed, By the same in words.
	Reason refusalReason
	By     string
	// Unknown names condition keys that were not given and may change it.
	Unknown []string
}

// refusalReason is why something is not allowed.
type refusalReason int

// The reasons.
const (
	Unallowed    refusalReason = iota // nothing denies it, and nothing allows it
	Denied                            // a statement denies it
	outOfBounds                       // the permissions boundary does not allow it
	organisation                      // a service control policy denies it
)

// NoPolicyAllows words unallowed.
const NoPolicyAllows = "no policy allows it"

// Situation is one resource and what is known of the request that asks for
// it.
type Situation struct {
	Resource string
	Context  map[string]string
}

// Simulate asks IAM what a user or role may do in one situation.
func Simulate(ctx context.Context, client *iam.Client, principal string, actions []string, s Situation) (map[string]Ruling, error) {
	input := &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String(principal), ActionNames: actions, ResourceArns: []string{s.Resource},
	}
	for _, key := range slices.Sorted(maps.Keys(s.Context)) {
		input.ContextEntries = append(input.ContextEntries, types.ContextEntry{
			ContextKeyName: aws.String(key), ContextKeyType: types.ContextKeyTypeEnumString, ContextKeyValues: []string{s.Context[key]},
		})
	}
	found := map[string]Ruling{}
	pages := iam.NewSimulatePrincipalPolicyPaginator(client, input)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("ask IAM what %s may do: %w", principal, err)
		}
		for _, r := range page.EvaluationResults {
			found[strings.ToLower(aws.ToString(r.EvalActionName))] = rulingOf(r)
		}
	}
	return found, nil
}

func rulingOf(r types.EvaluationResult) Ruling {
	result := Ruling{Allowed: r.EvalDecision == types.PolicyEvaluationDecisionTypeAllowed, Unknown: slices.Clone(r.MissingContextValues)}
	slices.Sort(result.Unknown)
	scp, boundary := r.OrganizationsDecisionDetail, r.PermissionsBoundaryDecisionDetail
	var policies []string
	for _, s := range r.MatchedStatements {
		if name := aws.ToString(s.SourcePolicyId); name != "" && !slices.Contains(policies, name) {
			policies = append(policies, name)
		}
	}
	switch {
	case result.Allowed:
	case scp != nil && !scp.AllowedByOrganizations:
		result.Reason, result.By = organisation, "a service control policy of the organisation denies it"
	case boundary != nil && !boundary.AllowedByPermissionsBoundary:
		result.Reason, result.By = outOfBounds, "its permissions boundary does not allow it"
	case r.EvalDecision == types.PolicyEvaluationDecisionTypeExplicitDeny && len(policies) > 0:
		result.Reason, result.By = Denied, "a Deny in "+strings.Join(policies, ", ")
	case r.EvalDecision == types.PolicyEvaluationDecisionTypeExplicitDeny:
		result.Reason, result.By = Denied, "a Deny"
	default:
		result.Reason, result.By = Unallowed, NoPolicyAllows
	}
	return result
}
