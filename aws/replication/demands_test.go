package replication_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

// boundaryOf is the permissions boundary that organisations here ask for.
func boundaryOf(account string) string { return "arn:aws:iam::" + account + ":policy/org/roles-may" }

// demand is something that an organisation asks of each role that is made: its
// service control policy denies to make others, but for those that stood
// before, and how the pair is told.
type demand struct {
	deny map[string]any
	tell func(*pair.Options)
}

// stood are roles that others may have made, whatever is asked.
var stood = []string{"arn:aws:iam::*:role/bothways-decoy*", "arn:aws:iam::*:role/bothways/bothways-decoy*"}

func demands(account string) map[string]demand {
	return map[string]demand{
		"a boundary": {
			map[string]any{
				"Action": []string{"iam:CreateRole", "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"}, "NotResource": stood,
				"Condition": map[string]any{"StringNotEquals": map[string]string{"iam:PermissionsBoundary": boundaryOf(account)}},
			},
			func(o *pair.Options) { o.RoleBoundary = boundaryOf(account) },
		},
		"a path": {
			map[string]any{"Action": "iam:CreateRole", "NotResource": append([]string{"arn:aws:iam::*:role/team/storage/*"}, stood...)},
			func(o *pair.Options) { o.RolePath = "/team/storage/" },
		},
		"a prefix": {
			map[string]any{"Action": "iam:CreateRole", "NotResource": append([]string{"arn:aws:iam::*:role/*acme-*"}, stood...)},
			func(o *pair.Options) { o.RolePrefix = "acme-" },
		},
		"a prefix that leaves little room": {
			map[string]any{"Action": "iam:CreateRole", "NotResource": append([]string{"arn:aws:iam::*:role/*" + longPrefix + "*"}, stood...)},
			func(o *pair.Options) { o.RolePrefix = longPrefix },
		},
		"a tag": {
			map[string]any{
				"Action": "iam:CreateRole", "NotResource": stood,
				"Condition": map[string]any{"StringNotEquals": map[string]string{"aws:RequestTag/team": "storage"}},
			},
			func(o *pair.Options) { o.MadeTags = "team=storage" },
		},
	}
}

const longPrefix = "the-storage-team-of-acme-"

