package survey

import (
	"cmp"
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

	"bothways/aws/policy"
)

// Ruling is what IAM's simulation says of one action on one resource. It knows
// the policies of the principal, its boundary and the organisation's service
// control policies; not bucket policies, resource control policies, session
// policies or those of VPC endpoints (IAM API reference,
// SimulatePrincipalPolicy). So it is likely, never certain.
type Ruling struct {
	Allowed bool
	// Reason is why it is not allowed, By the same in words.
	Reason Refusal
	By     string
	// Unknown names condition keys that are not known and may change it.
	Unknown []string
	// Explicit says that a Deny decided.
	Explicit bool
	// Bounded says that a permissions boundary limits the principal.
	Bounded bool
}

// Refusal is why something is not allowed.
type Refusal int

// The reasons.
const (
	Unallowed    Refusal = iota // nothing denies it, and nothing allows it
	Denied                      // a statement denies it
	OutOfBounds                 // the permissions boundary does not allow it
	Organisation                // a service control policy denies it
)

// NoPolicyAllows words unallowed.
const NoPolicyAllows = "no policy allows it"

// Simulate asks IAM what a user or role may do, each question as the request
// that will be sent. The rulings are in the order of the questions.
func Simulate(ctx context.Context, client *iam.Client, principal string, questions []policy.Request) ([]Ruling, error) {
	type situation struct {
		at      policy.Request
		known   map[string][]string
		actions []string
	}
	place := func(at policy.Request) string { return at.Resource + fmt.Sprint(at.Sent()) }
	situations := map[string]*situation{}
	for _, q := range questions {
		for _, at := range q.Variants() {
			if situations[place(at)] == nil {
				situations[place(at)] = &situation{at: at, known: at.Sent()}
			}
			if s := situations[place(at)]; !slices.Contains(s.actions, at.Action) {
				s.actions = append(s.actions, at.Action)
			}
		}
	}
	var mu sync.Mutex
	answers := map[string]map[string]Ruling{}
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for key, s := range situations {
		group.Go(func(ctx context.Context) error {
			rulings, err := simulate(ctx, client, principal, s.actions, s.at.Resource, s.known)
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
		for n, at := range q.Variants() {
			ruling := answers[place(at)][strings.ToLower(at.Action)]
			ruling.Unknown = slices.DeleteFunc(slices.Clone(ruling.Unknown), at.Knows)
			if n == 0 {
				found[i] = ruling
			} else if ruling.Allowed != found[i].Allowed {
				found[i] = openRuling(found[i], ruling, at)
			}
		}
	}
	return found, nil
}

// openRuling is what is said where the answer hangs on which of several values
// a key has.
func openRuling(one, other Ruling, at policy.Request) Ruling {
	if one.Allowed {
		one = other
	}
	for key := range at.Either {
		if strings.HasPrefix(key, "kms:") {
			one.Unknown = append(one.Unknown, key)
		}
	}
	slices.Sort(one.Unknown)
	return one
}

// keyTypes are those of condition keys that are no texts.
var keyTypes = map[string]types.ContextKeyTypeEnum{
	"aws:securetransport": types.ContextKeyTypeEnumBoolean, "aws:viaawsservice": types.ContextKeyTypeEnumBoolean,
	"aws:principalisawsservice": types.ContextKeyTypeEnumBoolean, "s3:objectcreationoperation": types.ContextKeyTypeEnumBoolean,
	"aws:currenttime": types.ContextKeyTypeEnumDate, "aws:epochtime": types.ContextKeyTypeEnumDate,
	"s3:tlsversion": types.ContextKeyTypeEnumNumeric, "s3:requestobjecttagkeys": types.ContextKeyTypeEnumStringList,
}

// simulate asks of several actions on a resource.
func simulate(ctx context.Context, client *iam.Client, principal string, actions []string, resource string, known map[string][]string) (map[string]Ruling, error) {
	input := &iam.SimulatePrincipalPolicyInput{
		PolicySourceArn: aws.String(principal), ActionNames: actions, ResourceArns: []string{resource},
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		input.ContextEntries = append(input.ContextEntries, types.ContextEntry{
			ContextKeyName: aws.String(key), ContextKeyType: cmp.Or(keyTypes[key], types.ContextKeyTypeEnumString), ContextKeyValues: known[key],
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
	for i, key := range result.Unknown {
		result.Unknown[i] = strings.ToLower(key)
	}
	slices.Sort(result.Unknown)
	scp, boundary := r.OrganizationsDecisionDetail, r.PermissionsBoundaryDecisionDetail
	result.Bounded, result.Explicit = boundary != nil, r.EvalDecision == types.PolicyEvaluationDecisionTypeExplicitDeny
	var policies []string
	for _, s := range r.MatchedStatements {
		if name := aws.ToString(s.SourcePolicyId); name != "" && !slices.Contains(policies, name) {
			policies = append(policies, name)
		}
	}
	switch {
	case result.Allowed:
	case scp != nil && !scp.AllowedByOrganizations:
		result.Reason, result.By = Organisation, "a service control policy of the organisation denies it"
	case boundary != nil && !boundary.AllowedByPermissionsBoundary:
		result.Reason, result.By = OutOfBounds, "its permissions boundary does not allow it"
	case r.EvalDecision == types.PolicyEvaluationDecisionTypeExplicitDeny && len(policies) > 0:
		result.Reason, result.By = Denied, "a Deny in "+strings.Join(policies, ", ")
	case r.EvalDecision == types.PolicyEvaluationDecisionTypeExplicitDeny:
		result.Reason, result.By = Denied, "a Deny"
	default:
		result.Reason, result.By = Unallowed, NoPolicyAllows
	}
	return result
}
