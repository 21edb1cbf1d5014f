package survey

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/sourcegraph/conc/pool"
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

// Question is one action on one resource, and what is known of the request that
// asks for it.
type Question struct {
	Action, Resource string
	Context          map[string]string
}

// Simulate asks IAM what a user or role may do: once for each resource with its
// context. The rulings are in the order of the questions.
func Simulate(ctx context.Context, client *iam.Client, principal string, questions []Question) ([]Ruling, error) {
	place := func(q Question) string { return q.Resource + fmt.Sprint(q.Context) }
	type situation struct {
		at      Question
		actions []string
	}
	situations := map[string]*situation{}
	for _, q := range questions {
		if situations[place(q)] == nil {
			situations[place(q)] = &situation{at: q}
		}
		if s := situations[place(q)]; !slices.Contains(s.actions, q.Action) {
			s.actions = append(s.actions, q.Action)
		}
	}
	var mu sync.Mutex
	answers := map[string]map[string]Ruling{}
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for key, s := range situations {
		group.Go(func(ctx context.Context) error {
			rulings, err := simulate(ctx, client, principal, s.actions, s.at)
			mu.Lock()
			defer mu.Unlock()
			answers[key] = rulings
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	found := make([]Ruling, len(questions))
	for i, q := range questions {
		found[i] = answers[place(q)][strings.ToLower(q.Action)]
	}
	return found, nil
}

// simulate asks of several actions in the place of a question.
func simulate(ctx context.Context, client *iam.Client, principal string, actions []string, at Question) (map[string]Ruling, error) {
	input := &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String(principal), ActionNames: actions, ResourceArns: []string{at.Resource},
	}
	for _, key := range slices.Sorted(maps.Keys(at.Context)) {
		input.ContextEntries = append(input.ContextEntries, types.ContextEntry{
			ContextKeyName: aws.String(key), ContextKeyType: types.ContextKeyTypeEnumString, ContextKeyValues: []string{at.Context[key]},
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