// policyOf is the service control policy of an organisation with demands.
func policyOf(t *testing.T, all ...demand) string {
	t.Helper()
	statements := []map[string]any{{"Effect": "Allow", "Action": "*", "Resource": "*"}}
	for _, d := range all {
		statement := map[string]any{"Effect": "Deny"}
		for key, value := range d.deny {
			statement[key] = value
		}
		statements = append(statements, statement)
	}
	text, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// putBoundary makes the policy that the organisation has as the boundary.
func putBoundary(t *testing.T, c *account.Clients, actions string) {
	t.Helper()
	_, err := c.IAM.CreatePolicy(t.Context(), &iam.CreatePolicyInput{
		PolicyName: aws.String("roles-may"), Path: aws.String("/org/"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":` + actions + `,"Resource":"*"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// organised is a lab in an organisation with demands, whose pair is not told of
// them.
func organised(t *testing.T, all ...demand) *lab {
	t.Helper()
	l := newLab(t, testPair)
	putBoundary(t, l.world.A, `["s3:*","kms:*"]`)
	l.demand(t, all...)
	return l
}

func (l *lab) demand(t *testing.T, all ...demand) {
	t.Helper()
	if err := l.box.Directory().SetServiceControlPolicy(policyOf(t, all...)); err != nil {
		t.Fatal(err)
	}
}

// told tells the lab's pair what is asked of roles.
func (l *lab) told(all ...demand) {
	for _, d := range all {
		d.tell(&l.world.Pair.Options)
	}
}

// untold lets the next run know nothing of what earlier ones were told.
func (l *lab) untold() { l.world.Pair.Options = testPair.Options }

// unlisted refuses to list roles until the wire is reset.
func (l *lab) unlisted() {
	l.wire.answer = func(r *http.Request) (*http.Response, error) {
		if strings.Contains(l.wire.form(r), "Action=ListRoles&") {
			return accessDenied(), nil
		}
		return nil, nil
	}
}

// allDemands are all of them at once, with the longer prefix.
func allDemands(account string) []demand {
	each := demands(account)
	return []demand{each["a boundary"], each["a path"], each["a prefix that leaves little room"], each["a tag"]}
}

// ownRoles are the roles that carry the pair's mark, by their names.
func (l *lab) ownRoles(t *testing.T, side pair.SideName) map[string]*iamtypes.Role {
	t.Helper()
	client := l.clients(side).IAM
	all, err := client.ListRoles(t.Context(), &iam.ListRolesInput{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*iamtypes.Role{}
	for _, r := range all.Roles {
		out, err := client.GetRole(t.Context(), &iam.GetRoleInput{RoleName: r.RoleName})
		if err != nil {
			t.Fatal(err)
		}
		if step.Marked(out.Role, l.world.Pair.ID()) {
			found[*r.RoleName] = out.Role
		}
	}
	return found
}

func boundaryIn(r *iamtypes.Role) string {
	if r.PermissionsBoundary == nil {
		return ""
	}
	return aws.ToString(r.PermissionsBoundary.PermissionsBoundaryArn)
}

// unchanged fails the test where a plan would do anything.
func unchanged(t *testing.T, proposed plan.Plan, when string) {
	t.Helper()
	if blocked := proposed.Blocked(); len(blocked) > 0 || proposed.Changes() > 0 {
		t.Errorf("%s there is something to do: %v", when, blocked)
		for _, st := range proposed.Steps {
			if st.Change != step.Nothing {
				t.Errorf("  %s: %s %s", st.ID, st.Change, st.What)
			}
		}
	}
}

func TestWhatAnOrganisationDemandsOfRolesIsGivenAndFoundAgain(t *testing.T) {
	all := demands("000000000000")
	all["all of it at once"] = demand{}
	for name := range all {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := []demand{all[name]}
				if name == "all of it at once" {
					asked = allDemands("000000000000")
				}
				l := organised(t, asked...)
				l.plant(t)
				before := l.others(t)
				l.told(asked...)
				proposed := l.setUp(t)
				if f := about(proposed, "likely lacks"); f != nil {
					t.Errorf("the plan warns of what it is given: %+v", f)
				}
				apply(t, proposed, step.Done)
				for d, direction := range proposed.Wanted.Directions {
					role := l.ownRoles(t, d.From())[direction.RoleName]
					if role == nil || *role.Arn != direction.RoleARN || *role.Path != l.world.Pair.RolePath() || boundaryIn(role) != l.world.Pair.Options.RoleBoundary ||
						!strings.HasPrefix(*role.RoleName, l.world.Pair.Options.RolePrefix) {
						t.Errorf("role %s is %s", d.Arrow(), text(t, role))
					}
				}
				unchanged(t, l.setUp(t), "after the set-up")
				l.untold()
				unchanged(t, l.setUp(t), "told of nothing")
				for _, next := range []plan.Plan{l.setUp(t), l.tearDown(t, true)} {
					if f := about(next, "likely lacks"); f != nil {
						t.Errorf("the next plan warns: %+v", f)
					}
				}
				l.unlisted()
				unchanged(t, l.setUp(t), "told of nothing, without a right to list roles")
				l.wire.reset()
				for d, h := range l.examine(t, true).Health {
					if h.State != "proven" {
						t.Errorf("the doctor says of %s: %s %s", d.Arrow(), h.State, h.Detail)
					}
				}
				l.unlisted()
				down := l.tearDown(t, true)
				l.wire.reset()
				if err := plan.Apply(t.Context(), down, (&log{}).emit); err != nil {
					t.Fatal(err)
				}
				before.unharmed(t, l, "after destroy")
				l.alone(t)
				if left := l.ownRoles(t, pair.A); len(left) > 0 {
					t.Errorf("left is %s", text(t, left))
				}
			})
		})
	}
}

// Somebody who did not know of the demand is told what to do about it, before
// and after it fails.
func TestADenialToMakeRolesNamesTheWaysOut(t *testing.T) {
	for name, asked := range demands("000000000000") {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := organised(t, asked)
				l.hire(t, "", everything) // IAM does not simulate the root user
				proposed := l.setUp(t)
				if f := about(proposed, "likely lacks iam:CreateRole"); f == nil || !namesTheWaysOut(f.Meaning) {
					t.Errorf("the plan says %+v", proposed.Findings)
				}
				var events log
				if err := plan.Apply(t.Context(), proposed, events.emit); err == nil {
					t.Fatal("the roles are made")
				}
				if !slices.ContainsFunc(events.all, func(e step.Event) bool {
					return e.Status == step.Failed && strings.Contains(e.Detail, "iam:CreateRole") && namesTheWaysOut(e.Detail)
				}) {
					t.Errorf("the failure says %+v", events.all)
				}
			})
		})
	}
}

func namesTheWaysOut(words string) bool {
	return !slices.ContainsFunc([]string{"--role-boundary", "--role-path", "--role-prefix", "--tag", "--role-a-to-b", "--role-b-to-a"}, func(flag string) bool {
		return !strings.Contains(words, flag)
	})
}

