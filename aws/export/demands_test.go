package export

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/wanted"
	"bothways/aws/sandbox"
)

// demanded is a pair of an organisation that asks something of each role.
func demanded() pair.Pair {
	p := demo()
	p.Options.RoleBoundary, p.Options.RolePath, p.Options.RolePrefix, p.Options.MadeTags = limit, "/team/storage/", "acme-", "team=storage"
	return p
}

const limit = "arn:aws:iam::aws:policy/AmazonS3FullAccess"

func TestEveryExportMakesRolesAsTheyAreDemanded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		proposed := planned(t, newLab(t, demanded()).world)
		checkDemanded(t, proposed.Wanted)
		lines := strings.Split(script(proposed), "\n")
		for _, d := range pair.Directions() {
			name := demanded().RoleName(d)
			if !slices.ContainsFunc(lines, func(line string) bool {
				return strings.Contains(line, "--role-name "+name+" --path /team/storage/ ") && strings.Contains(line, " create-role ") && strings.Contains(line, "--permissions-boundary "+limit) && strings.Contains(line, `"Value":"storage"`)
			}) {
				t.Errorf("the script makes no role %s as it should:\n%s", name, strings.Join(lines, "\n"))
			}
		}
	})
}

// What a role has that stands is written even where nothing was asked for: else
// the other tool would take it away.
func TestABoundaryThatStandsIsExported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, demanded())
		apply(t, planned(t, l.world))
		l.world.Pair.Options = demo().Options
		checkDemanded(t, planned(t, l.world).Wanted)
	})
}

func checkDemanded(t *testing.T, w *wanted.Documents) {
	t.Helper()
	body := parsed(t, terraform(w))
	for _, d := range pair.Directions() {
		role := find(t, body, "resource", "aws_iam_role", directionLabel(d))
		for attribute, want := range map[string]string{"name": demanded().RoleName(d), "path": "/team/storage/", "permissions_boundary": limit} {
			if got := value(t, role, attribute, nil); got != want {
				t.Errorf("%s: Terraform's %s is %q, want %q", d.Arrow(), attribute, got, want)
			}
		}
		formed, err := stack(t, templates(t, w)[d.From()], "yes").GetIAMRoleWithName("Role")
		if err != nil {
			t.Fatal(err)
		}
		if aws.ToString(formed.RoleName) != demanded().RoleName(d) || aws.ToString(formed.Path) != "/team/storage/" || aws.ToString(formed.PermissionsBoundary) != limit {
			t.Errorf("%s: CloudFormation's role is %+v", d.Arrow(), formed)
		}
	}
}

// Roles that nothing is asked of have no boundary, not an empty one.
func TestWithoutABoundaryNoneIsExported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		proposed := planned(t, newLab(t, demo()).world)
		written := terraform(proposed.Wanted) + script(proposed) + exported(t, demo())
		for _, content := range templates(t, proposed.Wanted) {
			written += content
		}
		if strings.Contains(strings.ToLower(strings.ReplaceAll(strings.ReplaceAll(written, "_", ""), "-", "")), "permissionsboundary") {
			t.Errorf("a boundary is written:\n%s", written)
		}
	})
}

// The operator may make roles with the boundary, and no others; and may give a
// role that stands without it the boundary where that is what the plan does.
func TestTheOperatorMayMakeRolesWithinTheBoundaryAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		document := exported(t, demanded())
		if err := operated(t, demanded(), life(t, document)); err != nil {
			t.Error(err)
		}
		free := demanded()
		free.Options.RoleBoundary = ""
		if err := operated(t, free, life(t, document)); err == nil || !strings.Contains(err.Error(), "iam:CreateRole") {
			t.Errorf("a role without the boundary: %v", err)
		}
		var parsed struct{ Statement []statement }
		if err := json.Unmarshal([]byte(document), &parsed); err != nil {
			t.Fatal(err)
		}
		for _, s := range parsed.Statement {
			if slices.Contains(s.Action, "iam:CreateRole") && (!slices.Equal(s.Action, []string{"iam:CreateRole", "iam:PutRolePolicy"}) || s.Condition["StringEquals"]["iam:PermissionsBoundary"] != limit || len(s.Resource) != 2) {
				t.Errorf("%+v", s)
			}
			for _, resource := range s.Resource {
				if strings.Contains(resource, ":role/") && !strings.Contains(resource, ":role/team/storage/acme-") && !strings.Contains(resource, ":role/acme-") {
					t.Errorf("%s speaks of %s", s.Sid, resource)
				}
			}
		}
		if strings.Contains(document, "PutRolePermissionsBoundary") {
			t.Error("it may change boundaries, which the plan does not")
		}
	})
}

func TestTheOperatorMayGiveAStandingRoleItsBoundary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, demo())
		apply(t, planned(t, l.world))
		l.world.Pair.Options.RoleBoundary = limit
		files, err := Files(Policy, planned(t, l.world))
		if err != nil {
			t.Fatal(err)
		}
		err = l.box.AddAccount(sandbox.Account{ID: "000000000000", Users: []sandbox.User{{
			Name: "operator", AccessKeyID: "AKIAOPERATOROFPAIR00", SecretAccessKey: "secret", Policies: []json.RawMessage{json.RawMessage(files[0].Content)},
		}}})
		if err != nil {
			t.Fatal(err)
		}
		l.world = l.as(t, l.world.Pair, "AKIAOPERATOROFPAIR00", "secret")
		found, err := plan.Look(t.Context(), l.world)
		if err != nil {
			t.Fatal(err)
		}
		apply(t, plan.SetUp(found))
		out, err := l.world.A.IAM.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String(demo().RoleName(pair.AtoB))})
		if err != nil || out.Role.PermissionsBoundary == nil {
			t.Errorf("%+v, %v", out, err)
		}
	})
}
