package apierror_test

import (
	"strings"
	"testing"

	"bothways/aws/apierror"
)

// The words are those that AWS documents for each kind of policy, with and
// without what newer answers add.
func TestTheWordsOfARefusalAreReadByKind(t *testing.T) {
	const user = "User: arn:aws:iam::123456789012:user/Jo is not authorized to perform: "
	for words, c := range map[string]struct {
		want apierror.Refusal
		says string // of what helps
	}{
		user + `s3:PutObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a resource-based policy`: {
			apierror.Refusal{Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k", Explicit: true, Policy: apierror.ResourcePolicy}, "explicit deny in the policy of what was asked for",
		},
		user + `s3:PutObject on resource: "arn:aws:s3:::b/k" because no identity-based policy allows the s3:PutObject action`: {
			apierror.Refusal{Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k", Policy: apierror.IdentityPolicy}, "lack the right",
		},
		user + `iam:CreateRole on resource: arn:aws:iam::123456789012:role/r with an explicit deny in a service control policy`: {
			apierror.Refusal{Action: "iam:CreateRole", Resource: "arn:aws:iam::123456789012:role/r", Explicit: true, Policy: apierror.ServiceControlPolicy}, "organisation",
		},
		user + `s3:CreateBucket on resource: "arn:aws:s3:::b" with an explicit deny in a service control policy: arn:aws:orgs::123456789012:policy/o-1/service_control_policy/p-1`: {
			apierror.Refusal{Action: "s3:CreateBucket", Resource: "arn:aws:s3:::b", Explicit: true, Policy: apierror.ServiceControlPolicy, PolicyARN: "arn:aws:orgs::123456789012:policy/o-1/service_control_policy/p-1"}, "p-1",
		},
		user + "codecommit:ListRepositories because no service control policy allows the codecommit:ListRepositories action": {
			apierror.Refusal{Action: "codecommit:ListRepositories", Policy: apierror.ServiceControlPolicy}, "organisation",
		},
		user + `s3:PutObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a resource control policy`: {
			apierror.Refusal{Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k", Explicit: true, Policy: apierror.ResourceControlPolicy}, "organisation",
		},
		user + `s3:PutObject on resource: "arn:aws:s3:::b/k" because no permissions boundary allows the s3:PutObject action`: {
			apierror.Refusal{Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k", Policy: apierror.PermissionsBoundary}, "boundary",
		},
		user + "iam:GetRole on resource: role r with an explicit deny in a permissions boundary": {
			apierror.Refusal{Action: "iam:GetRole", Resource: "role", Explicit: true, Policy: apierror.PermissionsBoundary}, "explicit deny",
		},
		user + `s3:GetObject on resource: "arn:aws:s3:::b/k" because no session policy allows the s3:GetObject action`: {
			apierror.Refusal{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Policy: apierror.SessionPolicy}, "session",
		},
		user + `s3:GetObject on resource: "arn:aws:s3:::b/k" because no VPC endpoint policy allows the s3:GetObject action`: {
			apierror.Refusal{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Policy: apierror.EndpointPolicy}, "endpoint",
		},
		user + "sts:AssumeRole on resource: arn:aws:iam::123456789012:role/r with an explicit deny in the role trust policy": {
			apierror.Refusal{Action: "sts:AssumeRole", Resource: "arn:aws:iam::123456789012:role/r", Explicit: true, Policy: apierror.TrustPolicy}, "explicit deny",
		},
		user + "iam:PassRole on resource: arn:aws:iam::123456789012:role/r with an explicit deny": {
			apierror.Refusal{Action: "iam:PassRole", Resource: "arn:aws:iam::123456789012:role/r"}, "lack the right",
		},
		"Access Denied because object protected by object lock.": {apierror.Refusal{Explicit: true, Policy: apierror.ObjectLock}, "Object Lock"},
		user + `s3:PutBucketPolicy on resource: "arn:aws:s3:::b" because public policies are blocked by the BlockPublicPolicy block public access setting.`: {
			apierror.Refusal{Action: "s3:PutBucketPolicy", Resource: "arn:aws:s3:::b", Explicit: true, Policy: apierror.PublicAccessBlock}, "Block Public Access",
		},
		"Access Denied": {apierror.Refusal{}, "lack the right"},
		"":              {apierror.Refusal{}, "lack the right"},
	} {
		got := apierror.ParseRefusal(words)
		if !strings.HasPrefix(words, "User: ") == (got.Principal != "") {
			t.Errorf("%q is of %q", words, got.Principal)
		}
		got.Principal = ""
		if strings.HasSuffix(words, "with an explicit deny") {
			c.want.Explicit, c.says = true, "explicit deny"
		}
		if got != c.want {
			t.Errorf("%q is read as %+v, want %+v", words, got, c.want)
		}
		if advice := got.Advice(); !strings.Contains(advice, c.says) || got.Explicit && strings.Contains(advice, "lack the right") {
			t.Errorf("of %q it says %q", words, advice)
		}
		if got.Missing() != strings.Contains(got.Advice(), "lack the right") {
			t.Errorf("%q is merely missing: %t", words, got.Missing())
		}
	}
}

func FuzzParseRefusal(f *testing.F) {
	f.Add(`User: arn:aws:iam::1:user/u is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::b" with an explicit deny in a resource-based policy`)
	f.Fuzz(func(t *testing.T, words string) {
		if r := apierror.ParseRefusal(words); r.Advice() == "" || r.Organisation() && r.Missing() {
			t.Errorf("%q is read as %+v", words, r)
		}
	})
}
