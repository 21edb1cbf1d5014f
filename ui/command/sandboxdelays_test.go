package command_test

import (
	"os"
	"strings"
	"testing"

	"bothways/aws/sandbox/delays"
)

// Nobody may take the law for one of AWS's: a run says at its start that it is made
// up, and so does each of its reports.
func TestTheLawOfDelaysIsSaidWithWhatWasMeasured(t *testing.T) {
	u := newUser(t)
	for flag, law := range map[string]string{"": "bursty:on=20s,off=1m40s,factor=1.5", "ticks:every=3s": "ticks:every=3s"} {
		args := []string{"probe", "--sandbox", "--time-scale", "100", "--sizes", "1KiB", "--rounds", "1", "--every", "1s"}
		if flag != "" {
			args = append(args, "--delays", flag)
		}
		if r := u.run(t, args...); r.code != 0 || !strings.Contains(r.stderr, "made-up law, "+law+".") {
			t.Fatalf("%s exits %d: %s", args, r.code, r.stderr)
		}
		for _, format := range []string{"json", "csv", "markdown", "html"} {
			r := u.run(t, "report", "--format", format)
			if r.code != 0 || !strings.Contains(strings.ReplaceAll(r.stdout, "&#39;", "'"), "follow a made-up law, "+law) {
				t.Errorf("%s of a run with %s exits %d and does not name the law: %.2000s", format, law, r.code, r.stdout)
			}
		}
	}
}

func TestTheLawsOfDelaysAreCompletedAndExplained(t *testing.T) {
	page, err := os.ReadFile("../../docs/sandbox.md")
	if err != nil {
		t.Fatal(err)
	}
	u := newUser(t)
	help := u.run(t, "sandbox", "--help").stdout
	for _, law := range delays.Choices() {
		for _, command := range []string{"sandbox", "probe", "plan"} {
			if offered := u.run(t, "__complete", command, "--delays", "").stdout; !strings.Contains(offered, law.Text+"\t"+law.Meaning) {
				t.Errorf("%s --delays offers no %s: %s", command, law.Text, offered)
			}
		}
		if !strings.Contains(help, law.Text) {
			t.Errorf("the help does not explain %s: %s", law.Text, help)
		}
		if !strings.Contains(string(page), "`"+law.Text+"`") {
			t.Errorf("the page on the sandbox does not explain %s", law.Text)
		}
	}
}
