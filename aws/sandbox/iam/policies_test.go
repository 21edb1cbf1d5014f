package iam_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkiam "github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestInlinePoliciesArePutReadListedAndDeleted(t *testing.T) {
	f := world()
	f.role(t, "copy", trustS3)
	f.putPolicy(t, "copy", "b", replicate)
	f.putPolicy(t, "copy", "a", strings.Replace(replicate, "Destination", "Other", 1))
	f.putPolicy(t, "copy", "a", replicate)

	listed, err := f.iam().ListRolePolicies(t.Context(), &sdkiam.ListRolePoliciesInput{RoleName: aws.String("copy")})
	if err != nil || !slices.Equal(listed.PolicyNames, []string{"a", "b"}) {
		t.Errorf("policies %q, %v", listed.PolicyNames, err)
	}
	got, err := f.iam().GetRolePolicy(t.Context(), &sdkiam.GetRolePolicyInput{RoleName: aws.String("copy"), PolicyName: aws.String("a")})
	if err != nil {
		t.Fatal(err)
	}
	if document, err := url.PathUnescape(aws.ToString(got.PolicyDocument)); err != nil || document != replicate {
		t.Errorf("document %s, %v", document, err)
	}
	if _, err := f.iam().DeleteRolePolicy(t.Context(), &sdkiam.DeleteRolePolicyInput{RoleName: aws.String("copy"), PolicyName: aws.String("a")}); err != nil {
		t.Fatal(err)
	}
	_, err = f.iam().GetRolePolicy(t.Context(), &sdkiam.GetRolePolicyInput{RoleName: aws.String("copy"), PolicyName: aws.String("a")})
	wantError(t, err, "NoSuchEntity", 404, "The role policy with name a cannot be found.")
	_, err = f.iam().DeleteRolePolicy(t.Context(), &sdkiam.DeleteRolePolicyInput{RoleName: aws.String("copy"), PolicyName: aws.String("a")})
	wantError(t, err, "NoSuchEntity", 404, "The role policy with name a cannot be found.")
}

func TestPutRolePolicyRefusesBadAndLargeDocuments(t *testing.T) {
	f := world()
	f.role(t, "copy", trustS3)
	put := func(document string) error {
		_, err := f.iam().PutRolePolicy(t.Context(), &sdkiam.PutRolePolicyInput{
			RoleName: aws.String("copy"), PolicyName: aws.String("p"), PolicyDocument: aws.String(document),
		})
		return err
	}
	wantError(t, put("{"), "MalformedPolicyDocument", 400, "Syntax errors in policy.")
	wantError(t, put(strings.Replace(replicate, `"Sid"`, `"Condition":{"StringIs":{"aws:x":"y"}},"Sid"`, 1)),
		"MalformedPolicyDocument", 400, "Invalid Condition type : StringIs")
	wantError(t, put(strings.Replace(replicate, "arn:aws:s3:::b/*", "arn:aws:s3:::"+strings.Repeat("b", 10_240), 1)),
		"LimitExceeded", 409, "Maximum policy size of 10240 bytes exceeded for role copy")
	if err := put(replicate + strings.Repeat(" ", 20_000)); err != nil {
		t.Errorf("white space counts: %v", err)
	}
}

