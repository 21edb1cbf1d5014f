package replication

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

// ruling is what IAM's simulation says of one action on one resource. It knows
// the policies of the principal, its boundary and the organisation's service
// control policies; not bucket policies, resource control policies, session
// policies or those of VPC endpoints (IAM API reference,
// SimulatePrincipalPolicy). So it is likely, never certain.
type ruling struct {
	Allowed bool
	// By says what denies it: "an explicit Deny in …", "no policy allows it".
	By string
	// Unknown names condition keys that were not given and may change it.
	Unknown []string
}

// noPolicyAllows is the ruling where nothing denies, and nothing allows.
const noPolicyAllows = "no policy allows it"

// situation is one resource and what is known of the request that asks for
// it.
type situation struct {
	resource string
	context  map[string]string
}

// simulate asks IAM what a user or role may do in one situation.
func simulate(ctx context.Context, client *iam.Client, principal string, actions []string, s situation) (map[string]ruling, error) {
	input := &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String(principal), ActionNames: actions, ResourceArns: []string{s.resource},
	}
	for _, key := range slices.Sorted(maps.Keys(s.context)) {
		input.ContextEntries = append(input.ContextEntries, types.ContextEntry{
			ContextKeyName: aws.String(key), ContextKeyType: types.ContextKeyTypeEnumString, ContextKeyValues: []string{s.context[key]},
		})
	}
	found := map[string]ruling{}
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

func rulingOf(r types.EvaluationResult) ruling {
	result := ruling{Allowed: r.EvalDecision == types.PolicyEvaluationDecisionTypeAllowed, Unknown: slices.Clone(r.MissingContextValues)}
	slices.Sort(result.Unknown)
	organisation, boundary := r.OrganizationsDecisionDetail, r.PermissionsBoundaryDecisionDetail
	var policies []string
	for _, s := range r.MatchedStatements {
		if name := aws.ToString(s.SourcePolicyId); name != "" && !slices.Contains(policies, name) {
			policies = append(policies, name)
		}
	}
	switch {
	case result.Allowed:
	case organisation != nil && !organisation.AllowedByOrganizations:
		result.By = "a service control policy of the organisation denies it"
	case boundary != nil && !boundary.AllowedByPermissionsBoundary:
		result.By = "its permissions boundary does not allow it"
	case r.EvalDecision == types.PolicyEvaluationDecisionTypeExplicitDeny && len(policies) > 0:
		result.By = "a Deny in " + strings.Join(policies, ", ")
	case r.EvalDecision == types.PolicyEvaluationDecisionTypeExplicitDeny:
		result.By = "a Deny"
	default:
		result.By = noPolicyAllows
	}
	return result
}
