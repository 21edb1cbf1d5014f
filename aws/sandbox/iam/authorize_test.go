package iam_test

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkiam "github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/refusal"
)

func allow(action, resource string) string {
	return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"` + action + `","Resource":"` + resource + `"}}`
}

func deny(action, resource string) string {
	return strings.Replace(allow(action, resource), "Allow", "Deny", 1)
}

// principal returns who signs with the key of a user made by (*front).user.
func (f *front) principal(t *testing.T, name string) iam.Principal {
	t.Helper()
	_, p, ok := f.directory.Lookup("AKIA" + name)
	if !ok {
		t.Fatalf("no key of %s", name)
	}
	return p
}

func TestAuthorizeCombinesThePoliciesOfAUser(t *testing.T) {
	const put, object = "s3:PutObject", "arn:aws:s3:::a/k"
	const who = "User: arn:aws:iam::111122223333:user/u is not authorized to perform: s3:PutObject on resource: " +
		`"arn:aws:s3:::a/k" `
	bucketPolicy := func(effect, principal string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"` + effect + `","Principal":` + principal +
			`,"Action":"s3:*","Resource":"arn:aws:s3:::a/*"}}`
	}
	const me, us = `{"AWS":"arn:aws:iam::111122223333:user/u"}`, `{"AWS":"111122223333"}`
	tests := []struct {
		name     string
		identity []string
		scp      string
		bucket   string
		owner    string
		explicit bool
		reason   string
	}{
		{name: "nothing", reason: who + "because no identity-based policy allows the s3:PutObject action"},
		{name: "identity allows", identity: []string{allow(put, "*")}},
		{
			name: "identity allows and denies", identity: []string{allow(put, "*"), deny("s3:*", object)}, explicit: true,
			reason: who + "with an explicit deny in an identity-based policy",
		},
		{
			name: "SCP denies", identity: []string{allow(put, "*")}, scp: deny("s3:*", "*"), explicit: true,
			reason: who + "with an explicit deny in a service control policy",
		},
		{
			name: "SCP does not allow", identity: []string{allow(put, "*")}, scp: allow("iam:*", "*"),
			reason: who + "because no service control policy allows the s3:PutObject action",
		},
		{name: "SCP allows", identity: []string{allow(put, "*")}, scp: allow("*", "*")},
		{name: "SCP grants nothing", scp: allow("*", "*"), reason: who + "because no identity-based policy allows the s3:PutObject action"},
		{name: "bucket names the user", bucket: bucketPolicy("Allow", me)},
		{
			name: "bucket names the account only", bucket: bucketPolicy("Allow", us),
			reason: who + "because no identity-based policy allows the s3:PutObject action",
		},
		{name: "bucket names everybody", bucket: bucketPolicy("Allow", `"*"`)},
		{
			name: "bucket denies", identity: []string{allow("*", "*")}, bucket: bucketPolicy("Deny", us), explicit: true,
			reason: who + "with an explicit deny in a resource-based policy",
		},
		{
			name: "other account, identity only", identity: []string{allow(put, "*")}, owner: "999999999999",
			reason: who + "because no resource-based policy allows the s3:PutObject action",
		},
		{
			name: "other account, bucket only", bucket: bucketPolicy("Allow", me), owner: "999999999999",
			reason: who + "because no identity-based policy allows the s3:PutObject action",
		},
		{name: "other account, both", identity: []string{allow(put, "*")}, bucket: bucketPolicy("Allow", us), owner: "999999999999"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := world()
			f.user(t, "u", test.identity...)
			if err := f.directory.SetServiceControlPolicy(test.scp); err != nil {
				t.Fatal(err)
			}
			var bucket *policy.Document
			if test.bucket != "" {
				var err error
				if bucket, err = policy.Parse(test.bucket, policy.Resource); err != nil {
					t.Fatal(err)
				}
			}
			owner := test.owner
			if owner == "" {
				owner = account
			}
			got := f.directory.AuthorizeResource(f.principal(t, "u"), put, object, nil, bucket, owner)
			if got.Allow != (test.reason == "") || got.Explicit != test.explicit || got.Reason != test.reason {
				t.Errorf("got  %+v\nwant %q (explicit %t)", got, test.reason, test.explicit)
			}
		})
	}
}

