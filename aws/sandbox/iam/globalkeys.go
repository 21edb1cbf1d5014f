package iam

import (
	"strconv"
	"time"

	"bothways/aws/sandbox/iam/policy"
)

// addGlobalKeys sets the global condition keys that follow from the principal and the clock (IAM User Guide, "AWS global
// condition context keys"). A value that the caller has set stays.
func (d *Directory) addGlobalKeys(r policy.Request, now time.Time) {
	p := r.Principal
	keys := map[string]string{
		"aws:CurrentTime": now.UTC().Format(time.RFC3339),
		"aws:EpochTime":   strconv.FormatInt(now.Unix(), 10),

		"aws:ViaAWSService":         "false",
		"aws:PrincipalIsAWSService": strconv.FormatBool(p.Kind == policy.Service),
	}
	if p.AccountID != "" {
		keys["aws:PrincipalAccount"] = p.AccountID
		keys["aws:PrincipalArn"] = p.ARN
		keys["aws:userid"] = p.UserID
	}
	switch p.Kind {
	case policy.Anonymous:
		keys["aws:PrincipalType"] = "Anonymous"
	case policy.Service:
		keys["aws:PrincipalServiceName"] = p.ARN
	case policy.Root:
		keys["aws:PrincipalType"] = "Account"
	case policy.User:
		keys["aws:PrincipalType"] = "User"
		keys["aws:username"] = p.Name
	case policy.RoleSession:
		keys["aws:PrincipalType"] = "AssumedRole"
		keys["aws:PrincipalArn"] = p.RoleARN
		if role := d.findRole(p.Name); role != nil && role.arn == p.RoleARN {
			for _, tag := range role.tags {
				keys["aws:PrincipalTag/"+tag.Key] = tag.Value
			}
		}
	}
	for key, value := range keys {
		if _, set := r.Context.Values(key); !set {
			r.Context.Set(key, value)
		}
	}
}
