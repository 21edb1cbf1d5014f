package pair_test

import (
	"strings"
	"testing"

	"bothways/aws/pair"
)

func roled(change func(*pair.Options)) pair.Pair {
	p := pair.Pair{
		A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "two"},
		Options: pair.DefaultOptions(),
	}
	change(&p.Options)
	return p
}

func TestWhatIsAskedOfRolesIsWhatIAMTakes(t *testing.T) {
	const policy = "arn:aws:iam::111122223333:policy/"
	for name, c := range map[string]struct {
		set func(*pair.Options)
		why string
	}{
		"a boundary":                         {func(o *pair.Options) { o.RoleBoundary = policy + "limit" }, ""},
		"a boundary with a path":             {func(o *pair.Options) { o.RoleBoundary = policy + "org/all/limit" }, ""},
		"a boundary of AWS":                  {func(o *pair.Options) { o.RoleBoundary = "arn:aws:iam::aws:policy/PowerUserAccess" }, ""},
		"one of each account":                {func(o *pair.Options) { o.RoleBoundary = policy + "a arn:aws:iam::444455556666:policy/a" }, ""},
		"two of one account":                 {func(o *pair.Options) { o.RoleBoundary = policy + "a " + policy + "b" }, "one boundary"},
		"a boundary by its name":             {func(o *pair.Options) { o.RoleBoundary = "limit" }, `"limit" is not the ARN`},
		"a role for a boundary":              {func(o *pair.Options) { o.RoleBoundary = "arn:aws:iam::111122223333:role/limit" }, "role/limit"},
		"a boundary without a name":          {func(o *pair.Options) { o.RoleBoundary = policy + "org/" }, "not the ARN"},
		"a boundary of another partition":    {func(o *pair.Options) { o.RoleBoundary = "arn:aws-cn:iam::111122223333:policy/limit" }, "aws-cn"},
		"a path":                             {func(o *pair.Options) { o.RolePath = "/team/a.b+c/" }, ""},
		"the root":                           {func(o *pair.Options) { o.RolePath = "/" }, ""},
		"a path without its beginning":       {func(o *pair.Options) { o.RolePath = "team/" }, `"team/" must begin and end with /`},
		"a path without its end":             {func(o *pair.Options) { o.RolePath = "/team" }, `"/team" must begin and end with /`},
		"a path with a space":                {func(o *pair.Options) { o.RolePath = "/my team/" }, "' '"},
		"a path with another alphabet":       {func(o *pair.Options) { o.RolePath = "/équipe/" }, "'é'"},
		"the longest path":                   {func(o *pair.Options) { o.RolePath = "/" + strings.Repeat("p", 510) + "/" }, ""},
		"a path that is too long":            {func(o *pair.Options) { o.RolePath = "/" + strings.Repeat("p", 511) + "/" }, "513 characters: IAM allows 512"},
		"a prefix":                           {func(o *pair.Options) { o.RolePrefix = "Acme_1+=,.@-" }, ""},
		"a prefix with a slash":              {func(o *pair.Options) { o.RolePrefix = "acme/" }, "'/'"},
		"a prefix with a space":              {func(o *pair.Options) { o.RolePrefix = "acme " }, "' '"},
		"the longest prefix of both names":   {func(o *pair.Options) { o.RolePrefix = strings.Repeat("p", 34) }, ""},
		"a prefix that leaves too few of 64": {func(o *pair.Options) { o.RolePrefix = strings.Repeat("p", 35) }, "35 characters, at most 34"},
	} {
		if err := roled(c.set).Check(); (err == nil) != (c.why == "") || err != nil && !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v, want %q", name, err, c.why)
		}
	}
}

// However long the prefix is, the name fits IAM, begins with it, is known for
// the direction's, and is neither the other direction's nor another pair's.
func TestARoleNameWithAPrefixIsStillOneDirectionsOfOnePair(t *testing.T) {
	for length := range 35 {
		prefix := strings.Repeat("p", length)
		p := roled(func(o *pair.Options) { o.RolePrefix = prefix })
		swapped := pair.Pair{A: p.B, B: p.A, Options: p.Options}
		other := p
		other.B.Bucket = "three"
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		for _, d := range pair.Directions() {
			name := p.RoleName(d)
			if len(name) > 64 || !strings.HasPrefix(name, prefix) || name != swapped.RoleName(d.Reverse()) {
				t.Errorf("%s with %d: %s, swapped %s", d, length, name, swapped.RoleName(d.Reverse()))
			}
			if !p.NamesRole(d, name) || p.NamesRole(d.Reverse(), name) || other.NamesRole(d, name) || strings.EqualFold(name, p.RoleName(d.Reverse())) {
				t.Errorf("%s is not told apart", name)
			}
		}
	}
}

func TestRolesThatNothingIsAskedOfAreCalledAsEver(t *testing.T) {
	p := roled(func(*pair.Options) {})
	for d, name := range map[pair.Direction]string{
		pair.AtoB: "bothways-" + p.ID() + "-eu-west-1-to-ap-southeast-1", pair.BtoA: "bothways-" + p.ID() + "-ap-southeast-1-to-eu-west-1",
	} {
		if p.RoleName(d) != name || p.RolePath() != "/bothways/" || p.ID() != "eedg2e" {
			t.Errorf("%s%s", p.RolePath(), p.RoleName(d))
		}
	}
}

func TestARolesBoundaryIsOneOfItsAccountOrOfAWS(t *testing.T) {
	const one, two, ofAWS = "arn:aws:iam::111122223333:policy/a", "arn:aws:iam::444455556666:policy/b", "arn:aws:iam::aws:policy/c"
	for _, c := range []struct{ asked, account, want string }{
		{"", "111122223333", ""},
		{one, "111122223333", one},
		{one, "444455556666", ""},
		{one + "  " + two, "444455556666", two},
		{ofAWS, "444455556666", ofAWS},
	} {
		if got := roled(func(o *pair.Options) { o.RoleBoundary = c.asked }).Boundary(c.account); got != c.want {
			t.Errorf("%q for %s is %q", c.asked, c.account, got)
		}
	}
}