// A kill before or after any change leaves roles that the next runs find,
// whether or not they are told what the first was: a set-up makes no second
// role beside one that stands, and a tear-down leaves none.
func TestRolesMadeAsDemandedAreFoundAfterAKillAnywhere(t *testing.T) {
	for _, c := range []struct {
		name  string
		kills func(*testing.T, *lab) plan.Plan // what is killed
		then  func(*testing.T, *lab)
	}{
		{
			"set-up, then taken down untold", func(t *testing.T, l *lab) plan.Plan { t.Helper(); return l.setUp(t) },
			func(t *testing.T, l *lab) { t.Helper(); l.untold() },
		},
		{
			"set-up, then completed as told", func(t *testing.T, l *lab) plan.Plan { t.Helper(); return l.setUp(t) },
			func(t *testing.T, l *lab) {
				t.Helper()
				applyAny(t, l.setUp(t))
				unchanged(t, l.setUp(t), "after the next run")
				l.untold()
				unchanged(t, l.setUp(t), "untold after the next run")
			},
		},
		{
			"set-up, then completed untold, where nothing is demanded any more", func(t *testing.T, l *lab) plan.Plan { t.Helper(); return l.setUp(t) },
			func(t *testing.T, l *lab) {
				t.Helper()
				if err := l.box.Directory().SetServiceControlPolicy(""); err != nil {
					t.Fatal(err)
				}
				made := l.ownRoles(t, pair.A)
				l.untold()
				applyAny(t, l.setUp(t))
				now := l.ownRoles(t, pair.A)
				if len(now) != 2 {
					t.Errorf("the roles are now %s", text(t, now))
				}
				for name, role := range made {
					if now[name] == nil || boundaryIn(now[name]) != boundaryIn(role) {
						t.Errorf("role %s was replaced or lost its boundary", name)
					}
				}
				unchanged(t, l.setUp(t), "after the next run")
			},
		},
		{
			"tear-down untold", func(t *testing.T, l *lab) plan.Plan {
				t.Helper()
				if len(l.ownRoles(t, pair.A)) == 0 && l.world.Pair != testPair {
					applyAny(t, l.setUp(t))
					l.untold()
				}
				return l.tearDown(t, true)
			},
			func(*testing.T, *lab) {},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			kills := 0
			for _, after := range []bool{false, true} {
				for n := 1; ; n += stride {
					reached := false
					synctest.Test(t, func(t *testing.T) {
						asked := allDemands("000000000000")
						l := organised(t, asked...)
						l.told(asked...)
						reached = l.killed(c.kills(t, l), n, after)
						l.world.RunID = "again"
						c.then(t, l)
						l.untold()
						if err := plan.Apply(t.Context(), l.tearDown(t, true), (&log{}).emit); err != nil {
							t.Fatalf("killed at change %d (after it: %t), then taken down: %v", n, after, err)
						}
						checkNothing(t, l)
					})
					if !reached {
						break
					}
					kills += stride
				}
			}
			if kills < 16 {
				t.Errorf("only %d kills were tried", kills)
			}
		})
	}
}

func TestGivingAStandingRoleABoundaryIsAStepThatIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := organised(t)
		apply(t, l.setUp(t), step.Done)
		l.world.Pair.Options.RoleBoundary = boundaryOf("000000000000")
		proposed := l.setUp(t)
		for _, st := range proposed.Steps {
			if st.Kind != step.KindRole {
				continue
			}
			if st.Change != step.Modify || !strings.Contains(st.What, "none -> "+boundaryOf("000000000000")) || !strings.HasPrefix(st.Call, "PutRolePermissionsBoundary") ||
				!strings.Contains(st.CLI, "put-role-permissions-boundary") || !strings.Contains(st.Request, "PermissionsBoundary") || !strings.Contains(st.Undo, "delete-role-permissions-boundary") {
				t.Errorf("%+v", st)
			}
		}
		applyAny(t, proposed)
		for name, role := range l.ownRoles(t, pair.A) {
			if boundaryIn(role) != boundaryOf("000000000000") {
				t.Errorf("role %s has the boundary %q", name, boundaryIn(role))
			}
		}
		unchanged(t, l.setUp(t), "after it")
		l.untold()
		unchanged(t, l.setUp(t), "untold")
		l.world.Pair.Options.RoleBoundary = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
		proposed = l.setUp(t)
		if !slices.ContainsFunc(proposed.Steps, func(st step.Step) bool {
			return strings.Contains(st.What, boundaryOf("000000000000")+" -> arn:aws:iam::aws:policy/AmazonS3FullAccess") && strings.Contains(st.Undo, "--role-boundary "+boundaryOf("000000000000"))
		}) {
			t.Errorf("another boundary is no change: %+v", proposed.Steps)
		}
		applyAny(t, proposed)
		unchanged(t, l.setUp(t), "after another boundary")
	})
}

