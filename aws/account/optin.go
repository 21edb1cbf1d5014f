package account

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	optin "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// HomeRegion is a region that every account has, in the partition of another.
func HomeRegion(region string) string {
	switch {
	case len(region) > 3 && region[:3] == "cn-":
		return "cn-north-1"
	case len(region) > 7 && region[:7] == "us-gov-":
		return "us-gov-west-1"
	case len(region) > 5 && region[:5] == "eusc-":
		return "eusc-de-east-1"
	}
	return "us-east-1"
}

// RegionStates says for each region of the partition whether the account has
// it, in the words of the API: ENABLED, ENABLING, DISABLING, DISABLED or
// ENABLED_BY_DEFAULT (Account Management API reference, ListRegions). It needs
// the right account:ListRegions.
func (c *Clients) RegionStates(ctx context.Context) (map[string]string, error) {
	states := map[string]string{}
	pages := optin.NewListRegionsPaginator(c.Regions, &optin.ListRegionsInput{MaxResults: aws.Int32(50)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the account's regions: %w", err)
		}
		for _, r := range page.Regions {
			states[aws.ToString(r.RegionName)] = string(r.RegionOptStatus)
		}
	}
	return states, nil
}

// Usable says whether a region in a state of RegionStates can be used; an
// unknown state may be.
func Usable(state string) bool {
	switch types.RegionOptStatus(state) {
	case types.RegionOptStatusDisabled, types.RegionOptStatusEnabling:
		return false
	default:
		return true
	}
}

// IdentifyAtHome asks as Identify does, in a region that every account has: a
// region that the account has not enabled does not know its keys.
func (c *Clients) IdentifyAtHome(ctx context.Context) (Identity, error) {
	out, err := c.STS.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}, func(o *sts.Options) { o.Region = HomeRegion(c.Region) })
	if err != nil {
		return Identity{}, fmt.Errorf("ask AWS who these credentials belong to: %w", err)
	}
	return Identity{Account: aws.ToString(out.Account), ARN: aws.ToString(out.Arn), Endpoint: c.Endpoint}, nil
}
