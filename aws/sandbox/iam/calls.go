package iam

import (
	"maps"
	"slices"
	"strings"

	"bothways/aws/sandbox/iam/policy"
)

// iamCalls are the operations of IAM that are here.
var iamCalls = map[string]call{
	// Tags at creation need the right to tag (IAM User Guide, "Tagging IAM roles").
	"CreateRole":                    {handle: createRole, resource: onRole, tagging: "TagRole"},
	"GetRole":                       {handle: ofRole(getRole), resource: onRole},
	"ListRoles":                     {handle: listRoles, resource: onRolePath},
	"UpdateRole":                    {handle: ofRole(updateRole), resource: onRole},
	"DeleteRole":                    {handle: ofRole(deleteRole), resource: onRole},
	"UpdateAssumeRolePolicy":        {handle: changingRole(updateAssumeRolePolicy), resource: onRole},
	"TagRole":                       {handle: changingRole(tagRole), resource: onRole},
	"UntagRole":                     {handle: changingRole(untagRole), resource: onRole},
	"ListRoleTags":                  {handle: ofRole(listRoleTags), resource: onRole},
	"PutRolePermissionsBoundary":    {handle: changingRole(putRoleBoundary), resource: onRole},
	"DeleteRolePermissionsBoundary": {handle: changingRole(deleteRoleBoundary), resource: onRole},
	"ListInstanceProfilesForRole":   {handle: ofRole(listInstanceProfiles), resource: onRole},
	"PutRolePolicy":                 {handle: changingRole(putRolePolicy), resource: onRole},
	"GetRolePolicy":                 {handle: ofRole(getRolePolicy), resource: onRole},
	"ListRolePolicies":              {handle: ofRole(listRolePolicies), resource: onRole},
	"DeleteRolePolicy":              {handle: changingRole(deleteRolePolicy), resource: onRole},
	"AttachRolePolicy":              {handle: changingRole(attachRolePolicy), resource: onRole},
	"DetachRolePolicy":              {handle: changingRole(detachRolePolicy), resource: onRole},
	"ListAttachedRolePolicies":      {handle: ofRole(listAttachedRolePolicies), resource: onRole},
	"CreatePolicy":                  {handle: createPolicy, resource: onNewPolicy},
	"GetPolicy":                     {handle: getPolicy, resource: onPolicy},
	"GetPolicyVersion":              {handle: getPolicyVersion, resource: onPolicy},
	"DeletePolicy":                  {handle: deletePolicy, resource: onPolicy},
	"GetUser":                       {handle: getUser, resource: onUser},
	"SimulatePrincipalPolicy":       {handle: simulatePrincipalPolicy, resource: onPolicySource},
}

// stsCalls are the operations of STS that are here. GetCallerIdentity needs no permission (AWS STS API Reference), the
// others decide by more than the caller's policies.
var stsCalls = map[string]call{
	"GetCallerIdentity": {handle: getCallerIdentity, free: true},
	"AssumeRole":        {handle: assumeRole, free: true},
	"GetSessionToken":   {handle: getSessionToken, free: true},
}

// Operations names the operations of IAM that are here.
func Operations() []string { return slices.Collect(maps.Keys(iamCalls)) }

// STSOperations names the operations of STS that are here.
func STSOperations() []string { return slices.Collect(maps.Keys(stsCalls)) }

// onRole names the role of a call, with the path that it has or is about to have.
func onRole(d *Directory, q *query, ctx policy.Context) string {
	setTagKeys(q, ctx)
	if arn := q.get("PolicyArn"); arn != "" {
		ctx.Set("iam:PolicyARN", arn)
	}
	if arn := q.get("PermissionsBoundary"); arn != "" {
		ctx.Set("iam:PermissionsBoundary", arn)
	}
	name := q.get("RoleName")
	r := d.findRole(name)
	if r == nil {
		path := q.get("Path")
		if path == "" {
			path = "/"
		}
		return d.arn(d.account, "role"+path+name)
	}
	for _, tag := range r.tags {
		ctx.Set("aws:ResourceTag/"+tag.Key, tag.Value)
		ctx.Set("iam:ResourceTag/"+tag.Key, tag.Value)
	}
	if r.boundary != "" && q.get("PermissionsBoundary") == "" {
		ctx.Set("iam:PermissionsBoundary", r.boundary)
	}
	return r.arn
}

func setTagKeys(q *query, ctx policy.Context) {
	tags := q.tags()
	keys := q.list("TagKeys")
	for _, tag := range tags {
		ctx.Set("aws:RequestTag/"+tag.Key, tag.Value)
		keys = append(keys, tag.Key)
	}
	if len(keys) > 0 {
		ctx.Set("aws:TagKeys", keys...)
	}
}

func onRolePath(d *Directory, q *query, _ policy.Context) string {
	prefix := q.get("PathPrefix")
	if prefix == "" {
		prefix = "/"
	}
	return d.arn(d.account, "role"+prefix)
}

func onNewPolicy(d *Directory, q *query, ctx policy.Context) string {
	setTagKeys(q, ctx)
	path := q.get("Path")
	if path == "" {
		path = "/"
	}
	return d.arn(d.account, "policy"+path+q.get("PolicyName"))
}

func onPolicy(_ *Directory, q *query, _ policy.Context) string { return q.get("PolicyArn") }

func onPolicySource(_ *Directory, q *query, _ policy.Context) string { return q.get("PolicySourceArn") }

// onUser names the user of a call, the caller if none is given.
func onUser(d *Directory, q *query, _ policy.Context) string {
	name := q.get("UserName")
	if name == "" {
		return q.principal.ARN
	}
	if u := d.users[strings.ToLower(name)]; u != nil {
		return u.arn
	}
	return d.arn(d.account, "user/"+name)
}