// A boundary that somebody puts on our role afterwards is kept, and what it does
// to the direction is proven anew.
func TestABoundaryThatSomebodyPutOnOurRoleIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := organised(t)
		apply(t, l.setUp(t), step.Done)
		name := testPair.RoleName(pair.AtoB)
		_, err := l.world.A.IAM.PutRolePermissionsBoundary(t.Context(), &iam.PutRolePermissionsBoundaryInput{
			RoleName: &name, PermissionsBoundary: aws.String(boundaryOf("000000000000")),
		})
		if err != nil {
			t.Fatal(err)
		}
		l.wire.reset()
		proposed := l.setUp(t)
		for _, st := range proposed.Steps {
			if st.Change != step.Nothing && st.ID != "canary-a-to-b" {
				t.Errorf("%s: %s %s", st.ID, st.Change, st.What)
			}
		}
		applyAny(t, proposed)
		if boundaryIn(l.ownRoles(t, pair.A)[name]) == "" {
			t.Error("the boundary is gone")
		}
		unchanged(t, l.setUp(t), "after it was proven")
	})
}

// What a boundary does not let a role do is found by the canary, and named.
func TestABoundaryThatStopsReplicationIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		putBoundary(t, l.world.A, `"s3:Get*"`)
		l.world.Pair.Options.RoleBoundary = boundaryOf("000000000000")
		var events log
		if err := plan.Apply(t.Context(), l.setUp(t), events.emit); err == nil {
			t.Fatal("it replicates")
		}
		if !slices.ContainsFunc(events.all, func(e step.Event) bool {
			return e.Kind == step.KindCanary && e.Status == step.Failed && strings.Contains(e.Detail, "permissions boundary does not allow it")
		}) {
			t.Errorf("the canaries say %+v", events.all)
		}
	})
}

