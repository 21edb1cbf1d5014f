package iam

import (
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
)

// AssumeRole lets an AWS service act in a role, as S3 does for every object that it replicates. It refuses with an [*refusal.Error]
// unless the role exists, has had time to be seen, and trusts the service principal, for example "s3.amazonaws.com". said are
// the condition keys that the service sends along, such as aws:SourceArn; nil is none.
func (d *Directory) AssumeRole(roleARN, servicePrincipal string, said map[string]string) (Principal, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	now := time.Now()
	caller := Principal{Kind: policy.Service, ARN: servicePrincipal, Name: servicePrincipal}
	request := policy.Request{Principal: caller, Action: "sts:AssumeRole", Resource: roleARN, Context: policy.Context{}}
	for key, value := range said {
		request.Context.Set(key, value)
	}
	d.addGlobalKeys(request, now)
	r := d.effectiveRole(roleARN, now)
	if r == nil || r.trustParsed.Evaluate(request).Effect != policy.Allow {
		return Principal{}, errDenied("User: " + servicePrincipal + " is not authorized to perform: sts:AssumeRole on resource: " +
			roleARN)
	}
	service, _, _ := strings.Cut(servicePrincipal, ".")
	return d.session(r, service, nil), nil
}

// session is the principal that acts in a role under a session name.
func (d *Directory) session(r *role, name string, narrow *policy.Document) Principal {
	return Principal{
		Kind:          policy.RoleSession,
		ARN:           "arn:aws:sts::" + d.account + ":assumed-role/" + r.name + "/" + name,
		AccountID:     d.account,
		UserID:        r.id + ":" + name,
		Name:          r.name,
		RoleARN:       r.arn,
		SessionName:   name,
		SessionPolicy: narrow,
	}
}
