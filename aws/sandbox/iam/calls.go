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
	"TagRole":                       {handle: changingRoleEntity(tagEntity), resource: onRole},
	"UntagRole":                     {handle: changingRoleEntity(untagEntity), resource: onRole},
	"ListRoleTags":                  {handle: ofRoleEntity(listEntityTags), resource: onRole},
	"UpdateRoleDescription":         {handle: ofRole(updateRoleDescription), resource: onRole},
	"PutRolePermissionsBoundary":    {handle: changingRoleEntity(putBoundary), resource: onRole},
	"DeleteRolePermissionsBoundary": {handle: changingRoleEntity(deleteBoundary), resource: onRole},
	"PutRolePolicy":                 {handle: changingRoleEntity(putInlinePolicy), resource: onRole},
	"GetRolePolicy":                 {handle: ofRoleEntity(getInlinePolicy), resource: onRole},
	"ListRolePolicies":              {handle: ofRoleEntity(listInlinePolicies), resource: onRole},
	"DeleteRolePolicy":              {handle: changingRoleEntity(deleteInlinePolicy), resource: onRole},
	"AttachRolePolicy":              {handle: changingRoleEntity(attachPolicy), resource: onRole},
	"DetachRolePolicy":              {handle: changingRoleEntity(detachPolicy), resource: onRole},
	"ListAttachedRolePolicies":      {handle: ofRoleEntity(listAttachedPolicies), resource: onRole},

	"CreatePolicy":            {handle: createPolicy, resource: onNewPolicy, tagging: "TagPolicy"},
	"GetPolicy":               {handle: getPolicy, resource: onPolicy},
	"ListPolicies":            {handle: listPolicies, resource: onAll},
	"DeletePolicy":            {handle: deletePolicy, resource: onPolicy},
	"TagPolicy":               {handle: changingPolicy(tagPolicy), resource: onPolicy},
	"UntagPolicy":             {handle: changingPolicy(untagPolicy), resource: onPolicy},
	"ListPolicyTags":          {handle: ofPolicy(listPolicyTags), resource: onPolicy},
	"CreatePolicyVersion":     {handle: changingPolicy(createPolicyVersion), resource: onPolicy},
	"GetPolicyVersion":        {handle: ofPolicy(getPolicyVersion), resource: onPolicy},
	"ListPolicyVersions":      {handle: ofPolicy(listPolicyVersions), resource: onPolicy},
	"DeletePolicyVersion":     {handle: changingPolicy(deletePolicyVersion), resource: onPolicy},
	"SetDefaultPolicyVersion": {handle: changingPolicy(setDefaultPolicyVersion), resource: onPolicy},
	"ListEntitiesForPolicy":   {handle: ofPolicy(listEntitiesForPolicy), resource: onPolicy},

	"CreateUser":                     {handle: createUser, resource: onUser, tagging: "TagUser"},
	"GetUser":                        {handle: getUser, resource: onUser},
	"ListUsers":                      {handle: listUsers, resource: onUserPath},
	"DeleteUser":                     {handle: ofUser(deleteUser), resource: onUser},
	"TagUser":                        {handle: changingUser(tagEntity), resource: onUser},
	"UntagUser":                      {handle: changingUser(untagEntity), resource: onUser},
	"ListUserTags":                   {handle: ofUserEntity(listEntityTags), resource: onUser},
	"PutUserPermissionsBoundary":     {handle: changingUser(putBoundary), resource: onUser},
	"DeleteUserPermissionsBoundary":  {handle: changingUser(deleteBoundary), resource: onUser},
	"PutUserPolicy":                  {handle: changingUser(putInlinePolicy), resource: onUser},
	"GetUserPolicy":                  {handle: ofUserEntity(getInlinePolicy), resource: onUser},
	"ListUserPolicies":               {handle: ofUserEntity(listInlinePolicies), resource: onUser},
	"DeleteUserPolicy":               {handle: changingUser(deleteInlinePolicy), resource: onUser},
	"AttachUserPolicy":               {handle: changingUser(attachPolicy), resource: onUser},
	"DetachUserPolicy":               {handle: changingUser(detachPolicy), resource: onUser},
	"ListAttachedUserPolicies":       {handle: ofUserEntity(listAttachedPolicies), resource: onUser},
	"CreateAccessKey":                {handle: ofUser(createAccessKey), resource: onUser},
	"ListAccessKeys":                 {handle: ofUser(listAccessKeys), resource: onUser},
	"UpdateAccessKey":                {handle: ofUser(updateAccessKey), resource: onUser},
	"DeleteAccessKey":                {handle: ofUser(deleteAccessKey), resource: onUser},
	"ListGroupsForUser":              {handle: none("Groups"), resource: onUser},
	"ListMFADevices":                 {handle: none("MFADevices"), resource: onUser},
	"ListSigningCertificates":        {handle: none("Certificates"), resource: onUser},
	"ListSSHPublicKeys":              {handle: none("SSHPublicKeys"), resource: onUser},
	"ListServiceSpecificCredentials": {handle: none("ServiceSpecificCredentials"), resource: onUser},
	"GetLoginProfile":                {handle: ofUser(noLoginProfile), resource: onUser},
	"DeleteLoginProfile":             {handle: ofUser(noLoginProfile), resource: onUser},

	"CreateInstanceProfile":         {handle: createProfile, resource: onProfile, tagging: "TagInstanceProfile"},
	"GetInstanceProfile":            {handle: ofProfile(getProfile), resource: onProfile},
	"ListInstanceProfiles":          {handle: listProfiles, resource: onAll},
	"ListInstanceProfilesForRole":   {handle: ofRole(listProfilesForRole), resource: onRole},
	"DeleteInstanceProfile":         {handle: ofProfile(deleteProfile), resource: onProfile},
	"AddRoleToInstanceProfile":      {handle: ofProfile(addRoleToProfile), resource: onProfile},
	"RemoveRoleFromInstanceProfile": {handle: ofProfile(removeRoleFromProfile), resource: onProfile},
	"TagInstanceProfile":            {handle: ofProfile(tagProfile), resource: onProfile},
	"UntagInstanceProfile":          {handle: ofProfile(untagProfile), resource: onProfile},
	"ListInstanceProfileTags":       {handle: ofProfile(listProfileTags), resource: onProfile},

	"ListAccountAliases":      {handle: listAccountAliases, resource: onAll},
	"SimulateCustomPolicy":    {handle: simulateCustomPolicy, resource: onAll},
	"SimulatePrincipalPolicy": {handle: simulatePrincipalPolicy, resource: onPolicySource},
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
		return d.arn(d.account, "role"+pathOf(q, "Path")+name)
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
	return d.arn(d.account, "role"+pathOf(q, "PathPrefix"))
}

