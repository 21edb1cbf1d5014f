package iam_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/sigv4"
)

// What configurations of Terraform do with a policy, from its creation to its end.
func TestAPolicyWithItsVersionsTagsAndEntities(t *testing.T) {
	f := world()
	client, ctx := f.iam(), t.Context()
	made, err := client.CreatePolicy(ctx, &sdkiam.CreatePolicyInput{
		PolicyName: aws.String("p"), PolicyDocument: aws.String(replicate), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}},
	})
	fatal(t, err)
	arn := made.Policy.Arn
	_, err = client.TagPolicy(ctx, &sdkiam.TagPolicyInput{PolicyArn: arn, Tags: []types.Tag{{Key: aws.String("b"), Value: aws.String("2")}}})
	fatal(t, err)
	_, err = client.UntagPolicy(ctx, &sdkiam.UntagPolicyInput{PolicyArn: arn, TagKeys: []string{"a"}})
	fatal(t, err)
	tags, err := client.ListPolicyTags(ctx, &sdkiam.ListPolicyTagsInput{PolicyArn: arn})
	fatal(t, err)
	got, err := client.GetPolicy(ctx, &sdkiam.GetPolicyInput{PolicyArn: arn})
	fatal(t, err)
	if len(tags.Tags) != 1 || *tags.Tags[0].Key != "b" || len(got.Policy.Tags) != 1 {
		t.Errorf("tags %v, %v", tags.Tags, got.Policy.Tags)
	}
	other := strings.Replace(replicate, "ReplicateObject", "ReplicateDelete", 1)
	second, err := client.CreatePolicyVersion(ctx, &sdkiam.CreatePolicyVersionInput{PolicyArn: arn, PolicyDocument: &other, SetAsDefault: true})
	fatal(t, err)
	if *second.PolicyVersion.VersionId != "v2" || !second.PolicyVersion.IsDefaultVersion {
		t.Errorf("the second version is %+v", second.PolicyVersion)
	}
	_, err = client.DeletePolicy(ctx, &sdkiam.DeletePolicyInput{PolicyArn: arn})
	wantError(t, err, "DeleteConflict", 409, "")
	_, err = client.DeletePolicyVersion(ctx, &sdkiam.DeletePolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v2")})
	wantError(t, err, "DeleteConflict", 409, "")
	_, err = client.DeletePolicyVersion(ctx, &sdkiam.DeletePolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v1")})
	fatal(t, err)
	versions, err := client.ListPolicyVersions(ctx, &sdkiam.ListPolicyVersionsInput{PolicyArn: arn})
	fatal(t, err)
	if len(versions.Versions) != 1 || *versions.Versions[0].VersionId != "v2" {
		t.Errorf("versions %+v", versions.Versions)
	}
	_, err = client.CreateRole(ctx, &sdkiam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trustS3)})
	fatal(t, err)
	_, err = client.AttachRolePolicy(ctx, &sdkiam.AttachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: arn})
	fatal(t, err)
	entities, err := client.ListEntitiesForPolicy(ctx, &sdkiam.ListEntitiesForPolicyInput{PolicyArn: arn})
	fatal(t, err)
	if len(entities.PolicyRoles) != 1 || *entities.PolicyRoles[0].RoleName != "r" || len(entities.PolicyUsers) != 0 {
		t.Errorf("it is attached to %+v, %+v", entities.PolicyRoles, entities.PolicyUsers)
	}
	attached, err := client.ListPolicies(ctx, &sdkiam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal, OnlyAttached: true})
	fatal(t, err)
	if len(attached.Policies) != 1 || *attached.Policies[0].Arn != *arn {
		t.Errorf("policies %+v", attached.Policies)
	}
	_, err = client.DetachRolePolicy(ctx, &sdkiam.DetachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: arn})
	fatal(t, err)
	_, err = client.DeletePolicy(ctx, &sdkiam.DeletePolicyInput{PolicyArn: arn})
	fatal(t, err)
}

func TestARoleInAnInstanceProfileStays(t *testing.T) {
	f := world()
	client, ctx := f.iam(), t.Context()
	name := aws.String("r")
	_, err := client.CreateRole(ctx, &sdkiam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trustS3)})
	fatal(t, err)
	_, err = client.CreateInstanceProfile(ctx, &sdkiam.CreateInstanceProfileInput{InstanceProfileName: name})
	fatal(t, err)
	_, err = client.AddRoleToInstanceProfile(ctx, &sdkiam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: name})
	fatal(t, err)
	_, err = client.DeleteRole(ctx, &sdkiam.DeleteRoleInput{RoleName: name})
	wantError(t, err, "DeleteConflict", 409, "")
	list, err := client.ListInstanceProfilesForRole(ctx, &sdkiam.ListInstanceProfilesForRoleInput{RoleName: name})
	fatal(t, err)
	if len(list.InstanceProfiles) != 1 || len(list.InstanceProfiles[0].Roles) != 1 {
		t.Errorf("profiles %+v", list.InstanceProfiles)
	}
	_, err = client.RemoveRoleFromInstanceProfile(ctx, &sdkiam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: name, RoleName: name})
	fatal(t, err)
	_, err = client.DeleteInstanceProfile(ctx, &sdkiam.DeleteInstanceProfileInput{InstanceProfileName: name})
	fatal(t, err)
	_, err = client.DeleteRole(ctx, &sdkiam.DeleteRoleInput{RoleName: name})
	fatal(t, err)
}

