package change

import (
	"testing"

	"bothways/aws/pair"
)

func TestTheDestroyCommandIsQuotedForAShell(t *testing.T) {
	p := pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "us-east-1", Bucket: "two"}}
	p.Options.Prefix, p.Options.RolePrefix, p.Given.RoleBtoA = "holiday photos/it's $HOME", "team-", "arn:aws:iam::1:role/r"
	got := destroyCommand(p, "my profile; ls", "my profile; ls", true)
	want := "bothways destroy --a eu-west-1/one --b us-east-1/two" +
		` --prefix 'holiday photos/it'\''s $HOME' --role-b-to-a arn:aws:iam::1:role/r --role-prefix team- --profile 'my profile; ls' --buckets --yes`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
