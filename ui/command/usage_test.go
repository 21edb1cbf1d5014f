package command_test

import (
	"strings"
	"testing"
)

func TestWrongUsageNamesTheValueAndWhatToDo(t *testing.T) {
	u := newUser(t)
	probe := func(more ...string) []string {
		return append([]string{"probe", "--a", "eu-west-1/bucket-one", "--b", "ap-southeast-1/bucket-two"}, more...)
	}
	for _, c := range []struct {
		args []string
		says []string
	}{
		{[]string{"plan"}, []string{"--a", "REGION/BUCKET"}},
		{[]string{"plan", "--a", "bucket-one", "--b", "ap-southeast-1/bucket-two"}, []string{"bucket-one", "REGION/BUCKET"}},
		{[]string{"plan", "--a", "eu-west-1/Bucket", "--b", "ap-southeast-1/bucket-two"}, []string{`"Bucket"`, "'B'"}},
		{[]string{"plan", "--a", "ireland/bucket-one", "--b", "ap-southeast-1/bucket-two"}, []string{"ireland"}},
		{[]string{"plan", "--a", "eu-west-1/one-bucket", "--b", "eu-west-1/two-bucket"}, []string{"two regions"}},
		{[]string{"plan", "--a", "eu-west-1/one-bucket", "--b", "us-east-1/one-bucket"}, []string{"one-bucket", "itself"}},
		{[]string{"plan", "--a", "eu-west-1/arn:aws:s3:::x", "--b", "us-east-1/two-bucket"}, []string{"ARN"}},
		{probe("--sizes", "8 potatoes"), []string{"8 potatoes"}},
		{probe("--sizes", "-1"), []string{"-1"}},
		{probe("--sizes", "1MiB,1MiB"), []string{"size 1 MiB is named twice", "twice"}},
		{probe("--sizes", "60TiB"), []string{"60TiB"}},
		{probe("--rounds", "-2"), []string{"-2"}},
		{probe("--every", "0s"), []string{"every"}},
		{probe("--every", "soon"), []string{"soon"}},
		{probe("--limit", "-1m"), []string{"limit"}},
		{probe("--target", "soon"), []string{"--target", "soon", "rtc"}},
		{probe("--target", "2m", "--limit", "1m"), []string{"target of 2m", "limit of 1m"}},
		{[]string{"report", "--target", "0s"}, []string{"--target", "0s", "rtc"}},
		{probe("--pace", "frantic"), []string{"frantic", "courteous"}},
		{probe("--sizes", "1MiB,1048576"), []string{"size 1 MiB is named twice", "twice"}},
		{probe("--sizes", "48.9TiB"), []string{"48.9TiB", "48.8 TiB"}},
		{probe("--sizes", "5GiB", "--rounds", "10000"), []string{"USD", "--yes"}},
		{probe("--sizes", "1B", "--rounds", "ten"), []string{"ten"}},
		{probe("--preset", "leisurely"), []string{"leisurely", "courteous", "demo"}},
		{probe("--for", "0s"), []string{"--for"}},
		{probe("--for", "1h", "--rounds", "3"), []string{"--for", "--rounds"}},
		{probe("--for", "1h", "--preset", "demo"), []string{"--for", "demo"}},
		{probe("--max-rate", "0"), []string{"--max-rate", "0"}},
		{probe("--max-rate", "100000"), []string{"100000", "11000"}},
		{probe("--sizes", ""), []string{"--sizes is empty"}},
		{[]string{"plan", "--a=", "--b=", "--profile", ""}, []string{"--a, --b, --profile are empty"}},
		{[]string{"report", ""}, []string{"an argument", "is empty"}},
		{[]string{"audit", "--a", "eu-west-1/bucket-one", "--b", "us-east-1/bucket-two", "--deep", "-5"}, []string{"--deep -5", "100000"}},
		{probe("--metrics", "here"), []string{"--metrics", "here", "9464"}},
		{probe("--endpoint-a", "minio:9000"), []string{"--endpoint-a", "minio:9000", "https://"}},
		{probe("--sandbox", "--endpoint-b", "http://minio:9000"), []string{"--sandbox", "--endpoint-b"}},
		{probe("--progress", "-1s"), []string{"--progress"}},
		{probe("--prefix", "a\nb"), []string{"prefix"}},
		{probe("--json", "--plain"), []string{"json", "plain"}},
		{[]string{"dance"}, []string{"dance"}},
		{[]string{"plan", "extra"}, []string{"extra"}},
		{[]string{"plan", "--frobnicate"}, []string{"--frobnicate"}},
		{[]string{"report", "--format", "pdf"}, []string{"pdf", "markdown"}},
		{[]string{"sandbox", "--time-scale", "0"}, []string{"time-scale"}},
		{[]string{"sandbox", "--listen", "0.0.0.0:9000"}, []string{"0.0.0.0:9000", "loopback"}},
		{[]string{"sandbox", "--time-scale", "abc"}, []string{`--time-scale "abc": give a number, such as`}},
		{[]string{"sandbox", "--time-scale", "1e999"}, []string{"1e999", "out of range"}},
		{[]string{"sandbox", "--time-scale"}, []string{"--time-scale", "no value", "give a number"}},
		{[]string{"sandbox", "--seed", "x"}, []string{`--seed "x": give a whole number of 0 or more`}},
		{[]string{"sandbox", "--seed", "-1"}, []string{`--seed "-1": give a whole number of 0 or more`}},
		{[]string{"sandbox", "--expose=maybe"}, []string{"--expose", "maybe", "true or false"}},
		{[]string{"sandbox", "--users"}, []string{"--users has no value"}},
		{[]string{"sandbox", "--frobnicate"}, []string{"--frobnicate", "bothways sandbox --help"}},
		{[]string{"sandbox", "--listen", "127.0.0.1:99999"}, []string{"--listen", "127.0.0.1:99999", "65535"}},
		{[]string{"sandbox", "--listen", "127.0.0.1:nine"}, []string{"--listen", "nine", "65535"}},
		{[]string{"sandbox", "--listen", "127.0.0.1"}, []string{"--listen", "127.0.0.1:9000"}},
		{probe("--rounds", "99999999999999999999"), []string{"--rounds", "out of range"}},
		{probe("--every", "3"), []string{`--every "3"`, "10s"}},
		{probe("--metrics", ":99999"), []string{"--metrics", ":99999", "65535"}},
		{[]string{"sandbox", "--listen", "here"}, []string{"here", "127.0.0.1"}},
	} {
		r := u.run(t, c.args...)
		if r.code != 2 {
			t.Errorf("%q exits %d, want 2: %s", c.args, r.code, r.stderr)
		}
		if r.stdout != "" {
			t.Errorf("%q writes to standard output: %s", c.args, r.stdout)
		}
		if strings.Contains(r.stderr, "strconv") || strings.Contains(r.stderr, "lookup ") {
			t.Errorf("%q: %q is for programmers", c.args, r.stderr)
		}
		for _, word := range c.says {
			if !strings.Contains(r.stderr, word) {
				t.Errorf("%q: %q does not mention %q", c.args, r.stderr, word)
			}
		}
	}
}

