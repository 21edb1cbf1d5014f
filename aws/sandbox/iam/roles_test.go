package iam_test

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestARoleIsReturnedAsItWasCreated(t *testing.T) {
	f := world()
	created, err := f.iam().CreateRole(t.Context(), &sdkiam.CreateRoleInput{
		RoleName:                 aws.String("copy"),
		Path:                     aws.String("/bothways/"),
		Description:              aws.String("A → B & back"),
		MaxSessionDuration:       aws.Int32(7200),
		AssumeRolePolicyDocument: aws.String(trustS3),
		Tags:                     []types.Tag{{Key: aws.String("bothways:pair"), Value: aws.String("x")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := aws.ToString(created.Role.Arn), "arn:aws:iam::111122223333:role/bothways/copy"; got != want {
		t.Errorf("ARN %q, want %q", got, want)
	}
	if id := aws.ToString(created.Role.RoleId); !strings.HasPrefix(id, "AROA") || len(id) != 21 {
		t.Errorf("role id %q is not AROA and 17 characters", id)
	}
	if created.Role.MaxSessionDuration != nil || created.Role.RoleLastUsed != nil {
		t.Error("CreateRole shows what AWS leaves to GetRole")
	}
	got, err := f.iam().GetRole(t.Context(), &sdkiam.GetRoleInput{RoleName: aws.String("COPY")})
	if err != nil {
		t.Fatal(err)
	}
	encoded := aws.ToString(got.Role.AssumeRolePolicyDocument)
	if strings.ContainsAny(encoded, "{+ ") {
		t.Errorf("trust policy is not encoded by RFC 3986: %s", encoded)
	}
	if trust, err := url.PathUnescape(encoded); err != nil || trust != trustS3 {
		t.Errorf("trust policy %s, %v", trust, err)
	}
	r := got.Role
	if aws.ToString(r.RoleName) != "copy" || aws.ToString(r.Path) != "/bothways/" || aws.ToInt32(r.MaxSessionDuration) != 7200 ||
		aws.ToString(r.Description) != "A → B & back" || len(r.Tags) != 1 || aws.ToString(r.Tags[0].Value) != "x" ||
		r.CreateDate == nil || !r.CreateDate.Equal(*created.Role.CreateDate) {
		t.Errorf("role %+v is not what was created", r)
	}
}

func TestCreateRoleRefusesWhatAWSRefuses(t *testing.T) {
	f := world()
	f.role(t, "Taken", trustS3)
	tests := []struct {
		name, code, message string
		status              int
		input               sdkiam.CreateRoleInput
	}{
		{
			"same name in another case", "EntityAlreadyExists", "Role with name taken already exists.", 409,
			sdkiam.CreateRoleInput{RoleName: aws.String("taken"), AssumeRolePolicyDocument: aws.String(trustS3)},
		},
		{
			"trust policy is no JSON", "MalformedPolicyDocument", "This policy contains invalid Json", 400,
			sdkiam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String("{")},
		},
		{
			"trust policy with a resource", "MalformedPolicyDocument", "Has prohibited field Resource", 400,
			sdkiam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(
				`{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Resource":"*"}}`)},
		},
		{
			"trust in a user that is not there", "MalformedPolicyDocument",
			`Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:user/nobody"`, 400,
			sdkiam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(
				strings.Replace(trustAccount, account, "arn:aws:iam::111122223333:user/nobody", 1))},
		},
		{
			"trust policy too long", "LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048", 409,
			sdkiam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(
				strings.Replace(trustS3, `"s3.amazonaws.com"`, `["s3.amazonaws.com","`+strings.Repeat("x", 2048)+`.amazonaws.com"]`, 1))},
		},
		{
			"name too long", "ValidationError", "", 400,
			sdkiam.CreateRoleInput{RoleName: aws.String(strings.Repeat("r", 65)), AssumeRolePolicyDocument: aws.String(trustS3)},
		},
		{
			"name with a slash", "ValidationError",
			"The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-", 400,
			sdkiam.CreateRoleInput{RoleName: aws.String("a/b"), AssumeRolePolicyDocument: aws.String(trustS3)},
		},
		{
			"path without a slash at the end", "ValidationError", "", 400,
			sdkiam.CreateRoleInput{RoleName: aws.String("r"), Path: aws.String("/x"), AssumeRolePolicyDocument: aws.String(trustS3)},
		},
		{
			"session too short", "ValidationError", "", 400,
			sdkiam.CreateRoleInput{RoleName: aws.String("r"), MaxSessionDuration: aws.Int32(60), AssumeRolePolicyDocument: aws.String(trustS3)},
		},
		{
			"the same tag twice", "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.", 400,
			sdkiam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trustS3), Tags: []types.Tag{
				{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("A"), Value: aws.String("2")},
			}},
		},
		{
			"a tag with a character of no tag", "ValidationError", "", 400,
			sdkiam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trustS3), Tags: []types.Tag{
				{Key: aws.String("a"), Value: aws.String("v'q")},
			}},
		},
		{
			"a key of a tag with a character of no tag", "ValidationError", "", 400,
			sdkiam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trustS3), Tags: []types.Tag{
				{Key: aws.String("a*"), Value: aws.String("v")},
			}},
		},
		{
			"boundary that is not there", "NoSuchEntity", "", 404,
			sdkiam.CreateRoleInput{
				RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trustS3),
				PermissionsBoundary: aws.String("arn:aws:iam::111122223333:policy/none"),
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := f.iam().CreateRole(t.Context(), &test.input)
			wantError(t, err, test.code, test.status, test.message)
		})
	}
	var exists *types.EntityAlreadyExistsException
	if _, err := f.iam().CreateRole(t.Context(), &tests[0].input); !errors.As(err, &exists) {
		t.Errorf("the SDK does not recognise %v", err)
	}
}

