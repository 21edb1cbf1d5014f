package iam_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func TestSimulationDecidesAsTheCallsDo(t *testing.T) {
	f := world()
	f.user(t, "u",
		allow("s3:*", "arn:aws:s3:::a/*"),
		deny("s3:DeleteObject", "*"),
		strings.Replace(allow("iam:PassRole", "*"), `"Effect"`,
			`"Condition":{"StringEquals":{"iam:PassedToService":"s3.amazonaws.com"}},"Effect"`, 1))
	simulate := func(input sdkiam.SimulatePrincipalPolicyInput) ([]string, []types.EvaluationResult) {
		t.Helper()
		input.PolicySourceArn = aws.String("arn:aws:iam::111122223333:user/u")
		out, err := f.iam().SimulatePrincipalPolicy(t.Context(), &input)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range out.EvaluationResults {
			got = append(got, fmt.Sprintf("%s %s %s", aws.ToString(r.EvalActionName), aws.ToString(r.EvalResourceName), r.EvalDecision))
		}
		return got, out.EvaluationResults
	}
	got, results := simulate(sdkiam.SimulatePrincipalPolicyInput{
		ActionNames:  []string{"s3:GetObject", "s3:DeleteObject"},
		ResourceArns: []string{"arn:aws:s3:::a/k", "arn:aws:s3:::b/k"},
	})
	if want := []string{
		"s3:GetObject arn:aws:s3:::a/k allowed", "s3:GetObject arn:aws:s3:::b/k implicitDeny",
		"s3:DeleteObject arn:aws:s3:::a/k explicitDeny", "s3:DeleteObject arn:aws:s3:::b/k explicitDeny",
	}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if matched := results[0].MatchedStatements; len(matched) != 1 || aws.ToString(matched[0].SourcePolicyId) != "user_u_inline-1" {
		t.Errorf("matched statements %+v", matched)
	}

	got, results = simulate(sdkiam.SimulatePrincipalPolicyInput{ActionNames: []string{"iam:PassRole"}})
	if !slices.Equal(got, []string{"iam:PassRole * implicitDeny"}) ||
		!slices.Equal(results[0].MissingContextValues, []string{"iam:passedtoservice"}) {
		t.Errorf("without context: %q, missing %q", got, results[0].MissingContextValues)
	}
	got, _ = simulate(sdkiam.SimulatePrincipalPolicyInput{
		ActionNames: []string{"iam:PassRole"},
		ContextEntries: []types.ContextEntry{{
			ContextKeyName: aws.String("iam:PassedToService"), ContextKeyType: types.ContextKeyTypeEnumString,
			ContextKeyValues: []string{"s3.amazonaws.com"},
		}},
	})
	if !slices.Equal(got, []string{"iam:PassRole * allowed"}) {
		t.Errorf("with context: %q", got)
	}
	got, _ = simulate(sdkiam.SimulatePrincipalPolicyInput{
		ActionNames: []string{"s3:GetObject"}, ResourceArns: []string{"arn:aws:s3:::b/k"},
		PolicyInputList: []string{allow("s3:GetObject", "*")},
	})
	if !slices.Equal(got, []string{"s3:GetObject arn:aws:s3:::b/k allowed"}) {
		t.Errorf("with one more policy: %q", got)
	}

	if err := f.directory.SetServiceControlPolicy(`{"Version":"2012-10-17","Statement":[` +
		`{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"s3:GetObject","Resource":"*"}]}`); err != nil {
		t.Fatal(err)
	}
	got, results = simulate(sdkiam.SimulatePrincipalPolicyInput{
		ActionNames: []string{"s3:GetObject"}, ResourceArns: []string{"arn:aws:s3:::a/k"},
	})
	if !slices.Equal(got, []string{"s3:GetObject arn:aws:s3:::a/k explicitDeny"}) ||
		results[0].OrganizationsDecisionDetail == nil || results[0].OrganizationsDecisionDetail.AllowedByOrganizations {
		t.Errorf("with a service control policy: %q, %+v", got, results[0].OrganizationsDecisionDetail)
	}
}