func TestAuthorizeKnowsRootServicesAndAnonymousCallers(t *testing.T) {
	f := world()
	f.directory.AddRoot("AKIAroot", "s")
	root := f.principal(t, "root")
	if got := f.directory.Authorize(root, "s3:PutObject", "arn:aws:s3:::a/k", nil); !got.Allow {
		t.Errorf("root: %s", got.Reason)
	}
	if err := f.directory.SetServiceControlPolicy(deny("s3:*", "*")); err != nil {
		t.Fatal(err)
	}
	if got := f.directory.Authorize(root, "s3:PutObject", "arn:aws:s3:::a/k", nil); got.Allow || !got.Explicit {
		t.Errorf("root against a service control policy: %+v", got)
	}
	public, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject",`+
		`"Resource":"arn:aws:s3:::a/*"}}`, policy.Resource)
	if err != nil {
		t.Fatal(err)
	}
	for action, want := range map[string]bool{"s3:GetObject": true, "s3:PutObject": false} {
		if got := f.directory.AuthorizeResource(iam.Principal{}, action, "arn:aws:s3:::a/k", nil, public, account); got.Allow != want {
			t.Errorf("anonymous %s: %+v, want %t", action, got, want)
		}
	}
}

func TestAuthorizePassesContextAndGlobalKeys(t *testing.T) {
	f := world()
	pass := func(condition string) string {
		return strings.Replace(allow("iam:PassRole", "*"), `"Effect"`, `"Condition":{`+condition+`},"Effect"`, 1)
	}
	for condition, want := range map[string]bool{
		`"StringEquals":{"iam:PassedToService":"s3.amazonaws.com"}`:                true,
		`"StringEquals":{"iam:PassedToService":"ec2.amazonaws.com"}`:               false,
		`"StringEquals":{"aws:username":"u"}`:                                      true,
		`"StringEquals":{"aws:PrincipalAccount":"111122223333"}`:                   true,
		`"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/u"}`:                   true,
		`"StringEquals":{"aws:PrincipalType":"User"}`:                              true,
		`"Bool":{"aws:PrincipalIsAWSService":"false"}`:                             true,
		`"DateGreaterThan":{"aws:CurrentTime":"2000-01-01T00:00:00Z"}`:             true,
		`"NumericLessThan":{"aws:EpochTime":"1000000"}`:                            false,
		`"StringLike":{"aws:userid":"AIDA*"}`:                                      true,
		`"StringNotEquals":{"aws:SourceAccount":"1"}`:                              true,
		`"Null":{"aws:PrincipalTag/team":"true"}`:                                  true,
		`"StringEquals":{"aws:PrincipalServiceName":"s3.amazonaws.com"}`:           false,
		`"StringEqualsIfExists":{"aws:PrincipalServiceName":"firehose.amazonaws"}`: true,
	} {
		f.user(t, "u", pass(condition))
		got := f.directory.Authorize(f.principal(t, "u"), "iam:PassRole", "arn:aws:iam::111122223333:role/r",
			map[string]string{"iam:PassedToService": "s3.amazonaws.com"})
		if got.Allow != want {
			t.Errorf("{%s}: %t, want %t", condition, got.Allow, want)
		}
	}
}