func TestAUserWithKeysAndPolicies(t *testing.T) {
	f := world()
	client, ctx := f.iam(), t.Context()
	name := aws.String("u")
	_, err := client.CreateUser(ctx, &sdkiam.CreateUserInput{UserName: name, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}}})
	fatal(t, err)
	_, err = client.CreateUser(ctx, &sdkiam.CreateUserInput{UserName: name})
	wantError(t, err, "EntityAlreadyExists", 409, "")
	key, err := client.CreateAccessKey(ctx, &sdkiam.CreateAccessKeyInput{UserName: name})
	fatal(t, err)
	id, secret := *key.AccessKey.AccessKeyId, *key.AccessKey.SecretAccessKey
	who, err := sts.NewFromConfig(f.config(id, secret, "")).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	fatal(t, err)
	if !strings.HasSuffix(*who.Arn, "user/u") {
		t.Errorf("the key is that of %s", *who.Arn)
	}
	_, err = client.PutUserPolicy(ctx, &sdkiam.PutUserPolicyInput{UserName: name, PolicyName: aws.String("p"), PolicyDocument: aws.String(replicate)})
	fatal(t, err)
	policy, err := client.GetUserPolicy(ctx, &sdkiam.GetUserPolicyInput{UserName: name, PolicyName: aws.String("p")})
	fatal(t, err)
	if *policy.UserName != "u" {
		t.Errorf("the policy is that of %s", *policy.UserName)
	}
	_, err = client.DeleteUser(ctx, &sdkiam.DeleteUserInput{UserName: name})
	wantError(t, err, "DeleteConflict", 409, "")
	for _, list := range []func() error{
		func() error {
			_, err := client.ListGroupsForUser(ctx, &sdkiam.ListGroupsForUserInput{UserName: name})
			return err
		},
		func() error {
			_, err := client.ListMFADevices(ctx, &sdkiam.ListMFADevicesInput{UserName: name})
			return err
		},
		func() error {
			_, err := client.ListAccountAliases(ctx, &sdkiam.ListAccountAliasesInput{})
			return err
		},
	} {
		fatal(t, list())
	}
	_, err = client.DeleteUserPolicy(ctx, &sdkiam.DeleteUserPolicyInput{UserName: name, PolicyName: aws.String("p")})
	fatal(t, err)
	_, err = client.DeleteAccessKey(ctx, &sdkiam.DeleteAccessKeyInput{UserName: name, AccessKeyId: &id})
	fatal(t, err)
	_, err = client.DeleteUser(ctx, &sdkiam.DeleteUserInput{UserName: name})
	fatal(t, err)
	_, err = client.GetUser(ctx, &sdkiam.GetUserInput{UserName: name})
	wantError(t, err, "NoSuchEntity", 404, "")
}

func TestPoliciesThatNobodyHasAreJudged(t *testing.T) {
	f := world()
	out, err := f.iam().SimulateCustomPolicy(t.Context(), &sdkiam.SimulateCustomPolicyInput{
		PolicyInputList: []string{replicate}, ActionNames: []string{"s3:ReplicateObject", "s3:GetObject"}, ResourceArns: []string{"arn:aws:s3:::b/k"},
	})
	fatal(t, err)
	if out.EvaluationResults[0].EvalDecision != "allowed" || out.EvaluationResults[1].EvalDecision != "implicitDeny" {
		t.Errorf("got %+v", out.EvaluationResults)
	}
}