func TestCallsOnAMissingRoleSayThatItCannotBeFound(t *testing.T) {
	client := world().iam()
	name, document := aws.String("gone"), aws.String(replicate)
	arn := aws.String("arn:aws:iam::aws:policy/AdministratorAccess")
	calls := map[string]func() error{
		"GetRole": func() error { _, err := client.GetRole(t.Context(), &sdkiam.GetRoleInput{RoleName: name}); return err },
		"DeleteRole": func() error {
			_, err := client.DeleteRole(t.Context(), &sdkiam.DeleteRoleInput{RoleName: name})
			return err
		},
		"PutRolePolicy": func() error {
			_, err := client.PutRolePolicy(t.Context(), &sdkiam.PutRolePolicyInput{RoleName: name, PolicyName: name, PolicyDocument: document})
			return err
		},
		"ListRolePolicies": func() error {
			_, err := client.ListRolePolicies(t.Context(), &sdkiam.ListRolePoliciesInput{RoleName: name})
			return err
		},
		"ListRoleTags": func() error {
			_, err := client.ListRoleTags(t.Context(), &sdkiam.ListRoleTagsInput{RoleName: name})
			return err
		},
		"UpdateAssumeRolePolicy": func() error {
			_, err := client.UpdateAssumeRolePolicy(t.Context(), &sdkiam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(trustS3)})
			return err
		},
		"AttachRolePolicy": func() error {
			_, err := client.AttachRolePolicy(t.Context(), &sdkiam.AttachRolePolicyInput{RoleName: name, PolicyArn: arn})
			return err
		},
		"ListAttachedRolePolicies": func() error {
			_, err := client.ListAttachedRolePolicies(t.Context(), &sdkiam.ListAttachedRolePoliciesInput{RoleName: name})
			return err
		},
		"SimulatePrincipalPolicy": func() error {
			_, err := client.SimulatePrincipalPolicy(t.Context(), &sdkiam.SimulatePrincipalPolicyInput{
				PolicySourceArn: aws.String("arn:aws:iam::111122223333:role/gone"), ActionNames: []string{"s3:GetObject"},
			})
			return err
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			err := call()
			wantError(t, err, "NoSuchEntity", 404, "The role with name gone cannot be found.")
			var missing *types.NoSuchEntityException
			if !errors.As(err, &missing) {
				t.Errorf("the SDK does not recognise %v", err)
			}
		})
	}
}

func TestRolesAreListedByPathAndPage(t *testing.T) {
	f := world()
	for i := range 5 {
		f.role(t, "role-"+strconv.Itoa(i), trustS3)
	}
	if _, err := f.iam().CreateRole(t.Context(), &sdkiam.CreateRoleInput{
		RoleName: aws.String("other"), AssumeRolePolicyDocument: aws.String(trustS3),
	}); err != nil {
		t.Fatal(err)
	}
	pages := sdkiam.NewListRolesPaginator(f.iam(), &sdkiam.ListRolesInput{PathPrefix: aws.String("/bothways/"), MaxItems: aws.Int32(2)})
	var names []string
	count := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		count++
		for _, role := range page.Roles {
			names = append(names, aws.ToString(role.RoleName))
		}
	}
	if got, want := strings.Join(names, " "), "role-0 role-1 role-2 role-3 role-4"; got != want || count != 3 {
		t.Errorf("%d pages list %q, want 3 with %q", count, got, want)
	}
	all, err := f.iam().ListRoles(t.Context(), &sdkiam.ListRolesInput{})
	if err != nil || len(all.Roles) != 6 || all.IsTruncated {
		t.Errorf("without a prefix: %d roles, %v", len(all.Roles), err)
	}
}