func TestS3ActsInARoleThatTrustsIt(t *testing.T) {
	f := world()
	arn := aws.ToString(f.role(t, "copy", trustS3).Role.Arn)
	f.putPolicy(t, "copy", "replicate", replicate)
	session, err := f.directory.AssumeRole(arn, "s3.amazonaws.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.directory.Authorize(session, "s3:ReplicateObject", "arn:aws:s3:::b/k", nil); !got.Allow {
		t.Errorf("refused what the role allows: %s", got.Reason)
	}
	const want = `User: arn:aws:sts::111122223333:assumed-role/copy/s3 is not authorized to perform: s3:ReplicateDelete on ` +
		`resource: "arn:aws:s3:::b/k" because no identity-based policy allows the s3:ReplicateDelete action`
	if got := f.directory.Authorize(session, "s3:ReplicateDelete", "arn:aws:s3:::b/k", nil); got.Allow || got.Reason != want {
		t.Errorf("got  %q\nwant %q", got.Reason, want)
	}
	for name, call := range map[string][2]string{
		"another service":  {arn, "ec2.amazonaws.com"},
		"a missing role":   {arn + "x", "s3.amazonaws.com"},
		"the wrong path":   {strings.Replace(arn, "/bothways/", "/", 1), "s3.amazonaws.com"},
		"the wrong letter": {strings.Replace(arn, "copy", "Copy", 1), "s3.amazonaws.com"},
		"no ARN":           {"", "s3.amazonaws.com"},
	} {
		var refused *refusal.Error
		if _, err := f.directory.AssumeRole(call[0], call[1], nil); !errors.As(err, &refused) || refused.Code != "AccessDenied" {
			t.Errorf("%s: %v, want AccessDenied", name, err)
		}
	}
}

func TestASessionLosesItsRightsWithItsRole(t *testing.T) {
	f := world()
	arn := aws.ToString(f.role(t, "copy", trustS3).Role.Arn)
	f.putPolicy(t, "copy", "replicate", replicate)
	session, err := f.directory.AssumeRole(arn, "s3.amazonaws.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	may := func() bool {
		return f.directory.Authorize(session, "s3:ReplicateObject", "arn:aws:s3:::b/k", nil).Allow
	}
	f.limitRole(t, "copy", allow("s3:Get*", "*"))
	if may() {
		t.Error("the permissions boundary does not limit")
	}
	f.limitRole(t, "copy", "")
	if !may() {
		t.Error("the permissions boundary limits after its removal")
	}
	if _, err := f.iam().DeleteRolePolicy(t.Context(), &sdkiam.DeleteRolePolicyInput{
		RoleName: aws.String("copy"), PolicyName: aws.String("replicate"),
	}); err != nil {
		t.Fatal(err)
	}
	if may() {
		t.Error("a deleted policy still allows")
	}
}

func TestABoundaryIsSetByTheAPIAndNamedInTheRefusal(t *testing.T) {
	f := world()
	role := f.role(t, "copy", trustS3)
	f.putPolicy(t, "copy", "replicate", replicate)
	session, err := f.directory.AssumeRole(aws.ToString(role.Role.Arn), "s3.amazonaws.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.iam().PutRolePermissionsBoundary(t.Context(), &sdkiam.PutRolePermissionsBoundaryInput{
		RoleName: aws.String("copy"), PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"),
	}); err != nil {
		t.Fatal(err)
	}
	got := f.directory.Authorize(session, "s3:ReplicateObject", "arn:aws:s3:::b/k", nil)
	if !strings.HasSuffix(got.Reason, "because no permissions boundary allows the s3:ReplicateObject action") {
		t.Errorf("%+v", got)
	}
	shown, err := f.iam().GetRole(t.Context(), &sdkiam.GetRoleInput{RoleName: aws.String("copy")})
	if err != nil || shown.Role.PermissionsBoundary == nil {
		t.Errorf("the boundary is not shown: %v", err)
	}
	if _, err := f.iam().DeleteRolePermissionsBoundary(t.Context(), &sdkiam.DeleteRolePermissionsBoundaryInput{
		RoleName: aws.String("copy"),
	}); err != nil {
		t.Fatal(err)
	}
	if got := f.directory.Authorize(session, "s3:ReplicateObject", "arn:aws:s3:::b/k", nil); !got.Allow {
		t.Errorf("%+v", got)
	}
}