// An action that AWS has is never called one that there is not.
func TestEveryActionOfTheSDKIsKnown(t *testing.T) {
	f := world()
	for service, client := range map[string]any{"iam": f.iam(), "sts": f.sts()} {
		kind := reflect.TypeOf(client)
		for i := range kind.NumMethod() {
			name := kind.Method(i).Name
			if kind.Method(i).Type.NumIn() != 4 {
				continue
			}
			served := slices.Contains(append(iam.Operations(), iam.STSOperations()...), name)
			if served == iam.IsElsewhere(service, name) {
				t.Errorf("%s:%s, served %t: it belongs among the calls or to elsewhere", service, name, served)
			}
		}
	}
	_, err := f.iam().ListOpenIDConnectProviders(t.Context(), &sdkiam.ListOpenIDConnectProvidersInput{})
	wantError(t, err, "NotImplemented", 501, "")
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAllThatCanBeMadeIsKept(t *testing.T) {
	accounts := iam.NewAccounts(0)
	f := &front{directory: accounts.Open(account)}
	fatal(t, f.directory.PutUser(iam.NewUser{Name: "admin", AccessKeyID: adminKey, Key: sigv4.Key{SecretAccessKey: adminSecret}, Administrator: true}))
	client, ctx, name := f.iam(), t.Context(), aws.String("x")
	tags := []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}}
	made, err := client.CreatePolicy(ctx, &sdkiam.CreatePolicyInput{PolicyName: name, PolicyDocument: aws.String(replicate), Tags: tags})
	fatal(t, err)
	_, err = client.CreatePolicyVersion(ctx, &sdkiam.CreatePolicyVersionInput{PolicyArn: made.Policy.Arn, PolicyDocument: aws.String(replicate), SetAsDefault: true})
	fatal(t, err)
	_, err = client.CreateInstanceProfile(ctx, &sdkiam.CreateInstanceProfileInput{InstanceProfileName: name, Tags: tags})
	fatal(t, err)
	_, err = client.CreateUser(ctx, &sdkiam.CreateUserInput{UserName: name, Tags: tags})
	fatal(t, err)
	key, err := client.CreateAccessKey(ctx, &sdkiam.CreateAccessKeyInput{UserName: name})
	fatal(t, err)
	_, err = client.UpdateAccessKey(ctx, &sdkiam.UpdateAccessKeyInput{UserName: name, AccessKeyId: key.AccessKey.AccessKeyId, Status: types.StatusTypeInactive})
	fatal(t, err)
	if _, _, found := accounts.Lookup(*key.AccessKey.AccessKeyId); found {
		t.Error("an inactive key is known")
	}
	before, err := json.Marshal(accounts.Snapshots()[0])
	fatal(t, err)
	again := iam.NewAccounts(0)
	fatal(t, again.Restore(before))
	f = &front{directory: again.Open(account)}
	policy, err := f.iam().GetPolicy(ctx, &sdkiam.GetPolicyInput{PolicyArn: made.Policy.Arn})
	fatal(t, err)
	profiles, err := f.iam().ListInstanceProfiles(ctx, &sdkiam.ListInstanceProfilesInput{})
	fatal(t, err)
	users, err := f.iam().ListUserTags(ctx, &sdkiam.ListUserTagsInput{UserName: name})
	fatal(t, err)
	keys, err := f.iam().ListAccessKeys(ctx, &sdkiam.ListAccessKeysInput{UserName: name})
	fatal(t, err)
	if *policy.Policy.DefaultVersionId != "v2" || len(policy.Policy.Tags) != 1 || len(profiles.InstanceProfiles) != 1 || len(users.Tags) != 1 ||
		len(keys.AccessKeyMetadata) != 1 || keys.AccessKeyMetadata[0].Status != types.StatusTypeInactive {
		t.Errorf("after a restart: %+v, %+v, %+v, %+v", policy.Policy, profiles.InstanceProfiles, users.Tags, keys.AccessKeyMetadata)
	}
}

// A number that a version had is no other's later, nor after a restart.
func TestTheNumberOfADeletedVersionIsNotGivenAgain(t *testing.T) {
	accounts := iam.NewAccounts(0)
	f := &front{directory: accounts.Open(account)}
	fatal(t, f.directory.PutUser(iam.NewUser{Name: "admin", AccessKeyID: adminKey, Key: sigv4.Key{SecretAccessKey: adminSecret}, Administrator: true}))
	ctx := t.Context()
	made, err := f.iam().CreatePolicy(ctx, &sdkiam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: aws.String(replicate)})
	fatal(t, err)
	next := func(want string) {
		t.Helper()
		v, err := f.iam().CreatePolicyVersion(ctx, &sdkiam.CreatePolicyVersionInput{PolicyArn: made.Policy.Arn, PolicyDocument: aws.String(replicate)})
		fatal(t, err)
		if *v.PolicyVersion.VersionId != want {
			t.Errorf("the version is %s, want %s", *v.PolicyVersion.VersionId, want)
		}
		_, err = f.iam().DeletePolicyVersion(ctx, &sdkiam.DeletePolicyVersionInput{PolicyArn: made.Policy.Arn, VersionId: v.PolicyVersion.VersionId})
		fatal(t, err)
	}
	next("v2")
	next("v3")
	kept, err := json.Marshal(accounts.Snapshots()[0])
	fatal(t, err)
	again := iam.NewAccounts(0)
	fatal(t, again.Restore(kept))
	f = &front{directory: again.Open(account)}
	next("v4")
}
