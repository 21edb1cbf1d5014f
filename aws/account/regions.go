package account

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	optin "github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/account/types"
)

// Region is an AWS region and the place it is named after.
type Region struct {
	Code  string
	Place string
	// OptIn says that an account has to enable the region before it is used.
	OptIn bool
}

// Regions lists the regions of the commercial partition, then China's and
// GovCloud's, as AWS's region table of 2026 has them. Which of them an account
// has enabled is for the survey to find out.
func Regions() []Region {
	return []Region{
		{"us-east-1", "US East (N. Virginia)", false},
		{"us-east-2", "US East (Ohio)", false},
		{"us-west-1", "US West (N. California)", false},
		{"us-west-2", "US West (Oregon)", false},
		{"af-south-1", "Africa (Cape Town)", true},
		{"ap-east-1", "Asia Pacific (Hong Kong)", true},
		{"ap-east-2", "Asia Pacific (Taipei)", true},
		{"ap-northeast-1", "Asia Pacific (Tokyo)", false},
		{"ap-northeast-2", "Asia Pacific (Seoul)", false},
		{"ap-northeast-3", "Asia Pacific (Osaka)", false},
		{"ap-south-1", "Asia Pacific (Mumbai)", false},
		{"ap-south-2", "Asia Pacific (Hyderabad)", true},
		{"ap-southeast-1", "Asia Pacific (Singapore)", false},
		{"ap-southeast-2", "Asia Pacific (Sydney)", false},
		{"ap-southeast-3", "Asia Pacific (Jakarta)", true},
		{"ap-southeast-4", "Asia Pacific (Melbourne)", true},
		{"ap-southeast-5", "Asia Pacific (Malaysia)", true},
		{"ap-southeast-6", "Asia Pacific (New Zealand)", true},
		{"ap-southeast-7", "Asia Pacific (Thailand)", true},
		{"ca-central-1", "Canada (Central)", false},
		{"ca-west-1", "Canada West (Calgary)", true},
		{"eu-central-1", "Europe (Frankfurt)", false},
		{"eu-central-2", "Europe (Zurich)", true},
		{"eu-north-1", "Europe (Stockholm)", false},
		{"eu-south-1", "Europe (Milan)", true},
		{"eu-south-2", "Europe (Spain)", true},
		{"eu-west-1", "Europe (Ireland)", false},
		{"eu-west-2", "Europe (London)", false},
		{"eu-west-3", "Europe (Paris)", false},
		{"il-central-1", "Israel (Tel Aviv)", true},
		{"me-central-1", "Middle East (UAE)", true},
		{"me-south-1", "Middle East (Bahrain)", true},
		{"mx-central-1", "Mexico (Central)", true},
		{"sa-east-1", "South America (São Paulo)", false},
		{"cn-north-1", "China (Beijing)", false},
		{"cn-northwest-1", "China (Ningxia)", false},
		{"us-gov-east-1", "AWS GovCloud (US-East)", false},
		{"us-gov-west-1", "AWS GovCloud (US-West)", false},
		{"eusc-de-east-1", "EU Sovereign Cloud (Germany)", false},
	}
}

// UnknownRegion says that a region is none of those listed, and which it may have
// been meant to be, in words for people; or "". AWS may have opened one since, so
// that it is for whoever has failed with it.
func UnknownRegion(region string) string {
	stem := func(code string) string { return code[:strings.LastIndex(code, "-")+1] }
	var near []string
	for _, known := range Regions() {
		switch {
		case known.Code == region:
			return ""
		case stem(known.Code) == stem(region):
			near = append(near, known.Code)
		}
	}
	said := region + " is none of the regions that bothways knows"
	if len(near) > 0 {
		said += ": is " + strings.Join(near, " or ") + " meant?"
	}
	return said
}

// Matches says whether the region's code or place contains the words that
// somebody is typing, without regard to case.
func (r Region) Matches(search string) bool {
	text := strings.ToLower(r.Code + " " + r.Place)
	for word := range strings.FieldsSeq(strings.ToLower(search)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

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