func TestAMissingRunIsNamed(t *testing.T) {
	u := newUser(t)
	if r := u.run(t, "report"); r.code != 1 || !strings.Contains(r.stderr, "no runs") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
	if r := u.run(t, "report", "20200101"); r.code != 1 || !strings.Contains(r.stderr, "20200101") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}

func TestWithoutATerminalTheConsoleSaysWhatToUseInstead(t *testing.T) {
	r := newUser(t).run(t)
	if r.code != 2 || !strings.Contains(r.stderr, "bothways plan") {
		t.Errorf("exit %d: %s", r.code, r.stderr)
	}
}

func TestReportsHelpExplainsTheColumnsOfCSV(t *testing.T) {
	help := newUser(t).run(t, "report", "--help").stdout
	for _, words := range []string{"duration_ms", "bracket_high_ms", "no upper end is known"} {
		if !strings.Contains(strings.Join(strings.Fields(help), " "), words) {
			t.Errorf("no %q in\n%s", words, help)
		}
	}
}

func TestHelpAndVersionAreForEveryone(t *testing.T) {
	u := newUser(t)
	for _, args := range [][]string{{"--help"}, {"probe", "--help"}, {"--version"}, {"completion", "bash"}, {"man"}} {
		if r := u.run(t, args...); r.code != 0 || r.stdout == "" {
			t.Errorf("%s exits %d: %s%s", args, r.code, r.stdout, r.stderr)
		}
	}
}
