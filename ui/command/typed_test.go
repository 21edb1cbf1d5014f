package command_test

import (
	"strings"
	"testing"
)

func TestNamesAreTakenInAnyCase(t *testing.T) {
	u := newUser(t)
	if r := u.run(t, "export", "--sandbox", "--format", "POLICY"); r.code != 0 || !strings.Contains(r.stdout, "Statement") {
		t.Errorf("it exits %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := u.run(t, "export", "--sandbox", "--format", "polizy"); r.code != 2 || !strings.Contains(r.stderr, "polizy") {
		t.Errorf("it exits %d: %s", r.code, r.stderr)
	}
}

func TestAMistypedCommandIsToldTheOneThatIsNear(t *testing.T) {
	u := newUser(t)
	for typed, meant := range map[string]string{"prob": "probe", "aply": "apply", "drill undoo": "undo"} {
		if r := u.run(t, strings.Fields(typed)...); r.code != 2 || !strings.Contains(r.stderr, "is "+meant+" meant?") {
			t.Errorf("%s exits %d: %s", typed, r.code, r.stderr)
		}
	}
}

func TestAShellIsOfferedWhatThereIs(t *testing.T) {
	u := newUser(t)
	for _, c := range []struct {
		typed []string
		offer string
	}{
		{[]string{"plan", "--a", "eu-w"}, "eu-west-1/"},
		{[]string{"probe", "--pace", ""}, "courteous"},
		{[]string{"probe", "--sizes", "0,12"}, "0,128KiB"},
		{[]string{"drill", "--kind", ""}, "pause"},
		{[]string{"report", "--format", ""}, "markdown"},
		{[]string{"pro"}, "probe"},
	} {
		if r := u.run(t, append([]string{"__complete"}, c.typed...)...); r.code != 0 || !strings.Contains(r.stdout, c.offer) {
			t.Errorf("%q: exits %d and offers %s%s", c.typed, r.code, r.stdout, r.stderr)
		}
	}
}