func TestSimulationOfARoleLooksAtItsBoundary(t *testing.T) {
	f := world()
	role := f.role(t, "copy", trustS3)
	f.putPolicy(t, "copy", "replicate", replicate)
	f.limitRole(t, "copy", allow("s3:Get*", "*"))
	out, err := f.iam().SimulatePrincipalPolicy(t.Context(), &sdkiam.SimulatePrincipalPolicyInput{
		PolicySourceArn: role.Role.Arn, ActionNames: []string{"s3:ReplicateObject"}, ResourceArns: []string{"arn:aws:s3:::b/k"},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := out.EvaluationResults[0]
	if got.EvalDecision != types.PolicyEvaluationDecisionTypeImplicitDeny || got.PermissionsBoundaryDecisionDetail == nil ||
		got.PermissionsBoundaryDecisionDetail.AllowedByPermissionsBoundary {
		t.Errorf("%+v", got)
	}
}

func TestSimulationRefusesWhatItCannotSimulate(t *testing.T) {
	f := world()
	for arn, code := range map[string]string{
		"arn:aws:iam::111122223333:root":                       "InvalidInput",
		"arn:aws:sts::111122223333:assumed-role/copy/session1": "InvalidInput",
		"arn:aws:iam::111122223333:user/nobody":                "NoSuchEntity",
	} {
		_, err := f.iam().SimulatePrincipalPolicy(t.Context(), &sdkiam.SimulatePrincipalPolicyInput{
			PolicySourceArn: aws.String(arn), ActionNames: []string{"s3:GetObject"},
		})
		status := 400
		if code == "NoSuchEntity" {
			status = 404
		}
		wantError(t, err, code, status, "")
	}
}

func TestEachCallAsksForItsOwnPermission(t *testing.T) {
	f := world()
	client, _ := f.user(t, "u",
		allow("iam:CreateRole", "arn:aws:iam::111122223333:role/bothways/*"),
		allow("iam:TagRole", "arn:aws:iam::111122223333:role/bothways/mine"), allow("iam:TagRole", "arn:aws:iam::111122223333:role/bothways/theirs"),
		strings.Replace(allow("iam:DeleteRole", "*"), `"Effect"`,
			`"Condition":{"StringEquals":{"aws:ResourceTag/bothways:pair":"mine"}},"Effect"`, 1))
	create := func(name, path, pair string) error {
		_, err := client.CreateRole(t.Context(), &sdkiam.CreateRoleInput{
			RoleName: aws.String(name), Path: aws.String(path), AssumeRolePolicyDocument: aws.String(trustS3),
			Tags: []types.Tag{{Key: aws.String("bothways:pair"), Value: aws.String(pair)}},
		})
		return err
	}
	for _, name := range []string{"mine", "theirs"} {
		if err := create(name, "/bothways/", name); err != nil {
			t.Fatal(err)
		}
	}
	wantError(t, create("untagged", "/bothways/", "mine"), "AccessDenied", 403, "User: arn:aws:iam::111122223333:user/u is not authorized to "+
		"perform: iam:TagRole on resource: arn:aws:iam::111122223333:role/bothways/untagged because no identity-based policy allows the "+
		"iam:TagRole action")
	wantError(t, create("other", "/", "mine"), "AccessDenied", 403, "User: arn:aws:iam::111122223333:user/u is not authorized to "+
		"perform: iam:CreateRole on resource: arn:aws:iam::111122223333:role/other because no identity-based policy allows the "+
		"iam:CreateRole action")
	_, err := client.DeleteRole(t.Context(), &sdkiam.DeleteRoleInput{RoleName: aws.String("theirs")})
	wantError(t, err, "AccessDenied", 403, "")
	if _, err := client.DeleteRole(t.Context(), &sdkiam.DeleteRoleInput{RoleName: aws.String("mine")}); err != nil {
		t.Errorf("deleting by tag: %v", err)
	}
	_, err = client.GetRole(t.Context(), &sdkiam.GetRoleInput{RoleName: aws.String("theirs")})
	wantError(t, err, "AccessDenied", 403, "")
}
