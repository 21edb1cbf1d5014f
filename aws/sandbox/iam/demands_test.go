package iam_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"
)

// demanding is a service control policy that denies what a statement says.
func demanding(statement string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny",` + statement + `}]}`
}

// An organisation may make the condition that roles have a boundary, a path, a
// beginning of their name or a tag.
func TestAnOrganisationsDemandsOfRolesAreEnforced(t *testing.T) {
	const boundary = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
	for name, c := range map[string]struct {
		denies string
		meet   func(*sdkiam.CreateRoleInput)
		miss   func(*sdkiam.CreateRoleInput)
	}{
		"a boundary": {
			`"Action":"iam:CreateRole","Resource":"*","Condition":{"StringNotEquals":{"iam:PermissionsBoundary":"` + boundary + `"}}`,
			func(in *sdkiam.CreateRoleInput) { in.PermissionsBoundary = aws.String(boundary) },
			func(in *sdkiam.CreateRoleInput) {
				in.PermissionsBoundary = aws.String("arn:aws:iam::aws:policy/AdministratorAccess")
			},
		},
		"a path": {
			`"Action":"iam:CreateRole","NotResource":"arn:aws:iam::*:role/team/*"`,
			func(in *sdkiam.CreateRoleInput) { in.Path = aws.String("/team/storage/") },
			func(in *sdkiam.CreateRoleInput) { in.Path = aws.String("/teams/") },
		},
		"a prefix": {
			`"Action":"iam:CreateRole","NotResource":"arn:aws:iam::*:role/acme-*"`,
			func(in *sdkiam.CreateRoleInput) { in.RoleName = aws.String("acme-copy") },
			func(in *sdkiam.CreateRoleInput) { in.RoleName = aws.String("acme") },
		},
		"a tag": {
			`"Action":"iam:CreateRole","Resource":"*","Condition":{"Null":{"aws:RequestTag/team":"true"}}`,
			func(in *sdkiam.CreateRoleInput) {
				in.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("x")}}
			},
			func(in *sdkiam.CreateRoleInput) {
				in.Tags = []types.Tag{{Key: aws.String("teams"), Value: aws.String("x")}}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := world()
			if err := f.directory.SetServiceControlPolicy(demanding(c.denies)); err != nil {
				t.Fatal(err)
			}
			for told, change := range map[string]func(*sdkiam.CreateRoleInput){"nothing": func(*sdkiam.CreateRoleInput) {}, "another": c.miss} {
				in := &sdkiam.CreateRoleInput{RoleName: aws.String("copy"), AssumeRolePolicyDocument: aws.String(trustS3)}
				change(in)
				if _, err := f.iam().CreateRole(t.Context(), in); !deniedByOrganisation(err) {
					t.Errorf("told %s: %v", told, err)
				}
			}
			in := &sdkiam.CreateRoleInput{RoleName: aws.String("copy"), AssumeRolePolicyDocument: aws.String(trustS3)}
			c.meet(in)
			if _, err := f.iam().CreateRole(t.Context(), in); err != nil {
				t.Error(err)
			}
		})
	}
}

func deniedByOrganisation(err error) bool {
	var api smithy.APIError
	return errors.As(err, &api) && api.ErrorCode() == "AccessDenied" && strings.HasSuffix(api.ErrorMessage(), "with an explicit deny in a service control policy")
}

// Of a role that stands the condition looks at the boundary that it has, or that
// it would get.
func TestTheBoundaryOfAStandingRoleIsAConditionOfItsChanges(t *testing.T) {
	const boundary = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
	f := world()
	f.role(t, "free", trustS3)
	if err := f.directory.SetServiceControlPolicy(demanding(`"Action":["iam:PutRolePolicy","iam:PutRolePermissionsBoundary"],"Resource":"*",` +
		`"Condition":{"StringNotEquals":{"iam:PermissionsBoundary":"` + boundary + `"}}`)); err != nil {
		t.Fatal(err)
	}
	put := func() error {
		_, err := f.iam().PutRolePolicy(t.Context(), &sdkiam.PutRolePolicyInput{
			RoleName: aws.String("free"), PolicyName: aws.String("replicate"), PolicyDocument: aws.String(replicate),
		})
		return err
	}
	bound := func(by string) error {
		_, err := f.iam().PutRolePermissionsBoundary(t.Context(), &sdkiam.PutRolePermissionsBoundaryInput{RoleName: aws.String("free"), PermissionsBoundary: &by})
		return err
	}
	if err := put(); !deniedByOrganisation(err) {
		t.Errorf("without a boundary: %v", err)
	}
	if err := bound("arn:aws:iam::aws:policy/AdministratorAccess"); !deniedByOrganisation(err) {
		t.Errorf("another boundary: %v", err)
	}
	if err := bound(boundary); err != nil {
		t.Error(err)
	}
	if err := put(); err != nil {
		t.Error(err)
	}
}
