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

// A bucket that is there may have a name that no new one gets.
func TestABucketOfBeforeMayHaveANameThatNoNewOneGets(t *testing.T) {
	for text, why := range map[string]string{
		"us-east-1/My_Legacy_Bucket":            "",
		"us-east-1/_-.":                         "",
		"us-east-1/" + strings.Repeat("B", 255): "",
		"us-east-1/" + strings.Repeat("B", 256): "3 to 63",
		"us-east-1/a..b":                        "",
		"us-east-1/Ab":                          "3 to 63",
		"us-east-1/My Bucket":                   "' '",
		"us-east-1/Bücket":                      "'ü'",
		"us-east-1/My/Bucket":                   "'/'",
		"us-east-1/192.168.5.4":                 "IP address",
		"eu-west-1/My_Legacy_Bucket":            "us-east-1 from before March 2018",
		"eu-west-1/" + strings.Repeat("b", 64):  "us-east-1 from before March 2018",
		"eu-west-1/a b":                         "' '",
		"eu-west-1/xn--abc":                     "",
		"eu-west-1/sthree-abc":                  "",
		"eu-west-1/amzn-s3-demo-bucket":         "",
		"eu-west-1/logs-an":                     "",
	} {
		side, err := pair.ParseSide(text)
		switch {
		case (err == nil) != (why == "") || err != nil && !strings.Contains(err.Error(), why):
			t.Errorf("%s: %v, want %q", text, err, why)
		case err == nil && side.CheckNewBucket() == nil:
			t.Errorf("%s is taken for a new bucket", text)
		}
	}
}

func TestWhatIsNoGeneralPurposeBucketIsToldApart(t *testing.T) {
	for text, says := range map[string][]string{
		"us-west-2/name--usw2-az1--x-s3":                                                 {"directory bucket", "give a general purpose bucket"},
		"us-west-2/name--usw2-az1--xa-s3":                                                {"access point of a directory bucket"},
		"us-west-2/arn:aws:s3express:us-west-2:111122223333:bucket/name--usw2-az1--x-s3": {"directory bucket"},
		"us-west-2/my-point-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias":                  {"an access point", "the bucket behind it", "get-access-point"},
		"us-west-2/my-point-hrzrlukc5m36ft7okagglf3gmwluquse1b-ext-s3alias":              {"no bucket behind it"},
		"us-west-2/arn:aws:s3:us-west-2:111122223333:accesspoint/my-point":               {"an access point", "the bucket behind it"},
		"us-west-2/arn:aws:s3:us-west-2:111122223333:accesspoint:my-point":               {"an access point"},
		"arn:aws:s3:us-west-2:111122223333:accesspoint/my-point":                         {"an access point", "the bucket behind it"},
		"us-west-2/myol-abcdefghijklmnopqrstuvwxyz12--ol-s3":                             {"Object Lambda access point", "the bucket behind it"},
		"us-west-2/arn:aws:s3-object-lambda:us-west-2:111122223333:accesspoint/my-ol":    {"Object Lambda access point"},
		"us-west-2/test-e8e6e4f0c5c2f0d4e5b6a7c8d9e0f1a2b3--op-s3":                       {"S3 on Outposts", "general purpose bucket"},
		"us-west-2/arn:aws:s3-outposts:us-west-2:111122223333:outpost/op-1/bucket/b":     {"S3 on Outposts"},
		"us-west-2/63a8e430-6e0b-46f5-k833abtwr6s8tmtsycedn8s4yc3xhuse1b--table-s3":      {"S3 Tables", "general purpose bucket"},
		"us-west-2/arn:aws:s3tables:us-west-2:111122223333:bucket/tables":                {"S3 Tables"},
		"us-west-2/arn:aws:s3vectors:us-west-2:111122223333:bucket/vectors":              {"vector bucket"},
		"us-west-2/mfzwi23gnjvgw.mrap":                                                   {"Multi-Region Access Point", "two of the buckets behind it"},
		"us-west-2/arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap":              {"Multi-Region Access Point"},
		"arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap":                        {"Multi-Region Access Point"},
		"arn:aws-cn:s3:::my-bucket":                                                      {"ARN", "plain name, my-bucket"},
		"eu-west-1/arn:aws:s3:::my-bucket/photos/*":                                      {"ARN", "plain name, my-bucket"},
		"eu-west-1/arn:aws:s3:::":                                                        {"ARN"},
		"arn:aws:s3":                                                                     {"ARN", "not a whole one"},
		"eu-west-1/arn:aws:dynamodb:eu-west-1:111122223333:table/t":                      {"ARN of dynamodb"},
		"s3://my-bucket/photos":                                                          {"address", "eu-west-1/my-bucket"},
		"eu-west-1/s3://my-bucket":                                                       {"address", "eu-west-1/my-bucket"},
		"S3://My_Bucket":                                                                 {"address", "eu-west-1/My_Bucket"},
		"https://my-bucket.s3.eu-west-1.amazonaws.com/":                                  {"address", "eu-west-1/my-bucket"},
		"eu-west-1/https://my-bucket.s3.amazonaws.com":                                   {"address", "eu-west-1/my-bucket"},
		"https://":             {"address"},
		"name--usw2-az1--x-s3": {"directory bucket"},
		"US_East/Name--x-s3":   {"not the name of an AWS region"},
	} {
		_, err := pair.ParseSide(text)
		if err == nil {
			t.Errorf("%s is accepted", text)
			continue
		}
		for _, words := range says {
			if !strings.Contains(err.Error(), words) {
				t.Errorf("%s: %q does not say %q", text, err, words)
			}
		}
		if strings.Contains(err.Error(), "access point") && !strings.Contains(err.Error(), "general purpose buckets only") {
			t.Errorf("%s: %q does not say where S3 replicates", text, err)
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
		if side.CheckBucket() != nil || pair.CheckRegion(side.Region) != nil {
			t.Errorf("%q is accepted and its parts are not", text)
		}
		if side.Region != "us-east-1" && len(side.Bucket) > 63 {
			t.Errorf("%q is accepted and its parts are not", text)
		}
	})
}