func TestWithPropagationAChangeIsSeenByServicesLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := slowWorld(10 * time.Second)
		arn := aws.ToString(f.role(t, "copy", trustS3).Role.Arn)
		assume := func() error { _, err := f.directory.AssumeRole(arn, "s3.amazonaws.com", nil); return err }
		if assume() == nil {
			t.Error("a new role can be assumed at once")
		}
		if _, err := f.iam().GetRole(t.Context(), &sdkiam.GetRoleInput{RoleName: aws.String("copy")}); err != nil {
			t.Errorf("a new role cannot be read at once: %v", err)
		}
		<-time.After(10*time.Second - time.Nanosecond)
		if assume() == nil {
			t.Error("the role can be assumed 1 ns too early")
		}
		<-time.After(time.Nanosecond)
		session, err := f.directory.AssumeRole(arn, "s3.amazonaws.com", nil)
		if err != nil {
			t.Fatalf("after 10 s: %v", err)
		}

		may := func() bool {
			return f.directory.Authorize(session, "s3:ReplicateObject", "arn:aws:s3:::b/k", nil).Allow
		}
		f.putPolicy(t, "copy", "replicate", replicate)
		if may() {
			t.Error("a new policy allows at once")
		}
		<-time.After(10 * time.Second)
		if !may() {
			t.Error("a policy does not allow after 10 s")
		}

		if _, err := f.iam().DeleteRolePolicy(t.Context(), &sdkiam.DeleteRolePolicyInput{
			RoleName: aws.String("copy"), PolicyName: aws.String("replicate"),
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := f.iam().DeleteRole(t.Context(), &sdkiam.DeleteRoleInput{RoleName: aws.String("copy")}); err != nil {
			t.Fatal(err)
		}
		if !may() || assume() != nil {
			t.Error("a deleted role is gone for services at once")
		}
		<-time.After(10 * time.Second)
		if may() || assume() == nil {
			t.Error("a deleted role is there for services after 10 s")
		}
	})
}

func TestADirectoryIsSafeForConcurrentUse(t *testing.T) {
	f := world()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			name := "role-" + strconv.Itoa(i)
			role, err := f.iam().CreateRole(t.Context(), &sdkiam.CreateRoleInput{
				RoleName: aws.String(name), AssumeRolePolicyDocument: aws.String(trustS3),
			})
			if err != nil {
				t.Error(err)
				return
			}
			for range 20 {
				session, err := f.directory.AssumeRole(aws.ToString(role.Role.Arn), "s3.amazonaws.com", nil)
				if err != nil {
					t.Error(err)
				}
				f.directory.Authorize(session, "s3:ReplicateObject", "arn:aws:s3:::b/k", nil)
				f.directory.Lookup(adminKey)
			}
		})
	}
	wait.Wait()
}

// What a bucket's policy grants a session by its own ARN, a boundary takes back
// only by a Deny; what it grants the role, or the account, it limits (IAM User
// Guide, "Permissions boundaries for IAM entities").
func TestABoundaryDoesNotLimitWhatIsGrantedByTheSessionsARN(t *testing.T) {
	for _, boundary := range []string{allow("iam:*", "*"), deny("s3:*", "*")} {
		f := world()
		arn := aws.ToString(f.role(t, "copy", trustS3).Role.Arn)
		session, err := f.directory.AssumeRole(arn, "s3.amazonaws.com", nil)
		if err != nil {
			t.Fatal(err)
		}
		f.limitRole(t, "copy", boundary)
		for principal, named := range map[string]bool{session.ARN: true, arn: false, account: false} {
			bucket, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"`+principal+`"},"Action":"s3:*","Resource":"arn:aws:s3:::a/*"}}`, policy.Resource)
			if err != nil {
				t.Fatal(err)
			}
			got := f.directory.AuthorizeResource(session, "s3:PutObject", "arn:aws:s3:::a/k", nil, bucket, account)
			if got.Allow != (named && strings.Contains(boundary, "Allow")) {
				t.Errorf("%s with the boundary %s: %+v", principal, boundary, got)
			}
		}
	}
}
