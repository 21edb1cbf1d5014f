package fis

import (
	"maps"
	"slices"
	"strings"

	"bothways/aws/sandbox/iam"
)

// may refuses unless the caller may do an action to each of the resources, with
// what the request says to the conditions of policies (Service Authorization
// Reference, Actions, resources, and condition keys for AWS Fault Injection
// Service).
func (c *call) may(action string, said map[string]string, resources ...string) error {
	keys := map[string]string{"aws:RequestedRegion": c.region, "aws:ResourceAccount": c.account}
	maps.Copy(keys, said)
	for _, resource := range resources {
		if decision := c.Accounts.Authorize(c.caller, action, resource, keys); !decision.Allow {
			return denied(decision.Reason)
		}
	}
	return nil
}

// mayTag asks for the right to put tags on something new, where there are any.
func (c *call) mayTag(tags map[string]string, resource string) error {
	if len(tags) == 0 {
		return nil
	}
	return c.may("fis:TagResource", requested(tags), resource)
}

// requested is what tags of a request say to the conditions of policies.
func requested(tags map[string]string) map[string]string {
	said := map[string]string{}
	if len(tags) > 0 {
		said["aws:TagKeys"] = strings.Join(slices.Sorted(maps.Keys(tags)), iam.Several)
	}
	for key, value := range tags {
		said["aws:RequestTag/"+key] = value
	}
	return said
}

// having is what tags of a resource say to the conditions of policies.
func having(tags map[string]string) map[string]string {
	said := map[string]string{}
	for key, value := range tags {
		said["aws:ResourceTag/"+key] = value
	}
	return said
}