func onNewPolicy(d *Directory, q *query, ctx policy.Context) string {
	setTagKeys(q, ctx)
	return d.arn(d.account, "policy"+pathOf(q, "Path")+q.get("PolicyName"))
}

func onPolicy(_ *Directory, q *query, ctx policy.Context) string {
	setTagKeys(q, ctx)
	return q.get("PolicyArn")
}

func onPolicySource(_ *Directory, q *query, _ policy.Context) string { return q.get("PolicySourceArn") }

// onUser names the user of a call, with the path that it has or is about to have, and the caller if none is given.
func onUser(d *Directory, q *query, ctx policy.Context) string {
	setTagKeys(q, ctx)
	for parameter, key := range map[string]string{"PolicyArn": "iam:PolicyARN", "PermissionsBoundary": "iam:PermissionsBoundary"} {
		if arn := q.get(parameter); arn != "" {
			ctx.Set(key, arn)
		}
	}
	name := q.get("UserName")
	if name == "" {
		return q.principal.ARN
	}
	u := d.users[strings.ToLower(name)]
	if u == nil {
		return d.arn(d.account, "user"+pathOf(q, "Path")+name)
	}
	for _, tag := range u.tags {
		ctx.Set("aws:ResourceTag/"+tag.Key, tag.Value)
		ctx.Set("iam:ResourceTag/"+tag.Key, tag.Value)
	}
	return u.arn
}

func onUserPath(d *Directory, q *query, _ policy.Context) string {
	return d.arn(d.account, "user"+pathOf(q, "PathPrefix"))
}

func onProfile(d *Directory, q *query, ctx policy.Context) string {
	setTagKeys(q, ctx)
	name := q.get("InstanceProfileName")
	if p := d.profiles[strings.ToLower(name)]; p != nil {
		return p.ARN
	}
	return d.arn(d.account, "instance-profile"+pathOf(q, "Path")+name)
}

// onAll is for calls that can't be narrowed to a resource.
func onAll(*Directory, *query, policy.Context) string { return "*" }

// pathOf returns a parameter that holds a path, "/" where it is left out.
func pathOf(q *query, parameter string) string {
	if path := q.get(parameter); path != "" {
		return path
	}
	return "/"
}
