package survey

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"bothways/aws/policy"
)

// ListGrants is the right to list the grants of a key.
const ListGrants = "kms:ListGrants"

// grantsOf reads the grants of a key as what they amount to: statements beside its
// policy. KMS considers them beside the key policy and IAM's, and they only
// allow (KMS Developer Guide, "Grants in AWS KMS").
func grantsOf(ctx context.Context, client *kms.Client, arn string, options func(*kms.Options)) (*policy.Document, error) {
	var statements []policy.Draft
	pages := kms.NewListGrantsPaginator(client, &kms.ListGrantsInput{KeyId: &arn, Limit: aws.Int32(100)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx, options)
		if err != nil {
			return nil, err
		}
		for _, g := range page.Grants {
			if aws.ToString(g.GranteePrincipal) != "" && len(g.Operations) > 0 {
				statements = append(statements, statementOf(g))
			}
		}
	}
	if len(statements) == 0 {
		return &policy.Document{}, nil
	}
	return policy.Parse(policy.Compose(statements...))
}

// statementOf says a grant as a statement of a key policy does.
func statementOf(g types.GrantListEntry) policy.Draft {
	allow := policy.Draft{Effect: "Allow", Principal: map[string]string{"AWS": aws.ToString(g.GranteePrincipal)}, Resource: "*"}
	actions := make([]string, len(g.Operations))
	for i, operation := range g.Operations {
		actions[i] = "kms:" + string(operation)
	}
	allow.Action = actions
	if g.Constraints == nil {
		return allow
	}
	same := map[string]any{}
	for _, context := range []map[string]string{g.Constraints.EncryptionContextSubset, g.Constraints.EncryptionContextEquals} {
		for name, value := range context {
			same["kms:EncryptionContext:"+name] = value
		}
	}
	allow.Condition = map[string]map[string]any{"StringEquals": same}
	if exactly := g.Constraints.EncryptionContextEquals; len(exactly) > 0 {
		allow.Condition["ForAllValues:StringEquals"] = map[string]any{"kms:EncryptionContextKeys": slices.Sorted(maps.Keys(exactly))}
	}
	return allow
}