func TestNoBoundaryIsPutOnARoleOfOthers(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T, *lab){
		"one that their rules take": func(t *testing.T, l *lab) {
			t.Helper()
			l.bucket(t, pair.A)
			l.theirRules(t, pair.A)
			l.agreed()
		},
		"one that is given": func(t *testing.T, l *lab) {
			t.Helper()
			l.world.Pair.Given.RoleAtoB = l.role(t, pair.A, "their-replication")
			_, err := l.world.A.IAM.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
				RoleName: aws.String("their-replication"), PolicyName: aws.String("all"),
				PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`),
			})
			if err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := organised(t)
				prepare(t, l)
				l.told(allDemands("000000000000")...)
				applyAny(t, l.setUp(t))
				out, err := l.world.A.IAM.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("their-replication")})
				if err != nil || boundaryIn(out.Role) != "" || len(out.Role.Tags) > 0 {
					t.Errorf("their role is %s, %v", text(t, out.Role), err)
				}
			})
		})
	}
}

// IAM can neither rename nor move a role: what stands is kept, and that is said.
func TestARoleThatStandsOtherwiseThanAskedIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.world.Pair.Options.RolePrefix = "acme-"
		apply(t, l.setUp(t), step.Done)
		made := l.ownRoles(t, pair.A)
		for _, ask := range []func(*pair.Options){
			func(o *pair.Options) { o.RolePrefix = "other-" }, func(o *pair.Options) { o.RolePrefix, o.RolePath = "acme-", "/team/" },
		} {
			ask(&l.world.Pair.Options)
			proposed := l.setUp(t)
			unchanged(t, proposed, "asked otherwise")
			if f := about(proposed, "stands as /bothways/acme-"); f == nil || f.Severity != survey.Warning || !strings.Contains(f.Meaning, l.world.Pair.RolePath()+l.world.Pair.RoleName(pair.AtoB)) {
				t.Errorf("the findings are %+v", proposed.Findings)
			}
		}
		if now := l.ownRoles(t, pair.A); len(now) != len(made) {
			t.Errorf("the roles are %s", text(t, now))
		}
	})
}

// Which side is called A says nothing of the roles.
func TestRolesMadeAsDemandedAreFoundWithTheSidesSwapped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.world.Pair.Options.RolePrefix, l.world.Pair.Options.RolePath = longPrefix, "/team/"
		apply(t, l.setUp(t), step.Done)
		l.untold()
		l.world.Pair.A, l.world.Pair.B, l.world.A, l.world.B = testPair.B, testPair.A, l.world.B, l.world.A
		unchanged(t, l.setUp(t), "with the sides swapped")
		if err := plan.Apply(t.Context(), l.tearDown(t, true), (&log{}).emit); err != nil {
			t.Fatal(err)
		}
		checkNothing(t, l)
	})
}

// A role of ours that was deleted is made again as the rule names it.
func TestARoleThatIsGoneIsMadeAgainAsItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		l.world.Pair.Options.RolePrefix, l.world.Pair.Options.RolePath = "acme-", "/team/"
		apply(t, l.setUp(t), step.Done)
		for name := range l.ownRoles(t, pair.A) {
			if _, err := l.world.A.IAM.DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: aws.String(testPair.PolicyName())}); err != nil {
				t.Fatal(err)
			}
			if _, err := l.world.A.IAM.DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: &name}); err != nil {
				t.Fatal(err)
			}
		}
		want := l.world.Pair
		l.untold()
		applyAny(t, l.setUp(t))
		for _, d := range pair.Directions() {
			if role := l.ownRoles(t, d.From())[want.RoleName(d)]; role == nil || *role.Path != "/team/" {
				t.Errorf("the roles are %s", text(t, l.ownRoles(t, d.From())))
			}
		}
	})
}

// Where the roles may not be listed and no rule leads to ours, an earlier run
// that this computer remembers does, or else it is said what to look for.
func TestARoleThatCanNotBeSearchedForIsRememberedOrNamed(t *testing.T) {
	for _, remembers := range []bool{true, false} {
		t.Run(fmt.Sprint(remembers), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, testPair)
				l.world.Pair.Options.RolePrefix = "acme-"
				apply(t, l.setUp(t), step.Done)
				name := l.world.Pair.RoleName(pair.AtoB)
				for _, side := range pair.Sides() {
					out := &s3.DeleteBucketReplicationInput{Bucket: aws.String(l.world.Pair.Side(side).Bucket)}
					if _, err := l.clients(side).S3.DeleteBucketReplication(t.Context(), out); err != nil {
						t.Fatal(err)
					}
				}
				l.untold()
				l.unlisted()
				if remembers {
					l.world.RolePrefix = "acme-"
				}
				proposed := l.tearDown(t, true)
				said := about(proposed, "whether a role of ours stands under a prefix of its own is not known")
				switch {
				case remembers && !slices.ContainsFunc(proposed.Steps, func(st step.Step) bool { return strings.Contains(st.What, name) }):
					t.Errorf("the role is not taken down: %+v", proposed.Steps)
				case remembers && said != nil:
					t.Errorf("it is found, and yet said: %+v", said)
				case !remembers && (said == nil || !strings.Contains(said.Meaning, "--role-prefix") || !strings.Contains(said.Meaning, testPair.RoleName(pair.AtoB)) || !strings.Contains(said.Meaning, "list-roles")):
					t.Errorf("the findings are %+v", proposed.Findings)
				}
			})
		})
	}
}

// Roles of two accounts have boundaries of two accounts.
func TestEachAccountsRoleGetsTheBoundaryOfItsAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, testPair)
		mine, theirs := boundaryOf(l.box.AccountID()), boundaryOf(partner)
		l.partnered(t)
		err := l.box.AddAccount(sandbox.Account{ID: partner, ServiceControlPolicy: json.RawMessage(policyOf(t, demands(partner)["a boundary"]))})
		if err != nil {
			t.Fatal(err)
		}
		putBoundary(t, l.world.A, `"s3:*"`)
		putBoundary(t, l.world.B, `"s3:*"`)
		l.demand(t, demands(l.box.AccountID())["a boundary"])
		l.agreed()
		l.world.Pair.Options.RoleBoundary = mine
		proposed := l.setUp(t)
		if f := about(proposed, "no permissions boundary is given for the role of account "+partner); f == nil || f.Severity != survey.Blocker {
			t.Errorf("the findings are %+v", proposed.Findings)
		}
		l.wire.reset()
		l.refused(t, proposed)
		l.world.Pair.Options.RoleBoundary = mine + " " + theirs
		applyAny(t, l.setUp(t))
		for side, want := range map[pair.SideName]string{pair.A: mine, pair.B: theirs} {
			for name, role := range l.ownRoles(t, side) {
				if boundaryIn(role) != want {
					t.Errorf("role %s has the boundary %q", name, boundaryIn(role))
				}
			}
		}
	})
}