func TestTagsAreAddedReplacedAndRemoved(t *testing.T) {
	f := world()
	f.role(t, "copy", trustS3)
	tag := func(key, value string) types.Tag { return types.Tag{Key: aws.String(key), Value: aws.String(value)} }
	for _, tags := range [][]types.Tag{{tag("a", "1"), tag("b", "2")}, {tag("A", "3"), tag("c", "")}} {
		if _, err := f.iam().TagRole(t.Context(), &sdkiam.TagRoleInput{RoleName: aws.String("copy"), Tags: tags}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.iam().UntagRole(t.Context(), &sdkiam.UntagRoleInput{RoleName: aws.String("copy"), TagKeys: []string{"b", "z"}}); err != nil {
		t.Fatal(err)
	}
	listed, err := f.iam().ListRoleTags(t.Context(), &sdkiam.ListRoleTagsInput{RoleName: aws.String("copy")})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, tag := range listed.Tags {
		got = append(got, aws.ToString(tag.Key)+"="+aws.ToString(tag.Value))
	}
	if want := "A=3 c="; strings.Join(got, " ") != want {
		t.Errorf("tags %q, want %q", got, want)
	}
	_, err = f.iam().TagRole(t.Context(), &sdkiam.TagRoleInput{RoleName: aws.String("copy"), Tags: []types.Tag{tag("aws:x", "1")}})
	wantError(t, err, "InvalidInput", 400, "")
	var many []types.Tag
	for i := range 51 {
		many = append(many, tag("k"+strconv.Itoa(i), ""))
	}
	_, err = f.iam().TagRole(t.Context(), &sdkiam.TagRoleInput{RoleName: aws.String("copy"), Tags: many})
	wantError(t, err, "LimitExceeded", 409, "")
}

func TestARoleIsDeletedOnlyWithoutItsPolicies(t *testing.T) {
	f := world()
	f.role(t, "copy", trustS3)
	f.putPolicy(t, "copy", "replicate", replicate)
	name, arn := aws.String("copy"), aws.String("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
	if _, err := f.iam().AttachRolePolicy(t.Context(), &sdkiam.AttachRolePolicyInput{RoleName: name, PolicyArn: arn}); err != nil {
		t.Fatal(err)
	}
	_, err := f.iam().DeleteRole(t.Context(), &sdkiam.DeleteRoleInput{RoleName: name})
	wantError(t, err, "DeleteConflict", 409, "Cannot delete entity, must delete policies first.")

	if _, err := f.iam().DeleteRolePolicy(t.Context(), &sdkiam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String("replicate")}); err != nil {
		t.Fatal(err)
	}
	_, err = f.iam().DeleteRole(t.Context(), &sdkiam.DeleteRoleInput{RoleName: name})
	wantError(t, err, "DeleteConflict", 409, "Cannot delete entity, must detach all policies first.")

	if _, err := f.iam().DetachRolePolicy(t.Context(), &sdkiam.DetachRolePolicyInput{RoleName: name, PolicyArn: arn}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.iam().DeleteRole(t.Context(), &sdkiam.DeleteRoleInput{RoleName: name}); err != nil {
		t.Fatal(err)
	}
	_, err = f.iam().GetRole(t.Context(), &sdkiam.GetRoleInput{RoleName: name})
	wantError(t, err, "NoSuchEntity", 404, "")
	f.role(t, "copy", trustS3)
}

func TestUpdateRoleAndTrustPolicyReplaceWhatWasThere(t *testing.T) {
	f := world()
	f.role(t, "copy", trustS3)
	if _, err := f.iam().UpdateRole(t.Context(), &sdkiam.UpdateRoleInput{
		RoleName: aws.String("copy"), Description: aws.String("new"), MaxSessionDuration: aws.Int32(10_000),
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.iam().UpdateAssumeRolePolicy(t.Context(), &sdkiam.UpdateAssumeRolePolicyInput{
		RoleName: aws.String("copy"), PolicyDocument: aws.String(trustAccount),
	}); err != nil {
		t.Fatal(err)
	}
	got, err := f.iam().GetRole(t.Context(), &sdkiam.GetRoleInput{RoleName: aws.String("copy")})
	if err != nil {
		t.Fatal(err)
	}
	trust, err := url.PathUnescape(aws.ToString(got.Role.AssumeRolePolicyDocument))
	if err != nil || trust != trustAccount || aws.ToString(got.Role.Description) != "new" || aws.ToInt32(got.Role.MaxSessionDuration) != 10_000 {
		t.Errorf("role %+v with trust %s, %v", got.Role, trust, err)
	}
	_, err = f.iam().UpdateAssumeRolePolicy(t.Context(), &sdkiam.UpdateAssumeRolePolicyInput{
		RoleName: aws.String("copy"), PolicyDocument: aws.String(replicate),
	})
	wantError(t, err, "MalformedPolicyDocument", 400, "")
}
