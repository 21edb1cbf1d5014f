package pair_test

import (
	"strings"
	"testing"

	"bothways/aws/pair"
)

func TestBucketNamesFollowS3sRules(t *testing.T) {
	for name, why := range map[string]string{
		"abc":                           "",
		"a.b-c.9":                       "",
		strings.Repeat("a", 63):         "",
		"":                              "missing",
		"ab":                            "3 to 63",
		strings.Repeat("a", 64):         "3 to 63",
		"Upper":                         "'U'",
		"under_score":                   "'_'",
		"ümlaut":                        "'ü'",
		"a b":                           "' '",
		"-abc":                          "start and end",
		"abc-":                          "start and end",
		"abc.":                          "start and end",
		"a..b":                          "two dots",
		"192.168.5.4":                   "IP address",
		"xn--abc":                       "xn--",
		"sthree-abc":                    "sthree-",
		"amzn-s3-demo-bucket":           "amzn-s3-demo-",
		"abc-s3alias":                   "-s3alias",
		"abc--ol-s3":                    "--ol-s3",
		"abc--x-s3":                     "--x-s3",
		"abc.mrap":                      ".mrap",
		"abc--table-s3":                 "--table-s3",
		"arn:aws:s3:::abc":              "ARN",
		"abc\x1b[31m":                   `'\x1b'`,
		strings.Repeat("a\u202e", 2000): "3 to 63",
	} {
		err := pair.CheckBucketName(name)
		switch {
		case why == "" && err != nil:
			t.Errorf("%q is refused: %v", name, err)
		case why != "" && err == nil:
			t.Errorf("%q is accepted, want a refusal about %s", name, why)
		case why != "" && !strings.Contains(err.Error(), why):
			t.Errorf("%q: the refusal %q does not mention %s", name, err, why)
		case err != nil && len(err.Error()) > 400:
			t.Errorf("the refusal of a %d-byte name has %d bytes", len(name), len(err.Error()))
		}
	}
}

func TestAPairThatCannotReplicateIsRefusedByItsNames(t *testing.T) {
	side := func(text string) pair.Side {
		parsed, err := pair.ParseSide(text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for _, c := range []struct{ a, b, why string }{
		{"eu-west-1/one", "ap-southeast-1/two", ""},
		{"us-gov-west-1/one", "us-gov-east-1/two", ""},
		{"eu-west-1/one", "ap-southeast-1/one", "itself"},
		{"eu-west-1/one", "eu-west-1/two", "two regions"},
		{"eu-west-1/one", "cn-north-1/two", "partitions"},
	} {
		err := pair.Pair{A: side(c.a), B: side(c.b)}.Check()
		if (err == nil) != (c.why == "") || err != nil && !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s and %s: %v, want %q", c.a, c.b, err, c.why)
		}
	}
}

func TestMarksAreTheSameAfterSwappingTheSides(t *testing.T) {
	one := pair.Pair{A: pair.Side{Region: "eu-west-1", Bucket: "one"}, B: pair.Side{Region: "ap-southeast-1", Bucket: "two"}}
	swapped := pair.Pair{A: one.B, B: one.A}
	if one.ID() != swapped.ID() {
		t.Errorf("IDs differ: %s and %s", one.ID(), swapped.ID())
	}
	if one.RuleID(pair.AtoB) != swapped.RuleID(pair.BtoA) {
		t.Errorf("rule IDs differ: %s and %s", one.RuleID(pair.AtoB), swapped.RuleID(pair.BtoA))
	}
	other := pair.Pair{A: one.A, B: pair.Side{Region: "ap-southeast-1", Bucket: "three"}}
	if one.ID() == other.ID() {
		t.Error("two pairs share an ID")
	}
}

func TestRoleNamesFitIAM(t *testing.T) {
	longest := pair.Pair{A: pair.Side{Region: "ap-northeast-3", Bucket: "one"}, B: pair.Side{Region: "ap-southeast-7", Bucket: "two"}}
	for _, d := range pair.Directions() {
		if name := longest.RoleName(d); len(name) > 64 {
			t.Errorf("role name %s has %d characters, IAM allows 64", name, len(name))
		}
	}
}

func FuzzParseSide(f *testing.F) {
	f.Add("eu-west-1/bucket")
	f.Add("eu-west-1/")
	f.Add("//")
	f.Fuzz(func(t *testing.T, text string) {
		side, err := pair.ParseSide(text)
		if err != nil {
			return
		}
		if side.String() != text {
			t.Errorf("%q is read as %q", text, side)
		}
		if pair.CheckBucketName(side.Bucket) != nil || pair.CheckRegion(side.Region) != nil {
			t.Errorf("%q is accepted and its parts are not", text)
		}
	})
}