func TestManagedPoliciesAreCreatedAttachedAndDeleted(t *testing.T) {
	f := world()
	f.role(t, "copy", trustS3)
	client, ctx := f.iam(), t.Context()
	created, err := client.CreatePolicy(ctx, &sdkiam.CreatePolicyInput{
		PolicyName: aws.String("replicate"), Path: aws.String("/x/"), PolicyDocument: aws.String(replicate), Description: aws.String("d"),
	})
	if err != nil {
		t.Fatal(err)
	}
	arn := created.Policy.Arn
	if aws.ToString(arn) != "arn:aws:iam::111122223333:policy/x/replicate" {
		t.Errorf("ARN %s", aws.ToString(arn))
	}
	_, err = client.CreatePolicy(ctx, &sdkiam.CreatePolicyInput{PolicyName: aws.String("Replicate"), PolicyDocument: aws.String(replicate)})
	wantError(t, err, "EntityAlreadyExists", 409, "A policy called Replicate already exists. Duplicate names are not allowed.")

	for range 2 {
		if _, err := client.AttachRolePolicy(ctx, &sdkiam.AttachRolePolicyInput{RoleName: aws.String("copy"), PolicyArn: arn}); err != nil {
			t.Fatal(err)
		}
	}
	attached, err := client.ListAttachedRolePolicies(ctx, &sdkiam.ListAttachedRolePoliciesInput{RoleName: aws.String("copy")})
	if err != nil || len(attached.AttachedPolicies) != 1 || aws.ToString(attached.AttachedPolicies[0].PolicyName) != "replicate" {
		t.Errorf("attached %+v, %v", attached.AttachedPolicies, err)
	}
	got, err := client.GetPolicy(ctx, &sdkiam.GetPolicyInput{PolicyArn: arn})
	if err != nil || aws.ToInt32(got.Policy.AttachmentCount) != 1 || aws.ToString(got.Policy.DefaultVersionId) != "v1" {
		t.Errorf("policy %+v, %v", got.Policy, err)
	}
	version, err := client.GetPolicyVersion(ctx, &sdkiam.GetPolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v1")})
	if err != nil {
		t.Fatal(err)
	}
	if document, err := url.PathUnescape(aws.ToString(version.PolicyVersion.Document)); err != nil || document != replicate {
		t.Errorf("document %s, %v", document, err)
	}
	_, err = client.DeletePolicy(ctx, &sdkiam.DeletePolicyInput{PolicyArn: arn})
	wantError(t, err, "DeleteConflict", 409, "Cannot delete a policy attached to entities.")

	if _, err := client.DetachRolePolicy(ctx, &sdkiam.DetachRolePolicyInput{RoleName: aws.String("copy"), PolicyArn: arn}); err != nil {
		t.Fatal(err)
	}
	_, err = client.DetachRolePolicy(ctx, &sdkiam.DetachRolePolicyInput{RoleName: aws.String("copy"), PolicyArn: arn})
	wantError(t, err, "NoSuchEntity", 404, "")
	if _, err := client.DeletePolicy(ctx, &sdkiam.DeletePolicyInput{PolicyArn: arn}); err != nil {
		t.Fatal(err)
	}
	_, err = client.AttachRolePolicy(ctx, &sdkiam.AttachRolePolicyInput{RoleName: aws.String("copy"), PolicyArn: arn})
	wantError(t, err, "NoSuchEntity", 404,
		"Policy arn:aws:iam::111122223333:policy/x/replicate does not exist or is not attachable.")
}

func TestInstanceProfilesOfARoleAreNone(t *testing.T) {
	f := world()
	f.role(t, "copy", trustS3)
	got, err := f.iam().ListInstanceProfilesForRole(t.Context(), &sdkiam.ListInstanceProfilesForRoleInput{RoleName: aws.String("copy")})
	if err != nil || len(got.InstanceProfiles) != 0 || got.IsTruncated {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestGetUserAnswersForTheCallerAndForOthers(t *testing.T) {
	f := world()
	reader, _ := f.user(t, "reader", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:GetUser",`+
		`"Resource":"arn:aws:iam::111122223333:user/${aws:username}"}}`)
	got, err := reader.GetUser(t.Context(), &sdkiam.GetUserInput{})
	if err != nil || aws.ToString(got.User.Arn) != "arn:aws:iam::111122223333:user/reader" {
		t.Fatalf("%+v, %v", got, err)
	}
	_, err = reader.GetUser(t.Context(), &sdkiam.GetUserInput{UserName: aws.String("admin")})
	wantError(t, err, "AccessDenied", 403, "User: arn:aws:iam::111122223333:user/reader is not authorized to perform: "+
		"iam:GetUser on resource: arn:aws:iam::111122223333:user/admin because no identity-based policy allows the iam:GetUser action")
	_, err = f.iam().GetUser(t.Context(), &sdkiam.GetUserInput{UserName: aws.String("nobody")})
	wantError(t, err, "NoSuchEntity", 404, "The user with name nobody cannot be found.")
}
